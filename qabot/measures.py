"""Measures of answers and of confidence: pure functions over texts and numbers.

Exact match and token F1 after SQuAD's normalisation (Rajpurkar et al. 2016: case, punctuation, articles and spaces do not count).
"""

import re
import string
from collections import Counter
from collections.abc import Sequence

import numpy as np

RIGHT_F1 = 0.6  # from this overlap on an answer counts as right
_MORE = 6  # words by which an answer may be longer or shorter than what an annotator marked, and still agree with it
_ARTICLES = re.compile(r"\b(a|an|the)\b")
_RESAMPLES = 1_000
_SEED = 17
Judged = Sequence[tuple[float, bool]]  # of each question: the confidence, and whether the likeliest answer was right


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


def is_right(answer: str, accepted: Sequence[str]) -> bool:
    """An accepted string: equal after normalisation, or F1 at least 0.6."""
    return exact_match(answer, accepted) or f1(answer, accepted) >= RIGHT_F1


def agrees(answer: str, accepted: Sequence[str]) -> bool:
    """Right, or an accepted string with a few more words, or a part of one: "two cars" for "two", "Grey" for "Albert Grey, 4th Earl".

    Where there is one annotator for a question, as in SQuAD, that is the difference for 33 of 92 answers that the confidence held likely
    and that overlap too little to be right.
    """
    words = normalise(answer).split()
    return is_right(answer, accepted) or any(_within(words, normalise(text).split()) for text in accepted)


def _within(one: list[str], other: list[str]) -> bool:
    """Whether the shorter stands in the longer, which has at most _MORE words more."""
    short, long = sorted((one, other), key=len)
    near = bool(short) and len(long) - len(short) <= _MORE
    return near and any(long[at : at + len(short)] == short for at in range(len(long) - len(short) + 1))


def mean(values: Sequence[float]) -> float | None:
    """The mean to four places; None of nothing."""
    return round(sum(values) / len(values), 4) if values else None


def interval(values: Sequence[float]) -> tuple[float, float] | None:
    """The 95 % interval of the mean by the percentile bootstrap (Efron 1979), 1,000 resamples, seeded; None of nothing."""
    if not values:
        return None
    chance, sample = np.random.default_rng(_SEED), np.asarray(values, dtype=float)
    means = [sample[chance.integers(len(sample), size=len(sample))].mean() for _ in range(_RESAMPLES)]
    low, high = np.percentile(means, (2.5, 97.5))
    return round(float(low), 4), round(float(high), 4)


def calibration_error(judged: Judged, bins: int = 10) -> float | None:
    """Expected calibration error (Guo et al. 2017): the mean distance of confidence from the share that was right, 0 is best."""
    apart = [count * abs(confidence - right) for confidence, right, count in reliability(judged, bins)]
    return round(sum(apart) / len(judged), 4) if judged else None


def reliability(judged: Judged, bins: int = 10) -> list[tuple[float, float, int]]:
    """(mean confidence, share that was right, questions) of each tenth of confidence that has any, lowest first."""
    groups: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in judged:
        groups.setdefault(min(int(confidence * bins), bins - 1), []).append((confidence, right))
    ordered = [group for _, group in sorted(groups.items())]
    return [(sum(c for c, _ in group) / len(group), sum(r for _, r in group) / len(group), len(group)) for group in ordered]


def auroc(higher: Sequence[float], lower: Sequence[float]) -> float | None:
    """How often one of `higher` is above one of `lower`, ties half: 1 tells them apart, 0.5 is chance."""
    if not higher or not lower:
        return None
    first, second = np.asarray(higher)[:, None], np.asarray(lower)[None, :]
    return round(float((first > second).mean() + (first == second).mean() / 2), 4)


def risk_coverage(judged: Judged) -> list[tuple[float, float]]:
    """(coverage, risk) as the bot answers ever less sure questions (El-Yaniv and Wiener 2010), a point for each confidence.

    Coverage: share of all questions answered; risk: share of those that is wrong.
    """
    points: list[tuple[float, float]] = []
    wrong = 0
    ordered = sorted(judged, key=lambda pair: -pair[0])
    for answered, (confidence, right) in enumerate(ordered, start=1):
        wrong += not right
        if answered == len(ordered) or ordered[answered][0] != confidence:  # equal confidences are answered together
            points.append((answered / len(ordered), wrong / answered))
    return points


def coverage_at(judged: Judged, accuracy: float) -> float | None:
    """The largest share of questions that can be answered with at least this share of them right; 0 where none can."""
    if not judged:
        return None
    return round(max((coverage for coverage, risk in risk_coverage(judged) if 1 - risk >= accuracy), default=0.0), 4)


def _overlap(said: list[str], gold: list[str]) -> float:
    if not said or not gold:
        return float(said == gold)
    common = sum((Counter(said) & Counter(gold)).values())
    return 2 * common / (len(said) + len(gold))
