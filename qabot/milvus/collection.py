"""One generation on Milvus: a collection of passages, and one of what is said of all of them.

    NAME_3f2a...         a row a passage: id (its position), vector, words (sparse), language, first and same (its twins), passage (JSON)
    NAME_3f2a..._parts   articles and the table of words, packed, in rows of at most 60,000 characters

The manifest is the last of the parts, written when everything else was checked: a collection without it was left by a build that died. It
is no property of the collection: those pass through etcd, which takes 1.5 MB, and a server of 2.3 forgets what was set when it is killed.
"""

import base64
import json
import time
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

from qabot import manifest as manifests
from qabot.errors import IndexFolderError
from qabot.manifest import Manifest
from qabot.milvus import schema
from qabot.milvus.client import LONG_SECONDS, Consistency, Milvus
from qabot.records import Stretch

_PART, _PARTS_AT_ONCE = 60_000, 200  # characters, rows: 12 MB an answer, of the 64 that a message may have
_ROWS = 1_000  # rows an upsert: about 4 MB
_BASES = {"articles": 0, "words": 1_000_000_000, "manifest": 2_000_000_000}  # the first id of each kind of part
_WAIT, _MERGED = 0.5, 900.0  # seconds between looks, and for which a server's merging of what is indexed is waited for


@dataclass(frozen=True, slots=True)
class Contents:
    """What is said of all passages: the manifest's list of articles, where the passages of each stand, the languages that occur."""

    entries: tuple[dict[str, str], ...]
    stretches: tuple[Stretch, ...]
    languages: tuple[str, ...]


class Collection:
    """The two collections of one generation. `name` is the first's."""

    def __init__(self, milvus: Milvus, name: str) -> None:
        self.milvus, self.name, self.parts = milvus, name, f"{name}_parts"

    def create(self, dimension: int, rows: int, exact_up_to: int = schema.EXACT) -> None:
        """Make both, empty, in place of what a dead build left. Searched exactly up to `exact_up_to` rows."""
        self.drop()
        indexed = schema.kind(rows, exact_up_to, self.milvus.address)
        self._create(self.name, *schema.passages(dimension, indexed, self.milvus.has_sparse))
        self._create(self.parts, *schema.parts())

    def _create(self, name: str, fields: Any, index: Any) -> None:
        self.milvus.call("create_collection", name, schema=fields, consistency_level="Strong", seconds=LONG_SECONDS)
        self.milvus.call("create_index", name, index, sync=False, seconds=LONG_SECONDS)  # `settle` waits for all of them at once

    def upsert(self, rows: Iterable[dict[str, Any]]) -> int:
        """Write rows, as `schema.row` makes them, by their ids: again is the same as once. The number written."""
        written, batch = 0, list[dict[str, Any]]()
        for row in rows:
            batch.append(row)
            if len(batch) == _ROWS:
                written += self._upsert(self.name, batch)
                batch = []
        return written + self._upsert(self.name, batch)

    def _upsert(self, name: str, rows: list[dict[str, Any]]) -> int:
        if rows:
            self.milvus.call("upsert", name, rows, seconds=LONG_SECONDS)
        return len(rows)

    def put(self, kind: str, data: bytes) -> None:
        """Keep packed data under a name."""
        text = base64.b85encode(zlib.compress(data)).decode()
        pieces = [text[begin : begin + _PART] for begin in range(0, len(text), _PART)]
        base = _BASES[kind]
        rows = [{"id": base + at, "kind": kind, "content": piece, "vector": [1.0, 0.0]} for at, piece in enumerate(pieces)]
        for begin in range(0, len(rows), _PARTS_AT_ONCE):
            self._upsert(self.parts, rows[begin : begin + _PARTS_AT_ONCE])

    def get(self, kind: str) -> bytes:
        """What `put` kept, b"" where that is nothing. Raises IndexFolderError where it is not whole."""
        base, pieces = _BASES[kind], list[str]()
        self.milvus.call("load_collection", self.parts, seconds=LONG_SECONDS)  # a file that is opened anew has nothing loaded
        while True:
            begin = base + len(pieces)
            wanted = f"id >= {begin} and id < {begin + _PARTS_AT_ONCE}"
            rows = self.milvus.query(self.parts, wanted, ["id", "content"], "Strong", _PARTS_AT_ONCE)
            pieces += [row["content"] for row in sorted(rows, key=lambda row: int(row["id"]))]
            if len(rows) < _PARTS_AT_ONCE:
                break
        try:
            return zlib.decompress(base64.b85decode("".join(pieces))) if pieces else b""
        except (ValueError, zlib.error) as error:
            raise IndexFolderError(f"the collection {self.parts} is not whole ({kind}): run `qabot build` again") from error

    def settle(self, rows: int) -> None:
        """Wait until everything written is on the disk, indexed, loaded, and seen by who reads with bounded staleness.

        Raises IndexFolderError when another number of rows is there.
        """
        for name in (self.name, self.parts):
            self.milvus.call("flush", name, seconds=LONG_SECONDS)
        while not self.indexed():
            time.sleep(_WAIT)
        ends = time.monotonic() + _MERGED
        while self._pending() and time.monotonic() < ends:
            time.sleep(_WAIT)
        self.open()
        found = self.milvus.count(self.name, "Strong")
        if found != rows:
            raise IndexFolderError(f"{found} of {rows} passages arrived in the collection {self.name}: run `qabot build` again")
        while self.milvus.count(self.name, "Bounded") != rows:
            time.sleep(_WAIT)

    def indexed(self) -> bool:
        """Whether every row is indexed: recall is lower before."""
        states = self._states()
        return all(not waiting or found >= total for waiting, found, total in states)

    def _pending(self) -> bool:
        """Whether rows wait for an index: also those that are indexed, and that the server has merged into larger segments since.

        A search takes longer until that is done, and meanwhile the generation that is live answers.
        """
        return any(waiting for waiting, _, _ in self._states())

    def _states(self) -> list[tuple[int, int, int]]:
        """Of each index the rows that wait for it, those that have it, and all."""
        names = ("pending_index_rows", "indexed_rows", "total_rows")
        fields = self.milvus.call("list_indexes", self.name)
        states = [self.milvus.call("describe_index", self.name, field) for field in fields]
        return [(int(s.get(names[0]) or 0), int(s.get(names[1]) or 0), int(s.get(names[2]) or 0)) for s in states]

    def kind(self) -> str:
        """How the vectors are indexed, by Milvus's name."""
        return str(self.milvus.call("describe_index", self.name, "vector")["index_type"])

    def open(self) -> None:
        """Have it in the server's memory."""
        for name in (self.name, self.parts):
            self.milvus.call("load_collection", name, seconds=LONG_SECONDS)

    def release(self) -> None:
        """Keep the passages on the disk alone; what is said of them stays, so that the generation can be named."""
        self.milvus.call("release_collection", self.name)

    def drop(self) -> None:
        """Remove both."""
        for name in (self.name, self.parts):
            self.milvus.drop(name)

    def seal(self, manifest: Manifest) -> None:
        """Write the manifest: the generation is complete."""
        self.put("manifest", manifests.to_bytes(replace(manifest, articles=())))
        self.milvus.call("flush", self.parts, seconds=LONG_SECONDS)

    def manifest(self, fix: str) -> Manifest | None:
        """The manifest, None where the generation was never completed. Raises IndexFolderError where it is not what was written."""
        note = self.get("manifest") if {self.name, self.parts} <= set(self.milvus.collections()) else b""
        if not note:
            return None
        try:
            content = json.dumps({**json.loads(note), "articles": self.contents.entries}).encode()
        except (ValueError, TypeError) as error:
            raise IndexFolderError(f"the manifest of the collection {self.name} is corrupt: {fix}") from error
        return manifests.parse(content, f"the manifest of the collection {self.name}", self.name, fix)

    def describe(self, contents: "Contents") -> None:
        """Keep what is said of all passages together."""
        self.put("articles", json.dumps(asdict(contents)).encode())

    @cached_property
    def contents(self) -> "Contents":
        """What `describe` kept. Raises IndexFolderError."""
        try:
            found = json.loads(self.get("articles"))
            rows = [Stretch(**{**row, "tags": tuple(row["tags"])}) for row in found["stretches"]]
            return Contents(tuple(found["entries"]), tuple(rows), tuple(found["languages"]))
        except (ValueError, TypeError, KeyError) as error:
            raise IndexFolderError(f"the collection {self.parts} is corrupt (its list of articles): run `qabot build` again") from error

    def rows(self, fields: list[str], total: int, consistency: Consistency = "Strong") -> Iterator[dict[str, Any]]:
        """All rows in the order of their ids, some thousand at a time."""
        for begin in range(0, total, _ROWS):
            wanted = f"id >= {begin} and id < {begin + _ROWS}"
            yield from sorted(self.milvus.query(self.name, wanted, ["id", *fields], consistency, _ROWS), key=lambda row: int(row["id"]))
