"""How well readers read: exact match and F1 on development questions, each asked of its own paragraph.

    python -m benchmarks.reader --data FOLDER [--questions 400] [--torch] [--marked] qabot/weights/reader runs/second/model

One column a reader: SquadShifts' sets (answerable only, as published), SQuAD's development articles, and these with as many
unanswerable questions as there are (SQuAD 2.0's measure: declining is right there). A question is declined where the null
score is above the best span by more than the threshold that is best on the other half of the questions. With --torch each reader has
a second column, as it was before it was compiled; with --marked one with its spans as the model marks them, without the rules for natural
answers, which published figures do not have.
"""

import argparse
import json
import random
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from unittest.mock import patch

from rich.console import Console
from rich.progress import track
from rich.table import Table

from qabot.measures import exact_match, f1
from qabot.records import Hit, Passage
from qabot.settings import load_settings
from qabot.stages import Reader
from qabot.training.squad import Question, load_questions
from qabot.wiring import load_reader

_SEED = 17
_SETS = ("squad", "unanswerable", "new_wiki", "reddit", "amazon_reviews")
Row = tuple[float, float, float, bool]  # margin, exact match and F1 of the best span, whether there is an answer


def main() -> None:
    """Read, print the table and one JSON line."""
    parser = argparse.ArgumentParser(description="Measure readers on development questions.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=500, help="of each kind; 0 is all")
    parser.add_argument("--torch", action="store_true", help="each reader also as it was before it was compiled")
    parser.add_argument("--marked", action="store_true", help="each reader also without the rules for natural answers")
    parser.add_argument("readers", nargs="+")
    given = parser.parse_args()
    sets = {name: _sample(given.data, name, given.questions) for name in _SETS}
    figures = {}
    for name in given.readers:
        figures[name] = _figures(name, load_reader(name, load_settings().cache)[0], sets)
        if given.marked:
            with _without_rules():
                figures[f"{name} (marked)"] = _figures(f"{name} (marked)", load_reader(name, load_settings().cache)[0], sets)
        if given.torch:
            figures[f"{name} (torch)"] = _figures(f"{name} (torch)", _in_torch(Path(name)), sets)
    table = Table("", *figures)
    for key in next(iter(figures.values())):
        table.add_row(key, *(str(row[key]) for row in figures.values()))
    Console().print(table)
    print(json.dumps({"benchmark": "reader", "questions": {name: len(found) for name, found in sets.items()}, "figures": figures}))


def _in_torch(folder: Path) -> Reader:
    from qabot.reader import ExtractiveReader
    from qabot.torch_models import TorchReader, load_reader

    model, tokenizer = load_reader(folder)
    return ExtractiveReader(TorchReader(model), tokenizer)


def _without_rules() -> AbstractContextManager[object]:
    rules = ExitStack()
    rules.enter_context(patch("qabot.reader.trim", lambda question, text, start, end, where: (start, end)))
    rules.enter_context(patch("qabot.reader._by_rules", lambda question, hit, spans: spans))
    return rules


def _sample(data: Path, source: str, count: int) -> list[Question]:
    found = [question for question in load_questions(data, source) if question.dev]
    return random.Random(_SEED).sample(found, min(count, len(found))) if count else found


def _figures(label: str, reader: Reader, sets: dict[str, list[Question]]) -> dict[str, float]:
    rows = {source: [_row(reader, question) for question in track(asked, f"{label}: {source}")] for source, asked in sets.items()}
    both = rows["squad"] + rows["unanswerable"]
    random.Random(_SEED).shuffle(both)
    halves = both[::2], both[1::2]
    scored = [scores for mine, other in (halves, halves[::-1]) for scores in _declining(mine, _threshold(other))]
    figures = {}
    for source in ("squad", "new_wiki", "reddit", "amazon_reviews"):
        figures[f"{source} EM"] = _percent([row[1] for row in rows[source]])
        figures[f"{source} F1"] = _percent([row[2] for row in rows[source]])
    figures["squad 2 EM"] = _percent([exact for exact, _ in scored])
    figures["squad 2 F1"] = _percent([overlap for _, overlap in scored])
    return figures


def _row(reader: Reader, question: Question) -> Row:
    passage = Passage(0, "", question.title, (), question.context, 0, len(question.context))
    spans = reader.read(question.text, [Hit(passage, 1.0)])
    if not spans:
        return -100.0, 0.0, 0.0, bool(question.answers)
    accepted = [text for text, _ in question.answers]
    return spans[0].margin, float(exact_match(spans[0].text, accepted)), f1(spans[0].text, accepted), bool(accepted)


def _declining(rows: list[Row], threshold: float) -> list[tuple[float, float]]:
    """Exact match and F1 of each row where margins below the threshold are declined."""
    return [(exact, overlap) if margin >= threshold else (float(not answerable),) * 2 for margin, exact, overlap, answerable in rows]


def _threshold(rows: list[Row]) -> float:
    return max(sorted(row[0] for row in rows), key=lambda t: sum(overlap for _, overlap in _declining(rows, t)))


def _percent(values: list[float]) -> float:
    return round(100 * sum(values) / len(values), 1) if values else float("nan")


if __name__ == "__main__":
    main()
