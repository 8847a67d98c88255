"""What speaks for an answer beside the model's scores."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.evidence import coverage, fits, impossible, missing_names, sentence_coverage, unsaid
from tests.conftest import passage

GULF = passage("In 1969 the nationalization of Gulf Oil began in Cochabamba.", title="Juan Jos\u00e9 Torres", headings=("Early life",))


@pytest.mark.parametrize(
    ("question", "share"),
    [
        ("Which oil company was nationalized in 1969?", 3 / 4),  # "company" is missing
        ("When did Jose Torres start life?", 3 / 4),  # accents fold, title and headings count; "start" is missing
        ("Where is it?", 1.0),  # no content word
        ("Who eats otters?", 0.0),
    ],
)
def test_coverage(question: str, share: float) -> None:
    """Content words by their first letters."""
    assert coverage(question, GULF) == pytest.approx(share)


def test_sentence_coverage() -> None:
    """The sentence alone counts: neither title nor headings."""
    assert sentence_coverage("Which oil company was nationalized in 1969?", GULF.text) == pytest.approx(3 / 4)
    assert sentence_coverage("When did Jose Torres start life?", GULF.text) == 0.0
    assert sentence_coverage("Where is it?", "") == 1.0


@pytest.mark.parametrize(
    ("question", "share"),
    [
        ("Did Torres visit China in 1969?", 1 / 3),
        ("What did Torres do in Cochabamba?", 0.0),
        ("Who was Salvador Allende?", 1.0),
        ("why?", 0.0),
    ],
)
def test_missing_names(question: str, share: float) -> None:
    """Capitalised words and numbers that the passage does not have; the first word of a question is no name."""
    assert missing_names(question, GULF) == pytest.approx(share)


@pytest.mark.parametrize(
    ("question", "answer", "value"),
    [
        ("When was he born?", "5 March 1920", 1.0),
        ("When was he born?", "Cochabamba", -1.0),
        ("In what month?", "early June", 1.0),
        ("How many months?", "ten months", 1.0),
        ("How many children had he?", "5 March 1920", -1.0),
        ("How many children had he?", "1920", -1.0),
        ("How many acres?", "1,920", 1.0),
        ("How old was she?", "thirteen", 1.0),
        ("How long did it last?", "days or weeks", 1.0),
        ("Where does Peru rank among them?", "15th", 1.0),
        ("How many came?", "thousands of people", 1.0),
        ("How many came?", "ninety-nine", 1.0),
        ("How tall was he?", "smiling", -1.0),
        ("Who led it?", "colonel Hugo Banzer", 1.0),
        ("Who led it?", "1971", -1.0),
        ("Who led it?", "right-wing military commanders", 0.0),
        ("What did he lead?", "strikes", 0.0),
        ("Where did it start?", "1984", -1.0),
        ("Where did it start?", "1600 Pennsylvania Avenue", 0.0),
    ],
)
def test_fits(question: str, answer: str, value: float) -> None:
    """The kind of the answer against the kind asked for."""
    assert fits(question, answer) == value


def test_what_cannot_be_an_answer() -> None:
    """A time may be told without a figure ("after the war"); a number, a place and a person may not be a date."""
    assert [impossible(question, answer) for question, answer in (
        ("Where did it start?", "August 1984"), ("How many are there?", "lively"), ("Who led it?", "3 May"),
        ("When did it start?", "after the war"), ("Where did it start?", "Chicago"), ("How many are there?", "about twelve"),
    )] == [True, True, True, False, False, False]  # fmt: skip


def test_who_asks_for_somebody_else_than_it_names() -> None:
    """Not for the one it names, unless it lets choose; money is no measure."""
    assert [impossible(question, answer) for question, answer in (
        ("Who was the vice president under Torres?", "his friend Torres"), ("Who led it, Torres or Banzer?", "Torres"),
        ("Who was the vice president under Torres?", "Luis Torres"), ("Who led the miners?", "the miners"),
        ("Who won between Torres and Banzer?", "Banzer"),
        ("How heavy is it?", "US$299"), ("How much is it?", "US$299"), ("How heavy is it?", "3 kilos"),
        ("Why did he fall?", "less than a year in power"), ("Why did he fall?", "a year of hunger strikes"),
        ("Why did he fall?", "one of them lied"),
    )] == [True, False, False, False, False, True, False, False, True, False, False]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Did he rule?", "He ruled."),
        ("Did he die?", "He died."),
        ("Did they plot?", "They plotted."),
        ("Which city?", "Many cities."),
        ("Was it nationalized?", "The nationalization."),
        ("Which kings?", "A king."),
        ("Which string?", "Many strings."),
        ("Did it pass?", "It was passed."),
        ("Did he use gas?", "He used gas."),
    ],
)
def test_forms_of_a_word_are_one(question: str, text: str) -> None:
    """Endings do not matter."""
    assert unsaid(question, text) == set()


def test_unsaid() -> None:
    """Content words by their first letters, accents folded."""
    assert unsaid("Did José nationalize the mines of Peru?", "The nationalization of mines; Jose.") == {"peru"}
    assert unsaid("Was it?", "") == set()


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_gives_a_share(question: str, text: str) -> None:
    """No text breaks it, and shares stay shares."""
    assert 0 <= coverage(question, passage(text)) <= 1
    assert 0 <= missing_names(question, passage(text)) <= 1
    assert fits(question, text) in (-1.0, 0.0, 1.0)
