"""Lines of printed pages -> blocks: running heads and feet dropped, columns in order, hyphens mended, headings by their size.

Pure functions over `Line`: nothing here knows PDF. Coordinates are points from the page's lower left corner.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from qabot.loaders.document import Block, clean

_MARGIN = 0.13  # of the page's height, above and below, where running heads and feet stand
_NUMBER = re.compile(r"(?:page|seite|p\u00e1gina|p\.)?\s*[\W_]*(?:\d+|[ivxlc]+)[\W_]*(?:(?:of|von|de|/)\s*\d+)?[\W_]*", re.IGNORECASE)
_AFTER_A_PART = ("and", "or", "und", "oder", "bis", "y", "o", "et", "ou", "e", "to")  # "pre- and post-war"
_HEADING_RATIO, _HEADING_LENGTH = 1.15, 120
_APART = 2.5  # letters' sizes between base lines: what follows is another part of the page
_COLUMN_WORDS = 3.0  # words a line, on average: fewer are a table's cells


@dataclass(frozen=True, slots=True)
class Line:
    """A run of words on one base line. `broken`: it ends in a hyphen that breaks a word; `bold`: all of it; `row`: a table's cells."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float
    bold: bool = False
    broken: bool = False
    row: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of one page, in the order in which the file has them; `number` counts from 1."""

    number: int
    height: float
    lines: tuple[Line, ...]


def without_margins(pages: Sequence[Page]) -> list[Page]:
    """The pages without lines in the margins that return on others, figures aside, and without bare page numbers there."""
    seen = Counter(key for page in pages for key in {_margin_key(page, line) for line in page.lines} if key)
    enough = max(2, len(pages) // 4)

    def runs(page: Page, line: Line) -> bool:
        key = _margin_key(page, line)
        return bool(key) and (seen[key] >= enough or bool(_NUMBER.fullmatch(line.text.strip())))

    return [Page(page.number, page.height, tuple(line for line in page.lines if not runs(page, line))) for page in pages]


def _margin_key(page: Page, line: Line) -> str:
    """What a running line has in common with its like: the edge, its height there, and its words without figures."""
    middle = (line.top + line.bottom) / 2
    if page.height * _MARGIN < middle < page.height * (1 - _MARGIN) or not line.text.strip():
        return ""
    return f"{round(middle / page.height * 50)} {re.sub(r'[0-9]+', '#', line.text.strip().lower())}"


def in_columns(lines: Sequence[Line]) -> list[Line]:
    """The lines in reading order: where a file goes across two columns line by line, the left one first.

    Lines side by side are columns where one gutter parts them all and they are prose on both sides; else, where several such stand one
    above the other, they are a table, and each row is joined to one line.
    """
    rows: list[list[Line]] = []
    for line in lines:
        same = rows and abs(rows[-1][-1].bottom - line.bottom) < line.size / 2 and line.left > rows[-1][-1].right
        rows[-1].append(line) if same else rows.append([line])
    ordered: list[Line] = []
    place = 0
    while place < len(rows):
        end = place
        while end < len(rows) and (end == place or not _apart(rows[end - 1], rows[end])) and _parted(rows[place : end + 1]):
            end += 1
        if end - place >= 3 and _is_prose(rows[place:end]):
            gutter, inside = _gutter(rows[place:end]), [line for row in rows[place:end] for line in row]
            ordered += [line for line in inside if line.left < gutter] + [line for line in inside if line.left >= gutter]
            place = end
        else:
            beside = [len(row) for row in rows[max(0, place - 1) : place + 2]]
            ordered += [_joined(rows[place])] if len(rows[place]) > 1 and sum(cells > 1 for cells in beside) > 1 else rows[place]
            place += 1
    return ordered


def _apart(above: Sequence[Line], below: Sequence[Line]) -> bool:
    return above[0].bottom - below[0].bottom > _APART * max(above[0].size, 1)


def _joined(row: Sequence[Line]) -> Line:
    """A table's row as one line."""
    first, last = row[0], row[-1]
    text = " | ".join(line.text.strip() for line in row)
    return Line(text, first.left, first.bottom, last.right, first.top, first.size, all(line.bold for line in row), row=True)


def _gutter(rows: Sequence[Sequence[Line]]) -> float:
    return min(row[1].left for row in rows if len(row) > 1)


def _parted(rows: Sequence[Sequence[Line]]) -> bool:
    """Whether one gutter parts all rows into two, of which the first row has both."""
    if len(rows[0]) != 2 or any(len(row) > 2 for row in rows):
        return False
    gutter = _gutter(rows)
    return all(line.right <= gutter + 1 or line.left >= gutter - 1 for row in rows for line in row)


def _is_prose(rows: Sequence[Sequence[Line]]) -> bool:
    sides = [[len(row[side].text.split()) for row in rows if len(row) == 2] for side in (0, 1)]
    return all(side and sum(side) / len(side) >= _COLUMN_WORDS for side in sides)


def to_blocks(pages: Sequence[Page]) -> list[Block]:
    """Paragraphs and headings, a paragraph going on over the page's end, each with the pages that it stands on."""
    body = _body_size(pages)
    known = {word.lower() for page in pages for line in page.lines for word in re.findall(r"\w+-\w+", line.text)}
    sizes = sorted({round(line.size) for page in pages for line in page.lines if _is_heading(line, body)}, reverse=True)
    paragraph, found = _Paragraph(known), []
    before: Line | None = None
    for page in pages:
        lines = in_columns(page.lines)
        pitch, width = _pitch(lines), max((line.right - line.left for line in lines), default=0.0)
        for line in lines:
            depth = min(6, 1 + sizes.index(round(line.size))) if _is_heading(line, body) else 0
            if before is not None and (depth != paragraph.depth or line.row or before.row or _ends(before, line, pitch, width)):
                found += paragraph.taken()
            paragraph.add(line, depth, page.number)
            before = line
    return [*found, *paragraph.taken()]


class _Paragraph:
    """Lines that are gathered into one block."""

    def __init__(self, known: set[str]) -> None:
        self._known, self.depth = known, 0
        self._text, self._pages, self._broken = "", [], False  # type: str, list[tuple[int, int]], bool

    def add(self, line: Line, depth: int, page: int) -> None:
        words = clean(line.text).replace("\n", " ")
        if not words:
            return
        joint = " " if self._text else ""
        if self._broken or (re.search(r"\w-$", self._text) and words.split()[0].lower() not in _AFTER_A_PART):
            self._text, joint = self._text.removesuffix("-"), self._hyphen(words)
        if not self._pages or self._pages[-1][1] != page:
            self._pages.append((len(self._text) + len(joint), page))
        self._text, self.depth, self._broken = self._text + joint + words, depth, line.broken

    def _hyphen(self, words: str) -> str:
        """A hyphen at a line's end is part of the word where the file has the word with it elsewhere."""
        left, right = re.search(r"\w*$", self._text), re.match(r"\w*", words)
        whole = f"{left.group()}-{right.group()}" if left and right else ""
        return "-" if whole.lower() in self._known or not words[0].islower() else ""

    def taken(self) -> list[Block]:
        block = Block(self._text, self.depth, tuple(self._pages))
        self._text, self._pages, self._broken, self.depth = "", [], False, 0
        return [block] if block.text else []


def _body_size(pages: Sequence[Page]) -> float:
    letters = Counter[float]()
    for page in pages:
        for line in page.lines:
            letters[round(line.size, 1)] += len(line.text)
    return letters.most_common(1)[0][0] if letters else 0.0


def _is_heading(line: Line, body: float) -> bool:
    words = line.text.strip()
    large = not line.row and (line.size >= body * _HEADING_RATIO or (line.bold and line.size >= body))
    return large and 0 < len(words) <= _HEADING_LENGTH and any(letter.isalpha() for letter in words) and words[-1] not in ".,;:"


def _pitch(lines: Sequence[Line]) -> float:
    steps = [a.bottom - b.bottom for a, b in pairwise(lines) if 0 < a.bottom - b.bottom < 4 * a.size]
    return median(steps) if steps else 0.0


def _ends(before: Line, line: Line, pitch: float, width: float) -> bool:
    """Whether a paragraph ends between two lines: a wider step, a last line that is short, or a new part of the page after its end."""
    step = before.bottom - line.bottom
    finished = before.text.rstrip().endswith((".", "!", "?", ":", "\u201d", '"'))
    if pitch and step > 1.45 * pitch:
        return True
    short = before.right - before.left < 0.8 * width and not before.broken
    return finished and (short or line.left - before.left > line.size)
