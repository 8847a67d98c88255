"""The bot with an engine that takes its time: `python -m tests.discord_bot.slow_bot SECONDS`, with settings as for `bot.py`.

What is slow is only the stage that answers; everything around it is the bot itself.
"""

import sys
import time
from collections.abc import Sequence

from qabot.errors import QabotError
from qabot.records import Hit, Span
from qabot.settings import Settings, load_settings
from qabot.wiring import Bot
from tests.discord_bot.small import MarginReader, open_small


class SlowReader(MarginReader):
    """Holds its thread for `seconds`, half of them computing, so that the event loop has a rival for the interpreter."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        """As MarginReader, later."""
        began, busy = time.monotonic(), time.thread_time()
        while time.thread_time() - busy < min(0.5, self._seconds / 2) and time.monotonic() - began < self._seconds:
            pass
        time.sleep(max(0.0, self._seconds - (time.monotonic() - began)))
        return list(super().read(question, hits))


def main() -> int:
    """Run until stopped; a known error is one line."""
    from qabot.discord_bot.run import serve

    def opened(settings: Settings) -> Bot:
        bot = open_small(settings)
        bot.pipeline._reader = SlowReader(float(sys.argv[1]))
        return bot

    try:
        return serve(load_settings(), opened)
    except QabotError as error:
        print(f"qabot: {error}", file=sys.stderr)  # noqa: T201
        return 1


if __name__ == "__main__":
    sys.exit(main())
