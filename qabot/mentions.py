"""What a conversation has spoken of: the names in its questions and answers, their kinds, and which one a pronoun means."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from qabot.definition import asked_name, is_name
from qabot.names import DEFINITE, MANY, clean_name, names, noun_after
from qabot.records import Turn
from qabot.wording import AUX, BE, CLASS, DET, DO, LEAD, PREP, ROLE, SMALL, kind_asked, take_apart

_PERSON_CUE = re.compile(r"\b(?:born|die|died|buried|marry|married|wife|husband|resign|study|grow up|exiled|educated|childhood)\b")
_THING_CUE = re.compile(
    r"\b(?:Oil|Company|University|Inc|Party|Bank|Army|Church|Union|Museum|River|Mount|War|Prize|Corporation)\b|[a-z] [A-Z]+$"
)

_COUNTED = re.compile(r"(?i:how many) ((?:[a-z]+ )?(?:[a-z]+[^s]s|people|men|women|children))\b")
_UNCOUNTED = AUX | SMALL | frozenset("times years days months weeks hours minutes seconds miles other more of".split())
_OWNER = re.compile(r"((?:[A-Z][\w.-]+ ?)+)['\u2019]s [A-Z]")
_PERSONAL = re.compile(r"[A-Z][\w.'\u2019-]+(?: [A-Z][\w.'\u2019-]*){0,2}")
_OWNED = re.compile(r"['\u2019]s ([a-z]+)\b")
_MET = {"with", "against"}
_MET_TO = {"married", "engaged", "related", "lost"}

_DESCRIBED = re.compile(  # not "the film about sharks", "the film Jaws"
    r"\bthe (?P<noun>film|movie|book|novel|song|album|game|show|series|play|painting|company|console|drug|disease)\b"
    r"(?!\s+(?:about|of|from|with|by|in|on|for|that|which|who|called|named|(?-i:[A-Z])))",
    re.IGNORECASE,
)


def _subject_phrase(question: str) -> str:
    """The common noun that the question is about, "the cheetah" or "giant pandas"; "" where it is not plain."""
    parts = take_apart(question)
    words: list[str] = []
    for word in parts.rest.split():
        if not word.isalpha() or not word.islower() or word in PREP or word in CLASS or word in AUX or (words and word in DET):
            break
        words.append(word)
    if parts.aux.lower() in DO or (
        words and (words[-1] in ("born", "found", "known", "made", "built", "called") or words[-1].endswith("ed"))
    ):
        words = words[:-1]
    if not parts.aux or not words or len(words) > 4 or (words[0] in DET and (len(words) < 2 or words[0] not in ("the", "a", "an"))):
        return ""
    if parts.wh.lower() in ("who", "what", "which") and parts.aux.lower() in BE:
        return ""  # "What is the capital": the answer is what is spoken of
    words[0] = words[0] if words[0] not in ("a", "an") else "the"
    return " ".join(words) if words[0] == "the" or words[-1].endswith("s") else ""


def _definite(name: str, question: str) -> bool:
    """Whether the name is a common noun that the question has "the" before."""
    return name[0].islower() and f"the {name}" in question


def _pairs(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Two names that "they" means together: "X and Y", or the only two where X met, left or beat Y."""
    for (start, end), (later, last) in pairwise(spans):
        if text[end:later] == " and ":
            yield text[start:last]
    others = PREP - _MET | {"the"}
    before = [text[:start].lower().split()[-2:] for start, _ in spans]
    apart = [others.intersection(words[-1:]) and not (words[-1] == "to" and words[0] in _MET_TO) for words in before]
    if len(spans) == 2 and not any(apart):
        yield " and ".join(text[start:end] for start, end in spans)


@lru_cache(maxsize=64)  # the same few turns are looked at for each pronoun
def spoken(turn: Turn) -> tuple[tuple[str, str], ...]:
    """(name, kind) in one turn: the answer first, then the names in the question; kind "" is not known."""
    return tuple(_spoken(turn))


def _spoken(turn: Turn) -> Iterator[tuple[str, str]]:
    yield from _answered(turn.question, clean_name(turn.answer))
    text = turn.question
    if (counted := _COUNTED.match(LEAD.sub("", text))) and not _UNCOUNTED.intersection(counted[1].split()):
        yield f"the {counted[1]}", "counted"  # what "they" may mean, and "it" does not
    phrase = _subject_phrase(text)
    if phrase:
        yield phrase, "person" if ROLE.search(phrase) else "group" if re.search(r"[^s]s$", phrase) else "thing"
    spans, parts = names(text), take_apart(text)
    yield from ((pair, "group") for pair in _pairs(text, spans))
    asking = text.find(parts.wh) + len(parts.wh) if parts.rest and parts.wh in text else 0
    for start, end in (span for span in spans if span[1] >= asking):  # "Which English pirate": no English is spoken of
        if owned := _OWNED.match(text, end):
            thing = owned.group(1)
            yield f"{text[start:end]}'s {thing}", "person" if ROLE.search(thing) else "thing"
        yield _in_its_place(text, start, end, alone=len(spans) == 1)


def _answered(question: str, answer: str) -> Iterator[tuple[str, str]]:
    """(name, kind) of what was said."""
    kind, defined, owner = kind_asked(question), asked_name(question), _OWNER.match(answer)
    if defined and " of " not in defined and not is_name(answer):
        # "What is Kinect?": Kinect is spoken of, not what it is said to be
        yield f"the {defined}" if _definite(defined, question) else defined, kind
    elif owner and kind == "person":  # "Murdoch's News International": "he" is Murdoch, "it" the company
        yield owner.group(1), "person"
        yield answer, "thing"
    elif answer and not any(letter.isalpha() for letter in answer):
        yield answer, "time" if kind == "time" else "number"  # a score, a price: nothing that "it" or "they" would mean
    elif answer:
        one = kind == "thing" and take_apart(question).aux.lower() in ("is", "was")  # "the Los Angeles and Independence Railroad"
        several = kind in ("person", "thing") and not one and re.search(r"\w and [A-Z]", answer)
        yield answer, "group" if several else kind


def _in_its_place(text: str, start: int, end: int, alone: bool) -> tuple[str, str]:
    """The name at [start, end) with the common noun behind it, and its kind; `alone`: it is the question's only one."""
    name, before = text[start:end], text[:start].lower().split()[-1:]
    definite, noun = DEFINITE.search(text[:start]), noun_after(text, start, end)
    if definite and noun:
        name = f"the {definite[1]}{name} {noun}"
        return name, "person" if ROLE.search(name) else "group" if MANY.fullmatch(noun) else "thing"
    if noun and MANY.fullmatch(noun):  # "on American women"
        return f"{name} {noun}", "group"
    if before and before[0] in ("in", "at", "near"):
        return name, "place"
    if before == ["the"]:
        many = MANY.search(name) and " " not in name  # "the Pilgrims"
        return f"the {name}", "person" if ROLE.search(name.lower()) else "group" if many else "thing"
    is_person = bool(_PERSON_CUE.search(text)) and alone
    return name, "thing" if _THING_CUE.search(name) else "person" if is_person else ""


def referent(wanted: str, turns: Sequence[Turn], subject: str | None) -> str:
    """The latest name of the kind wanted, within a turn the surest kind first; "" where there is none."""
    held = [(name, kind_asked(turn.question)) for turn in turns if " " in (name := clean_name(turn.answer)) and name[0].isupper()]
    said = [_whole(list(spoken(turn)), turn.question, held) for turn in reversed(turns)]
    known = {name: kind for turn in reversed(said) for name, kind in turn if kind}
    told = [[(name, kind or known.get(name, "")) for name, kind in turn] for turn in said]
    orders: dict[str, list[tuple[str, ...]]] = {
        "person": [("person",), ("",)],
        "thing": [("thing",), ("",), ("place",), ("group",)],
        "place": [("place",)],
        "time": [("time",)],
    }
    order: list[tuple[str, ...]]
    if wanted == "group":
        flat = [pair for turn in told for pair in turn]
        ranked = [[pair] for kinds in (("group", "counted"), ("thing", ""), ("person",)) for pair in flat if pair[1] in kinds]
        told, order = ranked, [("group", "counted", "thing", "", "person")]
    else:
        order = orders[wanted]
    for turn in told:
        for kinds in order:
            fits = [name for name, kind in turn if kind in kinds]
            if fits:
                return fits[-1] if wanted == "thing" and kinds == ("",) else fits[0]
        first, kind = turn[0] if turn else ("", "")
        if wanted == "person" and kind == "thing" and _PERSONAL.fullmatch(first) and not _THING_CUE.search(first):
            return first  # "Which prisoner escaped?": of no role that is known, but a name
    title = next((turn.title for turn in reversed(turns) if turn.title), None) or subject or ""
    return "" if wanted == "time" else re.sub(r" *\([^()]*\)$", "", title.strip())


def _whole(said: list[tuple[str, str]], question: str, held: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """With an answer of before that stands in the question in place of its parts: "Society for Neuroscience" is one name."""
    for name, kind in held:
        parts = [pair for pair in said if pair[0] in name] if name in question else []
        if parts:
            said = [(name, kind) if pair == parts[0] else pair for pair in said if pair == parts[0] or pair not in parts]
    return said


def described(question: str, turns: Sequence[Turn]) -> str:
    """ "the film" with the name of the one last spoken of, where the question has no name of its own; else as it is."""
    found = _DESCRIBED.search(question)
    if found is None or names(question):
        return question
    noun = found["noun"].lower()
    # What answered "which award" is no film, and the article's title is not meant.
    fitting = [replace(turn, title=None, answer=turn.answer if _may_be(noun, turn.question) else None) for turn in turns]
    name = referent("thing", fitting, None)
    return f"{question[: found.end()]} {name}{question[found.end() :]}" if name and is_name(name) else question


def _may_be(noun: str, question: str) -> bool:
    """Whether the answer to the question may be a `noun`, as far as the question says."""
    asked = take_apart(question).wh.lower().split()
    return asked[-1:] == [noun] or len(asked) < 2
