"""Whole processes measured from outside: wall time and peak memory, and peers that answer line by line."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

PEERS = Path(__file__).parent / "peers"
PEER_NAMES = ("haystack", "txtai")


@dataclass(frozen=True, slots=True)
class Cost:
    """One finished process: seconds from start to end, and its largest resident memory in MB."""

    seconds: float
    megabytes: float
    output: str


def run(command: Sequence[str], stdin: str = "") -> Cost:
    """Run to the end. Raises RuntimeError with what it wrote to stderr where it fails."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=_environment()
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdin.write(stdin)
    process.stdin.close()
    output, errors = process.stdout.read(), process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    took = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{errors[-2000:]}")
    return Cost(took, usage.ru_maxrss / 1024, output)


class Peer:
    """A peer that is kept running: a question in, its answer and its own milliseconds out."""

    def __init__(self, command: Sequence[str]) -> None:
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=_environment()
        )

    def ask(self, question: str) -> tuple[str, float]:
        """The answer, and the milliseconds from question to answer inside the peer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{' '.join(question.split())}\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the peer ended before it answered: run its script by hand to see why")
        found: dict[str, Any] = json.loads(line)
        return str(found["answer"]), float(found["ms"])

    def close(self) -> None:
        """Let it end."""
        self._process.communicate()


def peer_command(name: str, python: Path, encoder: Path, reader: Path, passages: Path, k: int) -> list[str]:
    """The command of the peer `name` in its own environment."""
    return [str(python), str(PEERS / f"{name}_peer.py"), str(encoder), str(reader), str(passages), str(k)]


def machine() -> dict[str, Any]:
    """What a figure was measured on."""
    from importlib.metadata import version

    libraries = ("onnxruntime", "faiss-cpu", "numpy", "torch", "sentence-transformers")
    return {"python": sys.version.split()[0], "cpus": os.cpu_count(), **{name: version(name) for name in libraries}}


def middle(values: Sequence[float], digits: int = 3) -> float:
    """The median, rounded."""
    return round(median(values), digits)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the others are."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def _environment() -> dict[str, str]:
    return {**os.environ, "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false", "HAYSTACK_TELEMETRY_ENABLED": "False"}
