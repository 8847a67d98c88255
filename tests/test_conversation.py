"""Follow-ups become questions that stand alone; questions that do already stay as they are."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qabot.conversation import MAX_CHARS, resolve
from qabot.records import Turn

BORN = Turn("When was Juan José Torres born?", "5 March 1920", "Juan José Torres")
OIL = Turn("Which oil company was nationalized?", "Gulf Oil", "Juan José Torres")
OIL_WHEN = Turn("In what year was Gulf Oil nationalized?", "1969", "Juan José Torres")
ENVOY = Turn("Who was the US ambassador?", "Ernest V. Siracusa", "Juan José Torres")
CURIE = Turn("Who discovered radium?", "Marie Curie", "Radium")
PARIS = Turn("What is the capital of France?", "Paris", "France")
LINCOLN = Turn("Who starred in Lincoln?", "Daniel Day-Lewis", "Steven Spielberg")
AWARD = Turn("Which award did Daniel Day-Lewis win for Lincoln?", "Academy Award", "Steven Spielberg")
KINECT = Turn("What is Kinect?", "controller-free gaming experience", "Xbox 360")
CAPITAL = Turn("What is the capital of Bermuda?", "St. George's", "Bermuda")
STAY = Turn("How much did a stay for an adult cost in 2010?", "$6,600", "Asthma")
SILENT = Turn("Who painted the Night Watch?", None, "Rembrandt")


@pytest.mark.parametrize(
    ("turns", "question", "expected"),
    [
        ([BORN], "And where?", "Where was Juan José Torres born?"),
        ([BORN], "where", "Where was Juan José Torres born?"),
        ([BORN], "When did he die?", "When did Juan José Torres die?"),
        ([BORN], "What was his nickname?", "What was Juan José Torres's nickname?"),
        ([BORN], "What about Hugo Banzer?", "When was Hugo Banzer born?"),
        ([OIL], "In what year?", "In what year was Gulf Oil nationalized?"),
        ([OIL, OIL_WHEN], "Where were its headquarters?", "Where were Gulf Oil's headquarters?"),
        ([ENVOY], "Where was he expelled from?", "Where was Ernest V. Siracusa expelled from?"),
        ([CURIE], "Where was she born?", "Where was Marie Curie born?"),
        ([PARIS], "How many people live there?", "How many people live in Paris?"),
        ([PARIS], "And of Spain?", "What is the capital of Spain?"),
        ([SILENT], "When did he die?", "When did Rembrandt die?"),
        ([LINCOLN, AWARD], "Where was the film shot?", "Where was the film Lincoln shot?"),
        ([OIL], "When was the company founded?", "When was the company Gulf Oil founded?"),
        ([KINECT], "When was it announced?", "When was Kinect announced?"),
        ([CAPITAL], "How many people live there?", "How many people live in St. George's?"),
        ([STAY], "And for children?", "How much did a stay for children cost in 2010?"),
    ],
)
def test_follow_ups(turns: list[Turn], question: str, expected: str) -> None:
    """Ellipsis, pronouns, places and "what about"."""
    assert resolve(question, turns) == expected


@pytest.mark.parametrize(
    "question",
    [
        "Who overthrew Torres?",
        "When was Hugo Banzer born?",
        "Where is La Paz?",
        "What did Marie Curie say when she won the prize?",
        "How long did it take?",
        "Is there a university?",
        "Where was the film about sharks shot?",
        "Who led the party?",
        "Why?" * 200,
    ],
)
def test_what_stands_alone_is_the_very_same(question: str) -> None:
    """Nothing to mend, nothing changed."""
    assert resolve(question, [PARIS]) == question


def test_the_only_subject_is_meant_when_nothing_was_said() -> None:
    """One article, no turn yet: "he" is its subject; without a subject it stays "he"."""
    assert resolve("When was he born?", [], "Juan José Torres") == "When was Juan José Torres born?"
    assert resolve("When was he born?", []) == "When was he born?"


def test_a_long_question_is_left_alone() -> None:
    """Above the limit nothing is rewritten."""
    question = "When was he born" + "?" * MAX_CHARS
    assert resolve(question, [BORN]) == question


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=80),
    st.lists(st.builds(Turn, st.text(max_size=40), st.none() | st.text(max_size=40), st.none() | st.text(max_size=20)), max_size=4),
    st.none() | st.text(max_size=20),
)
def test_never_fails_and_never_empties_a_question(question: str, turns: list[Turn], subject: str | None) -> None:
    """For any text whatsoever a question comes back, and one without a cue comes back unchanged."""
    read_as = resolve(question, turns, subject)
    assert bool(read_as.strip()) or not question.strip()
