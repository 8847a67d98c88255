"""Questions with one point changed: no answer when it is changed on one side, the same answer when on both."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.training.mixture import SWAPPED, build_pairs
from qabot.training.squad import Question
from qabot.training.swapping import Exchange, Swapping

TEXT = (
    "In 1970 the mayor Ana Ruiz opened the old bridge. In 1980 the mayor of Oruro, Luis Paz, closed the old tunnel. It fell with Ana Ruiz."
)


def _question(text: str, answer: str, title: str = "Bridges") -> Question:
    return Question("1", "squad", title, TEXT, text, ((answer, TEXT.index(answer)),), False)


def _made(question: Question) -> list[Question]:
    """Everything that a hundred draws make of it."""
    swapping = Swapping([TEXT])
    made = [swapping.changed(question, random.Random(seed)) for seed in range(100)]
    return [found for found in made if found]


def test_a_name_changed_on_one_side_leaves_no_answer_and_on_both_it_stays() -> None:
    """The other name is the paragraph's; the answer moves with the text before it."""
    question = _question("What did Ana Ruiz open?", "bridge")
    asked = {found.text for found in _made(question) if found.context == TEXT}
    assert asked == {"What did Oruro open?", "What did Luis Paz open?"}
    told = {found.context for found in _made(question) if found.text == question.text}
    assert told == {TEXT.replace("Ana Ruiz", "Oruro"), TEXT.replace("Ana Ruiz", "Luis Paz")}
    both = {(found.text, found.context, found.answers) for found in _made(question) if found.answers}
    assert both == {
        (f"What did {other} open?", TEXT.replace("Ana Ruiz", other), (("bridge", TEXT.index("bridge") + len(other) - len("Ana Ruiz")),))
        for other in ("Oruro", "Luis Paz")
    }
    assert all(bool(found.answers) == (found.text != question.text and found.context != TEXT) for found in _made(question))


@pytest.mark.parametrize(
    ("text", "answer", "changed"),
    [
        ("Who opened the bridge in 1970?", "Ana Ruiz", {"Who opened # in 1980?", "Who closed # in 1970?", "Who opened the mayor in 1970?"}),
        ("who opened the old thing?", "Ana Ruiz", {"who closed the old thing?"}),
        ("what opened in the old days?", "bridge", {"what closed in the old days?"}),
    ],
)
def test_what_may_take_a_point_s_place(text: str, answer: str, changed: set[str]) -> None:
    """A number for a number, a word's opposite, a rare word for one of its ending; nothing for a short word or one that stands nowhere."""
    made = {found.text for found in _made(_question(text, answer)) if found.context == TEXT}
    assert made == {found.replace("#", "the bridge") for found in changed}


def test_the_answer_s_own_words_are_left_alone() -> None:
    """Neither what is asked for nor what stands in its place is a part of the answer."""
    made = _made(_question("Whom did the mayor of Oruro follow?", "Ana Ruiz"))
    assert made
    assert not any("Ana" in found.text or "Ruiz" not in found.context for found in made)


def test_a_name_of_the_title_is_changed_in_the_question_alone() -> None:
    """The title, which may stand in front of the paragraph, would still say it."""
    made = _made(_question("What did Ana Ruiz open?", "bridge", title="Ana_Ruiz"))
    assert made
    assert {found.context for found in made} == {TEXT}


def test_a_question_without_a_point_is_left_out() -> None:
    """It names nothing of its paragraph."""
    assert _made(_question("who did it?", "Ana Ruiz")) == []


@given(st.lists(st.sampled_from(["Ana", "Bo", "12", "after", "stone", "is", "Anab"]), min_size=1, max_size=30), st.integers(0, 29))
def test_an_exchange_moves_every_later_place(words: list[str], chosen: int) -> None:
    """Any text that does not hold the point stands, after the exchange, where it says."""
    text, exchange = " ".join(words), Exchange("Ana", "Clara Luz")
    number = chosen % len(words)
    place = len(" ".join([*words[:number], ""]))
    moved = place + exchange.before(text, place)
    assert exchange.within(text)[moved:].startswith("Clara Luz" if words[number] == "Ana" else words[number])
    assert not exchange.stands_in(exchange.within(text))


def test_they_are_a_source_of_the_mixture(tmp_path: Path) -> None:
    """Made of the training questions, as many as their share."""
    answer = {"text": "bridge", "answer_start": TEXT.index("bridge")}
    asked = [{"id": str(n), "question": f"What did Ana Ruiz open in year {n}?", "answers": [answer]} for n in range(20)]
    article = {"title": "Bridges", "paragraphs": [{"context": TEXT, "qas": asked}]}
    (tmp_path / "squad").mkdir()
    (tmp_path / "squad" / "train-v1.1.json").write_text(json.dumps({"data": [article]}))
    (tmp_path / "splits.json").write_text(json.dumps({"squad_dev_titles": []}))
    pairs = build_pairs(tmp_path, {"squad": 0.5, SWAPPED: 0.5}, 16, 1)
    whole = [pair for pair in pairs if "Ana Ruiz" in pair.question and "Ana Ruiz opened" in pair.context]
    assert len(pairs) == 16
    assert len(whole) == 8
    assert all(pair.context[pair.start : pair.end] == "bridge" for pair in pairs if pair.start >= 0)
