"""kill -9 at random moments of a rebuild: does the index answer as before or as after, never otherwise?

    python -m benchmarks.kill [--kills 200]

A process of its own rebuilds an index, alternating between two shelves with different answers, and is killed at a moment drawn evenly
over a rebuild's time; kills that come after its end are not counted. Then the index is loaded and asked: every passage, vector and
ranking must equal one of the two states, and the next build must succeed. One work in five is a rollback. Runs the real `build`,
`store` and indexes with an encoder that needs no model. Ends in one JSON line; exit code 1 where anything fails.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks.shelf import LetterEncoder, count_words, made_article
from qabot import store
from qabot.build import build
from qabot.chunking import Chunking, SentenceSplitter
from qabot.errors import QabotError
from qabot.records import Article
from qabot.rollback import rollback

_ASKED = ("Who rebuilt the old mill?", "When was the harbour opened?", "copper ledger", "the narrow bridge")
_KINDS = ("killed", "rollbacks killed", "as before", "as after", "otherwise", "next build failed", "ended before the kill")

State = tuple[object, ...]


def main() -> None:
    """Kill, look, build again."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", nargs=2, metavar=("FOLDER", "SHELF"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.work:
        _work(Path(arguments.work[0]), arguments.work[1])
        return
    chance, counts = random.Random(arguments.seed), Counter[str]()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "index"
        states = [_built(folder, 0), _built(folder, 1)]
        assert states[0] != states[1]
        lengths = {kind: _seconds(folder, kind) for kind in ("rollback", "0")}
        live = _next(folder, states, counts, 1)
        while counts["killed"] < arguments.kills:
            rolled = chance.random() < 0.2
            took = _killed(folder, "rollback" if rolled else str(1 - live), chance.uniform(0, lengths["rollback" if rolled else "0"]))
            counts.update(["killed", _seen(folder, states, live)] if took else ["ended before the kill"])
            counts["rollbacks killed"] += took and rolled
            live = _next(folder, states, counts, chance.randint(0, 1))
    failed = counts["otherwise"] + counts["next build failed"]
    print("\n".join(f"{kind:24}{counts[kind]:>6}" for kind in _KINDS))
    print(json.dumps({"benchmark": "kill", **{kind.replace(" ", "_"): counts[kind] for kind in _KINDS}, "failed": failed}))
    sys.exit(1 if failed else 0)


def _work(folder: Path, shelf: str) -> None:
    """The process that is killed: ready, then to work on a sign."""
    SentenceSplitter(count_words).split(made_article(0, 1, 1))
    _built(folder.parent / "warm", 0)  # so that no import is left for later
    print("ready", flush=True)
    sys.stdin.readline()
    rollback(folder) if shelf == "rollback" else _build(folder, int(shelf))
    print("done", flush=True)


def _shelf(number: int) -> list[Article]:
    return [made_article(place, 4, 30, number) for place in range(8)]


def _build(folder: Path, number: int) -> None:
    build(_shelf(number), folder, SentenceSplitter(count_words), LetterEncoder(), Chunking(), full=True)


def _built(folder: Path, number: int) -> State:
    _build(folder, number)
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


def _next(folder: Path, states: list[State], counts: Counter[str], which: int) -> int:
    """Build once more; the other state is built first, so that a rollback from here has somewhere else to go."""
    try:
        for place in (1 - which, which):
            counts["next build failed"] += _built(folder, place) != states[place]
    except QabotError as error:
        print(f"next build: {error}")
        counts["next build failed"] += 1
    return which


def _started(folder: Path, work: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "benchmarks.kill", "--work", str(folder), work]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    return process


def _go(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    process.stdin.write(b"\n")
    process.stdin.flush()


def _seconds(folder: Path, work: str) -> float:
    """How long the work takes when nobody kills it."""
    with _started(folder, work) as process:
        began = time.perf_counter()
        _go(process)
        assert process.stdout is not None
        assert process.stdout.readline() == b"done\n"
        return time.perf_counter() - began


def _killed(folder: Path, work: str, delay: float) -> bool:
    """Start the work and kill it after `delay` seconds; False when it had ended by itself."""
    with _started(folder, work) as process:
        _go(process)
        time.sleep(delay)
        process.kill()
        assert process.stdout is not None
        return b"done" not in process.stdout.read()


if __name__ == "__main__":
    main()
