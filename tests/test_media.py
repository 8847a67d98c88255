"""Types and addresses -> names of files."""

import pytest

from qabot.errors import ArticleError
from qabot.media import content, file_name
from qabot.web import Fetched


@pytest.mark.parametrize(
    ("url", "type", "name"),
    [
        ("https://x.org/", "text/html", "index.html"),
        ("https://x.org/a/the%20mill.php?id=3", "text/html", "the-mill.php.html"),
        ("https://x.org/mill.htm", "text/html", "mill.html"),
        ("https://x.org/r.pdf", "application/octet-stream", "r.pdf"),
        ("https://x.org/README.md", "text/plain", "README.md"),
        ("https://x.org/notes", "text/plain", "notes.txt"),
        ("https://x.org/dump.xml.bz2", "", "dump.xml.bz2"),
        ("https://x.org/..%2f..%2fetc%2fpasswd", "text/plain", "etc-passwd.txt"),
        ("https://x.org/CON", "text/html", "page-CON.html"),
        ("https://x.org/" + "a" * 300, "application/pdf", "a" * 80 + ".pdf"),
        ("https://x.org/Molino_de_la_Ca%C3%B1ada", "text/html", "Molino_de_la_Cañada.html"),
    ],
)
def test_names(url: str, type: str, name: str) -> None:
    """The last part of the address, in letters that every disk takes, with the suffix of the type."""
    assert file_name(Fetched(url, type, None, b"")) == name


@pytest.mark.parametrize("type", ["image/png", "application/octet-stream", "", "application/json"])
def test_types_that_are_not_read(type: str) -> None:
    """Named."""
    with pytest.raises(ArticleError, match=r"https://x\.org/a is .*, which is not read: give HTML"):
        file_name(Fetched("https://x.org/a", type, None, b""))


def test_only_text_is_converted() -> None:
    """A PDF stays as it came, as does text whose encoding nobody knows."""
    latin = "ó".encode("latin-1")
    assert content(Fetched("u", "", "latin-1", latin), "a.html") == "ó".encode()
    assert content(Fetched("u", "", "latin-1", latin), "a.pdf") == latin
    assert content(Fetched("u", "", "no-such", latin), "a.html") == latin
    assert content(Fetched("u", "", "utf-16", b"\xff"), "a.html") == b"\xff"
