"""Whether passages that begin where paragraphs do answer better than passages of even size.

    python -m benchmarks.cuts --data FOLDER [--questions 300]

Each of SQuAD's development articles is the only one, cut into passages as a file would be, and asked its own questions and as many that
only look answerable. Once as it stands, and once with its empty lines taken out, so that it is one long paragraph: then cuts fall
between any two sentences, and passages overlap by one everywhere. Prints a table and one JSON line.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from qabot.confidence import Calibration, judge
from qabot.encoder import PACKAGED
from qabot.measures import auroc, exact_match, f1, is_right, mean
from qabot.reader import EMBEDDED
from qabot.records import Article
from qabot.settings import load_settings
from qabot.training import asked
from qabot.training.asked import Asked
from qabot.training.squad import Question, articles
from qabot.wiring import load_encoder, load_reader


def main() -> None:
    """Ask on both shelves, print the table and one JSON line."""
    parser = argparse.ArgumentParser(description="Compare ways to cut articles into passages.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=300, help="answerable ones, and as many that only look so")
    given = parser.parse_args()
    settings = load_settings()
    encoder, (reader, calibration) = load_encoder(PACKAGED, settings.cache), load_reader(EMBEDDED, settings.cache)
    figures = {}
    for name, shelf in (("whole paragraphs", articles), ("even sizes", _one_paragraph)):
        rows = asked.squad(given.data, encoder, reader, settings.passages, given.questions, shelf)
        figures[name] = _figures(rows, calibration)
    table = Table("", *figures)
    for key in next(iter(figures.values())):
        table.add_row(key, *(str(found[key]) for found in figures.values()))
    Console().print(table)
    print(json.dumps({"benchmark": "cuts", "figures": figures}))


def _one_paragraph(questions: Sequence[Question]) -> list[Article]:
    """The articles with a line's end where an empty line was."""
    return [replace(article, text=article.text.replace("\n\n", "\n ")) for article in articles(questions)]


def _figures(rows: Sequence[Asked], calibration: Calibration) -> dict[str, float | None]:
    judged = [judge(row.question, row.read(calibration.joint)[0], calibration) for row in rows]
    first = [(answers[0].span.text, answers[0].confidence) if answers else ("", 0.0) for answers in judged]
    answerable = [(said, sure, row.accepted) for (said, sure), row in zip(first, rows, strict=True) if row.accepted]
    others = [sure for (_, sure), row in zip(first, rows, strict=True) if not row.accepted]
    return {
        "questions": len(rows),
        "words a passage": round(
            sum(len(hit.passage.text.split()) for row in rows for hit in row.hits) / sum(len(row.hits) for row in rows)
        ),
        "answer's words in a hit": mean(
            [float(any(a in hit.passage.text for hit in row.hits for a in row.accepted)) for row in rows if row.accepted]
        ),
        "EM": mean([float(exact_match(said, accepted)) for said, _, accepted in answerable]),
        "F1": mean([f1(said, accepted) for said, _, accepted in answerable]),
        "answered right": mean([float(is_right(said, accepted) and sure >= calibration.threshold) for said, sure, accepted in answerable]),
        "AUROC of answerable": auroc([sure for _, sure, _ in answerable], others),
    }


if __name__ == "__main__":
    main()
