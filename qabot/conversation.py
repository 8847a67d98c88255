"""A follow-up question -> a question that stands alone, by rules, for English.

Three things are mended, in this order: a bare "And where?" takes the rest of the question before it; "What about X?" puts X in
the place of the name most like it; pronouns, "there", "then", "that year" and "the film" take the name that was spoken of last.
A question that stands alone, or whose referent is not found, is returned as it is. Does not use a language model, does not parse
(the verbs and roles known are the short lists below), and does not mend a pronoun that its own question explains.
"""

import re
from collections.abc import Sequence

from qabot.mentions import clean_name, described, names, referent, spoken, topic
from qabot.records import Turn
from qabot.wording import AUX, BE, CLASS, DET, DO, LEAD, PAST, PREP, SMALL, WH, Parts, base_form, kind_asked, take_apart

MAX_TURNS = 6  # older turns are forgotten
MAX_CHARS = 500  # a longer question is left as it is, a longer turn is passed over
_ABOUT = re.compile(r"^(?:what|how) about\s+", re.IGNORECASE)
_YEAR = re.compile(r"\b[12]\d{3}\b")
_STRANDED = re.compile(r"\b(?:from|to|of|with|for|by|in|on|at|under|into|against|after|about)$")
_NOUN_LAST = re.compile(r"\b(?:the|an?)(?: [a-z]+){1,2}$")
_TIME_TAIL = re.compile(r"\s(?:in|on|at|during|after|before|when|while)\s+\S")
_PRONOUN = re.compile(r"\b(he|him|his|she|her|hers|it|its|they|them|their|theirs|there|then)\b(?!-)", re.IGNORECASE)
_CLAUSE = re.compile(r"\b(?:that|when|after|before|because|while|if|since|until|as|say|said|think|thought|believe|claim|claimed|and)\b")
_EMPTY = re.compile(
    r"\b(?:time (?:is|was) it|how (?:long|much time) (?:did|does|will|would) it take|how far is it"
    r"|it (?:rain|snow|true|possible|impossible|likely|important|known|necessary|legal|hard|easy|said|matter|that)\w*"
    r"|(?:is|are|was|were|be|been) there|there (?:is|are|was|were))\b",
    re.IGNORECASE,
)
_THAT = re.compile(r"\b(?P<prep>(?:in|on|of|at|from|to|by|for|with|during|since|after|before|until)\s+)?(?:this|that) (?P<noun>[a-z]+)\b")


def resolve(question: str, turns: Sequence[Turn], subject: str | None = None) -> str:
    """The question as it stands alone; the very same string where it does already.

    `turns`: oldest first. `subject`: the title of the only article, what a pronoun means when nothing else was spoken of.
    """
    recent = [turn for turn in turns[-MAX_TURNS:] if len(turn.question) <= MAX_CHARS]
    if len(question) > MAX_CHARS or not question.strip() or not (recent or subject):
        return question
    completed = _completed(question, recent, subject) if recent else None
    return completed or _named(question, recent, subject)


def in_context(question: str, turns: Sequence[Turn]) -> str | None:
    """The question with the name last spoken of behind it: after a film, "Who wrote the story?" may mean the film's.

    None where it has a name of its own, or nothing was spoken of. It may as well mean no such thing: ask it as it is first.
    """
    whole = question.strip().rstrip("?!. ")
    if not turns or len(question) > MAX_CHARS or len(whole.split()) < 3 or not take_apart(whole).wh or names(whole):
        return None
    name = topic(turns[-1])
    return f"{whole} {'of' if _NOUN_LAST.search(whole) else 'in'} {name}?" if name else None


def _completed(question: str, turns: Sequence[Turn], subject: str | None) -> str | None:
    """A bare wh-phrase or "what about X" with the rest of the question before it; None where it is neither."""
    whole = question.strip().rstrip("?!. ")
    led = LEAD.sub("", whole)
    about = _ABOUT.sub("", led)
    words = about.lower().split()
    ask = _bare_wh(about)
    if ask:
        return _swapped(ask, turns[-1])
    is_about = about != led or (led != whole and whole[:3].lower() in ("and", "but"))
    if not is_about or not words or len(words) > 8 or AUX.intersection(words) or words[0] in WH | {"he", "she", "they", "it", "then"}:
        return None
    return _about(_named(about, turns, subject), turns[-1].question.strip().rstrip("?!. "))


def _bare_wh(text: str) -> str:
    """A wh-phrase without a verb ("where", "in what year", "how many people") with its capital; "" where it is not one."""
    words = text.lower().split()
    if len(words) == 2 and words[0] in ("where", "who", "whom", "what") and words[1] in PREP:
        return f"{words[1].capitalize()} {words[0].replace('whom', 'who').replace('who', 'whom')}"  # "Who by?" -> "By whom"
    start = 1 if words[:1] and words[0] in PREP else 0
    if not start < len(words) <= start + 4 or words[start] not in WH:
        return ""
    after = words[start + 1 :]
    if words[start] in ("what", "which", "whose", "how"):
        if any(w in AUX or w in CLASS or w in PAST or w in DET or w in PREP or w.endswith("ed") or not w.isalpha() for w in after):
            return ""
        fits = len(after) <= (1 if words[start] == "how" and after[:1] not in (["many"], ["much"]) else 3)
    else:
        fits = all(word in ("else", "exactly", "precisely", "not") for word in after)
    return text[0].upper() + text[1:] if fits else ""


def _swapped(ask: str, before: Turn) -> str | None:
    """The question before with its wh-phrase replaced by `ask`, and its answer where the wh-phrase was a part of the sentence."""
    parts = take_apart(before.question)
    if not parts.wh and not parts.aux:
        return None
    wh, aux, rest = parts.wh.lower(), parts.aux, parts.rest
    words = wh.split()
    noun = " ".join(parts.wh.split()[1:]) if words[:1] in (["which"], ["what"]) else ""
    if ask.lower() in ("how many", "how much") and noun:
        ask, words = f"{ask} {noun}", []
    verb, _, tail = rest.partition(" ")
    known = "" if aux else base_form(verb)  # "Who replaced X?" has no subject once "who" is gone
    plain = " ".join(filter(None, (ask, *(("did someone", known, tail) if known else (aux.lower(), rest))))) + "?"
    same = bool(words) and kind_asked(ask) == kind_asked(before.question) and ask.split()[0].lower() not in PREP
    answer = clean_name(before.answer)
    if not answer or not words or same or "else" in ask.lower().split():
        return plain
    if words[:2] in (["how", "many"], ["how", "much"]) and not answer.lower().endswith(words[-1]):
        answer = " ".join([answer, *parts.wh.split()[2:]])
    elif _STRANDED.search(rest):
        return f"{plain[:-1]} {answer}?"
    elif words[0] in ("from", "to", "by", "with", "of", "for"):
        return f"{plain[:-1]} {words[0]} {answer}?"
    elif words[0] in PREP or words[0] in ("when", "where", "why", "how") or kind_asked(before.question) == "time":
        return plain
    return f"{ask} {_filled(parts, answer)}?"


def _filled(parts: Parts, answer: str) -> str:
    """The words after the wh-phrase with the answer as their subject or object."""
    aux, rest = parts.aux, parts.rest
    if not aux:
        verb, _, tail = rest.partition(" ")
        base = base_form(verb)
        return " ".join(filter(None, ("did", answer, base, tail) if base else (answer, verb, tail)))
    first = rest.split(" ", 1)[0]
    named = first[:1].isupper() or first.lower() in ("he", "she", "it", "they")
    participle = first.lower() in DET and rest.endswith("ed")
    inner = named or participle if aux.lower() in BE else named or first.lower() in DET or aux.lower() in DO
    if not inner:
        return f"{aux} {answer} {rest}".strip()
    when = _TIME_TAIL.search(rest)
    cut = when.start() if when else len(rest)
    return f"{aux} {rest[:cut]} {answer}{rest[cut:]}"


def _about(topic: str, text: str) -> str:
    """The question before with the name or the year that is most like `topic` replaced by it; else with `topic` at its end."""
    prep = topic.split()[0].lower() if topic.split() and topic.split()[0].lower() in PREP else ""
    target: tuple[int, int] | None = None
    if _YEAR.search(topic):
        year = re.search(r"\b(?:(?:in|since|until|during|by|before|after) )[12]\d{3}\b" if prep else _YEAR, text)
        target = year.span() if year else None
        topic = topic if prep or target else f"in {topic}"
    elif prep:
        target = next((((a - len(prep) - 1), b) for a, b in names(text) if text[:a].lower().endswith(f" {prep} ")), None)
        if target is None and topic.islower():
            phrase = re.search(rf"\b{prep} (?:(?:an?|the) )?[a-z]+\b", text)
            target = phrase.span() if phrase else None
    else:
        noun = re.search(r"\bthe [a-z]+(?= of\b)", text) if topic.islower() and topic.startswith("the ") else None
        wanted = set(topic.lower().split()) - SMALL

        def likeness(span: tuple[int, int]) -> tuple[int, bool, int]:
            following = text[span[1] :].split()
            shared = len(wanted.intersection(text[slice(*span)].lower().split()))
            return shared, not (text[: span[0]].endswith("the ") and bool(following) and following[0].isalpha()), -span[0]

        target = noun.span() if noun else max(names(text), key=likeness, default=None)
    if target is None:
        return f"{text} {topic}?"
    start, end = target
    start -= 4 if topic.startswith("the ") and text[:start].endswith(" the ") else 0
    return f"{text[:start]}{topic}{text[end:]}?"


def _named(question: str, turns: Sequence[Turn], subject: str | None) -> str:
    """The question with each pronoun replaced by what it stands for, unless that stands in the question itself."""
    done: set[str] = set()
    meant = {kind: referent(kind, turns, subject) for kind in {CLASS[word.lower()] for word in _PRONOUN.findall(question)}}
    group, named = meant.get("group", ""), {word for start, end in names(question) for word in question[start:end].split()}
    if group in (meant.get("person"), meant.get("thing")) or named.intersection(group.split()):
        meant["group"] = ""  # "Where did they kill him?", "When did they kill Torres?": whoever it was

    def replaced(found: re.Match[str]) -> str:
        word = found.group(1).lower()
        wanted = CLASS[word]
        name = "" if wanted in done or _bound(question, found, turns) else meant[wanted]
        done.add(wanted)
        return _shaped(question, found, name) if name else found.group()

    empty = [match.span() for match in _EMPTY.finditer(question)]
    text = _PRONOUN.sub(lambda found: found.group() if any(a <= found.start() < b for a, b in empty) else replaced(found), question)
    text = described(_THAT.sub(lambda found: _pointed(found, turns), text), turns)
    if text == question:
        return question
    bare = LEAD.sub("", text)
    text = bare if bare.split()[:1] and bare.split()[0].lower() in WH | AUX | PREP else text
    return text[:1].upper() + text[1:] if question.lstrip()[:1].isupper() else text


def _shaped(question: str, found: re.Match[str], name: str) -> str:
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
    return f"{name}'s" if word in ("his", "its", "their", "hers", "theirs") or (word == "her" and owns) else name


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


def _pointed(found: re.Match[str], turns: Sequence[Turn]) -> str:
    """ "that year", "this company": the latest answer to a question that asked for one; else as it is."""
    noun, prep = found["noun"], found["prep"] or ""
    for turn in reversed(turns):
        answer, wh = clean_name(turn.answer), take_apart(turn.question).wh.lower()
        if answer and (wh.split()[-1:] == [noun] or (noun == "year" and wh == "when" and _YEAR.fullmatch(answer))):
            return f"{prep or ('in ' if noun in ('year', 'month', 'century', 'decade') else '')}{answer}"
    return found.group()
