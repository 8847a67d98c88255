"""Start and end scores -> spans."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.records import Hit, Span
from qabot.spans import Joint, TokenSpan, best_spans, merge
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
    assert [(s.hit.passage.id, s.text) for s in merge(spans, Joint())] == [(0, "1941"), (1, "came")]


def _far(text: str, margin: float, id: int, score: float = 0.0) -> Span:
    return Span(Hit(passage(text, id=id, article=f"{id}.md"), score), 0, len(text), margin, 0.0)


def test_one_distribution_over_all_passages_and_no_answer() -> None:
    """Two spans of margin 0 beside "no answer" at 0 have a third each."""
    shares = {span.text: span.share for span in merge([_far("Lima", 0.0, 0), _far("Quito", 0.0, 1)], Joint())}
    assert shares == pytest.approx({"Lima": 1 / 3, "Quito": 1 / 3})


def test_the_same_words_in_several_places_gain() -> None:
    """Three passages say "the Gulf Oil" or "Gulf Oil", one says "Shell" a little more strongly: together they are likelier."""
    spans = [_far("Shell", 2.5, 0), _far("Gulf Oil", 2.0, 1), _far("the Gulf Oil", 1.9, 2), _far("Gulf oil,", 1.8, 3)]
    found = merge(spans, Joint())
    assert [(span.text, span.hit.passage.id) for span in found] == [("Gulf Oil", 1), ("Shell", 0)]
    weights = {margin: math.exp(margin) for margin in (2.5, 2.0, 1.9, 1.8, 0.0)}
    assert found[0].share == pytest.approx((weights[2.0] + weights[1.9] + weights[1.8]) / sum(weights.values()))


def test_the_very_same_place_seen_twice_does_not_gain() -> None:
    """A sentence that two overlapping passages share is one piece of evidence."""
    one, two = Hit(passage("Gulf Oil", id=0, start=100), 0.0), Hit(passage("Gulf Oil", id=1, start=100), 0.0)
    found = merge([Span(one, 0, 8, 1.0, 0.0), Span(two, 0, 8, 0.5, 0.0), _far("Shell", 1.2, 2)], Joint())
    assert [span.text for span in found] == ["Shell", "Gulf Oil"]


def test_the_passage_s_retrieval_score_counts_with_its_weight() -> None:
    """Of equal margins the better found passage wins, and "no answer" can be made stronger."""
    spans = [_far("Lima", 1.0, 0, score=0.2), _far("Quito", 1.0, 1, score=0.9)]
    assert merge(spans, Joint(prior=2.0))[0].text == "Quito"
    assert merge(spans, Joint(null=9.0))[0].share < 0.001
