"""The index folder: what is written is read, and whatever is wrong is named with the fix."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from qabot import store
from qabot.errors import IndexFolderError
from qabot.faiss_index import FaissIndex
from qabot.keyword_index import Bm25Index
from qabot.records import Article, Passage
from tests.conftest import LetterEncoder, article, passage


def _publish(folder: Path, texts: list[str], shelf: list[Article] | None = None) -> store.Manifest:
    passages: list[Passage] = [passage(text, number) for number, text in enumerate(texts)]
    vectors = FaissIndex.from_vectors(LetterEncoder().encode(texts))
    return store.publish(
        folder, shelf or [article(" ".join(texts))], passages, vectors, Bm25Index.from_texts(texts), "letters", "0" * 64, {}
    )


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """Passages, vectors and words come back as they were, line separators in a text too."""
    texts = ["miners strike", "a\u2028b\x85c\nd \u00e9\U0001f600"]
    _publish(tmp_path / "i", texts)
    index = store.load(tmp_path / "i")
    assert [p.text for p in index.passages] == texts
    assert np.array_equal(index.vectors.vectors(), LetterEncoder().encode(texts))
    assert [i for i, _ in index.words.search("strikes", 5)] == [0]


def test_a_second_build_replaces_the_first(tmp_path: Path) -> None:
    """One generation stays."""
    first, second = _publish(tmp_path, ["old words"]), _publish(tmp_path, ["new words"])
    assert store.load(tmp_path).passages[0].text == "new words"
    assert first.generation != second.generation
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == [second.generation]


@pytest.mark.parametrize("stop", ["_write", "_checksums", "_write_synced"])
def test_a_build_that_dies_leaves_the_old_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: str) -> None:
    """Whatever step the build dies in, the old index answers, and the next build succeeds."""
    _publish(tmp_path, ["old words"])

    def die(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(store, stop, die)
        with pytest.raises(IndexFolderError, match=r"No space left on device.*unchanged"):
            _publish(tmp_path, ["new words"])
    assert store.load(tmp_path).passages[0].text == "old words"
    _publish(tmp_path, ["new words"])
    assert store.load(tmp_path).passages[0].text == "new words"


def _truncate(folder: Path, manifest: store.Manifest) -> None:
    (folder / manifest.generation / "vectors.faiss").write_bytes(b"IxFI")


def _flip(folder: Path, manifest: store.Manifest) -> None:
    path = folder / manifest.generation / "passages.jsonl"
    data = bytearray(path.read_bytes())
    data[20] ^= 1
    path.write_bytes(bytes(data))


def _drop(folder: Path, manifest: store.Manifest) -> None:
    next((folder / manifest.generation / "words").iterdir()).unlink()


def _no_manifest(folder: Path, _: store.Manifest) -> None:
    (folder / "manifest.json").unlink()


def _no_generation(folder: Path, manifest: store.Manifest) -> None:
    (folder / manifest.generation).rename(folder / "elsewhere")


def _garbled(folder: Path, _: store.Manifest) -> None:
    (folder / "manifest.json").write_text("{")


def _other_format(folder: Path, _: store.Manifest) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 99}))


def _outside(folder: Path, _: store.Manifest) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"generation": "../../etc"}))


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        (_truncate, "corrupt .vectors.faiss"),
        (_flip, "corrupt .passages.jsonl"),
        (_drop, "not complete .words/"),
        (_no_manifest, "not complete .no manifest"),
        (_no_generation, "not complete"),
        (_garbled, "corrupt"),
        (_other_format, "format 99"),
        (_outside, "not complete"),
    ],
)
def test_harm_is_named(tmp_path: Path, harm: Callable[[Path, store.Manifest], None], message: str) -> None:
    """Each kind of harm is one line that says what is wrong and how to mend it."""
    harm(tmp_path, _publish(tmp_path, ["some words"]))
    with pytest.raises(IndexFolderError, match=message) as caught:
        store.load(tmp_path)
    assert "qabot build" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_index_is_named(tmp_path: Path) -> None:
    """The message has the command that makes it."""
    with pytest.raises(IndexFolderError, match="does not exist: run `qabot build"):
        store.load(tmp_path / "none")


def test_changed_articles_are_noticed(tmp_path: Path) -> None:
    """An article is the same, changed, or gone; its place is kept relative to the index."""
    import hashlib

    path = tmp_path / "a.md"
    path.write_text("miners strike")
    shelf = [Article(str(path), "T", "miners strike", (), hashlib.sha256(path.read_bytes()).hexdigest())]
    manifest = _publish(tmp_path / "i", ["miners strike"], shelf)
    assert manifest.articles[0]["location"] == "../a.md"
    assert store.changed_articles(tmp_path / "i", manifest) == []
    path.write_text("miners sing")
    assert "has changed" in store.changed_articles(tmp_path / "i", manifest)[0]
    path.unlink()
    assert "cannot be read" in store.changed_articles(tmp_path / "i", manifest)[0]
