"""A gate before a rebuilt index goes live: this run's figures against those of a baseline."""

import json
from pathlib import Path
from typing import Any

from qabot.errors import QabotError, QuestionError

GATED = ("exact_match", "f1", "right", "right_of_all_answers", "declined", "follow_ups_right", "recall@1", "recall@5", "mrr")


def read_baseline(path: Path) -> dict[str, Any]:
    """What `qabot eval --json` printed. Raises QuestionError when the file is not that."""
    try:
        baseline = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise QuestionError(f"cannot read {path}: {error.strerror}") from error
    except ValueError as error:
        raise QuestionError(f"{path} is not JSON: write it with `qabot eval FILE --json > {path}`") from error
    if not isinstance(baseline, dict) or not isinstance(baseline.get("intervals"), dict) or "questions_sha256" not in baseline:
        raise QuestionError(f"{path} is not a baseline: write it with `qabot eval FILE --json > {path}`")
    return baseline


class GateError(QabotError):
    """The new index answers worse. `lines` say in what."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("the new index answers worse, and the old one stays live: " + "; ".join(lines))
        self.lines = lines


def worse(figures: dict[str, Any], baseline: dict[str, Any]) -> list[str]:
    """A line for each figure that is below the baseline's 95 % interval; empty where the gate is open.

    Raises QuestionError when the two were measured on different questions.
    """
    if figures["questions_sha256"] != baseline["questions_sha256"]:
        raise QuestionError(
            f"the baseline was measured on other questions ({baseline.get('questions')}, here {figures['questions']}): "
            "measure it again on this file with `qabot eval FILE --json`"
        )
    found = []
    for name in GATED:
        limits = baseline["intervals"].get(name)
        if limits is not None and (figures[name] is None or figures[name] < limits[0]):
            now = "nothing to count" if figures[name] is None else f"{figures[name]:.1%}"
            found.append(f"{name} is {now}, the baseline {baseline[name]:.1%} (at least {limits[0]:.1%} within its interval)")
    return found
