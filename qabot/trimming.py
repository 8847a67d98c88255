"""A span -> the words that a person would give: whole words and names, whole dates, brackets closed, a number with its unit.

The model marks tokens; where it is a word short or long, these rules, for English, mend the ends. Offsets count characters of the
passage. Does not choose between spans, and never leaves the sentence that a span stands in.
"""

import re
from collections.abc import Callable

from qabot.wording import MONTHS, SMALL, kind_asked, take_apart

_WORD = re.compile(r"[^\W_](?:[\w'\u2019-]*[^\W_])?")
_ABBREVIATED = re.compile(r"(?:\b[^\W\d_]|\b(?:[JS]r|Inc|Ltd|Co|Corp|St|etc|No|Mt))\.$")
_DATE = re.compile(rf"(?:\b\d{{1,2}}(?:st|nd|rd|th)? )?\b(?:{MONTHS})\b(?: \d{{1,2}}\b(?!\d))?(?:,? \d{{4}}\b)?")
_YEAR = re.compile(r"\b[12]\d{3}\b")
_NUMBER = re.compile(r"(?:about |around |nearly |over |some )?[$\u00a3\u20ac]?\d[\d,.]*\d|\d|[a-z]+(?:-[a-z]+)?", re.IGNORECASE)
_UNITS = frozenset(
    "second minute hour day week month year decade century metre meter kilometre kilometer mile foot feet inch yard acre hectare ton "
    "tonne kilogram kilo pound ounce gram litre liter gallon degree dollar euro percent % million billion trillion thousand people".split()
)
_TRAILING = frozenset("the a an of in and or to by with for on at from as that which who but into".split())
_BELONGS = re.compile(r" (?:of|in|from) (\w+)")
_TWO = re.compile(r"(?P<first>[^,;]+?)(?: (?:of|in|from) (?P<of>\w+))? and (?P<second>[^,;]+)")
_FOLLOWING = re.compile(r"(?: |(?=%))(%|[a-z]+)")
_FURTHER_ITEM = re.compile(r" and |, (?!(?:which|who|whose|where|that)\b)")
_MOST_ADDED = 60  # characters that one rule may add

Ends = tuple[int, int]


def trim(question: str, text: str, start: int, end: int, sentence: Ends) -> Ends:
    """Where the natural answer of the span text[start:end] stands; `sentence` is what it may not leave. Never empty."""
    ends = start, end
    rules: tuple[Callable[[str, str, Ends, Ends], Ends], ...] = (
        _whole_words, _whole_date, _whole_name, _one_of_two, _with_unit, _whole_list, _purpose_alone, _behind_bracket, _closed,
        _without_loose_ends,
    )  # fmt: skip
    for rule in rules:
        begin, stop = rule(question, text, ends, sentence)
        if sentence[0] <= begin < stop <= sentence[1] and text[begin:stop].strip():
            ends = begin, stop
    return ends


def in_date(text: str, start: int, end: int) -> bool:
    """Whether [start, end) is a part of a date, as the "2" of "2 June" is."""
    near = _DATE.finditer(text, max(0, start - 20), min(len(text), end + 20))
    return any(match.start() <= start and end <= match.end() for match in near)


def _whole_words(_: str, text: str, ends: Ends, sentence: Ends) -> Ends:
    """No half a word at either end."""
    start, end = ends
    while start > sentence[0] and text[start].isalnum() and text[start - 1].isalnum():
        start -= 1
    while end < sentence[1] and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return start, end


def _whole_date(question: str, text: str, ends: Ends, sentence: Ends) -> Ends:
    """All of the date where one is asked for; the year alone where only that is."""
    if kind_asked(question) != "time":
        return ends
    words = set(question.lower().rstrip("?").split())
    if "year" in words and "month" not in words:
        years = list(_YEAR.finditer(text, *ends))
        return years[0].span() if len(years) == 1 and _DATE.fullmatch(text[slice(*ends)].strip()) else ends
    if words & {"month", "decade", "century"}:
        return ends
    for match in _DATE.finditer(text, *sentence):
        if match.start() < ends[1] and ends[0] < match.end() and len(match.group()) <= _MOST_ADDED:
            return min(ends[0], match.start()), max(ends[1], match.end())
    return ends


def _whole_name(question: str, text: str, ends: Ends, sentence: Ends) -> Ends:
    """All capitalised words of a name that the span is a part of, where a person is asked for."""
    if kind_asked(question) != "person" or not text[ends[0]].isupper():
        return ends
    words = [match.span() for match in _WORD.finditer(text, *sentence)]
    asked = set(re.findall(r"\w+", question.lower()))  # "Which president ...?" is not answered with "President"
    start, end = ends
    for a, b in reversed([word for word in words if word[1] <= ends[0]]):
        if text[b:start] != " " or text[a:b].lower() in asked or not _names(text, a, b, sentence[0]):
            break
        start = a
    for a, b in (word for word in words if word[0] >= ends[1]):
        if text[end:a] != " " or text[a:b].lower() in asked or not text[a].isupper() or not text[end - 1].isalpha():
            break
        end = b
    return start, end


def _one_of_two(question: str, text: str, ends: Ends, _: Ends) -> Ends:
    """Where one person is asked for, of "Velasco of Peru and Torrijos" in front of "of Panama" the one with the question's word."""
    both = _TWO.fullmatch(text, *ends)
    if both is None or kind_asked(question) != "person" or take_apart(question).wh.lower().split()[-1:] == ["who"]:
        return ends
    asked = set(re.findall(r"\w+", question.lower()))
    behind = _BELONGS.match(text, ends[1])
    if behind and behind.group(1).lower() in asked:
        return both.start("second"), ends[1]
    if both.group("of") and both.group("of").lower() in asked:
        return ends[0], both.end("first")
    return ends


def _purpose_alone(question: str, text: str, ends: Ends, _: Ends) -> Ends:
    """ "To do this", without what ", and" adds, where it is asked why; a list goes on."""
    inside = text[slice(*ends)]
    further = re.search(r", (?:and|but|so|while|which) ", inside)
    if further is None or not re.match(r"(?:in order )?to ", inside, re.IGNORECASE) or "," in inside[: further.start()]:
        return ends
    return (ends[0], ends[0] + further.start()) if question.lower().split()[:1] == ["why"] else ends


def _names(text: str, start: int, end: int, opening: int) -> bool:
    """Whether the word is a part of a name: a capital that the beginning of a sentence does not explain."""
    word = text[start:end]
    if not word[0].isupper() or word.lower() in SMALL:
        return False
    return start > opening or any(match.start() > opening for match in re.finditer(rf"(?<=[a-z,] ){re.escape(word)}\b", text))


def _with_unit(question: str, text: str, ends: Ends, sentence: Ends) -> Ends:
    """The number's unit, where a number is asked for: a known one, or the very word that the question counts."""
    if kind_asked(question) != "number" or not _NUMBER.fullmatch(text[slice(*ends)].strip()):
        return ends
    asked = [part.rstrip("s") for part in take_apart(question).wh.lower().split() if part not in SMALL]
    end = ends[1]
    while following := _FOLLOWING.match(text, end, sentence[1]):
        word = following.group(1).lower()
        end = following.end()
        if word in _UNITS or word.rstrip("s") in _UNITS or [word.rstrip("s")] == asked[-1:]:
            return ends[0], end
        if word.rstrip("s") not in asked:  # "two bloody noses" as a whole, or the number alone
            return ends
    return ends


def _whole_list(question: str, text: str, ends: Ends, sentence: Ends) -> Ends:
    """All items of a list in brackets or behind a colon that the span is a part of, where several things are asked for.

    What introduces the list ("except for ...") or says more of it ("..., which ...") is no item.
    """
    if kind_asked(question) != "group":
        return ends
    for match in re.finditer(r"\(([^()]*,[^()]*)\)|: ([^:;()]*,[^:;()]* and [^:;().,\"\u201d]*)", text[slice(*sentence)]):
        group = 1 if match.group(1) else 2
        start, end = match.start(group) + sentence[0], match.end(group) + sentence[0]
        if start <= ends[0] and ends[1] <= end and end - start <= 4 * _MOST_ADDED:
            before, behind = text[start : ends[0]], text[ends[1] : end]
            return start if _FURTHER_ITEM.search(before) else ends[0], end if _FURTHER_ITEM.search(behind) else ends[1]
    return ends


def _behind_bracket(_: str, text: str, ends: Ends, __: Ends) -> Ends:
    """What goes on behind the bracket that it begins in, "was a leader" of "(died 1976) was a leader"."""
    inside = text[slice(*ends)]
    close = inside.find(")")
    begun = close >= 0 and inside.rfind("(", 0, close) <= 0
    return (ends[0] + close + 1, ends[1]) if begun and " " in inside[close + 1 :].strip(" .,;") else ends


def _closed(_: str, text: str, ends: Ends, sentence: Ends) -> Ends:
    """No bracket or quotation mark that is opened and not closed, or closed and not opened."""
    start, end = ends
    for opening, closing in ("()", "[]", "\u201c\u201d"):
        inside = text[start:end]
        if inside.count(opening) > inside.count(closing):
            found = text.find(closing, end, min(end + _MOST_ADDED, sentence[1]))
            end = found + 1 if found >= 0 else start + inside.rindex(opening)
        elif inside.count(closing) > inside.count(opening):
            found = text.rfind(opening, max(sentence[0], start - _MOST_ADDED), start)
            start, end = (found, end) if found >= 0 and not inside.endswith(closing) else (start, start + inside.rindex(closing))
    if text[start:end].count('"') == 1:
        inside = text[start:end]
        if text[end : end + 1] == '"':
            end += 1
        elif text[max(0, start - 1) : start] == '"' and '"' in inside[1:]:  # the rest comes behind what is quoted
            end = start + inside.index('"')
        elif inside[0] == '"':
            start += 1
        elif inside[-1] == '"':
            end -= 1
    return start, end


def _without_loose_ends(_: str, text: str, ends: Ends, __: Ends) -> Ends:
    """No punctuation around it, no article or preposition left hanging at its end."""
    start, end = ends
    while True:
        before = start, end
        while start < end and text[start] in " ,.;:!?)]}\u2013\u2014-\n\t":
            start += 1
        while end > start and (
            text[end - 1] in " ,;:([{\u2013\u2014-\n\t" or (text[end - 1] in ".!?" and not _ABBREVIATED.search(text[start:end]))
        ):
            end -= 1
        last = re.search(r"\s([^\W\d_]+)$", text[start:end])
        if last and last.group(1) in _TRAILING:
            end = start + last.start()
        if (start, end) == before:
            return before
