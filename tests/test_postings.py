"""bm25s is the reference: what is read and searched without it must be what it would have said."""

from pathlib import Path

import bm25s
import numpy as np
import pytest

from qabot.keyword_index import Bm25Index
from qabot.postings import Postings

_TEXTS = ["the mines of Oruro", "a general and his mines, mines, mines", "nothing of that", "oil for Oruro and La Paz"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A saved index."""
    Bm25Index.from_texts(_TEXTS).save(tmp_path)
    return tmp_path


def test_bm25s_reads_the_files_and_gives_the_same_scores(folder: Path) -> None:
    """To the last bit, also where a word is asked twice or unknown."""
    theirs, ours = bm25s.BM25.load(folder, mmap=False, allow_pickle=False), Postings.load(folder)
    for words in (["mine"], ["oruro", "mine", "oil"], ["oruro", "oruro"], ["general", "unheard"]):
        np.testing.assert_array_equal(ours.sums(words), theirs.get_scores([word for word in words if word in theirs.vocab_dict]))


def test_saved_again_it_is_the_same(folder: Path, tmp_path: Path) -> None:
    """Byte by byte."""
    again = tmp_path / "again"
    again.mkdir()
    Postings.load(folder).save(again)
    assert {path.name: path.read_bytes() for path in again.iterdir()} == {
        path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()
    }


def test_words_that_no_text_has_give_nothing(folder: Path) -> None:
    """Zero for every text."""
    assert Postings.load(folder).sums(["unheard"]).tolist() == [0, 0, 0, 0]


def test_an_index_that_points_outside_is_not_whole(folder: Path) -> None:
    """Texts, starts and words beyond the arrays are noticed."""
    postings = Postings.load(folder)
    assert postings.whole()
    for name in ("texts", "starts"):
        broken = getattr(postings, name).copy()
        broken[-1] += 1000
        parts = {"scores": postings.scores, "texts": postings.texts, "starts": postings.starts} | {name: broken}
        assert not Postings(**parts, vocabulary=postings.vocabulary, settings=postings.settings).whole()
    assert not Postings(postings.scores, postings.texts, postings.starts, {"mine": 10_000}, postings.settings).whole()
