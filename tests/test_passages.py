"""Passages in memory: articles in order, fetching, twins."""

from dataclasses import replace

from qabot.passages import PassageList, Passages, stretches
from qabot.records import Stretch
from tests.conftest import passage

SHELF = [
    replace(passage("one", 0, title="A", article="a.md"), tags=("x",)),
    replace(passage("two", 1, title="A", article="a.md"), tags=("x",)),
    passage("one", 2, title="B", article="b.md"),
]


def test_articles_are_stretches() -> None:
    """Passages of one article stand together."""
    expected = [Stretch("a.md", "A", ("x",), 0, 2), Stretch("b.md", "B", (), 2, 3)]
    assert stretches(SHELF) == PassageList(SHELF).articles == expected
    assert stretches([]) == []


def test_a_list_is_wrapped_once() -> None:
    """What can be asked already is left as it is."""
    passages = Passages.of(SHELF)
    assert Passages.of(passages) is passages
    assert (list(passages), len(passages), passages[1]) == (SHELF, 3, SHELF[1])


def test_fetching_and_twins() -> None:
    """In the order that is asked for; twins are the others of the same text, within what is allowed."""
    passages = PassageList(SHELF)
    assert passages.fetch([2, 0]) == [SHELF[2], SHELF[0]]
    assert passages.twins(SHELF) == [(SHELF[2],), (), (SHELF[0],)]
    assert passages.twins(SHELF[:1], {0, 1}) == [()]
