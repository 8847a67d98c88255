"""The bot as a process, over sockets, against a small Discord on loopback: what no simulation within one process can show."""

import asyncio
import json
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.discord_bot.process import TOKEN, Process, until
from tests.discord_bot.small import texts_of, write_index
from tests.discord_bot.wire import GUILD, USER, Exchange, Fault, ThreadedWire, user

QUESTION = "Who overthrew Torres?"


@contextmanager
def running(
    wire: ThreadedWire, folder: Path, seconds: float = 0.0, arguments: list[str] | None = None, **settings: str
) -> Iterator[Process]:
    """A bot that is ready, stopped at the end."""
    if not (folder / "index").exists():
        write_index(folder / "index")
    bot = Process(wire, folder, arguments or ["-m", "tests.discord_bot.slow_bot", str(seconds)], **settings)
    try:
        until(lambda: bot.health("/readyz")[0] == 200 or bot.process.poll() is not None, 180)  # the real one may have to compile its models
        assert bot.process.poll() is None, bot.text()
        yield bot
    finally:
        if bot.process.poll() is None:
            bot.process.terminate()
            try:
                bot.process.wait(30)
            except subprocess.TimeoutExpired:
                bot.process.kill()
        print(bot.text())  # noqa: T201
        bot.log.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ThreadedWire, Process]]:
    """One bot for the tests that leave it as it was: each question takes 0.8 s."""
    with ThreadedWire() as wire, running(wire, tmp_path_factory.mktemp("bot"), 0.8, WORKERS="2") as bot:
        yield wire, bot
        assert TOKEN not in bot.text()


def head(exchange: Exchange) -> str:
    """The first text of the answer."""
    return texts_of(exchange.answers[-1]["components"])[0]


def test_acknowledged_while_the_model_works(shared: tuple[ThreadedWire, Process]) -> None:
    """Six at once, each 0.8 s of work for two threads: every one is acknowledged within a second, and all are answered."""
    wire, _ = shared

    async def ask() -> list[Exchange]:
        made = [await wire.slash(question=f"Who overthrew Torres in {number}?", asker=str(400 + number)) for number in range(5)]
        for exchange in made:
            await exchange.done.wait()
        return made

    made = wire.run(ask())
    assert max(exchange.acknowledged - exchange.sent for exchange in made) < 1
    assert [exchange.kind for exchange in made] == [5] * 5
    assert max(time.monotonic() - exchange.sent for exchange in made) > 1.6
    assert all(head(exchange) == "## Banzer" for exchange in made)


def test_busy_is_said_at_once(shared: tuple[ThreadedWire, Process]) -> None:
    """The sixth question of a server is refused privately, before any "thinking"."""
    wire, _ = shared

    async def ask() -> list[Exchange]:
        made = [await wire.slash(question=f"Who overthrew Torres again {number}?", asker=str(500 + number)) for number in range(6)]
        for exchange in made:
            await exchange.done.wait()
        return made

    *_, last = wire.run(ask())
    assert (last.kind, last.answers[0]["flags"] & 64) == (4, 64)
    assert last.answers[0]["content"].startswith("5 questions of this server are being answered already.")


@pytest.mark.parametrize("status", [429, 503])
def test_a_failing_rest_is_tried_again(shared: tuple[ThreadedWire, Process], status: int) -> None:
    """The final edit fails twice, then goes through: one answer."""
    wire, _ = shared
    left = [2]

    def fault(method: str, path: str) -> Fault | None:
        if method == "PATCH" and left[0]:
            left[0] -= 1
            return Fault(status)
        return None

    wire.fault = fault
    try:
        exchange = wire.ask(f"Who overthrew Torres at {status}?")
    finally:
        wire.fault = lambda method, path: None
    assert left == [0]
    assert (len(exchange.answers), head(exchange)) == (1, "## Banzer")


def test_a_repeated_event_is_answered_once(shared: tuple[ThreadedWire, Process]) -> None:
    """The same interaction twice, the same message twice: one acknowledgement, one answer each."""
    wire, _ = shared
    exchange = wire.ask("Who overthrew Torres once?", repeat=2)
    mentioned = wire.run(wire.mention("Who overthrew Torres by mention?", repeat=3))
    until(lambda: wire.posted.get(mentioned))
    after = wire.ask("Who overthrew Torres after that?")  # whatever was to come has come
    assert head(after) == "## Banzer"
    assert (len(exchange.answers), len(wire.posted[mentioned])) == (1, 1)
    callbacks = [
        request for request in wire.requests if request.path.endswith("/callback") and f"t{request.path.split('/')[2]}" in wire.exchanges
    ]
    assert len({request.path for request in callbacks}) == len(callbacks)
    assert wire.posted[mentioned][0]["allowed_mentions"]["parse"] == []
    assert wire.posted[mentioned][0]["allowed_mentions"]["replied_user"] is False


def test_a_dropped_connection_is_resumed(shared: tuple[ThreadedWire, Process]) -> None:
    """What happened meanwhile comes with the resume; no new IDENTIFY."""
    wire, _ = shared
    identifies, resumes = len(wire.identifies), wire.resumes

    async def drop_and_ask() -> Exchange:
        await wire.drop()
        exchange = await wire.slash(question="Who overthrew Torres meanwhile?")
        await exchange.done.wait()
        return exchange

    assert head(wire.run(drop_and_ask())) == "## Banzer"
    assert (len(wire.identifies), wire.resumes) == (identifies, resumes + 1)


def test_user_install_and_locale(shared: tuple[ThreadedWire, Process]) -> None:
    """In a server that did not install the bot, for a Spanish user: answered privately and in Spanish; in a group of friends in public."""
    wire, _ = shared
    elsewhere = {
        "authorizing_integration_owners": {"1": USER},
        "locale": "es-419",
        "guild_id": "777",
        "guild": {"id": "777", "features": [], "locale": "es-ES"},
    }
    exchange = wire.ask("Who overthrew Torres elsewhere?", more=elsewhere)
    callback = next(r for r in reversed(wire.requests) if r.path.endswith("/callback"))
    assert callback.body["data"]["flags"] & 64
    assert texts_of(exchange.answers[0]["components"])[1].split("\n")[1] == "-# Seguro · Torres › Life"
    friends = {"authorizing_integration_owners": {"1": USER}, "context": 2, "guild_id": None, "member": None, "user": user(),
               "channel": {"id": "888", "type": 3, "recipients": []}, "channel_id": "888"}  # fmt: skip
    assert head(wire.ask("Who overthrew Torres among friends?", more=friends)) == "## Banzer"
    callback = next(r for r in reversed(wire.requests) if r.path.endswith("/callback"))
    assert not callback.body.get("data", {}).get("flags", 0) & 64


def test_health_and_metrics(shared: tuple[ThreadedWire, Process]) -> None:
    """Ready, live, and counted; no text of a user is in the figures or in the log."""
    wire, bot = shared
    wire.ask("Who overthrew Torres, says Zaphod?")
    assert json.loads(bot.health("/healthz")[1]) == {"live": True, "faults": []}
    status, text = bot.health("/metrics")
    assert status == 200
    assert 'qabot_questions_total{outcome="answered"}' in text
    assert "qabot_ready 1.0" in text
    assert f'generation="{json.loads((Path(bot.log.name).parent / "index" / "manifest.json").read_text())["generation"]}"' in text
    assert "Zaphod" not in text + bot.text()


def test_a_rebuilt_index_is_picked_up(shared: tuple[ThreadedWire, Process]) -> None:
    """`qabot build` publishes another index: it answers without a restart."""
    wire, bot = shared
    folder = Path(bot.log.name).parent / "index"
    write_index(folder, ("Ovando overthrew Siles in a coup.",))
    until(lambda: f'generation="{json.loads((folder / "manifest.json").read_text())["generation"]}"' in bot.health("/metrics")[1], 30)
    assert head(wire.ask("Who overthrew Siles?")) == "## Ovando"


def test_sigterm_during_an_answer(tmp_path: Path) -> None:
    """The answer is still given, what comes after is told that the bot restarts, and the exit code is 0."""
    with ThreadedWire() as wire, running(wire, tmp_path, 2.0, LOG_JSON="true") as bot:

        async def ask() -> tuple[Exchange, Exchange]:
            first = await wire.slash(question=QUESTION)
            while not first.acknowledged:
                await asyncio.sleep(0.02)
            bot.process.send_signal(signal.SIGTERM)
            await asyncio.sleep(0.3)
            second = await wire.slash(question="And when?", asker="301")
            await second.done.wait()
            await first.done.wait()
            return first, second

        first, second = wire.run(ask())
        assert bot.exit_code(10) == 0
        assert head(first) == "## Banzer"
        assert second.answers[0]["content"].startswith("I am restarting.")
        assert second.acknowledged - second.sent < 1  # though the model had more than a second of work left
        assert all(json.loads(line)["level"] in ("INFO", "WARNING") for line in bot.text().splitlines())


def test_health_turns_red_when_the_socket_goes_silent(tmp_path: Path) -> None:
    """Nothing comes any more, not even heartbeats' acknowledgements: the bot is not called live."""
    with ThreadedWire(heartbeat=0.3) as wire, running(wire, tmp_path, HEALTH_SILENCE="1.5") as bot:
        time.sleep(2.0)
        assert bot.health("/healthz")[0] == 200  # acknowledgements alone keep it alive
        wire.silent = True
        until(lambda: bot.health("/healthz")[0] == 503, 10)
        assert "no word from Discord" in bot.health("/healthz")[1]
        assert bot.health("/readyz")[0] == 503


def test_no_storm_of_identifies(tmp_path: Path) -> None:
    """Discord refuses every session: the second IDENTIFY comes five seconds later, not at once, and the third later still."""
    with ThreadedWire() as wire:
        wire.invalid = True
        write_index(tmp_path / "index")
        bot = Process(wire, tmp_path, ["-m", "tests.discord_bot.slow_bot", "0"])
        try:
            until(lambda: len(wire.identifies) == 2, 40)
            time.sleep(5.5)
            assert len(wire.identifies) == 2
            assert wire.identifies[1] - wire.identifies[0] > 4.5
            bot.process.send_signal(signal.SIGINT)
            assert bot.exit_code(10) == 0
        finally:
            bot.process.kill()


def test_a_bad_token_is_one_line(tmp_path: Path) -> None:
    """Of the real `bot.py`: exit code 1, no traceback, no token."""
    with ThreadedWire() as wire:
        wire.refused_token = TOKEN
        bot = Process(wire, tmp_path, ["bot.py"], INDEX=str(ROOT / "index"))
        assert bot.exit_code(60) == 1
        lines = [line for line in bot.text().splitlines() if "INFO" not in line]
        assert lines == [
            "qabot: Discord does not take the token: copy it again from the developer portal (Bot, Reset Token) into DISCORD_TOKEN"
        ]
        assert TOKEN not in bot.text()


@pytest.mark.parametrize(("code", "said"), [(4014, "the message content intent is not allowed"), (4004, "Discord does not take the token")])
def test_what_the_gateway_refuses_is_one_line(tmp_path: Path, code: int, said: str) -> None:
    """An intent that the portal does not allow, a token that was reset meanwhile: exit code 1."""
    with ThreadedWire() as wire:
        wire.refusal_code = code
        write_index(tmp_path / "index")
        bot = Process(wire, tmp_path, ["-m", "tests.discord_bot.slow_bot", "0"])
        assert bot.exit_code(30) == 1
        assert bot.text().splitlines()[-1].startswith(f"qabot: {said}")
        assert "Traceback" not in bot.text()
        assert len(wire.identifies) == 1


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("INDEX", "/nowhere", "the index /nowhere does not exist"),
        ("COOLDOWN", "3", "there is no setting QABOT_COOLDOWN: did you mean QABOT_COOLDOWN_SECONDS?"),
    ],
)
def test_what_is_wrong_at_the_start_is_one_line(tmp_path: Path, name: str, value: str, said: str) -> None:
    """A missing index, an unknown setting: exit code 1 before anything is connected to."""
    with ThreadedWire() as wire:
        bot = Process(wire, tmp_path, ["bot.py"], **{name: value})
        assert bot.exit_code(60) == 1
        assert bot.text().startswith(f"qabot: {said}")
        assert len(bot.text().splitlines()) == 1
        assert wire.requests == []


def test_a_broken_index_ends_it(tmp_path: Path) -> None:
    """What shows only while the index is being loaded, when Discord is connected to already: one line, exit code 1."""
    with ThreadedWire() as wire:
        manifest = write_index(tmp_path / "index")
        (tmp_path / "index" / manifest.generation / "passages.jsonl").write_text("{}")
        bot = Process(wire, tmp_path, ["-m", "tests.discord_bot.slow_bot", "0"])
        assert bot.exit_code(30) == 1
        assert bot.text().splitlines()[-1].startswith("qabot: the index ")
        assert "Traceback" not in bot.text()


def test_the_real_bot_answers(tmp_path: Path) -> None:
    """`bot.py` with the shipped models: not ready while it loads and saying so, then an answer; SIGINT ends it with 0."""
    with ThreadedWire() as wire, running(wire, tmp_path, 0, ["bot.py"], INDEX=str(ROOT / "index")) as bot:
        assert head(wire.ask("Who overthrew Torres?")).endswith("Hugo Banzer")
        bot.process.send_signal(signal.SIGINT)
        assert bot.exit_code(15) == 0
        assert GUILD not in bot.text()
