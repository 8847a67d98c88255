"""The stages over one generation on Milvus: nearest vectors, words, and the few passages that a question needs.

Reading is with bounded staleness: nobody writes to a generation that was published, and waiting for the newest state would take 200 ms.
"""

import json
from collections.abc import Collection as Some
from collections.abc import Iterator, Sequence
from typing import Any, overload

import numpy as np

from qabot.errors import IndexFolderError
from qabot.generation import passage_of
from qabot.milvus.collection import Collection
from qabot.milvus.schema import lists
from qabot.passages import Passages
from qabot.records import Passage, Stretch, Vectors
from qabot.word_vectors import WordTable

_LIMIT = 16_384  # rows that a search or a query may bring
_PROBED = 16  # one list in so many is looked into
_CANDIDATES = 200  # of a graph


class MilvusVectors:
    """Nearest by inner product over unit vectors, so that a score is a cosine: -1 to 1, higher is nearer."""

    def __init__(self, collection: Collection, count: int, dimension: int) -> None:
        self._collection, self._count, self.dimension = collection, count, dimension
        self.kind = collection.kind()

    def __len__(self) -> int:
        return self._count

    def search(self, vectors: Vectors, k: int, within: Sequence[int] | None = None) -> list[list[tuple[int, float]]]:
        """For each vector up to `k` (position, cosine), best first; of the positions `within`, None meaning all."""
        if within is not None and not len(within):
            return [[] for _ in vectors]
        asked = list(np.asarray(vectors, dtype=np.float32))
        width = max(_CANDIDATES, k)  # what is looked at must be no fewer than what is asked for
        parameters = {
            "IVF_SQ8": {"nprobe": max(8, lists(self._count) // _PROBED)},
            "HNSW": {"ef": width},
            "DISKANN": {"search_list": width},
        }
        return _search(self._collection, "vector", asked, k, condition(within), {"params": parameters.get(self.kind, {})})

    def vectors(self) -> Vectors:
        """All vectors, shape (n, dimension), fetched in pages."""
        found = np.empty((self._count, self.dimension), dtype=np.float32)
        for place, row in enumerate(self._collection.rows(["vector"], self._count)):
            found[place] = row["vector"]
        return found


class MilvusWords:
    """BM25 by sparse vectors: the shares that `keyword_index` gives. Finds nothing where the server has no sparse vectors."""

    def __init__(self, collection: Collection, table: WordTable | None, languages: Sequence[str]) -> None:
        self._collection, self._table, self._languages = collection, table, languages

    def search(self, question: str, k: int, within: Sequence[int] | None = None) -> list[tuple[int, float]]:
        """Up to `k` (position, share above 0), best first, ties by position; of the positions `within`, None meaning all."""
        if self._table is None or (within is not None and not len(within)):
            return []
        found: list[tuple[int, float]] = []
        for language in self._languages:
            asked = self._table.question(question, language)
            if asked:
                spoken = f'language == "{language}"' if len(self._languages) > 1 else ""
                wanted = " and ".join(f"({part})" for part in (condition(within), spoken) if part)
                found += _search(self._collection, "words", [asked], k, wanted, {})[0]
        return sorted(((place, score) for place, score in found if score > 0), key=lambda pair: (-pair[1], pair[0]))[:k]


class MilvusPassages(Passages):
    """Passages that stay on the server until they are asked for."""

    def __init__(self, collection: Collection, count: int, articles: Sequence[Stretch]) -> None:
        self._collection, self._count, self._articles = collection, count, articles

    @property
    def articles(self) -> Sequence[Stretch]:
        """The articles, in order."""
        return self._articles

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> Passage: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Passage]: ...
    def __getitem__(self, place: Any) -> Any:
        places = range(self._count)[place]  # raises IndexError as a list does
        return self.fetch(places) if isinstance(places, range) else self.fetch([places])[0]

    def __iter__(self) -> Iterator[Passage]:
        return (_passage(row) for row in self._collection.rows(["passage"], self._count))

    def fetch(self, positions: Sequence[int]) -> list[Passage]:
        """The passages at `positions`, in that order. Raises IndexFolderError where the generation was removed meanwhile."""
        wanted = sorted(set(positions))
        found = {row["id"]: _passage(row) for row in self._rows(f"id in {wanted}", len(wanted))} if wanted else {}
        if len(found) != len(wanted):
            raise IndexFolderError(f"the collection {self._collection.name} lacks passages that its index names: ask again, or build again")
        return [found[position] for position in positions]

    def twins(self, passages: Sequence[Passage], within: Some[int] | None = None) -> list[tuple[Passage, ...]]:
        """For each passage the others of the same text, by position; of the positions `within`, None meaning all."""
        own = sorted({passage.id for passage in passages})
        groups = self._query(f"id in {own} and same > 1", ["id", "first"], len(own)) if own else []
        firsts = sorted({row["first"] for row in groups})
        rows = self._rows(f"first in {firsts}", _LIMIT) if firsts else []
        same: dict[str, list[Passage]] = {}
        for passage in sorted(map(_passage, rows), key=lambda passage: passage.id):
            same.setdefault(passage.text, []).append(passage)
        return [
            tuple(other for other in same.get(passage.text, ()) if other.id != passage.id and (within is None or other.id in within))
            for passage in passages
        ]

    def _rows(self, wanted: str, limit: int) -> list[dict[str, Any]]:
        return self._query(wanted, ["id", "passage"], limit)

    def _query(self, wanted: str, fields: list[str], limit: int) -> list[dict[str, Any]]:
        return self._collection.milvus.query(self._collection.name, wanted, fields, "Bounded", min(limit, _LIMIT))


def condition(within: Sequence[int] | None) -> str:
    """Positions as a filter: stretches of them as bounds, the rest by name; "" for all."""
    if within is None:
        return ""
    places = np.unique(np.asarray(within, dtype=np.int64))
    runs = np.split(places, np.flatnonzero(np.diff(places) > 1) + 1)
    bounds = [f"(id >= {run[0]} and id <= {run[-1]})" for run in runs if len(run) > 2]
    single = [int(place) for run in runs if len(run) <= 2 for place in run]
    return " or ".join([*bounds, *([f"id in {single}"] if single else [])])


def _search(
    collection: Collection, field: str, asked: Sequence[Any], k: int, wanted: str, parameters: dict[str, Any]
) -> list[list[tuple[int, float]]]:
    found = collection.milvus.call(
        "search", collection.name, data=list(asked), anns_field=field, limit=min(k, _LIMIT), filter=wanted, output_fields=["id"],
        search_params=parameters, consistency_level="Bounded",
    )  # fmt: skip
    ranked = [[(int(hit["id"]), float(hit["distance"])) for hit in hits] for hits in found]
    return [sorted(hits, key=lambda pair: (-pair[1], pair[0])) for hits in ranked]


def _passage(row: dict[str, Any]) -> Passage:
    try:
        return passage_of(json.loads(row["passage"]))
    except (ValueError, TypeError, KeyError) as error:
        raise IndexFolderError(f"row {row.get('id')} of the index is no passage: run `qabot build` again") from error
