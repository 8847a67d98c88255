"""A question that a paragraph answers -> one that it does not, or still does, by one point changed.

A reader that has seen each training question more than once knows by heart which are answered (AUROC .94 on them, .83 on others).
A question that it knows, with one name, number or word exchanged in the question or in the paragraph, has another answer than the one
that it remembers: none. The same exchange in both leaves the answer where it was, so that an odd word alone tells nothing. After
Longpre et al. 2021, "Entity-Based Knowledge Conflicts in Question Answering", who exchange the answer; here it is what is asked about.

Points are found by their shape (capitals, digits) and, for other words, by how rare they are; no tagger is needed. Of 33
questions that an exchange should leave without an answer, none was found to have one, and four made no sense.
"""

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from qabot.training.squad import Question

_NAME = re.compile(r"[A-Z][\w’'-]*[\w](?: (?:of |the |de |von )?[A-Z][\w’'-]*[\w])*")
_NUMBER = re.compile(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?(?![\w])")
_WORD = re.compile(r"(?<![\w’'-])[a-z]{4,}(?![\w’'-])")
_NOUN = re.compile(r"\b(?i:the|an?|of|by|in|on|for|from|with|and|its|their|what|which) ([a-z]{4,})(?![\w’'-])")
_ENDINGS = ("ing", "ed", "ly", "ies", "s", "al", "ous", "ive", "ic")
_RARE = 60  # paragraphs of 10,000 that have a word; rarer ones name something
_OPPOSITES = (
    "after before|first last|oldest youngest|largest smallest|more fewer|increase decrease|increased decreased|"
    "increasing decreasing|north south|northern southern|east west|eastern western|northernmost southernmost|male female|"
    "men women|boys girls|father mother|son daughter|brother sister|husband wife|king queen|best worst|most least|"
    "highest lowest|higher lower|high low|above below|early late|earlier later|earliest latest|begin end|began ended|"
    "start stop|started stopped|opened closed|founded dissolved|won lost|win lose|bought sold|buy sell|accept reject|"
    "accepted rejected|approved refused|allowed forbidden|supported opposed|support oppose|attacked defended|rose fell|"
    "gained lost|gain lose|inside outside|internal external|public private|domestic foreign|rural urban|rich poor|"
    "strong weak|hot cold|warmest coldest|wet dry|old new|ancient modern|upper lower|left right|positive negative|"
    "major minor|always never|often rarely|common rare|include exclude|included excluded|majority minority|"
    "professional amateur|military civilian|import export|imported exported|enemy ally|friend rival|teacher student|"
    "arrived departed|arrive leave|joined left|born buried|born died|birth death|married divorced|created destroyed|"
    "built demolished|appointed dismissed|elected defeated|hired fired|victory defeat|success failure|maximum minimum|"
    "longest shortest|longer shorter|long short|heavy light|fast slow|faster slower|full empty|legal illegal|"
    "formal informal|natural artificial|permanent temporary|primary secondary|single multiple|similar different|"
    "simple complex|summer winter|spring autumn|morning evening|day night|vowels consonants|plants animals|land sea|"
    "offense defense|home away|day month|month year|hours minutes|percent million|century decade"
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A point as the question says it, and what stands in its place."""

    point: str
    other: str

    def within(self, text: str) -> str:
        """`text` with the other in place of the point wherever it stands as whole words."""
        return self._pattern().sub(lambda _: self.other, text)

    def before(self, text: str, place: int) -> int:
        """How far the exchange moves what stands at `place`."""
        earlier = sum(match.end() <= place for match in self._pattern().finditer(text))
        return earlier * (len(self.other) - len(self.point))

    def stands_in(self, text: str) -> bool:
        """Whether the point stands in `text` as whole words."""
        return self._pattern().search(text) is not None

    def _pattern(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w){re.escape(self.point)}(?!\w)")


class Swapping:
    """Makes changed questions; knows how rare each word of `contexts` is, and which words are opposites."""

    def __init__(self, contexts: Iterable[str]) -> None:
        texts = list(contexts)
        self._spread = Counter(word for text in texts for word in set(_WORD.findall(text)))
        self._limit = max(1, round(_RARE * len(texts) / 10_000))
        pairs = [pair.split() for pair in _OPPOSITES.split("|")]
        self._opposites = {one: other for pair in pairs for one, other in (pair, pair[::-1])}

    def changed(self, question: Question, chance: random.Random) -> Question | None:
        """The question with one point exchanged, and no answer; or, one time in three, in question and paragraph, and its answer.

        None where it has no point that stands in its paragraph, or nothing to exchange it for.
        """
        exchange = self._exchange(question, chance)
        if exchange is None:
            return None
        name, way = f"{question.id}:{exchange.other}", chance.random()
        if way < 0.5:
            return replace(question, id=name, text=exchange.within(question.text), answers=())
        if exchange.stands_in(question.title.replace("_", " ")):
            return None  # the title, which may stand in front, would still say it
        context = exchange.within(question.context)
        if way < 0.67:
            return replace(question, id=name, context=context, answers=())
        moved = tuple((text, start + exchange.before(question.context, start)) for text, start in question.answers)
        return replace(question, id=name, text=exchange.within(question.text), context=context, answers=moved)

    def _exchange(self, question: Question, chance: random.Random) -> Exchange | None:
        answers = " ".join(text for text, _ in question.answers)
        found = [Exchange(*pair) for pair in self._pairs(question, chance)]
        usable = [
            pair for pair in found if pair.stands_in(question.context) and not (_words(pair.point) | _words(pair.other)) & _words(answers)
        ]
        return chance.choice(usable) if usable else None

    def _pairs(self, question: Question, chance: random.Random) -> Iterator[tuple[str, str]]:
        """One other for each point of the question: a name, a number, an opposite, a rare word."""
        asked, told = question.text[1:], question.context  # the first letter is a capital for another reason
        for kind in (_NAME, _NUMBER):
            others = list(dict.fromkeys(match[0] for match in kind.finditer(told) if not _begins(told, match.start())))
            for point in dict.fromkeys(kind.findall(asked)):
                apart = [other for other in others if not _words(other) & _words(question.text)]
                if apart:
                    yield point, chance.choice(apart)
        rare = [word for word in dict.fromkeys(_NOUN.findall(told)) if self._spread[word] <= self._limit]
        for point in dict.fromkeys(_WORD.findall(asked)):
            if point in self._opposites:
                yield point, self._opposites[point]
        for point in dict.fromkeys(_NOUN.findall(asked)):
            if point not in self._opposites and self._spread[point] <= self._limit:
                alike = [word for word in rare if _ending(word) == _ending(point) and word[:4] != point[:4] and word not in asked]
                if alike:
                    yield point, chance.choice(alike)


def _begins(text: str, place: int) -> bool:
    """Whether a sentence begins there, where a capital says nothing; a number there does no harm to leave out either."""
    before = text[:place].rstrip(" \"'“(")
    return not before or before[-1] in ".!?\n"


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def _ending(word: str) -> str:
    return next((ending for ending in _ENDINGS if word.endswith(ending)), "")
