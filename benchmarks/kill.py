"""kill -9 at random moments of a rebuild: does the index answer as before or as after, never otherwise?

    python -m benchmarks.kill [--kills 200]

A forked process rebuilds an index, alternating between two shelves with different answers, and is killed at a moment drawn evenly
over a rebuild's time; kills that come after its end are not counted. Then the index is loaded and asked: every passage, vector and
ranking must equal one of the two states, and the next build must succeed. Now and then a rollback is killed instead. Runs the real
`build`, `store` and indexes with an encoder that needs no model. POSIX only. Ends in one JSON line; exit code 1 where anything fails.
"""

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks.shelf import LetterEncoder, count_words, made_article
from qabot import store
from qabot.build import build
from qabot.chunking import Chunking, SentenceSplitter
from qabot.errors import QabotError
from qabot.records import Article

_CHUNKING = Chunking()
_ASKED = ("Who rebuilt the old mill?", "When was the harbour opened?", "copper ledger", "the narrow bridge")

State = tuple[object, ...]


def main() -> None:
    """Kill, look, build again."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    chance, counts = random.Random(arguments.seed), Counter[str]()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "index"
        shelves = [[made_article(n, 4, 30, seed) for n in range(8)] for seed in (1, 2)]
        states = [_built(folder, shelf) for shelf in shelves]
        assert states[0] != states[1]
        live = 1
        while counts["killed"] < arguments.kills:
            rolled = chance.random() < 0.2
            work = partial(store.rollback, folder) if rolled else partial(_build, folder, shelves[1 - live])
            if not _killed(work, chance.uniform(0, _seconds(folder, shelves, live, rolled))):
                counts["ended before the kill"] += 1
            else:
                counts["killed"] += 1
                counts["rollbacks killed"] += rolled
                counts[_seen(folder, states, live)] += 1
            live = _next(folder, shelves, states, counts, chance.randint(0, 1))
    failed = counts["otherwise"] + counts["next build failed"]
    for key in ("killed", "rollbacks killed", "as before", "as after", "otherwise", "next build failed", "ended before the kill"):
        print(f"{key:24}{counts[key]:>6}")
    print(json.dumps({"benchmark": "kill", **{key.replace(" ", "_"): count for key, count in sorted(counts.items())}, "failed": failed}))
    sys.exit(1 if failed else 0)


def _build(folder: Path, shelf: list[Article]) -> store.Manifest:
    return build(shelf, folder, SentenceSplitter(count_words, _CHUNKING), LetterEncoder(), _CHUNKING)


def _built(folder: Path, shelf: list[Article]) -> State:
    _build(folder, shelf)
    return _state(folder)


def _state(folder: Path) -> State:
    """All that an index says: passages, vectors, and the ranking of every question with its scores."""
    index = store.load(folder)
    dense = index.vectors.search(LetterEncoder().encode(_ASKED), 5)
    return index.passages, index.vectors.vectors().tobytes(), str(dense), str([index.words.search(question, 5) for question in _ASKED])


def _seen(folder: Path, states: list[State], live: int) -> str:
    try:
        state = _state(folder)
    except QabotError as error:
        print(f"refused: {error}")
        return "otherwise"
    return "as before" if state == states[live] else "as after" if state == states[1 - live] else "otherwise"


def _next(folder: Path, shelves: list[list[Article]], states: list[State], counts: Counter[str], which: int) -> int:
    """Build once more; the other state is built first, so that a rollback from here has somewhere else to go."""
    try:
        for place in (1 - which, which):
            if _built(folder, shelves[place]) != states[place]:
                counts["next build failed"] += 1
    except QabotError as error:
        print(f"next build: {error}")
        counts["next build failed"] += 1
    return which


def _seconds(folder: Path, shelves: list[list[Article]], live: int, rolled: bool) -> float:
    """How long the work takes now: measured on a copy of nothing, beside the index."""
    began = time.perf_counter()
    if rolled:
        store.load(folder)
    else:
        with tempfile.TemporaryDirectory() as name:
            _build(Path(name), shelves[1 - live])
    return time.perf_counter() - began


def _killed(work: Callable[[], object], delay: float) -> bool:
    """Do `work` in a process of its own and kill it after `delay` seconds; False when it had ended by itself."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    main()
