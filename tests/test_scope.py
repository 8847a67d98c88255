"""Which articles may answer: by title, path, end of path, glob and tag."""

from dataclasses import replace

import pytest

from qabot.errors import QuestionError
from qabot.scope import Scope
from tests.conftest import passage

PASSAGES = [
    replace(passage("One.", 0, title="The Mill", article="notes/mill.md"), tags=("water", "old")),
    replace(passage("Two.", 1, title="The River", article="notes/deep/river.pdf"), tags=("water",)),
    passage("Three.", 2, title="Torres", article="data/torres.md"),
]


@pytest.mark.parametrize(
    ("sources", "tags", "expected"),
    [
        ((), (), None),
        (("the mill",), (), [0]),
        (("data/torres.md",), (), [2]),
        (("river.pdf",), (), [1]),
        (("iver.pdf", "notes/*"), (), [0, 1]),
        (("*.MD",), (), [0, 2]),
        ((), ("Water",), [0, 1]),
        ((), ("old", "none"), [0]),
        (("notes/*",), ("old",), [0]),
    ],
)
def test_positions(sources: tuple[str, ...], tags: tuple[str, ...], expected: list[int] | None) -> None:
    """One of the sources and one of the tags; capitals do not matter; nothing asked is everything."""
    assert Scope(sources, tags).positions(PASSAGES) == expected


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("2024", None, [0, 1]),
        ("2024-06", None, [0]),  # the first is of 2024, which may be June; the second is of May
        (None, "2024-05", [0, 1, 3]),
        (None, "2024-05-02", [0, 3]),
        ("2024-05-03", "2024-05-03", [0, 1]),
        ("1999", "1999-12-31", [3]),
    ],
)
def test_times(since: str | None, until: str | None, expected: list[int]) -> None:
    """Articles that have a date, and may be of that time."""
    dates = ("2024", "2024-05-03", None, "1999-07")
    passages = [replace(passage("Text.", number), date=when) for number, when in enumerate(dates)]
    assert Scope.of(None, None, since, until).positions(passages) == expected


def test_times_that_are_none() -> None:
    """Named with the way to write them; where nothing is of that time, what there is."""
    with pytest.raises(QuestionError, match=r"--since '3 May' is no date: write it as 2024, 2024-05 or 2024-05-03"):
        Scope.of(None, None, "3 May", None)
    with pytest.raises(QuestionError, match="--since 2025 is after --until 2024: turn them round"):
        Scope.of(None, None, "2025", "2024")
    dated = [replace(passage("Text."), date="2024-05")]
    with pytest.raises(QuestionError, match="no article is --since 2025; sources: Title; tags: none; dates: 2024-05"):
        Scope.of(None, None, "2025", None).positions(dated)
    assert Scope.of(None, None, None, None).positions(dated) is None


def test_nothing_in_scope_is_named() -> None:
    """What was asked, and what there is."""
    with pytest.raises(QuestionError, match=r"--source 'x' --tag 'old'; sources: The Mill, The River, Torres; tags: old, water"):
        Scope(("x",), ("old",)).positions(PASSAGES)
