"""The fit of the confidence, on questions whose scores say how they end."""

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from qabot.confidence import FEATURES, Calibration
from qabot.records import Hit, Span
from qabot.spans import Joint
from qabot.training import calibration
from qabot.training.asked import Asked
from tests.conftest import passage

_WORDS = ["Lima", "Quito", "Bogota", "Sucre", "Potosi"]


def _asked(margins: list[float], scores: list[float], accepted: tuple[str, ...]) -> Asked:
    hits = [Hit(passage(f"{_WORDS[place]} it was.", place), score) for place, score in enumerate(scores)]
    spans = [[Span(hit, 0, len(_WORDS[place]), margin, 0.0)] for place, (hit, margin) in enumerate(zip(hits, margins, strict=True))]
    return Asked("Which town was it?", accepted, tuple(hits), tuple(spans))


def _rows(count: int) -> list[Asked]:
    chance, rows = random.Random(3), []
    for number in range(count):
        answerable = number % 2 == 0
        margins = [chance.gauss(6 if answerable else -2, 2.0), *(chance.gauss(-4, 2.0) for _ in range(3))]
        rows.append(_asked(margins, [0.8, 0.5, 0.4, 0.3], ("Lima",) if answerable else ()))
    return rows


def test_what_the_scores_say_is_learnt_and_can_be_loaded(tmp_path: Path) -> None:
    """Of clearly separate questions nearly all are told apart, fewer passages are read, and the file is the reader's."""
    fitted, figures, judged = calibration.fit({"made": _rows(300)})
    assert figures["made"]["auroc_answerable"] > 0.97
    assert figures["made"]["right_of_answerable"] > 0.9
    assert figures["made"]["declined_of_unanswerable"] > 0.9
    assert 2 <= figures["all"]["passages_read"] < 4
    assert len(judged) == 300
    (tmp_path / "calibration.json").write_text(json.dumps(fitted))
    loaded = Calibration.load(tmp_path)
    assert (len(loaded.weights), loaded.threshold, loaded.joint.bound) == (len(FEATURES), fitted["threshold"], fitted["joint"]["bound"])
    assert loaded.threshold <= loaded.sure


def test_an_answer_with_a_word_more_is_right_and_strictly_not() -> None:
    """The confidence learns that it is right; the strict figures say what an exact measure would."""
    rows = [replace(row, accepted=("Lima it was by far",) if row.accepted else ()) for row in _rows(100)]
    _, figures, _ = calibration.fit({"made": rows})
    assert figures["made"]["right_of_answerable"] > 0.9
    assert figures["made"]["strict"]["right_of_answerable"] == 0.0


def test_a_kind_counts_as_often_as_is_said() -> None:
    """Where two kinds say the opposite of the same scores, the one that counts three times is right in three of four."""
    trusted = [_asked([2.0, -9.0], [0.8, 0.5], ("Lima",)) for _ in range(20)]
    refuted = [_asked([2.0, -9.0], [0.8, 0.5], ()) for _ in range(20)]
    likely = [calibration.fit({"nq": one, "squad": other})[2] for one, other in ((trusted, refuted), (refuted, trusted))]
    assert [confidence for confidence, _ in likely[0]] == pytest.approx([0.75] * 40, abs=0.02)
    assert [confidence for confidence, _ in likely[1]] == pytest.approx([0.25] * 40, abs=0.02)


def test_the_bound_is_the_least_that_keeps_the_answers() -> None:
    """The third passage's 8 is above the first's 5: reading may stop only where nothing beyond 5 is feared; the grid's next is 5.5."""
    rows = [_asked([5.0, 1.0, 8.0], [0.9, 0.8, 0.7], ("Bogota",))] * 10
    assert calibration.bounded(rows, Joint()).bound == 5.5
    assert calibration.bounded([_asked([5.0, 1.0, 4.0], [0.9, 0.8, 0.7], ("Lima",))] * 10, Joint()).bound == 0.0
