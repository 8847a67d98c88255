"""The question's line: resolve, retrieve, read, judge, reply."""

import time
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qabot.confidence import Calibration, judge
from qabot.conflict import conflicting
from qabot.conversation import in_context, resolve
from qabot.errors import QuestionError
from qabot.records import Answer, Hit, Reply, Timing, Turn
from qabot.stages import Reader, Retriever

MAX_QUESTION = 1_000  # characters; what is beyond is not read, and the reply says so
_ALTERNATIVES = 3


@dataclass(frozen=True, slots=True)
class _Found:
    """What one reading of a question brought; `retrieve` in milliseconds."""

    hits: Sequence[Hit]
    answers: list[Answer]
    retrieve: float


class Pipeline:
    """Ready parts for answering. `subject` is the title of the only article, what "he" means when nothing was said yet."""

    def __init__(
        self, retriever: Retriever, reader: Reader, calibration: Calibration, subject: str | None = None, passages: int = 5
    ) -> None:
        self._retriever, self._reader, self._calibration = retriever, reader, calibration
        self._subject, self._passages = subject, passages

    def ask(self, question: str, turns: Sequence[Turn] = (), source: str | None = None) -> Reply:
        """Answer or abstain. `turns` is the conversation so far, oldest first; `source` the title of the one article to read.

        Where the question alone has no answer, it is asked again with what was spoken of last.
        Raises QuestionError when nothing is asked.
        """
        began = time.perf_counter()
        asked, note = clean(question)
        standalone = resolve(asked, turns, source or self._subject)
        found = self._answered(standalone, source)
        meant = in_context(asked, turns) if standalone == asked and not self._says(found) else None
        if meant is not None and self._says(other := self._answered(meant, source)):
            standalone, found = meant, replace(other, retrieve=found.retrieve + other.retrieve)
        answers = found.answers
        best = answers[0] if self._says(found) else None
        contrary = conflicting(standalone, answers) if best else None
        total = (time.perf_counter() - began) * 1000
        return Reply(
            question=asked,
            read_as=standalone if standalone != asked else None,
            answer=best,
            confidence=answers[0].confidence if answers else 0.0,
            alternatives=tuple(answers[1 : 1 + _ALTERNATIVES] if best else answers[:_ALTERNATIVES]),
            hits=_answer_first(found.hits, best, contrary),
            conflict=contrary,
            timing=Timing(found.retrieve, total - found.retrieve, total),
            note=note,
        )

    def _answered(self, question: str, source: str | None) -> "_Found":
        began = time.perf_counter()
        hits = self._retriever.retrieve(question, self._passages, source)
        retrieved = (time.perf_counter() - began) * 1000
        return _Found(hits, judge(question, self._reader.read(question, hits), self._calibration), retrieved)

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
