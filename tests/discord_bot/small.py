"""A bot that answers by rules that can be computed by hand, for tests of behaviour; and how to run it in a simulated Discord.

SimCord is used here alone, so that another simulator would change this file only.
"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import simcord

from qabot import store
from qabot.confidence import FEATURES, Calibration
from qabot.discord_bot.client import QABot
from qabot.discord_bot.run import answering_of
from qabot.faiss_index import FaissIndex
from qabot.keyword_index import Bm25Index
from qabot.pipeline import Pipeline
from qabot.records import Article, Passage
from qabot.retriever import HybridRetriever
from qabot.settings import Settings
from qabot.wiring import Bot
from tests.conftest import LetterEncoder, WordReader, article

TITLE = "Torres"
TEXTS = (
    "Banzer overthrew Torres in a coup. He ruled for seven years.",
    "Miners and teachers met in La Paz. They sang.",
    "Torres lived in Buenos Aires. He died there.",
)
URL = "https://example.org/torres"


class MarginReader(WordReader):
    """The word reader, silent where the question has the word "unknown"."""

    def read(self, question: str, hits: Any) -> Any:
        """As WordReader: each hit's first new word; none to an unknown thing."""
        return [] if "unknown" in question.lower() else super().read(question, hits)


def write_index(folder: Path, texts: tuple[str, ...] = TEXTS, title: str = TITLE) -> store.Manifest:
    """An index of one article whose passages are `texts`."""
    path = folder.parent / f"{title}.md"
    path.write_text("\n\n".join(texts), encoding="utf-8")
    shelf: list[Article] = [article("\n\n".join(texts), path=str(path), title=title)]
    passages = [Passage(i, str(path), title, ("Life",), text, 0, len(text), URL) for i, text in enumerate(texts)]
    encoder = LetterEncoder()
    vectors, words = FaissIndex.from_vectors(encoder.encode(texts)), Bm25Index.from_texts(list(texts))
    return store.publish(folder, shelf, passages, vectors, words, encoder.name, encoder.weights_sha256, {"max_words": 100})


def open_small(settings: Settings) -> Bot:
    """The bot over the settings' index: probability sigmoid(5 - place), sure from 0.9."""
    return small_bot(store.load(settings.index))


def small_bot(index: store.Index) -> Bot:
    """The same over an index that is loaded."""
    retriever = HybridRetriever(LetterEncoder(), index.vectors, index.words, index.passages)
    calibration = Calibration((1.0,) + (0.0,) * (len(FEATURES) - 1), 0.0, 0.5, 0.9)
    subject = index.manifest.articles[0]["title"]
    return Bot(Pipeline(retriever, MarginReader(), calibration, subject), index)


def settings_in(folder: Path, **changes: Any) -> Settings:
    """Settings of a bot whose index and state lie in `folder`; no cooldown."""
    if not (folder / "index").exists():
        write_index(folder / "index")
    values = {"index": folder / "index", "data": folder, "state": folder / "state.sqlite3", "cooldown_seconds": 0, **changes}
    return Settings.model_construct(**{**Settings().model_dump(), **values})


def make_bot(settings: Settings, opened: Callable[[Settings], Bot] = open_small) -> QABot:
    """A bot that is not connected."""
    return QABot(answering_of(settings, opened), settings, shard_count=1)


def simulated(
    settings: Settings, play: Callable[[Any, QABot], Awaitable[None]], opened: Callable[[Settings], Bot] = open_small, **options: Any
) -> None:
    """Run `play(env, bot)` with the bot in a simulated Discord."""

    async def run() -> None:
        bot = make_bot(settings, opened)
        async with simcord.run(bot, **options) as env:
            await env.settle()
            await play(env, bot)

    asyncio.run(run())


def texts_of(components: list[dict[str, Any]]) -> list[str]:
    """All texts of a Components V2 message, in order."""
    found: list[str] = []
    for component in components:
        found += [component["content"]] if "content" in component else []
        found += texts_of(component.get("components", []))
    return found


def buttons_of(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All buttons of a message, in order."""
    found: list[dict[str, Any]] = []
    for component in components:
        found += [component] if component.get("type") == 2 else []
        found += buttons_of(component.get("components", []))
    return found
