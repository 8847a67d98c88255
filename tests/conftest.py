"""Fakes with computable answers, and a machine that tests cannot touch."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from qabot.records import Article, Hit, Passage, Section, Span, Vectors

ROOT = Path(__file__).parents[1]
LETTERS = "abcdefghijklmnopqrstuvwxyz"


class LetterEncoder:
    """A text's vector counts its letters a-z, so that equal bags of letters have cosine 1 and disjoint ones 0."""

    name = "letters"
    weights_sha256 = "0" * 64
    max_tokens = 256

    def count_tokens(self, text: str) -> int:
        """Words."""
        return len(text.split())

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None, asked: bool = False) -> Vectors:
        """Unit vectors, shape (len(texts), 26); a text without letters gets the first axis."""
        counts = np.array([[text.lower().count(letter) for letter in LETTERS] for text in texts], dtype=np.float32).reshape(-1, 26)
        counts[counts.sum(axis=1) == 0, 0] = 1
        if progress is not None:
            progress(len(texts))
        return np.asarray(counts / np.linalg.norm(counts, axis=1, keepdims=True), dtype=np.float32)


class WordReader:
    """Answers with each hit's first word that is not in the question; the margin is 5 minus the hit's place."""

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        """One span a hit."""
        asked, spans = set(question.lower().strip("?").split()), []
        for place, hit in enumerate(hits):
            text, start = hit.passage.text, 0
            for word in text.split():
                start = text.index(word, start)
                if word.lower().strip(".,") not in asked:
                    spans.append(Span(hit, start, start + len(word), 5.0 - place, 0.0))
                    break
                start += len(word)
        return spans


def passage(text: str, id: int = 0, title: str = "Title", article: str = "a.md", start: int = 0, headings: tuple[str, ...] = ()) -> Passage:
    """A passage that stands at `start` of its article."""
    return Passage(id, article, title, headings, text, start, start + len(text))


def article(text: str, path: str = "a.md", title: str = "Title") -> Article:
    """An article of one section."""
    return Article(path, title, text, (Section((), 0, len(text)),), "0" * 64)


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder of compiled models for the whole run and all its processes, so that each is compiled once (`models` locks it)."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "models"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(autouse=True)
def _own_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cache: Path) -> None:
    """No hub, no settings of the person who runs the tests."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in [name for name in os.environ if name.upper().startswith("QABOT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("QABOT_CACHE", str(cache))
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)
