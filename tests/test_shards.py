"""Shards: named by content, whole or not there, read back numbered through."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qabot.chunking import Chunking
from qabot.errors import IndexFolderError
from qabot.shards import ShardPassages, Shards, plan
from tests.conftest import LetterEncoder, article, passage

SHELF = [article(text, f"{name}.md") for name, text in {"one": "a" * 30, "two": "b" * 30, "three": "c" * 90, "four": "d"}.items()]


def test_a_plan_has_every_article_once_in_order() -> None:
    """Shards of at least so many characters; the last has what is left."""
    shards = plan(SHELF, "0" * 64, Chunking(), 50)
    assert [[a.path for a in shard.articles] for shard in shards] == [["one.md", "two.md"], ["three.md"], ["four.md"]]
    assert plan([], "0" * 64, Chunking()) == []


def test_a_name_is_of_all_that_a_shard_is_made_from() -> None:
    """Another text, title, encoder or size of passages is another shard; the same is the same."""
    (name,) = (shard.name for shard in plan(SHELF[:1], "0" * 64, Chunking()))
    others = [
        plan([replace(SHELF[0], text="b" * 30)], "0" * 64, Chunking()),
        plan([replace(SHELF[0], title="Other")], "0" * 64, Chunking()),
        plan(SHELF[:1], "1" * 64, Chunking()),
        plan(SHELF[:1], "0" * 64, Chunking(max_words=150)),
    ]
    assert len({name, *(shards[0].name for shards in others)}) == 5
    assert plan(SHELF[:1], "0" * 64, Chunking())[0].name == name


def _write(shards: Shards, name: str, texts: list[str]) -> None:
    shards.write(name, [passage(text, number) for number, text in enumerate(texts)], LetterEncoder().encode(texts))


def test_passages_and_vectors_are_numbered_through(tmp_path: Path) -> None:
    """In the order of the names, whatever is in a shard, also nothing; any place can be asked for."""
    shards = Shards(tmp_path)
    for name, texts in {"x": ["one", "two"], "y": [], "z": ["three"]}.items():
        _write(shards, name, texts)
    passages = ShardPassages(shards, ["z", "y", "x"])
    assert [(p.id, p.text) for p in passages] == [(0, "three"), (1, "one"), (2, "two")]
    assert (len(passages), passages[2].text, passages[-3].text, [p.id for p in passages[1:]]) == (3, "two", "three", [1, 2])
    assert np.array_equal(passages.vectors(tmp_path / "v.npy"), LetterEncoder().encode(["three", "one", "two"]))
    with pytest.raises(IndexError):
        passages[3]
    assert len(ShardPassages(shards, ["y"])) == 0


def test_a_shard_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is half-written has no name that is looked at; a damaged one is named with the fix."""
    shards = Shards(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        with pytest.raises(IndexFolderError, match="No space left on device"):
            _write(shards, "x", ["one"])
    assert not shards.has("x")
    assert list(tmp_path.iterdir()) == []
    _write(shards, "x", ["one"])
    assert shards.has("x")
    (tmp_path / "x.parquet").write_bytes(b"PAR1")
    for look in (shards.count, shards.read):
        with pytest.raises(IndexFolderError, match=r"x\.parquet cannot be read: remove it"):
            look("x")


def test_only_what_is_wanted_stays(tmp_path: Path) -> None:
    """Other shards and half-written ones go; what is not of ours is not touched."""
    shards = Shards(tmp_path)
    for name in ("x", "y"):
        _write(shards, name, ["one"])
    (tmp_path / ".z.1234").write_bytes(b"")
    (tmp_path / "notes.txt").write_text("mine")
    shards.keep(["y"])
    assert {path.name for path in tmp_path.iterdir()} == {"y.parquet", "notes.txt"}
    Shards(tmp_path / "none").keep([])
