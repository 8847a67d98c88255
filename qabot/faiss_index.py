"""Vectors -> nearest, with FAISS. The only file that imports faiss.

Exact up to a quarter of a million vectors, where a search takes milliseconds; beyond, an inverted file of 8-bit vectors
(IVF, SQ8) whose number of lists looked into is chosen so that it finds what exact search finds.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from qabot.errors import IndexFolderError
from qabot.records import Vectors

_EXACT = 250_000  # vectors
_TRAINED_ON = 64  # vectors a list, at most
_QUESTIONS, _FOUND, _RECALL = 200, 10, 0.98  # for choosing the number of lists: a little above what is promised
_PROBES = (4, 8, 16, 32, 64, 128, 256)
_PARAMETERS: Any = faiss.SearchParameters
_IVF_PARAMETERS: Any = faiss.SearchParametersIVF


class FaissIndex:
    """Inner product over unit vectors, so a score is a cosine: -1 to 1, higher is nearer."""

    def __init__(self, index: Any) -> None:
        self._index: Any = index

    @classmethod
    def from_vectors(cls, vectors: Vectors, exact_up_to: int = _EXACT) -> "FaissIndex":
        """An index of unit vectors, shape (n, dimension): exact, or compressed where there are more than `exact_up_to`."""
        return cls.exact(vectors) if len(vectors) <= exact_up_to else cls._compressed(np.ascontiguousarray(vectors, dtype=np.float32))

    @classmethod
    def exact(cls, vectors: Vectors) -> "FaissIndex":
        """An index that compares with every vector."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    @classmethod
    def _compressed(cls, vectors: Vectors) -> "FaissIndex":
        lists = 2 ** round(np.log2(4 * np.sqrt(len(vectors))))
        index: Any = faiss.index_factory(vectors.shape[1], f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
        chance = np.random.default_rng(0)
        index.train(vectors[np.sort(chance.choice(len(vectors), min(len(vectors), _TRAINED_ON * lists), replace=False))])
        index.add(vectors)
        # Questions lie near passages and not on them: a passage with some noise stands for one.
        asked = vectors[chance.choice(len(vectors), _QUESTIONS)]
        noise = chance.standard_normal(asked.shape, dtype=np.float32)
        asked = asked + 0.7 * noise / np.linalg.norm(noise, axis=1, keepdims=True)
        true = cls.exact(vectors)._index.search(asked, _FOUND)[1]
        for probes in _PROBES:
            index.nprobe = min(probes, lists)
            found = index.search(asked, _FOUND)[1]
            if np.mean([len(set(mine) & set(theirs)) for mine, theirs in zip(found, true, strict=True)]) >= _RECALL * _FOUND:
                break
        return cls(index)

    @classmethod
    def load(cls, path: Path) -> "FaissIndex":
        """Read what `save` wrote. Raises IndexFolderError when the file holds no vectors."""
        try:
            with path.open("rb") as file:
                found = np.lib.format.read_array(file, allow_pickle=False)
            if found.dtype == np.uint8 and found.ndim == 1:
                return cls(faiss.deserialize_index(found))
        except (OSError, ValueError, EOFError, MemoryError, RuntimeError) as error:
            raise IndexFolderError(f"{path} cannot be read as vectors: run `qabot build` again") from error
        if found.dtype != np.float32 or found.ndim != 2 or not found.shape[1] or not np.isfinite(found).all():
            raise IndexFolderError(f"{path} holds no vectors but {found.dtype} of shape {found.shape}: run `qabot build` again")
        return cls.exact(found)

    def save(self, path: Path) -> None:
        """Write one file: an exact index as its vectors, which are all of it; a compressed one as FAISS's bytes."""
        content = self.vectors() if self.kind == "exact" else faiss.serialize_index(self._index)
        with path.open("wb") as file:
            np.lib.format.write_array(file, content, allow_pickle=False)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Length of one vector."""
        return int(self._index.d)

    @property
    def _inner(self) -> Any:
        """The index as the class that it is; it must not outlive `_index`."""
        return faiss.downcast_index(self._index)

    @property
    def kind(self) -> str:
        """ "exact", or how it is compressed: the lists, and how many of them are looked into."""
        index = self._inner
        return "exact" if isinstance(index, faiss.IndexFlat) else f"IVF{index.nlist},SQ8 {index.nprobe}"

    def search(self, vectors: Vectors, k: int, within: Sequence[int] | None = None) -> list[list[tuple[int, float]]]:
        """For each vector up to `k` (position, cosine), best first; of the positions `within`, None meaning all."""
        scores, positions = self._index.search(
            np.ascontiguousarray(vectors, dtype=np.float32), min(k, len(self)), params=self._chosen(within)
        )
        return [
            [(int(position), float(score)) for position, score in zip(*row, strict=True) if position >= 0]
            for row in zip(positions, scores, strict=True)
        ]

    def _chosen(self, within: Sequence[int] | None) -> Any:
        if within is None:
            return None
        selector = faiss.IDSelectorBatch(np.asarray(within, dtype=np.int64))
        if self.kind == "exact":
            return _PARAMETERS(sel=selector)
        return _IVF_PARAMETERS(sel=selector, nprobe=self._inner.nlist)  # few may lie anywhere

    def vectors(self) -> Vectors:
        """All vectors, shape (n, dimension); as they were rounded where they are compressed."""
        if self.kind != "exact":
            self._inner.make_direct_map()
        return np.asarray(self._index.reconstruct_n(0, len(self)), dtype=np.float32)
