"""The index folder: what is written is read, and whatever is wrong is named with the fix."""

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qabot import generation, store
from qabot import manifest as manifests
from qabot.errors import IndexFolderError
from qabot.faiss_index import FaissIndex
from qabot.keyword_index import Bm25Index
from qabot.records import Article, Passage
from qabot.rollback import rollback
from tests.conftest import ROOT, LetterEncoder, article, passage


def _publish(folder: Path, texts: list[str], shelf: list[Article] | None = None, keep: int = store.KEEP) -> store.Manifest:
    passages: list[Passage] = [passage(text, number) for number, text in enumerate(texts)]
    vectors = FaissIndex.from_vectors(LetterEncoder().encode(texts))
    return store.publish(
        folder, shelf or [article(" ".join(texts))], passages, vectors, Bm25Index.from_texts(texts), "letters", "0" * 64, {}, keep
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
    """The new words answer; both generations are kept, newest first, and the new one knows what it replaced."""
    first, second = _publish(tmp_path, ["old words"]), _publish(tmp_path, ["new words"])
    assert store.load(tmp_path).passages[0].text == "new words"
    assert first.generation != second.generation
    assert [kept.generation for kept in store.generations(tmp_path)] == [second.generation, first.generation]
    assert (second.previous, second.number, first.previous, first.number) == (first.generation, 2, None, 1)


def test_a_reader_keeps_what_it_opened(tmp_path: Path) -> None:
    """An index that was loaded answers as before when builds have swept its files away."""
    _publish(tmp_path, ["old words"])
    opened = store.load(tmp_path)
    _publish(tmp_path, ["new song"], keep=1)
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == [store.read_manifest(tmp_path).generation]
    assert opened.words.search("words", 1)[0][0] == 0
    assert np.array_equal(opened.vectors.vectors(), LetterEncoder().encode(["old words"]))


def _live_text(folder: Path) -> str:
    return store.load(folder).passages[0].text


def test_rollback_goes_back_and_forth(tmp_path: Path) -> None:
    """Back to what the live one replaced, each time; to any kept one by name; a build after it goes back to where it stood."""
    one, _, three = (_publish(tmp_path, [text]) for text in ("one", "two", "three"))
    assert rollback(tmp_path).number == 2
    assert _live_text(tmp_path) == "two"
    rollback(tmp_path)
    assert _live_text(tmp_path) == "one"
    with pytest.raises(IndexFolderError, match=r"no earlier generation; kept: .*qabot build"):
        rollback(tmp_path)
    rollback(tmp_path, three.generation)
    assert _live_text(tmp_path) == "three"
    rollback(tmp_path, one.generation)
    four = _publish(tmp_path, ["four"])
    assert (four.number, four.previous) == (4, one.generation)
    assert {kept.number for kept in store.generations(tmp_path)} == {4, 1, 3}
    rollback(tmp_path)
    assert _live_text(tmp_path) == "one"


def test_rollback_to_what_is_not_sound_is_refused(tmp_path: Path) -> None:
    """An unknown name, and a generation that is damaged: one line, and the live one stays."""
    first, _ = _publish(tmp_path, ["one"]), _publish(tmp_path, ["two"])
    (tmp_path / first.generation / "vectors.npy").write_bytes(b"")
    with pytest.raises(IndexFolderError, match=r"corrupt .vectors\.npy"):
        rollback(tmp_path)
    with pytest.raises(IndexFolderError, match=r"no generation '\.\./x'"):
        rollback(tmp_path, "../x")
    with pytest.raises(IndexFolderError, match="does not exist"):
        rollback(tmp_path / "none")
    assert _live_text(tmp_path) == "two"


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]"])
def test_rollback_mends_a_lost_manifest(tmp_path: Path, content: bytes | None) -> None:
    """Where no manifest can be read, the newest generation that is sound becomes the live one."""
    _publish(tmp_path, ["one"])
    newest = _publish(tmp_path, ["two"])
    (tmp_path / newest.generation / "passages.jsonl").write_bytes(b"")
    path = tmp_path / "manifest.json"
    path.unlink() if content is None else path.write_bytes(content)
    rollback(tmp_path)
    assert _live_text(tmp_path) == "one"


@pytest.mark.parametrize(("module", "stop"), [(generation, "write"), (generation, "checksums"), (generation, "sync"), (store, "switch")])
def test_a_build_that_fails_leaves_the_old_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: object, stop: str) -> None:
    """Whatever step the disk refuses, the old index answers, nothing half-written stays, and the next build succeeds."""
    old = _publish(tmp_path, ["old words"])

    def die(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(module, stop, die)
        with pytest.raises(IndexFolderError, match=r"No space left on device.*unchanged"):
            _publish(tmp_path, ["new words"])
    assert store.load(tmp_path).passages[0].text == "old words"
    assert not list(tmp_path.glob(".new-*"))
    _publish(tmp_path, ["new words"])
    assert store.load(tmp_path).passages[0].text == "new words"
    assert rollback(tmp_path) == old


def test_what_a_killed_build_left_is_swept(tmp_path: Path) -> None:
    """Half-written folders and manifests go with the next build; other files in the folder are not touched."""
    (tmp_path / ".new-abc").mkdir()
    (tmp_path / ".new-abc" / "passages.jsonl").write_text("{")
    (tmp_path / ".new-manifest.json").write_text("{")
    (tmp_path / "notes.txt").write_text("mine")
    manifest = _publish(tmp_path, ["words"])
    assert {path.name for path in tmp_path.iterdir()} == {".lock", "manifest.json", "notes.txt", manifest.generation}


def test_a_second_build_is_refused_while_one_runs(tmp_path: Path) -> None:
    """Another process that holds the lock: one line; when it is killed, the lock is free."""
    code = "import sys, time, pathlib; from qabot import store\nwith store.writing(pathlib.Path(sys.argv[1])): print(flush=True); input()"
    command = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            process.stdout.readline()
            with pytest.raises(IndexFolderError, match=r"another build is writing .*wait"):
                _publish(tmp_path, ["words"])
        finally:
            process.kill()
    _publish(tmp_path, ["words"])
    assert _live_text(tmp_path) == "words"


def test_the_lock_may_be_nested_and_is_let_go(tmp_path: Path) -> None:
    """A build holds it around `publish`, which takes it too; another thread is refused meanwhile, and not after."""
    refused: list[str] = []

    def try_it() -> None:
        try:
            with store.writing(tmp_path):
                refused.append("no")
        except IndexFolderError:
            refused.append("yes")

    with store.writing(tmp_path), store.writing(tmp_path):
        _in_a_thread(try_it)
    _in_a_thread(try_it)
    assert refused == ["yes", "no"]


def _in_a_thread(work: Callable[[], None]) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def _truncate(folder: Path, manifest: store.Manifest) -> None:
    (folder / manifest.generation / "vectors.npy").write_bytes(b"\x93NUMPY")


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


def _nested(folder: Path, _: store.Manifest) -> None:
    (folder / "manifest.json").write_text("[" * 100_000)


def _edit(folder: Path, **fields: object) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))


def _other_format(folder: Path, _: store.Manifest) -> None:
    _edit(folder, format=99)


def _outside(folder: Path, _: store.Manifest) -> None:
    _edit(folder, generation="../../etc")


def _other_encoder(folder: Path, _: store.Manifest) -> None:
    _edit(folder, encoder="another")


def _swapped(folder: Path, manifest: store.Manifest) -> None:
    """The vectors of another index, whole and of the same shape."""
    other = _publish(folder / "other", ["swap words"])
    shutil.move(folder / "other" / other.generation / "vectors.npy", folder / manifest.generation / "vectors.npy")


def _foreign(folder: Path, manifest: store.Manifest) -> None:
    (folder / manifest.generation / "words" / "corpus.jsonl").write_text("{}")


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        (_truncate, "corrupt .vectors.npy"),
        (_flip, "corrupt .passages.jsonl"),
        (_drop, "not complete .words/"),
        (_no_manifest, "not complete .no manifest"),
        (_no_generation, "not complete"),
        (_garbled, "corrupt"),
        (_nested, "manifest.json is corrupt"),
        (_other_format, "format 99"),
        (_outside, "manifest.json is corrupt"),
        (_other_encoder, "manifest.json is corrupt"),
        (_swapped, "corrupt .vectors.npy"),
        (_foreign, "a file that no build wrote .words/corpus.jsonl"),
    ],
)
def test_harm_is_named(tmp_path: Path, harm: Callable[[Path, store.Manifest], None], message: str) -> None:
    """Each kind of harm is one line that says what is wrong and how to mend it."""
    harm(tmp_path, _publish(tmp_path, ["some words"]))
    with pytest.raises(IndexFolderError, match=message) as caught:
        store.load(tmp_path)
    assert "qabot build" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_hidden_files_are_no_harm(tmp_path: Path) -> None:
    """What a file manager leaves in a folder is never read."""
    (tmp_path / _publish(tmp_path, ["some words"]).generation / ".DS_Store").write_bytes(b"\x00")
    assert _live_text(tmp_path) == "some words"


def _resealed(folder: Path, manifest: store.Manifest, **fields: object) -> None:
    """Someone who wants harm writes files of his own and seals them with right hashes."""
    root = folder / manifest.generation
    files = generation.checksums(root)
    kept = {name: getattr(manifest, name) for name in store.Manifest.__dataclass_fields__ if name not in ("format", "generation")}
    crafted = manifests.sealed(**{**kept, "files": files, **fields})
    root.rename(folder / crafted.generation)
    (folder / "manifest.json").write_bytes(manifests.to_bytes(crafted))


def _saved(path: Path, array: object) -> None:
    np.save(path, np.asarray(array), allow_pickle=True)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("vectors.npy", np.array([print], dtype=object), "cannot be read as vectors"),
        ("vectors.npy", np.zeros((1, 26)), "holds no vectors but float64"),
        ("vectors.npy", np.full((1, 26), np.nan, dtype=np.float32), "holds no vectors"),
        ("vectors.npy", np.ones((2, 26), dtype=np.float32), "1 passages, 2 vectors"),
        ("words/indices.csc.index.npy", np.array([7, 7], dtype=np.int32), "outside of itself"),
        ("words/indptr.csc.index.npy", np.array([0, 9, 2], dtype=np.int32), "outside of itself"),
        ("words/data.csc.index.npy", np.array([print], dtype=object), "cannot be read as a keyword index"),
    ],
)
def test_a_crafted_index_cannot_run_code_or_leave_its_arrays(tmp_path: Path, name: str, value: object, message: str) -> None:
    """Pickled objects, other types, and numbers that point outside are refused even where every hash is right."""
    manifest = _publish(tmp_path, ["some words"])
    _saved(tmp_path / manifest.generation / name, value)
    _resealed(tmp_path, manifest)
    with pytest.raises(IndexFolderError, match=message) as caught:
        store.load(tmp_path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("line", ["{}", "[]", "1", '{"id": 0}', "[" * 100_000, '{"headings": 3}'])
def test_crafted_passages_are_refused(tmp_path: Path, line: str) -> None:
    """Lines that are no passages: named, whatever they are."""
    manifest = _publish(tmp_path, ["some words"])
    (tmp_path / manifest.generation / "passages.jsonl").write_text(line)
    _resealed(tmp_path, manifest)
    with pytest.raises(IndexFolderError, match="holds no passages"):
        store.load(tmp_path)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_flipped_bit_is_named_or_harmless(tmp_path: Path, data: st.DataObject) -> None:
    """In any file of the index: refused in one line; in what only a rollback reads, the rollback does not know it any more."""
    if not (tmp_path / "manifest.json").exists():
        _publish(tmp_path, ["some words", "other words"])
    whole = store.load(tmp_path)
    path = data.draw(st.sampled_from([path for path in sorted(tmp_path.rglob("*")) if path.is_file() and path.stat().st_size]))
    kept = path.read_bytes()
    place, bit = data.draw(st.integers(0, len(kept) - 1)), data.draw(st.integers(0, 7))
    path.write_bytes(kept[:place] + bytes([kept[place] ^ 1 << bit]) + kept[place + 1 :])
    try:
        if path == tmp_path / "manifest.json" or path.name != "manifest.json":
            with pytest.raises(IndexFolderError) as caught:
                store.load(tmp_path)
            assert "\n" not in str(caught.value)
        else:  # the generation's own manifest, which only a rollback reads
            assert store.load(tmp_path).passages == whole.passages
            assert store.generations(tmp_path) == []
    finally:
        path.write_bytes(kept)


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
