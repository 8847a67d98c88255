"""An EPUB -> one document: the chapters in reading order, with the book's title. Read as what it is, a ZIP of XHTML."""

import posixpath
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from qabot.errors import ArticleError
from qabot.loaders.document import Block, Document
from qabot.loaders.markup import blocks
from qabot.loaders.packed import checked


def parse(path: Path) -> Iterator[Document]:
    """The book's document. Raises ArticleError where it is protected, damaged, or unpacks to more than it may."""
    with checked(path) as book:
        if any(name.lower() == "meta-inf/rights.xml" for name in book.namelist()):
            raise ArticleError("is protected against copying: it cannot be read")
        package = _package(book)
        title, when, chapters = _spine(book, package)
        found = tuple(block for chapter in chapters for block in _chapter(book, chapter))
    yield Document(found, title, date=when)


def _package(book: zipfile.ZipFile) -> str:
    from defusedxml.ElementTree import fromstring

    container = fromstring(book.read("META-INF/container.xml"), forbid_dtd=True)
    for node in container.iter():
        if node.tag.endswith("}rootfile") and node.get("full-path"):
            return str(node.get("full-path"))
    raise ArticleError("names no content")


def _spine(book: zipfile.ZipFile, package: str) -> tuple[str, str, list[str]]:
    """The title, the date, and the chapters' names within the ZIP, in reading order and without what is no part of the reading."""
    from defusedxml.ElementTree import fromstring

    root = fromstring(book.read(package))
    items: dict[str, str] = {}
    title, when, order = "", "", []
    for node in root.iter():
        kind = node.tag.rsplit("}", 1)[-1]
        if kind == "title" and not title:
            title = node.text or ""
        elif kind == "date" and not when:
            when = node.text or ""
        elif kind == "item" and "html" in node.get("media-type", "") and "nav" not in node.get("properties", "").split():
            name = posixpath.normpath(posixpath.join(posixpath.dirname(package), unquote(node.get("href", "").split("#")[0])))
            items[node.get("id", "")] = name
        elif kind == "itemref" and node.get("linear") != "no":
            order.append(node.get("idref", ""))
    return title, when, [items[name] for name in order if name in items]


def _chapter(book: zipfile.ZipFile, name: str) -> Iterator[Block]:
    from lxml import html

    try:
        data = book.read(name)
    except KeyError as error:
        raise ArticleError(f"lacks its chapter {name[:80]}") from error
    if data.strip():
        root = html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8", huge_tree=False))
        yield from blocks(root)
