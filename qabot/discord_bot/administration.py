"""`/admin config`, `gaps`, `reindex`, `rollback`, and `/doctor`: for those who may manage the server, which is checked at run time too."""

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from qabot.discord_bot.card import GREY, Card
from qabot.discord_bot.checkup import checkup
from qabot.discord_bot.gaps import gaps_text
from qabot.discord_bot.information import tell
from qabot.discord_bot.layout import layout
from qabot.discord_bot.neutral import fit
from qabot.discord_bot.preferences import Mode
from qabot.discord_bot.rebuilding import plan_view, rebuild_refusal
from qabot.discord_bot.strings import Strings, strings_of

if TYPE_CHECKING:
    from qabot.discord_bot.client import QABot

log = logging.getLogger(__name__)
Interaction = discord.Interaction[Any]
_MANAGER = discord.Permissions(manage_guild=True)


def is_manager(interaction: Interaction) -> bool:
    """Whether the user may manage this server. Discord hides the commands from others, unless somebody changed that."""
    return interaction.guild_id is not None and interaction.permissions.manage_guild


class Administration(commands.Cog):
    """What a server's managers set and see."""

    admin = app_commands.Group(
        name="admin",
        description=locale_str("For those who manage this server"),
        default_permissions=_MANAGER,
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
    )

    def __init__(self, bot: "QABot") -> None:
        self.bot, self.answering = bot, bot.answering

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Before each command of this file."""
        if not is_manager(interaction):
            raise app_commands.MissingPermissions(["manage_guild"])
        return True

    @admin.command(name="config", description=locale_str("Where, how and when I answer in this server; without options, how it is now"))
    @app_commands.describe(
        add=locale_str("Answer in this channel and in those added before, in no other"),
        remove=locale_str("Take a channel out; with none left I answer in all"),
        private=locale_str("Whether /ask answers privately where nothing else is said"),
        mode=locale_str("Whether I answer questions that are not put to me, in the channels added"),
    )
    async def config(
        self,
        interaction: Interaction,
        add: app_commands.AppCommandChannel | None = None,
        remove: app_commands.AppCommandChannel | None = None,
        private: bool | None = None,
        mode: Mode | None = None,
    ) -> None:
        """Change and show the server's preferences."""
        assert interaction.guild_id is not None
        strings, book = strings_of(interaction.locale.value), self.answering.preferences
        if mode not in (None, Mode.MENTION) and not self.bot.intents.message_content:
            await tell(interaction, strings.config_intent)
            return
        now = book.of(interaction.guild_id)
        channels = (now.channels | ({add.id} if add else set())) - ({remove.id} if remove else set())
        new = replace(now, channels=channels, private=now.private if private is None else private, mode=mode or now.mode)
        if new != now:
            book.change(interaction.guild_id, new)
        shown = " ".join(f"<#{channel}>" for channel in sorted(new.channels)[:40]) or strings.config_all
        await tell(
            interaction, strings.config.format(channels=shown, private=strings.yes if new.private else strings.no, mode=new.mode.value)
        )

    @admin.command(name="gaps", description=locale_str("What was asked here and not answered, or answered wrong"))
    async def gaps(self, interaction: Interaction) -> None:
        """The server's gaps, like questions together."""
        assert interaction.guild_id is not None
        found = await asyncio.to_thread(self.answering.state.gaps, interaction.guild_id)
        days = self.answering.state.retention / 86_400
        await tell(interaction, gaps_text(found, interaction.guild_id, days, strings_of(interaction.locale.value)))

    @admin.command(name="reindex", description=locale_str("Show what building the index again would change, and do it"))
    async def reindex(self, interaction: Interaction) -> None:
        """The dry run, with a button that builds."""
        strings = strings_of(interaction.locale.value)
        if await self._refused(interaction, strings):
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.edit_original_response(view=await plan_view(self.bot.reindexer, strings))

    @admin.command(name="rollback", description=locale_str("Go back to the index before the last /admin reindex"))
    async def rollback(self, interaction: Interaction) -> None:
        """The way back."""
        strings = strings_of(interaction.locale.value)
        if await self._refused(interaction, strings):
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        manifest = await asyncio.to_thread(self.bot.reindexer.roll_back)
        text = strings.reindex_rolled_back.format(generation=manifest.generation) if manifest else strings.reindex_nothing_to_roll_back
        if manifest is not None:
            await asyncio.to_thread(self.answering.engine.refresh)
        await interaction.edit_original_response(view=layout(Card((text,), (), GREY)))

    @app_commands.command(name="doctor", description=locale_str("Check my permissions and settings here"))
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    async def doctor(self, interaction: Interaction) -> None:
        """What can be wrong here."""
        lines = await checkup(self.bot, interaction)
        strings = strings_of(interaction.locale.value)
        shown = [f"{'✅' if line.startswith('ok') else '❌'} {line[5:]}" for line in lines[:40]]
        await tell(interaction, fit_lines([strings.doctor, *shown]))

    async def _refused(self, interaction: Interaction, strings: Strings) -> bool:
        refused = rebuild_refusal(interaction, self.bot.settings.home_server, strings)
        if refused is not None:
            await tell(interaction, refused)
        return refused is not None


def fit_lines(lines: list[str], limit: int = 3_600) -> str:
    """As many whole lines as fit."""
    kept, length = [], 0
    for line in lines:
        length += 2 * len(line) + 1
        if length > 2 * limit:
            break
        kept.append(line)
    return "\n".join(kept) or fit(lines[0], limit)
