"""The bot: parts put together, events passed on. It has no feature of its own."""

import asyncio
import contextlib
import logging
from collections import OrderedDict
from typing import Any

import discord
import yarl
from discord import app_commands
from discord.ext import commands, tasks

from qabot.discord_bot.administration import Administration
from qabot.discord_bot.answering import Answering
from qabot.discord_bot.asking import Asking
from qabot.discord_bot.buttons import AnswerButton
from qabot.discord_bot.failure import tell_failure
from qabot.discord_bot.identifies import Identifies
from qabot.discord_bot.information import Information
from qabot.discord_bot.listening import Listening
from qabot.discord_bot.pulse import Pulse
from qabot.discord_bot.rebuilding import RebuildButton
from qabot.discord_bot.reindex import Reindexer
from qabot.discord_bot.sync import sync_if_changed
from qabot.discord_bot.translator import SpanishTranslator
from qabot.errors import QabotError
from qabot.settings import Settings

log = logging.getLogger(__name__)
_REMEMBERED = 10_000  # events: a resumed connection may bring one again


class Tree(app_commands.CommandTree["QABot"]):
    """Commands, each event once, with errors that the user is told of."""

    async def interaction_check(self, interaction: discord.Interaction["QABot"], /) -> bool:
        """Whether this is not an event that came before."""
        if interaction.type is discord.InteractionType.autocomplete:
            return True
        return interaction.client.first_time(interaction.id)

    async def on_error(self, interaction: discord.Interaction["QABot"], error: app_commands.AppCommandError, /) -> None:
        """Tell the user."""
        await tell_failure(interaction, error)


class QABot(commands.AutoShardedBot):
    """Answers in Discord. No privileged intent, unless the operator asks for message content."""

    def __init__(self, answering: Answering, settings: Settings, reindexer: Reindexer | None = None, **options: Any) -> None:
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True, message_content=settings.discord_message_content)
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=Tree,
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            enable_debug_events=True,  # for the frames that `pulse` listens to
            **options,
        )
        self.answering, self.settings = answering, settings
        self.reindexer = reindexer or Reindexer(settings)
        self.pulse = Pulse(settings.health_silence, lambda: answering.engine.ready, self._is_connected)
        self.closed = asyncio.Event()
        self.fault: QabotError | None = None  # why the bot stopped by itself
        self._identifies = Identifies(answering.state)
        self._seen: OrderedDict[int, None] = OrderedDict()
        self._loading: asyncio.Task[None] | None = None

    async def setup_hook(self) -> None:
        """Before the connection: commands and buttons, then the index in a thread, while Discord is being connected to."""
        self.add_dynamic_items(AnswerButton, RebuildButton)
        await self.tree.set_translator(SpanishTranslator())
        for cog in (Asking(self), Listening(self), Information(self), Administration(self)):
            await self.add_cog(cog)
        await sync_if_changed(self.tree, self.answering.state, self.application_id)
        self._loading = asyncio.create_task(self._load())
        self.watch_index.start()
        self.purge_state.start()

    def first_time(self, event_id: int) -> bool:
        """Whether an event is new; it is remembered."""
        if event_id in self._seen:
            return False
        self._seen[event_id] = None
        if len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        return True

    async def on_message(self, message: discord.Message, /) -> None:
        """No prefix commands: `asking` listens to messages."""

    async def on_socket_raw_receive(self, message: str) -> None:
        """Discord was heard."""
        self.pulse.heard()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Slow down where one IDENTIFY follows another."""
        seconds = self._identifies.wait(initial)
        if seconds > 5:
            log.warning("waiting %.0f s before the next IDENTIFY: there were many", seconds)
        await asyncio.sleep(seconds)

    async def launch_shard(self, gateway: yarl.URL, shard_id: int, *, initial: bool = False) -> None:
        """At the gateway that the settings name, where they name one."""
        own = self.settings.discord_gateway
        await super().launch_shard(yarl.URL(own) if own else gateway, shard_id, initial=initial)

    async def close(self) -> None:
        """Stop the work in the background, then the connection, then what is kept."""
        self.watch_index.cancel()
        self.purge_state.cancel()
        self.answering.queue.close()
        await super().close()
        self.closed.set()

    @tasks.loop(seconds=10)
    async def watch_index(self) -> None:
        """Pick up what `qabot build` published."""
        if self.answering.engine.ready:
            await asyncio.to_thread(self.answering.engine.refresh)

    @tasks.loop(hours=1)
    async def purge_state(self) -> None:
        """Delete what is older than the retention."""
        await asyncio.to_thread(self.answering.state.purge)

    async def _load(self) -> None:
        if self.answering.engine.ready:
            return
        try:
            await asyncio.to_thread(self.answering.engine.load)
        except QabotError as error:
            self.fault = error
            for _ in range(100):  # up to 10 s: a connection that is being made cannot be closed in silence
                if self.shards:
                    break
                await asyncio.sleep(0.1)
            with contextlib.suppress(Exception):
                await self.close()

    def _is_connected(self) -> bool:
        return bool(self.shards) and not any(shard.is_closed() for shard in self.shards.values())
