"""What answers: the pipeline over the live index, loaded beside the event loop and exchanged when `qabot build` publishes a new one.

The methods that load or answer take seconds of CPU: they are for worker threads. An engine that is being exchanged goes on answering.
"""

import logging
from collections.abc import Callable, Sequence
from threading import Lock

from qabot.discord_bot.rendering import Answered
from qabot.errors import QabotError
from qabot.manifest import Manifest
from qabot.records import Passage, Turn
from qabot.wiring import Bot

log = logging.getLogger(__name__)


class Engine:
    """`open_bot` makes a ready bot from the live index; it is called again for each new generation, which `live` names."""

    def __init__(self, open_bot: Callable[[], Bot], live: Callable[[], str]) -> None:
        self._open_bot, self._live, self._lock = open_bot, live, Lock()
        self._bot: Bot | None = None
        self._refused: str | None = None  # a generation that could not be loaded: not tried again

    @property
    def ready(self) -> bool:
        """Whether there is something that answers."""
        return self._bot is not None

    @property
    def manifest(self) -> Manifest | None:
        """What the live index says of itself."""
        return self._bot.index.manifest if self._bot else None

    @property
    def titles(self) -> list[str]:
        """The articles' titles, in the index's order, each once."""
        return list(dict.fromkeys(entry["title"] for entry in self.manifest.articles)) if self.manifest else []

    def load(self) -> None:
        """Load the live index. Raises what `open_bot` raises; what was loaded before stays then."""
        with self._lock:
            self._bot = self._open_bot()

    def refresh(self) -> bool:
        """Load the index on disk where it is another than the loaded one; whether that was so and went well."""
        try:
            generation = self._live()
            if self.manifest is None or generation in (self.manifest.generation, self._refused):
                return False
            self.load()
        except QabotError as error:
            log.warning("the new index is not used, the old one goes on answering: %s", error)
            self._refused = self._generation_on_disk()
            return False
        log.info("index %s is live", generation)
        return True

    def answer(self, answer_id: str, question: str, turns: Sequence[Turn], source: str | None) -> Answered:
        """Answer or abstain. Raises QuestionError when nothing is asked."""
        bot = self._bot
        if bot is None:
            raise RuntimeError("the engine was asked before it was loaded")
        reply = bot.pipeline.ask(question, turns, source) if source else bot.pipeline.ask(question, turns)
        manifest = bot.index.manifest
        return Answered(answer_id, reply, bot.pipeline.sure, manifest.generation, manifest.counts["articles"])

    def passage(self, generation: str, id: int) -> Passage | None:
        """A passage of the live index; None where that is another generation by now."""
        bot = self._bot
        if bot is None or bot.index.manifest.generation != generation or not 0 <= id < len(bot.index.passages):
            return None
        return bot.index.passages[id]

    def _generation_on_disk(self) -> str | None:
        try:
            return self._live()
        except QabotError:
            return None
