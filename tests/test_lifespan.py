""" "When was X born?": what is asked, and the date behind the name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.lifespan import asked_date, beside, date_of_life, of_another
from qabot.records import Hit
from qabot.sentences import sentences
from tests.conftest import passage
from tests.test_reader import marked

LEAD = "Juan José Torres González (5 March 1920 \u2013 2 June 1976) was a politician. He joined the army in 1941."


@pytest.mark.parametrize(("question", "asked"), [
    ("When was Juan José Torres born?", ("Juan José Torres", "born")),
    ("in what year was Torres born", ("Torres", "born")),
    ("When did Torres die?", ("Torres", "died")),
    ("What is Torres's birthday?", ("Torres", "born")),
    ("What was Torres\u2019 date of death?", ("Torres", "died")),
    ("Where was Torres born?", None),
    ("When was Torres overthrown?", None),
    ("When did Torres die his hair?", None),
])  # fmt: skip
def test_whose_date_is_asked(question: str, asked: tuple[str, str] | None) -> None:
    """Birth and death, and nothing that only looks like it."""
    assert asked_date(question) == asked


@pytest.mark.parametrize(("question", "text", "date"), [
    ("When was Juan José Torres born?", LEAD, "5 March 1920"),
    ("When did Torres die?", LEAD, "2 June 1976"),
    ("In what year did Torres die?", LEAD, "1976"),
    ("When was Torres born?", "Juan Torres (born 5 March 1920; died 2 June 1976) led it.", "5 March 1920"),
    ("When did Torres die?", "Juan Torres (born 5 March 1920; died 2 June 1976) led it.", "2 June 1976"),
    ("When did Torres die?", "Juan Torres (born March 5, 1920) led it.", None),  # alive
    ("When was Torres born?", "Torres (Spanish: El Torres; March 5, 1920 - June 1976) led it.", "March 5, 1920"),
    ("When was Torres born?", "Banzer (10 May 1926 \u2013 5 May 2002) overthrew Torres.", None),  # another's
    ("When was Torres born?", "Torres (see 1920, 1941 and 1976) led it.", None),  # no dates of a life
    ("When was Torres born?", "Torres (president 1970) led it.", None),
])  # fmt: skip
def test_the_date(question: str, text: str, date: str | None) -> None:
    """The first or the second of two, or the one behind its word."""
    asked = asked_date(question)
    assert asked is not None
    found = date_of_life(question, *asked, text, list(sentences(text)))
    assert (found and text[slice(*found)]) == date


@pytest.mark.parametrize(("question", "text", "dropped"), [
    ("When did he become president?", "Juan Torres (born 1920; died 1976) was a general.", True),
    ("When did he become president?", "Torres was born on 5 March 1920 in Lima.", True),
    ("When did he become president?", "Torres was born in Cochabamba in 1920.", True),
    ("When did he become president?", "Juan Torres (5 March 1920 \u2013 2 June 1976) was a Bolivian politician.", True),
    ("When did the war begin?", "The Border War (5 March 1920 \u2013 2 June 1976) was a conflict.", False),
    ("When did he become president?", "Torres became president in 1920.", False),
    ("When was he murdered?", "Juan Torres (born 1915; died 1920) was a general.", False),
    ("Where did he live?", "Juan Torres (born 1920; died 1976) was a general.", False),
])  # fmt: skip
def test_dates_of_a_life_tell_of_nothing_else(question: str, text: str, dropped: bool) -> None:
    """They stand next to the name, and what is asked may have been at any time between."""
    start = text.index("1920")
    assert beside(question, text, start, start + 4) is dropped


@pytest.mark.parametrize(("text", "another"), [
    ("His father, Arnold Torres (born 1917), sang.", True),
    ("Juan Torres (born 1917) sang.", False),
    ("He (born 1917) sang.", False),
    ("Arnold (Arni) was born in 1917.", False),  # not in brackets
    ("the boy (born 1917) sang.", False),  # nobody's name
])  # fmt: skip
def test_the_date_of_another(text: str, another: bool) -> None:
    """It stands in brackets behind a name that is not the one asked about."""
    assert of_another("Juan Torres", text, text.index("1917")) is another


@given(st.text(max_size=30), st.sampled_from(["born", "died"]), st.text(max_size=200))
def test_places_are_in_the_text(name: str, which: str, text: str) -> None:
    """Whatever the text is."""
    found = date_of_life("When?", name, which, text, list(sentences(text)))
    assert found is None or 0 <= found[0] < found[1] <= len(text)


def test_the_reader_offers_the_date() -> None:
    """In front of the year that the model marks; to another question the model's."""
    reader, _ = marked("1941")
    hits = [Hit(passage(LEAD, 0), 1.0)]
    assert [span.text for span in reader.read("When was Juan José Torres born?", hits)[:2]] == ["5 March 1920", "1941"]
    assert reader.read("When did Juan José Torres join the army?", hits)[0].text == "1941"
