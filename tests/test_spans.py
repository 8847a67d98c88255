"""Start and end scores -> spans."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qabot.records import Hit, Span
from qabot.spans import TokenSpan, best_spans, merge
from tests.conftest import passage


def test_end_never_before_start() -> None:
    """Two separate maxima would give end 0 before start 2; the joint search does not."""
    starts, ends = np.array([0, 1, 9], np.float32), np.array([9, 2, 0], np.float32)
    assert best_spans(starts, ends, np.zeros(3, int), 3, 2) == [TokenSpan(0, 0, 9.0), TokenSpan(2, 2, 9.0)]


def test_length_limit_and_mask_hold() -> None:
    """The best pair is 0-3; with a limit of 2 it is 0-1, and without token 0 it is 3-3."""
    starts, ends = np.array([5, 0, 0, 1], np.float32), np.array([0, 1, 0, 5], np.float32)
    everywhere = np.zeros(4, int)
    assert best_spans(starts, ends, everywhere, 4, 1) == [TokenSpan(0, 3, 10.0)]
    assert best_spans(starts, ends, everywhere, 2, 1) == [TokenSpan(0, 1, 6.0)]
    assert best_spans(starts, ends, np.array([-1, 0, 0, 0]), 2, 1) == [TokenSpan(3, 3, 6.0)]


def test_no_span_crosses_a_sentence() -> None:
    """The best pair is 0-2 across the border; within one sentence it is 0-1."""
    starts, ends = np.array([5, 0, 0], np.float32), np.array([0, 1, 9], np.float32)
    assert best_spans(starts, ends, np.array([1, 1, 1]), 3, 1) == [TokenSpan(0, 2, 14.0)]
    assert best_spans(starts, ends, np.array([1, 1, 2]), 3, 2) == [TokenSpan(2, 2, 9.0), TokenSpan(0, 1, 6.0)]


def test_nothing_allowed() -> None:
    """No context, no span."""
    assert best_spans(np.zeros(3, np.float32), np.zeros(3, np.float32), np.full(3, -1), 5, 5) == []


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=1, max_size=12), st.integers(1, 12))
def test_equals_exhaustive_search(scores: list[tuple[int, int]], limit: int) -> None:
    """The first span has the best sum that any valid pair has."""
    starts, ends = np.array([s for s, _ in scores], np.float32), np.array([e for _, e in scores], np.float32)
    best = max(s + scores[j][1] for i, (s, _) in enumerate(scores) for j in range(i, min(len(scores), i + limit)))
    found = best_spans(starts, ends, np.zeros(len(scores), int), limit, 1)
    assert [span.score for span in found] == [best]


def test_merge_keeps_the_best_of_overlapping_and_equal_spans() -> None:
    """The same place seen from two passages, and the same words in another article, are one answer each."""
    first, second = Hit(passage("in 1941 he", id=0, start=100), 1.0), Hit(passage("1941 he came", id=1, start=103), 0.5)
    other = Hit(passage("It was 1941.", id=2, article="b.md"), 0.2)
    spans = [Span(second, 0, 4, 3.0, 0.0), Span(first, 3, 7, 4.0, 0.0), Span(other, 7, 11, 2.0, 0.0), Span(second, 8, 12, 1.0, 0.0)]
    assert [(s.hit.passage.id, s.text) for s in merge(spans)] == [(0, "1941"), (1, "came")]
