"""A file -> Article: Markdown with front matter, or plain text. Offsets point into the whole text of the file as read."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qabot.dates import iso
from qabot.errors import ArticleError
from qabot.records import Article, Section

MAX_BYTES = 20_000_000
SUFFIXES = (".md", ".markdown", ".txt")
_LONG = 20_000  # lines, below a second of parsing
_MAX_MATTER = 100_000  # characters
_LONGEST_HEADING = 1_000
_PARAGRAPH = 12  # words
_MAY_BE_HEADING = re.compile(r"^ {0,3}(?:#{1,6}(?:[ \t]|$)|(?:=+|-+)[ \t]*$)", re.MULTILINE)
_MARKED = re.compile(r"[*_`\[\]<>&\\!]")
ENDS = {  # headings of what ends an article and says nothing
    "see also",
    "references",
    "notes",
    "external links",
    "further reading",
    "bibliography",
    "sources",
    "footnotes",
    "citations",
    "categories",
}


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading's words, its depth (1 is the outermost), and the characters that its lines take."""

    text: str
    depth: int
    start: int
    end: int


def read(file: Path, name: str | None = None, parse: Callable[[Path, str], Iterable[Heading]] | None = None) -> Article:
    """One article. `name` is what the user knows the file by, where that is not its path.

    `parse` gives the headings of a long Markdown file, where a hostile one may cost no more than it allows.
    Raises ArticleError when the file is missing, unreadable, empty, binary, not UTF-8, or above MAX_BYTES.
    """
    shown = name if name is not None else str(file)
    data = _bytes(file, shown)
    text = _decode(data, shown)
    markdown = file.suffix.lower() in (".md", ".markdown")
    matter, begin = _front_matter(text, shown) if markdown else ({}, 0)
    if markdown and parse is not None and text.count("\n") > _LONG and _MAY_BE_HEADING.search(text, begin):
        headings = list(parse(file, shown))
    else:
        headings = list(markdown_headings(text, begin) if markdown else _text_headings(text))
    title = _word(matter.get("title")) or _title(text, headings, markdown, Path(shown))
    sections = tuple(_sections(text, begin, headings, title, markdown))
    return Article(
        name if name is not None else file.as_posix(),
        title,
        text,
        sections,
        hashlib.sha256(data).hexdigest(),
        _word(matter.get("url")) or None,
        _word(matter.get("licence")) or _word(matter.get("license")) or None,
        tags=_tags(matter.get("tags")),
        language=(_word(matter.get("language")) or _word(matter.get("lang"))).lower().replace("_", "-").split("-")[0],
        date=iso(matter.get("date")),
    )


def headings(file: Path) -> Iterator[Heading]:
    """The headings of a Markdown file that `read` can read."""
    text = _decode(file.read_bytes(), file.name)
    yield from markdown_headings(text, _front_matter(text, file.name)[1])


def _word(value: object) -> str:
    """A value of the front matter as text; "" for a list or a mapping, which a few lines of YAML can make larger than any memory."""
    return "" if value is None or isinstance(value, list | dict | set | tuple) else str(value).strip()


def _tags(value: object) -> tuple[str, ...]:
    """Tags as a YAML list or as words apart by commas, in small letters, each once."""
    listed = map(_word, value) if isinstance(value, list) else _word(value).split(",")
    return tuple(dict.fromkeys(tag for tag in (" ".join(item.split()).casefold() for item in listed) if tag))


def _bytes(file: Path, path: str) -> bytes:
    try:
        size = file.stat().st_size
        if size > MAX_BYTES:
            raise ArticleError(f"{path} has {size:,} bytes, the limit is {MAX_BYTES:,}: split it into several articles")
        return file.read_bytes()
    except FileNotFoundError as error:
        raise ArticleError(f"there is no file {path}: check the path") from error
    except OSError as error:
        raise ArticleError(f"cannot read {path}: {error.strerror}") from error


def _decode(data: bytes, path: str) -> str:
    if b"\x00" in data[:65536]:
        raise ArticleError(f"{path} is a binary file: give Markdown or plain text in UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ArticleError(f"{path} is not UTF-8 text (byte {error.start}): convert it, as with `iconv -t UTF-8`") from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise ArticleError(f"{path} is empty: an article needs sentences to answer from")
    return text


def _front_matter(text: str, path: str) -> tuple[dict[str, Any], int]:
    """The YAML mapping between two lines of dashes at the top, and where the prose begins."""
    import yaml

    if not text.startswith("---\n"):
        return {}, 0
    close = re.search(r"^(?:---|\.\.\.)[ \t]*$", text[4:], re.MULTILINE)
    if close is None:
        raise ArticleError(f"{path}: the front matter is not closed: put a line of --- after it")
    if close.start() > _MAX_MATTER:
        raise ArticleError(f"{path}: the front matter has {close.start():,} characters, the limit is {_MAX_MATTER:,}: shorten it")
    try:
        matter = yaml.safe_load(text[4 : 4 + close.start()]) or {}
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ArticleError(f"{path}: the front matter is not YAML: write it as lines of `title: ...`") from error
    if not isinstance(matter, dict):
        raise ArticleError(f"{path}: the front matter is not a mapping: write it as lines of `title: ...`")
    return matter, min(len(text), 4 + close.end() + 1)


def markdown_headings(text: str, begin: int) -> Iterator[Heading]:
    """The headings that CommonMark sees from `begin` on, outside of lists and quotes."""
    if not _MAY_BE_HEADING.search(text, begin):
        return  # most of what is long and has no headings costs nothing
    from markdown_it import MarkdownIt

    # Only what CommonMark ends a line at: str.splitlines would also cut at form feeds and line separators.
    starts = [begin]
    for line in text[begin:].split("\n"):
        starts.append(min(len(text), starts[-1] + len(line) + 1))
    blocks, whole, found = MarkdownIt("commonmark"), MarkdownIt("commonmark"), dict[str, Any]()
    blocks.core.ruler.enableOnly(["normalize", "block"])  # what stands within a paragraph takes most of the time, and is not asked for
    tokens = blocks.parse(text[begin:].replace("\x00", " "), found)
    for place, token in enumerate(tokens):
        if token.type == "heading_open" and token.map and token.level == 0:
            words = tokens[place + 1].content[:_LONGEST_HEADING]
            if _MARKED.search(words):
                (inline,) = whole.parseInline(words, found)
                words = "".join(child.content for child in inline.children or [] if child.type in ("text", "code_inline"))
            yield Heading(" ".join(words.split()), int(token.tag[1]), starts[token.map[0]], starts[token.map[1]])


def _text_headings(text: str) -> Iterator[Heading]:
    """Bare headings: a short line alone after a blank line, with a paragraph after it, or one that begins an article's end."""
    lines = text.split("\n")
    long = [False] * len(lines)  # whether the next line that says something is a paragraph
    for number in range(len(lines) - 2, -1, -1):
        following = lines[number + 1]
        long[number] = len(following.split(None, _PARAGRAPH)) >= _PARAGRAPH if following.strip() else long[number + 1]
    start = 0
    for number, line in enumerate(lines):
        words = line.strip()
        alone = number == 0 or not lines[number - 1].strip()
        if alone and words and (words.lower() in ENDS or (_looks_like_heading(words) and long[number])):
            yield Heading(words, 2, start, min(len(text), start + len(line) + 1))
        start += len(line) + 1


def _looks_like_heading(words: str) -> bool:
    return len(words) <= 60 and len(words.split()) <= 8 and words[-1] not in ".,;:!?\"'" and (words[0].isupper() or words[0].isdigit())


def _title(text: str, headings: list[Heading], markdown: bool, path: Path) -> str:
    if markdown:
        outer = [heading.text for heading in headings if heading.depth == 1]
        if len(outer) == 1 and outer[0]:
            return outer[0]
    elif headings and headings[0].start == len(text) - len(text.lstrip()) and headings[0].text.lower() not in ENDS:
        return headings[0].text
    else:
        named = re.match(r"(?:The\s)?([^\n(,.]{2,80}?)\s+(?:\(|was\b|is\b|were\b|are\b)", text.lstrip()[:200])
        if named and named.group(1)[0].isupper() and len(named.group(1).split()) <= 8:
            return named.group(1)
    return title_of(path)


def title_of(path: Path) -> str:
    """A title out of a file's name."""
    return path.stem.replace("_", " ").replace("-", " ").strip() or path.name


def _sections(text: str, begin: int, headings: list[Heading], title: str, markdown: bool) -> Iterator[Section]:
    """The prose between headings, but for an article's end: lists of links, sources and categories."""
    path: list[Heading] = []
    skipped: int | None = None  # depth of the heading whose part is left out
    stops = [heading.start for heading in headings] + [len(text)]
    lead = _trimmed(text, begin, stops[0])
    if lead is not None:
        yield Section((), *lead)
    for heading, stop in zip(headings, stops[1:], strict=True):
        if skipped is not None and heading.depth <= skipped and (markdown or heading.text.lower() not in ENDS):
            skipped = None
        if skipped is None and heading.text.lower() in ENDS:
            skipped = heading.depth
        path = [*(outer for outer in path if outer.depth < heading.depth), heading]
        bounds = _trimmed(text, heading.end, stop)
        if skipped is None and bounds is not None:
            names = tuple(outer.text for outer in path if outer.text and outer.text != title)
            yield Section(names, *bounds)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    piece = text[start:end]
    if not piece.strip():
        return None
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
