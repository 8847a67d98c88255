"""The figures."""

from pathlib import Path
from typing import Any

import pytest

from qabot.errors import QuestionError
from qabot.evaluate import Result, judged, read_questions, result, summary


def _result(answers: tuple[str, ...], answer: str | None, rank: int | None = None, follow_up: bool = False) -> Result:
    return Result("1", "?", answers, answer, answer, 0.5, rank, follow_up, 10.0)


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
    tiers = summary([Result("1", "?", answers, said, said, p, None, False, 1.0) for answers, said, p in rows], 0.8)["tiers"]
    assert tiers == {
        "sure": {"replies": 1, "right": 1.0},
        "probably": {"replies": 1, "right": 0.0},
        "abstained": {"replies": 2, "right": 0.5},
    }


def test_what_was_not_said_counts_for_the_confidence() -> None:
    """Where it abstains, the first alternative is judged; no alternative is wrong."""
    reply = {"answer": None, "confidence": 0.1, "timing_ms": {"total": 1.0}, "alternatives": [{"answer": "Peru"}], "sources": []}
    rows = [result({"id": "a", "question": "?", "answers": given}, reply, False) for given in (["Peru"], ["Chile"])]
    rows.append(result({"id": "b", "question": "?", "answers": ["x"]}, {**reply, "alternatives": []}, False))
    assert judged(rows) == [(0.1, True), (0.1, False), (0.1, False)]
    assert [r.right for r in rows] == [False, False, False]


def test_rank_needs_whole_words() -> None:
    """ "art" is not found in "party"."""
    reply: dict[str, Any] = {"answer": None, "confidence": 0.1, "timing_ms": {"total": 1.0}, "alternatives": []}
    reply["sources"] = [{"excerpt": "the party"}, {"excerpt": "An art."}]
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
