"""How good the answers are: lines of questions and the replies to them -> figures."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qabot.errors import QuestionError
from qabot.measures import (
    Judged,
    auroc,
    calibration_error,
    coverage_at,
    exact_match,
    f1,
    interval,
    is_right,
    mean,
    normalise,
    risk_coverage,
)


@dataclass(frozen=True, slots=True)
class Result:
    """One question with what was accepted and what was said. `answers` empty: the right reply is to abstain.

    `candidate` is the likeliest answer, said or not; `confidence` is its probability. `rank` is the place, from 1, of the first
    source that contains an accepted string; None when none does.
    """

    id: str
    question: str
    answers: tuple[str, ...]
    answer: str | None
    candidate: str | None
    confidence: float
    rank: int | None
    follow_up: bool
    milliseconds: float

    @property
    def right(self) -> bool:
        """Abstained where it should, or said an accepted string."""
        if not self.answers or self.answer is None:
            return not self.answers and self.answer is None
        return is_right(self.answer, self.answers)

    @property
    def candidate_right(self) -> bool:
        """The likeliest answer is an accepted one, whether it was said or not."""
        return self.candidate is not None and is_right(self.candidate, self.answers)


def read_questions(path: Path) -> list[dict[str, Any]]:
    """The lines of a question file. Raises QuestionError naming the line that is not of the form."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise QuestionError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise QuestionError(f"{path} is not UTF-8 text (byte {error.start}): convert it first") from error
    rows = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            rows.append(_row(line, f"{path}, line {number}"))
    if not rows:
        raise QuestionError(f'{path} has no questions: write one JSON object a line, as {{"question": "...", "answers": ["..."]}}')
    return rows


def _row(line: str, where: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise QuestionError(f'{where} is not JSON ({error}): write {{"question": "...", "answers": ["..."]}}') from error
    answers = row.get("answers") if isinstance(row, dict) else None
    if not isinstance(answers, list) or not isinstance(row.get("question"), str) or not all(isinstance(a, str) for a in answers):
        raise QuestionError(f'{where} needs "question" (text) and "answers" (a list of texts, [] where the article does not say)')
    return dict(row)


def result(row: dict[str, Any], reply: dict[str, Any], follow_up: bool) -> Result:
    """A question's line and the reply's JSON object -> one result."""
    accepted = tuple(row["answers"])
    return Result(
        id=str(row.get("id", "")),
        question=row["question"],
        answers=accepted,
        answer=reply["answer"],
        candidate=_candidate(reply),
        confidence=reply["confidence"],
        rank=_rank(accepted, [source["excerpt"] for source in reply["sources"]]),
        follow_up=follow_up,
        milliseconds=reply["timing_ms"]["total"],
    )


def summary(results: Sequence[Result], sure: float) -> dict[str, Any]:
    """The figures, each 0 to 1 or None where there is nothing to count; `misses` lists what was wrong.

    `sure`: from this confidence on an answer is given without "probably". `intervals` holds the 95 % bootstrap intervals.
    """
    shares = _shares(results)
    pairs = judged(results)
    times = sorted(r.milliseconds for r in results)
    return {
        "questions": len(results),
        "questions_sha256": _fingerprint(results),
        **{name: mean(values) for name, values in shares.items()},
        "intervals": {name: interval(values) for name, values in shares.items()},
        "tiers": _tiers(results, sure),
        "calibration_error": calibration_error(pairs),
        "auroc": auroc([r.confidence for r in results if r.answers], [r.confidence for r in results if not r.answers]),
        "coverage_at_80": coverage_at(pairs, 0.8),
        "coverage_at_90": coverage_at(pairs, 0.9),
        "risk_coverage": [(round(coverage, 4), round(risk, 4)) for coverage, risk in risk_coverage(pairs)],
        "p50_ms": times[len(times) // 2] if times else None,
        "p95_ms": times[min(len(times) - 1, int(len(times) * 0.95))] if times else None,
        "misses": [{"id": r.id, "question": r.question, "said": r.answer, "accepted": list(r.answers)} for r in results if not r.right],
    }


def judged(results: Sequence[Result]) -> Judged:
    """Of each question the confidence, and whether the likeliest answer was right, said or not."""
    return [(r.confidence, r.candidate_right) for r in results]


def _shares(results: Sequence[Result]) -> dict[str, list[float]]:
    """The values whose means are the figures, a value for each question that counts."""
    answerable = [r for r in results if r.answers]
    abstained = [r for r in results if r.answer is None]
    return {
        "exact_match": [_said(r, exact_match) for r in answerable],
        "f1": [_said(r, f1) for r in answerable],
        "right": [float(r.right) for r in answerable],
        "right_of_answered": [float(r.right) for r in answerable if r.answer is not None],
        "right_of_all_answers": [float(r.right) for r in results if r.answer is not None],
        "declined": [float(r.right) for r in results if not r.answers],  # recall of abstaining
        "abstention_precision": [float(r.right) for r in abstained],
        "follow_ups_right": [float(r.right) for r in results if r.follow_up],
        "recall@1": [float(r.rank == 1) for r in answerable],
        "recall@5": [float(r.rank is not None and r.rank <= 5) for r in answerable],
        "mrr": [1 / r.rank if r.rank else 0.0 for r in answerable],
    }


def _fingerprint(results: Sequence[Result]) -> str:
    """Of the questions and their accepted answers: figures compare only where it is the same."""
    asked = [[r.id, r.question, list(r.answers)] for r in results]
    return hashlib.sha256(json.dumps(asked, ensure_ascii=False).encode()).hexdigest()


def _tiers(results: Sequence[Result], sure: float) -> dict[str, dict[str, Any]]:
    """Of the replies given as sure, as probable, and of those that abstained: how many, and the share that was right."""
    answered = [r for r in results if r.answer is not None]
    tiers = {
        "sure": [r for r in answered if r.confidence >= sure],
        "probably": [r for r in answered if r.confidence < sure],
        "abstained": [r for r in results if r.answer is None],
    }
    return {name: {"replies": len(tier), "right": mean([float(r.right) for r in tier])} for name, tier in tiers.items()}


def _said(result: Result, measure: Callable[[str, Sequence[str]], float]) -> float:
    return float(measure(result.answer, result.answers)) if result.answer is not None else 0.0


def _candidate(reply: dict[str, Any]) -> str | None:
    """What was said, or what would have been said: the first of the alternatives."""
    if reply["answer"] is not None or not reply["alternatives"]:
        return reply["answer"]  # type: ignore[no-any-return]
    return str(reply["alternatives"][0]["answer"])


def _rank(accepted: Sequence[str], excerpts: Sequence[str]) -> int | None:
    wanted = [f" {normalise(text)} " for text in accepted]
    for place, excerpt in enumerate(excerpts, start=1):
        if any(text in f" {normalise(excerpt)} " for text in wanted):
            return place
    return None
