"""What was fetched -> a file's name, by the type that the server gives it, and its content as UTF-8 where it is text."""

from urllib.parse import unquote, urlsplit

from qabot.errors import ArticleError
from qabot.web import Fetched

_SUFFIXES = {
    "text/html": ".html", "application/xhtml+xml": ".xhtml", "application/pdf": ".pdf", "text/markdown": ".md", "text/x-markdown": ".md",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx", "application/epub+zip": ".epub",
    "application/jsonl": ".jsonl", "application/x-ndjson": ".jsonl", "application/x-jsonlines": ".jsonl", "application/zip": ".zip",
    "application/xml": ".xml", "text/xml": ".xml",
}  # fmt: skip
_UNSAID = ("", "text/plain", "application/octet-stream", "binary/octet-stream")  # the address's own ending says more
_KNOWN = (".markdown", *dict.fromkeys(_SUFFIXES.values()), ".htm", ".txt", ".xml.bz2")
_TEXT = (".html", ".htm", ".xhtml", ".md", ".markdown", ".txt", ".jsonl")
_RESERVED = ("con", "prn", "aux", "nul")  # no file can have these names on Windows
_LONGEST = 80


def file_name(fetched: Fetched) -> str:
    """A name of letters, digits, "-", "_" and "." whose suffix says how to read it. Raises ArticleError for a type that is not read."""
    last = unquote(urlsplit(fetched.url).path.rstrip("/").rsplit("/", 1)[-1])
    ending = max((known for known in _KNOWN if last.lower().endswith(known)), key=len, default="")
    suffix = _SUFFIXES.get(fetched.type) or (ending if fetched.type in _UNSAID else "") or (".txt" if fetched.type == "text/plain" else "")
    if not suffix:
        raise ArticleError(
            f"{fetched.url} is {fetched.type or 'of no type'}, which is not read: give HTML, PDF, Markdown, text, Word, EPUB or JSONL"
        )
    stem = last[: len(last) - len(ending)] if ending else last
    stem = "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in stem)[:_LONGEST].strip("-.") or "index"
    return f"{'page-' if stem.lower() in _RESERVED else ''}{stem}{suffix}"


def content(fetched: Fetched, name: str) -> bytes:
    """The bytes to keep: as they came, but text in another encoding that the server named becomes UTF-8, since a file cannot say it.

    Raises ArticleError where plain text is not what its server says.
    """
    charset = (fetched.charset or "").lower()
    if not name.endswith(_TEXT) or charset in ("", "utf-8", "utf8"):
        return fetched.data
    try:
        return fetched.data.decode(charset).encode()
    except LookupError:
        return fetched.data
    except UnicodeError as error:
        if name.endswith((".html", ".htm", ".xhtml")):
            return fetched.data  # the page itself may say it better
        raise ArticleError(f"{fetched.url} is not the {charset[:40]!r} text that its server says: save it as a file in UTF-8") from error
