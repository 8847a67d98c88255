"""What speaks for an answer beside the model's own scores: the question's words in its passage, and the kind of answer.

Pure functions over texts, by rules for English; in another language they find less, and the fitted weights count less.
"""

import re
from collections.abc import Set as AbstractSet
from functools import lru_cache

from qabot.records import Passage
from qabot.wording import MONTH, SMALL, folded, kind_asked

_WORD = re.compile(r"[^\W_]+")
_YEAR = re.compile(r"[12]\d{3}")
_STEM, _LEAST = 5, 3  # letters of a word that are compared, and that must be left of it
_ENDING = re.compile(r"(?:ing|ed|es|(?<!s)s|e)$")
_VOWEL = re.compile(r"[aeiouy]")
_MEASURED = re.compile(r"how (?:heavy|tall|wide|deep|long|far|old|fast)\b", re.IGNORECASE)
_MONEY = re.compile(r"[$\u00a3\u20ac]|\b(?:dollars?|euros?|pounds? sterling)\b", re.IGNORECASE)
_TO_TEN = "one|two|three|four|five|six|seven|eight|nine|ten"
_WHILE = re.compile(
    r"(?:(?:after|for|in|within|about|nearly|almost|over|some|(?:less|more) than) )*"
    rf"(?:an?|{_TO_TEN}|\d+) (?:hour|day|week|month|year)s?"
    r"(?: (?:in (?:power|office)|later|earlier|before|after))?",
    re.IGNORECASE,
)
_CHOICE = {"or", "between", "against", "versus", "vs"}  # "Who won between X and Y?" may be answered with one of them
_NUMBER = re.compile(
    rf"\d|\b(?:{_TO_TEN}|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty"
    r"|(?:dozen|hundred|thousand|million|billion|trillion|third|fifth|quarter)s?|half|halves|none|no|several|little|much|first|second|fourth|twice|once|single|pair"
    r"|couple|both|few|many|all|most|multiple|numerous|never|doubled|tripled|trebled|halved|percentage|majority"
    r"|(?:minute|hour|day|week|month|year|decade|generation)s?|century|centuries|lifelong)\b",
    re.IGNORECASE,
)


def coverage(question: str, passage: Passage) -> float:
    """The share, 0 to 1, of the question's content words that stand in the passage, its title or its headings; 1 where it has none."""
    return _covered(question, _stems(passage))


def sentence_coverage(question: str, sentence: str) -> float:
    """The same share in the sentence that the answer stands in: words elsewhere in the passage may be about something else."""
    return _covered(question, {_stem(word) for word in _words(sentence)})


def content(text: str) -> set[str]:
    """Its content words by what their forms share."""
    return {_stem(word) for word in _words(text) if word not in SMALL}


def unsaid(question: str, text: str) -> set[str]:
    """The question's content words that the text does not have."""
    return content(question) - {_stem(word) for word in _words(text)}


def missing_names(question: str, passage: Passage) -> float:
    """The share, 0 to 1, of the question's names and numbers that stand nowhere in the passage, its title or its headings."""
    names = names_asked(question)
    return len(names - _stems(passage)) / len(names) if names else 0.0


def names_asked(question: str) -> set[str]:
    """The question's names and numbers by what their forms share: but for the first word, what has a capital or begins with a figure."""
    words = _WORD.findall(question)[1:]
    return {_stem(folded(word)) for word in words if (word[0].isupper() or word[0].isdigit()) and word.lower() not in SMALL}


def fits(question: str, answer: str) -> float:
    """1 where the answer looks like the kind of thing asked for, -1 where it cannot be, 0 where nothing is known."""
    kind = kind_asked(question)
    if kind in ("person", "place") and _figures_only(answer):
        return -1.0
    first = answer.lstrip("\"'(\u201c")[:1]
    if kind == "number":
        dated = _YEAR.fullmatch(answer.strip()) or any(word.lower() in MONTH for word in _WORD.findall(answer))
        return 1.0 if _NUMBER.search(answer) and not dated else -1.0
    if kind == "time":
        timely = bool(_NUMBER.search(answer)) or any(word.lower() in MONTH for word in _WORD.findall(answer))
        return 1.0 if timely else -1.0
    if kind == "person":
        named = any(word[0].isupper() for word in _WORD.findall(answer))
        return -1.0 if first.isdigit() else 1.0 if named else 0.0
    return 0.0


def impossible(question: str, answer: str) -> bool:
    """Whether the answer cannot be one.

    A date where a person, a place or a number of things is asked for, no number where one is, money where a measure is, how long where
    it is asked why, and the very name that the question is about where it asks who.
    """
    kind = kind_asked(question)
    if kind in ("person", "place", "number") and fits(question, answer) < 0:
        return True
    if kind == "person":
        names = {folded(word) for word in _WORD.findall(answer) if word[0].isupper() and word.lower() not in SMALL}
        asked = set(_words(question))
        return bool(names) and names <= asked and not asked & _CHOICE  # "his friend Torres"
    if question[:4].lower() == "why " and _WHILE.fullmatch(answer.strip()):
        return True
    return bool(_MEASURED.match(question)) and bool(_MONEY.search(answer))


def _covered(question: str, stems: AbstractSet[str]) -> float:
    asked = content(question)
    return len(asked & stems) / len(asked) if asked else 1.0


def _figures_only(answer: str) -> bool:
    """Whether there is nothing but figures and months in it."""
    words = _WORD.findall(answer)
    return bool(words) and all(word[0].isdigit() or word.lower() in MONTH for word in words)


@lru_cache(maxsize=64)  # of a question's passages, for each span
def _stems(passage: Passage) -> frozenset[str]:
    return frozenset(_stem(word) for text in (passage.title, *passage.headings, passage.text) for word in _words(text))


def _words(text: str) -> list[str]:
    return [folded(word) for word in _WORD.findall(text)]


@lru_cache(maxsize=4096)
def _stem(word: str) -> str:
    """What the forms of a word share: "rule" and "ruled", "plot" and "plotted", "city" and "cities", "nationalized" and its noun."""
    bare = _ENDING.sub("", word)
    if len(bare) < _LEAST or not _VOWEL.search(bare):  # "king", "died"
        bare = word[:-1] if word[-1] in "ds" and len(word) > _LEAST else word
    if bare[-1] == "y":
        bare = bare[:-1] + "i"
    elif len(bare) > _LEAST and bare[-1] == bare[-2]:
        bare = bare[:-1]
    return bare[:_STEM]
