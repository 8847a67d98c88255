"""A follow-up question -> a question that stands alone, by rules, for English.

Three things are mended: a bare "And where?" takes the rest of the question before it, "What about X?" puts X in its place, and
pronouns take the name that was spoken of last. The result is shown to the asker as "read as: ...". A question that stands
alone is returned as it is. Does not use a language model, and does not guess where it finds no referent.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

MAX_TURNS = 6  # older turns are forgotten

_LEAD = re.compile(r"^(?:and|but|so|ok|okay|then|also)\b[\s,]+", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:and|(?:and\s+)?(?:what|how)\s+about)\s+(?P<topic>[^?]+?)\s*\?*$", re.IGNORECASE)
_WH = r"(?:who|whom|whose|what|which|when|where|why|how)"
_AUX = "is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might"
_NAME = re.compile(
    r"\b[A-Z\u00c0-\u00de][\w'\u2019-]*(?:\s+(?:(?:de|del|la|of|the|von|van|da|di|al|bin|y)\s+)*(?:[A-Z\u00c0-\u00de][\w'\u2019-]*|[A-Z]\.))*"
)
_PRONOUN = re.compile(r"\b(he|him|his|she|her|hers|it|its|they|them|their|theirs|there)\b", re.IGNORECASE)
_PERSON_NOUN = re.compile(
    r"\b(?:leader|president|ambassador|general|minister|colonel|captain|author|writer|king|queen|player|actor|actress|director|singer|scientist"
    r"|politician|officer|commander|man|woman|person|artist|painter|composer|poet|philosopher|inventor|founder|emperor|pope|bishop|architect"
    r"|engineer|professor|doctor|coach|owner|wife|husband|son|daughter|father|mother|brother|sister|friend|successor|predecessor|dictator)\b",
    re.IGNORECASE,
)
_PLACE_NOUN = re.compile(r"\b(?:city|country|town|village|place|state|region|province|continent|island|capital)\b", re.IGNORECASE)
_TIME_NOUN = re.compile(r"\b(?:year|date|month|day|century|decade|time)\b", re.IGNORECASE)
_WANTS = {"he": "person", "him": "person", "his": "person", "she": "person", "her": "person", "hers": "person", "it": "thing", "its": "thing",
          "they": "group", "them": "group", "their": "group", "theirs": "group", "there": "place"}
_POSSESSIVE = {"his", "its", "their", "hers", "theirs"}


@dataclass(frozen=True, slots=True)
class Turn:
    """One exchange: the question as it stood alone, the answer (None where the bot abstained), the cited article's title."""

    question: str
    answer: str | None
    title: str | None


def resolve(question: str, turns: Sequence[Turn], subject: str | None = None) -> str:
    """The question as it stands alone; the very same string where it does already.

    `turns`: oldest first. `subject`: the title of the only article, what a pronoun means when nothing else was spoken of.
    """
    recent = list(turns)[-MAX_TURNS:]
    if recent:
        completed = _completed(question, recent[-1])
        if completed is not None:
            question = completed
    return _named(question, recent, subject)


def _completed(question: str, before: Turn) -> str | None:
    """A bare wh-phrase or "what about X" with the rest of the question before it; None where it is neither."""
    bare = _LEAD.sub("", question.strip())
    wanted = bare.rstrip("?!. ").strip()
    about = _ABOUT.match(question.strip())
    if _is_bare_wh(wanted) and not re.match(r"(?:what|how)\s+about\b", wanted, re.IGNORECASE):
        return _swapped(wanted, before)
    if about and not re.match(rf"{_WH}\b|(?:{_AUX})\b", about["topic"], re.IGNORECASE):
        return _about(about["topic"], before)
    return None


def _is_bare_wh(text: str) -> bool:
    """A wh-phrase without a verb: "where", "in what year", "by whom", "how many people"."""
    words = text.lower().split()
    has_wh = any(re.fullmatch(_WH, word) for word in words[:2])
    return 0 < len(words) <= 4 and has_wh and not any(re.fullmatch(_AUX, word) for word in words) and not _PRONOUN.search(text)


def _swapped(wanted: str, before: Turn) -> str:
    """The question before with its wh-phrase replaced by `wanted`, and its answer where the wh-phrase was a part of the sentence."""
    wh, aux, rest = _taken_apart(before.question)
    ask = wanted[0].upper() + wanted[1:]
    if not rest and not aux:
        return f"{ask}?"
    adverbial = re.match(r"(?:(?:in|on|at|since|until|during)\s|when|where|why|how\b(?!\s+(?:many|much)))", wh, re.IGNORECASE)
    ends_in_preposition = re.search(r"\b(?:from|to|of|with|for|by|in|on|at|under|into|against)$", rest)
    answer = before.answer or ""
    if ends_in_preposition and answer:
        return f"{ask} {aux} {rest} {answer}?" if aux else f"{ask} {rest} {answer}?"
    if adverbial or not answer:
        return f"{ask} {aux} {rest}?".replace("  ", " ")
    if aux and not _subject_follows(rest):
        return f"{ask} {aux} {answer} {rest}?".replace(" ?", "?")
    if aux:
        return f"{ask} {aux} {rest} {answer}?"
    return f"{ask} {answer} {rest}?"


def _taken_apart(question: str) -> tuple[str, str, str]:
    """Wh-phrase, auxiliary ("" where the verb follows at once), and the rest, without the question mark."""
    text = question.strip().rstrip("?!. ")
    match = re.match(
        rf"((?:(?:in|on|at|by|from|to|for|with|of|since|until|during)\s+)?(?:{_WH})\b(?:(?!\s(?:{_AUX})\b)\s+[^\s?]+){{0,7}}?)\s+({_AUX})\b\s*(.*)$",
        text, re.IGNORECASE,
    )
    if match:
        return match[1], match[2], match[3]
    bare = re.match(rf"({_WH})\s+(.*)$", text, re.IGNORECASE)
    if bare and bare[1].lower() in ("who", "what"):
        return bare[1], "", bare[2]
    return "", "", text


def _subject_follows(rest: str) -> bool:
    """Whether the sentence's subject stands after the auxiliary: a name, a pronoun, or a determiner."""
    first = rest.split(" ", 1)[0]
    return bool(first) and (first[0].isupper() or first.lower() in ("the", "a", "an", "he", "she", "it", "they", "his", "her", "its", "their", "this"))


def _about(topic: str, before: Turn) -> str:
    """The question before with its last name, or its year, replaced by `topic`; else with `topic` at its end."""
    text = before.question.strip().rstrip("?!. ")
    year = re.search(r"\b\d{4}\b", topic)
    old = re.search(r"\b(?:in\s+)?\d{4}\b", text) if year else None
    names = [match for match in _NAME.finditer(text) if match.start() > 0]
    target = old or (names[-1] if names and not year else None)
    if target is None:
        return f"{text} {topic}?"
    return f"{text[: target.start()]}{topic}{text[target.end() :]}?"


def _named(question: str, turns: Sequence[Turn], subject: str | None) -> str:
    """The question with each pronoun replaced by what it stands for, unless that stands in the question itself."""
    match = _PRONOUN.search(question)
    if match is None or _bound(question, match):
        return question
    entities = _entities(turns, subject)

    def replaced(found: re.Match[str]) -> str:
        word = found.group(1).lower()
        name = _referent(word, entities)
        if name is None or (word == "it" and _empty_it(question)) or (word == "there" and _empty_there(question, found)):
            return found.group(0)
        if word == "there":
            return f"in {name}"
        after = question[found.end() :].lstrip()
        owned = word in _POSSESSIVE or (word == "her" and after[:1].isalpha() and not re.match(r"(?:in|on|at|to|from|by|when|with|as)\b", after))
        return f"{name}'s" if owned else name

    resolved = _PRONOUN.sub(replaced, question)
    return resolved[:1].upper() + resolved[1:] if question[:1].isupper() else resolved


def _bound(question: str, pronoun: re.Match[str]) -> bool:
    """Whether what the pronoun stands for comes before it in the same question."""
    before = question[: pronoun.start()]
    named = any(match.start() > 0 and not re.fullmatch(_WH, match.group(), re.IGNORECASE) for match in _NAME.finditer(before))
    word = pronoun.group(1).lower()
    if word in ("he", "she", "they"):  # "Who said that he would resign?", but not "When did he resign?"
        asked = re.match(rf"(?:who|(?:which|what)\s+\w.*?)\s+(?!(?:{_AUX})\s*$)\w.*\s$", before, re.IGNORECASE)
    elif word in ("his", "her", "their", "its"):  # "Which leader resumed his post?", but not "What was his post?"
        asked = re.match(rf"(?:which|what)\s+(?!{_AUX})\w+.*\s\w+\s$", before, re.IGNORECASE)
    else:
        asked = None
    return named or asked is not None


def _entities(turns: Sequence[Turn], subject: str | None) -> list[tuple[str, str]]:
    """(name, kind) from the latest to the earliest; kind "" is not known. A turn's answer comes before the names in its question."""
    found: list[tuple[str, str]] = []
    for turn in reversed(turns):
        kind = _kind(turn.question)
        if turn.answer and kind not in ("time", "number"):
            found.append((turn.answer, kind))
        names = [match for match in _NAME.finditer(turn.question) if match.start() > 0 or not re.match(rf"(?:{_WH}|{_AUX}|in|on|at|by)\b", match.group(), re.IGNORECASE)]
        found += [(re.sub(r"['\u2019]s?$", "", match.group()), "") for match in names]
    if subject:
        found.append((re.sub(r"\s*\([^)]*\)$", "", subject), ""))
    return found


def _kind(question: str) -> str:
    """What the question asks for: person, place, time, number or thing."""
    wh, _, _ = _taken_apart(question)
    first = wh.lower() or question.lower()
    if re.search(r"\bwho|whom\b", first) or _PERSON_NOUN.search(first):
        return "person"
    if "where" in first or _PLACE_NOUN.search(first):
        return "place"
    if "when" in first or _TIME_NOUN.search(first):
        return "time"
    if re.search(r"how (?:many|much|long|old|far|tall)", first):
        return "number"
    return "other" if re.match(r"(?:why|how)\b", first) else "thing"


def _referent(pronoun: str, entities: list[tuple[str, str]]) -> str | None:
    """The latest entity of the kind that the pronoun wants, or of no known kind."""
    accepted = {"person": ("person", ""), "thing": ("thing", ""), "group": ("thing", "person", ""), "place": ("place",)}[_WANTS[pronoun]]
    return next((name for name, kind in entities if kind in accepted), None)


def _empty_it(question: str) -> bool:
    return bool(re.search(r"\b(?:is|was) it (?:true|possible|called that|raining)\b|\btime is it\b|\bdid it take\b|\bdoes it take\b", question, re.IGNORECASE))


def _empty_there(question: str, found: re.Match[str]) -> bool:
    around = question[max(0, found.start() - 8) : found.end() + 6].lower()
    return bool(re.search(r"\b(?:is|are|was|were|be|been)\s+there|there\s+(?:is|are|was|were)", around))
