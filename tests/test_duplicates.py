"""One passage says all that another says: marks, spaces, stamps and whole sentences more; never another word or figure."""

import pytest

from qabot.duplicates import holds, place
from qabot.records import Passage
from tests.conftest import passage

SAID = (
    "The mill of Torgau was built by Anna Koch, who came from the hills and had learnt her trade there. It ground corn for all of the "
    "people of the valley. The mill burnt down in May 1906, and nobody was hurt. The wheel was sold to a farmer."
)


def _other(text: str) -> Passage:
    return passage(text, 1, article="b.md")


@pytest.mark.parametrize(
    "text",
    [
        SAID,
        SAID.upper(),
        SAID.replace(". ", ".\n"),
        SAID.replace(" ", "  ").replace(",", " ,"),
        SAID.replace("Anna Koch", "**Anna Koch**").replace("1906", "_1906_"),
        f"Last updated: 3 May 2024\n\n{SAID}",
        f"{SAID} (Published 2024-05-03.)",
    ],
)
def test_the_same_in_other_dress(text: str) -> None:
    """Each says all that the other says."""
    assert holds(passage(SAID), _other(text))
    assert holds(_other(text), passage(SAID))


def test_two_stamps() -> None:
    """Of different days."""
    assert holds(passage(f"Updated 3 May 2024.\n\n{SAID}"), _other(f"Updated 30 June 2025.\n\n{SAID}"))


@pytest.mark.parametrize("more", [f"{SAID} The ruin is still there.", f"It is an old story. {SAID}"])
def test_a_sentence_more(more: str) -> None:
    """The longer one says all of the shorter, and not the other way round."""
    assert holds(_other(more), passage(SAID))
    assert not holds(passage(SAID), _other(more))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1906", "1907"),
        ("May", "June"),
        ("May 1906", "1906"),
        ("Anna Koch", "Otto Braun"),
        ("nobody was hurt", "nobody was badly hurt"),
        ("was sold", "was not sold"),
        ("corn for all", "corn for 300"),
        ("built by", "owned by"),
    ],
)
def test_what_could_be_the_answer_stays_apart(old: str, new: str) -> None:
    """One word or figure within a sentence."""
    other = SAID.replace(old, new)
    assert other != SAID
    assert not holds(passage(SAID), _other(other))
    assert not holds(_other(other), passage(SAID))


@pytest.mark.parametrize("figures", [("5 %", "-5 %"), ("$5", "\u20ac5"), ("1.5", "15"), ("5", "5%")])
def test_signs_and_units_of_figures_count(figures: tuple[str, str]) -> None:
    """They are another value."""
    one, other = (SAID.replace("1906", figure) for figure in figures)
    assert not holds(passage(one), _other(other))


def test_a_year_of_publication_is_no_stamp() -> None:
    """It may well be asked for."""
    assert not holds(passage(f"{SAID} Published 1906."), _other(f"{SAID} Published 1907."))


def test_short_parts_and_one_article() -> None:
    """A sentence out of many is no duplicate, nor is what stands twice in one article."""
    assert not holds(passage(SAID), _other("The mill burnt down in May 1906, and nobody was hurt."))
    assert not holds(passage(SAID), passage(SAID.upper(), 1))
    assert not holds(passage("?"), _other("Words."))


@pytest.mark.parametrize(("near", "found"), [(0, 3), (9, 11), (6, 3)])
def test_the_nearest_place(near: int, found: int) -> None:
    """Of the words in the other passage."""
    assert place("in 1906 or 1906", "1906", near) == found
    assert place("in 1906", "1907", near) is None
