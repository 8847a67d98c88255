"""Starts the bot and stops it: parts from settings, signals, and every known failure as one line.

`serve` returns the exit code: 0 after SIGTERM or SIGINT, when what was under way has been answered. It raises QabotError for what the
operator can mend.
"""

import asyncio
import logging
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack

import aiohttp
import aiohttp.web
import discord
import discord.gateway
import discord.http
import yarl

from qabot.discord_bot.admission import Admission
from qabot.discord_bot.answering import Answering
from qabot.discord_bot.client import QABot
from qabot.discord_bot.engine import Engine
from qabot.discord_bot.logs import start_logs
from qabot.discord_bot.metrics import Metrics
from qabot.discord_bot.preferences import PreferenceBook
from qabot.discord_bot.queue import AnswerQueue
from qabot.discord_bot.rendering import Answered
from qabot.discord_bot.state import State
from qabot.discord_bot.web import start_web
from qabot.errors import SettingsError
from qabot.settings import Settings
from qabot.wiring import Bot, open_bot, store_of

log = logging.getLogger(__name__)


def _opened(settings: Settings) -> Bot:
    return open_bot(settings, say=log.info)


def serve(settings: Settings, opened: Callable[[Settings], Bot] = _opened) -> int:
    """Run until stopped. `opened` makes what answers."""
    token = settings.discord_token.get_secret_value().strip() if settings.discord_token else ""
    if not token:
        raise SettingsError("DISCORD_TOKEN is not set: put the token of your application's bot into the environment or .env (see README)")
    store_of(settings).read_manifest()  # what can be wrong is told before anything is connected to
    start_logs(settings.log_level, settings.log_json, token)
    if settings.discord_api:
        discord.http.Route.BASE = settings.discord_api.rstrip("/")
    if settings.discord_gateway:
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.discord_gateway)
    return asyncio.run(_serve(settings, token, opened))


def answering_of(settings: Settings, opened: Callable[[Settings], Bot]) -> Answering:
    """The parts that answer, nothing loaded yet. Raises SettingsError when the state cannot be opened. Needs the event loop."""
    state = State.load(settings.state, settings.retention_days * 86_400, settings.conversation_minutes * 60)
    engine = Engine(lambda: opened(settings), store_of(settings).live)
    queue: AnswerQueue[Answered] = AnswerQueue(settings.workers, settings.queue)
    admission = Admission(
        lambda: engine.ready,
        settings.cooldown_seconds,
        settings.server_questions,
        max(settings.queue, settings.workers),
    )
    return Answering(engine, queue, state, admission, PreferenceBook(state), Metrics())


async def _serve(settings: Settings, token: str, opened: Callable[[Settings], Bot]) -> int:
    async with AsyncExitStack() as stack:
        answering = answering_of(settings, opened)
        stack.callback(answering.state.close)
        bot = await stack.enter_async_context(QABot(answering, settings))
        if settings.health_port is not None:
            stack.push_async_callback((await _web(bot, settings.health_port)).cleanup)
        stopping = _stop_on_signals(bot, settings.drain_seconds)
        try:
            await _until_closed(bot, token)
        except Exception as error:
            if bot.fault is None and not stopping.is_set():
                if isinstance(error, (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError)):
                    raise SettingsError(_reason(error, settings)) from error
                raise
        if bot.fault is not None:
            raise bot.fault
        return 0


async def _until_closed(bot: QABot, token: str) -> None:
    """Run the bot. discord.py goes on trying to connect after `close`, for ever: then it is cancelled."""
    started, closed = asyncio.create_task(bot.start(token)), asyncio.create_task(bot.closed.wait())
    await asyncio.wait({started, closed}, return_when=asyncio.FIRST_COMPLETED)
    closed.cancel()
    if bot.closed.is_set():
        await asyncio.wait({started}, timeout=1)
    if started.done() or not bot.closed.is_set():
        await started
    else:
        started.cancel()
        await asyncio.gather(started, return_exceptions=True)


def _stop_on_signals(bot: QABot, seconds: float) -> asyncio.Event:
    """Drain and close on SIGTERM and SIGINT; a second one closes at once. discord.py would not hear SIGTERM at all."""
    loop, stopping, tasks = asyncio.get_running_loop(), asyncio.Event(), set[asyncio.Task[None]]()

    async def stop(wait: float) -> None:
        if wait and not await bot.answering.drain(wait):
            log.warning("stopped with questions unanswered after %.0f s", wait)
        await bot.close()

    def heard() -> None:
        tasks.add(loop.create_task(stop(0 if stopping.is_set() else seconds)))
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, heard)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(heard))
    return stopping


async def _web(bot: QABot, port: int) -> aiohttp.web.AppRunner:
    try:
        return await start_web(bot, port)
    except OSError as error:
        raise SettingsError(f"port {port} on 127.0.0.1 cannot be used ({error.strerror}): set QABOT_HEALTH_PORT to a free one") from error


def _reason(error: Exception, settings: Settings) -> str:
    """Why the connection ended, with the fix."""
    if isinstance(error, discord.LoginFailure) or (isinstance(error, discord.ConnectionClosed) and error.code == 4004):
        return "Discord does not take the token: copy it again from the developer portal (Bot, Reset Token) into DISCORD_TOKEN"
    if isinstance(error, discord.PrivilegedIntentsRequired):
        return "the message content intent is not allowed: allow it in the developer portal, or unset QABOT_DISCORD_MESSAGE_CONTENT"
    if isinstance(error, discord.HTTPException):
        return f"Discord answered {error.status} while the bot was starting: try again later, and see https://discordstatus.com"
    if isinstance(error, discord.ConnectionClosed):
        return f"Discord closed the connection for good (code {error.code}): see the gateway's close codes in Discord's documentation"
    where = settings.discord_api or "Discord"
    return f"{where} cannot be reached ({type(error).__name__}): check the network"
