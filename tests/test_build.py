"""The article's line: what is encoded again, what is gone, what is said of it, and when nothing is published."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from qabot import store
from qabot.build import Built, build
from qabot.chunking import Chunking, SentenceSplitter
from qabot.errors import ArticleError
from qabot.records import Article, Section, Vectors
from tests.conftest import LetterEncoder

SMALL = Chunking(min_words=4, max_words=8, overlap_sentences=0)


class CountingEncoder(LetterEncoder):
    """Keeps every text that it is asked to encode."""

    def __init__(self, weights_sha256: str = "0" * 64) -> None:
        self.texts: list[str] = []
        self.weights_sha256 = weights_sha256

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None, asked: bool = False) -> Vectors:
        """As LetterEncoder."""
        self.texts += texts
        return super().encode(texts, progress, asked)


def _article(name: str, text: str, sha256: str = "") -> Article:
    return Article(name, name, text, (Section((), 0, len(text)),), sha256 or str(hash(text)))


ONE = _article("one.md", "The mill was built by Anna. The river moved it daily. The brewer sold it soon.")
TWO = _article("two.md", "The miners met in March. They sang until it was late.")


def _build(folder: Path, shelf: list[Article], encoder: CountingEncoder, full: bool = False, dry_run: bool = False) -> Built:
    return build(shelf, folder, SentenceSplitter(lambda text: len(text.split()), SMALL), encoder, SMALL, full=full, dry_run=dry_run)


def test_the_first_build_encodes_everything(tmp_path: Path) -> None:
    """All articles are new."""
    encoder = CountingEncoder()
    changes = _build(tmp_path, [ONE, TWO], encoder).changes
    assert (changes.added, changes.encoded, changes.kept, len(encoder.texts)) == (("one.md", "two.md"), 5, 0, 5)


def test_one_changed_sentence_is_one_encoded_text(tmp_path: Path) -> None:
    """The changed passage alone is encoded; the index equals one that is built from nothing."""
    _build(tmp_path / "i", [ONE, TWO], CountingEncoder())
    shelf = [_article("one.md", ONE.text.replace("daily", "again")), TWO]
    encoder = CountingEncoder()
    built = _build(tmp_path / "i", shelf, encoder)
    assert encoder.texts == ["one.md\nThe river moved it again."]
    assert (built.changes.changed, built.changes.unchanged, built.changes.encoded, built.changes.kept) == (("one.md",), ("two.md",), 1, 4)
    _build(tmp_path / "fresh", shelf, CountingEncoder())
    found, fresh = store.load(tmp_path / "i"), store.load(tmp_path / "fresh")
    assert found.passages == fresh.passages
    assert found.manifest.files == fresh.manifest.files


def test_a_full_build_forgets_old_cuts(tmp_path: Path) -> None:
    """What many edits leave is what they leave; `full` cuts and encodes as if nothing had been there."""
    _build(tmp_path / "i", [ONE, TWO], CountingEncoder())
    shelf = [_article("one.md", ONE.text.replace("The mill was built by Anna.", "Anna.")), TWO]
    _build(tmp_path / "i", shelf, CountingEncoder(), full=True)
    _build(tmp_path / "fresh", shelf, CountingEncoder())
    assert store.load(tmp_path / "i").manifest.files == store.load(tmp_path / "fresh").manifest.files


def test_a_deleted_article_is_gone(tmp_path: Path) -> None:
    """No passage, vector or word of it stays, and nothing is encoded for it."""
    _build(tmp_path, [ONE, TWO], CountingEncoder())
    encoder = CountingEncoder()
    changes = _build(tmp_path, [TWO], encoder).changes
    assert (changes.removed, changes.unchanged, encoder.texts) == (("one.md",), ("two.md",), [])
    index = store.load(tmp_path)
    assert {passage.article for passage in index.passages} == {"two.md"}
    assert index.words.search("mill brewer", 5) == []
    assert len(index.vectors.vectors()) == 2


def test_nothing_new_publishes_nothing(tmp_path: Path) -> None:
    """The live generation stays, so that who watches it need not load again; a damaged one is replaced."""
    first = _build(tmp_path, [ONE, TWO], CountingEncoder()).manifest
    encoder = CountingEncoder()
    assert first is not None
    assert _build(tmp_path, [ONE, TWO], encoder).manifest == first
    assert encoder.texts == []
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == [first.generation]
    (tmp_path / first.generation / "vectors.npy").write_bytes(b"")
    built = _build(tmp_path, [ONE, TWO], encoder)
    assert built.manifest is not None
    assert built.manifest.generation != first.generation
    assert "corrupt (vectors.npy" in (built.changes.note or "")
    assert len(encoder.texts) == 5
    store.load(tmp_path)


def test_a_moved_article_keeps_its_vectors(tmp_path: Path) -> None:
    """Added and removed by name, but what is encoded has not changed where the title has not."""
    _build(tmp_path, [ONE], CountingEncoder())
    encoder = CountingEncoder()
    moved = Article("other.md", ONE.title, ONE.text, ONE.sections, ONE.sha256)
    changes = _build(tmp_path, [moved], encoder).changes
    assert (changes.added, changes.removed, changes.kept, encoder.texts) == (("other.md",), ("one.md",), 3, [])


def test_another_encoder_or_full_keeps_nothing(tmp_path: Path) -> None:
    """Vectors of different models are never mixed; `full` asks for all of them again."""
    _build(tmp_path, [ONE], CountingEncoder())
    for encoder, full in ((CountingEncoder("1" * 64), False), (CountingEncoder("1" * 64), True)):
        assert _build(tmp_path, [ONE], encoder, full=full).changes.encoded == 3
        assert len(encoder.texts) == 3


def test_a_dry_run_writes_and_encodes_nothing(tmp_path: Path) -> None:
    """It says what a build would do; not even the folder is made."""
    encoder = CountingEncoder()
    built = _build(tmp_path / "i", [ONE, TWO], encoder, dry_run=True)
    assert (built.manifest, built.changes.encoded, encoder.texts) == (None, 5, [])
    assert not (tmp_path / "i").exists()


def test_equal_passages_are_encoded_once(tmp_path: Path) -> None:
    """The same text under the same title in two files has one vector, twice."""
    encoder = CountingEncoder()
    twin = Article("twin.md", ONE.title, ONE.text, ONE.sections, "x")
    assert _build(tmp_path, [ONE, twin], encoder).changes.encoded == len(encoder.texts) == 3
    vectors = store.load(tmp_path).vectors.vectors()
    assert np.array_equal(vectors[:3], vectors[3:])


def test_no_prose_is_refused(tmp_path: Path) -> None:
    """An article without a sentence: named, and no index made."""
    with pytest.raises(ArticleError, match=r"no prose in empty\.md"):
        _build(tmp_path / "i", [Article("empty.md", "T", "", (), "")], CountingEncoder())
    assert not (tmp_path / "i").exists()
