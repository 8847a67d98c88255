"""The probability is the documented logistic regression; a file that is not one is refused."""

import json
import math
from pathlib import Path

import pytest

from qabot.confidence import FEATURES, UNCALIBRATED, Calibration, features, judge, pooled
from qabot.errors import ModelError
from qabot.records import Hit, Span
from qabot.spans import Joint
from tests.conftest import passage


def span(margin: float, score: float = 0.5, dense: float = 0.25, share: float = 0.0) -> Span:
    """A span with this margin over a null score of 1."""
    return Span(Hit(passage("word"), score, dense), 0, 4, margin + 1.0, 1.0, share)


def test_features_in_their_order() -> None:
    """Margin, own logit, gap to the best other (positive for the first), share as a logit, retrieval, cosine, and the evidence."""
    spans = [span(3.0, share=0.75), span(1.0), span(-20.0)]
    assert features("Which word?", spans) == pytest.approx((3.0, 4.0, 2.0, math.log(3), 0.5, 0.25, 1.0, 1.0, 0.0, 0.0))
    assert features("Which word?", spans, 1)[:3] == (1.0, 2.0, -2.0)
    assert features("Which word?", spans, 2)[:4] == pytest.approx((-20.0, -19.0, -10.0, math.log(0.001 / 0.999)))
    alone = features("When did Lima fall?", [span(3.0)])
    assert alone == pytest.approx((3.0, 4.0, 5.0, math.log(0.001 / 0.999), 0.5, 0.25, 0.0, 0.0, 1.0, -1.0))


def test_yes_or_no_is_never_sure() -> None:
    """However high the scores are."""
    assert judge("Did the word fall?", [span(60.0)], UNCALIBRATED)[0].confidence == pytest.approx(0.79)
    assert judge("Which word fell?", [span(60.0)], UNCALIBRATED)[0].confidence == pytest.approx(1.0)


def test_words_count_where_the_answer_stands() -> None:
    """A question's words in another sentence of the passage are not beside the answer."""
    hit = Hit(passage("Lima fell. Quito has a large market."), 0.5, 0.25)
    covered = FEATURES.index("sentence_coverage")
    assert features("Which market is large?", [Span(hit, 0, 4, 4.0, 1.0)])[covered] == 0.0
    assert features("Which market is large?", [Span(hit, 11, 16, 4.0, 1.0)])[covered] == 1.0


def test_probabilities_are_the_logistic_of_the_weighted_sum() -> None:
    """Computed by hand; extreme margins do not overflow."""
    calibration = Calibration((1.0, 0.0, 0.5, 0.0, 2.0, 4.0, 0.0, 0.0, 0.0, 0.0), -3.0, 0.5, 0.8)
    first, second = judge("?", [span(3.0), span(1.0)], calibration)
    assert first.confidence == pytest.approx(1 / (1 + math.exp(-(3.0 + 1.0 + 1.0 + 1.0 - 3.0))))
    assert second.confidence == pytest.approx(1 / (1 + math.exp(-(1.0 - 1.0 + 1.0 + 1.0 - 3.0))))
    assert [a.confidence for a in judge("?", [span(1e6), span(-1e6)], calibration)] == pytest.approx([1.0, 0.0])
    assert judge("?", [], calibration) == []


def test_load(tmp_path: Path) -> None:
    """What the file says; a reader without a file gets the plain margin."""
    assert Calibration.load(tmp_path) == UNCALIBRATED
    data = {"weights": dict.fromkeys(FEATURES, 0.5), "bias": -1, "threshold": 0.3, "sure": 0.7, "joint": {"prior": 2, "null": 1.5}}
    (tmp_path / "calibration.json").write_text(json.dumps(data))
    assert Calibration.load(tmp_path) == Calibration((0.5,) * len(FEATURES), -1.0, 0.3, 0.7, Joint(2.0, 1.5))


def test_a_feature_that_came_later_counts_nothing(tmp_path: Path) -> None:
    """An older reader's calibration goes on working; one that weighs what is unknown here is refused."""
    data = {"weights": {"margin": 0.5}, "bias": -1, "threshold": 0.3, "sure": 0.7, "joint": {"prior": 2, "null": 1.5}}
    (tmp_path / "calibration.json").write_text(json.dumps(data))
    assert Calibration.load(tmp_path).weights == (0.5,) + (0.0,) * (len(FEATURES) - 1)
    (tmp_path / "calibration.json").write_text(json.dumps(data | {"weights": {"margin": 0.5, "moon": 1.0}}))
    with pytest.raises(ModelError, match="moon"):
        Calibration.load(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"weights": {"margin": "x"}}', '{"weights": {}, "bias": 0, "threshold": 0, "sure": 0}'])
def test_a_broken_file_is_named(tmp_path: Path, text: str) -> None:
    """One error with the path."""
    (tmp_path / "calibration.json").write_text(text)
    with pytest.raises(ModelError, match=r"calibration\.json"):
        Calibration.load(tmp_path)


def test_the_surer_of_two_readings_counts_twice() -> None:
    """Log-odds 3 and 0 make 2 of the first answer, and the second loses as much; the same probability changes nothing."""
    found = judge("?", [span(3.0), span(1.0)], UNCALIBRATED)
    less = pooled(found, 0.5)
    assert [answer.span for answer in less] == [answer.span for answer in found]
    assert [answer.confidence for answer in less] == pytest.approx([1 / (1 + math.exp(-2.0)), 0.5])
    assert [answer.confidence for answer in pooled(found, found[0].confidence)] == pytest.approx([answer.confidence for answer in found])
    assert pooled(found, 0.0)[0].confidence < 0.3
    assert pooled([], 0.9) == []
