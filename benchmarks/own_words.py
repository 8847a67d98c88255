"""How well questions in people's own words are answered, as they come in a chat.

    python -m benchmarks.own_words --data FOLDER [--questions FOLDER [--alone]] [reader]

The questions in `own_words/` were written for this project, not collected from users, as somebody would ask who has not read the article:
in everyday words, whole sentences or terse, three of ten in conversations, one of four not answered by the article. The confidence and its
threshold were not fitted on them; whether a pass of the reader, or a feature of the confidence, was worth keeping was looked at on them
too; `--questions benchmarks/conversations` asks the turns of conversations alone, written so too, and `--questions benchmarks/follow_ups`
those of others; with --alone each of these is asked as somebody would with no conversation before it, which is what understanding
follow-ups can reach. Each file is named for its article, one of SQuAD's or SquadShifts' development articles or the beginning of one
that the reader was trained on, and the only one on the shelf. Prints a row for each article, the mean, and one JSON line; --misses
lists what was wrong.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from qabot.encoder import PACKAGED
from qabot.evaluate import Result, read_questions, summary
from qabot.lines import evaluate_rows
from qabot.pipeline import Pipeline
from qabot.reader import EMBEDDED
from qabot.records import Article, Section
from qabot.settings import load_settings
from qabot.training import asked
from qabot.training.squad import articles, development_articles, load_questions
from qabot.wiring import load_encoder, load_reader

_WORDS = 2_600  # of an article, which `follow_ups/` was written on
_FIGURES = {
    "right": "right",
    "declined": "declined",
    "follow_ups_right": "follow-ups",
    "exact_match": "EM",
    "right_of_all_answers": "right of answers",
    "auroc": "AUROC",
    "calibration_error": "ECE",
}


def main() -> None:
    """Ask, print the table and one JSON line."""
    parser = argparse.ArgumentParser(description="Measure answers to questions in people's own words.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--questions", type=Path, default=Path(__file__).parent / "own_words", help="folder of ARTICLE.jsonl")
    parser.add_argument("--alone", action="store_true", help="each turn as it is asked with no conversation before it")
    parser.add_argument("--misses", action="store_true", help="list what was answered wrong")
    parser.add_argument("reader", nargs="?", default=EMBEDDED)
    given = parser.parse_args()
    results, sure = _asked(given.data, sorted(given.questions.glob("*.jsonl")), given.reader, given.alone)
    every = [result for found in results.values() for result in found]
    figures = {title: summary(found, sure) for title, found in results.items()} | {"all": summary(every, sure)}
    table = Table("", "questions", *_FIGURES.values())
    table.columns[0].no_wrap = True
    for title, figure in figures.items():
        table.add_row(title[:24], str(figure["questions"]), *("-" if figure[name] is None else f"{figure[name]:.3f}" for name in _FIGURES))
    Console(width=120).print(table)  # in a pipe it would be 80, and the figures cut
    if given.misses:
        for miss in figures["all"]["misses"]:
            print(f"{miss['id']}  {miss['question']}  said: {miss['said']}  accepted: {' / '.join(miss['accepted']) or '-'}")
    kept = (*_FIGURES, "intervals", "tiers")
    print(json.dumps({"benchmark": "own words", "reader": given.reader, "figures": {name: figures["all"][name] for name in kept}}))


def _asked(data: Path, files: Sequence[Path], reader_name: str, alone: bool) -> tuple[dict[str, list[Result]], float]:
    """The results of each article by its title, and from which confidence on an answer is sure."""
    settings = load_settings()
    encoder, (reader, calibration) = load_encoder(PACKAGED, settings.cache), load_reader(reader_name, settings.cache)
    shelf, results = _shelf(data, {file.stem.replace("_", " ") for file in files}), {}
    for file in track(files, "asking"):
        title = file.stem.replace("_", " ")
        retriever = asked.shelve([shelf[title]], encoder)
        pipeline = Pipeline(retriever, reader, calibration, title, settings.passages)
        rows = read_questions(file)
        results[title] = evaluate_rows([_alone(row) for row in rows] if alone else rows, pipeline, lambda done, of: None)
    return results, calibration.sure


def _alone(row: dict[str, Any]) -> dict[str, Any]:
    if "alone" not in row:
        raise SystemExit(f"{row['id']} is not told as it stands alone: --alone is for the questions in benchmarks/follow_ups")
    return {name: value for name, value in row.items() if name != "conversation"} | {"question": row["alone"]}


def _shelf(data: Path, titles: set[str]) -> dict[str, Article]:
    """The development articles whole, and the beginnings of SQuAD's others with these titles."""
    shelf = development_articles(data)
    if others := titles - set(shelf):
        shelf |= {a.title: _beginning(a) for a in articles([q for q in load_questions(data, "squad") if q.title in others])}
    return shelf


def _beginning(article: Article) -> Article:
    """Its paragraphs up to the one that goes beyond _WORDS: what the questions were written on."""
    paragraphs = article.text.split("\n\n")
    before = accumulate((len(paragraph.split()) for paragraph in paragraphs), initial=0)
    text = "\n\n".join(paragraph for paragraph, words in zip(paragraphs, before, strict=False) if words <= _WORDS)
    return replace(article, text=text, sections=(Section((), 0, len(text)),))


if __name__ == "__main__":
    main()
