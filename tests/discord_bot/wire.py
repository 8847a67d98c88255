"""A small Discord on loopback: the gateway and the REST calls that the bot makes, with faults to order. It knows nothing of the bot.

`Wire` lives on an event loop; `ThreadedWire` runs it in a thread, for tests that are not asynchronous.
"""

import asyncio
import itertools
import json
import threading
import time
from collections import deque
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiohttp import WSMsgType, web

T = TypeVar("T")
APPLICATION, GUILD, CHANNEL, USER = "900", "100", "200", "300"
_BOT = {"id": APPLICATION, "username": "qabot", "discriminator": "0", "avatar": None, "bot": True, "global_name": None}


@dataclass(frozen=True, slots=True)
class Fault:
    """What a call gets instead of its answer, or `delay` seconds before it."""

    status: int = 0
    delay: float = 0.0


@dataclass(slots=True)
class Request:
    """One REST call. `at` is seconds of the monotonic clock."""

    method: str
    path: str
    body: Any
    at: float


@dataclass(slots=True)
class Exchange:
    """What became of one interaction: when it was sent, first answered, and answered for good."""

    sent: float
    acknowledged: float = 0.0
    kind: int = 0
    answers: list[Any] = field(default_factory=list)
    done: asyncio.Event = field(default_factory=asyncio.Event)


def user(number: str = USER) -> dict[str, Any]:
    """A user."""
    return {"id": number, "username": f"user{number}", "discriminator": "0", "avatar": None, "global_name": None}


def message(id: str, channel: str, **more: Any) -> dict[str, Any]:
    """A message of the bot's."""
    base = {
        "id": id,
        "channel_id": channel,
        "author": _BOT,
        "content": "",
        "timestamp": "2026-01-01T00:00:00+00:00",
        "edited_timestamp": None,
    }
    lists: dict[str, list[Any]] = {"mentions": [], "mention_roles": [], "attachments": [], "embeds": [], "components": []}
    return {**base, **lists, "tts": False, "mention_everyone": False, "pinned": False, "type": 0, "flags": 0, **more}


class Wire:
    """`fault(method, path)` is asked before each call; `record` False keeps no list of calls, for long runs."""

    def __init__(
        self, heartbeat: float = 5.0, fault: Callable[[str, str], Fault | None] = lambda method, path: None, record: bool = True
    ) -> None:
        self.heartbeat, self.fault, self.record = heartbeat, fault, record
        self.requests: list[Request] = []
        self.exchanges: dict[str, Exchange] = {}
        self.posted: dict[str, list[Any]] = {}  # by the id of the message that they reply to
        self.identifies: list[float] = []
        self.resumes = 0
        self.silent = self.invalid = False
        self.refused_token: str | None = None
        self.refusal_code = 0  # with which the gateway closes at an IDENTIFY
        self._ids = itertools.count(1_000_000)
        self._socket: web.WebSocketResponse | None = None
        self._events: deque[tuple[int, str, Any]] = deque(maxlen=2_000)
        self._sequence = 0

    async def start(self) -> None:
        """Listen on a free port of loopback."""
        app = web.Application()
        app.add_routes([web.get("/gateway", self._gateway), web.route("*", "/api{path:.*}", self._rest)])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.api, self.gateway = f"http://127.0.0.1:{port}/api", f"ws://127.0.0.1:{port}/gateway"

    async def stop(self) -> None:
        """Let go of the port."""
        await self._runner.cleanup()

    def new_id(self) -> str:
        """An id that no other thing has."""
        return str(next(self._ids) << 22)

    async def dispatch(self, name: str, data: Any) -> None:
        """Send an event; what cannot be sent is sent when the bot resumes."""
        self._sequence += 1
        self._events.append((self._sequence, name, data))
        socket = self._socket
        if socket is not None and not socket.closed:
            with suppress(ConnectionError, RuntimeError):  # it comes with the resume then
                await socket.send_json({"op": 0, "s": self._sequence, "t": name, "d": data})

    async def drop(self, code: int = 4000) -> None:
        """Close the connection."""
        if self._socket is not None:
            await self._socket.close(code=code)

    async def slash(
        self, name: str = "ask", asker: str = USER, repeat: int = 1, more: dict[str, Any] | None = None, **options: Any
    ) -> Exchange:
        """Invoke a command; `repeat` sends the very same event again."""
        number = self.new_id()
        given = [{"name": key, "type": 5 if isinstance(value, bool) else 3, "value": value} for key, value in options.items()]
        data = {"id": "555", "name": name, "type": 1, "options": given}
        payload = {
            "id": number, "application_id": APPLICATION, "type": 2, "token": f"t{number}", "version": 1, "data": data, "guild_id": GUILD,
            "channel_id": CHANNEL, "channel": {"id": CHANNEL, "type": 0, "guild_id": GUILD, "name": "general", "permissions": "0",
                        "position": 0},
            "member": {"user": user(asker), "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "permissions": "2147483647", "flags": 0},
            "locale": "en-US", "guild_locale": "en-US", "app_permissions": "2147483647", "entitlements": [], "context": 0,
            "authorizing_integration_owners": {"0": GUILD}, "attachment_size_limit": 10_000_000, **(more or {}),
        }  # fmt: skip
        exchange = self.exchanges[payload["token"]] = Exchange(time.monotonic())
        for _ in range(repeat):
            await self.dispatch("INTERACTION_CREATE", payload)
        return exchange

    async def mention(self, text: str, repeat: int = 1) -> str:
        """A message that mentions the bot; its id."""
        number = self.new_id()
        payload = message(number, CHANNEL, author=user(), content=f"<@{APPLICATION}> {text}", mentions=[_BOT], guild_id=GUILD)
        payload["member"] = {"roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "flags": 0}
        for _ in range(repeat):
            await self.dispatch("MESSAGE_CREATE", payload)
        return number

    async def _rest(self, request: web.Request) -> web.Response:
        path = request.match_info["path"].split("?")[0]
        body = await request.json() if request.can_read_body and request.content_type == "application/json" else None
        if self.record:
            self.requests.append(Request(request.method, path, body, time.monotonic()))
        if self.refused_token is not None and request.headers.get("Authorization") == f"Bot {self.refused_token}":
            return _json({"message": "401: Unauthorized", "code": 0}, 401)
        fault = self.fault(request.method, path)
        if fault is not None:
            await asyncio.sleep(fault.delay)
            if fault.status == 429:
                return _json({"message": "slow down", "retry_after": 0.2, "global": False}, 429)
            if fault.status:
                return _json({"message": "fault", "code": 0}, fault.status)
        return self._answer(request.method, path.strip("/").split("/"), body)

    def _answer(self, method: str, path: list[str], body: Any) -> web.Response:
        match (method, *path):
            case ("GET", "users", "@me"):
                return _json(_BOT)
            case ("GET", "oauth2", "applications", "@me"):
                return _json({"id": APPLICATION, "name": "qabot", "description": "", "flags": 0, "bot_public": True,
                              "verify_key": "k", "bot_require_code_grant": False, "icon": None,
                              "rpc_origins": None, "summary": "", "owner": user()})  # fmt: skip
            case ("GET", "gateway", "bot"):
                limits = {"total": 1000, "remaining": 999, "reset_after": 1, "max_concurrency": 1}
                return _json({"url": self.gateway, "shards": 1, "session_start_limit": limits})
            case ("PUT", "applications", _, "commands"):
                return _json(
                    [
                        {
                            "id": "555",
                            "application_id": APPLICATION,
                            "version": "1",
                            "default_member_permissions": None,
                            "description": "",
                            **c,
                        }
                        for c in body
                    ]
                )
            case ("POST", "interactions", id, token, "callback"):
                return self._acknowledged(id, token, body)
            case (_, "webhooks", _, token, *_):
                return self._finished(method, token, body)
            case ("POST", "channels", channel, "messages"):
                made = message(self.new_id(), channel)
                self.posted.setdefault(str((body.get("message_reference") or {}).get("message_id", "")), []).append(body)
                return _json(made)
            case ("POST", "channels", _, "typing"):
                return web.Response(status=204)
        return _json({"message": f"unknown {method} {'/'.join(path)}", "code": 0}, 404)

    def _acknowledged(self, id: str, token: str, body: Any) -> web.Response:
        exchange = self.exchanges.get(token)
        if exchange is None or exchange.acknowledged:
            return _json({"message": "acknowledged before", "code": 40060}, 400)
        exchange.acknowledged, exchange.kind = time.monotonic(), body["type"]
        if body["type"] == 4:
            exchange.answers.append(body["data"])
            exchange.done.set()
        return _json({"interaction": {"id": id, "type": 2}, "resource": {"type": body["type"]}})

    def _finished(self, method: str, token: str, body: Any) -> web.Response:
        exchange = self.exchanges.get(token)
        if exchange is None:
            return _json({"message": "unknown webhook", "code": 10015}, 404)
        if method == "DELETE":
            return web.Response(status=204)
        exchange.answers.append(body)
        exchange.done.set()
        return _json(message(self.new_id(), CHANNEL))

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": int(self.heartbeat * 1000)}})
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT and frame.type is not WSMsgType.BINARY:
                break
            await self._heard(socket, json.loads(frame.data))
        return socket

    async def _heard(self, socket: web.WebSocketResponse, sent: Any) -> None:
        match sent["op"]:
            case 1 if not self.silent:
                await socket.send_json({"op": 11})
            case 2:
                self.identifies.append(time.monotonic())
                if self.refusal_code:
                    await socket.close(code=self.refusal_code)
                elif self.invalid:
                    await socket.send_json({"op": 9, "d": False})
                else:
                    await self._ready(socket)
            case 6:
                self.resumes += 1
                for sequence, name, data in [event for event in list(self._events) if event[0] > sent["d"]["seq"]]:
                    await socket.send_json({"op": 0, "s": sequence, "t": name, "d": data})
                self._sequence += 1
                await socket.send_json({"op": 0, "s": self._sequence, "t": "RESUMED", "d": {}})
                self._socket = socket

    async def _ready(self, socket: web.WebSocketResponse) -> None:
        ready = {
            "v": 10, "user": _BOT, "guilds": [{"id": GUILD, "unavailable": True}], "session_id": "s", "resume_gateway_url": self.gateway,
            "application": {"id": APPLICATION, "flags": 0}, "shard": [0, 1],
        }  # fmt: skip
        member = {"user": _BOT, "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "deaf": False, "mute": False, "flags": 0}
        everyone = {"id": GUILD, "name": "@everyone", "permissions": "2147483647", "position": 0, "color": 0, "hoist": False, "flags": 0,
                    "managed": False, "mentionable": False, "colors": {"primary_color": 0}}  # fmt: skip
        channel = {"id": CHANNEL, "type": 0, "name": "general", "position": 0, "permission_overwrites": [], "parent_id": None}
        empty = ("emojis", "stickers", "features", "threads", "voice_states", "presences", "stage_instances", "guild_scheduled_events",
                 "soundboard_sounds")  # fmt: skip
        zero = ("verification_level", "mfa_level", "default_message_notifications", "explicit_content_filter", "afk_timeout",
                "premium_tier", "nsfw_level", "system_channel_flags")  # fmt: skip
        guild = {
            "id": GUILD, "name": "g", "owner_id": USER, "roles": [everyone], "channels": [channel], "members": [member], "member_count": 2,
            "large": False, "preferred_locale": "en-US", "premium_progress_bar_enabled": False, **{name: [] for name in empty},
            **dict.fromkeys(zero, 0),
        }  # fmt: skip
        self._socket = socket
        await self.dispatch("READY", ready)
        await self.dispatch("GUILD_CREATE", guild)


class ThreadedWire(Wire):
    """A Wire whose loop runs in a thread of its own."""

    def __enter__(self) -> "ThreadedWire":
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.run(self.start())
        return self

    def __exit__(self, *_: object) -> None:
        self.run(self.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def run(self, work: Coroutine[Any, Any, T], timeout: float = 12) -> T:
        """Run a coroutine on the wire's loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout)

    def ask(self, question: str, timeout: float = 12, **more: Any) -> Exchange:
        """`/ask` and wait for the answer."""

        async def done() -> Exchange:
            exchange = await self.slash(question=question, **more)
            await asyncio.wait_for(exchange.done.wait(), timeout)
            return exchange

        return self.run(done(), timeout + 5)


def _json(data: Any, status: int = 200) -> web.Response:
    """With the very content type that discord.py knows as JSON, and the header without which it takes a 429 for a ban."""
    return web.Response(body=json.dumps(data).encode(), status=status, headers={"Content-Type": "application/json", "Via": "1.1 wire"})
