"""A question from anywhere in Discord -> an answer that is kept: conversation, queue, engine, state. Without Discord's types."""

import asyncio
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from qabot.discord_bot.admission import Admission
from qabot.discord_bot.engine import Engine
from qabot.discord_bot.metrics import Metrics
from qabot.discord_bot.preferences import PreferenceBook
from qabot.discord_bot.queue import AnswerQueue, QueueFullError
from qabot.discord_bot.rendering import Answered
from qabot.discord_bot.state import Place, State
from qabot.discord_bot.strings import Strings
from qabot.pipeline import clean


@dataclass(frozen=True, slots=True)
class Asked:
    """A question. `channels` are the ids that its channel goes by, `source` an article's title, `after` the answer it follows up."""

    question: str
    place: Place
    channels: frozenset[int]
    strings: Strings
    source: str | None = None
    after: str | None = None


class Answering:
    """Ready parts, shared by every way of asking."""

    def __init__(
        self,
        engine: Engine,
        queue: AnswerQueue[Answered],
        state: State,
        admission: Admission,
        preferences: PreferenceBook,
        metrics: Metrics,
    ) -> None:
        self.engine, self.queue, self.state, self.admission = engine, queue, state, admission
        self.preferences, self.metrics = preferences, metrics
        self._underway: Counter[Hashable] = Counter()
        self._idle = asyncio.Event()
        self._idle.set()

    def refusal(self, asked: Asked) -> str | None:
        """Why the question may not be asked now; None where it may, which counts for the cooldown."""
        preferences = self.preferences.of(asked.place.guild_id)
        ahead = 0 if _same(asked) in self._underway else len(self._underway)
        refused = self.admission.refusal(asked.question, asked.place, asked.channels, preferences, asked.strings, ahead)
        if refused is not None:
            self.metrics.questions.labels("refused").inc()
        return refused

    async def answer(self, asked: Asked) -> Answered:
        """Answer or abstain, and keep it. Raises QueueFullError where the last free place went to somebody else."""
        began = time.perf_counter()
        turns = await asyncio.to_thread(self.state.turns, asked.place, asked.after)
        question, _ = clean(asked.question)
        answer_id = secrets.token_hex(5)
        key = (question.casefold(), turns, asked.source, self.engine.manifest.generation if self.engine.manifest else "")
        try:
            shared = await self.queue.ask(key, lambda: self.engine.answer(answer_id, asked.question, turns, asked.source))
        except Exception as error:
            self.metrics.questions.labels("refused" if isinstance(error, QueueFullError) else "failed").inc()
            raise
        answered = replace(shared, answer_id=answer_id)  # who asked the same at the same time has an answer of their own
        await asyncio.to_thread(self.state.keep, answered, asked.place)
        self.metrics.questions.labels("answered" if answered.reply.answer else "abstained").inc()
        self.metrics.seconds.observe(time.perf_counter() - began)
        return answered

    async def shown(self, answered: Answered, message_id: int) -> None:
        """Remember the message that shows the answer."""
        await asyncio.to_thread(self.state.shown_as, answered.answer_id, message_id)

    @asynccontextmanager
    async def underway(self, asked: Asked) -> AsyncIterator[None]:
        """Around everything that a stop should wait for, the sending of the answer too.

        To be entered directly after `refusal`, without giving the event loop a turn, so that no two questions take one free place.
        """
        same = _same(asked)
        self._underway[same] += 1
        self._idle.clear()
        try:
            with self.admission.running(asked.place.guild_id):
                yield
        finally:
            self._underway[same] -= 1
            self._underway += Counter()  # drops what is at zero
            if not self._underway:
                self._idle.set()

    async def drain(self, seconds: float) -> bool:
        """Refuse what is new and wait for what is under way; whether all of it was done in time."""
        self.admission.stopping = True
        try:
            await asyncio.wait_for(self._idle.wait(), seconds)
        except TimeoutError:
            return False
        return True


def _same(asked: Asked) -> Hashable:
    """What the same question at the same time has in common: it takes one place in the queue."""
    return asked.question.casefold(), asked.source
