"""What a conversation has spoken of: the names in its questions and answers, their kinds, and which one a pronoun means."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from qabot.definition import asked_name, is_name
from qabot.records import Turn
from qabot.wording import AUX, BE, CLASS, DET, DO, MONTH, PARTICLE, PREP, ROLE, SMALL, kind_asked, take_apart

MAX_NAME = 80  # a longer answer is a sentence, not a name

_WORD = re.compile(r"[^\W_][\w.&'\u2019-]*")
_PERSON_CUE = re.compile(r"\b(?:born|die|died|buried|marry|married|wife|husband|resign|study|grow up|exiled|educated|childhood)\b")
_THING_CUE = re.compile(
    r"\b(?:Oil|Company|University|Inc|Party|Bank|Army|Church|Union|Museum|River|Mount|War|Prize|Corporation)\b|[a-z] [A-Z]+$"
)

_OWNER = re.compile(r"((?:[A-Z][\w.-]+ ?)+)['\u2019]s [A-Z]")
_OWNED = re.compile(r"['\u2019]s ([a-z]+)\b")
_MET = {"with", "against", "to"}

_DESCRIBED = re.compile(  # not "the film about sharks", "the film Jaws"
    r"\bthe (?P<noun>film|movie|book|novel|song|album|game|show|series|play|painting|company|console|drug|disease)\b"
    r"(?!\s+(?:about|of|from|with|by|in|on|for|that|which|who|called|named|(?-i:[A-Z])))",
    re.IGNORECASE,
)


def names(text: str) -> list[tuple[int, int]]:
    """Where the capitalised names stand; particles and initials within, months and the sentence's first small word without."""
    found: list[tuple[int, int]] = []
    open_at = end = -1
    for match in _WORD.finditer(text):
        word = re.sub(r"(?:['\u2019]s?|\.)$", "", match.group()) if len(match.group()) > 2 else match.group()
        gap = text[end : match.start()] if open_at >= 0 else ""
        small = (word.lower() in SMALL and (match.start() == 0 or word == "I")) or word.lower() in MONTH
        if (word[0].isupper() and not small) or (gap == " " and re.fullmatch(r"\d{1,3}", word)):
            joined = (
                open_at >= 0 and all(part in PARTICLE for part in gap.split()) and not gap.strip(" " + "".join(map(chr, range(97, 123))))
            )
            open_at = open_at if joined and found else match.start()
            end = match.start() + len(word)
            if joined and found:
                found.pop()
            found.append((open_at, end))
    return found


def clean_name(answer: str | None) -> str:
    """The answer as it stands within a sentence; "" where it is too long for that."""
    text = " ".join((answer or "").split()).strip(" .,;:?!")
    return "" if len(text) > MAX_NAME else re.sub(r"^(?:The|An?)(?= [a-z])", lambda found: found.group().lower(), text)


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
    if len(spans) == 2 and not any(others.intersection(text[:start].lower().split()[-1:]) for start, _ in spans):
        yield " and ".join(text[start:end] for start, end in spans)


def spoken(turn: Turn) -> Iterator[tuple[str, str]]:
    """(name, kind) in one turn: the answer first, then the names in the question; kind "" is not known."""
    kind, answer, text = kind_asked(turn.question), clean_name(turn.answer), turn.question
    defined, owner = asked_name(text), _OWNER.match(answer)
    if defined and " of " not in defined and not is_name(answer):
        # "What is Kinect?": Kinect is spoken of, not what it is said to be
        yield f"the {defined}" if _definite(defined, text) else defined, kind
    elif owner and kind == "person":  # "Murdoch's News International": "he" is Murdoch, "it" the company
        yield owner.group(1), "person"
        yield answer, "thing"
    elif answer:
        several = kind in ("person", "thing") and re.search(r"\w and [A-Z]", answer)
        yield answer, "group" if several else kind
    phrase = _subject_phrase(text)
    if phrase:
        yield phrase, "person" if ROLE.search(phrase) else "group" if re.search(r"[^s]s$", phrase) else "thing"
    spans = names(text)
    yield from ((pair, "group") for pair in _pairs(text, spans))
    asking = text.find(wh) + len(wh) if (wh := take_apart(text).wh) else 0
    for start, end in (span for span in spans if span[1] >= asking):  # "Which English pirate": no English is spoken of
        name, before = text[start:end], text[:start].lower().split()[-1:]
        if owned := _OWNED.match(text, end):
            thing = owned.group(1)
            yield f"{name}'s {thing}", "person" if ROLE.search(thing) else "thing"
        after = [re.sub(r"['\u2019]s$", "", word) for word in text[end:].split()[:1]]
        if before == ["the"] and after and after[0].strip("?").isalpha() and after[0].islower() and after[0] not in SMALL:
            name = f"the {name} {after[0].strip('?')}"
            yield name, "person" if ROLE.search(name) else "thing"
        elif before and before[0] in ("in", "at", "near"):
            yield name, "place"
        else:
            is_thing = before == ["the"] or bool(_THING_CUE.search(name))
            is_person = bool(_PERSON_CUE.search(text)) and len(spans) == 1
            yield "the " * (before == ["the"]) + name, "thing" if is_thing else "person" if is_person else ""


def referent(wanted: str, turns: Sequence[Turn], subject: str | None) -> str:
    """The latest name of the kind wanted, within a turn the surest kind first; "" where there is none."""
    said = [list(spoken(turn)) for turn in reversed(turns)]
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
        ranked = [[pair] for kinds in (("group",), ("thing", ""), ("person",)) for pair in flat if pair[1] in kinds]
        told, order = ranked, [("group", "thing", "", "person")]
    else:
        order = orders[wanted]
    for turn in told:
        for kinds in order:
            fits = [name for name, kind in turn if kind in kinds]
            if fits:
                return fits[-1] if wanted == "thing" and kinds == ("",) else fits[0]
    title = next((turn.title for turn in reversed(turns) if turn.title), None) or subject or ""
    return "" if wanted == "time" else re.sub(r" *\([^()]*\)$", "", title.strip())


def topic(turn: Turn) -> str:
    """The name that the turn was about, the last one in its question, else its answer; "" where it has none but the article's title."""
    said = [turn.question[start:end] for start, end in names(turn.question)]
    name = said[-1] if said else clean_name(turn.answer)
    return "" if not is_name(name) or name.lower() in (turn.title or "").lower() else name


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
