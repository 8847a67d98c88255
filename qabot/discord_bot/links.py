"""The address of a source, with a text fragment that scrolls to the sentence where a browser knows them.

The form is the WICG's "Scroll to Text Fragment": `#:~:text=first words,last words`.
"""

from urllib.parse import quote, urlsplit

MAX_URL = 512  # Discord's limit of a link button
_WHOLE_WORDS, _END_WORDS = 8, 4


def source_url(url: str | None, sentence: str | None = None) -> str | None:
    """The longest form of the address that fits a link button; None where there is none that Discord takes."""
    if url is None or len(url) > MAX_URL or not _usable(url):
        return None
    words = (sentence or "").split()
    if not words:
        return url
    if len(words) <= _WHOLE_WORDS:
        fragment = _escaped(" ".join(words))
    else:
        fragment = f"{_escaped(' '.join(words[:_END_WORDS]))},{_escaped(' '.join(words[-_END_WORDS:]))}"
    whole = f"{url}{'' if '#' in url else '#'}:~:text={fragment}"
    return whole if len(whole) <= MAX_URL else url


def _usable(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and url.isascii() and not any(c.isspace() for c in url)


def _escaped(text: str) -> str:
    """Percent-encoded, the dash too, which means something in a text fragment."""
    return quote(text.encode("utf-8", "replace"), safe="").replace("-", "%2D")
