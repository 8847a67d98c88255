"""A web page -> one document: its main content by trafilatura, its title and canonical address."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qabot.errors import ArticleError
from qabot.loaders.document import Block, Document, clean
from qabot.loaders.markup import blocks

_DATES = (
    "//meta[@property='article:published_time']/@content",
    "//meta[@itemprop='datePublished']/@content",
    "//meta[@name='date' or @name='DC.date' or @name='dcterms.date' or @name='citation_publication_date']/@content",
    "//time[@itemprop='datePublished' or @pubdate]/@datetime",
    "//article//time/@datetime",
)


def parse(path: Path) -> Iterator[Document]:
    """The page's document. Raises ArticleError where there is no text in it."""
    import trafilatura
    from lxml import html
    from trafilatura.utils import load_html

    data = path.read_bytes()
    if data[:1024].lstrip().startswith(b"%PDF") or data.startswith(b"PK\x03\x04"):
        raise ArticleError("is no HTML, whatever its name says")
    tree = load_html(data)
    if tree is None and re.search(rb"<[a-zA-Z]", data):  # too small a piece for trafilatura to take for a page
        tree = html.document_fromstring(data)
    if tree is None:
        raise ArticleError("is no HTML that can be read")
    # Both work on copies or before the other: extraction takes the tree apart.
    whole = tuple(blocks(tree))
    titles = [" ".join(words.split()) for words in tree.xpath("//title[1]//text()") if words.strip()]
    when = next((stated.strip() for path in _DATES for stated in tree.xpath(path) if stated.strip()), None)
    found: Any = trafilatura.bare_extraction(tree, include_comments=False, include_tables=True, with_metadata=True)
    body = tuple(_body(found.body)) if found is not None and found.body is not None else ()
    title = (found.title if found is not None else None) or (titles[0] if titles else "")
    # Where a page is too short for its main content to be told from the rest, all of it is read.
    main = body if any(not block.depth for block in body) else whole
    yield Document(_without_title(main, title), title, found.url if found is not None else None, date=when)


def _without_title(found: tuple[Block, ...], title: str) -> tuple[Block, ...]:
    """A first heading that is the title again is kept as text, but not as a section's name."""
    return found if not found or not found[0].depth or found[0].text != title else (Block(found[0].text, 1), *found[1:])


def _body(body: Any) -> Iterator[Block]:
    """trafilatura's elements -> blocks: `head` is a heading, `list` and `table` have a line for an item and a row."""
    for node in body:
        if node.tag == "head":
            depth = str(node.get("rend", "h2"))[-1:]
            yield Block(clean(_text(node)).replace("\n", " "), int(depth) if depth.isdigit() and depth != "0" else 2)
        elif node.tag == "list":
            yield Block("\n".join(filter(None, (clean(_text(item)).replace("\n", " ") for item in node.iter("item")))))
        elif node.tag == "table":
            rows = [[clean(_text(cell)).replace("\n", " ") for cell in row.iter("cell")] for row in node.iter("row")]
            yield Block("\n".join(filter(None, (" | ".join(filter(None, row)) for row in rows))))
        else:
            yield Block(clean(_text(node)))


def _text(node: Any) -> str:
    for line_end in node.iter("lb"):
        line_end.tail = "\n" + (line_end.tail or "")
    return "".join(node.itertext())
