"""`/about`, `/sources`, `/status`, `/help` and `/privacy`: for everyone, shown to the one who asks alone."""

import asyncio
import time
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from qabot.discord_bot.card import GREY, Card
from qabot.discord_bot.layout import layout
from qabot.discord_bot.neutral import fit, neutral
from qabot.discord_bot.strings import strings_of

if TYPE_CHECKING:
    from qabot.discord_bot.client import QABot

Interaction = discord.Interaction[Any]
_TITLES, _LISTED, _DAY = 3, 40, 86_400


async def tell(interaction: Interaction, text: str) -> None:
    """A card with one text, to the one who asks alone."""
    await interaction.response.send_message(view=layout(Card((text,), (), GREY)), ephemeral=True)


class Information(commands.Cog):
    """What the bot is, knows and keeps."""

    def __init__(self, bot: "QABot") -> None:
        self.bot, self.answering, self._began = bot, bot.answering, time.time()

    @app_commands.command(name="about", description=locale_str("What I am and how I answer"))
    async def about(self, interaction: Interaction) -> None:
        """What the bot is."""
        titles = self.answering.engine.titles
        shown = ", ".join(fit(title, 100) for title in titles[:_TITLES]) + (", …" if len(titles) > _TITLES else "")
        await tell(interaction, strings_of(interaction.locale.value).about.format(titles=shown or "…", version=version("qabot")))

    @app_commands.command(name="sources", description=locale_str("The articles that I answer from"))
    async def sources(self, interaction: Interaction) -> None:
        """The articles."""
        titles = self.answering.engine.titles
        lines = [f"- {fit(title, 80)}" for title in titles[:_LISTED]] + ([f"… {len(titles)}"] if len(titles) > _LISTED else [])
        await tell(interaction, strings_of(interaction.locale.value).sources.format(lines="\n".join(lines)))

    @app_commands.command(name="status", description=locale_str("How I am doing"))
    async def status(self, interaction: Interaction) -> None:
        """The live index, and the last day."""
        strings, manifest = strings_of(interaction.locale.value), self.answering.engine.manifest
        if manifest is None:
            await tell(interaction, strings.not_ready)
            return
        answered, abstained = await asyncio.to_thread(self.answering.state.counts, _DAY)
        text = strings.status.format(
            generation=neutral(manifest.generation), passages=manifest.counts["passages"], articles=manifest.counts["articles"],
            answered=answered, abstained=abstained, waiting=self.answering.queue.ahead, since=f"<t:{int(self._began)}:R>",
        )  # fmt: skip
        await tell(interaction, text)

    @app_commands.command(name="help", description=locale_str("How to ask"))
    async def help(self, interaction: Interaction) -> None:
        """How to ask."""
        minutes = f"{self.answering.state.conversation / 60:g}"
        await tell(interaction, strings_of(interaction.locale.value).help.format(minutes=minutes))

    @app_commands.command(name="privacy", description=locale_str("What is kept of you, and deleting it"))
    @app_commands.describe(delete=locale_str("Delete everything that is kept of you"))
    async def privacy(self, interaction: Interaction, delete: bool = False) -> None:
        """Show or delete what is kept of the user."""
        strings, state, user_id = strings_of(interaction.locale.value), self.answering.state, interaction.user.id
        kept = await asyncio.to_thread(state.erase if delete else state.kept, user_id)
        if not (kept.answers or kept.votes):
            await tell(interaction, strings.privacy_none)
        elif delete:
            await tell(interaction, strings.privacy_deleted.format(answers=kept.answers, votes=kept.votes))
        else:
            lines = "\n".join(f"- {fit(question, 200)}" for question in kept.newest)
            times = {"days": f"{state.retention / _DAY:g}", "minutes": f"{state.conversation / 60:g}"}
            await tell(interaction, strings.privacy.format(answers=kept.answers, votes=kept.votes, lines=lines, **times))
