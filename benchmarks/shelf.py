"""Articles and an encoder that need no model, for measurements of everything but answers."""

import random
from collections.abc import Callable, Sequence

import numpy as np

from qabot.records import Article, Section, Vectors

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_WORDS = (
    "river mill brewer council harbour miner strike teacher bridge winter market letter engine garden soldier bishop ledger copper "
    "founded burnt bought rebuilt opened closed painted measured carried sold counted repaired "
    "old narrow wooden northern quiet famous second broken early heavy"
).split()


class LetterEncoder:
    """A text's vector counts its letters a-z; `encoded` counts the texts that it was given."""

    name = "letters"
    weights_sha256 = "0" * 64
    max_tokens = 256

    def __init__(self) -> None:
        self.encoded = 0

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None, asked: bool = False) -> Vectors:
        """Unit vectors, shape (len(texts), 26)."""
        self.encoded += len(texts)
        counts = np.array([[text.lower().count(letter) for letter in _LETTERS] for text in texts], dtype=np.float32).reshape(-1, 26) + 1
        return np.asarray(counts / np.linalg.norm(counts, axis=1, keepdims=True), dtype=np.float32)

    def count_tokens(self, text: str) -> int:
        """Words."""
        return count_words(text)


def count_words(text: str) -> int:
    """Stands in for an encoder's count of tokens."""
    return len(text.split())


def made_article(number: int, sections: int, sentences: int, seed: int = 0) -> Article:
    """An article of random sentences: the same for the same numbers."""
    chance = random.Random(f"{seed}.{number}")
    text, bounds = "", []
    for section in range(sections):
        start = len(text)
        text += " ".join(_sentence(chance, number) for _ in range(sentences))
        bounds.append(Section((f"Part {section + 1}",), start, len(text)))
        text += "\n\n"
    return Article(f"{number}.md", f"Article {number}", text, tuple(bounds), f"{number:064x}")


def _sentence(chance: random.Random, number: int) -> str:
    words = [chance.choice(_WORDS) for _ in range(chance.randint(8, 22))]
    return f"{' '.join(words).capitalize()} in {1000 + number} and {chance.randint(1100, 1999)}."
