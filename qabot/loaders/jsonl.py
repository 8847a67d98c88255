"""A file of lines {"title", "text", "url", "date"} -> a document a line."""

import json
from collections.abc import Iterator
from pathlib import Path

from qabot.errors import ArticleError
from qabot.loaders.document import Block, Document, clean
from qabot.loaders.limits import MAX_TEXT

_MAX_LINE = 8 * MAX_TEXT


def parse(path: Path, name: str) -> Iterator[Document]:
    """A document a line, named by its number. Raises ArticleError, with `name` and the line, for a line of another form."""
    try:
        with path.open("rb") as file:
            number = 0
            while raw := file.readline(_MAX_LINE):
                number += 1
                if raw.strip():
                    yield _document(raw, number, f"{name}, line {number}")
    except OSError as error:
        raise ArticleError(f"cannot read {name}: {error.strerror}") from error


def _document(raw: bytes, number: int, place: str) -> Document:
    try:
        row = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ArticleError(f'{place} is no JSON: write {{"title": "...", "text": "...", "url": "..."}} on one line, in UTF-8') from error
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise ArticleError(f'{place} has no text: write {{"title": "...", "text": "...", "url": "..."}}')
    if len(row["text"]) > MAX_TEXT:
        raise ArticleError(f"{place} has {len(row['text']):,} characters, the limit is {MAX_TEXT:,}: split it")
    paragraphs = (clean(part) for part in row["text"].replace("\r\n", "\n").split("\n\n"))
    title, url = row.get("title"), row.get("url")
    blocks = tuple(Block(part) for part in paragraphs if part)
    when = row.get("date")
    return Document(blocks, title if isinstance(title, str) else "", url, str(number), str(when) if isinstance(when, str | int) else None)
