"""Pronouns, "there", "then", "that year", "that guy" and "the second one" -> the names that they stand for, by rules, for English.

What a pronoun's own question explains is left, and so is one whose referent is not found (`mentions.referent` decides).
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from qabot.definition import is_name
from qabot.mentions import described, referent, spoken
from qabot.names import clean_name, names
from qabot.records import Turn
from qabot.wording import AUX, CLASS, DET, DO, LEAD, PREP, SMALL, WH, kind_asked, take_apart

_YEAR = re.compile(r"\b[12]\d{3}\b")
_PRONOUN = re.compile(r"\b(he|him|his|she|her|hers|it|its|they|them|their|theirs|there|then)\b(?!-)", re.IGNORECASE)
_CLAUSE = re.compile(r"\b(?:that|when|after|before|because|while|if|since|until|as|say|said|think|thought|believe|claim|claimed|and)\b")
_EMPTY = re.compile(
    r"\b(?:time (?:is|was) it|how (?:long|much time) (?:did|does|will|would) it take|how far is it"
    r"|it (?:rain|snow|true|possible|impossible|likely|important|known|necessary|legal|hard|easy|said|matter|that)\w*"
    r"|(?:is|are|was|were|be|been) there|there (?:is|are|was|were))\b",
    re.IGNORECASE,
)
_THAT = re.compile(r"\b(?P<prep>(?:in|on|of|at|from|to|by|for|with|during|since|after|before|until)\s+)?(?:this|that) (?P<noun>[a-z]+)\b")
_NTH = re.compile(r"\bthe (first|second|third|last|other) one\b", re.IGNORECASE)
_BARE_THAT = re.compile(r"\b(?:did|does|has|had|will|would|could) (that|this)(?= [a-z])", re.IGNORECASE)
_TEMPORAL = frozenset("in on during since after before until from by of".split())
_PEOPLE = frozenset("guy man woman person lady fellow bloke".split())
_PLACES = frozenset("place city town country village state region".split())


def named(question: str, turns: Sequence[Turn], subject: str | None) -> str:
    """The question with each pronoun replaced by what it stands for, unless that stands in the question itself."""
    done: set[str] = set()
    meant = {kind: referent(kind, turns, subject) for kind in {CLASS[word.lower()] for word in _PRONOUN.findall(question)}}
    group, asked = meant.get("group", ""), {word for start, end in names(question) for word in question[start:end].split()}
    if group in (meant.get("person"), meant.get("thing")) or asked.intersection(group.split()):
        meant["group"] = ""  # "Where did they kill him?", "When did they kill Torres?": whoever it was

    def replaced(found: re.Match[str]) -> str:
        word = found.group(1).lower()
        wanted = CLASS[word]
        name = "" if wanted in done or _bound(question, found, turns) else meant[wanted]
        done.add(wanted)
        return shaped(question, found, name) if name else found.group()

    empty = [match.span() for match in _EMPTY.finditer(question)]
    text = _PRONOUN.sub(lambda found: found.group() if any(a <= found.start() < b for a, b in empty) else replaced(found), question)
    text = _NTH.sub(lambda found: nth(found[1].lower(), turns) or found.group(), text)
    text = described(_THAT.sub(lambda found: _pointed(found, turns), text), turns)
    said = clean_name(turns[-1].answer) if turns else ""
    if is_name(said) and (that := _BARE_THAT.search(text)):
        text = f"{text[: that.start(1)]}{said}{text[that.end(1) :]}"
    if text == question:
        return question
    bare = LEAD.sub("", text)
    first = re.split(r"[\s'\u2019]", bare, maxsplit=1)[0].lower()  # "who" of "who'd"
    text = bare if first in WH | AUX | PREP else text
    return text[:1].upper() + text[1:] if question.lstrip()[:1].isupper() else text


def of_a_person(question: str) -> bool:
    """Whether it says "he" or "she" in any form."""
    return any(CLASS[word.lower()] == "person" for word in _PRONOUN.findall(question))


def shaped(question: str, found: re.Match[str], name: str) -> str:
    """The name in the pronoun's form: possessive, or with its preposition."""
    word, before, after = found.group(1).lower(), question[: found.start()].lower().split()[-1:], question[found.end() :]
    prepared = (bool(before) and before[0] in PREP) or name.split()[0].lower() in PREP
    if word == "there":
        return name if prepared else f"in {name}"
    if word == "then":
        if not before or not re.match(r"\s*(?:[?.!,]|$|in\b)", after):
            return found.group()
        return name if prepared else f"on {name}" if re.match(r"\d{1,2} [A-Z]", name) else f"in {name}"
    following = after.split()[:1] if after[:1].isspace() else []
    owns = bool(following) and following[0][0].isalnum() and following[0].strip("?,.").lower() not in SMALL | {"as", "out", "up", "away"}
    own = "'" if re.search(r"(?:^| )[a-z]+s$", name) else "'s"
    return f"{name}{own}" if word in ("his", "its", "their", "hers", "theirs") or (word == "her" and owns) else name


def _bound(question: str, found: re.Match[str], turns: Sequence[Turn]) -> bool:
    """Whether what the pronoun stands for comes before it in the same question."""
    word, wanted, before = found.group(1).lower(), CLASS[found.group(1).lower()], question[: found.start()]
    if wanted in ("place", "time"):
        return False
    fitting = ("person", "") if wanted == "person" else ("thing", "place", "group", "") if wanted == "thing" else ("group", "thing", "")
    known = {name: kind for turn in turns for name, kind in spoken(turn) if kind}
    owner = word in ("his", "her", "its", "their")
    for name, kind in spoken(Turn(question, None, None)):
        at = before.find(name)
        if at < 0 or known.get(name, kind) not in fitting or before[:at].lower().split()[-1:] in (["in"], ["of"], ["at"], ["from"]):
            continue
        if owner or word in ("he", "she", "they") or _CLAUSE.search(before, at + len(name)):
            return True
    parts = take_apart(question)
    first = parts.rest.split(" ", 1)[0]
    asked = len(parts.wh.split()) > 1 and parts.aux.lower() not in DO and not first[:1].isupper() and first.lower() not in DET
    return owner and asked and parts.wh.lower().split()[0] in ("which", "what") and kind_asked(question) in fitting[:-1]


def nth(word: str, turns: Sequence[Turn]) -> str:
    """ "the second one" of the latest answer that lists names, "the other one" of two; "" where there is none."""
    for turn in reversed(turns):
        listed = re.split(r",? and |, ", clean_name(turn.answer))
        if len(listed) > 1 and all(map(is_name, listed)):
            last = turns[-1].question
            if word == "other":
                others = [name for name in listed if name not in last]
                return others[0] if len(others) == 1 else ""
            place = ("first", "second", "third").index(word) if word != "last" else len(listed) - 1
            return listed[place] if place < len(listed) else ""
    return ""


def _pointed(found: re.Match[str], turns: Sequence[Turn]) -> str:
    """ "that year", "this company", "that guy": the latest answer to a question that asked for one; else as it is."""
    noun, prep = found["noun"], found["prep"] or ""
    if noun in _PEOPLE | _PLACES:
        untitled = [replace(turn, title=None) for turn in turns]  # the article's title need be neither
        if name := referent("person" if noun in _PEOPLE else "place", untitled, None):
            return f"{prep}{name}"
    for turn in reversed(turns):
        answer, wh = clean_name(turn.answer), take_apart(turn.question).wh.lower()
        if answer and (
            wh.split()[-1:] == [noun]
            or (noun == "one" and is_name(answer))
            or (noun == "year" and wh == "when" and _YEAR.fullmatch(answer))
        ):
            of_time = "in " if noun in ("year", "month", "century", "decade") and prep.strip().lower() not in _TEMPORAL else ""
            return f"{prep}{of_time}{answer}"
    return found.group()
