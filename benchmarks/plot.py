"""Draws results: the JSON lines that the benchmarks ended in, as they were kept.

    python -m benchmarks.cold ... | tail -n 1 >> benchmarks/results.jsonl
    python -m benchmarks.plot [benchmarks/results.jsonl]

Three panels: one cold question, one warm question, and a search by the number of passages. The last line of each benchmark counts.
"""

import argparse
import json
from pathlib import Path
from typing import Any

_RESULTS = Path(__file__).parent / "results.jsonl"


def main() -> None:
    """Read, draw, and say where."""
    parser = argparse.ArgumentParser(description="Draw the results of benchmarks.")
    parser.add_argument("results", type=Path, nargs="?", default=_RESULTS)
    given = parser.parse_args()
    found = {row["benchmark"]: row for row in map(json.loads, given.results.read_text(encoding="utf-8").splitlines())}
    target = given.results.with_suffix(".png")
    _draw(found, target)
    print(target)


def _draw(found: dict[str, Any], target: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, (cold, warm, scale) = pyplot.subplots(1, 3, figsize=(12, 3.6))
    _bars(cold, found.get("cold"), "seconds", "one cold question, s")
    _bars(warm, found.get("warm"), "p50_ms", "one warm question, p50 ms")
    rows = found.get("scale", {}).get("rows", [])
    for key, label in (("p50_ms", "as qabot searches"), ("exact_ms", "exact")):
        scale.plot([row["passages"] for row in rows], [row[key] for row in rows], marker="o", label=label)
    scale.set_xscale("log")
    scale.set_yscale("log")
    scale.set_title("vector search by passages, p50 ms")
    if rows:
        scale.legend()
    figure.tight_layout()
    figure.savefig(target, dpi=110)


def _bars(axes: Any, row: dict[str, Any] | None, key: str, title: str) -> None:
    axes.set_title(title)
    if row is None:
        return
    names = list(row["figures"])
    bars = axes.bar(names, [row["figures"][name][key] for name in names], color=["tab:green", *["tab:gray"] * (len(names) - 1)])
    axes.bar_label(bars)


if __name__ == "__main__":
    main()
