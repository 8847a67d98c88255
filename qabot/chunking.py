"""Article -> passages: whole sentences, 100-160 words, one sentence of overlap, never more than the encoder reads.

Sentence boundaries are punctuation marks before a space, unless an abbreviation or an initial made
the mark. Sentences are dealt out evenly over a section's passages, so that no short tail is left.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from qabot.records import Article, Passage, Section

_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"'\u201c])(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Capt|Sgt|Rev|Hon|St|Jr|Sr|Sen|Rep|Gov|vs|etc|cf|ca|c|e\.g|i\.e|No|Nos|vol|pp|p|ed"
    r"|Inc|Ltd|Co|Corp|approx|(?:[A-Z]\.)+[A-Z])\.$"
)
_BLOCK = 2_000  # characters that the sentence splitter is given at a time


@dataclass(frozen=True, slots=True)
class Chunking:
    """A passage's size. Recorded in the index's manifest."""

    min_words: int = 100
    max_words: int = 160
    overlap_sentences: int = 1
    max_tokens: int = 256


@dataclass(frozen=True, slots=True)
class _Sentence:
    start: int
    end: int
    words: int
    tokens: int


class SentenceSplitter:
    """`count_tokens` gives the encoder's word pieces of a text, special tokens included."""

    def __init__(self, count_tokens: Callable[[str], int], settings: Chunking = Chunking()) -> None:
        self._count, self._settings = count_tokens, settings

    def split(self, article: Article) -> list[Passage]:
        """Passages in order, ids from 0, with `article.text[p.start:p.end] == p.text`."""
        passages: list[Passage] = []
        for section in article.sections:
            for start, end in self._bounds(article, section):
                text = article.text[start:end]
                passages.append(Passage(len(passages), article.path, article.title, section.path, text, start, end, article.url))
        return passages

    def _bounds(self, article: Article, section: Section) -> list[tuple[int, int]]:
        prefix = self._count(" > ".join((article.title, *section.path)) + "\n")
        room = max(16, self._settings.max_tokens - min(prefix, self._settings.max_tokens // 2))
        pieces = self._sentences(article.text, section, room)
        groups = self._groups(pieces, room)
        return [(pieces[first].start, pieces[last].end) for first, last in groups]

    def _sentences(self, text: str, section: Section, room: int) -> list[_Sentence]:
        found: list[_Sentence] = []
        for a, b in sentences(text[section.start : section.end]):
            start, end = section.start + a, section.start + b
            found += self._fitting(text, start, end, room)
        return found

    def _fitting(self, text: str, start: int, end: int, room: int) -> list[_Sentence]:
        """The sentence, or its halves' halves where it alone is too long."""
        piece = text[start:end]
        words, tokens = len(piece.split()), self._count(piece)
        if (words <= self._settings.max_words and tokens <= room) or end - start <= 1:
            return [_Sentence(start, end, words, tokens)]
        middle = (end - start) // 2
        space = max(piece.rfind(" ", 1, middle + 1), piece.rfind("\n", 1, middle + 1))
        cut = start + (space if space > 0 else middle)
        halves = [_strip(text, start, cut), _strip(text, cut, end)]
        return [sentence for a, b in halves if a < b for sentence in self._fitting(text, a, b, room)]

    def _groups(self, pieces: list[_Sentence], room: int) -> list[tuple[int, int]]:
        """First and last sentence of each passage, both inclusive."""
        total = sum(piece.words for piece in pieces)
        count = max(1, -(-total // self._settings.max_words))
        goal = max(self._settings.min_words, min(self._settings.max_words, total / count))
        groups, first = [], 0
        while first < len(pieces):
            last, words, tokens = first, pieces[first].words, pieces[first].tokens
            while last + 1 < len(pieces):
                more = pieces[last + 1]
                if words + more.words > self._settings.max_words or tokens + more.tokens > room or words + more.words / 2 > goal:
                    break
                last, words, tokens = last + 1, words + more.words, tokens + more.tokens
            groups.append((first, last))
            first = last + 1
        return [self._overlapped(pieces, groups, place, room) for place in range(len(groups))]

    def _overlapped(self, pieces: list[_Sentence], groups: list[tuple[int, int]], place: int, room: int) -> tuple[int, int]:
        """The group with the last sentence of the one before in front, where there is room for it."""
        first, last = groups[place]
        for _ in range(self._settings.overlap_sentences if place else 0):
            wider = pieces[first - 1 : last + 1] if first else []
            words, tokens = sum(p.words for p in wider), sum(p.tokens for p in wider)
            if wider and words <= self._settings.max_words and tokens <= room:
                first -= 1
        return first, last


def sentences(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence, outer space left off; a line's end ends a sentence."""
    found: list[tuple[int, int]] = []
    for line in re.finditer(r"[^\n]+", text):
        for start, end in _split_line(line.group()):
            start, end = _strip(text, line.start() + start, line.start() + end)
            if start < end:
                found.append((start, end))
    return found


def _split_line(line: str) -> list[tuple[int, int]]:
    """Sentences of one line, joined again where an abbreviation or an initial ended one."""
    if not line.strip():
        return []
    bounds, start = [], 0
    for match in re.finditer(r"[.!?\u2026\u3002\uff01\uff1f][\"'\u201d\u2019)\]]*(?:\s+|(?<=[\u3002\uff01\uff1f]))", line):
        if _ABBREVIATION.search(line[max(0, start, match.start() - 20) : match.start() + 1]):
            continue
        following = line[match.end() : match.end() + 1]
        if following and (following.islower() or following in ",;:)"):
            continue
        bounds.append((start, match.end()))
        start = match.end()
    if start < len(line):
        bounds.append((start, len(line)))
    return bounds


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))
