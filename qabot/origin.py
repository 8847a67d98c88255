"""Where a file came from that was fetched: a note beside it, so that it is cited by its address and built again without a network.

data/web/example.org/1a2b3c4d/the-mill.html    what was fetched
data/web/example.org/1a2b3c4d/page.json        {"file": "the-mill.html", "url": ..., "asked": ..., "sitemap": ..., "fetched": ...}
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

NAME = "page.json"
_MAX_BYTES = 20_000


@dataclass(frozen=True, slots=True)
class Origin:
    """`url` is where the file was at last, `asked` what the user named, `sitemap` the one that listed it; `fetched` is UTC, ISO 8601."""

    file: str
    url: str
    asked: str
    fetched: str
    sitemap: str | None = None

    def cited(self, canonical: str | None) -> str:
        """The address to cite: the one that the page gives itself, where it is of the same site, else where it was fetched."""
        return canonical if canonical and site(canonical) == site(self.url) else self.url


def site(url: str) -> str:
    """The host, without "www."; "" where there is none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def origin(file: Path) -> Origin | None:
    """What the note beside a file says of it; None where there is none, or none that can be read."""
    note = file.parent / NAME
    try:
        if note.stat().st_size > _MAX_BYTES:
            return None
        fields = json.loads(note.read_bytes())
        found = Origin(**{name: fields[name] for name in Origin.__dataclass_fields__})
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    texts = (found.file, found.url, found.asked, found.fetched)
    good = all(isinstance(text, str) for text in texts) and isinstance(found.sitemap, str | None)
    return found if good and found.file == file.name else None


def note(origin: Origin) -> bytes:
    """The note's content."""
    return (json.dumps(asdict(origin), indent=1) + "\n").encode()
