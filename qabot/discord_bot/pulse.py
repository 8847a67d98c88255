"""Whether the bot lives: the event loop's lateness, when Discord was last heard, whether there is an index, whether shards are open."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

_BEAT = 0.5  # seconds between looks at the event loop
_MAX_LAG = 5.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """`live`: nothing but a restart would help where it is False. `ready`: questions are answered. `faults` says what is wrong."""

    live: bool
    ready: bool
    faults: tuple[str, ...]


class Pulse:
    """Measured on the event loop itself; `silence` is the seconds without a frame after which the bot counts as deaf."""

    def __init__(
        self, silence: float, index_ready: Callable[[], bool], connected: Callable[[], bool], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._silence, self._index_ready, self._connected, self._clock = silence, index_ready, connected, clock
        self._heard = self._beaten = clock()
        self._lag = 0.0

    def heard(self) -> None:
        """Something came from Discord."""
        self._heard = self._clock()

    @property
    def silence(self) -> float:
        """Seconds since Discord was last heard."""
        return self._clock() - self._heard

    @property
    def lag(self) -> float:
        """Seconds by which the event loop is late."""
        return max(self._lag, self._clock() - self._beaten - _BEAT)

    async def beat(self) -> None:
        """Measure the event loop's lateness until cancelled."""
        while True:
            self._beaten = self._clock()
            await asyncio.sleep(_BEAT)
            self._lag = max(0.0, self._clock() - self._beaten - _BEAT)

    def verdict(self) -> Verdict:
        """How the bot is now."""
        deaf, late = self.silence > self._silence, self.lag > _MAX_LAG
        faults = [f"no word from Discord for {self.silence:.0f} s"] if deaf else []
        faults += [f"the event loop is {self.lag:.1f} s late"] if late else []
        alive = not faults
        faults += [] if self._connected() else ["not connected to Discord"]
        faults += [] if self._index_ready() else ["the index is not loaded"]
        return Verdict(alive, not faults, tuple(faults))
