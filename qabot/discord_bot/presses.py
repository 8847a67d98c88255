"""What each button under an answer does when it is pressed."""

import asyncio
from typing import Any

import discord

from qabot.discord_bot.answering import Answering
from qabot.discord_bot.layout import layout
from qabot.discord_bot.modals import FollowUpForm, ReasonForm
from qabot.discord_bot.rendering import Answered, passage_card, why_text
from qabot.discord_bot.strings import Strings, strings_of

Interaction = discord.Interaction[Any]


async def press(interaction: Interaction, answering: Answering, action: str, answer_id: str, page: tuple[int, int]) -> None:
    """Do `action` to the answer; an answer that is no longer kept is said to be gone."""
    strings = strings_of(interaction.locale.value)
    if action == "delete":  # also possible when the answer is no longer kept
        await _delete(interaction, answering, answer_id, strings)
        return
    answered = await asyncio.to_thread(answering.state.answered, answer_id)
    if answered is None:
        await interaction.response.send_message(strings.gone, ephemeral=True)
        return
    match action:
        case "more":
            card = passage_card(answered, (0, 0), answering.engine, strings)
            await interaction.response.send_message(view=layout(card), ephemeral=True)
        case "page":
            await interaction.response.edit_message(view=layout(passage_card(answered, page, answering.engine, strings)))
        case "follow":
            await interaction.response.send_modal(FollowUpForm(answer_id, _is_private(interaction), strings))
        case "why":
            await interaction.response.send_message(why_text(answered, strings)[:2000], ephemeral=True, suppress_embeds=True)
        case "right" | "wrong":
            await _vote(interaction, answering, answered, action == "right", strings)


async def _vote(interaction: Interaction, answering: Answering, answered: Answered, is_right: bool, strings: Strings) -> None:
    """Keep the vote at once; a form that is closed unsent leaves it standing."""
    await asyncio.to_thread(answering.state.vote, answered.answer_id, interaction.user.id, is_right)
    answering.metrics.votes.labels("right" if is_right else "wrong").inc()
    if is_right:
        await interaction.response.send_message(strings.voted, ephemeral=True)
    else:
        await interaction.response.send_modal(ReasonForm(answered.answer_id, strings))


async def _delete(interaction: Interaction, answering: Answering, answer_id: str, strings: Strings) -> None:
    asker = await asyncio.to_thread(answering.state.asker, answer_id)
    if interaction.user.id != asker and not interaction.permissions.manage_messages:
        await interaction.response.send_message(strings.deleted_not, ephemeral=True)
        return
    await interaction.response.defer()
    await interaction.delete_original_response()
    await asyncio.to_thread(answering.state.forget, answer_id)


def _is_private(interaction: Interaction) -> bool:
    return interaction.message is not None and interaction.message.flags.ephemeral
