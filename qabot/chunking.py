"""Article -> passages: whole paragraphs where they fit, 100-160 words, never more than the encoder reads.

A paragraph is what stands between empty lines. Short ones are joined, long ones cut between sentences, with one sentence of overlap there
and nowhere else: that is what the reader learned from, and less to read than passages of even size that begin anywhere
(`benchmarks.cuts`). Of all cuts of a section the cheapest is taken; where the article was cut before, its old cuts are kept as far as they
fit, so that one changed sentence does not move every cut after it.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import accumulate

from qabot.records import Article, Passage, Section
from qabot.sentences import sentences, strip

_EMPTY_LINE = re.compile(r"\n\s*\n")
# What a cut costs, in squares of the middle of the range; a size within the range costs a twentieth at most.
_WITHIN, _NO_OVERLAP, _CROSSED, _MOVED = 0.5, 0.6, 0.1, 2.0


@dataclass(frozen=True, slots=True)
class Chunking:
    """A passage's size, and which version of these rules cuts. Recorded in the index's manifest: another version cuts all anew."""

    min_words: int = 100
    max_words: int = 160
    overlap_sentences: int = 1
    max_tokens: int = 256
    version: int = 2


@dataclass(frozen=True, slots=True)
class _Sentence:
    start: int
    end: int
    words: int
    tokens: int
    opens: bool  # begins a paragraph


@dataclass(frozen=True, slots=True)
class _Sums:
    """Of the first n sentences, for each n: a passage's are a difference of two."""

    words: list[int]
    tokens: list[int]
    opened: list[int]  # paragraphs

    @classmethod
    def of(cls, pieces: Sequence[_Sentence]) -> "_Sums":
        rows = ([piece.words for piece in pieces], [piece.tokens for piece in pieces], [int(piece.opens) for piece in pieces])
        return cls(*(list(accumulate(row, initial=0)) for row in rows))


class SentenceSplitter:
    """`count_tokens` gives the encoder's word pieces of a text, special tokens included."""

    def __init__(self, count_tokens: Callable[[str], int], settings: Chunking = Chunking()) -> None:
        self._count, self._settings = count_tokens, settings

    def split(self, article: Article, before: Sequence[Passage] = ()) -> list[Passage]:
        """Passages in order, ids from 0, with `article.text[p.start:p.end] == p.text`.

        `before` is how an earlier text of the article was cut, in order.
        """
        passages: list[Passage] = []
        seams = _seams(before)
        for section in article.sections:
            for start, end in self._bounds(article, section, seams):
                text = article.text[start:end]
                place = _pages(article, start, end)
                where = (section.path, text, start, end, article.url, place, article.tags, article.language, article.date)
                passages.append(Passage(len(passages), article.path, article.title, *where))
        return passages

    def _bounds(self, article: Article, section: Section, seams: Collection[tuple[str, str]]) -> list[tuple[int, int]]:
        prefix = self._count(" > ".join((article.title, *section.path)) + "\n")
        room = max(16, self._settings.max_tokens - min(prefix, self._settings.max_tokens // 2))
        pieces = self._sentences(article.text, section, room, article.language)
        groups = self._groups(pieces, room, _settled([article.text[piece.start : piece.end] for piece in pieces], seams))
        return [(pieces[first].start, pieces[last].end) for first, last in groups]

    def _sentences(self, text: str, section: Section, room: int, language: str) -> list[_Sentence]:
        found: list[_Sentence] = []
        for a, b in sentences(text[section.start : section.end], language):
            start, end = section.start + a, section.start + b
            opens = not found or bool(_EMPTY_LINE.search(text, found[-1].end, start))
            found += self._fitting(text, start, end, room, opens)
        return found

    def _fitting(self, text: str, start: int, end: int, room: int, opens: bool) -> list[_Sentence]:
        """The sentence, or its halves' halves where it alone is too long."""
        piece = text[start:end]
        words, tokens = len(piece.split()), self._count(piece)
        if (words <= self._settings.max_words and tokens <= room) or end - start <= 1:
            return [_Sentence(start, end, words, tokens, opens)]
        middle = (end - start) // 2
        space = max(piece.rfind(" ", 1, middle + 1), piece.rfind("\n", 1, middle + 1))
        cut = start + (space if space > 0 else middle)
        halves = [strip(text, start, cut), strip(text, cut, end)]
        whole = [(a, b, opens and a == start) for a, b in halves if a < b]
        return [sentence for a, b, first in whole for sentence in self._fitting(text, a, b, room, first)]

    def _groups(self, pieces: list[_Sentence], room: int, settled: Collection[int]) -> list[tuple[int, int]]:
        """First and last sentence of each passage, both inclusive: of all cuts the cheapest."""
        sums = _Sums.of(pieces)
        best: list[tuple[float, int]] = [(0.0, 0)]  # for the first n sentences: the least cost, and where the last passage begins
        for end in range(1, len(pieces) + 1):
            options = []
            for begin in range(end - 1, -1, -1):
                if begin < end - 1 and not self._fits(sums, begin, end, room):
                    break
                options.append((best[begin][0] + self._cost(pieces, sums, begin, end, room) + self._moved(begin, end, settled), begin))
            best.append(min(options))
        groups, end = [], len(pieces)
        while end:
            begin = best[end][1]
            groups.append((self._with_overlap(pieces, sums, begin, end, room), end - 1))
            end = begin
        return groups[::-1]

    def _cost(self, pieces: list[_Sentence], sums: "_Sums", begin: int, end: int, room: int) -> float:
        """How far the passage, its overlap included, is from whole paragraphs of half the range."""
        least, middle = self._settings.min_words, (self._settings.min_words + self._settings.max_words) / 2
        first = self._with_overlap(pieces, sums, begin, end, room)
        words = sums.words[end] - sums.words[first]
        cost = (max(least - words, words - middle, 0) / middle) ** 2
        cost += _CROSSED * (sums.opened[end] - sums.opened[begin + 1])
        if begin and not pieces[begin].opens:
            cost += _WITHIN + (_NO_OVERLAP if first == begin and self._settings.overlap_sentences else 0)
        return cost

    def _moved(self, begin: int, end: int, settled: Collection[int]) -> float:
        """What a passage costs for a cut at its beginning that was not there before, and for each old cut inside it.

        It is more than a cut within a paragraph, so that only a passage that does not fit moves one.
        """
        if not settled:
            return 0
        return _MOVED * ((begin > 0 and begin not in settled) + sum(cut in settled for cut in range(begin + 1, end)))

    def _with_overlap(self, pieces: list[_Sentence], sums: "_Sums", begin: int, end: int, room: int) -> int:
        """Where the passage begins with the last sentences of its own paragraph in front, if there is room for them."""
        first = begin
        while first > max(0, begin - self._settings.overlap_sentences) and not pieces[first].opens:
            first -= 1
        return first if self._fits(sums, first, end, room) else begin

    def _fits(self, sums: "_Sums", begin: int, end: int, room: int) -> bool:
        return sums.words[end] - sums.words[begin] <= self._settings.max_words and sums.tokens[end] - sums.tokens[begin] <= room


def _pages(article: Article, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """The page that `start` stands on, and those that begin before `end`."""
    first = max(0, bisect_right(article.pages, start, key=lambda page: page[0]) - 1)
    return tuple(page for page in article.pages[first:] if page[0] < end)


def _seams(passages: Sequence[Passage]) -> set[tuple[str, str]]:
    """The sentence before and the sentence after each cut between passages of one section; overlap counts to the one before."""
    parts = [[passage.text[a:b] for a, b in sentences(passage.text, passage.language)] for passage in passages]
    found = set()
    for one, two, left, right in zip(passages, passages[1:], parts, parts[1:], strict=False):
        own = [sentence for (_, b), sentence in zip(sentences(two.text, two.language), right, strict=True) if two.start + b > one.end]
        if one.headings == two.headings and left and own:
            found.add((left[-1], own[0]))
    return found


def _settled(pieces: Sequence[str], seams: Collection[tuple[str, str]]) -> set[int]:
    """The places in `pieces` where there was a cut before: the sentence on either side of it is enough to know it by."""
    before, after = {left for left, _ in seams}, {right for _, right in seams}
    return {place for place in range(1, len(pieces)) if pieces[place - 1] in before or pieces[place] in after}
