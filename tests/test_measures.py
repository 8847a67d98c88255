"""The measures, computed by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.measures import (
    agrees,
    auroc,
    calibration_error,
    coverage_at,
    exact_match,
    f1,
    interval,
    mean,
    normalise,
    reliability,
    risk_coverage,
)


@pytest.mark.parametrize(("text", "expected"), [("The Gulf  Oil.", "gulf oil"), ('an "A"', ""), ("J.J.", "jj"), ("1970-71", "197071")])
def test_normal_form(text: str, expected: str) -> None:
    """Case, punctuation, articles and spaces do not count."""
    assert normalise(text) == expected


def test_f1_is_the_best_overlap() -> None:
    """Two of three words in common with the better of two accepted strings: 2*2/(3+2)."""
    assert f1("early June 1976", ["June 1976", "1976"]) == pytest.approx(0.8)
    assert exact_match("the strikes", ["strikes"])
    assert f1("", ["x"]) == 0.0


def test_calibration_error_by_hand() -> None:
    """Two at .9 of which one is right are .4 off, one at .2 that is wrong .2: (2 x .4 + .2) / 3."""
    judged = [(0.9, True), (0.9, False), (0.2, False)]
    assert calibration_error(judged) == pytest.approx(1.0 / 3, abs=1e-4)
    assert calibration_error([]) is None
    assert reliability(judged) == [(0.2, 0.0, 1), (0.9, 0.5, 2)]


def test_auroc_by_hand() -> None:
    """Of four pairs three are in order and one is a tie."""
    assert auroc([0.9, 0.5], [0.5, 0.1]) == 0.875
    assert auroc([], [0.1]) is None


@pytest.mark.parametrize(
    ("answer", "accepted", "expected"),
    [
        ("two cars", ["two"], True),
        ("500,000", ["500,000 gold and silver pieces"], True),
        ("Albert Grey, 4th Earl Grey", ["Albert Grey"], True),
        ("the pagan", ["pagans"], False),  # whole words
        ("Albert Grey", ["Albert b c d Grey"], False),  # in a row
        ("one b c d e f g h", ["one"], False),  # seven words more
        ("one a b c d e f", ["one"], True),  # an article does not count
        ("", ["two"], False),
        ("the", ["two"], False),
        ("two", [], False),
    ],
)
def test_an_answer_agrees_with_a_longer_or_shorter_one(answer: str, accepted: list[str], expected: bool) -> None:
    """The same words in a row, with up to six more."""
    assert agrees(answer, accepted) is expected


def test_risk_and_coverage_by_hand() -> None:
    """Right at .9, wrong and right at .5 together, wrong at .1: risks 0, 1/3, 1/2."""
    judged = [(0.5, False), (0.9, True), (0.1, False), (0.5, True)]
    assert risk_coverage(judged) == [(0.25, 0.0), (0.75, pytest.approx(1 / 3)), (1.0, 0.5)]
    assert [coverage_at(judged, accuracy) for accuracy in (0.9, 0.6, 0.5)] == [0.25, 0.75, 1.0]
    assert coverage_at([(0.9, False)], 0.8) == 0.0
    assert coverage_at([], 0.8) is None


def test_interval_of_known_samples() -> None:
    """All equal: no width. Nothing: none. Half ones: about two standard errors either side, the same every time."""
    assert interval([1.0] * 11) == (1.0, 1.0)
    assert interval([]) is None
    found = interval([0.0, 1.0] * 200)
    assert found == interval([0.0, 1.0] * 200)
    assert found == pytest.approx((0.451, 0.549), abs=0.01)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_interval_holds_its_mean_between_the_extremes(values: list[float]) -> None:
    """Whatever the sample."""
    found, middle = interval(values), mean(values)
    assert found is not None
    assert middle is not None
    assert min(values) - 1e-4 <= found[0] <= middle + 0.2
    assert middle - 0.2 <= found[1] <= max(values) + 1e-4
