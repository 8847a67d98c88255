"""What kind of thing a question asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.wording import kind_asked


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
        ("It ended", "other"),
    ],
)
def test_kind_asked(question: str, kind: str) -> None:
    """By the noun behind "which" or "what", not by what belongs to it."""
    assert kind_asked(question) == kind


@given(st.text(max_size=60))
def test_any_text_is_of_some_kind(text: str) -> None:
    """Nothing is thrown."""
    assert kind_asked(text) in {"person", "place", "time", "number", "group", "thing", "other"}
