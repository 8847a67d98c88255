"""Answers -> the one, if any, with which another article contradicts the first.

Only figures are compared, since two names may well be one person; and only where the other passage is on the same things: all of the
question's words that stand with the first answer stand with the other.
"""

import re
from collections.abc import Sequence

from qabot.records import Answer, Passage, Span

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_WORD = re.compile(r"\w{3,}")
_STEM = 5  # letters by which two forms of a word are the same
_LEAST = 0.5  # of the first answer's confidence


def conflicting(question: str, answers: Sequence[Answer]) -> Answer | None:
    """The likeliest answer from another article that gives other figures for the same question; `answers` likeliest first."""
    if not answers:
        return None
    first = answers[0]
    asked = _shared(question, first.span.hit.passage)
    for other in answers[1:]:
        passage = other.span.hit.passage
        elsewhere = may_contradict(first.span, passage)
        sure = other.confidence >= _LEAST * first.confidence and other.span.margin > 0
        if elsewhere and sure and _differ(first.span.text, other.span.text) and asked <= _shared(question, passage):
            return other
    return None


def may_contradict(span: Span, passage: Passage) -> bool:
    """Whether a passage could hold another figure than `span` says: it is of another article, and not the same text."""
    mine = span.hit.passage
    return passage.article != mine.article and passage.text != mine.text and bool(_FIGURE.search(span.text))


def _differ(one: str, two: str) -> bool:
    """Whether both are figures of one kind, and none of either is in the other: "1906" and "May 1907", but not "1906" and "12"."""
    left, right = (set(_FIGURE.findall(text)) for text in (one, two))
    years = [{figure for figure in figures if re.fullmatch(r"1\d{3}|20\d{2}", figure)} for figures in (left, right)]
    return bool(left and right) and not left & right and bool(years[0]) == bool(years[1])


def _shared(question: str, passage: Passage) -> set[str]:
    """The beginnings of the question's words that stand in the passage or over it."""
    there = {word[:_STEM] for word in _WORD.findall(passage.embedded_text.casefold())}
    return {word[:_STEM] for word in _WORD.findall(question.casefold())} & there
