"""A build asks the operator's questions before it publishes."""

import json
from pathlib import Path

import pytest

from qabot import store
from qabot.checking import check_of
from qabot.errors import QuestionError, SettingsError
from qabot.evaluate import read_questions, summary
from qabot.gate import GateError
from qabot.lines import evaluate_rows
from qabot.settings import Settings
from tests.discord_bot.small import open_small, settings_in, small_bot, write_index


def _gated(folder: Path) -> Settings:
    """The small index, its questions, and what it answers as the baseline."""
    questions, baseline = folder / "questions.jsonl", folder / "baseline.json"
    questions.write_text(json.dumps({"id": "1", "question": "Who overthrew Torres?", "answers": ["Banzer"]}) + "\n")
    settings = settings_in(folder, gate_questions=questions, gate_baseline=baseline)
    pipeline = open_small(settings).pipeline
    baseline.write_text(json.dumps(summary(evaluate_rows(read_questions(questions), pipeline, lambda done, total: None), pipeline.sure)))
    return settings


def test_no_questions_no_check(tmp_path: Path) -> None:
    """Nothing is asked where nothing is named; a missing baseline or file is told before the build."""
    settings = settings_in(tmp_path)
    assert check_of(settings) is None
    with pytest.raises(SettingsError, match="QABOT_GATE_BASELINE"):
        check_of(settings.model_copy(update={"gate_questions": tmp_path / "q.jsonl"}))
    with pytest.raises(QuestionError, match=r"q\.jsonl"):
        check_of(settings.model_copy(update={"gate_questions": tmp_path / "q.jsonl", "gate_baseline": tmp_path / "b.json"}))


def test_an_index_as_good_passes_and_a_worse_one_does_not(tmp_path: Path) -> None:
    """The error names the figure; one line, as it is printed."""
    settings = _gated(tmp_path)
    check = check_of(settings)
    assert check is not None
    check(open_small(settings))
    write_index(tmp_path / "other", ("Nobody wrote of any coup here.",))
    with pytest.raises(GateError, match=r"the old one stays live: exact_match is 0\.0%, the baseline 100\.0%"):
        check(small_bot(store.load(tmp_path / "other")))
