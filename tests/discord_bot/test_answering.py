"""A question's way without Discord: one piece of work for the same question, an answer of their own for each who asked it."""

import asyncio
import threading
from pathlib import Path

import pytest

from qabot.discord_bot.answering import Answering, Asked
from qabot.discord_bot.run import answering_of
from qabot.discord_bot.state import Place
from qabot.discord_bot.strings import ENGLISH
from qabot.settings import Settings
from qabot.wiring import Bot
from tests.discord_bot.small import open_small, settings_in

QUESTION = "Who overthrew Torres?"


class Gate:
    """Counts what reaches the engine, and lets it through when told."""

    def __init__(self) -> None:
        self.opened, self.calls = threading.Event(), 0

    def bot(self, settings: Settings) -> Bot:
        """The small bot behind the gate."""
        bot = open_small(settings)
        ask = bot.pipeline.ask

        def gated(*arguments: object) -> object:
            self.calls += 1
            assert self.opened.wait(20)
            return ask(*arguments)  # type: ignore[arg-type]

        setattr(bot.pipeline, "ask", gated)  # noqa: B010
        return bot


def asked(question: str = QUESTION, user: int = 1, guild: int | None = 100) -> Asked:
    """From channel 10."""
    return Asked(question, Place(10, user, guild), frozenset({10}), ENGLISH)


async def one(answering: Answering, question: Asked) -> str:
    """The refusal, or the answer's id."""
    refused = answering.refusal(question)
    if refused is not None:
        return refused
    async with answering.underway(question):
        return (await answering.answer(question)).answer_id


def test_the_same_question_takes_one_place(tmp_path: Path) -> None:
    """Four users ask the same, with room for two: all are let in, the engine is asked once, each has an answer that is kept as theirs;
    a third question is refused with the number ahead."""

    async def run() -> None:
        gate = Gate()
        answering = answering_of(settings_in(tmp_path, queue=2), gate.bot)
        answering.engine.load()
        tasks = [asyncio.create_task(one(answering, asked(user=user))) for user in (1, 2, 3, 4)]
        tasks.append(asyncio.create_task(one(answering, asked("Who sang?", 5, 200))))
        tasks.append(asyncio.create_task(one(answering, asked("Where did they meet?", 6, 200))))
        await asyncio.sleep(0.2)
        assert tasks[-1].result() == "I am busy, 2 ahead of you. Please try again in a moment."
        gate.opened.set()
        *ids, other, _ = await asyncio.gather(*tasks)
        assert gate.calls == 2
        assert len({*ids, other}) == 5
        assert [answering.state.asker(answer_id) for answer_id in ids] == [1, 2, 3, 4]
        assert await one(answering, asked("Where did they meet?", 6, 200)) != ""
        answering.queue.close()

    asyncio.run(run())


def test_a_server_has_its_share(tmp_path: Path) -> None:
    """Questions that arrive in one turn of the event loop do not slip past the limit."""

    async def run() -> None:
        gate = Gate()
        answering = answering_of(settings_in(tmp_path, server_questions=2), gate.bot)
        answering.engine.load()
        tasks = [asyncio.create_task(one(answering, asked(f"{QUESTION} {user}", user))) for user in range(4)]
        await asyncio.sleep(0.1)
        assert [task.done() for task in tasks] == [False, False, True, True]
        gate.opened.set()
        await asyncio.gather(*tasks)
        answering.queue.close()

    asyncio.run(run())


def test_a_stop_waits(tmp_path: Path) -> None:
    """For what is under way and not longer than it may; what comes after is refused."""

    async def run() -> None:
        gate = Gate()
        answering = answering_of(settings_in(tmp_path), gate.bot)
        answering.engine.load()
        task = asyncio.create_task(one(answering, asked()))
        await asyncio.sleep(0.1)
        assert not await answering.drain(0.1)
        assert answering.refusal(asked(user=2)) == ENGLISH.stopping
        gate.opened.set()
        assert await answering.drain(10)
        assert task.done()
        answering.queue.close()

    asyncio.run(run())


def test_it_cannot_be_asked_before_it_is_loaded(tmp_path: Path) -> None:
    """Admission refuses; the engine itself says that this is a bug."""

    async def run() -> None:
        answering = answering_of(settings_in(tmp_path), open_small)
        assert answering.refusal(asked()) == ENGLISH.not_ready
        with pytest.raises(RuntimeError, match="before it was loaded"):
            answering.engine.answer("0", QUESTION, (), None)
        answering.queue.close()

    asyncio.run(run())
