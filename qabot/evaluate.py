"""How good the answers are: pure functions over lines of questions and the replies to them.

Exact match and token F1 after SQuAD's normalisation (Rajpurkar et al. 2016: case, punctuation, articles and spaces do not count).
"""

import json
import re
import string
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qabot.errors import QuestionError

RIGHT_F1 = 0.6  # from this overlap on an answer counts as right
_ARTICLES = re.compile(r"\b(a|an|the)\b")


@dataclass(frozen=True, slots=True)
class Result:
    """One question with what was accepted and what was said. `answers` empty: the right reply is to abstain.

    `rank` is the place, from 1, of the first source that contains an accepted string; None when none does.
    """

    id: str
    question: str
    answers: tuple[str, ...]
    answer: str | None
    confidence: float
    rank: int | None
    follow_up: bool
    milliseconds: float

    @property
    def right(self) -> bool:
        """Abstained where it should, or said an accepted string (equal after normalisation, or F1 at least 0.6)."""
        if not self.answers or self.answer is None:
            return not self.answers and self.answer is None
        return exact_match(self.answer, self.answers) or f1(self.answer, self.answers) >= RIGHT_F1


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
        confidence=reply["confidence"],
        rank=_rank(accepted, [source["excerpt"] for source in reply["sources"]]),
        follow_up=follow_up,
        milliseconds=reply["timing_ms"]["total"],
    )


def summary(results: Sequence[Result], sure: float) -> dict[str, Any]:
    """The figures, each 0 to 1 or None where there is nothing to count; `misses` lists the ids that were wrong.

    `sure`: from this confidence on an answer is given without "probably".
    """
    answerable = [r for r in results if r.answers]
    unanswerable = [r for r in results if not r.answers]
    answered = [r for r in answerable if r.answer is not None]
    times = sorted(r.milliseconds for r in results)
    return {
        "questions": len(results),
        "exact_match": _mean([_said(r, exact_match) for r in answerable]),
        "f1": _mean([_said(r, f1) for r in answerable]),
        "right": _mean([float(r.right) for r in answerable]),
        "right_of_answered": _mean([float(r.right) for r in answered]),
        "declined": _mean([float(r.right) for r in unanswerable]),
        "follow_ups_right": _mean([float(r.right) for r in results if r.follow_up]),
        "recall@1": _mean([float(r.rank == 1) for r in answerable]),
        "recall@5": _mean([float(r.rank is not None and r.rank <= 5) for r in answerable]),
        "mrr": _mean([1 / r.rank if r.rank else 0.0 for r in answerable]),
        "tiers": _tiers(results, sure),
        "calibration_error": calibration_error([r for r in results if r.answer is not None]),
        "auroc": auroc([r.confidence for r in answerable], [r.confidence for r in unanswerable]),
        "p50_ms": times[len(times) // 2] if times else None,
        "p95_ms": times[min(len(times) - 1, int(len(times) * 0.95))] if times else None,
        "misses": [{"id": r.id, "question": r.question, "said": r.answer, "accepted": list(r.answers)} for r in results if not r.right],
    }


def calibration_error(results: Sequence[Result], bins: int = 10) -> float | None:
    """Expected calibration error (Guo et al. 2017): the mean distance of confidence from the share that was right, 0 is best."""
    groups: dict[int, list[Result]] = {}
    for r in results:
        groups.setdefault(min(int(r.confidence * bins), bins - 1), []).append(r)
    apart = [abs(sum(r.confidence - r.right for r in group)) for group in groups.values()]
    return round(sum(apart) / len(results), 4) if results else None


def auroc(higher: Sequence[float], lower: Sequence[float]) -> float | None:
    """How often one of `higher` is above one of `lower`, ties half: 1 tells them apart, 0.5 is chance."""
    if not higher or not lower:
        return None
    above = sum((one > other) + (one == other) / 2 for one in higher for other in lower)
    return round(above / (len(higher) * len(lower)), 4)


def normalise(text: str) -> str:
    """SQuAD's normal form."""
    text = "".join(letter for letter in text.lower() if letter not in string.punctuation)
    return " ".join(_ARTICLES.sub(" ", text).split())


def exact_match(answer: str, accepted: Sequence[str]) -> bool:
    """Equal to an accepted string after normalisation."""
    return normalise(answer) in {normalise(text) for text in accepted}


def f1(answer: str, accepted: Sequence[str]) -> float:
    """Best token overlap with an accepted string, 0 to 1."""
    return max((_overlap(normalise(answer).split(), normalise(text).split()) for text in accepted), default=0.0)


def _overlap(said: list[str], gold: list[str]) -> float:
    if not said or not gold:
        return float(said == gold)
    common = sum((Counter(said) & Counter(gold)).values())
    return 2 * common / (len(said) + len(gold))


def _tiers(results: Sequence[Result], sure: float) -> dict[str, dict[str, Any]]:
    """Of the replies given as sure, as probable, and of those that abstained: how many, and the share that was right."""
    answered = [r for r in results if r.answer is not None]
    tiers = {
        "sure": [r for r in answered if r.confidence >= sure],
        "probably": [r for r in answered if r.confidence < sure],
        "abstained": [r for r in results if r.answer is None],
    }
    return {name: {"replies": len(tier), "right": _mean([float(r.right) for r in tier])} for name, tier in tiers.items()}


def _said(result: Result, measure: Callable[[str, Sequence[str]], float]) -> float:
    return float(measure(result.answer, result.answers)) if result.answer is not None else 0.0


def _rank(accepted: Sequence[str], excerpts: Sequence[str]) -> int | None:
    wanted = [f" {normalise(text)} " for text in accepted]
    for place, excerpt in enumerate(excerpts, start=1):
        if any(text in f" {normalise(excerpt)} " for text in wanted):
            return place
    return None


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None
