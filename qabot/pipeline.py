"""The question's line: resolve, retrieve, read, judge, reply."""

import time
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qabot.confidence import Calibration, judge, pooled
from qabot.conflict import conflicting
from qabot.conversation import recalled, resolve
from qabot.errors import QuestionError
from qabot.pronouns import of_a_person
from qabot.records import Answer, Hit, Reply, Timing, Turn
from qabot.spans import same_place
from qabot.stages import Reader, Retriever

MAX_QUESTION = 1_000  # characters; what is beyond is not read, and the reply says so
_ALTERNATIVES = 3
_UNLIKELY = 0.1  # the probability below which a place is taken not to be of the name that it was read with


@dataclass(frozen=True, slots=True)
class _Found:
    """What reading `question` brought; `retrieve` in milliseconds."""

    question: str
    hits: Sequence[Hit]
    answers: list[Answer]
    retrieve: float

    def agrees(self, other: "_Found") -> bool:
        """Whether both readings mark the same place."""
        return bool(self.answers and other.answers) and same_place(self.answers[0].span, other.answers[0].span)

    def beside(self, other: "_Found") -> "_Found":
        """The surer of two readings, as sure as both together."""
        mine, theirs = (found.answers[0].confidence if found.answers else 0.0 for found in (self, other))
        surer, doubt = (self, theirs) if mine >= theirs else (other, mine)
        return replace(surer, answers=pooled(surer.answers, doubt), retrieve=self.retrieve + other.retrieve)


class Pipeline:
    """Ready parts for answering. `subject` is the title of the only article, what "he" means when nothing was said yet."""

    def __init__(
        self, retriever: Retriever, reader: Reader, calibration: Calibration, subject: str | None = None, passages: int = 5
    ) -> None:
        self._retriever, self._reader, self._calibration = retriever, reader, calibration
        self._subject, self._passages = subject, passages

    def ask(self, question: str, turns: Sequence[Turn] = (), source: str | None = None) -> Reply:
        """Answer or abstain. `turns` is the conversation so far, oldest first; `source` the title of the one article to read.

        Raises QuestionError when nothing is asked.
        """
        began = time.perf_counter()
        asked, note = clean(question)
        standalone = resolve(asked, turns, source or self._subject)
        found = self._follow_up(asked, standalone, turns, source) if turns else self._answered(standalone, source)
        answers = found.answers
        best = answers[0] if self._says(found) else None
        contrary = conflicting(standalone, answers) if best else None
        total = (time.perf_counter() - began) * 1000
        return Reply(
            question=asked,
            read_as=found.question if found.question != asked else None,
            answer=best,
            confidence=answers[0].confidence if answers else 0.0,
            alternatives=tuple(answers[1 : 1 + _ALTERNATIVES] if best else answers[:_ALTERNATIVES]),
            hits=_answer_first(found.hits, best, contrary),
            conflict=contrary,
            timing=Timing(found.retrieve, total - found.retrieve, total),
            note=note,
        )

    def _follow_up(self, asked: str, standalone: str, turns: Sequence[Turn], source: str | None) -> "_Found":
        """What a question behind others finds, which may go on from them.

        Most follow-ups are answered where the turns before them were. One whose pronouns were replaced is read there, so and as it was
        asked: the name put in may be the wrong one, and the passages say what was spoken of. One that seems to stand alone is read there
        where it finds no answer of its own. Of two readings the surer counts, as sure as both together. Where both mark the same place, and
        the one with the name asks of a person or holds it unlikely, that one does: after "Banzer", "When was he born?" is not
        answered with another's birth because it fits "he".
        """
        near = recalled(asked, turns)
        if standalone != asked:
            named = self._answered(standalone, source, near)
            typed = replace(named, question=asked, answers=self._judged(asked, named.hits), retrieve=0.0)
            owned = named.agrees(typed) and (of_a_person(asked) or named.answers[0].confidence < _UNLIKELY)
            return named if owned else named.beside(typed)
        alone = self._answered(asked, source)
        if self._says(alone):
            return alone
        both = alone.beside(self._answered(asked, source, near))
        return both if self._says(both) else alone

    def _answered(self, question: str, source: str | None, near: str | None = None) -> "_Found":
        """The question read in the passages that fit it best, or that fit the words `near`."""
        began = time.perf_counter()
        hits = self._retriever.retrieve(near or question, self._passages, source)
        retrieved = (time.perf_counter() - began) * 1000
        return _Found(question, hits, self._judged(question, hits), retrieved)

    def _judged(self, question: str, hits: Sequence[Hit]) -> list[Answer]:
        return judge(question, self._reader.read(question, hits), self._calibration)

    def _says(self, found: "_Found") -> bool:
        return bool(found.answers) and found.answers[0].confidence >= self._calibration.threshold

    @property
    def sure(self) -> float:
        """From this confidence on an answer is given without "probably"."""
        return self._calibration.sure


def turn(reply: Reply) -> Turn:
    """What the conversation remembers of a reply."""
    title = reply.hits[0].passage.title if reply.hits else None
    return Turn(reply.read_as or reply.question, reply.answer.span.text if reply.answer else None, title)


def clean(question: str) -> tuple[str, str | None]:
    """The question without what cannot be read (control, invisible and direction characters, lone surrogates), and a note.

    The note says where it was cut. Raises QuestionError when nothing is left.
    """
    cut = question[:MAX_QUESTION] if len(question) > MAX_QUESTION else question
    kept = "".join(letter if unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn") else " " for letter in _joined(cut))
    text = " ".join(kept.split())
    if not any(letter.isalnum() for letter in text):
        raise QuestionError('the question is empty: ask something in words, as in: qabot ask "Who was Juan José Torres?"')
    note = f"the question has {len(question):,} characters; only the first {MAX_QUESTION:,} were read" if cut != question else None
    return text, note


def _joined(text: str) -> str:
    """Without the characters that have no width and so would tear a word apart if they became spaces."""
    return "".join(letter for letter in text if letter not in "\u200b\u200c\u200d\u2060\ufeff\u00ad")


def _answer_first(hits: Sequence[Hit], *answers: Answer | None) -> tuple[Hit, ...]:
    """The answers' passages in front, in this order."""
    order = {answer.span.hit.passage.id: answer.span.hit for answer in answers if answer is not None}
    return (*order.values(), *(hit for hit in hits if hit.passage.id not in order))
