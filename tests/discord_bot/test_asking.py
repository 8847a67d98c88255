"""The ways to ask, in a simulated Discord, with an engine whose answers can be computed."""

from pathlib import Path
from typing import Any

from qabot.discord_bot.client import QABot
from tests.discord_bot.small import buttons_of, settings_in, simulated, texts_of


def test_ask(tmp_path: Path) -> None:
    """`/ask` answers in public: the answer first, the sentence with the answer in bold, title and section, a link, the buttons."""

    async def play(env: Any, bot: QABot) -> None:
        channel = env.create_guild().create_text_channel("general")
        ana = env.guild.add_member(env.create_user("ana"))
        result = await ana.slash(channel, "ask", question="Who overthrew Torres?")
        assert result.response is not None
        assert not result.ephemeral
        head, body, under = texts_of(result.response.components)
        assert head == "## Banzer"
        assert body == "> **Banzer** overthrew Torres in a coup.\n-# Sure · Torres › Life"
        assert under.startswith("-# Asked: Who overthrew Torres? · `")
        labels = [button["label"] for button in buttons_of(result.response.components)]
        assert labels == ["Source: Torres", "Passages (3)", "Follow up", "Right", "Wrong", "Why?", "Delete"]

    simulated(settings_in(tmp_path), play)
