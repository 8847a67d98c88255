"""A fetch from a real server on the loopback: what comes, and every limit."""

import socket
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

import pytest

from qabot.errors import ArticleError
from qabot.hosts import Address, is_intranet
from qabot.web import AGENT, HttpError, Web, checked
from tests import documents
from tests.site import Site, serving


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """One server for all."""
    with serving() as found:
        yield found


def _loopback(address: Address) -> bool:
    return address == ip_address("127.0.0.1")


WEB = Web(seconds=20, max_bytes=1_000_000, may=_loopback)


def test_a_page(site: Site) -> None:
    """Address, type, encoding and bytes; the agent says who asks; the fragment is not sent."""
    found = WEB.get(f"{site.base}/mill#fire")
    assert (found.url, found.type, found.charset) == (f"{site.base}/mill", "text/html", "utf-8")
    assert found.data == site.pages["/mill"][2]
    assert site.asked[-1] == ("/mill", AGENT)


def test_a_redirect_is_followed_and_a_packed_page_unpacked(site: Site) -> None:
    """The address is the last one."""
    assert WEB.get(f"{site.base}/moved").url == f"{site.base}/mill"
    assert WEB.get(f"{site.base}/packed").data == documents.html()


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/none", r"/none answered 404 Not Found: check"),
        ("/inward", r"http://127\.0\.0\.2:9/mill leads to 127\.0\.0\.2, which is no public address"),
        ("/cloud", r"leads to 169\.254\.169\.254, which is no public address"),
        ("/file", r"'file:///etc/passwd' is no address of the web"),
        ("/round", r"/round was redirected more than 5 times"),
        ("/odd", r"/odd is packed as 'br'"),
        ("/broken", r"/broken is packed and damaged"),
        ("/bomb", r"/bomb has more than 1,000,000 bytes"),
        ("/endless", r"/endless has more than 1,000,000 bytes"),
        ("/long", r"/long cannot be fetched \(the answer broke off\)"),
    ],
)
def test_what_is_refused(site: Site, path: str, message: str) -> None:
    """One line with the address and a way out."""
    with pytest.raises(ArticleError, match=message) as caught:
        WEB.get(site.base + path)
    assert len(str(caught.value).splitlines()) == 1


def test_a_slow_answer_is_ended(site: Site) -> None:
    """A byte now and then does not keep a fetch alive: the limit is for all of it."""
    with pytest.raises(ArticleError, match=r"/drip took longer than 1 s"):
        Web(seconds=1, may=_loopback).get(f"{site.base}/drip")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "127.1", "0.0.0.0"])
def test_this_machine_is_refused_by_default(site: Site, host: str) -> None:
    """However it is written; nothing is sent."""
    before = len(site.asked)
    numbers = host in ("2130706433", "127.1")  # what aiohttp takes for an address is refused as none by itself
    message = "cannot be fetched" if numbers else "is no public address: for pages of an intranet set QABOT_URL_PRIVATE=true"
    with pytest.raises(ArticleError, match=message):
        Web().get(site.base.replace("127.0.0.1", host))
    assert len(site.asked) == before


def test_an_intranet_is_allowed_by_name(site: Site) -> None:
    """The setting's predicate lets this machine answer, and no cloud's keys."""
    web = Web(may=is_intranet)
    assert web.get(f"{site.base}/mill").type == "text/html"
    with pytest.raises(ArticleError, match=r"169\.254\.169\.254"):
        web.get(f"{site.base}/cloud")


def test_a_name_that_changes_its_mind(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name is looked up once a connection, and the address that was looked at is the one that is connected to."""
    port = int(site.base.rsplit(":", 1)[1])
    looked_up: list[str] = []
    real = socket.getaddrinfo

    def lookup(host: str, *args: Any, **kwargs: Any) -> Any:
        if host != "mill.test":
            return real(host, *args, **kwargs)
        looked_up.append(host)
        address = "127.0.0.1" if len(looked_up) == 1 else "127.0.0.2"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    assert WEB.get(f"http://mill.test:{port}/mill").type == "text/html"
    assert len(looked_up) == 1
    with pytest.raises(ArticleError, match=r"mill\.test:\d+/mill leads to 127\.0\.0\.2"):
        WEB.get(f"http://mill.test:{port}/mill")


def test_nobody_answers() -> None:
    """A port where nothing listens, and a status."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(ArticleError, match=r"cannot be fetched \(.*\): check the address and the network"):
            WEB.get(f"http://127.0.0.1:{taken.getsockname()[1]}/")
    assert HttpError("http://x.org/a", 404, "").status == 404


@pytest.mark.parametrize("url", ["x.org", "ftp://x.org/a", "file:///etc/passwd", "http://", "http://[", "javascript:1", "", "http://x:0/"])
def test_what_is_no_address(url: str) -> None:
    """Named, with the way to write it."""
    with pytest.raises(ArticleError, match="is no address of the web: write it as https://example"):
        checked(url)


def test_a_password_is_not_repeated() -> None:
    """An address is kept and shown: what must not be is refused."""
    with pytest.raises(ArticleError, match=r"http://x\.org/a was given with a user name") as caught:
        checked("http://me:secret@x.org/a")
    assert "secret" not in str(caught.value)


def test_gzip_of_several_members() -> None:
    """All of them."""
    import gzip

    assert WEB.unpacked(gzip.compress(b"one ") + gzip.compress(b"two"), "u") == b"one two"
