"""Vectors -> nearest, exactly, with FAISS. The only file that imports faiss."""

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
        """Read what `save` wrote. Raises IndexFolderError when the file is no FAISS index."""
        try:
            return cls(faiss.read_index(str(path)))
        except RuntimeError as error:
            raise IndexFolderError(f"{path} cannot be read as a vector index: run `qabot build` again") from error

    def save(self, path: Path) -> None:
        """Write the index to one file."""
        data = faiss.serialize_index(self._index)  # through Python's own file, so that a full disk is an OSError
        path.write_bytes(data.tobytes())

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Length of one vector."""
        return int(self._index.d)

    def search(self, vectors: Vectors, k: int) -> list[list[tuple[int, float]]]:
        """For each vector up to `k` (position, cosine), best first."""
        scores, positions = self._index.search(np.ascontiguousarray(vectors, dtype=np.float32), min(k, len(self)))
        return [
            [(int(position), float(score)) for position, score in zip(*row, strict=True) if position >= 0]
            for row in zip(positions, scores, strict=True)
        ]

    def vectors(self) -> Vectors:
        """All vectors, shape (n, dimension)."""
        return np.asarray(self._index.reconstruct_n(0, len(self)), dtype=np.float32)
