"""The note beside what was fetched: believed for its file alone."""

from pathlib import Path

import pytest

from qabot.origin import NAME, Origin, note, origin

CAME = Origin("a.html", "https://www.x.org/a", "http://x.org/a", "2026-01-02T03:04:05+00:00", None)


def test_a_note_is_read_back(tmp_path: Path) -> None:
    """For the file that it names, and no other beside it."""
    (tmp_path / NAME).write_bytes(note(CAME))
    assert origin(tmp_path / "a.html") == CAME
    assert origin(tmp_path / "b.html") is None


_BAD = [b"", b"[]", b"{}", b'"a"', b'{"file": "a.html"}', b"[" * 10_000, note(CAME).replace(b'"http://x', b'1, "x": "')]


@pytest.mark.parametrize("data", [*_BAD, note(CAME) + b" " * 20_000])
def test_what_is_no_note(tmp_path: Path, data: bytes) -> None:
    """A file of that name may be anything."""
    (tmp_path / NAME).write_bytes(data)
    assert origin(tmp_path / "a.html") is None


@pytest.mark.parametrize(
    ("canonical", "cited"),
    [
        (None, CAME.url),
        ("https://x.org/the-mill", "https://x.org/the-mill"),
        ("https://evil.org/a", CAME.url),
        ("https://x.org.evil.org/a", CAME.url),
        ("http://[", CAME.url),
    ],
)
def test_the_cited_address(canonical: str | None, cited: str) -> None:
    """A page may name its own address, and no other site's."""
    assert CAME.cited(canonical) == cited
