"""Encoded passages as Parquet files, for builds that many machines share and that may be killed.

    FOLDER/3f2a....parquet    the passages of some articles with their vectors, named by the hash of all that they were made from

A shard is written beside and moved into place, so that it is whole or not there; whoever builds again after a crash makes only those that
are missing. Names are of content: shards of articles that did not change serve the next build too.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, overload

import numpy as np

from qabot.chunking import Chunking
from qabot.errors import IndexFolderError
from qabot.generation import passage_of
from qabot.records import Article, Passage, Vectors

FORMAT = 1
CHARACTERS = 1_000_000  # of text in a shard: about 1,300 passages, half a minute of one core
_NAME_LENGTH = 32
_ENDING = ".parquet"


@dataclass(frozen=True, slots=True)
class Shard:
    """Some articles in a row, and the name of the file that their passages go to."""

    name: str
    articles: tuple[Article, ...]


def plan(shelf: Sequence[Article], encoder_sha256: str, chunking: Chunking, characters: int = CHARACTERS) -> list[Shard]:
    """The articles in order, cut into shards of at least so many characters."""
    shards, begin, size = list[Shard](), 0, 0
    for place, article in enumerate(shelf):
        size += len(article.text)
        if size >= characters or place == len(shelf) - 1:
            articles = tuple(shelf[begin : place + 1])
            shards.append(Shard(_name(articles, encoder_sha256, chunking), articles))
            begin, size = place + 1, 0
    return shards


def _name(articles: Sequence[Article], encoder_sha256: str, chunking: Chunking) -> str:
    made_from = hashlib.sha256(json.dumps([FORMAT, encoder_sha256, asdict(chunking)]).encode())
    for article in articles:
        made_from.update(repr(article).encode("utf-8", "surrogatepass"))
    return made_from.hexdigest()[:_NAME_LENGTH]


class Shards:
    """A folder of shards, on a disk that all who encode can reach."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def has(self, name: str) -> bool:
        """Whether a shard is complete."""
        return self._path(name).is_file()

    def write(self, name: str, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Keep a shard, whole. Raises IndexFolderError where the disk refuses."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        texts = [json.dumps(asdict(passage)) for passage in passages]
        flat = pa.array(np.ascontiguousarray(vectors, dtype=np.float32).ravel())
        rows = pa.FixedSizeListArray.from_arrays(flat, vectors.shape[1])
        fresh = self.folder / f".{name}.{secrets.token_hex(4)}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            pq.write_table(pa.table({"passage": texts, "vector": rows}), fresh)
            with fresh.open("rb+") as file:
                os.fsync(file.fileno())
            os.replace(fresh, self._path(name))
        except OSError as error:
            raise IndexFolderError(
                f"cannot write the shard {self._path(name)}: {error.strerror or error}; free space or permission is needed"
            ) from error
        finally:
            fresh.unlink(missing_ok=True)

    def count(self, name: str) -> int:
        """How many passages a shard has. Raises IndexFolderError where it cannot be read."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            return int(pq.read_metadata(self._path(name)).num_rows)
        except (OSError, pa.ArrowInvalid) as error:
            raise self._broken(name) from error

    def read(self, name: str) -> tuple[list[Passage], Vectors]:
        """A shard's passages, numbered from 0 in it, and their vectors. Raises IndexFolderError where it cannot be read."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            table = pq.read_table(self._path(name), columns=["passage", "vector"])
            passages = [passage_of(json.loads(text)) for text in table["passage"].to_pylist()]
            vectors = table["vector"].combine_chunks().flatten().to_numpy(zero_copy_only=False).reshape(len(passages), -1)
        except (OSError, pa.ArrowInvalid, ValueError, TypeError, KeyError) as error:
            raise self._broken(name) from error
        return passages, np.asarray(vectors, dtype=np.float32)

    def keep(self, names: Sequence[str]) -> None:
        """Remove all shards but these, and what was left half-written."""
        wanted = {f"{name}{_ENDING}" for name in names}
        for path in self.folder.iterdir() if self.folder.is_dir() else ():
            if path.name not in wanted and (path.suffix == _ENDING or path.name.startswith(".")):
                path.unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}{_ENDING}"

    def _broken(self, name: str) -> IndexFolderError:
        return IndexFolderError(f"the shard {self._path(name)} cannot be read: remove it, and build again")


class ShardPassages(Sequence[Passage]):
    """The passages of shards, numbered through, read a shard at a time: a build of millions never has all of them in memory."""

    def __init__(self, shards: Shards, names: Sequence[str]) -> None:
        self._shards, self._names = shards, [name for name in names if shards.count(name)]
        self._begins = np.cumsum([0, *(shards.count(name) for name in self._names)])
        self._read: tuple[int, list[Passage]] = (-1, [])

    def __len__(self) -> int:
        return int(self._begins[-1])

    def __iter__(self) -> Iterator[Passage]:
        return (passage for number in range(len(self._names)) for passage in self._shard(number))

    @overload
    def __getitem__(self, place: int) -> Passage: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Passage]: ...
    def __getitem__(self, place: Any) -> Any:
        places = range(len(self))[place]
        if isinstance(places, range):
            return [self[one] for one in places]
        number = int(np.searchsorted(self._begins, places, side="right")) - 1
        return self._shard(number)[places - int(self._begins[number])]

    def vectors(self, file: Path) -> Vectors:
        """All vectors, shape (len(self), dimension), in a file that is read as it is needed."""
        found: Any = None
        for number, name in enumerate(self._names):
            _, vectors = self._shards.read(name)
            if found is None:
                found = np.lib.format.open_memmap(file, "w+", np.float32, (len(self), vectors.shape[1]))
            found[self._begins[number] : self._begins[number + 1]] = vectors
        return np.asarray(found)

    def _shard(self, number: int) -> list[Passage]:
        if self._read[0] != number:
            passages, _ = self._shards.read(self._names[number])
            begin = int(self._begins[number])
            self._read = (number, [replace(passage, id=begin + place) for place, passage in enumerate(passages)])
        return self._read[1]
