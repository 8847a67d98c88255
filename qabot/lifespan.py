""" "When was X born?" and "When did X die?" -> the date that an encyclopedia puts in brackets behind the name.

"X (5 March 1920 – 2 June 1976) was ..." has neither "born" nor "died" in it, and a reader that was trained on sentences takes the next date
that has. And what happened between is not asked for with those dates ("When did he become president?"), though they stand next to the name.
For English.
"""

import re

from qabot.definition import Ends, names_it
from qabot.wording import MONTHS, ROLE, SMALL, kind_asked

_NAME = r"(?P<name>[^\W\d_][\w'\u2019.\- ]*?)"
_ASKED = (
    (re.compile(rf"^(?:when|(?:in |on )?(?:what|which) (?:year|date|day)) (?:was|were) {_NAME} born\s*\??$", re.IGNORECASE), "born"),
    (re.compile(rf"^(?:when|(?:in |on )?(?:what|which) (?:year|date|day)) did {_NAME} die\s*\??$", re.IGNORECASE), "died"),
    (re.compile(rf"^what (?:is|was) {_NAME}['\u2019]s? (?:date of birth|birth ?da(?:te|y))\s*\??$", re.IGNORECASE), "born"),
    (re.compile(rf"^what (?:is|was) {_NAME}['\u2019]s? (?:date of death|death date)\s*\??$", re.IGNORECASE), "died"),
)
_DATE = re.compile(rf"\b\d{{1,2}} (?:{MONTHS}),? \d{{3,4}}\b|\b(?:{MONTHS}) \d{{1,2}}, \d{{3,4}}\b|\b(?:{MONTHS}) \d{{4}}\b|\b\d{{3,4}}\b")
_YEAR = re.compile(r"\b\d{3,4}$")
_BRACKET = re.compile(r"\s\(([^()]{4,150})\)")
_CALLED = re.compile(r"[^\W\d_a-z][\w.'\u2019-]*(?: [^\W\d_a-z][\w.'\u2019-]*)*\s$")
_WORDS = {"born": re.compile(r"\b(?:born|b\.)"), "died": re.compile(r"\b(?:died|d\.)|\u2020")}
_LIFE = re.compile(
    r"\b(?:born|birth(?:day|date)?|di(?:e|ed|es)|dead|death|dying|live[ds]?|alive|life(?:time|span)?|kill(?:ed)?|murder(?:ed)?"
    r"|pass(?:ed)? away|execut\w+|assassinat\w+|dates?)\b",
    re.IGNORECASE,
)
_SAID_TO_BE = re.compile(r",? (?:is|was) (?:an?|the|one of) ((?:[\w'\u2019-]+,? ?){1,12})")
_TOLD = re.compile(r"\b(?:born|died)(?: (?:on|in|at|around|about|\d{1,2}|[A-Z][\w-]*,?))* ?$")
_BETWEEN = re.compile(r"\s*(?:[\u2013\u2014-]|to|;)\s*(?:c\. ?)?")


def asked_date(question: str) -> tuple[str, str] | None:
    """Whose date, and whether "born" or "died"; None where the question is another."""
    text = " ".join(question.split())
    for pattern, which in _ASKED:
        match = pattern.match(text)
        if match is not None:
            return match.group("name"), which
    return None


def date_of_life(question: str, name: str, which: str, text: str, sentences: list[Ends]) -> Ends | None:
    """Where the date stands, the year alone where that is asked for; None where no sentence has it in brackets behind `name`."""
    for start, end in sentences:
        bracket = _BRACKET.search(text, start, end)
        if bracket is None or not names_it(name, text[start : bracket.start()]):
            continue
        found = _date(which, text, bracket.start(1), bracket.end(1))
        if found is not None:
            year = _YEAR.search(text[slice(*found)])
            return (found[0] + year.start(), found[1]) if year and " year " in f" {question.lower()} " else found
    return None


def of_another(name: str, text: str, start: int) -> bool:
    """Whether what begins at `start` stands in brackets behind somebody else's name: "his father, Arnold Spielberg (born 1917)"."""
    opening = text.rfind("(", 0, start)
    if opening < 0 or ")" in text[opening:start]:
        return False
    before = _CALLED.search(text[:opening])
    called = before.group().strip() if before else ""
    return bool(called) and called.lower() not in SMALL and not names_it(name, called)


def beside(question: str, text: str, start: int, end: int) -> bool:
    """Whether text[start:end] dates a birth or a death, told or in brackets behind a name, where it is asked when something else was."""
    if kind_asked(question) != "time" or _LIFE.search(question):
        return False
    dated = _DATE.search(text, start, end)
    if _TOLD.search(text[max(0, start - 60) : dated.start() if dated else start]):
        return True
    bracket = next((found for found in _BRACKET.finditer(text, max(0, start - 200)) if found.start() <= start < found.end()), None)
    if bracket is None:
        return False
    inside = bracket.span(1)
    if any(word.search(text, *inside) for word in _WORDS.values()):
        return True
    said = _SAID_TO_BE.match(text, bracket.end())
    person = said is not None and any(ROLE.search(word.strip(" ,").lower()) for word in said.group(1).split())
    return person and _date("died", text, *inside) is not None


def _date(which: str, text: str, start: int, end: int) -> Ends | None:
    """The date behind the word for it, or of two with a dash between them the first or the second."""
    word = _WORDS[which].search(text, start, end)
    if word is not None:
        dated = _DATE.search(text, word.end(), end)
        return dated.span() if dated else None
    dates = list(_DATE.finditer(text, start, end))
    both = len(dates) == 2 and _BETWEEN.fullmatch(text, dates[0].end(), dates[1].start())
    return dates[which == "died"].span() if both else None
