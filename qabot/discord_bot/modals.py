"""The two forms: a follow-up question, and why an answer was wrong."""

import asyncio
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from qabot.discord_bot.failure import tell_failure
from qabot.discord_bot.strings import Strings
from qabot.pipeline import MAX_QUESTION

if TYPE_CHECKING:
    from qabot.discord_bot.client import QABot

_OPEN_SECONDS = 900.0  # as long as Discord keeps an interaction's token
MAX_REASON = 500


class FollowUpForm(ui.Modal):
    """Asks for the next question of the conversation that an answer belongs to."""

    def __init__(self, answer_id: str, private: bool, strings: Strings) -> None:
        super().__init__(title=strings.follow_up_title, timeout=_OPEN_SECONDS)
        self.answer_id, self.private = answer_id, private
        self.question: ui.TextInput[Any] = ui.TextInput(style=discord.TextStyle.paragraph, max_length=MAX_QUESTION)
        self.add_item(ui.Label(text=strings.follow_up_label, component=self.question))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Ask it."""
        from qabot.discord_bot.asking import respond

        bot: QABot = interaction.client
        if bot.first_time(interaction.id):
            await respond(interaction, bot.answering, self.question.value, private=self.private, after=self.answer_id)

    async def on_error(self, interaction: discord.Interaction[Any], error: Exception, /) -> None:  # type: ignore[override]  # as discord.ui.Modal has it
        """Tell the user."""
        await tell_failure(interaction, error)


class ReasonForm(ui.Modal):
    """Asks what was wrong; the vote itself is kept already."""

    def __init__(self, answer_id: str, strings: Strings) -> None:
        super().__init__(title=strings.reason_title, timeout=_OPEN_SECONDS)
        self.answer_id, self.strings = answer_id, strings
        self.reason: ui.TextInput[Any] = ui.TextInput(style=discord.TextStyle.paragraph, max_length=MAX_REASON, required=False)
        self.add_item(ui.Label(text=strings.reason_label, component=self.reason))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Keep the reason with the vote."""
        bot: QABot = interaction.client
        kept = await asyncio.to_thread(bot.answering.state.vote, self.answer_id, interaction.user.id, False, self.reason.value)
        await interaction.response.send_message(self.strings.reason_kept if kept else self.strings.gone, ephemeral=True)

    async def on_error(self, interaction: discord.Interaction[Any], error: Exception, /) -> None:  # type: ignore[override]  # as discord.ui.Modal has it
        """Tell the user."""
        await tell_failure(interaction, error)
