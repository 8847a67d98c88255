"""What is fetched becomes files that are built from ever after: named, noted, replaced, and removed with their sitemap's line."""

import gzip
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest

from qabot import shelf, store
from qabot.build import build
from qabot.chunking import Chunking, SentenceSplitter
from qabot.confidence import UNCALIBRATED
from qabot.errors import ArticleError
from qabot.hosts import Address
from qabot.loaders.sandbox import Sandbox
from qabot.origin import origin
from qabot.pages import Pages
from qabot.pipeline import Pipeline
from qabot.reply import to_json
from qabot.retriever import HybridRetriever
from qabot.web import AGENT, Web
from tests import documents
from tests.conftest import LetterEncoder
from tests.documents import BURNT
from tests.site import Site, serving
from tests.test_shelf import YearReader


@pytest.fixture
def site() -> Iterator[Site]:
    """A server for each test: what was asked of it is counted."""
    with serving() as found:
        yield found


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """One process that parses."""
    with Sandbox() as found:
        yield found


def _loopback(address: Address) -> bool:
    return address == ip_address("127.0.0.1")


def _pages(folder: Path, sandbox: Sandbox, said: list[str], limit: int = 10) -> Pages:
    return Pages(folder / "web", Web(seconds=20, may=_loopback), sandbox, said.append, limit, pause=0.0)


def test_a_page_is_kept_with_where_it_came_from(site: Site, sandbox: Sandbox, tmp_path: Path) -> None:
    """The folder gives the article with its canonical address, with no server there; a second fetch takes the first one's place."""
    pages = _pages(tmp_path, sandbox, [])
    file = pages.page(f"{site.base}/moved")
    came = origin(file)
    assert came is not None
    assert (came.asked, came.url, file.name) == (f"{site.base}/moved", f"{site.base}/mill", "mill.html")
    (article,) = shelf.load([tmp_path])
    assert (article.title, article.url) == ("The mill", f"{site.base}/mill")
    assert article.path.endswith("/mill.html")
    site.pages["/moved"] = site.pages["/mill.md"]
    again = pages.page(f"{site.base}/moved")
    assert sorted(path.name for path in again.parent.iterdir()) == ["moved.txt", "page.json"]
    assert again.parent == file.parent


@pytest.mark.parametrize(("path", "name", "titles"), [
    ("/mill.md", "mill.md", ["The mill"]), ("/mill.pdf", "mill.pdf", ["The mill"]), ("/mill.jsonl", "mill.jsonl", ["Other", "The mill"]),
])  # fmt: skip
def test_the_type_says_how_to_read_it(site: Site, sandbox: Sandbox, tmp_path: Path, path: str, name: str, titles: list[str]) -> None:
    """Or the address's ending, where the type says nothing; a folder gives what was fetched, of every kind."""
    assert _pages(tmp_path, sandbox, []).page(site.base + path).name == name
    found = shelf.load([tmp_path])
    assert [article.title for article in found] == titles
    # The address that a page gives itself is cited where it is of the same site: x.org is not.
    assert {article.url for article in found} == {site.base + path}


def test_what_is_no_article_is_not_kept(site: Site, sandbox: Sandbox, tmp_path: Path) -> None:
    """The page that was there before stays."""
    pages = _pages(tmp_path, sandbox, [])
    kept = pages.page(f"{site.base}/mill")
    before = kept.read_bytes()
    for path, message in {"/picture": "/picture is image/png, which is not read: give", "/empty": "/empty has no text"}.items():
        site.pages["/mill"] = site.pages[path]
        with pytest.raises(ArticleError, match=message.replace("/picture", "/mill").replace("/empty", "/mill")):
            pages.page(f"{site.base}/mill")
    assert kept.read_bytes() == before
    assert sorted(path.name for path in kept.parent.iterdir()) == ["mill.html", "page.json"]


def test_another_encoding_becomes_utf_8(site: Site, sandbox: Sandbox, tmp_path: Path) -> None:
    """What only the server's header says would be lost in a file."""
    site.pages["/a.txt"] = (200, {"Content-Type": "text/plain; charset=iso-8859-1"}, "El molino ardió.".encode("latin-1"))
    assert _pages(tmp_path, sandbox, []).page(f"{site.base}/a.txt").read_text(encoding="utf-8") == "El molino ardió."
    site.pages["/a.txt"] = (200, {"Content-Type": "text/plain; charset=ascii"}, "ardió".encode("latin-1"))
    with pytest.raises(ArticleError, match="is not the 'ascii' text that its server says"):
        _pages(tmp_path, sandbox, []).page(f"{site.base}/a.txt")


def test_a_sitemap(site: Site, sandbox: Sandbox, tmp_path: Path) -> None:
    """Pages of its own site that robots.txt allows, one after another; what fails is said; what it does not list any more goes."""
    said: list[str] = []
    pages = _pages(tmp_path, sandbox, said)
    site.pages["/robots.txt"] = (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /*.pdf$\n")
    site.pages["/map.xml"] = (200, {}, site.sitemap("/mill", "/mill.md", "/mill.pdf", "/none", "/mill", "http://x.org/a"))
    found = pages.sitemap(f"{site.base}/map.xml")
    assert [file.name for file in found] == ["mill.html", "mill.md"]
    assert [path for path, _ in site.asked] == ["/robots.txt", "/map.xml", "/mill", "/mill.md", "/none"]
    assert {agent for _, agent in site.asked} == {AGENT}
    assert said == [f"left out: {site.base}/none answered 404 Not Found: check the address, or try again later"]
    site.pages["/map.xml"] = (200, {}, site.sitemap("/mill"))
    pages.page(f"{site.base}/mill.jsonl")  # kept by itself, and by no sitemap
    assert [file.name for file in pages.sitemap(f"{site.base}/map.xml")] == ["mill.html"]
    assert said[1:] == [f"removed: {site.base}/mill.md, which {site.base}/map.xml does not list any more"]
    assert sorted(file.name for file in (tmp_path / "web").rglob("mill.*")) == ["mill.html", "mill.jsonl"]


def test_an_index_of_packed_sitemaps_up_to_the_limit(site: Site, sandbox: Sandbox, tmp_path: Path) -> None:
    """Sitemaps within an index are read in order until there are pages enough; what lies beyond the limit is not forgotten."""
    said: list[str] = []
    site.pages["/index.xml"] = (200, {}, site.sitemap("/a.xml.gz", "/b.xml", "http://x.org/c.xml", kind="sitemap"))
    site.pages["/a.xml.gz"] = (200, {}, gzip.compress(site.sitemap("/mill", "/mill.md")))
    site.pages["/b.xml"] = (200, {}, site.sitemap("/mill.pdf"))
    everything = _pages(tmp_path, sandbox, said)
    assert [file.name for file in everything.sitemap(f"{site.base}/index.xml")] == ["mill.html", "mill.md", "mill.pdf"]
    assert said == []
    first = _pages(tmp_path, sandbox, said, limit=1)
    assert [file.name for file in first.sitemap(f"{site.base}/index.xml")] == ["mill.html"]
    assert said == [f"{site.base}/index.xml lists more than 1 pages, the first of them are read: QABOT_SITEMAP_PAGES sets the limit"]
    assert len(shelf.load([tmp_path])) == 3


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (documents.html(), r"/map\.xml is damaged"),
        (b"<rss></rss>", r"/map\.xml is XML, but no sitemap"),
        (b'<!DOCTYPE u [<!ENTITY a "b">]><urlset>&a;</urlset>', r"/map\.xml is damaged"),
        (gzip.compress(b"0" * 60_000_000), r"/map\.xml has more than 50,000,000 bytes"),
        (b"<urlset></urlset>", r"/map\.xml lists 0 page\(s\) that may be read"),
    ],
)
def test_what_is_no_sitemap(site: Site, sandbox: Sandbox, tmp_path: Path, body: bytes, message: str) -> None:
    """Named in one line; nothing is kept."""
    site.pages["/map.xml"] = (200, {}, body)
    with pytest.raises(ArticleError, match=message):
        _pages(tmp_path, sandbox, []).sitemap(f"{site.base}/map.xml")
    assert not (tmp_path / "web").exists()


def test_rules_that_cannot_be_seen_forbid(site: Site, sandbox: Sandbox, tmp_path: Path) -> None:
    """A robots.txt that its server fails to give stops the sitemap."""
    site.pages["/robots.txt"] = (503, {}, b"")
    with pytest.raises(ArticleError, match=r"/robots\.txt answered 503"):
        _pages(tmp_path, sandbox, []).sitemap(f"{site.base}/map.xml")


def test_a_citation_of_a_page_opens_at_its_place(site: Site, sandbox: Sandbox, tmp_path: Path) -> None:
    """Fetched, built with no server there any more, asked, and compared with the kept article character by character."""
    kept = _pages(tmp_path, sandbox, []).page(f"{site.base}/moved")
    site.pages.clear()
    articles = shelf.load([tmp_path / "web"])
    build(articles, tmp_path / "index", SentenceSplitter(lambda text: len(text.split())), LetterEncoder(), Chunking())
    index = store.load(tmp_path / "index")
    retriever = HybridRetriever(LetterEncoder(), index.vectors, index.words, index.passages)
    line = to_json(Pipeline(retriever, YearReader(), UNCALIBRATED).ask("When did the mill burn down?"))
    source = line["sources"][0]
    assert (line["answer"], source["title"], source["section"]) == ("1906", "The mill", "Fire")
    assert (source["url"], source["path"]) == (f"{site.base}/mill", kept.as_posix())
    assert articles[0].text[source["start"] : source["end"]] == source["excerpt"]
    assert source["excerpt"][source["answer_start"] : source["answer_end"]] == "1906"
    assert BURNT in articles[0].text
    assert store.changed_articles(index.folder, index.manifest) == []
