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


def test_nothing_in_scope_is_named() -> None:
    """What was asked, and what there is."""
    with pytest.raises(QuestionError, match=r"--source 'x' --tag 'old'; sources: The Mill, The River, Torres; tags: old, water"):
        Scope(("x",), ("old",)).positions(PASSAGES)
