"""A MediaWiki XML dump, plain or .bz2 -> a document for each page of the main namespace; wikitext by mwparserfromhell."""

import bz2
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from qabot.errors import ArticleError
from qabot.loaders.document import Block, Document, clean
from qabot.loaders.limits import MAX_TEXT, MAX_UNPACKED_BYTES

_DROPPED_TAGS = ("ref", "references", "gallery", "table", "math", "timeline", "imagemap", "score")
_DROPPED_LINKS = ("file:", "image:", "category:", "datei:", "bild:", "kategorie:", "archivo:", "categor\u00eda:", "fichier:")


class _Limited:
    """A stream that refuses to give more than it may."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._left = stream, MAX_UNPACKED_BYTES

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(min(size, 1 << 20) if size >= 0 else 1 << 20)
        self._left -= len(data)
        if self._left < 0:
            raise ArticleError(f"unpacks to more than {MAX_UNPACKED_BYTES:,} bytes: split it")
        return data


def parse(path: Path) -> Iterator[Document]:
    """A document a page, as it is read; redirects and other namespaces are passed over.

    Raises ArticleError where the file is no dump, holds entities of its own, or unpacks to more than it may.
    """
    from defusedxml.ElementTree import iterparse

    base = ""
    with bz2.open(path) if path.suffix.lower() == ".bz2" else path.open("rb") as stream:
        events = iterparse(_Limited(stream), ("start", "end"), forbid_dtd=True)
        _, root = next(events)
        if _tag(root) != "mediawiki":
            raise ArticleError("is XML, but no MediaWiki dump")
        for event, node in events:
            if event == "end" and _tag(node) == "base":
                base = (node.text or "").rsplit("/", 1)[0]
            elif event == "end" and _tag(node) == "page":
                fields = {_tag(child): child for child in node.iter()}
                if "redirect" not in fields and _text(fields, "ns") in ("", "0") and _text(fields, "title"):
                    yield _page(_text(fields, "title"), _text(fields, "text"), base)
                root.clear()


def _page(title: str, text: str, base: str) -> Document:
    if len(text) > MAX_TEXT:
        raise ArticleError(f"has a page of {len(text):,} characters ({title[:60]}), the limit is {MAX_TEXT:,}")
    url = f"{base}/{quote(title.replace(' ', '_'), safe='/:(),')}" if base else None
    return Document(tuple(_blocks(text)), title, url, title)


def _blocks(text: str) -> Iterator[Block]:
    import mwparserfromhell

    code = mwparserfromhell.parse(text, skip_style_tags=False)
    _drop(code, code.filter_tags(recursive=True, matches=lambda node: str(node.tag).strip().lower() in _DROPPED_TAGS))
    links = code.filter_wikilinks(recursive=True, matches=lambda node: str(node.title).strip().lower().startswith(_DROPPED_LINKS))
    _drop(code, links)
    for section in code.get_sections(flat=True, include_lead=True):
        for heading in section.filter_headings()[:1]:
            yield Block(clean(str(heading.title.strip_code())).replace("\n", " "), min(6, max(1, int(heading.level))))
            section.remove(heading)
        for paragraph in str(section.strip_code(normalize=True, collapse=True)).split("\n\n"):
            yield Block(clean(paragraph))


def _drop(code: Any, nodes: list[Any]) -> None:
    for node in nodes:
        try:
            code.remove(node)
        except ValueError:
            continue  # it went with one that it stood in


def _text(fields: dict[str, Any], name: str) -> str:
    return str(fields[name].text or "") if name in fields else ""


def _tag(node: Any) -> str:
    return str(node.tag).rsplit("}", 1)[-1]
