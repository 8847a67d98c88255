"""A question and its paragraph -> one training pair of the size that the index's passages have.

A reader that only ever sees whole paragraphs learns where answers stand in paragraphs. Cutting a window of random
length around a random place for the answer makes it learn the words instead, and costs fewer tokens.
"""

import random
import re
from dataclasses import dataclass

from qabot.training.squad import Question

_WORD = re.compile(r"\S+")
_MIN_WORDS, _MAX_WORDS = 60, 160


@dataclass(frozen=True, slots=True)
class Pair:
    """One example. `start` and `end` are character offsets into `context`; both -1 where there is no answer."""

    question: str
    context: str
    start: int
    end: int


def cut(question: Question, chance: random.Random) -> Pair:
    """The question with a window of 60-160 words of its paragraph, and the title in front half of the time.

    Of several gold answers one is drawn. The window holds the answer whole, at a random place.
    """
    text, start = chance.choice(question.answers) if question.answers else ("", 0)
    words = [(match.start(), match.end()) for match in _WORD.finditer(question.context)]
    if not words:
        return Pair(question.text, question.context, -1, -1)
    left, right = _window(words, start, start + len(text), chance)
    heading = f"{question.title}\n" if question.title and chance.random() < 0.5 else ""
    context = heading + question.context[left:right]
    if not text:
        return Pair(question.text, context, -1, -1)
    begin = start - left + len(heading)
    return Pair(question.text, context, begin, begin + len(text))


def _window(words: list[tuple[int, int]], start: int, end: int, chance: random.Random) -> tuple[int, int]:
    """Character bounds of a window of words that holds [start, end)."""
    size = chance.randint(_MIN_WORDS, _MAX_WORDS)
    first = max((i for i, word in enumerate(words) if word[0] <= start), default=0)
    last = max((i for i, word in enumerate(words) if word[0] < max(end, start + 1)), default=first)
    if len(words) <= size:
        return 0, words[-1][1]
    if end == start:  # no answer: any window will do
        begin = chance.randint(0, len(words) - size)
    else:
        lowest, highest = max(0, last - size + 1), min(first, len(words) - size)
        begin = chance.randint(lowest, highest) if lowest <= highest else first
    stop = max(begin + size - 1, last)
    return words[begin][0], words[min(stop, len(words) - 1)][1]
