"""Fits the confidence: scores -> the probability that the first answer is right.

    python -m qabot.training.calibration --data FOLDER --reader qabot/weights/reader

Asks `new_wiki` and Natural Questions on shelves without every second development article, and each of SQuAD's development articles alone:
with every second paragraph withheld, and whole with questions that only look answerable; and the questions in `questions/fitted/`, each
on its article (see `asked`). These and Natural Questions alone are worded as people word who have not seen the text; of Natural
Questions there are few, so that each counts three times.
First the joint distribution: the weight of a passage's retrieval score and the strength of "no answer" that tell most right answers,
and the least margin at which reading may stop with another first answer in at most 1 of 200 questions.
Then a logistic regression (Platt 1999) learns from `confidence.features` whether the span that it holds most probable is right, as far as
`measures.agrees` knows: one annotator's words, a few more or a part of them; figures with F1 of .6 beside it are under "strict". The
threshold is where right answers gained and inventions declined balance (Youden's J); "sure" begins where 9 of 10 answers were right,
both with the kinds counted so.
Figures are of questions that were not fitted on: five parts are measured in turn with the fit of the other four. Writes
`calibration.json` and `calibration.png` beside the weights; prints one JSON line.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from qabot.confidence import FEATURES, features
from qabot.diagram import draw
from qabot.encoder import PACKAGED
from qabot.measures import agrees, auroc, calibration_error, coverage_at, is_right
from qabot.settings import load_settings
from qabot.spans import Joint
from qabot.training import asked
from qabot.training.asked import Asked
from qabot.wiring import load_encoder, load_reader

_PARTS = 5
_SURE = 0.9
_NOISE = 0.015  # about one standard error of Youden's J on so many questions
_PRIORS = (0.0, 4.0, 8.0, 12.0, 16.0)  # beyond, 3 of 2,104 first answers more are right, and articles in other words lose
_NULLS = (0.0, 2.0, 4.0, 6.0, 8.0)
_BOUNDS = np.arange(0, 20.5, 0.5)
_SETTLED = 0.995
_ROUNDS = 4  # of choosing and fitting; after the third next to nothing changes
_NOTHING = tuple({"margin": -20.0, "logit": -5.0, "gap": -10.0}.get(name, 0.0) for name in FEATURES)  # where the reader found no span
_COUNTS = {"nq": 3.0}  # as how many a question of the kind counts; of the others as 1
_STRICT = ("calibration_error", "right_of_answerable", "right_of_sure", "right_of_probably")
_Floats = npt.NDArray[np.float64]
_Flags = npt.NDArray[np.bool_]
_Candidates = tuple[_Floats, _Flags]  # features; which agree with what is accepted, and which are right strictly, shape (candidates, 2)


def main() -> None:
    """Ask, fit, measure, write, and print one JSON line."""
    parser = argparse.ArgumentParser(description="Fit the confidence of a reader.")
    parser.add_argument("--data", type=Path, required=True, help="folder with squad/, squadshifts/ and splits.json")
    parser.add_argument("--reader", type=Path, required=True, help="the reader's folder; calibration.json is written there")
    parser.add_argument("--questions", type=int, default=0, help="of new_wiki; 0 is all")
    parser.add_argument("--withheld", type=int, default=1000, help="of SQuAD, on half of their article")
    parser.add_argument("--squad", type=int, default=250, help="of SQuAD, answerable and only looking so, each")
    parser.add_argument("--passages", type=int, default=load_settings().passages)
    given = parser.parse_args()
    cache = load_settings().cache
    encoder, (reader, _) = load_encoder(PACKAGED, cache), load_reader(str(given.reader), cache)
    left_out = asked.every_second(asked.titles(given.data, dev=True))
    sets = {
        "new_wiki": asked.new_wiki(given.data, left_out, encoder, reader, given.passages, given.questions),
        "withheld": asked.withheld(given.data, encoder, reader, given.passages, given.withheld),
        "squad": asked.squad(given.data, encoder, reader, given.passages, given.squad),
        "nq": asked.nq(given.data, encoder, reader, given.passages),
        "own_words": asked.own_words(given.data, encoder, reader, given.passages),
    }
    calibration, figures, judged = fit(sets)
    (given.reader / "calibration.json").write_text(json.dumps(calibration, indent=1) + "\n", encoding="utf-8")
    draw(judged, given.reader / "calibration.png")
    print(json.dumps(calibration | {"held_out": figures}))


def fit(sets: dict[str, list[Asked]]) -> tuple[dict[str, Any], dict[str, Any], list[tuple[float, bool]]]:
    """The calibration, its held-out figures of each set, and (probability, right) of every question when it was held out."""
    rows = [row for found in sets.values() for row in found]
    joint = bounded(rows, _joint(rows))
    found = [_candidates(row, joint) for row in rows]
    answerable = np.array([bool(row.accepted) for row in rows])
    counts = np.array([_COUNTS.get(name, 1.0) for name, mine in sets.items() for _ in mine])
    held_out, labels = np.zeros(len(rows)), np.zeros((len(rows), 2), dtype=bool)
    for part in range(_PARTS):
        mine = np.arange(len(rows)) % _PARTS == part
        model = _fitted([candidates for candidates, held in zip(found, mine, strict=True) if not held], counts[~mine])
        x, labels[mine] = _chosen([candidates for candidates, held in zip(found, mine, strict=True) if held], model)
        held_out[mine] = model.predict_proba(x)[:, 1]
    model, right = _fitted(found, counts), labels[:, 0]
    threshold = _threshold(held_out, right, answerable, counts)
    calibration = {
        "joint": {"prior": joint.prior, "null": joint.null, "bound": joint.bound},
        "weights": {name: round(float(weight), 5) for name, weight in zip(FEATURES, model.coef_[0], strict=True)},
        "bias": round(float(model.intercept_[0]), 5),
        "threshold": threshold,
        "sure": max(threshold, _sure(held_out, right, counts)),
    }
    figures, begin = {}, 0
    for name, mine in sets.items():
        part_of = slice(begin, begin + len(mine))
        figures[name] = _measured(held_out[part_of], labels[part_of], answerable[part_of], calibration)
        begin += len(mine)
    figures["all"] = _measured(held_out, labels, answerable, calibration)
    figures["all"]["passages_read"] = round(sum(row.read(joint)[1] for row in rows) / len(rows), 2)
    return calibration, figures, [(float(p), bool(r)) for p, r in zip(held_out, right, strict=True)]


def _joint(rows: Sequence[Asked]) -> Joint:
    """The weights with the most right first answers; among equals the strength of "no answer" whose share tells right from wrong best."""

    def worth(joint: Joint) -> tuple[int, float]:
        x, labels = _chosen([_candidates(row, joint, 1) for row in rows])
        right = labels[:, 0]
        share = x[:, FEATURES.index("share")]
        return int(right.sum()), auroc(share[right].tolist(), share[~right].tolist()) or 0.0

    return max((Joint(prior, null) for prior, null in product(_PRIORS, _NULLS)), key=worth)


def bounded(rows: Sequence[Asked], joint: Joint) -> Joint:
    """With the least bound that leaves nearly all first answers as they are when every passage is read."""
    whole = [_first(row, joint) for row in rows]
    for bound in _BOUNDS:
        bounded = replace(joint, bound=float(bound))
        if sum(_first(row, bounded) == first for row, first in zip(rows, whole, strict=True)) >= _SETTLED * len(rows):
            return bounded
    return joint


def _first(row: Asked, joint: Joint) -> str | None:
    spans, _ = row.read(joint)
    return spans[0].text if spans else None


def _candidates(row: Asked, joint: Joint, most: int | None = None) -> _Candidates:
    """The features of a question's likeliest answers, shape (candidates, features), and whether they are right; never none."""
    spans, _ = row.read(joint)
    if not spans:
        return np.array([_NOTHING]), np.array([[False, False]])
    places, said = range(len(spans[:most])), [span.text for span in spans[:most]]
    return (
        np.array([features(row.question, spans, place) for place in places]),
        np.array([[agrees(text, row.accepted), is_right(text, row.accepted)] for text in said]),
    )


def _chosen(found: Sequence[_Candidates], model: Any = None) -> tuple[_Floats, _Flags]:
    """Each question's most probable candidate by `model`, or its first: the features, and whether it is right."""
    places = [0 if model is None else int(np.argmax(model.decision_function(x))) for x, _ in found]
    x = np.array([x[place] for (x, _), place in zip(found, places, strict=True)])
    return x, np.array([right[place] for (_, right), place in zip(found, places, strict=True)])


def _fitted(found: Sequence[_Candidates], counts: _Floats) -> Any:
    """A logistic regression on the candidates that it chooses itself; at first, on those that the reader holds likeliest."""
    from sklearn.linear_model import LogisticRegression

    model = None
    for _ in range(_ROUNDS):
        x, labels = _chosen(found, model)
        model = LogisticRegression(C=1.0, max_iter=3000).fit(x, labels[:, 0], sample_weight=counts)
    return model


def _threshold(probability: _Floats, right: _Flags, answerable: _Flags, counts: _Floats) -> float:
    """The lowest where (right answers kept) - (unanswerable answered) is within _NOISE of its maximum.

    Youden's J is flat over a wide range; of what is as good, more said as "probably" with its source serves better than less.
    """
    steps = np.arange(0.05, 0.9, 0.01)

    def said(flags: _Flags, step: float) -> float:
        return float(np.average(probability[flags] >= step, weights=counts[flags]))

    worth = np.array([said(right, step) - said(~answerable, step) for step in steps])
    return round(float(steps[int(np.argmax(worth >= worth.max() - _NOISE))]), 2)


def _sure(probability: _Floats, right: _Flags, counts: _Floats) -> float:
    """The lowest probability from which 9 of 10 answers were right."""
    for t in np.arange(0.5, 1.0, 0.01):
        above = probability >= t
        if above.sum() >= 20 and np.average(right[above], weights=counts[above]) >= _SURE:
            return round(float(t), 2)
    return 0.99


def _measured(probability: _Floats, labels: _Flags, answerable: _Flags, calibration: dict[str, Any]) -> dict[str, Any]:
    figures: dict[str, Any] = dict(_measure(probability, labels[:, 0], answerable, calibration))
    strict = _measure(probability, labels[:, 1], answerable, calibration)
    return figures | {"strict": {name: strict[name] for name in _STRICT}}


def _measure(probability: _Floats, right: _Flags, answerable: _Flags, calibration: dict[str, Any]) -> dict[str, float | None]:
    judged = list(zip(probability.tolist(), right.tolist(), strict=True))
    said, sure = probability >= calibration["threshold"], probability >= calibration["sure"]
    return {
        "questions": len(right),
        "calibration_error": calibration_error(judged),
        "auroc_answerable": auroc(probability[answerable].tolist(), probability[~answerable].tolist()),
        "coverage_at_80": coverage_at(judged, 0.8),
        "coverage_at_90": coverage_at(judged, 0.9),
        "right_of_answerable": _share(right & said, answerable),
        "declined_of_unanswerable": _share(~said, ~answerable),
        "right_of_sure": _share(right, sure),
        "right_of_probably": _share(right, said & ~sure),
    }


def _share(true: _Flags, among: _Flags) -> float | None:
    return round(float(true[among].mean()), 4) if among.any() else None


if __name__ == "__main__":
    main()
