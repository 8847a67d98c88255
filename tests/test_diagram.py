"""The picture of the confidence: the kinds that are drawn, and what is told where it cannot be."""

from pathlib import Path

import pytest

from qabot.diagram import check_path, draw
from qabot.errors import QuestionError

JUDGED = [(0.9, True), (0.8, True), (0.4, False), (0.1, False)]


@pytest.mark.parametrize(("name", "start"), [("a.png", b"\x89PNG"), ("a.svg", b"<?xml"), ("a.pdf", b"%PDF")])
def test_it_is_drawn(tmp_path: Path, name: str, start: bytes) -> None:
    """Each kind of file begins as its kind does; no question at all is a picture too."""
    draw(JUDGED, tmp_path / name)
    assert (tmp_path / name).read_bytes().startswith(start)
    draw([], tmp_path / name)


def test_axes_hold_what_was_measured(tmp_path: Path) -> None:
    """The picture's text is in the SVG: how many questions, and the bin sizes."""
    draw(JUDGED, tmp_path / "a.svg")
    assert "reliability, 4 questions" in (tmp_path / "a.svg").read_text()


@pytest.mark.parametrize("name", ["a.txt", "a", "none/a.png"])
def test_a_path_that_cannot_be_drawn_is_refused_first(tmp_path: Path, name: str) -> None:
    """Before anything is asked."""
    with pytest.raises(QuestionError, match="cannot draw"):
        check_path(tmp_path / name)
