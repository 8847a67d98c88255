"""A heading that asks the question: what stands under it is the answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.headings import told_under
from qabot.records import Hit
from tests.conftest import passage
from tests.test_reader import marked

STEPS = "Post a picture in the showcase. A moderator looks at it."


@pytest.mark.parametrize(
    ("question", "heading", "told"),
    [
        ("How do I get the Builder role?", "How do I get the Builder role?", STEPS),
        ("how can I get a builder role", "Getting the Builder role", None),  # a heading, and no question
        ("how can I get a builder role", "How to get the Builder role", STEPS),
        ("What happens if I break a rule?", "What happens when I break a rule?", STEPS),
        ("Can I get the Builder role?", "How do I get the Builder role?", STEPS),
        ("How do I lose the Builder role in a day?", "How do I get the Builder role?", None),  # asks something else
        ("When do I get the Builder role?", "When do I get the Builder role?", None),  # the reader knows when
        ("How many get the Builder role?", "How many get the Builder role?", None),
        ("What are the rules?", "Rules", STEPS),
        ("What are the rules?", "Rules of chess", None),
        ("What are neurons?", "Neuroscience", None),
        ("How do I?", "How do I?", None),
        ("How do I get it?", "", None),
    ],
)
def test_told_under(question: str, heading: str, told: str | None) -> None:
    """The sentences under it, where heading and question have their words in common."""
    found = told_under(question, passage(STEPS, title="Guide", headings=(heading,)))
    assert (found and STEPS[slice(*found)]) == told


def test_titles_ask_too_and_long_answers_end_with_a_sentence() -> None:
    """A file of questions and answers has them as titles; no more than 300 characters are an answer."""
    text = " ".join(f"Step {number} is to write a line of some length here." for number in range(9))
    found = told_under("How do I start?", passage(text, title="How do I start?"))
    assert found is not None
    assert found[0] == 0
    assert 200 < found[1] <= 300
    assert text[: found[1]].endswith("here.")


def test_the_reader_gives_it() -> None:
    """In front of what the model marks, as clear as what a form gives away."""
    reader, _ = marked("picture")
    hit = Hit(passage(STEPS, title="Guide", headings=("How do I get the Builder role?",)), 1.0)
    found = reader.read("How do I get the Builder role?", [hit])
    assert [(span.text, span.score) for span in found] == [(STEPS, 22.0)]
    assert reader.read("Which thing gets the Builder role?", [hit])[0].text == "picture"


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=120))
def test_any_text(question: str, heading: str, text: str) -> None:
    """What is found is a slice of the passage, and not empty."""
    found = told_under(question, passage(text, headings=(heading,)))
    assert found is None or 0 <= found[0] < found[1] <= len(text)
