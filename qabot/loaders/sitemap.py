"""A sitemap, or an index of sitemaps -> a document without text for each address in it; `name` says which it is."""

from collections.abc import Iterator
from pathlib import Path

from qabot.errors import ArticleError
from qabot.loaders.document import Document, web_address

PAGE, SITEMAP = "page", "sitemap"
_ENTRIES = {"url": PAGE, "sitemap": SITEMAP}
_MAX_ENTRIES = 50_000  # the standard's own limit


def parse(path: Path) -> Iterator[Document]:
    """A document an address, in order. Raises ArticleError where the file is no sitemap or has more than 50,000 addresses."""
    from defusedxml.ElementTree import iterparse

    events = iterparse(str(path), ("start", "end"), forbid_dtd=True)
    _, root = next(events)
    if _tag(root.tag) not in ("urlset", "sitemapindex"):
        raise ArticleError("is XML, but no sitemap")
    found = 0
    for event, node in events:
        kind = _ENTRIES.get(_tag(node.tag)) if event == "end" else None
        if kind is None:
            continue
        url = next((web_address((child.text or "").strip()) for child in node if _tag(child.tag) == "loc"), None)
        root.clear()
        if url is None:
            continue
        found += 1
        if found > _MAX_ENTRIES:
            raise ArticleError(f"has more than {_MAX_ENTRIES:,} addresses: give one of its parts")
        yield Document((), url=url, name=kind)


def _tag(name: object) -> str:
    return str(name).rsplit("}", 1)[-1]
