"""Reading stops where nothing that is left could change the answer, and never earlier."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.records import Hit, Span
from qabot.spans import Joint, strength
from qabot.stopping import STEP, read_until_settled
from tests.conftest import passage


class Margins:
    """Reads hits whose first word has the margin given for their id; notes how many it read at a time."""

    def __init__(self, margins: Sequence[float]) -> None:
        self.margins = margins
        self.times: list[int] = []

    def __call__(self, hits: Sequence[Hit]) -> list[list[Span]]:
        """One span a hit."""
        self.times.append(len(hits))
        return [[Span(hit, 0, len(hit.passage.text.split()[0]), self.margins[hit.passage.id], 0.0)] for hit in hits]


def _hits(scores: Sequence[float], text: str = "Lima it was.", articles: Sequence[str] | None = None) -> list[Hit]:
    names = articles or ["a.md"] * len(scores)
    return [Hit(passage(f"{text} {place}", place, article=names[place]), score) for place, score in enumerate(scores)]


def test_a_clear_answer_ends_the_reading() -> None:
    """9 + 10 x .9 is above 4 + 10 x .5, so that the third hit is not read."""
    read = Margins([9.0, 1.0, 1.0, 1.0])
    spans = read_until_settled(_hits([0.9, 0.6, 0.5, 0.4]), read, Joint(prior=10.0, bound=4.0))
    assert (read.times, [span.hit.passage.id for span in spans]) == ([2], [0, 1])


def test_without_a_bound_all_is_read_at_once() -> None:
    """As before there was one."""
    read = Margins([9.0, 1.0, 1.0])
    assert len(read_until_settled(_hits([0.9, 0.6, 0.5]), read, Joint(prior=10.0))) == 3
    assert read.times == [3]


def test_no_hits_no_spans() -> None:
    """With and without a bound."""
    assert read_until_settled([], lambda hits: [], Joint(bound=1.0)) == read_until_settled([], lambda hits: [], Joint()) == []


@pytest.mark.parametrize(("text", "articles", "read"), [
    ("1941 it was.", ["a.md", "a.md", "b.md"], 3),  # another article may say another year
    ("1941 it was.", ["a.md", "a.md", "a.md"], 2),
    ("Lima it was.", ["a.md", "a.md", "b.md"], 2),
])  # fmt: skip
def test_another_article_that_may_contradict_is_read(text: str, articles: list[str], read: int) -> None:
    """Else its figure could not be shown beside the answer's."""
    margins = Margins([20.0, 1.0, 1.0])
    read_until_settled(_hits([0.9, 0.6, 0.5], text, articles), margins, Joint(prior=1.0, bound=2.0))
    assert sum(margins.times) == read


_NUMBERS = st.floats(-15, 15).map(lambda value: round(value, 1))


@given(st.lists(st.tuples(st.floats(0, 1), _NUMBERS), max_size=9), st.floats(0, 20), st.floats(0, 12), st.integers(1, 12))
def test_how_many_are_read_at_a_time_changes_nothing(rows: list[tuple[float, float]], prior: float, bound: float, ahead: int) -> None:
    """The same spans on one CPU and on many; and where no margin is above the bound, the strongest of all."""
    hits = _hits(sorted((score for score, _ in rows), reverse=True))
    margins, joint = [margin for _, margin in rows], Joint(prior=prior, bound=bound)
    one, many = (read_until_settled(hits, Margins(margins), joint, count) for count in (STEP, ahead))
    assert one == many
    if rows and max(margins) <= bound:
        everything = [span for spans in Margins(margins)(hits) for span in spans]
        assert max(strength(span, joint) for span in one) == max(strength(span, joint) for span in everything)
