"""/healthz, /readyz and /metrics on loopback: what a container or Prometheus asks."""

import asyncio
from collections.abc import AsyncIterator

from aiohttp import web

from qabot.discord_bot.client import QABot


async def start_web(bot: QABot, port: int) -> web.AppRunner:
    """Listen on 127.0.0.1, and measure the event loop. Raises OSError where the port is taken. The caller cleans the runner up."""

    async def healthz(request: web.Request) -> web.Response:
        verdict = bot.pulse.verdict()
        return web.json_response({"live": verdict.live, "faults": verdict.faults}, status=200 if verdict.live else 503)

    async def readyz(request: web.Request) -> web.Response:
        verdict = bot.pulse.verdict()
        ready = verdict.ready and not bot.answering.admission.stopping
        return web.json_response({"ready": ready, "faults": verdict.faults}, status=200 if ready else 503)

    async def metrics(request: web.Request) -> web.Response:
        _measure(bot)
        return web.Response(body=bot.answering.metrics.text(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})

    app = web.Application()
    app.add_routes([web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics)])
    app.cleanup_ctx.append(lambda _: _beating(bot))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return runner


async def _beating(bot: QABot) -> AsyncIterator[None]:
    task = asyncio.create_task(bot.pulse.beat())
    yield
    task.cancel()


def _measure(bot: QABot) -> None:
    """Bring the gauges up to now."""
    metrics, manifest = bot.answering.metrics, bot.answering.engine.manifest
    metrics.queue.set(bot.answering.queue.ahead)
    metrics.lag.set(bot.pulse.lag)
    metrics.silence.set(bot.pulse.silence)
    metrics.ready.set(bot.pulse.verdict().ready)
    metrics.servers.set(len(bot.guilds))
    if manifest is not None:
        metrics.index.clear()
        metrics.index.labels(manifest.generation).set(manifest.counts["passages"])
