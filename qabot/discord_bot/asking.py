"""Asking by a command: `/ask`, "Ask about this message", and the form under an answer."""

import re
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from qabot.discord_bot.answering import Answering, Asked
from qabot.discord_bot.layout import layout
from qabot.discord_bot.neutral import fit
from qabot.discord_bot.queue import QueueFullError
from qabot.discord_bot.rendering import answer_card
from qabot.discord_bot.state import Place
from qabot.discord_bot.strings import strings_of

if TYPE_CHECKING:
    from qabot.discord_bot.client import QABot

_CHOICES = 25  # Discord's limit of an autocomplete


async def respond(
    interaction: discord.Interaction[Any],
    answering: Answering,
    question: str,
    private: bool,
    source: str | None = None,
    after: str | None = None,
) -> None:
    """Answer a question that came as a command or a form. What is refused is refused before the public "thinking"."""
    strings = strings_of(interaction.locale.value)
    asked = Asked(question, _place(interaction), ids_of(interaction.channel, interaction.channel_id), strings, source, after)
    refused = answering.refusal(asked)
    if refused is not None:
        await interaction.response.send_message(refused, ephemeral=True)
        return
    async with answering.underway(asked):
        await interaction.response.defer(ephemeral=private, thinking=True)
        try:
            answered = await answering.answer(asked)
        except QueueFullError as full:
            await interaction.edit_original_response(content=strings.busy.format(ahead=full.ahead))
            return
        message = await interaction.edit_original_response(view=layout(answer_card(answered, strings)))
        if not private:
            await answering.shown(answered, message.id)


class Asking(commands.Cog):
    """The commands that ask."""

    def __init__(self, bot: "QABot") -> None:
        self.bot, self.answering = bot, bot.answering
        self._menu = app_commands.ContextMenu(name=locale_str("Ask about this message"), callback=self.ask_about)

    async def cog_load(self) -> None:
        """A context menu cannot be declared in a cog: it is added by hand."""
        self.bot.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        """The reverse."""
        self.bot.tree.remove_command(self._menu.name, type=self._menu.type)

    @app_commands.command(name="ask", description=locale_str("Ask a question; the answer comes in the source's own words"))
    @app_commands.describe(
        question=locale_str("What you want to know"),
        source=locale_str("Read only this article"),
        private=locale_str("Show the answer to you alone"),
    )
    async def ask(
        self, interaction: discord.Interaction[Any], question: str, source: str | None = None, private: bool | None = None
    ) -> None:
        """`/ask question [source] [private]`."""
        known = {title.casefold(): title for title in self.answering.engine.titles}
        if source is not None and source.casefold() not in known and known:
            text = strings_of(interaction.locale.value).unknown_source.format(title=fit(source, 200))
            await interaction.response.send_message(text, ephemeral=True)
            return
        hidden = self._is_private(interaction) if private is None else private
        await respond(interaction, self.answering, question, hidden, known.get(source.casefold()) if source else None)

    @ask.autocomplete("source")
    async def titles(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        """The articles whose title has what was typed, those that begin with it first."""
        wanted = typed.casefold()
        found = [title for title in self.answering.engine.titles if wanted in title.casefold() and len(title) <= 100]
        found.sort(key=lambda title: (not title.casefold().startswith(wanted), title.casefold()))
        return [app_commands.Choice(name=title, value=title) for title in found[:_CHOICES]]

    async def ask_about(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        """The message command: its text is the question."""
        await respond(interaction, self.answering, words_of(message, interaction.application_id), self._is_private(interaction))

    def _is_private(self, interaction: discord.Interaction[Any]) -> bool:
        """As the server chose; where only the user installed the bot, private, since nobody there invited it."""
        return _is_elsewhere(interaction) or self.answering.preferences.of(interaction.guild_id).private


def words_of(message: discord.Message, bot_id: int) -> str:
    """The text without the mention of the bot, other mentions as names."""
    without = re.sub(rf"<@!?{bot_id}>", " ", message.content)
    for user in message.mentions:
        without = re.sub(rf"<@!?{user.id}>", f"@{user.display_name}", without)
    return without.strip()


def _place(interaction: discord.Interaction[Any]) -> Place:
    guild_id = None if _is_elsewhere(interaction) else interaction.guild_id
    return Place(interaction.channel_id or 0, interaction.user.id, guild_id)


def _is_elsewhere(interaction: discord.Interaction[Any]) -> bool:
    """In a server that did not install the bot itself, but one of its members did."""
    return interaction.guild_id is not None and interaction.is_user_integration() and not interaction.is_guild_integration()


def ids_of(channel: Any, channel_id: int | None = None) -> frozenset[int]:
    """The id of the channel and, for a thread, of the channel that it stands in."""
    return frozenset(found for found in (channel_id or getattr(channel, "id", None), getattr(channel, "parent_id", None)) if found)
