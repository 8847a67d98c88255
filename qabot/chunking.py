"""Article -> passages: whole sentences, 100-160 words, one sentence of overlap, never more than the encoder reads.

Sentence boundaries are punctuation marks before a space, unless an abbreviation or an initial made the mark. Of all cuts of a
section the one is taken whose passages are nearest to the middle of the range, so that no short tail is left; where the article was
cut before, its old cuts are kept as far as they fit, so that one changed sentence does not move every cut after it.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from qabot.language import ABBREVIATIONS, DEFAULT
from qabot.records import Article, Passage, Section

_NUMBERED = re.compile(r"(?:^|[\s(])(?:[Nn]os?|[Vv]ol|pp?|[Ff]igs?|[Cc]h)\.$")  # abbreviations before a figure only
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"'\u201c])(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Capt|Sgt|Rev|Hon|St|Jr|Sr|Sen|Rep|Gov|vs|etc|cf|ca|c|e\.g|i\.e|ed"
    r"|Inc|Ltd|Co|Corp|approx|(?:[A-Z]\.)+[A-Z])\.$"
)


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

    def _groups(self, pieces: list[_Sentence], room: int, settled: Collection[int]) -> list[tuple[int, int]]:
        """First and last sentence of each passage, both inclusive: the cut whose sizes are nearest to the middle of the range."""
        best: list[tuple[float, int]] = [(0.0, 0)]  # for the first n sentences: the least cost, and where the last passage begins
        for end in range(1, len(pieces) + 1):
            options = []
            for begin in range(end - 1, -1, -1):
                if begin < end - 1 and not self._fits(pieces[begin:end], room):
                    break
                options.append((best[begin][0] + self._cost(pieces, begin, end, room) + self._moved(begin, end, settled), begin))
            best.append(min(options))
        groups, end = [], len(pieces)
        while end:
            begin = best[end][1]
            groups.append((self._with_overlap(pieces, begin, end, room), end - 1))
            end = begin
        return groups[::-1]

    def _cost(self, pieces: list[_Sentence], begin: int, end: int, room: int) -> float:
        """How far the passage, its overlap included, is from the middle of the range; a missing overlap counts as half of it."""
        middle = (self._settings.min_words + self._settings.max_words) / 2
        first = self._with_overlap(pieces, begin, end, room)
        missing = bool(begin) and first == begin and self._settings.overlap_sentences > 0
        return (sum(piece.words for piece in pieces[first:end]) - middle) ** 2 + (middle**2 / 4 if missing else 0)

    def _moved(self, begin: int, end: int, settled: Collection[int]) -> float:
        """What a passage costs for a cut at its beginning that was not there before, and for each old cut inside it."""
        if not settled:
            return 0
        middle = (self._settings.min_words + self._settings.max_words) / 2
        moved = (begin > 0 and begin not in settled) + sum(cut in settled for cut in range(begin + 1, end))
        return moved * middle**2 / 2  # above what any fitting size costs, so that only a passage that does not fit moves a cut

    def _with_overlap(self, pieces: list[_Sentence], begin: int, end: int, room: int) -> int:
        """Where the passage begins with the last sentences of the one before in front, if there is room for them."""
        first = max(0, begin - self._settings.overlap_sentences)
        return first if self._fits(pieces[first:end], room) else begin

    def _fits(self, pieces: list[_Sentence], room: int) -> bool:
        return sum(piece.words for piece in pieces) <= self._settings.max_words and sum(piece.tokens for piece in pieces) <= room


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


def sentences(text: str, language: str = DEFAULT) -> list[tuple[int, int]]:
    """(start, end) of each sentence, outer space left off; a line's end ends a sentence. `language` adds its abbreviations."""
    return list(_sentences(text, language))


@lru_cache(maxsize=64)  # a question's passages are cut by the reader, by the rules and for the confidence
def _sentences(text: str, language: str) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    for line in re.finditer(r"[^\n]+", text):
        for start, end in _split_line(line.group(), ABBREVIATIONS.get(language)):
            start, end = _strip(text, line.start() + start, line.start() + end)
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


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))
