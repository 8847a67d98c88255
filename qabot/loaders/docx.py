"""A Word file -> one document: paragraphs with their heading styles, and a line for each row of a table; by python-docx."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from qabot.loaders.document import Block, Document, clean
from qabot.loaders.packed import checked

_TEMPLATE = date(2013, 12, 23)  # stands in every file that python-docx makes, and says nothing of it


def parse(path: Path) -> Iterator[Document]:
    """The file's document. Raises ArticleError where it unpacks to more than it may."""
    import docx

    checked(path).close()
    file = docx.Document(str(path))
    found = tuple(_blocks(file))
    titles = [block.text for block in found if block.depth == 1]
    made = file.core_properties.created
    when = made.isoformat() if made is not None and made.date() != _TEMPLATE else None
    yield Document(found, file.core_properties.title or (titles[0] if titles else ""), date=when)


def _blocks(file: Any) -> Iterator[Block]:
    for part in file.iter_inner_content():
        if hasattr(part, "rows"):
            rows = ([clean(cell.text).replace("\n", " ") for cell in _cells(row)] for row in part.rows)
            yield Block("\n".join(filter(None, (" | ".join(filter(None, row)) for row in rows))))
            continue
        text = clean(part.text)
        style = part.style.name.lower() if part.style is not None and part.style.name else ""
        heading = re.fullmatch(r"heading ([1-9])", style)
        depth = 1 if style == "title" else min(6, int(heading.group(1))) if heading else 0
        yield Block(text.replace("\n", " ") if depth else text, depth)


def _cells(row: Any) -> Iterator[Any]:
    """Each cell once: a merged one is given for every column that it spans."""
    seen: set[Any] = set()
    for cell in row.cells:
        if cell._tc not in seen:
            seen.add(cell._tc)
            yield cell
