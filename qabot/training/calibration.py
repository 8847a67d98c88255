"""Fits the confidence: scores -> the probability that the first answer is right.

    python -m qabot.training.calibration --data FOLDER --reader qabot/weights/reader

SquadShifts' `new_wiki` is the index, without every second development article, so that about half of the development questions
have no answer in it. Each question is asked end to end; a logistic regression (Platt 1999) learns from `confidence.features`
whether the first span was right. The threshold is the lowest at which 9 of 10 questions without an answer are declined: below
it the bot would invent, above it it would keep answers back. "sure" begins where 9 of 10 answers were right. Odd questions fit,
even ones measure; writes `calibration.json`.
"""

import argparse
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.progress import track

from qabot.build import cut
from qabot.chunking import Chunking, SentenceSplitter
from qabot.confidence import FEATURES, features
from qabot.encoder import SentenceEncoder
from qabot.faiss_index import FaissIndex
from qabot.keyword_index import Bm25Index
from qabot.measures import is_right
from qabot.reader import ExtractiveReader
from qabot.retriever import HybridRetriever
from qabot.training.squad import Question, load_questions, paragraphs

_SEED = 17
_SURE = 0.9
_DECLINED = 0.9


def main() -> None:
    """Ask, fit, measure, write, and print one JSON line."""
    parser = argparse.ArgumentParser(description="Fit the confidence of a reader.")
    parser.add_argument("--data", type=Path, required=True, help="folder with squadshifts/ and splits.json")
    parser.add_argument("--reader", type=Path, required=True, help="the reader's folder; calibration.json is written there")
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--passages", type=int, default=5)
    given = parser.parse_args()
    questions = load_questions(given.data, "new_wiki")
    left_out = set(sorted({question.title for question in questions if question.dev})[::2])
    retriever = _retriever([question for question in questions if question.title not in left_out])
    asked = [question for question in questions if question.dev]
    asked = random.Random(_SEED).sample(asked, min(given.questions, len(asked)))
    rows = _ask(asked, left_out, retriever, ExtractiveReader.load(str(given.reader)), given.passages)
    calibration, figures = _fit(rows)
    (given.reader / "calibration.json").write_text(json.dumps(calibration, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(calibration | {"held_out": figures}))


def _retriever(questions: Sequence[Question]) -> HybridRetriever:
    encoder = SentenceEncoder.load()
    passages = cut(paragraphs(questions), SentenceSplitter(encoder.count_tokens, Chunking()))
    vectors = FaissIndex.from_vectors(encoder.encode([passage.embedded_text for passage in passages]))
    return HybridRetriever(encoder, vectors, Bm25Index.from_texts([p.embedded_text for p in passages]), passages)


def _ask(
    questions: Sequence[Question], left_out: set[str], retriever: HybridRetriever, reader: ExtractiveReader, passages: int
) -> list[tuple[tuple[float, ...], bool, bool]]:
    """For each question: the first span's features, whether it was right, whether the index has an answer."""
    rows = []
    for question in track(questions, "asking"):
        spans = reader.read(question.text, retriever.retrieve(question.text, passages))
        answerable = question.title not in left_out and bool(question.answers)
        accepted = [text for text, _ in question.answers] if answerable else []
        said = spans[0].text if spans else ""
        rows.append((features(spans), is_right(said, accepted), answerable))
    return rows


def _fit(rows: list[tuple[tuple[float, ...], bool, bool]]) -> tuple[dict[str, Any], dict[str, float]]:
    from sklearn.linear_model import LogisticRegression

    x, right = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    answerable = np.array([row[2] for row in rows])
    model = LogisticRegression(C=1.0).fit(x[1::2], right[1::2])
    fitted = model.predict_proba(x[1::2])[:, 1]
    threshold = _threshold(fitted, answerable[1::2])
    calibration = {
        "weights": {name: round(float(w), 5) for name, w in zip(FEATURES, model.coef_[0], strict=True)},
        "bias": round(float(model.intercept_[0]), 5),
        "threshold": threshold,
        "sure": max(threshold, _sure(fitted, right[1::2])),
    }
    return calibration, _measure(model.predict_proba(x[::2])[:, 1], right[::2], answerable[::2], threshold)


def _threshold(probability: Any, answerable: Any) -> float:
    """The lowest probability at which 9 of 10 unanswerable questions are declined."""
    steps = np.arange(0.05, 0.95, 0.01)
    good = (t for t in steps if (probability[~answerable] < t).mean() >= _DECLINED)
    return round(float(next(good, steps[-1])), 2)


def _sure(probability: Any, right: Any) -> float:
    """The lowest probability from which 9 of 10 answers were right."""
    for t in np.arange(0.5, 1.0, 0.01):
        above = probability >= t
        if above.sum() >= 20 and right[above].mean() >= _SURE:
            return round(float(t), 2)
    return 0.99


def _measure(probability: Any, right: Any, answerable: Any, threshold: float) -> dict[str, float]:
    from sklearn.metrics import roc_auc_score

    bins = np.minimum((probability * 10).astype(int), 9)
    gaps = [abs(probability[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean() for b in range(10) if (bins == b).any()]
    said = probability >= threshold
    return {
        "questions": len(right),
        "calibration_error": round(float(sum(gaps)), 4),
        "auroc_answerable": round(float(roc_auc_score(answerable, probability)), 4),
        "right_of_answerable": round(float((right & said)[answerable].mean()), 4),
        "declined_of_unanswerable": round(float((~said)[~answerable].mean()), 4),
        "right_of_answered": round(float(right[said].mean()), 4),
    }


if __name__ == "__main__":
    main()
