"""The buttons under an answer. Each carries the answer's id, so that it works after a restart, for as long as the answer is kept."""

import re
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from qabot.discord_bot.card import Button
from qabot.discord_bot.failure import tell_failure

if TYPE_CHECKING:
    from qabot.discord_bot.client import QABot

_TEMPLATE = r"qa:(?P<action>[a-z]+):(?P<answer>[0-9a-f]{10})(?::(?P<place>-?\d{1,4}):(?P<away>-?\d{1,4}))?"
_STYLES = {"primary": discord.ButtonStyle.primary, "secondary": discord.ButtonStyle.secondary, "danger": discord.ButtonStyle.danger}


class AnswerButton(ui.DynamicItem[ui.Button[Any]], template=_TEMPLATE):
    """One button of one answer. Not named `id`: discord.py keeps that name for itself."""

    def __init__(self, item: ui.Button[Any], action: str, answer_id: str, page: tuple[int, int]) -> None:
        super().__init__(item)
        self.action, self.answer_id, self.page = action, answer_id, page

    @classmethod
    def of(cls, button: Button) -> "AnswerButton":
        """The button of a card."""
        item: ui.Button[Any] = ui.Button(
            label=button.label, custom_id=button.custom_id, style=_STYLES[button.style], disabled=button.disabled
        )
        return cls(item, button.action, button.answer_id, button.page or (0, 0))

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /) -> "AnswerButton":
        """The button that was pressed, from what its id says."""
        assert isinstance(item, ui.Button)
        return cls(item, match["action"], match["answer"], (int(match["place"] or 0), int(match["away"] or 0)))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do what the button is for; discord.py would only log an error, the user is told."""
        from qabot.discord_bot.presses import press

        bot: QABot = interaction.client
        if not bot.first_time(interaction.id):
            return
        try:
            await press(interaction, bot.answering, self.action, self.answer_id, self.page)
        except Exception as error:
            await tell_failure(interaction, error)
