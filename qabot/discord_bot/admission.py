"""Whether a question may be asked now, decided before anything is said in public: an error after a public "thinking" would be public."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from qabot.discord_bot.preferences import Preferences
from qabot.discord_bot.state import Place
from qabot.discord_bot.strings import Strings
from qabot.errors import QuestionError
from qabot.pipeline import MAX_QUESTION, clean

_SWEEP = 1_000  # users after which those that may ask again are forgotten


class Admission:
    """Length, channel, readiness, cooldown a user, concurrency a server, and the queue, in this order."""

    def __init__(
        self,
        ready: Callable[[], bool],
        cooldown: float,
        per_guild: int,
        limit: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ready, self._clock = ready, clock
        self._cooldown, self._per_guild, self._limit = cooldown, per_guild, limit
        self._asked: dict[int, float] = {}
        self._running: Counter[int] = Counter()
        self.stopping = False

    def refusal(
        self, question: str, place: Place, channels: frozenset[int], preferences: Preferences, strings: Strings, ahead: int = 0
    ) -> str | None:
        """Why not, in the user's language; None where the question may be asked, which then counts for the cooldown.

        `channels`: the ids that the channel goes by, its own and for a thread its parent's. `ahead`: other questions that are under way.
        """
        refused = (
            self._of_question(question, strings)
            or self._of_channel(channels, preferences, strings)
            or self._of_load(place, ahead, strings)
            or self._of_user(place.user_id, strings)
        )
        if refused is None:
            self._asked[place.user_id] = self._clock()
        return refused

    @contextmanager
    def running(self, guild_id: int | None) -> Iterator[None]:
        """Counts a question of a server while it is being answered."""
        if guild_id is None:
            yield
            return
        self._running[guild_id] += 1
        try:
            yield
        finally:
            self._running[guild_id] -= 1
            if not self._running[guild_id]:
                del self._running[guild_id]

    def _of_question(self, question: str, strings: Strings) -> str | None:
        if len(question) > MAX_QUESTION:
            return strings.long.format(length=f"{len(question):,}", limit=f"{MAX_QUESTION:,}")
        try:
            clean(question)
        except QuestionError:
            return strings.empty
        return None

    def _of_channel(self, channels: frozenset[int], preferences: Preferences, strings: Strings) -> str | None:
        if not preferences.channels or channels & preferences.channels:
            return None
        return strings.channel_closed.format(channels=" ".join(f"<#{channel}>" for channel in sorted(preferences.channels)[:5]))

    def _of_load(self, place: Place, ahead: int, strings: Strings) -> str | None:
        if self.stopping:
            return strings.stopping
        if not self._ready():
            return strings.not_ready
        if ahead >= self._limit:
            return strings.busy.format(ahead=ahead)
        count = self._running[place.guild_id] if place.guild_id is not None else 0
        return strings.busy_guild.format(count=count) if count >= self._per_guild else None

    def _of_user(self, user_id: int, strings: Strings) -> str | None:
        now = self._clock()
        if len(self._asked) > _SWEEP:
            self._asked = {user: at for user, at in self._asked.items() if now - at < self._cooldown}
        left = self._cooldown - (now - self._asked.get(user_id, float("-inf")))
        return strings.cooldown.format(seconds=max(1, round(left))) if left > 0 else None
