"""Two passages of different articles -> whether one says all that the other says, in the same words.

They do when they resemble each other (Broder 1997: Jaccard index of their runs of three words) and each sentence of the one stands in the
other word for word: capitals, punctuation, spaces and marks do not matter, nor does a sentence that is nothing but a date of printing. One
word more or another figure within a sentence does: it could be the answer, or the contradiction that is to be told.
"""

import re
from functools import lru_cache

from qabot.records import Passage
from qabot.sentences import sentences
from qabot.wording import MONTH

_ALIKE = 0.8
_RUN = 3
_WORD = re.compile(r"[-+\u2212$\u20ac\u00a3]?\d+(?:[.,:]\d+)*%?|[^\W_]+")
_PRINTED = frozenset(
    "updated update published posted printed reprinted revised modified actualizado publicado aktualisiert publi\u00e9".split()
)
_STAMPS = _PRINTED | MONTH | frozenset("last first on at of the date as by el de la fecha am stand zuletzt le mis \u00e0 jour".split())
_PARTS = 2  # of a date: a day and a year, a month and a year
_LONGEST_STAMP = 12  # words

Words = tuple[str, ...]


def holds(one: Passage, other: Passage) -> bool:
    """Whether `one` says all that `other`, of another article, says."""
    if one.article == other.article:
        return False
    mine, theirs = _runs(one.text, one.language), _runs(other.text, other.language)
    if len(mine & theirs) < _ALIKE * len(mine | theirs):
        return False
    said, rest = _said(one.text, one.language), iter(_said(other.text, other.language))
    sentence = next(rest, None)
    for candidate in said:  # in the same order
        if sentence is not None and candidate == sentence:
            sentence = next(rest, None)
    return sentence is None or _joined(said) == _joined(_said(other.text, other.language))


@lru_cache(maxsize=4_096)
def _said(text: str, language: str) -> tuple[Words, ...]:
    """The words of each sentence, but for dates of printing."""
    found = []
    for paragraph in text.split("\n\n"):
        line = " ".join(paragraph.split())  # where the lines of a paragraph end says nothing
        found += [tuple(word.casefold() for word in _WORD.findall(line[start:end])) for start, end in sentences(line, language)]
    return tuple(words for words in found if words and not _is_stamp(words))


@lru_cache(maxsize=4_096)
def _runs(text: str, language: str) -> frozenset[Words]:
    words = _joined(_said(text, language))
    return frozenset(words[place : place + _RUN] for place in range(max(1, len(words) - _RUN + 1)))


def _joined(said: tuple[Words, ...]) -> Words:
    return tuple(word for words in said for word in words)


def _is_stamp(words: Words) -> bool:
    """A day or a month of a year, and beside it nothing but words such as "updated", one of them at least."""
    figures = [word for word in words if word[-1].isdigit()]
    rest = [word for word in words if not word[-1].isdigit()]
    exact = len(figures) + len(MONTH.intersection(rest)) >= _PARTS
    return exact and len(words) <= _LONGEST_STAMP and _STAMPS.issuperset(rest) and bool(_PRINTED.intersection(rest))


def place(text: str, answer: str, near: int) -> int | None:
    """Where the words stand in another passage that says the same: the place nearest to `near`, None where they do not."""
    found = [match.start() for match in re.finditer(re.escape(answer), text)]
    return min(found, key=lambda start: abs(start - near), default=None)
