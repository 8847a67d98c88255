"""What a format's parser gives, and how it becomes an article: blocks one after another, with every page's beginning."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from qabot.articles import ENDS
from qabot.dates import iso
from qabot.records import Article, Section

_KEPT = "\n\t"
_UNSEEN = ("Cc", "Cs", "Co", "Cn")


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (`depth` 1 to 6) or a stretch of prose (0). `pages` are (offset in `text`, number of the page that begins there)."""

    text: str
    depth: int = 0
    pages: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One text of a file. `name` tells it from others of the same file: a title, an inner path; "" where it is the only one.

    `date` is what the file states, in any form.
    """

    blocks: tuple[Block, ...]
    title: str = ""
    url: str | None = None
    name: str = ""
    date: str | None = None


def clean(text: str) -> str:
    """Lines of single spaces, without characters that cannot be seen or written."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(letter if letter in _KEPT or unicodedata.category(letter) not in _UNSEEN else " " for letter in text)
    lines = (" ".join(line.split()) for line in kept.replace("\u00ad", "").split("\n"))
    return "\n".join(line for line in lines if line)


def compose(document: Document, path: str, sha256: str, fallback: str) -> Article:
    """The article: blocks apart by an empty line, sections between headings without lists of links at an end.

    `fallback` is the title where the document names none.
    """
    parts: list[str] = []
    pages: list[tuple[int, int]] = []
    headings: list[tuple[int, int]] = []  # offset and depth
    prose: list[tuple[int, int]] = []  # start and end
    offset = 0
    for block in document.blocks:
        if not block.text:
            continue
        pages += [(offset + at, page) for at, page in block.pages]
        (headings if block.depth else prose).append((offset, block.depth or offset + len(block.text)))
        parts.append(block.text)
        offset += len(block.text) + 2
    text = "\n\n".join(parts)
    title = " ".join(clean(document.title).split()) or fallback
    sections = tuple(_sections(text, headings, prose, title))
    return Article(
        path, title, text, sections, sha256, web_address(document.url), None, tuple(_changes(pages)), language="", date=iso(document.date)
    )


def web_address(url: object) -> str | None:
    """The address where it is one of the web and can be shown, else None."""
    return url if isinstance(url, str) and re.fullmatch(r"https?://[^\s<>\"\x00-\x1f\x7f]{3,2000}", url) else None


def from_json(data: dict[str, Any]) -> Document:
    """What `dataclasses.asdict` made of a document. Raises TypeError or KeyError."""
    blocks = tuple(Block(str(b["text"]), int(b["depth"]), tuple((int(at), int(page)) for at, page in b["pages"])) for b in data["blocks"])
    return Document(blocks, str(data["title"]), data["url"], str(data["name"]), data["date"])


def _changes(pages: Iterable[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    last = None
    for offset, page in pages:
        if page != last:
            yield offset, page
        last = page


def _sections(text: str, headings: list[tuple[int, int]], prose: list[tuple[int, int]], title: str) -> Iterable[Section]:
    stops = [(offset, depth) for offset, depth in headings] + [(len(text) + 1, 0)]
    path: list[tuple[int, str]] = []
    skipped: int | None = None
    begin = 0
    for offset, depth in stops:
        inside = [bounds for bounds in prose if begin <= bounds[0] < offset]
        if inside and skipped is None:
            names = tuple(name for _, name in path if name and name != title)
            yield Section(names, inside[0][0], inside[-1][1])
        name = " ".join(text[offset:].split("\n\n", 1)[0].split()) if depth else ""
        if skipped is not None and depth <= skipped:
            skipped = None
        if skipped is None and name.lower() in ENDS:
            skipped = depth
        path = [*((outer, words) for outer, words in path if outer < depth), (depth, name)]
        begin = offset
