"""What a short follow-up leaves out -> taken from the question before, by rules, for English.

A bare "And where?" or "When was that?" takes the rest of the question before it; "What about X?" puts X in the place of the name most
like it; "And Oslo, what's it like?" names its own subject.
"""

import re
from collections.abc import Sequence

from qabot.names import clean_name, names
from qabot.pronouns import named, nth, shaped
from qabot.records import Turn
from qabot.wording import AUX, BE, CLASS, DET, DO, LEAD, PAST, PREP, SMALL, WH, Parts, base_form, kind_asked, spelled_out, take_apart

_ABOUT = re.compile(r"^(?:what|how) about\s+", re.IGNORECASE)
_EVENT = re.compile(  # "When was that?", "why did they do it?": what was spoken of last, as a whole
    r"^(?P<ask>when|where|why|how|(?:(?:in|on) )?(?:what|which) (?:year|date|day|month|century|city|country|town|place))(?: exactly)? "
    r"(?:(?:was|were|is) (?:that|this)|did (?:that|this|it|all (?:that|this)) (?:all )?(?:happen|take place|occur|come about)"
    r"|did (?:he|she|they) do (?:that|this|it|so))$",
    re.IGNORECASE,
)
_TOPICAL = re.compile(  # "And Oslo, what's it like?", "What about the pills? When did they come in?"
    r"^(?P<lead>(?:(?:and|but|so)\s+)?(?:(?:what|how) about\s+)?)"
    r"(?!(?:and|but|in|on|at|by|from|to|for|with|of|since|until|during|after|before|as|if|when|while|because|although|so|ok|okay|well"
    r"|yes|yeah|no|oh|ah|hm+|lol|wow|cool|thanks|please|sorry|last|next|there|here|he|she|it|they|this|that|i|we|you"
    r"|who|what|which|where|why|how|is|was|are|were|did|does|do|can|could)\b)"
    r"(?P<topic>(?:[^\s,?]+ ){0,6}[^\s,?]+)[,?]\s+"
    r"(?P<ask>(?:who|what|which|when|where|why|how|is|was|are|were|did|does|do|can|could)\b.*)$",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"\b(?:first|second|third|fourth|fifth|sixth|seventh|last|other|\d+(?:st|nd|rd|th))\b")
_YEAR = re.compile(r"\b[12]\d{3}\b")
_STRANDED = re.compile(r"\b(?:from|to|of|with|for|by|in|on|at|under|into|against|after|about)$")
_MOST = re.compile(r"\bthe (?:most|fewest|least) ([a-z]+)\b\s?")
_TIME_TAIL = re.compile(r"\s(?:in|on|at|during|after|before|when|while)\s+\S")
_POINTER = re.compile(r"\b(he|him|his|she|her|hers|it|its|they|them|their|theirs|that|those)\b(?!-)", re.IGNORECASE)


def completed(question: str, turns: Sequence[Turn], subject: str | None) -> str | None:
    """A bare wh-phrase or "what about X" with the rest of the question before it; None where it is neither."""
    whole = question.strip().rstrip("?!. ")
    if topical := _of_topic(whole, turns, subject):
        return topical
    led = LEAD.sub("", whole)
    about = _ABOUT.sub("", led)
    words = re.sub(r"['\u2019]\w*", "", about.lower()).split()
    event = _EVENT.match(spelled_out(about))
    ask = _asked_alone(event["ask"]) if event else _bare_wh(about)
    if ask:
        return _swapped(ask, turns[-1])
    is_about = about != led or (led != whole and whole[:3].lower() in ("and", "but"))
    if about.lower() == "the other one" and not nth("other", turns):
        return None
    if not is_about or not words or len(words) > 8 or (AUX | WH).intersection(words) or words[0] in ("he", "she", "they", "it", "then"):
        return None
    return _about(named(about, turns, subject), turns[-1].question.strip().rstrip("?!. "), subject or turns[-1].title or "")


def _of_topic(whole: str, turns: Sequence[Turn], subject: str | None) -> str | None:
    """ "And Oslo, what's it like?" with the topic in the place of the first pronoun; None where it is not of that form."""
    found = _TOPICAL.match(whole)
    pointer = _POINTER.search(found["ask"]) if found and _is_topic(found["topic"], bool(found["lead"])) else None
    if found is None or pointer is None:
        return None
    ask, topic = found["ask"], named(found["topic"], turns, subject)
    text = f"{ask[: pointer.start()]}{shaped(ask, pointer, topic)}{ask[pointer.end() :]}?"
    return text[:1].upper() + text[1:]


def _is_topic(words: str, led: bool) -> bool:
    """Whether the words before the comma may be a subject: no clause; and, without an "and", more than a "hey" or "Listen"."""
    return not AUX.intersection(words.lower().split()) and (
        led or (" " in words and bool(words.startswith(("the ", "The ")) or names(words)))
    )


def _asked_alone(wh: str) -> str:
    """ "when" or "what year" as a question of its own: "When", "In what year"."""
    words = wh.lower().split()
    prep = "on " if words[-1] in ("date", "day") else "in " if len(words) == 2 and words[0] in ("what", "which") else ""
    return f"{prep}{' '.join(words)}".capitalize()


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
    if ask.lower() in ("who else", "what else", "which else") and re.match(r"(?:which|what) \w", parts.wh, re.IGNORECASE):
        which, nouns = parts.wh.split(" ", 1)
        return " ".join(filter(None, (which, "other", nouns, parts.aux, parts.rest))) + "?"
    ask, parts, words = _counting(ask, parts)
    aux, rest = parts.aux, parts.rest
    verb, _, tail = rest.partition(" ")
    known = "" if aux else base_form(verb)  # "Who replaced X?" has no subject once "who" is gone
    answer = clean_name(before.answer)
    if answer and words in (["what"], ["who"]) and aux.lower() in BE and ask.lower().startswith("how m"):
        return f"{ask} of {answer}?"  # "What is the oldest poem?" "How many lines?"
    plain = " ".join(filter(None, (ask, *(("did someone", known, tail) if known else (aux.lower(), rest))))) + "?"
    same = bool(words) and kind_asked(ask) == kind_asked(before.question) and ask.split()[0].lower() not in PREP
    if not answer or not words or same or "else" in ask.lower().split():
        return plain
    if words[:2] in (["how", "many"], ["how", "much"]) and not answer.lower().endswith((words[-1], "once", "twice")):
        answer = " ".join([answer, *parts.wh.split()[2:]])
    elif aux and _STRANDED.search(rest):  # "Who brought it in?" ends in no preposition
        return f"{plain[:-1]} {answer}?"
    elif words[0] in ("from", "to", "by", "with", "of", "for"):
        return f"{plain[:-1]} {words[0]} {answer}?"
    elif words[0] in PREP or words[0] in ("when", "where", "why", "how") or kind_asked(before.question) == "time":
        return plain
    return f"{ask} {_filled(parts, answer)}?"


def _counting(ask: str, parts: Parts) -> tuple[str, Parts, list[str]]:
    """ "How many" with the noun that it leaves out, the question without it, and its wh-phrase's words (none where it gave the noun)."""
    words = parts.wh.lower().split()
    if ask.lower() not in ("how many", "how much"):
        return ask, parts, words
    if most := _MOST.search(parts.rest):
        ask, parts = f"{ask} {most[1]}", Parts(parts.wh, parts.aux, f"{parts.rest[: most.start()]}{parts.rest[most.end() :]}".strip())
    if words[:1] in (["which"], ["what"]) and len(words) > 1:
        return f"{ask} {' '.join(parts.wh.split()[1:])}", parts, []
    return ask, parts, words


def _filled(parts: Parts, answer: str) -> str:
    """The words after the wh-phrase with the answer as their subject or object."""
    aux, rest = parts.aux, parts.rest
    if not aux:
        verb, _, tail = rest.partition(" ")
        base = base_form(verb)
        return " ".join(filter(None, ("did", answer, base, tail) if base else (answer, verb, tail)))
    first = rest.split(" ", 1)[0]
    is_name = first[:1].isupper() or first.lower() in ("he", "she", "it", "they")
    participle = first.lower() in DET and rest.endswith("ed")
    inner = is_name or participle if aux.lower() in BE else is_name or first.lower() in DET or aux.lower() in DO
    if not inner:
        return f"{aux} {answer} {rest}".strip()
    when = _TIME_TAIL.search(rest)
    cut = when.start() if when else len(rest)
    return f"{aux} {rest[:cut]} {answer}{rest[cut:]}"


def _about(topic: str, text: str, subject: str) -> str:
    """The question before with the name or the year that is most like `topic` replaced by it; else with `topic` at its end.

    Of names that are as like, not the one that the whole article is about.
    """
    prep = topic.split()[0].lower() if topic.split() and topic.split()[0].lower() in PREP else ""
    target: tuple[int, int] | None = None
    owner, other = re.match(r"(.+['\u2019]s) [a-z]+$", topic), re.fullmatch(rf"the ({_ORDINAL.pattern})(?: one)?", topic.lower())
    if other and (known := _ORDINAL.search(text)):
        return f"{text[: known.start()]}{other[1]}{text[known.end() :]}?"
    if owner and (owned := re.search(rf"{re.escape(owner[1])} [a-z]+\b", text)):
        return f"{text[: owned.start()]}{topic}{text[owned.end() :]}?"
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

        def likeness(span: tuple[int, int]) -> tuple[int, bool, bool, int]:
            following = text[span[1] :].split()
            foreign = text[slice(*span)].lower() not in subject.lower()
            shared = len(wanted.intersection(text[slice(*span)].lower().split()))
            return shared, foreign, not (text[: span[0]].endswith("the ") and bool(following) and following[0].isalpha()), -span[0]

        target = noun.span() if noun else max(names(text), key=likeness, default=None)
    if target is None:
        alone = re.match(r"(who|what) (is|was|are|were)\b", text, re.IGNORECASE) if topic.startswith("the ") and topic.islower() else None
        return f"{alone.group()} {topic}?" if alone else f"{text} {topic}?"
    start, end = target
    start -= 4 if topic.startswith("the ") and text[:start].endswith(" the ") else 0
    return f"{text[:start]}{topic}{text[end:]}?"
