"""The whole way with the shipped models and index, in a simulated Discord."""

import asyncio
from pathlib import Path

import simcord

from qabot.settings import Settings
from qabot.wiring import open_bot
from tests.conftest import ROOT
from tests.discord_bot.small import make_bot, texts_of
from tests.discord_bot.test_asking import room


def test_the_shipped_engine(tmp_path: Path) -> None:
    """A question and its follow-up about the article, and one that it does not answer."""
    values = {**Settings().model_dump(), "index": ROOT / "index", "state": tmp_path / "state", "cooldown_seconds": 0}

    async def run() -> None:
        bot = make_bot(Settings.model_construct(**values), open_bot)
        bot.answering.engine.load()
        async with simcord.run(bot, settle_timeout=60) as env:
            channel, ana = room(env)
            head, body, *_ = texts_of((await ana.slash(channel, "ask", question="Who overthrew Torres?")).response.components)
            assert "Hugo Banzer" in head
            assert body.startswith("> Torres was overthrown by ")
            assert "**" in body
            assert body.endswith(" · Juan José Torres › Exile and murder")
            *_, under = texts_of((await ana.slash(channel, "ask", question="When was he born?")).response.components)
            assert "read as: When was " in under
            silent = texts_of((await ana.slash(channel, "ask", question="What is the boiling point of tungsten?")).response.components)
            assert silent[0].startswith("**The article does not say.**")

    asyncio.run(run())
