"""Addresses -> files below a folder, each with a note of where it came from: what is fetched once is built from the disk ever after.

A page is kept only when there is an article in it, so that one that is fetched again and is not one any more leaves what was there.
Fetching the same address again takes the place of what was kept.
"""

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from qabot import media, shelf
from qabot.errors import ArticleError
from qabot.loaders import sitemap as sitemaps
from qabot.loaders.sandbox import Sandbox
from qabot.origin import NAME, Origin, note, origin, site
from qabot.web import AGENT, HttpError, Web, checked

_MAX_SITEMAPS = 50  # of one index
_LONGEST_PAUSE = 30.0  # seconds, whatever a robots.txt asks
_GONE = (404, 410)
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Pages:
    """The folder of what was fetched. `limit` is the most pages of one sitemap, `pause` the seconds between two of them."""

    folder: Path
    web: Web
    sandbox: Sandbox
    say: Say = field(default=lambda line: None)
    limit: int = 100
    pause: float = 1.0

    def page(self, url: str, sitemap: str | None = None) -> Path:
        """The file in which the page is kept now. Raises ArticleError, in a line that begins with the address."""
        asked = str(checked(url))
        fetched = self.web.get(asked)
        name = media.file_name(fetched)
        data = media.content(fetched, name)
        self._must_be_read(fetched.url, name, data)
        when = datetime.now(UTC).isoformat(timespec="seconds")
        return self._keep(self._place(asked), data, Origin(name, fetched.url, asked, when, sitemap))

    def sitemap(self, url: str) -> list[Path]:
        """The files of the pages that a sitemap lists on its own site, as far as robots.txt allows; one that fails is said and left out.

        Pages that it listed before and does not list any more are removed. Raises ArticleError where the sitemap cannot be read, or
        none of its pages.
        """
        url = str(checked(url))
        allowed, pause = self._robots(url)
        chosen, whole = self._listed(url, pause, allowed)
        if not whole:
            self.say(f"{url} lists more than {self.limit} pages, the first of them are read: QABOT_SITEMAP_PAGES sets the limit")
        kept: list[Path] = []
        gone: set[str] = set()
        for page in chosen:
            time.sleep(pause)
            try:
                kept.append(self.page(page, url))
            except ArticleError as error:
                self.say(f"left out: {error}")
                gone |= {page} if isinstance(error, HttpError) and error.status in _GONE else set()
        if not kept:
            raise ArticleError(f"{url} lists {len(chosen)} page(s) that may be read, and none could be: check the address")
        self._forget(url, lambda page: page in gone or (whole and page not in chosen))
        return kept

    def _listed(self, url: str, pause: float, allowed: Callable[[str], bool]) -> tuple[list[str], bool]:
        """The first pages, each once, on the sitemap's own site, that may be read; and whether these are all."""
        waiting, seen, pages = [url], {url}, dict[str, None]()
        for number in range(1 + _MAX_SITEMAPS):
            if not waiting or len(pages) > self.limit:
                break
            here = waiting.pop(0)
            time.sleep(pause if number else 0)
            inner, listed = self._entries(here)
            fresh = [part for part in dict.fromkeys(inner) if part not in seen and site(part) == site(url)]
            waiting += fresh
            seen.update(fresh)
            pages |= dict.fromkeys(page for page in listed if site(page) == site(url) and allowed(page))
        return list(pages)[: self.limit], not waiting and len(pages) <= self.limit

    def _entries(self, url: str) -> tuple[list[str], list[str]]:
        """The sitemaps and the pages that a sitemap lists; parsed where no file is trusted."""
        fetched = self.web.get(url)
        data = self.web.unpacked(fetched.data, url) if fetched.data.startswith(b"\x1f\x8b") else fetched.data
        with tempfile.TemporaryDirectory(prefix="qabot-") as folder:
            file = Path(folder) / "sitemap.xml"
            file.write_bytes(data)
            found = [(entry.name, str(checked(entry.url or ""))) for entry in self.sandbox.documents(file, "sitemap", url)]
        return [place for kind, place in found if kind == sitemaps.SITEMAP], [place for kind, place in found if kind == sitemaps.PAGE]

    def _robots(self, url: str) -> tuple[Callable[[str], bool], float]:
        """What the site's robots.txt allows, and the seconds that it wants between two pages."""
        try:
            from protego import Protego
        except ImportError as error:
            raise ArticleError("a sitemap needs protego: pip install 'qabot[web]'") from error
        parts = urlsplit(url)
        try:
            said = self.web.get(f"{parts.scheme}://{parts.netloc}/robots.txt").data.decode("utf-8", "replace")
        except HttpError as error:
            if error.status >= 500:  # the rules exist and cannot be seen: RFC 9309 has everything forbidden then
                raise
            said = ""
        rules = Protego.parse(said)
        delay = float(rules.crawl_delay(AGENT) or 0)
        return lambda page: bool(rules.can_fetch(page, AGENT)), min(max(delay, self.pause), _LONGEST_PAUSE)

    def _must_be_read(self, url: str, name: str, data: bytes) -> None:
        with tempfile.TemporaryDirectory(prefix="qabot-") as folder:
            file = Path(folder) / name
            file.write_bytes(data)
            for _ in shelf.articles_of(file, url, self.sandbox):
                pass

    def _place(self, url: str) -> Path:
        host = "".join(letter if letter.isalnum() or letter in "-." else "-" for letter in urlsplit(url).netloc)
        return self.folder / host.strip("-.") / hashlib.sha256(url.encode()).hexdigest()[:8]

    def _keep(self, place: Path, data: bytes, found: Origin) -> Path:
        try:
            place.mkdir(parents=True, exist_ok=True)
            for name, content in ((found.file, data), (NAME, note(found))):
                fresh = place / f".{name}.new"
                fresh.write_bytes(content)
                os.replace(fresh, place / name)
            for old in place.iterdir():
                if old.name not in (found.file, NAME):
                    old.unlink()
        except OSError as error:
            raise ArticleError(f"{found.asked} cannot be kept in {place}: {error.strerror}; QABOT_DATA names the folder") from error
        return place / found.file

    def _forget(self, sitemap: str, gone: Callable[[str], bool]) -> None:
        """Remove the pages that came from this sitemap and are gone."""
        for path in sorted(self.folder.glob(f"*/*/{NAME}")):
            found = next(filter(None, map(origin, path.parent.iterdir())), None)
            if found and found.sitemap == sitemap and gone(found.asked):
                self.say(f"removed: {found.asked}, which {sitemap} does not list any more")
                shutil.rmtree(path.parent, ignore_errors=True)
