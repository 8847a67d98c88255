"""Vector search from a thousand to a million passages: time, recall, memory, build and load, for the index that qabot picks.

    python -m benchmarks.scale [--sizes 1000 10000 100000 1000000]

Vectors are synthetic: unit vectors around cluster centres of uneven size, as texts lie around topics; questions lie near passages.
Exact search over the same vectors is measured beside it, in turn. Memory is the index's own file. Prints a table and one JSON line.
"""

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.process import machine, middle
from qabot.faiss_index import FaissIndex
from qabot.records import Vectors

_DIMENSION, _QUESTIONS, _K = 384, 100, 10


def main() -> None:
    """Measure each size, print, and end with one JSON line."""
    parser = argparse.ArgumentParser(description="Vector search by size.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000, 1_000_000])
    rows = [_measure(size) for size in parser.parse_args().sizes]
    names = ("p50 ms", "exact ms", "ratio", "recall@10", "MB", "of flat", "build s", "load s")
    print(f"{'passages':>9} {'index':14}" + "".join(f"{name:>10}" for name in names))
    for row in rows:
        keys = ("p50_ms", "exact_ms", "ratio", "recall", "megabytes", "of_flat", "build_s", "load_s")
        print(f"{row['passages']:9} {row['index']:14}" + "".join(f"{row[key]:10.3f}" for key in keys))
    print(json.dumps({"benchmark": "scale", "rows": rows, "machine": machine()}))


def _measure(size: int) -> dict[str, Any]:
    vectors, questions = clustered(size)
    began = time.perf_counter()
    index = FaissIndex.from_vectors(vectors)
    build = time.perf_counter() - began
    exact = FaissIndex.exact(vectors)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "vectors"
        index.save(path)
        megabytes = path.stat().st_size / 1e6
        began = time.perf_counter()
        index = FaissIndex.load(path)
        load = time.perf_counter() - began
    ours, theirs, found = [], [], 0
    for question in questions:
        began = time.perf_counter()
        mine = index.search(question[None], _K)[0]
        ours.append((time.perf_counter() - began) * 1000)
        began = time.perf_counter()
        true = exact.search(question[None], _K)[0]
        theirs.append((time.perf_counter() - began) * 1000)
        found += len({position for position, _ in mine} & {position for position, _ in true})
    return {
        "passages": size,
        "index": index.kind,
        "p50_ms": middle(ours),
        "exact_ms": middle(theirs),
        "ratio": middle([one / other for one, other in zip(ours, theirs, strict=True)]),
        "recall": round(found / (_QUESTIONS * _K), 4),
        "megabytes": round(megabytes, 1),
        "of_flat": round(megabytes * 1e6 / vectors.nbytes, 3),
        "build_s": round(build, 2),
        "load_s": round(load, 3),
    }


def clustered(size: int) -> tuple[Vectors, Vectors]:
    """Passages and questions: half of a vector's length is its cluster's centre, half its own."""
    chance = np.random.default_rng(17)
    centres = _unit(chance.standard_normal((max(20, size // 500), _DIMENSION), dtype=np.float32))
    popularity = chance.zipf(1.5, len(centres)).clip(max=200).astype(float)
    vectors = np.empty((size, _DIMENSION), dtype=np.float32)
    for begin in range(0, size, 100_000):
        rows = slice(begin, min(begin + 100_000, size))
        chosen = chance.choice(len(centres), rows.stop - begin, p=popularity / popularity.sum())
        vectors[rows] = _unit(centres[chosen] + _unit(chance.standard_normal((rows.stop - begin, _DIMENSION), dtype=np.float32)))
    near = vectors[chance.choice(size, _QUESTIONS)]
    return vectors, _unit(near + 0.7 * _unit(chance.standard_normal((_QUESTIONS, _DIMENSION), dtype=np.float32)))


def _unit(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


if __name__ == "__main__":
    main()
