"""A bounded line of questions in front of the engine, worked off by threads; the same question at the same time is answered once."""

import asyncio
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

Result = TypeVar("Result")


class QueueFullError(Exception):
    """There is no room. `ahead` is how many questions are waiting or being answered."""

    def __init__(self, ahead: int) -> None:
        super().__init__(f"the queue is full: {ahead} ahead")
        self.ahead = ahead


class AnswerQueue(Generic[Result]):
    """`workers` threads, and room for `limit` questions in all. For one event loop."""

    def __init__(self, workers: int, limit: int) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="answer")
        self._limit = max(limit, workers)
        self._running: dict[Hashable, asyncio.Task[Result]] = {}

    @property
    def ahead(self) -> int:
        """Questions that wait or are being answered, the same one counted once."""
        return len(self._running)

    @property
    def full(self) -> bool:
        """Whether a new question would be refused."""
        return self.ahead >= self._limit

    async def ask(self, key: Hashable, work: Callable[[], Result]) -> Result:
        """The result of `work`, run in a thread, or of the work of the same key that is under way. Raises QueueFullError."""
        task = self._running.get(key)
        if task is None:
            if self.full:
                raise QueueFullError(self.ahead)
            task = asyncio.ensure_future(self._run(work))
            self._running[key] = task
            task.add_done_callback(lambda done: self._finished(key, done))
        return await asyncio.shield(task)  # one asker who gives up does not take the answer from the others

    async def drain(self) -> None:
        """Wait until everything is answered."""
        while self._running:
            await asyncio.wait(list(self._running.values()))

    def close(self) -> None:
        """Let the threads go; what has not begun is dropped."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    def _finished(self, key: Hashable, task: asyncio.Task[Result]) -> None:
        del self._running[key]
        if not task.cancelled():
            task.exception()  # fetched: an asker who is gone is no unhandled error
