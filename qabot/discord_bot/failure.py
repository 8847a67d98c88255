"""An unexpected error in an interaction: the log gets all of it, the user an apology with a reference, never the error's text."""

import logging
import secrets
from typing import Any

import discord
from discord import app_commands

from qabot.discord_bot.strings import strings_of

log = logging.getLogger(__name__)
_EXPIRED = (10062, 10015, 40060)  # unknown interaction, unknown webhook, already acknowledged: nobody is waiting any more


async def tell_failure(interaction: discord.Interaction[Any], error: Exception) -> None:
    """Log the error under a reference and say so to the user, alone where nothing public was promised; a check says what it needs."""
    strings = strings_of(interaction.locale.value)
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    if isinstance(cause, discord.HTTPException) and cause.code in _EXPIRED:
        log.warning("an interaction was gone before it was answered: %s", cause.code)
        return
    if isinstance(cause, app_commands.NoPrivateMessage):
        await _say(interaction, strings.guild_only)
    elif isinstance(cause, app_commands.CheckFailure):
        await _say(interaction, strings.managers_only)
    else:
        await _say(interaction, strings.failed.format(reference=note_failure(cause)))


def note_failure(error: BaseException) -> str:
    """Log an unexpected error; the reference under which it is found there."""
    reference = secrets.token_hex(3)
    log.error("failure %s", reference, exc_info=error)
    return reference


async def _say(interaction: discord.Interaction[Any], text: str) -> None:
    try:
        if not interaction.response.is_done():
            await interaction.response.send_message(text, ephemeral=True)
            return
        if interaction.response.type is discord.InteractionResponseType.deferred_channel_message:
            await interaction.edit_original_response(content=text)  # in place of "thinking", which would go on for 15 minutes
        else:
            await interaction.followup.send(text, ephemeral=True)
    except discord.HTTPException as error:
        log.warning("the user could not be told of a failure: %s", error.status)
