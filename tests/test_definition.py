""" "Who was X?": what is asked, what a sentence says X is, and that the reader offers it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.definition import asked_name, definition, is_name, kind_of, part_of_it
from qabot.records import Hit
from qabot.sentences import sentences
from tests.conftest import passage
from tests.test_reader import marked

LEAD = "Juan José Torres González (born 5 March 1920; died 2 June 1976) was a military leader and socialist politician who ruled. He sang."


@pytest.mark.parametrize(("question", "name"), [
    ("Who was Juan José Torres?", "Juan José Torres"),
    ("who is torres", "torres"),
    ("What is the People's Assembly?", "People's Assembly"),
    ("What's an enzyme?", "enzyme"),
    ("Tell me about Juan José Torres", "Juan José Torres"),
    ("please define an enzyme.", "enzyme."),
    ("Tell me about his wife", None),
    ("Who was the president of Bolivia?", "president of Bolivia"),  # no sentence has that as its subject by chance
    ("Who was his wife?", None),
    ("Who was president?", None),  # asks for a holder, not for what a president is
    ("Who was overthrown in 1971?", None),
    ("Who was Torres's successor in the office that he left in 1971 after the coup?", None),
    ("When was Torres born?", None),
    ("Who is it?", None),
    ("", None),
])  # fmt: skip
def test_the_name_that_is_asked_about(question: str, name: str | None) -> None:
    """A name and nothing else; no pronoun, no role, no clause."""
    assert asked_name(question) == name


@pytest.mark.parametrize(("name", "text", "said"), [
    ("Juan José Torres", LEAD, "a military leader and socialist politician"),
    ("torres", LEAD, "a military leader and socialist politician"),
    ("Lactase", "Milk is drunk. Lactase is an enzyme that breaks down lactose. It is old.", "an enzyme that breaks down lactose"),
    ("Veritas", "Veritas is the goddess of truth, which none denies, and a daughter of Saturn.", "the goddess of truth"),
    ("Torres", "Banzer, who overthrew Torres, was a colonel.", None),  # another is the subject
    ("Torres", "Torres was born in a poor family.", None),  # no "a" behind "was"
    ("Torres", "The wife of the older brother of Torres was a painter.", None),  # a longer subject than a name
    ("Torres", "Torres was " + "a very " * 60 + "old man.", None),  # no answer that anybody wants
])  # fmt: skip
def test_what_is_said(name: str, text: str, said: str | None) -> None:
    """The first clause behind "is a" where the name is the subject."""
    found = definition(name, text, list(sentences(text)))
    assert (found and text[slice(*found[1])]) == said


@pytest.mark.parametrize(("name", "text", "kind"), [
    ("salbutamol", "It is treated with a short-acting agonist such as salbutamol and rest. It helps.", "a short-acting agonist"),
    ("Zuma", "It offers PC games such as Tetris, Zuma and Uno.", "games"),
    ("aspirin", "Other triggers include medications such as aspirin.", "medications"),
    ("rest", "It is treated with an agonist such as salbutamol. Rest helps.", None),
    ("salbutamol", "Salbutamol helps in cases such as this.", None),
    ("Uno", "such as Uno", None),  # an example of nothing
])  # fmt: skip
def test_what_it_is_an_example_of(name: str, text: str, kind: str | None) -> None:
    """The phrase with its article, or its last word."""
    found = kind_of(name, text, list(sentences(text)))
    assert (found and text[slice(*found)]) == kind


@given(st.text(max_size=40), st.text(max_size=200))
def test_places_are_in_the_text(name: str, text: str) -> None:
    """Whatever the text is: subject before what is said, both within one sentence, neither empty."""
    bounds = list(sentences(text))
    found = definition(name, text, bounds)
    if found is not None:
        (start, stop), (begin, end) = found
        assert any(first <= start < stop < begin < end <= last for first, last in bounds)


def test_bare_names() -> None:
    """Particles belong to names; anything said of a person does not."""
    assert [is_name(text) for text in ("Ludwig van Beethoven", "Omar Torrijos", "a general", "Colonel, of the army", "1920")] == [
        True, True, False, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(("question", "text", "span", "dropped"), [
    ("Who was Banzer?", "He was overthrown by Colonel Hugo Banzer.", "overthrown by Colonel Hugo", True),
    ("Who was Banzer?", "Colonel Hugo Banzer acquiesced in it.", "Hugo Banzer acquiesced in it", True),
    ("Who was Banzer?", "Hugo Banzer, a colonel, ruled.", "Hugo Banzer, a colonel", False),
    ("Who was Banzer?", "The colonel Banzer ruled.", "colonel", False),
    ("What is the People's Assembly?", "the People's Assembly (Asamblea del Pueblo), a soviet", "Asamblea del Pueblo", True),
    ("What is the People's Assembly?", "the People's Assembly (Asamblea del Pueblo), a soviet", "a soviet", False),
    ("What is the COB?", "the COB (a union of miners) met", "a union of miners", False),
])  # fmt: skip
def test_a_part_of_the_name_is_no_answer(question: str, text: str, span: str, dropped: bool) -> None:
    """Nor what goes on from it, nor its translation."""
    name, start = asked_name(question), text.index(span)
    assert name is not None
    assert part_of_it(question, name, text, start, start + len(span)) is dropped


def test_the_reader_offers_what_is_said() -> None:
    """In front of the word that the model marks, and neither the rest of the name nor another's name is left."""
    reader, _ = marked("gonzalez")
    first = reader.read("Who was Juan José Torres?", [Hit(passage(LEAD, 0), 1.0)])
    assert first[0].text == "a military leader and socialist politician"
    assert (first[0].score, first[0].margin) == (22.0, 22.0 - first[0].null)
    assert first[0].margin > 10
    assert all("Gonz" not in span.text for span in first)
    assert "Gonz" in reader.read("Which name had Juan José Torres?", [Hit(passage(LEAD, 0), 1.0)])[0].text
