"""How well questions are answered from an index, and how far the confidence can be trusted.

    python -m benchmarks.end_to_end --data FOLDER [--questions 400] [qabot/weights/reader]

`all`: the 1,581 paragraphs of SquadShifts' `new_wiki` are the index; every development question has an answer in it. `half`: every
second of the 48 articles is left out, so that about half of the questions have none. `alone`: each of SQuAD's development articles
is the only one, asked as many questions that only look answerable as answerable ones. EM and F1 are of the first candidate, said or
not; the confidence is judged over all questions. Prints a table and one JSON line.
"""

import argparse
import json
from pathlib import Path

from rich.console import Console
from rich.table import Table

from qabot.confidence import Calibration, judge
from qabot.encoder import PACKAGED
from qabot.measures import auroc, calibration_error, coverage_at, exact_match, f1, is_right, mean
from qabot.reader import EMBEDDED
from qabot.settings import load_settings
from qabot.training import asked
from qabot.training.asked import Asked
from qabot.wiring import load_encoder, load_reader


def main() -> None:
    """Ask, print the table and one JSON line."""
    parser = argparse.ArgumentParser(description="Measure answers and confidence end to end.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=0, help="of each kind; 0 is all of new_wiki and 1,000 of SQuAD")
    parser.add_argument("reader", nargs="?", default=EMBEDDED)
    given = parser.parse_args()
    settings = load_settings()
    encoder, (reader, calibration) = load_encoder(PACKAGED, settings.cache), load_reader(given.reader, settings.cache)
    half = asked.every_second(asked.titles(given.data, dev=False))
    rows = {
        "all": asked.new_wiki(given.data, (), encoder, reader, settings.passages, given.questions),
        "half": asked.new_wiki(given.data, half, encoder, reader, settings.passages, given.questions),
        "alone": asked.squad(given.data, encoder, reader, settings.passages, given.questions or 1000),
    }
    figures = {name: answered(found, calibration) for name, found in rows.items()}
    show(figures)
    print(json.dumps({"benchmark": "end to end", "reader": given.reader, "passages": settings.passages, "figures": figures}))


def show(figures: dict[str, dict[str, float | None]]) -> None:
    """A table with a column for each shelf."""
    table = Table("", *figures)
    for key in next(iter(figures.values())):
        table.add_row(key, *(str(row[key]) for row in figures.values()))
    Console().print(table)


def answered(rows: list[Asked], calibration: Calibration) -> dict[str, float | None]:
    """How well the questions were answered, and how far the confidence can be trusted."""
    judged, exact, overlap, right, declined, has_answer, read = [], [], [], [], [], [], []
    for row in rows:
        spans, count = row.read(calibration.joint)
        answers = judge(row.question, spans, calibration)
        read.append(float(count))
        said, confidence = (answers[0].span.text, answers[0].confidence) if answers else ("", 0.0)
        judged.append((confidence, is_right(said, row.accepted)))
        has_answer.append(bool(row.accepted))
        if row.accepted:
            exact.append(float(exact_match(said, row.accepted)))
            overlap.append(f1(said, row.accepted))
            right.append(float(judged[-1][1] and confidence >= calibration.threshold))
        else:
            declined.append(float(confidence < calibration.threshold))
    with_answer = [confidence for (confidence, _), has in zip(judged, has_answer, strict=True) if has]
    without = [confidence for (confidence, _), has in zip(judged, has_answer, strict=True) if not has]
    sure = [float(good) for confidence, good in judged if confidence >= calibration.sure]
    probably = [float(good) for confidence, good in judged if calibration.threshold <= confidence < calibration.sure]
    return {
        "questions": len(rows),
        "answerable": len(with_answer),
        "EM": mean(exact),
        "F1": mean(overlap),
        "answered right, of the answerable": mean(right),
        "declined, of the unanswerable": mean(declined),
        "AUROC of answerable": auroc(with_answer, without),
        "calibration error": calibration_error(judged),
        "answered at 80 % right": coverage_at(judged, 0.8),
        "answered at 90 % right": coverage_at(judged, 0.9),
        "sure: right": mean(sure),
        "probably: right": mean(probably),
        "passages read": mean(read),
    }


if __name__ == "__main__":
    main()
