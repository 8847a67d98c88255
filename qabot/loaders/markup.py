"""An HTML tree -> blocks: headings, paragraphs, list items, table rows; not scripts, menus or hidden parts."""

import re
from collections.abc import Iterator
from typing import Any

from qabot.loaders.document import Block, clean

_SKIPPED = frozenset(
    "script style template noscript nav head svg math iframe object form button select textarea video audio aside footer".split()
)
_BROKEN = frozenset(
    "p div section article main body blockquote ul ol dl li dt dd table thead tbody tfoot tr pre figure figcaption header address "
    "hr".split()
)
_HEADING = re.compile(r"h([1-6])")


def blocks(root: Any) -> Iterator[Block]:
    """The blocks of an lxml tree, in order. Without recursion: a page may be nested deeper than Python's stack."""
    gathered: list[str] = []
    depth = 0
    for event, node in _walk(root):
        tag = _tag(node)
        heading = _HEADING.fullmatch(tag)
        if event == "text":
            gathered.append(node)
        elif heading or tag in _BROKEN:
            yield from _block("".join(gathered), depth)
            gathered, depth = [], int(heading.group(1)) if heading and event == "start" else 0
        elif tag == "br":
            gathered.append("\n")
        elif tag in ("td", "th") and event == "end":
            gathered.append(" | ")
    yield from _block("".join(gathered), depth)


def _block(text: str, depth: int) -> Iterator[Block]:
    text = clean(text.replace("\t", " ")).strip(" |\n")
    if text:
        yield Block(text.replace("\n", " ") if depth else text, depth)


def _walk(root: Any) -> Iterator[tuple[str, Any]]:
    """("start" | "end", element) and ("text", str), in document order, without what is skipped."""
    stack: list[tuple[Any, bool]] = [(root, False)]
    while stack:
        node, left = stack.pop()
        if left:
            yield "end", node
            if node is not root and node.tail:
                yield "text", _flowing(node.tail, node.getparent())
            continue
        if not isinstance(node.tag, str) or _tag(node) in _SKIPPED or node.get("hidden") is not None or node.get("aria-hidden") == "true":
            if node is not root and node.tail:
                yield "text", _flowing(node.tail, node.getparent())
            continue
        yield "start", node
        if node.text:
            yield "text", _flowing(node.text, node)
        stack.append((node, True))
        stack.extend((child, False) for child in reversed(node))


def _flowing(text: str, parent: Any) -> str:
    """Line ends in a source mean nothing but in preformatted text."""
    return text if parent is not None and _tag(parent) == "pre" else re.sub(r"\s+", " ", text)


def _tag(node: Any) -> str:
    tag = getattr(node, "tag", "")
    return tag.rsplit("}", 1)[-1].lower() if isinstance(tag, str) else ""
