"""Scores -> a probability, and answer or abstain.

The probability is a logistic regression (Platt 1999) over the reader's and the retriever's scores and what else speaks for the
answer, fitted on held-out questions of which half have no answer in the index; `calibration.json` beside the reader's weights holds it.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qabot.errors import ModelError
from qabot.evidence import coverage, fits, missing_names, sentence_coverage
from qabot.polar import is_polar
from qabot.records import Answer, Span
from qabot.sentences import around
from qabot.spans import Joint

FEATURES = ("margin", "logit", "gap", "share", "retrieval", "dense", "coverage", "sentence_coverage", "missing_names", "fits")
_LEAST = 0.0001  # the least probability of a reading that is told from none
_SHARE = 0.001  # the least part of the joint distribution that is told from none


@dataclass(frozen=True, slots=True)
class Calibration:
    """`weights` go with FEATURES. At or above `threshold` the bot answers, at or above `sure` without "probably"."""

    weights: tuple[float, ...]
    bias: float
    threshold: float
    sure: float
    joint: Joint = Joint()  # noqa: RUF009

    @classmethod
    def load(cls, folder: Path) -> "Calibration":
        """Read `calibration.json`; a reader without one gets its null margin as it is, which is not calibrated.

        A weight that it lacks is 0: it was fitted before there was that feature. Raises ModelError when the file is not of this form
        or weighs what is not a feature.
        """
        path = folder / "calibration.json"
        if not path.is_file():
            return UNCALIBRATED
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            weights = tuple(float(data["weights"].pop(name, 0.0)) for name in FEATURES)
            unknown = ", ".join(data["weights"])
            bound = data["joint"].get("bound")
            joint = Joint(float(data["joint"]["prior"]), float(data["joint"]["null"]), None if bound is None else float(bound))
            found = cls(weights, float(data["bias"]), float(data["threshold"]), float(data["sure"]), joint)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelError(
                f"{path} is not a calibration: it needs weights for some of {', '.join(FEATURES)}, bias, threshold, sure, "
                "and joint with prior, null and perhaps bound"
            ) from error
        if unknown:
            raise ModelError(f"{path} weighs {unknown}, which this version does not know: install the version that it was fitted with")
        return found


UNCALIBRATED = Calibration((1.0,) + (0.0,) * (len(FEATURES) - 1), 0.0, 0.5, 0.8)


def features(question: str, spans: Sequence[Span], place: int = 0) -> tuple[float, ...]:
    """What the probability of `spans[place]` is computed from; `spans` likeliest first.

    The margin is over "no answer" in the span's own window; its own logit beside it compares passages better (Clark and Gardner 2018).
    The gap is to the best other candidate: positive for the first, negative for the others. `share` is a logit.
    """
    span, passage = spans[place], spans[place].hit.passage
    others = [other.margin for i, other in enumerate(spans) if i != place]
    gap = span.margin - max(others) if others else 5.0
    start, end = around(passage.text, span.start, span.end, passage.language)
    return (
        span.margin,
        span.score,
        max(-10.0, min(10.0, gap)),
        _log_odds(span.share, _SHARE),
        span.hit.score,
        span.hit.dense,
        coverage(question, passage),
        sentence_coverage(question, passage.text[start:end]),
        missing_names(question, passage),
        fits(question, span.text),
    )


def judge(question: str, spans: Sequence[Span], calibration: Calibration) -> list[Answer]:
    """An answer for each span with its probability of being right, the most probable first: the evidence chooses too.

    A sentence for a yes/no question is never "sure": that it has the question's words was not measured to decide it.
    """
    most = max(0.0, calibration.sure - 0.01) if is_polar(question) else 1.0
    answers = []
    for place, span in enumerate(spans):
        found = features(question, spans, place)
        logit = calibration.bias + sum(w * f for w, f in zip(calibration.weights, found, strict=True))
        answers.append(Answer(span, min(most, _probability(logit))))
    return sorted(answers, key=lambda answer: -answer.confidence)


def pooled(answers: Sequence[Answer], other: float) -> list[Answer]:
    """The answers with the log-odds of the first, the surer of two readings, a third of the way towards `other`, the other's probability.

    So the surer reading counts twice and the other one once (a logarithmic opinion pool: Genest and Zidek 1986); counted alike, they are
    right more often than they say. The further answers lose as much as the first. No answers, none.
    """
    shift = (_log_odds(other, _LEAST) - _log_odds(answers[0].confidence, _LEAST)) / 3 if answers else 0.0
    return [replace(answer, confidence=_probability(_log_odds(answer.confidence, _LEAST) + shift)) for answer in answers]


def _probability(log_odds: float) -> float:
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, log_odds))))


def _log_odds(probability: float, least: float) -> float:
    inside = min(max(probability, least), 1 - least)
    return math.log(inside / (1 - inside))
