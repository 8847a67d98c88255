"""What can be wrong with the bot in one server, for `/doctor`: from what is known already, with no request that could be forbidden."""

import asyncio
from typing import TYPE_CHECKING, Any

import discord

from qabot.discord_bot.preferences import Mode
from qabot.discord_bot.sync import is_current
from qabot.wiring import store_of

if TYPE_CHECKING:
    from qabot.discord_bot.client import QABot

_NEEDED = ("view_channel", "send_messages", "send_messages_in_threads", "read_message_history")


async def checkup(bot: "QABot", interaction: discord.Interaction[Any]) -> list[str]:
    """A line for each thing that was looked at, in the form "ok ..." or "FAIL ...", as `qabot doctor` has it."""
    preferences = bot.answering.preferences.of(interaction.guild_id)
    lines = [_permissions("here", interaction.app_permissions)]
    for channel_id in sorted(preferences.channels):
        channel = interaction.guild.get_channel_or_thread(channel_id) if interaction.guild else None
        if channel is None or interaction.guild is None or interaction.guild.me is None:
            lines.append(f"FAIL <#{channel_id}>: gone, or not visible to me: take it out with `/admin config remove:`")
        else:
            lines.append(_permissions(f"<#{channel_id}>", channel.permissions_for(interaction.guild.me)))
    needs = preferences.mode is not Mode.MENTION
    granted = bot.intents.message_content
    lines.append(
        f"FAIL mode {preferences.mode}: needs QABOT_DISCORD_MESSAGE_CONTENT=true" if needs and not granted
        else f"ok   message content: {'allowed' if granted else 'not needed'}"
    )  # fmt: skip
    current = await is_current(bot.tree, bot.answering.state, bot.application_id)
    lines.append(
        "ok   commands: registered as they are" if current else "FAIL commands: changed since they were registered: restart the bot"
    )
    return [*lines, *await asyncio.to_thread(_index, bot)]


def _permissions(where: str, held: discord.Permissions) -> str:
    missing = [name.replace("_", " ") for name in _NEEDED if not getattr(held, name)]
    return f"FAIL {where}: I lack {', '.join(missing)}" if missing else f"ok   {where}: I may see, send and read"


def _index(bot: "QABot") -> list[str]:
    manifest = bot.answering.engine.manifest
    if manifest is None:
        return ["FAIL index: not loaded"]
    changed = store_of(bot.settings).changed_articles(manifest)
    return (
        [f"FAIL index: {len(changed)} article(s) changed since it was built: `/admin reindex`"] if changed else ["ok   index: up to date"]
    )
