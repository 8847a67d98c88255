"""Questions in people's own words: they stand on their paragraphs, and those that the project has are whole."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from qabot.training import mixture, own_words
from qabot.training.mixture import CONTRAST, OWN_WORDS, RETRIEVED, build_pairs
from qabot.training.own_words import load_own_words
from qabot.training.windows import cut

TEXT = "Lima has a river, the Rimac. It is old."
ASKED = [["what flows through it?", "the Rimac", 18], ["how deep is the Rimac?", "", 0]]
LINE = {"source": "squad", "title": "Lima", "paragraph": 1, "asked": ASKED}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """One training article of two paragraphs, and a development article between them in name."""

    def paragraph(text: str) -> dict[str, Any]:
        answer = {"text": "It", "answer_start": text.index("It")}
        return {"context": text, "qas": [{"id": text, "question": "What is old?", "answers": [answer]}]}

    articles = [
        {"title": "Dev", "paragraphs": [paragraph(TEXT)]},
        {"title": "Lima", "paragraphs": [paragraph("It is a town."), paragraph(TEXT)]},
    ]
    (tmp_path / "squad").mkdir()
    (tmp_path / "squad" / "train-v1.1.json").write_text(json.dumps({"data": articles}))
    (tmp_path / "splits.json").write_text(json.dumps({"squad_dev_titles": ["Dev"]}))
    return tmp_path


def _write(folder: Path, **changed: Any) -> Path:
    file = folder / "own.jsonl"
    file.write_text(json.dumps(LINE | changed) + "\n")
    return file


def test_a_question_stands_on_the_paragraph_that_its_line_names(data: Path) -> None:
    """With its answer in place, or none."""
    answered, unanswered = load_own_words(data, _write(data))
    assert (answered.context, answered.answers, answered.dev) == (TEXT, (("the Rimac", 18),), False)
    assert (unanswered.context, unanswered.answers) == (TEXT, ())
    pair = cut(answered, random.Random(1))
    assert pair.context[pair.start : pair.end] == "the Rimac"


def test_an_answer_beside_its_place_is_told(data: Path) -> None:
    """With its question, and with where it was looked for."""
    with pytest.raises(ValueError, match=r"'the Rimac' is not at 17 of paragraph 1 of Lima"):
        load_own_words(data, _write(data, asked=[["what flows through it?", "the Rimac", 17]]))


def test_a_development_article_has_no_training_paragraphs(data: Path) -> None:
    """A line that names one is refused."""
    with pytest.raises(KeyError, match="Dev"):
        load_own_words(data, _write(data, title="Dev", paragraph=0))


def test_they_are_a_source_of_the_mixture(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Like the others, by their share."""
    file = _write(data)
    monkeypatch.setattr(mixture, "load_own_words", lambda folder: load_own_words(folder, file))
    pairs = build_pairs(data, {"squad": 0.5, OWN_WORDS: 0.5}, 4, 1)
    assert sorted(pair.question for pair in pairs) == ["What is old?", "What is old?", "how deep is the Rimac?", "what flows through it?"]


def test_pairs_are_a_source_of_the_mixture(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a file of their own, which the other kind does not read."""
    monkeypatch.setattr(mixture, "CONTRAST_FILE", _write(data))
    pairs = build_pairs(data, {CONTRAST: 1.0}, 2, 1)
    assert {pair.question: pair.start >= 0 for pair in pairs} == {"what flows through it?": True, "how deep is the Rimac?": False}


def test_they_are_put_to_what_is_found_for_them(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answered ones, on the other paragraph; not SQuAD's, which share its words."""
    asked = [["which town has the Rimac?", "Lima", 0], ["how deep is the Rimac?", "", 0], ["what flows past the town?", "the Rimac", 18]]
    file = _write(data, asked=asked)
    monkeypatch.setattr(mixture, "load_own_words", lambda folder: load_own_words(folder, file))
    pairs = build_pairs(data, {"squad": 0.4, OWN_WORDS: 0.4, RETRIEVED: 0.2}, 10, 1)
    found = [pair for pair in pairs if pair.context.endswith("It is a town.") and pair.question != "What is old?"]
    assert sorted(pair.question for pair in found) == ["what flows past the town?", "which town has the Rimac?"]
    assert {pair.start for pair in found} == {-1}


@pytest.mark.parametrize(("file", "least", "most"), [(own_words.FILE, 0.3, 0.37), (own_words.CONTRAST_FILE, 0.5, 0.5)])
def test_the_project_s_own_questions_are_whole(file: Path, least: float, most: float) -> None:
    """No question twice on one paragraph; about a third of those in own words, and half of the pairs, are not answered."""
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    places = [(line["source"], line["title"], line["paragraph"]) for line in lines]
    assert len(set(places)) == len(places)
    assert all(len({text.lower() for text, _, _ in line["asked"]}) == len(line["asked"]) for line in lines)
    answers = [answer for line in lines for _, answer, _ in line["asked"]]
    assert least <= answers.count("") / len(answers) <= most
    assert {source for source, _, _ in places} <= {"squad", "new_wiki"}


def test_a_pair_is_a_question_with_its_look_alike() -> None:
    """The answered one first; nine in ten share at least half of the shorter one's words."""
    lines = [json.loads(line) for line in own_words.CONTRAST_FILE.read_text(encoding="utf-8").splitlines()]
    pairs = [pair for line in lines for pair in zip(line["asked"][::2], line["asked"][1::2], strict=True)]
    assert all(first[1] and not second[1] for first, second in pairs)
    words = [[set(text.lower().rstrip("?").split()) for text, _, _ in pair] for pair in pairs]
    near = [len(first & second) >= min(len(first), len(second)) / 2 for first, second in words]
    assert sum(near) >= 0.9 * len(near)
