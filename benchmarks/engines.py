"""FAISS and Milvus side by side: inserts a second, time of a search, recall, by number of passages.

    python -m benchmarks.engines [--sizes 100000 1000000] [--index milvus://HOST:PORT] [--server PYTHON]

The vectors of `scale`: synthetic, clustered. Both indexes are what a build makes of so many passages; Milvus gets its rows as a build
writes them, and is ready when everything is flushed, indexed, loaded and seen. Questions are asked one at a time, of both in turn; recall
is against exact search. Without an address it is a file of Milvus Lite; `--server` starts the real server of the wheel `milvus` with that
Python. Prints a table and one JSON line.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.process import machine, middle, percentile
from benchmarks.scale import clustered
from qabot.address import parse
from qabot.faiss_index import FaissIndex
from qabot.milvus.client import Milvus
from qabot.milvus.collection import Collection
from qabot.milvus.index import MilvusVectors
from qabot.milvus.schema import row
from qabot.records import Passage, Vectors
from qabot.stages import VectorIndex
from qabot.word_vectors import WordTable
from tests.milvus_server import MilvusServer

_K = 10
_TEXT = "A passage of about as many words as an index has: a hundred and thirty of them would be usual. " * 7
_COLUMNS = ("passages", "engine", "inserts/s", "ready s", "p50 ms", "p95 ms", "recall@10", "MB")


def main() -> None:
    """Measure each size, print, and end with one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--index", help="an address without a collection")
    parser.add_argument("--server", type=Path, help="a Python that has the wheel `milvus`")
    parser.add_argument("--kind", help="of Milvus's index over the vectors; default: what a build makes of so many")
    given = parser.parse_args()
    rows: list[dict[str, Any]] = []
    with _address(given.index, given.server) as place:
        milvus = Milvus.open(parse(f"{place}/bench" + (f"?index={given.kind}" if given.kind else "")))
        for size in given.sizes:
            rows += _measured(size, milvus)
        version = milvus.version
    print("".join(f"{name:>16}" for name in _COLUMNS))
    for found in rows:
        print("".join(f"{found[name]:>16}" for name in _COLUMNS))
    print(json.dumps({"benchmark": "engines", "milvus": version, "rows": rows, "machine": machine()}))


@contextmanager
def _address(index: str | None, python: Path | None) -> Iterator[str]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        if python is None:
            yield (index or f"milvus+lite://{folder}/bench.db").rstrip("/")
            return
        server = MilvusServer(python, Path(folder))
        server.start()
        try:
            yield server.uri
        finally:
            server.stop()


def _measured(size: int, milvus: Milvus) -> list[dict[str, Any]]:
    vectors, questions = clustered(size)
    began = time.perf_counter()
    ours = FaissIndex.from_vectors(vectors)
    built = time.perf_counter() - began
    collection = Collection(milvus, f"bench_{size}")
    collection.create(vectors.shape[1], size)
    written, ready = _filled(collection, vectors)
    theirs = MilvusVectors(collection, size, vectors.shape[1])
    exact = FaissIndex.exact(vectors)
    both: tuple[VectorIndex, ...] = (ours, theirs)
    times: tuple[list[float], list[float]] = [], []
    found = [0, 0]
    for question in questions:
        true = {place for place, _ in exact.search(question[None], _K)[0]}
        for number, index in enumerate(both):
            began = time.perf_counter()
            hits = index.search(question[None], _K)[0]
            times[number].append((time.perf_counter() - began) * 1000)
            found[number] += len(true & {place for place, _ in hits})
    collection.drop()
    names = (f"FAISS {ours.kind}", f"Milvus {theirs.kind}")
    made = ((built, built), (written, ready))
    asked = len(questions) * _K
    return [
        {
            "passages": size, "engine": name[:15], "inserts/s": round(size / insert), "ready s": round(whole, 1), "p50 ms": middle(took),
            "p95 ms": round(percentile(took, 0.95), 3), "recall@10": round(right / asked, 4),
            "MB": round(vectors.nbytes / (4 if "SQ8" in name else 1) / 1e6),
        }
        for name, (insert, whole), took, right in zip(names, made, times, found, strict=True)
    ]  # fmt: skip


def _filled(collection: Collection, vectors: Vectors) -> tuple[float, float]:
    """Seconds until all rows were taken, and until they could be searched."""
    table = WordTable(len(vectors), 1.0, np.array([], np.uint32), np.array([], np.uint32)) if collection.milvus.has_sparse else None
    began = time.perf_counter()
    passages = (Passage(number, "a.md", "T", (), _TEXT, 0, len(_TEXT)) for number in range(len(vectors)))
    rows = (row(passage, vector, (), table, passage.id, 1) for passage, vector in zip(passages, vectors, strict=True))
    collection.upsert(rows)
    written = time.perf_counter() - began
    collection.settle(len(vectors))
    return written, time.perf_counter() - began


if __name__ == "__main__":
    main()
