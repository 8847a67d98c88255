"""The gate: closed by a figure below the baseline's interval, and by nothing else."""

import json
from pathlib import Path

import pytest

from qabot.errors import QuestionError
from qabot.gate import GATED, read_baseline, worse

BASELINE = {"questions": 9, "questions_sha256": "a", "intervals": {name: [0.5, 0.7] for name in GATED}} | dict.fromkeys(GATED, 0.6)


def test_within_the_interval_it_is_open() -> None:
    """At the lower end, above it, and where the baseline had nothing to count."""
    assert worse(BASELINE | {"f1": 0.5, "mrr": 0.9}, BASELINE) == []
    assert worse(BASELINE | {"follow_ups_right": None}, {**BASELINE, "intervals": {"follow_ups_right": None}}) == []


def test_below_it_is_closed() -> None:
    """Each such figure is a line with both values; a figure that is gone counts as worse."""
    assert worse(BASELINE | {"f1": 0.49, "declined": None}, BASELINE) == [
        "f1 is 49.0%, the baseline 60.0% (at least 50.0% within its interval)",
        "declined is nothing to count, the baseline 60.0% (at least 50.0% within its interval)",
    ]


def test_other_questions_are_refused() -> None:
    """Figures over different questions do not compare."""
    with pytest.raises(QuestionError, match="other questions"):
        worse(BASELINE | {"questions_sha256": "b"}, BASELINE)


@pytest.mark.parametrize("text", [None, "", "{", "[]", "{}", '{"intervals": {}}', '{"intervals": 1, "questions_sha256": "a"}'])
def test_a_file_that_is_no_baseline_is_named(tmp_path: Path, text: str | None) -> None:
    """One error with the path."""
    path = tmp_path / "b.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(QuestionError, match=r"b\.json"):
        read_baseline(path)


def test_a_baseline_is_read(tmp_path: Path) -> None:
    """As it was written, with or without a byte order mark."""
    path = tmp_path / "b.json"
    path.write_text(json.dumps(BASELINE), encoding="utf-8-sig")
    assert read_baseline(path) == BASELINE
