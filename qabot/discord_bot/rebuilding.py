"""`/admin reindex` in Discord: the dry run with its button, and the build that edits its own message while it goes on."""

import asyncio
import logging
import re
import time
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from qabot.discord_bot.card import AMBER, GREEN, GREY, RED, Card
from qabot.discord_bot.failure import tell_failure
from qabot.discord_bot.layout import layout
from qabot.discord_bot.neutral import fit
from qabot.discord_bot.reindex import Reindexer
from qabot.discord_bot.strings import Strings, strings_of
from qabot.errors import QabotError
from qabot.gate import GateError

if TYPE_CHECKING:
    from qabot.discord_bot.client import QABot

log = logging.getLogger(__name__)
_LINES, _EVERY = 25, 3.0  # changes shown; seconds between two edits


def rebuild_refusal(interaction: discord.Interaction[Any], home: int | None, strings: Strings) -> str | None:
    """Why this user may not build here: not a manager of the server, or not the server that the operator named."""
    if interaction.guild_id is None or not interaction.permissions.manage_guild:
        return strings.managers_only
    return strings.home_only if home is not None and interaction.guild_id != home else None


async def plan_view(reindexer: Reindexer, strings: Strings) -> ui.LayoutView:
    """What would change, with a button that does it where something would."""
    try:
        lines = await asyncio.to_thread(reindexer.plan)
    except QabotError as error:
        return _said(strings.reindex_failed.format(reason=fit(str(error), 1_000)), RED)
    if not lines:
        return _said(strings.reindex_same, GREY)
    shown = [fit(line, 120) for line in lines[:_LINES]] + ([f"… {len(lines)}"] if len(lines) > _LINES else [])
    container: ui.Container[Any] = ui.Container(ui.TextDisplay(strings.reindex_plan.format(lines="\n".join(shown))), accent_colour=AMBER)
    container.add_item(ui.ActionRow(RebuildButton(strings.reindex_start)))
    view = ui.LayoutView(timeout=None)
    view.add_item(container)
    view.stop()
    return view


class RebuildButton(ui.DynamicItem[ui.Button[Any]], template=r"qa:rebuild"):
    """Builds the index; works after a restart like every other button."""

    def __init__(self, label: str = "…") -> None:
        super().__init__(ui.Button(label=label, custom_id="qa:rebuild", style=discord.ButtonStyle.danger))

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /) -> "RebuildButton":
        """There is but one."""
        return cls()

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Build, if the user may."""
        bot: QABot = interaction.client
        strings = strings_of(interaction.locale.value)
        if not bot.first_time(interaction.id):
            return
        try:
            refused = rebuild_refusal(interaction, bot.settings.home_server, strings)
            if refused is not None:
                await interaction.response.send_message(refused, ephemeral=True)
            elif bot.reindexer.running:
                await interaction.response.send_message(strings.reindex_running, ephemeral=True)
            else:
                await _rebuild(interaction, bot, strings)
        except Exception as error:
            await tell_failure(interaction, error)


async def _rebuild(interaction: discord.Interaction[Any], bot: "QABot", strings: Strings) -> None:
    """Build in a thread; the message says how far it is, and at last what became of it."""
    done = [0, 0]

    def progress(encoded: int, total: int) -> None:
        done[:] = [encoded, total]

    await interaction.response.edit_message(view=_said(strings.reindex_progress.format(done=0, total="…"), AMBER))
    build = asyncio.create_task(asyncio.to_thread(bot.reindexer.run, progress))
    told = time.monotonic()
    while not (await asyncio.wait({build}, timeout=_EVERY))[0]:
        if time.monotonic() - told < 840:  # after that the interaction's token is no longer taken
            await _edit(interaction, _said(strings.reindex_progress.format(done=done[0], total=done[1]), AMBER))
    try:
        manifest = build.result()
    except GateError as error:
        view = _said(strings.reindex_gate.format(lines="\n".join(fit(line, 200) for line in error.lines[:10])), RED)
    except QabotError as error:
        view = _said(strings.reindex_failed.format(reason=fit(str(error), 1_000)), RED)
    else:
        await asyncio.to_thread(bot.answering.engine.refresh)
        counts = manifest.counts
        text = strings.reindex_done.format(passages=counts["passages"], articles=counts["articles"], generation=manifest.generation)
        view = _said(text, GREEN)
    await _edit(interaction, view)


async def _edit(interaction: discord.Interaction[Any], view: ui.LayoutView) -> None:
    try:
        await interaction.edit_original_response(view=view)
    except discord.HTTPException as error:  # the build goes on, whoever watches
        log.warning("the progress of a build could not be shown: %s", error.status)


def _said(text: str, accent: int) -> ui.LayoutView:
    return layout(Card((text,), (), accent))
