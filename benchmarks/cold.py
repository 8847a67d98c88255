"""One question from a cold start: whole processes, qabot beside Haystack and txtai, same weights, same passages, in turn.

    python -m benchmarks.cold [--peers .venv-peers/bin/python] [--runs 5]

The peers' passages are encoded beforehand, as qabot's index is. Prints wall time and peak memory (medians) and one JSON line.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from benchmarks.process import PEER_NAMES, machine, middle, peer_command, run
from qabot import store
from qabot.encoder import packaged_folder
from qabot.reader import EMBEDDED, reader_folder
from qabot.records import Passage

_ROOT = Path(__file__).parents[1]
_QUESTION = "Who overthrew Torres?"


def main() -> None:
    """Run A B C A B C ..., print, and end with one JSON line."""
    parser = argparse.ArgumentParser(description="One question from a cold start.")
    parser.add_argument("--peers", type=Path, help="the Python of the peers' environment; without it only qabot is measured")
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    index = _ROOT / "index"
    with tempfile.TemporaryDirectory() as folder:
        passages = write_passages(list(store.load(index).passages), Path(folder) / "passages.jsonl")
        reader = reader_folder(EMBEDDED)
        assert reader is not None
        commands = {"qabot": [sys.executable, "-m", "qabot", "ask", _QUESTION, "--index", str(index)]}
        for name in PEER_NAMES if given.peers else ():
            commands[name] = peer_command(name, given.peers, packaged_folder(), reader, passages, 5)
        costs = {
            name: [run(command, f"{_QUESTION}\n") for _ in range(given.runs + 1)][1:]
            for name, command in commands.items()
            if not given.peers
        }
        if given.peers:
            rounds = [{name: run(command, f"{_QUESTION}\n") for name, command in commands.items()} for _ in range(given.runs + 1)]
            costs = {name: [costs[name] for costs in rounds[1:]] for name in commands}  # the first round fills caches
    figures = {
        name: {"seconds": middle([cost.seconds for cost in found]), "megabytes": middle([cost.megabytes for cost in found], 0)}
        for name, found in costs.items()
    }
    for name, row in figures.items():
        ratio = f"  qabot takes {figures['qabot']['seconds'] / row['seconds']:.3f} of it" if name != "qabot" else ""
        print(f"{name:10} {row['seconds']:7.2f} s {row['megabytes']:7.0f} MB{ratio}   {costs[name][0].output.strip().splitlines()[0][:60]}")
    print(json.dumps({"benchmark": "cold", "runs": given.runs, "figures": figures, "machine": machine()}))


def write_passages(passages: tuple[Passage, ...] | list[Passage], path: Path) -> Path:
    """The passages as the peers read them."""
    path.write_text("".join(json.dumps({"title": p.title, "text": p.text}) + "\n" for p in passages), encoding="utf-8")
    return path


if __name__ == "__main__":
    main()
