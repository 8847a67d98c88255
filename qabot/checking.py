"""A new index is asked the operator's questions before it goes live."""

from collections.abc import Callable
from pathlib import Path

from qabot.errors import SettingsError
from qabot.evaluate import read_questions, summary
from qabot.gate import GateError, read_baseline, worse
from qabot.lines import evaluate_rows
from qabot.settings import Settings
from qabot.wiring import Bot


def check_of(settings: Settings) -> Callable[[Bot], None] | None:
    """What raises GateError for an index that answers worse than the baseline; None where the settings name no questions.

    Raises SettingsError where the baseline is not named, and QuestionError where a file is not what it must be.
    """
    if settings.gate_questions is None:
        return None
    if settings.gate_baseline is None:
        raise SettingsError("QABOT_GATE_QUESTIONS needs QABOT_GATE_BASELINE, what `qabot eval FILE --json` printed of them")
    return _check(settings.gate_questions, settings.gate_baseline)


def _check(questions: Path, baseline: Path) -> Callable[[Bot], None]:
    rows, wanted = read_questions(questions), read_baseline(baseline)

    def check(bot: Bot) -> None:
        figures = summary(evaluate_rows(rows, bot.pipeline, lambda done, total: None), bot.pipeline.sure)
        lines = worse(figures, wanted)
        if lines:
            raise GateError(lines)

    return check
