"""Vectors -> nearest, exactly, with FAISS. The only file that imports faiss."""

from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np

from qabot.errors import IndexFolderError
from qabot.records import Vectors


class FaissIndex:
    """Exact inner product over unit vectors, so a score is a cosine: -1 to 1, higher is nearer."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def from_vectors(cls, vectors: Vectors) -> "FaissIndex":
        """An index of unit vectors, shape (n, dimension)."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    @classmethod
    def load(cls, path: Path) -> "FaissIndex":
        """Read what `save` wrote. Raises IndexFolderError when the file holds no vectors."""
        try:
            with path.open("rb") as file:
                vectors = np.lib.format.read_array(file, allow_pickle=False)
        except (OSError, ValueError, EOFError, MemoryError) as error:
            raise IndexFolderError(f"{path} cannot be read as vectors: run `qabot build` again") from error
        if vectors.dtype != np.float32 or vectors.ndim != 2 or not vectors.shape[1] or not np.isfinite(vectors).all():
            raise IndexFolderError(f"{path} holds no vectors but {vectors.dtype} of shape {vectors.shape}: run `qabot build` again")
        return cls.from_vectors(vectors)

    def save(self, path: Path) -> None:
        """Write the vectors to one file: an exact index is nothing else, and FAISS's own reader trusts what it reads."""
        with path.open("wb") as file:
            np.lib.format.write_array(file, self.vectors(), allow_pickle=False)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Length of one vector."""
        return int(self._index.d)

    def search(self, vectors: Vectors, k: int, within: Sequence[int] | None = None) -> list[list[tuple[int, float]]]:
        """For each vector up to `k` (position, cosine), best first; of the positions `within`, None meaning all."""
        chosen = None if within is None else faiss.SearchParameters(sel=faiss.IDSelectorBatch(np.asarray(within, dtype=np.int64)))  # type: ignore[call-arg]
        scores, positions = self._index.search(np.ascontiguousarray(vectors, dtype=np.float32), min(k, len(self)), params=chosen)
        return [
            [(int(position), float(score)) for position, score in zip(*row, strict=True) if position >= 0]
            for row in zip(positions, scores, strict=True)
        ]

    def vectors(self) -> Vectors:
        """All vectors, shape (n, dimension)."""
        return np.asarray(self._index.reconstruct_n(0, len(self)), dtype=np.float32)
