"""The two indexes: exact results, and what they wrote is what they read."""

from pathlib import Path

import numpy as np
import pytest

from qabot.errors import IndexFolderError
from qabot.faiss_index import FaissIndex
from qabot.keyword_index import Bm25Index
from tests.conftest import LetterEncoder

TEXTS = ["Miners strike in La Paz", "The president went to Buenos Aires", "Teachers and miners met", "Lech\u00edn led the union"]


def test_nearest_vectors_are_exact_cosines() -> None:
    """The same text has cosine 1 and comes first; scores equal the matrix product."""
    vectors = LetterEncoder().encode(TEXTS)
    found = FaissIndex.from_vectors(vectors).search(vectors[1:2], 10)[0]
    assert found[0][0] == 1
    expected = vectors @ vectors[1]
    assert [position for position, _ in found] == np.argsort(-expected).tolist()
    assert [score for _, score in found] == pytest.approx(np.sort(expected)[::-1].tolist())


def test_vectors_survive_the_disk(tmp_path: Path) -> None:
    """Saved and loaded vectors are the same bits."""
    vectors = LetterEncoder().encode(TEXTS)
    FaissIndex.from_vectors(vectors).save(tmp_path / "v")
    assert np.array_equal(FaissIndex.load(tmp_path / "v").vectors(), vectors)


def test_a_foreign_file_is_refused(tmp_path: Path) -> None:
    """A file that is no index is named, with the fix."""
    (tmp_path / "v").write_bytes(b"not an index at all")
    with pytest.raises(IndexFolderError, match="qabot build"):
        FaissIndex.load(tmp_path / "v")


@pytest.mark.parametrize(
    ("question", "expected"), [("mining", []), ("miner", [0, 2]), ("LECHIN's unions", [3]), ("zebra", []), ("", []), ("?!", [])]
)
def test_words_match_stemmed_and_without_accents(question: str, expected: list[int]) -> None:
    """Only texts with a word in common are found; shorter texts first."""
    assert sorted(i for i, _ in Bm25Index.from_texts(TEXTS).search(question, 10)) == expected


def test_rare_words_weigh_more() -> None:
    """ "union" stands in one text, "the" in two: the text with the rare word is first, by BM25's formula."""
    (first, score), *_ = Bm25Index.from_texts(TEXTS).search("the union", 10)
    assert first == 3
    assert score > 0


def test_words_survive_the_disk(tmp_path: Path) -> None:
    """Scores after loading are the same, and no pickle is written."""
    index = Bm25Index.from_texts(TEXTS)
    index.save(tmp_path)
    assert Bm25Index.load(tmp_path).search("miners of the union", 10) == index.search("miners of the union", 10)
    assert not list(tmp_path.rglob("*.pkl"))


def test_same_texts_same_files(tmp_path: Path) -> None:
    """The index's files are a function of the texts alone."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        Bm25Index.from_texts(TEXTS).save(tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert files
    assert all((tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes() for name in files)


def test_texts_without_words() -> None:
    """A shelf of punctuation can be indexed and finds nothing."""
    assert Bm25Index.from_texts(["...", "!!!"]).search("anything", 5) == []
