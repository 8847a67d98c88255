"""The line in front of the engine: bounded, coalescing, and answering in threads."""

import asyncio
import threading

import pytest

from qabot.discord_bot.queue import AnswerQueue, QueueFullError


def test_the_same_question_is_answered_once() -> None:
    """Three at the same time share one piece of work; a later one is work of its own."""

    async def run() -> None:
        queue: AnswerQueue[int] = AnswerQueue(2, 10)
        gate, calls = threading.Event(), list[int]()

        def work() -> int:
            gate.wait(10)
            calls.append(1)
            return len(calls)

        tasks = [asyncio.create_task(queue.ask("same", work)) for _ in range(3)]
        await asyncio.sleep(0)
        assert queue.ahead == 1
        gate.set()
        assert await asyncio.gather(*tasks) == [1, 1, 1]
        assert await queue.ask("same", work) == 2
        assert queue.ahead == 0
        queue.close()

    asyncio.run(run())


def test_it_is_bounded() -> None:
    """With room for two the third is refused with the number ahead, and let in when one is done; the event loop is never held."""

    async def run() -> None:
        queue: AnswerQueue[str] = AnswerQueue(1, 2)
        gate = threading.Event()

        def work() -> str:
            gate.wait(10)
            return threading.current_thread().name

        tasks = [asyncio.create_task(queue.ask(number, work)) for number in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(QueueFullError) as full:
            await queue.ask("third", work)
        assert full.value.ahead == 2
        gate.set()
        assert {name.split("_")[0] for name in await asyncio.gather(*tasks)} == {"answer"}
        assert not queue.full
        queue.close()

    asyncio.run(run())


def test_one_who_gives_up_does_not_take_it_from_the_others() -> None:
    """A cancelled asker leaves the work going; an error reaches every asker and is not kept."""

    async def run() -> None:
        queue: AnswerQueue[int] = AnswerQueue(1, 2)
        gate = threading.Event()

        def work() -> int:
            gate.wait(10)
            return 7

        def broken() -> int:
            raise OSError("disk")

        first, second = asyncio.create_task(queue.ask(1, work)), asyncio.create_task(queue.ask(1, work))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.sleep(0)
        gate.set()
        assert await second == 7
        with pytest.raises(OSError, match="disk"):
            await queue.ask(2, broken)
        assert await queue.ask(2, lambda: 8) == 8
        queue.close()

    asyncio.run(run())
