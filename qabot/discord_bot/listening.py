"""Asking by a message: a mention, a reply, a direct message, and unasked where a server wants it."""

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import discord
from discord.ext import commands

from qabot.discord_bot.answering import Asked
from qabot.discord_bot.asking import ids_of, words_of
from qabot.discord_bot.failure import note_failure
from qabot.discord_bot.layout import layout
from qabot.discord_bot.preferences import Mode
from qabot.discord_bot.queue import QueueFullError
from qabot.discord_bot.rendering import Answered, answer_card
from qabot.discord_bot.state import Place
from qabot.discord_bot.strings import Strings, strings_of
from qabot.reply import certainty

if TYPE_CHECKING:
    from qabot.discord_bot.client import QABot

log = logging.getLogger(__name__)
_NOTICE_SECONDS = 15.0  # how long "please wait" stays in a channel


class Listening(commands.Cog):
    """Takes questions from messages and replies to them."""

    def __init__(self, bot: "QABot") -> None:
        self.bot, self.answering = bot, bot.answering

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer what is put to the bot; what is not, only where the server wants it."""
        if message.author.bot or message.type not in (discord.MessageType.default, discord.MessageType.reply):
            return
        quiet = not self._is_addressed(message)
        if (quiet and not self._is_wanted(message)) or not self._may_speak(message) or not self.bot.first_time(message.id):
            return
        try:
            await self._reply(message, quiet)
        except Exception as error:
            await self._apologise(message, quiet, error)

    async def _reply(self, message: discord.Message, quiet: bool) -> None:
        strings = _strings_of(message)
        place = Place(message.channel.id, message.author.id, message.guild.id if message.guild else None)
        referred = message.reference.message_id if message.reference else None
        after = await asyncio.to_thread(self.answering.state.answer_of, referred) if referred else None
        asked = Asked(self._question(message), place, ids_of(message.channel), strings, None, after)
        refused = self.answering.refusal(asked)
        if refused is not None:
            if not quiet:
                await self._send(message, content=refused, delete_after=_NOTICE_SECONDS)
            return
        async with self.answering.underway(asked):
            typing = None if quiet else asyncio.create_task(self._type(message.channel))
            try:
                answered = await self.answering.answer(asked)
            except QueueFullError as full:
                if not quiet:
                    await self._send(message, content=strings.busy.format(ahead=full.ahead), delete_after=_NOTICE_SECONDS)
                return
            finally:
                if typing is not None:
                    typing.cancel()
            if quiet and not self._is_worth(message, answered):
                return
            sent = await self._send(message, view=layout(answer_card(answered, strings)))
            await self.answering.shown(answered, sent.id)

    async def _apologise(self, message: discord.Message, quiet: bool, error: Exception) -> None:
        """What went wrong is logged; who put a question to the bot is told that something did."""
        if isinstance(error, discord.HTTPException):  # it would not go through a second time either
            log.warning("an answer could not be sent in channel %s: %s", message.channel.id, error)
            return
        reference = note_failure(error)
        with suppress(discord.HTTPException):
            if not quiet:
                await self._send(message, content=_strings_of(message).failed.format(reference=reference))

    async def _send(self, message: discord.Message, **what: Any) -> discord.Message:
        """As a reply that pings nobody, or without the reference where the message is gone by now."""
        reference = message.to_reference(fail_if_not_exists=False)
        return await message.channel.send(reference=reference, mention_author=False, **what)

    async def _type(self, channel: discord.abc.Messageable) -> None:
        """Shows "is typing" until it is cancelled; a courtesy, so that its failure is no error."""
        with suppress(discord.HTTPException):
            async with channel.typing():
                await asyncio.sleep(900)

    def _is_addressed(self, message: discord.Message) -> bool:
        """A direct message, a mention, or a reply to the bot; replies reach it with their text when they ping."""
        if message.guild is None or self.bot.user in message.mentions:
            return True
        referred = message.reference.resolved if message.reference else None
        return isinstance(referred, discord.Message) and referred.author == self.bot.user and bool(message.content)

    def _is_wanted(self, message: discord.Message) -> bool:
        """Whether the server wants an answer to what is not put to the bot: a question, in a channel that it named."""
        preferences = self.answering.preferences.of(message.guild.id if message.guild else None)
        if preferences.mode is Mode.MENTION or not (ids_of(message.channel) & preferences.channels):
            return False
        return "?" in message.content and message.reference is None and not message.mentions

    def _is_worth(self, message: discord.Message, answered: Answered) -> bool:
        mode = self.answering.preferences.of(message.guild.id if message.guild else None).mode
        return mode is Mode.ALWAYS or (answered.reply.answer is not None and certainty(answered.reply, answered.sure) == "sure")

    def _may_speak(self, message: discord.Message) -> bool:
        """Asked of the cache: a request that is forbidden counts towards a ban."""
        if message.guild is None or message.guild.me is None:
            return True
        allowed = message.channel.permissions_for(message.guild.me)
        in_thread = isinstance(message.channel, discord.Thread)
        return allowed.send_messages_in_threads if in_thread else allowed.send_messages and allowed.read_message_history

    def _question(self, message: discord.Message) -> str:
        """The text without the mention of the bot; where nothing else stands there, the text of the message replied to."""
        own = words_of(message, self._own_id)
        referred = message.reference.resolved if message.reference else None
        if own or not isinstance(referred, discord.Message) or referred.author == self.bot.user:
            return own
        return words_of(referred, self._own_id)

    @property
    def _own_id(self) -> int:
        assert self.bot.user is not None  # there are no messages before it is known
        return self.bot.user.id


def _strings_of(message: discord.Message) -> Strings:
    """In the server's language: a message does not tell its author's."""
    return strings_of(message.guild.preferred_locale.value if message.guild else "en")
