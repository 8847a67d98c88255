""" "Who was X?", "What is X?" and "Tell me about X" -> what X is said to be, in the sentence that says so.

Trained readers are weak here: few questions of their data ask for nothing but a name, and the rest of the name is what they mark. The
sentence is known by its form, as in definitional question answering (Hildebrandt et al. 2004): the name is its subject, and behind
"is" or "was" stands "a", "an", "the" or "one of". Where none says so, "an agonist such as X" tells what X is (Hearst 1992). For English.
"""

import re

from qabot.wording import PARTICLE, ROLE, SMALL, folded

_ASKED = re.compile(
    r"^(?:(?:who|what)(?:\s+(?:is|was|are|were)|['\u2019]s)|(?:please\s+)?(?:tell\s+(?:me|us)\s+about|describe|define))\s+(?:an?\s+|the\s+)?(?P<name>[\w'\u2019.\"\u201c\u201d-]+(?:\s+[\w'\u2019.\"\u201c\u201d-]+){0,6})\s*\??$",
    re.IGNORECASE,
)
_SAID = re.compile(r"\s(?:is|was|are|were)\s+(?=(?:an?|the|one\s+of)\s)")
# A clause that only adds: behind a comma, or " who", since a person is told apart without it. "an enzyme that breaks down ..." goes on.
_FURTHER = re.compile(
    r" (?:who|whose|so that|because|while|although)\b|, (?:who|which|that|where|when|while|whose|(?:and|but) \w+)\b|[;:\u2013\u2014]| \("
)
_SUCH_AS = re.compile(r",? such as ")
_LISTED = re.compile(r"[\w\u2019' -]+(?:, [\w\u2019' -]+){0,6}")
_TOKEN = re.compile(r"[\w\u2019'-]+|[^\w\s]")
_BRACKETED = re.compile(r"\s*\([^()]*\)")
_WORD = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_NAMED = re.compile(r"(?:[^\W\d_a-z][\w.'\u2019-]*(?: (?=[^\W\d_a-z])|\b))+")
_NEXT = re.compile(r" ([^\W_]+)")
_NAMING = frozenset(("called", "named", "nicknamed", "name", "names"))  # "What is it called?" asks for the name
_MORE_NAMES = 3  # words that the subject may have and the question has not
_LONGEST = 200  # characters

Ends = tuple[int, int]


def asked_name(question: str) -> str | None:
    """The name that the question asks about, where it asks what or who that is and nothing else."""
    match = _ASKED.match(" ".join(question.split()))
    if match is None:
        return None
    name = match.group("name")
    words = name.split()
    named = all(word.lower() not in SMALL | _NAMING or word.lower() in PARTICLE for word in words)
    return name if named and not ROLE.search(name) else None


def definition(name: str, text: str, sentences: list[Ends]) -> tuple[Ends, Ends] | None:
    """The subject and what is said of it: where each stands in `text`; None where no sentence says what `name` is."""
    for start, end in sentences:
        said = _SAID.search(text, start, end)
        if said is not None and names_it(name, text[start : said.start()]):
            stop = _end(text, said.end(), end)
            if stop is not None:
                return (start, said.start()), (said.end(), stop)
    return None


def kind_of(name: str, text: str, sentences: list[Ends]) -> Ends | None:
    """Where it stands what `name` is an example of, "an agonist" in "an agonist such as X"; None where it is no example of anything."""
    for start, end in sentences:
        for example in _SUCH_AS.finditer(text, start, end):
            listed = _LISTED.match(text, example.end(), end)
            if listed and any(_words(item) - {"the"} == _words(name) for item in re.split(r",? (?:and|or) |, ", listed.group())):
                words = list(_TOKEN.finditer(text, max(start, example.start() - _LONGEST // 3), example.start()))
                begin = _opening([word.group().lower() for word in words])
                return (words[begin].start(), example.start()) if words else None
    return None


def _opening(words: list[str]) -> int:
    """Which word the phrase at the end begins with: its article, where no preposition or comma comes first; else its last word."""
    for place in range(len(words) - 1, -1, -1):
        if words[place] in ("a", "an", "the"):
            return place
        if words[place] in SMALL or not words[place][0].isalnum():
            break
    return len(words) - 1


def names_it(name: str, subject: str) -> bool:
    """Whether the subject of a sentence is `name`, in full or with a few more names, and nothing else."""
    plain = _BRACKETED.sub("", subject)
    wanted, found = _words(name), _words(plain)
    return bool(wanted) and wanted <= found and len(found - wanted - {"the"}) <= _MORE_NAMES and "," not in plain


def part_of_it(asked: str, name: str, text: str, start: int, end: int) -> bool:
    """Whether text[start:end] stops within the name ("led by Hugo", in front of "Banzer"), goes on from it ("Banzer fled"), or is in the
    bracket behind it ("El Cóndor"); what is in brackets behind an abbreviation tells what it stands for.
    """
    named = _NAMED.match(text, start, end)
    if named and is_who(asked) and _words(name) <= _words(named.group()) and text[named.end() : named.end() + 1] != ",":
        return True
    behind, last = _NEXT.match(text, end), _LETTERS.findall(text[start:end])
    if behind and last and last[-1][0].isupper() and behind.group(1)[0].isupper() and folded(behind.group(1)) in _words(name):
        return True
    bracket = text.rfind("(", 0, start + 1)
    closed = bracket < 0 or ")" in text[bracket:start]
    return not closed and not name.isupper() and folded(text[:bracket].rstrip()).endswith(folded(name))


def is_who(question: str) -> bool:
    """Whether a person is asked about, rather than a thing."""
    return question.lstrip().lower().startswith("who")


def is_name(text: str) -> bool:
    """Whether the text is a bare proper name: every word has a capital or is a particle, as in "Ludwig van Beethoven"."""
    words = _LETTERS.findall(text)
    return bool(words) and all(word[0].isupper() or word.lower() in PARTICLE for word in words)


def _end(text: str, start: int, end: int) -> int | None:
    """Where the first clause ends; None where it is too long to be an answer."""
    further = _FURTHER.search(text, start + 2, end)
    stop = further.start() if further else end
    if stop > start + _LONGEST:
        stop = text.find(", ", start + 2, start + _LONGEST)
    while stop > start and text[stop - 1] in " .,!?\n":
        stop -= 1
    return stop if start < stop <= start + _LONGEST else None


def _words(text: str) -> set[str]:
    return set(_WORD.findall(folded(text.replace("\u2019s", "").replace("'s", ""))))
