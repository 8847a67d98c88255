"""How long to wait before the next IDENTIFY. Discord allows 1,000 a day and then resets the token: a loop of failures, also one of
restarts, must slow down, so the last ones are kept in the state."""

import time
from collections.abc import Callable

from qabot.discord_bot.state import State

_WINDOW = 1_800.0  # seconds in which IDENTIFYs count as one series
_FIRST, _LONGEST = 5.0, 300.0  # seconds
_FREE = 3  # restarts of an operator who tries something


class Identifies:
    """The recent IDENTIFYs of this bot, over restarts."""

    def __init__(self, state: State, clock: Callable[[], float] = time.time) -> None:
        self._state, self._clock = state, clock

    def wait(self, initial: bool) -> float:
        """Note one more and say how many seconds to wait before it; `initial`: the first of this process."""
        now = self._clock()
        self._state.rows("delete from identifies where at < ?", (now - _WINDOW,))
        recent: int = self._state.rows("select count(*) from identifies")[0][0]
        self._state.rows("insert into identifies values (?)", (now,))
        if initial:
            return 0.0 if recent < _FREE else min(_LONGEST, _FIRST * 2.0 ** (recent - _FREE))
        return min(_LONGEST, _FIRST * 2.0 ** max(0, recent - 1))
