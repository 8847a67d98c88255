"""What is Milvus's own: every step that can fail leaves the old index, what dead builds left is swept, failures are one line."""

import socket
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from qabot.address import parse
from qabot.errors import IndexFolderError
from qabot.milvus.client import Milvus
from qabot.milvus.collection import Collection
from qabot.milvus.index import condition
from qabot.milvus.schema import lists, row
from qabot.milvus.store import MilvusStore
from tests.conftest import LetterEncoder, passage
from tests.test_index_store import first_text, publish


@pytest.fixture
def store(tmp_path: Path) -> Iterator[MilvusStore]:
    """A file of Milvus Lite."""
    store = MilvusStore(parse(f"milvus+lite://{tmp_path}/index.db/shelf"), patience=0.2)
    yield store
    store.close()


@pytest.mark.parametrize("method", ["create_collection", "create_index", "upsert", "flush", "load_collection", "alter_alias"])
def test_a_build_that_fails_leaves_the_old_index(store: MilvusStore, monkeypatch: pytest.MonkeyPatch, method: str) -> None:
    """Whatever step the server refuses, the old index answers, and the next build succeeds and sweeps what was left."""
    old = publish(store, ["old words"])
    call = Milvus.call

    def refuse(self: Milvus, name: str, *args: object, **options: object) -> object:
        if name == method and not (args and "writing" in str(args[0])):
            raise IndexFolderError("no room")
        return call(self, name, *args, **options)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(Milvus, "call", refuse)
        with pytest.raises(IndexFolderError, match="no room"):
            publish(store, ["new words"])
    assert store.live() == old.generation
    assert first_text(store.load()) == "old words"
    new = publish(store, ["newer words"])
    assert first_text(store.load()) == "newer words"
    generations = {name.split("_")[1] for name in store.milvus.collections()}
    assert {old.generation, new.generation} <= generations
    assert len(generations) <= 3  # a build that only the alias was refused is whole, and may be gone back to
    assert store.rollback() == old


def test_only_a_build_makes_the_file(store: MilvusStore, tmp_path: Path) -> None:
    """Whoever asks of an index that is not there leaves nothing; where a file cannot be made, the reason is told."""
    assert not store.exists()
    for ask in (store.load, store.rollback):
        with pytest.raises(IndexFolderError, match="does not exist"):
            ask()
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "taken").write_text("")
    with pytest.raises(IndexFolderError, match=r"cannot make .*taken/x\.db: .*another --index"):
        publish(MilvusStore(parse(f"milvus+lite://{tmp_path}/taken/x.db")), ["words"])


def test_what_dead_builds_left_is_swept(store: MilvusStore) -> None:
    """Collections without a manifest, and a lease that nobody renews; what is not of this index is not touched."""
    publish(store, ["old words"])
    Collection(store.milvus, "shelf_0123456789ab").create(26, 1)
    Collection(store.milvus, "other_0123456789ab").create(26, 1)
    store.milvus.call("create_collection", "shelf_writing_dead", dimension=2)
    publish(store, ["new words"])
    names = store.milvus.collections()
    assert "other_0123456789ab" in names
    assert not [name for name in names if "dead" in name or name.startswith("shelf_0123456789ab")]


def test_a_manifest_that_was_changed_is_refused(store: MilvusStore) -> None:
    """It is sealed by the generation's name: another encoder in it is noticed, and a rollback mends it."""
    publish(store, ["one"])
    manifest = publish(store, ["two"])
    collection = Collection(store.milvus, f"shelf_{manifest.generation}")
    collection.seal(replace(manifest, encoder="another"))
    with pytest.raises(IndexFolderError, match=r"corrupt .it is not what was written.*run `qabot build"):
        store.load()
    collection.put("manifest", b"{")
    with pytest.raises(IndexFolderError, match=r"corrupt: run `qabot build"):
        store.load()
    store.rollback()
    assert first_text(store.load()) == "one"


def test_what_was_built_is_there_when_the_file_is_opened_again(store: MilvusStore) -> None:
    """As the next command does: the live generation answers, earlier ones are named and gone back to."""
    one, two = publish(store, ["one"]), publish(store, ["two"])
    store.close()
    assert first_text(store.load()) == "two"
    store.close()
    assert [kept.generation for kept in store.generations()] == [two.generation, one.generation]
    store.close()
    assert store.rollback() == one
    store.close()
    assert first_text(store.load()) == "one"


def test_rows_that_are_missing_are_noticed(store: MilvusStore) -> None:
    """The manifest says how many there are."""
    manifest = publish(store, ["one", "two"])
    store.milvus.call("delete", f"shelf_{manifest.generation}", ids=[0])
    with pytest.raises(IndexFolderError, match="has 1 passages, its manifest names 2: run `qabot build"):
        store.load()


def test_a_large_list_is_kept_in_parts(store: MilvusStore) -> None:
    """Articles of any number, in pieces that a field takes."""
    collection = Collection(store.milvus, "shelf_parts")
    collection.create(26, 1)
    collection.open()
    for kind, data in (("articles", bytes(range(256)) * 10), ("words", Random(1).randbytes(300_000))):
        collection.put(kind, data)
        assert collection.get(kind) == data
    assert store.milvus.count(collection.parts, "Strong") > 5


def test_a_collection_of_someone_else_is_left_alone(store: MilvusStore) -> None:
    """A collection that has the index's name: named, and not replaced."""
    store.milvus.call("create_collection", "shelf", dimension=2)
    with pytest.raises(IndexFolderError, match="a collection that no build wrote: give another name"):
        store.load()
    with pytest.raises(IndexFolderError):
        publish(store, ["words"])
    assert "shelf" in store.milvus.collections()


def test_a_server_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A port where nobody listens: one line with the address and the fix, without the password."""
    monkeypatch.setattr("qabot.milvus.client.CONNECT_SECONDS", 1.0)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(IndexFolderError, match=rf"no Milvus answers at milvus://127\.0\.0\.1:{port}/c: start it, or correct") as caught:
        MilvusStore(parse(f"milvus://root:secret@127.0.0.1:{port}/c")).load()
    assert "secret" not in str(caught.value)


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line that installs it."""
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(IndexFolderError, match=r"pip install 'qabot\[milvus\]'"):
        MilvusStore(parse("milvus://localhost/c")).exists()


def test_a_file_of_another_process(tmp_path: Path) -> None:
    """Milvus Lite is for one process: the second is told so, and what to run instead."""
    import fcntl

    (tmp_path / "index.db").mkdir()
    with (tmp_path / "index.db" / "LOCK").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(IndexFolderError, match=r"another process has it open.*milvus://HOST:PORT/shelf"):
            MilvusStore(parse(f"milvus+lite://{tmp_path}/index.db/shelf")).exists()


def test_a_passage_that_is_too_long() -> None:
    """A field of text takes 65,535 bytes."""
    long = passage("x" * 70_000)
    with pytest.raises(IndexFolderError, match=r"a passage of a\.md has 70,\d\d\d bytes, Milvus takes 65,535"):
        row(long, LetterEncoder().encode(["x"])[0], (), None, 0, 1)


@pytest.mark.parametrize(
    ("within", "expected"),
    [
        (None, ""),
        ([4], "id in [4]"),
        ([7, 5, 6, 1], "(id >= 5 and id <= 7) or id in [1]"),
        (range(10, 20), "(id >= 10 and id <= 19)"),
        ([1, 2, 9, 9], "id in [1, 2, 9]"),
    ],
)
def test_positions_as_a_filter(within: list[int] | None, expected: str) -> None:
    """Runs are bounds, so that a large article is one short condition."""
    assert condition(within) == expected


def test_lists_grow_with_the_root_up_to_a_segment() -> None:
    """Four roots of the number of rows, as a power of two; a segment is indexed by itself and does not grow further."""
    assert [lists(rows) for rows in (60_000, 250_001, 1_000_000, 10_000_000)] == [1024, 2048, 2048, 2048]


class Indexing:
    """Milvus while it indexes: each look at the index sees the next of the states (waiting, indexed, all), and the last from then on."""

    has_sparse = False

    def __init__(self, states: list[tuple[int, int, int]]) -> None:
        self.states, self.looks = states, 0

    def call(self, method: str, *args: Any, **options: Any) -> Any:
        """What settling asks for."""
        if method == "list_indexes":
            return ["vector"]
        if method == "describe_index":
            state = self.states[min(self.looks, len(self.states) - 1)]
            self.looks += 1
            return dict(zip(("pending_index_rows", "indexed_rows", "total_rows"), state, strict=True))
        return None

    def count(self, name: str, consistency: str) -> int:
        """All rows."""
        return self.states[-1][2]


@pytest.mark.parametrize(
    ("patience", "looks"),
    [
        (60.0, 5),  # not indexed; indexed; looked at again: merged, merged, done
        (0.0, 3),  # not indexed; indexed; merged still: nobody waits
    ],
)
def test_a_build_waits_for_rows_and_then_a_while_for_merging(monkeypatch: pytest.MonkeyPatch, patience: float, looks: int) -> None:
    """Every row must be indexed; what the server merges afterwards is waited for as long as there is patience."""
    monkeypatch.setattr("qabot.milvus.collection._WAIT", 0.0)
    monkeypatch.setattr("qabot.milvus.collection._MERGED", patience)
    milvus: Any = Indexing([(9, 0, 9), (9, 9, 9), (9, 9, 9), (4, 9, 9), (0, 9, 9)])
    Collection(milvus, "shelf_0123456789ab").settle(9)
    assert milvus.looks == looks


def test_a_build_that_lacks_rows_is_told() -> None:
    """However the index is."""
    milvus: Any = Indexing([(0, 9, 9)])
    with pytest.raises(IndexFolderError, match="9 of 10 passages arrived"):
        Collection(milvus, "shelf_0123456789ab").settle(10)
