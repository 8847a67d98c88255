"""The shelves on which the confidence is fitted: what stands on them, and which questions they answer."""

import json
import zlib
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from qabot.evaluate import read_questions
from qabot.records import Hit, Span
from qabot.training import asked
from tests.conftest import LetterEncoder

MARKET = " There is a market on every day of the week." * 11  # long enough for a passage of its own
RIVERS = {"Lima": "Rimac", "Rome": "Tiber", "Riga": "Daugava", "Bern": "Aare", "Oslo": "Aker", "Kyiv": "Dnipro"}


class FirstWord:
    """Finds the first word of each passage."""

    def candidates(self, question: str, hits: Sequence[Hit]) -> list[list[Span]]:
        """One span a hit."""
        return [[Span(hit, 0, len(hit.passage.text.split()[0]), 1.0, 0.0)] for hit in hits]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """One development article: six towns, a paragraph each; the last names the second's river too."""
    paragraphs = []
    for town, river in RIVERS.items():
        context = f"{town} is a town on the {river}." + (" It is not on the Tiber." if town == "Kyiv" else "") + MARKET
        answers = [{"text": river, "answer_start": context.index(river)}]
        paragraphs.append({"context": context, "qas": [{"id": town, "question": f"Which river has {town}?", "answers": answers}]})
    (tmp_path / "squad").mkdir()
    (tmp_path / "squad" / "train-v1.1.json").write_text(json.dumps({"data": [{"title": "Towns", "paragraphs": paragraphs}]}))
    trap = {"context": paragraphs[0]["context"], "qas": [{"id": "trap", "question": "Which sea has Lima?", "answers": []}]}
    (tmp_path / "squad" / "unanswerable-train.json").write_text(json.dumps({"data": [{"title": "Towns", "paragraphs": [trap]}]}))
    (tmp_path / "splits.json").write_text(json.dumps({"squad_dev_titles": ["Towns"]}))
    return tmp_path


def test_every_second_paragraph_is_withheld(data: Path) -> None:
    """Questions on the paragraphs that are left have their answer, the others none."""
    reader: Any = FirstWord()
    rows = asked.withheld(data, LetterEncoder(), reader, 5, 10)
    accepted = {row.question.removesuffix("?").split()[-1]: row.accepted for row in rows}
    assert accepted == {"Lima": (), "Rome": ("Tiber",), "Riga": (), "Bern": ("Aare",), "Oslo": (), "Kyiv": ("Dnipro",)}
    shown = {hit.passage.text.split()[0] for row in rows for hit in row.hits}
    assert shown == {"Rome", "Bern", "Kyiv"}


def test_a_withheld_answer_that_stands_elsewhere_too_is_not_asked_for(data: Path) -> None:
    """Whether Kyiv's paragraph answers for a town whose river it names is not known."""
    path = data / "squad" / "train-v1.1.json"
    path.write_text(path.read_text().replace("not on the Tiber", "not on the Aker"))
    reader: Any = FirstWord()
    assert not any("Oslo" in row.question for row in asked.withheld(data, LetterEncoder(), reader, 5, 10))


def test_an_article_alone_is_asked_its_own_questions_and_traps(data: Path) -> None:
    """All of its paragraphs are there; what only looks answerable has no answer."""
    reader: Any = FirstWord()
    rows = asked.squad(data, LetterEncoder(), reader, 5, 10)
    assert [row.accepted for row in rows if "sea" in row.question] == [()]
    assert {row.accepted for row in rows if "river" in row.question} == {(river,) for river in RIVERS.values()}


def test_of_natural_questions_every_second_development_article_is_left_out(tmp_path: Path) -> None:
    """Their questions have no answer then; articles to train on stand beside, and are not asked."""
    titles = [f"Town {n}" for n in range(400) if zlib.crc32(f"Town {n}".encode()) % 20 == 0][:4]
    rows = []
    for title in [*titles, "Towns to train on"]:
        answers = [{"text": "river", "answer_start": 2}]
        paragraph = {
            "context": f"A river in {title}.",
            "qas": [{"id": title, "question": f"what has {title}", "n_spans": 1, "answers": answers}],
        }
        rows.append({"title": title, "paragraphs": [paragraph]})
    (tmp_path / "nq").mkdir()
    (tmp_path / "nq" / "nq-train.json").write_text(json.dumps({"data": rows}))
    (tmp_path / "splits.json").write_text("{}")
    reader: Any = FirstWord()
    found = {row.question: row for row in asked.nq(tmp_path, LetterEncoder(), reader, 5)}
    left_out = sorted(titles)[::2]
    assert {question.removeprefix("what has "): row.accepted for question, row in found.items()} == {
        title: () if title in left_out else ("river",) for title in titles
    }
    shown = {hit.passage.title for row in found.values() for hit in row.hits}
    assert shown == {*titles, "Towns to train on"} - {*left_out}


def test_questions_in_own_words_are_asked_of_their_article_and_follow_ups_are_not(data: Path, tmp_path: Path) -> None:
    """A file is named for its article; the first turn of a conversation stands alone."""
    (tmp_path / "squadshifts").mkdir()
    (tmp_path / "squadshifts" / "new_wiki.json").write_text('{"data": []}')
    (tmp_path / "splits.json").write_text(json.dumps({"squad_dev_titles": ["Towns"], "new_wiki_dev_titles": []}))
    questions = tmp_path / "questions"
    questions.mkdir()
    lines = [
        {"id": "a001", "question": "what flows through Rome?", "answers": ["Tiber", "the Tiber"]},
        {"id": "f001.1", "conversation": "f001", "question": "and through Bern?", "answers": ["Aare"]},
        {"id": "f001.2", "conversation": "f001", "question": "how long is it?", "answers": []},
        {"id": "u001", "question": "who is Lima's mayor?", "answers": []},
    ]
    (questions / "Towns.jsonl").write_text("\n".join(json.dumps(line) for line in lines))
    reader: Any = FirstWord()
    rows = asked.own_words(tmp_path, LetterEncoder(), reader, 5, questions)
    assert [(row.question, row.accepted) for row in rows] == [
        ("what flows through Rome?", ("Tiber", "the Tiber")),
        ("and through Bern?", ("Aare",)),
        ("who is Lima's mayor?", ()),
    ]
    assert {hit.passage.title for row in rows for hit in row.hits} == {"Towns"}


MEASURED = Path(__file__).parents[1] / "benchmarks" / "own_words"


def test_no_article_is_both_fitted_and_measured_on() -> None:
    """The questions that the confidence is fitted on, and those that it is measured on, are of other articles."""
    fitted, measured = ({file.name for file in folder.glob("*.jsonl")} for folder in (asked.OWN_WORDS, MEASURED))
    assert fitted
    assert measured
    assert not fitted & measured


@pytest.mark.parametrize("file", [*asked.OWN_WORDS.glob("*.jsonl"), *MEASURED.glob("*.jsonl")], ids=lambda file: file.stem)
def test_the_question_files_are_whole(file: Path) -> None:
    """Every line has an id of its own, some questions are not answered, and a conversation's turns stand together, the first answered."""
    rows = read_questions(file)
    assert len({row["id"] for row in rows}) == len(rows)
    assert sum(not row["answers"] for row in rows) >= 6
    talks = [row["conversation"] for row in rows if "conversation" in row]
    assert len(list(groupby(talks))) == len(set(talks))
    assert all(row["id"].startswith(f"{row['conversation']}.") for row in rows if "conversation" in row)
    assert all(row["answers"] for row in rows if str(row["id"]).endswith(".1"))


FOLLOW_UPS = MEASURED.parent / "follow_ups"


@pytest.mark.parametrize("file", sorted(FOLLOW_UPS.glob("*.jsonl")), ids=lambda file: file.stem)
def test_the_conversations_are_whole(file: Path) -> None:
    """Twelve of three turns, each told also as it stands alone: the first turn does, the others do not."""
    rows = read_questions(file)
    assert [row["id"] for row in rows] == [f"c{talk:02}.{turn}" for talk in range(1, 13) for turn in (1, 2, 3)]
    assert all(row["id"].startswith(f"{row['conversation']}.") for row in rows)
    assert sum(not row["answers"] for row in rows) == 8
    assert [row["alone"] == row["question"] for row in rows] == [row["id"].endswith(".1") for row in rows]
