"""Follow-ups become questions that stand alone; questions that do already stay as they are."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qabot.conversation import MAX_CHARS, recalled, resolve
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
BIRD = Turn("What is the national bird?", "Bermuda petrel or cahow", "Bermuda")
STAFF = Turn("Who were the Irish edition's first staff?", "Alan Ruddock and John Burns", "The Sunday Times")
OWNER = Turn("Who bought the group in 1981?", "Murdoch's News International", "The Sunday Times")
PAIR = Turn("When did Spielberg meet Amy Irving?", "1976", "Steven Spielberg")
PIRATE = Turn("Which English pirate attacked the fleet?", "Captain Henry Every", "East India Company")
COUNCIL = Turn("How many members did Warren Hastings's council have?", None, "East India Company")
PRIZE = Turn("When did Marie Curie win a prize for Radium?", "1911", "Marie Curie")
JOINED = Turn("Which magazine named the prize?", "Life", "Prizes")
TWO = Turn("Which rivers meet there?", "the Rimac and the Santa", "Lima")
LABELS = Turn("Which labels were there?", "Trax Records and Blue Note", "House")
SHIP = Turn("What ship did the Settlers come on?", "Esperanza", "Chile")
OPENED = Turn("When did the Human Rights Museum open in Oslo?", "1990", "Oslo")
WOMEN = Turn("Who lifted the ban on Bolivian women?", "Torres", "Bolivia")
PLANES = Turn("How many planes left Lima?", "four", "Lima")
SOCIETY = Turn("What's the biggest society there?", "Society for Physics", "Physics")
SCORER = Turn("Who's scored the most goals for Everton?", "Dixie Dean", "Everton F.C.")
VOYAGE = Turn("Who led the company's first voyage?", "James Lancaster", "East India Company")
POEM = Turn("What is the oldest poem?", "Beowulf", "Old English")
ATHLETES = Turn("Which athletes get asthma?", "cyclists", "Asthma")
PRISONER = Turn("Which prisoner escaped in Bermuda?", "Duquesne", "Bermuda")
DAD = Turn("What did Spielberg's dad do?", "engineer", "Steven Spielberg")
CLOSED = Turn("Why did Gulf Oil leave Bolivia?", "a decree", "Gulf Oil")
COVER = Turn("Who was on the cover?", "Jean Shrimpton", "The Sunday Times")
SCORE = Turn("What was the score when Everton won?", "4-2", "Everton F.C.")
SILENT = Turn("Who painted the Night Watch?", None, "Rembrandt")


@pytest.mark.parametrize(
    ("turns", "question", "expected"),
    [
        ([BORN], "And where?", "Where was Juan José Torres born?"),
        ([BORN], "where", "Where was Juan José Torres born?"),
        ([BORN], "When did he die?", "When did Juan José Torres die?"),
        ([BORN], "What was his nickname?", "What was Juan José Torres's nickname?"),
        ([BORN], "What about Hugo Banzer?", "When was Hugo Banzer born?"),
        ([BORN], "Where did they kill him?", "Where did they kill Juan José Torres?"),
        ([BORN], "Why did they kill Torres?", "Why did they kill Torres?"),
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
        ([SILENT], "When?", "When did someone paint the Night Watch?"),
        ([BIRD], "When was it rediscovered?", "When was the national bird rediscovered?"),
        ([STAFF], "Who edits it now?", "Who edits the Irish edition now?"),
        ([OWNER], "Where is he from?", "Where is Murdoch from?"),
        ([OWNER], "What did it do?", "What did Murdoch's News International do?"),
        ([PAIR], "Who introduced them?", "Who introduced Spielberg and Amy Irving?"),
        ([PIRATE], "What was the name of his ship?", "What was the name of Captain Henry Every's ship?"),
        ([COUNCIL], "Where was it created?", "Where was Warren Hastings's council created?"),
        ([COUNCIL], "When did he die?", "When did Warren Hastings die?"),
        ([PRIZE], "When did she die?", "When did Marie Curie die?"),
        ([STAY], "And for children?", "How much did a stay for children cost in 2010?"),
        ([JOINED], "When was that?", "When did Life name the prize?"),
        ([JOINED], "and why'd they do it?", "Why did Life name the prize?"),
        ([JOINED], "Which year was that?", "In which year did Life name the prize?"),
        ([OIL], "Where did that happen?", "Where was Gulf Oil nationalized?"),
        ([OIL], "Why did that matter?", "Why did Gulf Oil matter?"),
        ([OWNER], "What became of that guy?", "What became of Murdoch?"),
        ([PARIS], "Who founded that city?", "Who founded Paris?"),
        ([OIL], "Who else owned that one?", "Who else owned Gulf Oil?"),
        ([LABELS], "Who ran the second one?", "Who ran Blue Note?"),
        ([LABELS, Turn("Who ran Blue Note?", "Lion", "House")], "And who ran the other one?", "Who ran Trax Records?"),
        ([SHIP], "There were two of these, who led them?", "There were two of these, who led the Settlers?"),
        ([SHIP], "Where did they land?", "Where did the Settlers land?"),
        ([OPENED], "Who built it?", "Who built the Human Rights Museum?"),
        ([WOMEN], "What were they paid?", "What were Bolivian women paid?"),
        ([PLANES], "How many of them came home?", "How many of the planes came home?"),
        ([PLANES], "What was their range?", "What was the planes' range?"),
        ([PLANES], "When did it end?", "When did Lima end?"),
        ([SOCIETY], "When did it start?", "When did Society for Physics start?"),
        (
            [SOCIETY, Turn("When did Society for Physics start?", "1920", "Physics")],
            "How many people are in it?",
            "How many people are in Society for Physics?",
        ),
        ([SCORER], "how many?", "How many goals has Dixie Dean scored for Everton?"),
        ([VOYAGE], "What about the third?", "Who led the company's third voyage?"),
        ([POEM], "How many lines?", "How many lines of Beowulf?"),
        ([ATHLETES], "who else?", "Which other athletes get asthma?"),
        ([PRISONER], "How old was he then?", "How old was Duquesne then?"),
        ([DAD], "and his mom?", "What did Spielberg's mom do?"),
        ([CLOSED], "and what about Peru?", "Why did Gulf Oil leave Peru?"),
        ([COVER], "and the photographer?", "Who was the photographer?"),
        ([SCORE], "Who did they beat?", "Who did Everton beat?"),
        ([PARIS], "And Lyon, how big is it?", "How big is Lyon?"),
        (
            [Turn("When did the Queen give Gulf Oil its charter?", "1600", "Gulf Oil")],
            "how long was it good for?",
            "how long was Gulf Oil good for?",
        ),
        ([BORN], "hey, when did he die?", "hey, when did Juan José Torres die?"),
        ([BORN], "And in 1971, who followed him?", "In 1971, who followed Juan José Torres?"),
        ([PARIS], "the city of Lyon, how big is it?", "How big is the city of Lyon?"),
        ([PARIS], "What about pills? When did they come in?", "When did pills come in?"),
        ([OIL_WHEN], "Who did they deal with that year?", "Who did Gulf Oil deal with in 1969?"),
        ([OIL], "and who's paid for it?", "who's paid for Gulf Oil?"),
    ],
)
def test_follow_ups(turns: list[Turn], question: str, expected: str) -> None:
    """Ellipsis, pronouns, places and "what about"."""
    assert resolve(question, turns) == expected


def test_what_a_follow_up_s_passages_are_looked_for_by() -> None:
    """The last two questions, the last answer and the question; what is long is cut, and no turn is needed."""
    assert recalled("Why?", [BORN, OIL, OIL_WHEN]) == f"{OIL.question} {OIL_WHEN.question} 1969 Why?"
    assert recalled("Why?", [SILENT]) == "Who painted the Night Watch? Why?"
    assert recalled("Why?", []) == "Why?"
    assert recalled("Why?", [Turn("a" * 300, "b" * 300, None)]) == f"{'a' * 200} {'b' * 200} Why?"


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
        "and the first version came out in what year?",
        "And the other one?",
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
    assert recalled(question, turns).endswith(question[:MAX_CHARS])
    assert bool(read_as.strip()) or not question.strip()
