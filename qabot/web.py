"""An address of the web -> what stands there, by aiohttp, within limits: time, size, redirects, and the machines that may be talked to.

Which machine that is, is looked at where the socket is made, with the very address that it connects to: a name that says one thing
when it is checked and another when it is used, and a number that only a resolver takes for an address, come to nothing. Each fetch
is one connection; nothing is fetched in parallel, no cookies are kept, no proxy is used.
"""

import asyncio
import socket
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from yarl import URL

from qabot import hosts
from qabot.errors import ArticleError

AGENT = "qabot/0.1 (fetches pages that its user names)"
MAX_BYTES = 50_000_000  # of one answer, as it comes and as it unpacks
_REDIRECTS = (301, 302, 303, 307, 308)
_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave. `url` is where it was at last; `type` the media type in small letters, `charset` as the server named it."""

    url: str
    type: str
    charset: str | None
    data: bytes


class HttpError(ArticleError):
    """A server answered with another status than 200."""

    def __init__(self, url: str, status: int, reason: str) -> None:
        super().__init__(f"{url} answered {status} {reason}".rstrip() + ": check the address, or try again later")
        self.status = status


@dataclass(frozen=True, slots=True)
class Web:
    """The limits of a fetch: `seconds` for all of it, bytes, redirects; `may` says which machines may be talked to."""

    seconds: float = 60.0
    max_bytes: int = MAX_BYTES
    redirects: int = 5
    may: Callable[[hosts.Address], bool] = field(default=hosts.is_public)

    def get(self, url: str) -> Fetched:
        """What stands at `url`. Raises ArticleError, one line that begins with the address; HttpError where the server refuses."""
        return asyncio.run(self._within_time(url))

    async def _within_time(self, url: str) -> Fetched:
        try:
            async with asyncio.timeout(self.seconds):
                return await self._followed(url)
        except TimeoutError as error:
            raise ArticleError(f"{url} took longer than {self.seconds:.0f} s: try again later, or save it as a file") from error

    async def _followed(self, url: str) -> Fetched:
        place = checked(url)
        for _ in range(self.redirects + 1):
            found = await self._one(place)
            if isinstance(found, Fetched):
                return found
            place = checked(str(found))
        raise ArticleError(f"{url} was redirected more than {self.redirects} times: give the address where it ends")

    async def _one(self, place: URL) -> Fetched | URL:
        """The answer of one address, or where it sends on to."""
        refused: list[str] = []

        def connecting(info: tuple[Any, ...]) -> socket.socket:
            family, kind, protocol, _, (host, *_) = info
            address = hosts.parse(host)
            if address is None or not self.may(address):
                refused.append(host)
                raise PermissionError(host)
            return socket.socket(family, kind, protocol)

        connector = aiohttp.TCPConnector(force_close=True, socket_factory=connecting)
        headers = {"User-Agent": AGENT, "Accept-Encoding": "gzip"}
        unlimited = aiohttp.ClientTimeout()  # the limit for all of the fetch is outside
        session = aiohttp.ClientSession(
            connector=connector,
            headers=headers,
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=unlimited,
        )
        try:
            async with session, session.get(place, allow_redirects=False) as answer:
                return await self._read(answer, place)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            if isinstance(error, TimeoutError):
                raise
            if refused:
                raise ArticleError(
                    f"{place} leads to {refused[0]}, which is no public address: for pages of an intranet set QABOT_URL_PRIVATE=true"
                ) from error
            raise ArticleError(f"{place} cannot be fetched ({_reason(error)}): check the address and the network") from error

    async def _read(self, answer: aiohttp.ClientResponse, place: URL) -> Fetched | URL:
        if answer.status in _REDIRECTS and "Location" in answer.headers:
            return place.join(URL(answer.headers["Location"]))
        if answer.status != 200:
            raise HttpError(str(place), answer.status, _plain(answer.reason or ""))
        packing = answer.headers.get("Content-Encoding", "").strip().lower()
        if packing not in ("", "identity", "gzip", "x-gzip"):
            raise ArticleError(f"{place} is packed as {_plain(packing)!r}, which was not asked for: save it as a file")
        data = bytearray()
        async for chunk in answer.content.iter_chunked(_CHUNK):
            data += chunk
            if len(data) > self.max_bytes:
                raise self._too_large(str(place))
        body = self.unpacked(bytes(data), str(place)) if "gzip" in packing else bytes(data)
        named = answer.headers.get("Content-Type", "").split(";", 1)[0].strip().lower()
        return Fetched(str(place.with_fragment(None)), _plain(named), answer.charset, body)

    def unpacked(self, data: bytes, url: str) -> bytes:
        """The content of gzip data. Raises ArticleError where it is damaged, or before it has more than `max_bytes`."""
        found = bytearray()
        try:
            for piece in _inflated(data, self.max_bytes + 1):
                found += piece
                if len(found) > self.max_bytes:
                    raise self._too_large(url)
        except zlib.error as error:
            raise ArticleError(f"{url} is packed and damaged: try again later, or save it as a file") from error
        return bytes(found)

    def _too_large(self, url: str) -> ArticleError:
        return ArticleError(f"{url} has more than {self.max_bytes:,} bytes, the limit: save it as a file, and split it")


def checked(url: str) -> URL:
    """The address, without its fragment. Raises ArticleError where it is not one of the web, or holds a password."""
    shown = _plain(url)
    try:
        place = URL(url.strip()).with_fragment(None)
        good = place.scheme in ("http", "https") and bool(place.host) and place.port != 0
    except ValueError:
        good = False
    if not good:
        raise ArticleError(f"{shown!r} is no address of the web: write it as https://example.org/page")
    if place.user or place.password:
        raise ArticleError(f"{place.with_user(None)} was given with a user name: leave it out, what needs a password is saved as a file")
    return place


def _inflated(data: bytes, limit: int) -> Iterator[bytes]:
    """The parts of gzip data, which may be several one after another; no part is above the limit."""
    while data:
        unpacker = zlib.decompressobj(31)
        yield unpacker.decompress(data, limit)
        if not unpacker.eof:
            if unpacker.unconsumed_tail:
                return  # the limit was reached: who asked counts
            raise zlib.error("cut off")
        data = unpacker.unused_data


def _reason(error: Exception) -> str:
    inner = getattr(error, "os_error", error)
    if isinstance(inner, socket.gaierror):
        return "no such host"
    if isinstance(error, aiohttp.ClientSSLError):
        return "its certificate is not valid"
    if isinstance(error, aiohttp.ClientPayloadError | aiohttp.ServerDisconnectedError):
        return "the answer broke off"
    return _plain(getattr(inner, "strerror", None) or type(inner).__name__)


def _plain(text: str) -> str:
    """What a server says, as it can be shown on one line."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)[:200]
