"""Fixed texts and questions that a compiled model must treat as the original does.

A hundred questions on twenty short paragraphs, made from five patterns, so that names, years, numbers, places and clauses are all
asked for. They only compare a model with itself: whether an answer is right does not matter here.
"""

from itertools import product

_NAMES = (
    ("Anna Koch", "Lindau", "1894", "312", "the river had flooded twice"),
    ("Rafael Ortega", "Santa Cruz", "1931", "1,450", "the railway had reached the valley"),
    ("Mei Tanaka", "Sendai", "2004", "27", "the old harbour had become too shallow"),
    ("Colonel James Reed", "Port Arthur", "1876", "90", "the treaty had closed the eastern road"),
)
_PATTERNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "The mill at {place} was built in {year} by {name}, who employed {count} people there. It was moved uphill because {why}. "
        "A fire destroyed its upper floor twelve years later, and the town council paid for a new roof.",
        ("Who built the mill?", "When was the mill built?", "How many people worked there?", "Why was it moved uphill?", "What burnt?"),
    ),
    (
        "{name} was elected mayor of {place} in {year}. With {count} votes more than the harbour master, the new mayor opened a free "
        "library and two schools. Critics said that the library only existed because {why}.",
        ("Who was elected?", "Where was the election?", "In what year?", "By how many votes?", "What did the mayor open?"),
    ),
    (
        "In {year} an expedition of {count} sailors left {place} under {name}. They carried salt, copper and tools of bone. The ships "
        "turned back in March, since {why}, and only one of them was seen again.",
        ("Who led the expedition?", "Where did it leave from?", "What did they carry?", "When did they turn back?", "How large was it?"),
    ),
    (
        "The bridge near {place} is {count} metres long. Designed by {name} and opened in {year}, it replaced a ferry. Engineers "
        "chose granite for the piers because {why}; the deck is of oak.",
        ("How long is the bridge?", "Who designed the bridge?", "What did it replace?", "Why was granite chosen?", "What is the deck of?"),
    ),
    (
        "{name} discovered the mineral near {place}, at a depth of {count} metres, and described it in {year}. It is blue, soft and "
        "dissolves in vinegar. Mining stopped when {why}.",
        ("Who discovered the mineral?", "How deep was it found?", "What colour is it?", "When did mining stop?", "What dissolves it?"),
    ),
)


def probes() -> list[tuple[str, str]]:
    """(question, paragraph), a hundred of them, always the same."""
    found = []
    for (text, questions), (name, place, year, count, why) in product(_PATTERNS, _NAMES):
        paragraph = text.format(name=name, place=place, year=year, count=count, why=why)
        found += [(question, paragraph) for question in questions]
    return found


def texts() -> list[str]:
    """Questions, paragraphs, and texts of all lengths: one word, a page, other scripts, none."""
    paragraphs = list(dict.fromkeys(paragraph for _, paragraph in probes()))
    questions = [question for question, _ in probes()[:20]]
    others = ["Bolivia", " ".join(paragraphs[:4]), "La Paz está a 3.640 metros.", "\u30a6\u30e6\u30cb\u5869\u6e56", ""]
    return [*paragraphs, *questions, *others]
