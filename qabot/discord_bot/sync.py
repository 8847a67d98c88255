"""Registers the commands with Discord when their definition changed and at no other time: Discord bans those who do it at each start."""

import hashlib
import json
import logging
from typing import Any

from discord import app_commands

from qabot.discord_bot.state import State

log = logging.getLogger(__name__)
_FACT = "commands"


async def definition(tree: app_commands.CommandTree[Any], application_id: int | None) -> str:
    """The hash of all that Discord is told of the commands, for this application."""
    translator = tree.translator
    payload = [
        await command.get_translated_payload(tree, translator) if translator else command.to_dict(tree) for command in tree.get_commands()
    ]
    text = json.dumps([application_id, sorted(payload, key=lambda item: (item["type"], item["name"]))], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


async def is_current(tree: app_commands.CommandTree[Any], state: State, application_id: int | None) -> bool:
    """Whether the commands are as they were registered last."""
    return state.fact(_FACT) == await definition(tree, application_id)


async def sync_if_changed(tree: app_commands.CommandTree[Any], state: State, application_id: int | None) -> bool:
    """Register the commands where they are not as they were registered last; whether that was so."""
    wanted = await definition(tree, application_id)
    if state.fact(_FACT) == wanted:
        return False
    await tree.sync()
    state.set_fact(_FACT, wanted)
    log.info("commands registered")
    return True
