"""Many questions to the bot over sockets, with faults: is any lost or answered twice, how late is it, does its memory grow?

    python -m benchmarks.soak --questions 10000 --askers 50

The bot is the real one with a small engine (tests/discord_bot/slow_bot.py), so that what is measured is everything around the
model: gateway, acknowledgement, queue, state, rendering, sending. Discord is tests/discord_bot/wire.py. Every tenth question comes
as a mention, the others as `/ask`. With `--index index` it is the bot as people run it, with its models: slower, and its memory is the
real one. The last line is one JSON object.
"""

import argparse
import asyncio
import json
import random
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.discord_bot.process import Process
from tests.discord_bot.small import write_index
from tests.discord_bot.wire import Fault, Wire

_WORDS = "coup miners teachers years Banzer La Paz Buenos Aires Torres army leader".split()
_PATIENCE = 120.0  # seconds after which a question counts as lost


class Soak:
    """The counts of one run."""

    def __init__(self, wire: Wire, chance: random.Random, arguments: argparse.Namespace) -> None:
        self.wire, self.chance, self.arguments = wire, chance, arguments
        self.asked = self.lost = self.twice = self.refused = self.drops = self.faults = 0
        self.acknowledged: list[float] = []
        self.answered: list[float] = []

    def fault(self, method: str, path: str) -> Fault | None:
        """429, a 5xx, or a slow answer, each with its share of the calls; starting up is left alone."""
        if not self.asked or "gateway" in path:
            return None
        drawn, given = self.chance.random(), self.arguments
        for share, fault in ((given.errors, Fault(502)), (given.limits, Fault(429)), (given.slow, Fault(0, 0.3))):
            if drawn < share:
                self.faults += 1
                return fault
            drawn -= share
        return None

    async def asker(self, number: int) -> None:
        """One user, who asks the next question when the last is answered."""
        while self.asked < self.arguments.questions:
            self.asked += 1
            question = f"Who {' '.join(self.chance.sample(_WORDS, 3))} {self.asked}?"
            if self.arguments.drops and self.asked % self.arguments.drops == 0:
                self.drops += 1
                await self.wire.drop()
            await (self._mention(question) if self.asked % 10 == 0 else self._slash(question, number))

    async def _slash(self, question: str, number: int) -> None:
        exchange = await self.wire.slash(question=question, asker=str(10_000 + number), repeat=2 if self.asked % 7 == 0 else 1)
        try:
            await asyncio.wait_for(exchange.done.wait(), _PATIENCE)
        except TimeoutError:
            self.lost += 1
            return
        self.answered.append(time.monotonic() - exchange.sent)
        self.acknowledged.append(exchange.acknowledged - exchange.sent)
        self.refused += exchange.kind == 4 or "components" not in exchange.answers[0]
        await asyncio.sleep(0.05)
        self.twice += len(exchange.answers) > 1
        for token in [token for token, known in self.wire.exchanges.items() if known is exchange]:
            del self.wire.exchanges[token]

    async def _mention(self, question: str) -> None:
        number, began = await self.wire.mention(question), time.monotonic()
        while not self.wire.posted.get(number):
            if time.monotonic() - began > _PATIENCE:
                self.lost += 1
                return
            await asyncio.sleep(0.02)
        self.answered.append(time.monotonic() - began)
        self.refused += not self.wire.posted[number][0].get("components")
        await asyncio.sleep(0.05)
        self.twice += len(self.wire.posted.pop(number)) > 1


def memory(process: int, line_of: str = "VmRSS:") -> float:
    """Resident megabytes, now, or with "VmHWM:" at most so far."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith(line_of):
            return int(line.split()[1]) / 1024
    return 0.0


def share(values: list[float], part: float) -> float:
    """A quantile, in milliseconds."""
    return round(sorted(values)[min(len(values) - 1, int(part * len(values)))] * 1000, 1) if values else 0.0


async def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Ask everything, and stop the bot."""
    wire = Wire(record=False)
    soak = Soak(wire, random.Random(arguments.seed), arguments)
    wire.fault = soak.fault
    await wire.start()
    with tempfile.TemporaryDirectory() as folder:
        index, command = arguments.index, ["-m", "qabot", "bot"]
        if index is None:
            index, command = Path(folder) / "index", ["-m", "tests.discord_bot.slow_bot", str(arguments.seconds)]
            write_index(index)
        options = {"QUEUE": "200", "SERVER_QUESTIONS": "200", "WORKERS": "2", "LOG_LEVEL": "ERROR", "INDEX": str(index.resolve())}
        bot = Process(wire, Path(folder), command, **options)
        while (await asyncio.to_thread(bot.health, "/readyz"))[0] != 200:
            await asyncio.sleep(0.2)
        began, sizes = time.monotonic(), list[float]()
        tasks = [asyncio.create_task(soak.asker(number)) for number in range(arguments.askers)]
        while (await asyncio.wait(tasks, timeout=2))[1]:
            sizes.append(memory(bot.process.pid))
        elapsed = time.monotonic() - began
        await asyncio.gather(*tasks)
        sizes.append(memory(bot.process.pid))
        peak = memory(bot.process.pid, "VmHWM:")
        bot.process.terminate()
        code = await asyncio.to_thread(bot.process.wait, 30)
        log = bot.text()
    await wire.stop()
    early = sizes[len(sizes) // 5 : 2 * len(sizes) // 5] or sizes  # the second fifth: everything is loaded and warm
    late = {name: share(soak.acknowledged, part) for name, part in (("p50", 0.5), ("p99", 0.99), ("max", 1.0))}
    return {
        "questions": arguments.questions,
        "askers": arguments.askers,
        "lost": soak.lost,
        "twice": soak.twice,
        "refused": soak.refused,
        "seconds": round(elapsed, 1),
        "drops": soak.drops,
        "resumes": wire.resumes,
        "identifies": len(wire.identifies),
        "faults": soak.faults,
        "acknowledged_ms": late,
        "answered_ms": {"p50": share(soak.answered, 0.5), "p99": share(soak.answered, 0.99)},
        "peak_mb": round(peak, 1),
        "memory_mb": {"second_fifth": round(sum(early) / len(early), 1), "end": round(sizes[-1], 1)},
        "exit_code": code,
        "errors_logged": log.count(" ERROR "),
    }


def main() -> None:
    """Parse the arguments, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=10_000)
    parser.add_argument("--askers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=0.0, help="how long the engine takes for a question")
    parser.add_argument("--drops", type=int, default=500, help="the connection is dropped at every so many questions; 0: never")
    parser.add_argument("--errors", type=float, default=0.01, help="share of calls that get a 502")
    parser.add_argument("--limits", type=float, default=0.01, help="share of calls that get a 429")
    parser.add_argument("--slow", type=float, default=0.02, help="share of calls that take 0.3 s longer")
    parser.add_argument("--index", type=Path, help="the real bot on this index, instead of one with a small engine")
    parser.add_argument("--seed", type=int, default=1)
    print(json.dumps(asyncio.run(run(parser.parse_args()))))


if __name__ == "__main__":
    main()
