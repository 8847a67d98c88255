"""A follow-up question -> a question that stands alone, by rules, for English.

Three things are mended, in this order: a bare "And where?" takes the rest of the question before it; "What about X?" puts X in
the place of the name most like it; pronouns, "there", "then" and "that year" take the name that was spoken of last.
A question that stands alone, or whose referent is not found, is returned as it is. Does not use a language model, does not parse
(the verbs and roles known are the short lists below), and does not mend a pronoun that its own question explains.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

MAX_TURNS = 6  # older turns are forgotten
MAX_CHARS = 500  # a longer question is left as it is, a longer turn is passed over
MAX_NAME = 80  # a longer answer is a sentence, not a name

_WH = frozenset("who whom whose what which when where why how".split())
_BE = frozenset("is are was were wasn't weren't isn't aren't".split())
_DO = frozenset("do does did didn't doesn't don't".split())
_AUX = _BE | _DO | frozenset("has have had can could will would should may might must".split())
_PREP = frozenset("in on at by from to for with of since until during under into against near after before about through around".split())
_DET = frozenset("the a an his her its their this that these those".split())
_SMALL = (
    _WH | _AUX | _PREP | _DET | frozenset("and but so ok okay then also i i'm it he she they there tell name list give if not or".split())
)
_PARTICLE = frozenset("de del la las los of the von van der da di du al bin y le".split())
_MONTH = frozenset("january february march april may june july august september october november december".split())
_PAST = dict(
    pair.split(":")
    for pair in (
        "overthrew:overthrow won:win wrote:write led:lead made:make built:build took:take gave:give became:become began:begin ran:run "
        "met:meet left:leave held:hold found:find fought:fight sold:sell bought:buy sang:sing drew:draw flew:fly broke:break spoke:speak "
        "taught:teach thought:think told:tell said:say saw:see went:go came:come got:get lost:lose kept:keep stole:steal chose:choose "
        "shot:shoot sent:send paid:pay fell:fall grew:grow knew:know threw:throw wore:wear drove:drive rose:rise sank:sink swam:swim "
        "created:create defeated:defeat invented:invent discovered:discover directed:direct killed:kill designed:design composed:compose "
        "painted:paint named:name ordered:order played:play died:die joined:join signed:sign ruled:rule married:marry owned:own"
    ).split()
)
_LEAD = re.compile(r"^(?:(?:and|but|so|ok|okay|then|also|well)\b[\s,]+)+", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:what|how) about\s+", re.IGNORECASE)
_WORD = re.compile(r"[^\W_][\w.&'\u2019-]*")
_YEAR = re.compile(r"\b[12]\d{3}\b")
_STRANDED = re.compile(r"\b(?:from|to|of|with|for|by|in|on|at|under|into|against|after|about)$")
_TIME_TAIL = re.compile(r"\s(?:in|on|at|during|after|before|when|while)\s+\S")
_ROLE = re.compile(
    r"\b(?:leader|president|ambassador|general|minister|colonel|captain|author|writer|king|queen|player|actor|actress|director|singer"
    r"|scientist|politician|officer|commander|man|woman|person|artist|painter|composer|poet|philosopher|inventor|founder|emperor|pope"
    r"|bishop|architect|engineer|professor|doctor|coach|owner|wife|husband|son|daughter|father|mother|brother|sister|friend|successor"
    r"|predecessor|dictator|physicist|chemist|astronaut|explorer|musician|chancellor|mayor|prince|princess|senator|governor)$"
)
_PLACE = re.compile(r"\b(?:where|city|country|town|village|place|state|region|province|continent|island|capital)\b")
_TIME = re.compile(r"\b(?:when|year|date|month|day|century|decade|time)\b")
_PERSON_CUE = re.compile(r"\b(?:born|die|died|buried|marry|married|wife|husband|resign|study|grow up|exiled|educated|childhood)\b")
_THING_CUE = re.compile(
    r"\b(?:Oil|Company|University|Inc|Party|Bank|Army|Church|Union|Museum|River|Mount|War|Prize|Corporation)\b|[a-z] [A-Z]+$"
)
_PRONOUN = re.compile(r"\b(he|him|his|she|her|hers|it|its|they|them|their|theirs|there|then)\b(?!-)", re.IGNORECASE)
_CLASS = dict(
    pair.split(":")
    for pair in (
        "he:person him:person his:person she:person her:person hers:person it:thing its:thing they:group them:group their:group "
        "theirs:group there:place then:time"
    ).split()
)
_CLAUSE = re.compile(r"\b(?:that|when|after|before|because|while|if|since|until|as|say|said|think|thought|believe|claim|claimed|and)\b")
_EMPTY = re.compile(
    r"\b(?:time (?:is|was) it|how (?:long|much time) (?:did|does|will|would) it take|how far is it"
    r"|it (?:rain|snow|true|possible|impossible|likely|important|known|necessary|legal|hard|easy|said|matter|that)\w*"
    r"|(?:is|are|was|were|be|been) there|there (?:is|are|was|were))\b",
    re.IGNORECASE,
)
_THAT = re.compile(r"\b(?P<prep>(?:in|on|of|at|from|to|by|for|with|during|since|after|before|until)\s+)?(?:this|that) (?P<noun>[a-z]+)\b")


@dataclass(frozen=True, slots=True)
class Turn:
    """One exchange: the question as it stood alone, the answer (None where the bot abstained), the cited article's title."""

    question: str
    answer: str | None
    title: str | None


@dataclass(frozen=True, slots=True)
class _Parts:
    """ "In what year" "was" "Gulf Oil nationalized": `aux` is "" where the verb follows at once, `wh` where there is none."""

    wh: str
    aux: str
    rest: str


def resolve(question: str, turns: Sequence[Turn], subject: str | None = None) -> str:
    """The question as it stands alone; the very same string where it does already.

    `turns`: oldest first. `subject`: the title of the only article, what a pronoun means when nothing else was spoken of.
    """
    recent = [turn for turn in turns[-MAX_TURNS:] if len(turn.question) <= MAX_CHARS]
    if len(question) > MAX_CHARS or not question.strip() or not (recent or subject):
        return question
    completed = _completed(question, recent, subject) if recent else None
    return completed or _named(question, recent, subject)


def _completed(question: str, turns: Sequence[Turn], subject: str | None) -> str | None:
    """A bare wh-phrase or "what about X" with the rest of the question before it; None where it is neither."""
    whole = question.strip().rstrip("?!. ")
    led = _LEAD.sub("", whole)
    topic = _ABOUT.sub("", led)
    words = topic.lower().split()
    ask = _bare_wh(topic)
    if ask:
        return _swapped(ask, turns[-1])
    is_about = topic != led or (led != whole and whole[:3].lower() in ("and", "but"))
    if not is_about or not words or len(words) > 8 or _AUX.intersection(words) or words[0] in _WH | {"he", "she", "they", "it", "then"}:
        return None
    return _about(_named(topic, turns, subject), turns[-1].question.strip().rstrip("?!. "))


def _bare_wh(text: str) -> str:
    """A wh-phrase without a verb ("where", "in what year", "how many people") with its capital; "" where it is not one."""
    words = text.lower().split()
    if len(words) == 2 and words[0] in ("where", "who", "whom", "what") and words[1] in _PREP:
        return f"{words[1].capitalize()} {words[0].replace('whom', 'who').replace('who', 'whom')}"  # "Who by?" -> "By whom"
    start = 1 if words[:1] and words[0] in _PREP else 0
    if not start < len(words) <= start + 4 or words[start] not in _WH:
        return ""
    after = words[start + 1 :]
    if words[start] in ("what", "which", "whose", "how"):
        if any(w in _AUX or w in _CLASS or w in _PAST or w in _DET or w in _PREP or w.endswith("ed") or not w.isalpha() for w in after):
            return ""
        fits = len(after) <= (1 if words[start] == "how" and after[:1] not in (["many"], ["much"]) else 3)
    else:
        fits = all(word in ("else", "exactly", "precisely", "not") for word in after)
    return text[0].upper() + text[1:] if fits else ""


def _swapped(ask: str, before: Turn) -> str | None:
    """The question before with its wh-phrase replaced by `ask`, and its answer where the wh-phrase was a part of the sentence."""
    parts = _parts(before.question)
    if not parts.wh and not parts.aux:
        return None
    wh, aux, rest = parts.wh.lower(), parts.aux, parts.rest
    words = wh.split()
    noun = " ".join(parts.wh.split()[1:]) if words[:1] in (["which"], ["what"]) else ""
    if ask.lower() in ("how many", "how much") and noun:
        ask, words = f"{ask} {noun}", []
    plain = " ".join(part for part in (ask, aux.lower(), rest) if part) + "?"
    same = bool(words) and _kind(ask) == _kind(before.question) and ask.split()[0].lower() not in _PREP
    answer = _clean(before.answer)
    if not answer or not words or same or "else" in ask.lower().split():
        return plain
    if words[:2] in (["how", "many"], ["how", "much"]) and not answer.lower().endswith(words[-1]):
        answer = " ".join([answer, *parts.wh.split()[2:]])
    elif _STRANDED.search(rest):
        return f"{plain[:-1]} {answer}?"
    elif words[0] in ("from", "to", "by", "with", "of", "for"):
        return f"{plain[:-1]} {words[0]} {answer}?"
    elif words[0] in _PREP or words[0] in ("when", "where", "why", "how") or _kind(before.question) == "time":
        return plain
    return f"{ask} {_filled(parts, answer)}?"


def _filled(parts: _Parts, answer: str) -> str:
    """The words after the wh-phrase with the answer as their subject or object."""
    aux, rest = parts.aux, parts.rest
    if not aux:
        verb, _, tail = rest.partition(" ")
        base = _base(verb)
        return " ".join(filter(None, ("did", answer, base, tail) if base else (answer, verb, tail)))
    first = rest.split(" ", 1)[0]
    named = first[:1].isupper() or first.lower() in ("he", "she", "it", "they")
    participle = first.lower() in _DET and rest.endswith("ed")
    inner = named or participle if aux.lower() in _BE else named or first.lower() in _DET or aux.lower() in _DO
    if not inner:
        return f"{aux} {answer} {rest}".strip()
    when = _TIME_TAIL.search(rest)
    cut = when.start() if when else len(rest)
    return f"{aux} {rest[:cut]} {answer}{rest[cut:]}"


def _base(verb: str) -> str:
    """The infinitive of a past form; "" where no simple rule gives it."""
    if verb in _PAST:
        return _PAST[verb]
    if re.search(r"[^aeiou]ied$", verb):
        return verb[:-3] + "y"
    if re.search(r"(?:iz|is|v|c|u|dg|rg|ang|[aeou]s|[bcdnlrt]at)ed$", verb):
        return verb[:-1]
    if re.search(r"([bdgmnprt])\1ed$", verb):
        return verb[:-3]
    return verb[:-2] if re.search(r"(?:ss|sh|ch|ck|nt|ct|st|nd|gn|ld|lk|ll|rn|rm|rt|rd|pt|ft|w|y|x|mp|lp|nk|rk|sk|tain)ed$", verb) else ""


def _about(topic: str, text: str) -> str:
    """The question before with the name or the year that is most like `topic` replaced by it; else with `topic` at its end."""
    prep = topic.split()[0].lower() if topic.split() and topic.split()[0].lower() in _PREP else ""
    target: tuple[int, int] | None = None
    if _YEAR.search(topic):
        year = re.search(r"\b(?:(?:in|since|until|during|by|before|after) )[12]\d{3}\b" if prep else _YEAR, text)
        target = year.span() if year else None
        topic = topic if prep or target else f"in {topic}"
    elif prep:
        target = next((((a - len(prep) - 1), b) for a, b in _names(text) if text[:a].lower().endswith(f" {prep} ")), None)
    else:
        noun = re.search(r"\bthe [a-z]+(?= of\b)", text) if topic.islower() and topic.startswith("the ") else None
        wanted = set(topic.lower().split()) - _SMALL

        def likeness(span: tuple[int, int]) -> tuple[int, bool, int]:
            following = text[span[1] :].split()
            shared = len(wanted.intersection(text[slice(*span)].lower().split()))
            return shared, not (text[: span[0]].endswith("the ") and bool(following) and following[0].isalpha()), -span[0]

        target = noun.span() if noun else max(_names(text), key=likeness, default=None)
    if target is None:
        return f"{text} {topic}?"
    start, end = target
    start -= 4 if topic.startswith("the ") and text[:start].endswith(" the ") else 0
    return f"{text[:start]}{topic}{text[end:]}?"


def _parts(question: str) -> _Parts:
    """The question taken apart at its wh-phrase and its auxiliary."""
    text = question.strip().rstrip("?!. ")
    words = _LEAD.sub("", text).split()
    low = [word.lower() for word in words]
    start = 1 if len(low) > 1 and low[0] in _PREP and low[1] in _WH else 0
    if not words or low[start] not in _WH:
        return _Parts("", words[0], " ".join(words[1:])) if words and low[0] in _AUX else _Parts("", "", text)
    for at in range(start + 1, min(len(words), start + 9)):
        if low[at] in _AUX:
            return _Parts(" ".join(words[:at]), words[at], " ".join(words[at + 1 :]))
        if low[start] in ("who", "whom") or low[at] in _PAST or (low[at].endswith("ed") and len(low[at]) > 3):
            return _Parts(" ".join(words[:at]), "", " ".join(words[at:]))
    return _Parts(" ".join(words), "", "")


def _kind(question: str) -> str:
    """What the question asks for: person, place, time, number, group, thing or other."""
    wh = _parts(question).wh.lower()
    words = wh.split()
    if not words or re.match(r"(?:how (?:many|much|long|old|far|tall|big|high|deep|fast)\b)", wh):
        return "number" if words else "other"
    if "who" in words or "whom" in words or _ROLE.search(wh):
        return "person"
    if words[0] in ("why", "how"):
        return "other"
    if _PLACE.search(wh) or _TIME.search(wh):
        return "place" if _PLACE.search(wh) else "time"
    return "group" if len(words) > 1 and re.search(r"[^s]s$", words[-1]) else "thing"


def _names(text: str) -> list[tuple[int, int]]:
    """Where the capitalised names stand; particles and initials within, months and the sentence's first small word without."""
    found: list[tuple[int, int]] = []
    open_at = end = -1
    for match in _WORD.finditer(text):
        word = re.sub(r"(?:['\u2019]s?|\.)$", "", match.group()) if len(match.group()) > 2 else match.group()
        gap = text[end : match.start()] if open_at >= 0 else ""
        small = (word.lower() in _SMALL and (match.start() == 0 or word == "I")) or word.lower() in _MONTH
        if (word[0].isupper() and not small) or (gap == " " and re.fullmatch(r"\d{1,3}", word)):
            joined = (
                open_at >= 0 and all(part in _PARTICLE for part in gap.split()) and not gap.strip(" " + "".join(map(chr, range(97, 123))))
            )
            open_at = open_at if joined and found else match.start()
            end = match.start() + len(word)
            if joined and found:
                found.pop()
            found.append((open_at, end))
    return found


def _clean(answer: str | None) -> str:
    """The answer as it stands within a sentence; "" where it is too long for that."""
    text = " ".join((answer or "").split()).strip(" .,;:?!")
    return "" if len(text) > MAX_NAME else re.sub(r"^(?:The|An?)(?= [a-z])", lambda found: found.group().lower(), text)


def _subject_phrase(question: str) -> str:
    """The common noun that the question is about, "the cheetah" or "giant pandas"; "" where it is not plain."""
    parts = _parts(question)
    words: list[str] = []
    for word in parts.rest.split():
        if not word.isalpha() or not word.islower() or word in _PREP or word in _CLASS or word in _AUX or (words and word in _DET):
            break
        words.append(word)
    if parts.aux.lower() in _DO or (
        words and (words[-1] in ("born", "found", "known", "made", "built", "called") or words[-1].endswith("ed"))
    ):
        words = words[:-1]
    if not parts.aux or not words or len(words) > 4 or (words[0] in _DET and (len(words) < 2 or words[0] not in ("the", "a", "an"))):
        return ""
    if parts.wh.lower() in ("who", "what", "which") and parts.aux.lower() in _BE:
        return ""  # "What is the capital": the answer is what is spoken of
    words[0] = words[0] if words[0] not in ("a", "an") else "the"
    return " ".join(words) if words[0] == "the" or words[-1].endswith("s") else ""


def _spoken(turn: Turn) -> Iterator[tuple[str, str]]:
    """(name, kind) in one turn: the answer first, then the names in the question; kind "" is not known."""
    kind, answer, text = _kind(turn.question), _clean(turn.answer), turn.question
    if answer:
        several = kind in ("person", "thing") and re.search(r"\w and [A-Z]", answer)
        yield answer, "group" if several else kind
    phrase = _subject_phrase(text)
    if phrase:
        yield phrase, "person" if _ROLE.search(phrase) else "group" if re.search(r"[^s]s$", phrase) else "thing"
    spans = _names(text)
    for (start, end), (later, last) in pairwise(spans):
        if text[end:later] == " and ":
            yield text[start:last], "group"
    for start, end in spans:
        name, before, after = text[start:end], text[:start].lower().split()[-1:], text[end:].split()[:1]
        if before == ["the"] and after and after[0].strip("?").isalpha() and after[0].islower() and after[0] not in _SMALL:
            name = f"the {name} {after[0].strip('?')}"
            yield name, "person" if _ROLE.search(name) else "thing"
        elif before and before[0] in ("in", "at", "near"):
            yield name, "place"
        else:
            article = "the " if before == ["the"] else ""
            yield article + name, "thing" if _THING_CUE.search(name) else "person" if _PERSON_CUE.search(text) and len(spans) == 1 else ""


def _referent(wanted: str, turns: Sequence[Turn], subject: str | None) -> str:
    """The latest name of the kind wanted, within a turn the surest kind first; "" where there is none."""
    spoken = [list(_spoken(turn)) for turn in reversed(turns)]
    known = {name: kind for turn in reversed(spoken) for name, kind in turn if kind}
    told = [[(name, kind or known.get(name, "")) for name, kind in turn] for turn in spoken]
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


def _named(question: str, turns: Sequence[Turn], subject: str | None) -> str:
    """The question with each pronoun replaced by what it stands for, unless that stands in the question itself."""
    done: set[str] = set()

    def replaced(found: re.Match[str]) -> str:
        word = found.group(1).lower()
        wanted = _CLASS[word]
        name = "" if wanted in done or _bound(question, found, turns) else _referent(wanted, turns, subject)
        done.add(wanted)
        return _shaped(question, found, name) if name else found.group()

    empty = [match.span() for match in _EMPTY.finditer(question)]
    text = _PRONOUN.sub(lambda found: found.group() if any(a <= found.start() < b for a, b in empty) else replaced(found), question)
    text = _THAT.sub(lambda found: _pointed(found, turns), text)
    if text == question:
        return question
    bare = _LEAD.sub("", text)
    text = bare if bare.split()[:1] and bare.split()[0].lower() in _WH | _AUX | _PREP else text
    return text[:1].upper() + text[1:] if question.lstrip()[:1].isupper() else text


def _shaped(question: str, found: re.Match[str], name: str) -> str:
    """The name in the pronoun's form: possessive, or with its preposition."""
    word, before, after = found.group(1).lower(), question[: found.start()].lower().split()[-1:], question[found.end() :]
    prepared = (bool(before) and before[0] in _PREP) or name.split()[0].lower() in _PREP
    if word == "there":
        return name if prepared else f"in {name}"
    if word == "then":
        if not before or not re.match(r"\s*(?:[?.!,]|$|in\b)", after):
            return found.group()
        return name if prepared else f"on {name}" if re.match(r"\d{1,2} [A-Z]", name) else f"in {name}"
    following = after.split()[:1] if after[:1].isspace() else []
    owns = bool(following) and following[0][0].isalnum() and following[0].strip("?,.").lower() not in _SMALL | {"as", "out", "up", "away"}
    return f"{name}'s" if word in ("his", "its", "their", "hers", "theirs") or (word == "her" and owns) else name


def _bound(question: str, found: re.Match[str], turns: Sequence[Turn]) -> bool:
    """Whether what the pronoun stands for comes before it in the same question."""
    word, wanted, before = found.group(1).lower(), _CLASS[found.group(1).lower()], question[: found.start()]
    if wanted in ("place", "time"):
        return False
    fitting = ("person", "") if wanted == "person" else ("thing", "place", "group", "") if wanted == "thing" else ("group", "thing", "")
    known = {name: kind for turn in turns for name, kind in _spoken(turn) if kind}
    owner = word in ("his", "her", "its", "their")
    for name, kind in _spoken(Turn(question, None, None)):
        at = before.find(name)
        if at < 0 or known.get(name, kind) not in fitting or before[:at].lower().split()[-1:] in (["in"], ["of"], ["at"], ["from"]):
            continue
        if owner or word in ("he", "she", "they") or _CLAUSE.search(before, at + len(name)):
            return True
    parts = _parts(question)
    first = parts.rest.split(" ", 1)[0]
    asked = len(parts.wh.split()) > 1 and parts.aux.lower() not in _DO and not first[:1].isupper() and first.lower() not in _DET
    return owner and asked and parts.wh.lower().split()[0] in ("which", "what") and _kind(question) in fitting[:-1]


def _pointed(found: re.Match[str], turns: Sequence[Turn]) -> str:
    """ "that year", "this company": the latest answer to a question that asked for one; else as it is."""
    noun, prep = found["noun"], found["prep"] or ""
    for turn in reversed(turns):
        answer, wh = _clean(turn.answer), _parts(turn.question).wh.lower()
        if answer and (wh.split()[-1:] == [noun] or (noun == "year" and wh == "when" and _YEAR.fullmatch(answer))):
            return f"{prep or ('in ' if noun in ('year', 'month', 'century', 'decade') else '')}{answer}"
    return found.group()
