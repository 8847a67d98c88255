"""A PDF -> one document with its pages; by PDFium, the reader of Chrome."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qabot.errors import ArticleError
from qabot.loaders.document import Document
from qabot.loaders.layout import Line, Page, to_blocks, without_margins
from qabot.loaders.limits import MAX_PAGES, MAX_TEXT

_HYPHEN = "\ufffe"  # PDFium's sign for a hyphen that breaks a word at a line's end, the line's end included
_WIDE = 1.8  # letters' sizes of empty space on a line: what follows is another column


def parse(path: Path) -> Iterator[Document]:
    """The file's document. Raises ArticleError where it is protected, damaged, without text, or longer than it may be."""
    import pypdfium2

    try:
        file = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        protected = "password" in str(error).lower()
        raise ArticleError("is protected by a password: remove it first" if protected else "is no PDF that can be read") from error
    try:
        if len(file) > MAX_PAGES:
            raise ArticleError(f"has {len(file):,} pages, the limit is {MAX_PAGES:,}: split it")
        pages = without_margins(list(_pages(file)))
        found = to_blocks(pages)
        if not found:
            raise ArticleError("has no text, perhaps only pictures of it: run it through text recognition (OCR) first")
        stated = file.get_metadata_dict()
        named = str(stated.get("Title") or "")
        made = re.match(r"(?:D:)?(\d{4})(\d{2})(\d{2})", str(stated.get("CreationDate") or ""))
        headings = [block.text for block in found if block.depth and block.pages[0][1] == pages[0].number]
        yield Document(
            tuple(found), named if _is_title(named) else headings[0] if headings else "", date="-".join(made.groups()) if made else None
        )
    finally:
        file.close()


def _is_title(named: str) -> bool:
    """Whether the title that the file states is one, and not what a program put there."""
    words = named.strip().lower()
    made = words.startswith(("microsoft word", "untitled", "powerpoint")) or words.endswith((".doc", ".docx", ".pdf"))
    return len(words) > 2 and not made


def _pages(file: Any) -> Iterator[Page]:
    letters = 0
    for number in range(len(file)):
        page = file[number]
        text = page.get_textpage()
        lines = tuple(_lines(text, float(page.get_height())))
        letters += sum(len(line.text) for line in lines)
        if letters > MAX_TEXT:
            raise ArticleError(f"has more than {MAX_TEXT:,} characters: split it")
        yield Page(number + 1, float(page.get_height()), lines)
        text.close()
        page.close()


def _lines(text: Any, height: float) -> Iterator[Line]:
    """PDFium's lines, cut where a wide space on the line shows another column."""
    written = text.get_text_range()
    exact = len(written) == text.count_chars()  # else letters and boxes cannot be told together
    start = 0
    for end, letter in enumerate(written + "\n"):
        if letter in "\r\n" or letter == _HYPHEN:
            yield from _cut(text, written, start, end, letter == _HYPHEN) if exact else _unplaced(written[start:end], height)
            start = end + 1


def _cut(text: Any, written: str, start: int, end: int, broken: bool) -> Iterator[Line]:
    import pypdfium2.raw as raw

    places = [place for place in range(start, end) if not written[place].isspace()]
    if not places:
        return
    boxes = {place: text.get_charbox(place) for place in places}
    size = float(raw.FPDFText_GetFontSize(text, places[0]))
    begin = places[0]
    for place, following in zip(places, [*places[1:], None], strict=True):
        if following is None or boxes[following][0] - boxes[place][2] > _WIDE * max(size, 4):
            inside = [boxes[p] for p in places if begin <= p <= place]
            bold = "bold" in _font(text, begin) and "bold" in _font(text, place)
            height = boxes[begin][1], max(box[3] for box in inside)
            yield Line(written[begin : place + 1], boxes[begin][0], height[0], boxes[place][2], height[1],
                       float(raw.FPDFText_GetFontSize(text, begin)), bold, broken and following is None)  # fmt: skip
            begin = following if following is not None else begin


def _unplaced(words: str, height: float) -> Iterator[Line]:
    """A line whose letters cannot be found: in the middle of the page, where nothing is dropped."""
    if words.strip():
        yield Line(words, 0, height / 2, 0, height / 2, 0)


def _font(text: Any, place: int) -> str:
    """The name of a letter's font in small letters, "" where it has none."""
    import ctypes

    import pypdfium2.raw as raw

    name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    raw.FPDFText_GetFontInfo(text, place, name, 128, ctypes.byref(flags))
    return name.value.decode("ascii", "replace").lower()
