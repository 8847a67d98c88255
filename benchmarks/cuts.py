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

from benchmarks.end_to_end import answered, show
from qabot.encoder import PACKAGED
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
        figures[name] = answered(rows, calibration) | {"words a passage": _words(rows)}
    show(figures)
    print(json.dumps({"benchmark": "cuts", "figures": figures}))


def _one_paragraph(questions: Sequence[Question]) -> list[Article]:
    """The articles with a line's end where an empty line was."""
    return [replace(article, text=article.text.replace("\n\n", "\n ")) for article in articles(questions)]


def _words(rows: Sequence[Asked]) -> int:
    """Of a passage that was found, on average."""
    lengths = [len(hit.passage.text.split()) for row in rows for hit in row.hits]
    return round(sum(lengths) / len(lengths))


if __name__ == "__main__":
    main()
