"""Yes/no questions: which they are, and the sentence that decides them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.polar import asks_for_sentence, deciding, is_polar
from qabot.records import Hit, Span
from tests.conftest import passage
from tests.test_reader import marked

TEXT = "Torres was born in Cochabamba. He nationalized Gulf Oil in 1969. Later he fled."


@pytest.mark.parametrize(
    ("question", "polar"),
    [
        ("Was Torres a socialist?", True),
        ("and did he flee", True),
        ("Isn't it closed?", True),
        ("Who was Torres?", False),
        ("Do you know who led it?", False),
        ("Was it Peru or Chile?", False),
        ("Torres?", False),
        ("were was he born", False),
        ("", False),
    ],
)
def test_is_polar(question: str, polar: bool) -> None:
    """An auxiliary in front, and neither a question word nor a choice behind it."""
    assert is_polar(question) == polar


def test_what_happened_at_a_time_is_told_by_a_sentence() -> None:
    """Where the time is given by a year or a month; what happened to somebody is left to the reader."""
    asked = ("What happened in 1983?", "what took place on 6 October", "What happened to Torres?", "Was he born in 1920?", "Who fled?")
    assert [asks_for_sentence(question) for question in asked] == [True, True, False, True, False]


@pytest.mark.parametrize(
    ("question", "whole"),
    [
        ("Did he have any nicknames?", False),
        ("did they use some kind of tool", False),
        ("Is there a special sort of paper?", False),
        ("Was there any truth in it?", True),
        ("Did it sell any more?", True),
        ("Did he flee?", True),
    ],
)
def test_any_of_a_kind_asks_which(question: str, whole: bool) -> None:
    """The reader marks it; for yes or no a sentence is the answer."""
    assert is_polar(question)
    assert asks_for_sentence(question) == whole


@pytest.mark.parametrize(
    ("question", "sentences"),
    [
        ("Did Torres nationalize Gulf Oil?", ["He nationalized Gulf Oil in 1969."]),  # "Torres" is in the title
        ("Was Torres born in Cochabamba?", ["Torres was born in Cochabamba."]),
        ("Was Torres born in La Paz?", []),
        ("Did Torres nationalize Gulf Oil in Cochabamba?", []),  # not in one sentence
        ("Did Torres swiftly nationalize Gulf Oil in 1969?", ["He nationalized Gulf Oil in 1969."]),  # one word of five
        ("Did Torres nationalize Gulf Oil in 1969 in Peru?", []),  # a name is missing
        ("Is it Torres?", []),  # nothing is asked of him
        ("What happened in 1969?", ["He nationalized Gulf Oil in 1969."]),
        ("What happened in 1970?", []),
    ],
)
def test_the_sentence_that_has_the_words(question: str, sentences: list[str]) -> None:
    """Whole, with the score of the model's best span in it, or of its worst anywhere."""
    hit = Hit(passage(TEXT, title="Juan Torres"), 1.0)
    model = [Span(hit, 50, 58, 5.0, 1.0), Span(hit, 31, 34, 3.0, 1.0)]
    found = deciding(question, hit, model)
    assert [span.text for span in found] == sentences
    assert [span.score for span in found] == [5.0 if "Gulf" in text else 3.0 for text in sentences]


def test_the_reader_gives_the_sentence() -> None:
    """Instead of the word that the model marks; and nothing where the article does not say."""
    reader, _ = marked("oil")
    hit = Hit(passage(TEXT, title="Juan Torres"), 1.0)
    assert [span.text for span in reader.read("Did he nationalize Gulf Oil?", [hit])] == ["He nationalized Gulf Oil in 1969."]
    assert reader.read("Did he nationalize the railways?", [hit]) == []


@given(st.text(max_size=40), st.text(min_size=1, max_size=120))
def test_any_text(question: str, text: str) -> None:
    """What is found is a slice of the passage."""
    hit = Hit(passage(text), 1.0)
    for span in deciding(question, hit, [Span(hit, 0, 1, 1.0, 0.0)]):
        assert 0 <= span.start < span.end <= len(text)
