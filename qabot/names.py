"""The capitalised names of a sentence, by their shape: where they stand, and what common noun one stands before. For English."""

import re

from qabot.wording import AUX, BE, DET, DO, MONTH, PARTICLE, PAST, PREP, SMALL, take_apart

MAX_NAME = 80  # a longer answer is a sentence, not a name
_WORD = re.compile(r"[^\W_][\w.&'\u2019-]*")
MANY = re.compile(r"(?:[A-Za-z]*[^suai]s|people|men|women|children)$")
DEFINITE = re.compile(r"\b(?:[Tt]he|[Aa]n?) ((?:first |last |new |old )?)$")
_WITH_VERB = frozenset("up out off down away back over together".split())


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


def noun_after(text: str, start: int, end: int) -> str:
    """The common noun that the name at [start, end) stands before, "War" "museum"; "" where a verb or something else follows."""
    following = [re.sub(r"['\u2019]s$", "", word) for word in text[end:].rstrip("?!. ").split()[:2]] if text[end : end + 1] == " " else []
    if not following or not following[0].isalpha() or not following[0].islower() or following[0] in SMALL | {"as", "than", "who", "that"}:
        return ""
    word = following[0]
    before = [part for part in text[:start].lower().split() if part not in ("the", "a", "an", "first", "last", "new", "old")]
    alone = len(following) == 1 or following[1].lower() in PREP | DET | _WITH_VERB or not following[1].islower()
    aux = before[-1] if before and before[-1] in AUX else ""
    if not DEFINITE.search(text[:start]):  # a name alone: "Torres led", but "on American women", "did American women"
        return word if MANY.fullmatch(word) and (aux in DO or (before and before[-1] in PREP)) else ""
    if word in PAST or word.endswith("ed"):
        return ""
    if aux and (aux not in BE or take_apart(text).wh.lower() not in ("who", "what", "which")) and alone:
        return ""  # the question's own verb: "When did the Xbox Marketplace open?"
    return word
