"""What kind of thing a question asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.wording import base_form, kind_asked, spelled_out


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who led it?", "person"),
        ("Which leader of the country fled?", "person"),
        ("What is the capital of Peru?", "place"),
        ("Which city in Peru is it?", "place"),
        ("In what year was it?", "time"),
        ("On what date did it end?", "time"),
        ("Which device uses sand to measure time?", "thing"),
        ("What type of city is it?", "thing"),
        ("What percentage of the city voted?", "number"),
        ("How heavy is it?", "number"),
        ("Which sectors were heard?", "group"),
        ("Why did it end?", "other"),
        ("What's the capital of Peru?", "place"),
        ("who'd they follow?", "person"),
        ("It ended", "other"),
    ],
)
def test_kind_asked(question: str, kind: str) -> None:
    """By the noun behind "which" or "what", not by what belongs to it."""
    assert kind_asked(question) == kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("what's it called", "what is it called"),
        ("Who\u2019s scored most", "Who has scored most"),
        ("Who's buried there", "Who is buried there"),
        ("who's the captain", "who is the captain"),
        ("why'd they do it", "why did they do it"),
        ("In what's left", "In what is left"),
        ("it's what's left", "it's what's left"),
    ],
)
def test_a_short_form_is_spelled_out(text: str, expected: str) -> None:
    """A wh-word's, at the beginning alone."""
    assert spelled_out(text) == expected


@pytest.mark.parametrize(
    ("past", "base"),
    [
        ("brought", "bring"),
        ("figured", "figure"),
        ("entered", "enter"),
        ("opened", "open"),
        ("claimed", "claim"),
        ("toured", "tour"),
        ("repaired", "repair"),
        ("shared", "share"),
        ("blue", ""),
    ],
)
def test_the_infinitive_of_a_past_form(past: str, base: str) -> None:
    """By the list, else by the ending; "" for what is no past form."""
    assert base_form(past) == base


@given(st.text(max_size=60))
def test_any_text_is_of_some_kind(text: str) -> None:
    """Nothing is thrown."""
    assert kind_asked(text) in {"person", "place", "time", "number", "group", "thing", "other"}
