"""The figures."""

from pathlib import Path

import pytest

from qabot.errors import QuestionError
from qabot.evaluate import Result, auroc, calibration_error, exact_match, f1, normalise, read_questions, result, summary


@pytest.mark.parametrize(("text", "expected"), [("The Gulf  Oil.", "gulf oil"), ('an "A"', ""), ("J.J.", "jj"), ("1970-71", "197071")])
def test_normal_form(text: str, expected: str) -> None:
    """Case, punctuation, articles and spaces do not count."""
    assert normalise(text) == expected


def test_f1_is_the_best_overlap() -> None:
    """Two of three words in common with the better of two accepted strings: 2*2/(3+2)."""
    assert f1("early June 1976", ["June 1976", "1976"]) == pytest.approx(0.8)
    assert exact_match("the strikes", ["strikes"])
    assert f1("", ["x"]) == 0.0


def _result(answers: tuple[str, ...], answer: str | None, rank: int | None = None, follow_up: bool = False) -> Result:
    return Result("1", "?", answers, answer, 0.5, rank, follow_up, 10.0)


def test_summary_counts() -> None:
    """Two of three answerable right, one of two unanswerable declined, ranks 1 and 2 and none."""
    figures = summary(
        [
            _result(("Gulf Oil",), "Gulf Oil", 1),
            _result(("La Paz",), "in La Paz", 2, True),
            _result(("1941",), None),
            _result((), None),
            _result((), "Peru"),
        ],
        sure=0.5,
    )
    assert figures["right"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["exact_match"] == pytest.approx(1 / 3, abs=1e-4)
    assert figures["declined"] == 0.5
    assert figures["follow_ups_right"] == 1.0
    assert figures["right_of_answered"] == 1.0
    assert figures["mrr"] == pytest.approx(0.5)
    assert [miss["said"] for miss in figures["misses"]] == [None, "Peru"]


def test_tiers_count_what_was_said_in_each() -> None:
    """Sure from .8 on: one of one right; probably: none of one; abstained: one of two."""
    rows = [(("a",), "a", 0.8), (("b",), "c", 0.79), (("d",), None, 0.1), ((), None, 0.0)]
    tiers = summary([Result("1", "?", answers, said, p, None, False, 1.0) for answers, said, p in rows], 0.8)["tiers"]
    assert tiers == {
        "sure": {"replies": 1, "right": 1.0},
        "probably": {"replies": 1, "right": 0.0},
        "abstained": {"replies": 2, "right": 0.5},
    }


def test_calibration_error_by_hand() -> None:
    """Two at .9 of which one is right are .4 off, one at .2 that is wrong .2: (2 x .4 + .2) / 3."""
    rows = [("a", 0.9), ("x", 0.9), ("x", 0.2)]
    found = calibration_error([Result("1", "?", ("a",), said, p, None, False, 1.0) for said, p in rows])
    assert found == pytest.approx(1.0 / 3, abs=1e-4)
    assert calibration_error([]) is None


def test_auroc_by_hand() -> None:
    """Of four pairs three are in order and one is a tie."""
    assert auroc([0.9, 0.5], [0.5, 0.1]) == 0.875
    assert auroc([], [0.1]) is None


def test_rank_needs_whole_words() -> None:
    """ "art" is not found in "party"."""
    reply = {"answer": None, "confidence": 0.1, "timing_ms": {"total": 1.0}, "sources": [{"excerpt": "the party"}, {"excerpt": "An art."}]}
    assert result({"id": "a", "question": "?", "answers": ["art"]}, reply, False).rank == 2


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"question": "x"}', '{"question": 3, "answers": []}', '{"question": "x", "answers": [1]}', ""]
)
def test_bad_lines_are_named(tmp_path: Path, line: str) -> None:
    """A line that is not of the form is one error with the form."""
    path = tmp_path / "q.jsonl"
    path.write_text(line)
    with pytest.raises(QuestionError, match="question"):
        read_questions(path)
