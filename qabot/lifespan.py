""" "When was X born?" and "When did X die?" -> the date that an encyclopedia puts in brackets behind the name.

"X (5 March 1920 – 2 June 1976) was ..." has neither "born" nor "died" in it, and a reader that was trained on sentences takes the next date
that has. For English.
"""

import re

from qabot.definition import Ends, names_it
from qabot.wording import MONTHS, SMALL

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


def _date(which: str, text: str, start: int, end: int) -> Ends | None:
    """The date behind the word for it, or of two with a dash between them the first or the second."""
    word = _WORDS[which].search(text, start, end)
    if word is not None:
        dated = _DATE.search(text, word.end(), end)
        return dated.span() if dated else None
    dates = list(_DATE.finditer(text, start, end))
    both = len(dates) == 2 and _BETWEEN.fullmatch(text, dates[0].end(), dates[1].start())
    return dates[which == "died"].span() if both else None
