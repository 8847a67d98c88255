"""Text -> where its sentences stand.

Sentence boundaries are punctuation marks before a space, unless an abbreviation or an initial made the mark; a line's end is one always.
"""

import re
from functools import lru_cache

from qabot.language import ABBREVIATIONS, DEFAULT

_NUMBERED = re.compile(r"(?:^|[\s(])(?:[Nn]os?|[Vv]ol|pp?|[Ff]igs?|[Cc]h)\.$")  # abbreviations before a figure only
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"'\u201c])(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Capt|Sgt|Rev|Hon|St|Jr|Sr|Sen|Rep|Gov|vs|etc|cf|ca|c|e\.g|i\.e|ed"
    r"|Inc|Ltd|Co|Corp|approx|(?:[A-Z]\.)+[A-Z])\.$"
)


def sentences(text: str, language: str = DEFAULT) -> list[tuple[int, int]]:
    """(start, end) of each sentence, outer space left off; a line's end ends a sentence. `language` adds its abbreviations."""
    return list(_sentences(text, language))


@lru_cache(maxsize=64)  # a question's passages are cut by the reader, by the rules and for the confidence
def _sentences(text: str, language: str) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    for line in re.finditer(r"[^\n]+", text):
        for start, end in _split_line(line.group(), ABBREVIATIONS.get(language)):
            start, end = strip(text, line.start() + start, line.start() + end)
            if start < end:
                found.append((start, end))
    return tuple(found)


def around(text: str, start: int, end: int, language: str = DEFAULT) -> tuple[int, int]:
    """Where the sentence, or sentences, begin and end that [start, end) stands in; all of `text` where it is in none."""
    touched = [(a, b) for a, b in sentences(text, language) if a < end and b > start] or [(0, len(text))]
    return touched[0][0], touched[-1][1]


def _split_line(line: str, abbreviations: re.Pattern[str] | None) -> list[tuple[int, int]]:
    """Sentences of one line, joined again where an abbreviation or an initial ended one."""
    if not line.strip():
        return []
    bounds, start = [], 0
    for match in re.finditer(r"[.!?\u2026\u3002\uff01\uff1f][\"'\u201d\u2019)\]]*(?:\s+|(?<=[\u3002\uff01\uff1f]))", line):
        before, following = line[max(0, start, match.start() - 20) : match.start() + 1], line[match.end() : match.end() + 1]
        if _ABBREVIATION.search(before) or (following.isdigit() and _NUMBERED.search(before)):
            continue
        if abbreviations and abbreviations.search(before):
            continue
        if following and (following.islower() or following in ",;:)"):
            continue
        bounds.append((start, match.end()))
        start = match.end()
    if start < len(line):
        bounds.append((start, len(line)))
    return bounds


def strip(text: str, start: int, end: int) -> tuple[int, int]:
    """The same place without outer space."""
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))
