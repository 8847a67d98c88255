"""Encoders that workers of Ray make: one writes down what it encodes, one is slow, one is killed once."""

import os
import signal
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from qabot.records import Vectors
from tests.conftest import LetterEncoder


class NotingEncoder(LetterEncoder):
    """Appends a line a text to `folder`/encoded; waits, or dies once, before that."""

    def __init__(self, folder: Path, seconds: float = 0.0, deadly: str = "") -> None:
        self._folder, self._seconds, self._deadly = folder, seconds, deadly

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None, asked: bool = False) -> Vectors:
        """As LetterEncoder."""
        time.sleep(self._seconds)
        died = self._folder / "died"
        if self._deadly and any(self._deadly in text for text in texts) and not died.exists():
            died.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        with (self._folder / "encoded").open("a") as file:
            file.writelines(text.replace("\n", " ") + "\n" for text in texts)
        return super().encode(texts, progress, asked)


def noting(folder: Path, seconds: float = 0.0, deadly: str = "") -> Callable[[], NotingEncoder]:
    """What makes one, in whatever process."""
    return partial(NotingEncoder, folder, seconds, deadly)


def encoded(folder: Path) -> list[str]:
    """What was encoded so far, in no particular order."""
    return (folder / "encoded").read_text().splitlines() if (folder / "encoded").exists() else []
