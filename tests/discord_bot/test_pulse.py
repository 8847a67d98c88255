"""A bot that is deaf, late, not connected or without an index is not called healthy."""

from pathlib import Path

from qabot.discord_bot.identifies import Identifies
from qabot.discord_bot.pulse import Pulse
from qabot.discord_bot.state import State


class World:
    """What the pulse looks at."""

    index, connected, now = True, True, 0.0


def test_verdicts() -> None:
    """Deaf and late ask for a restart; a missing index or connection only says that no question is answered."""
    world = World()
    pulse = Pulse(100, lambda: world.index, lambda: world.connected, lambda: world.now)
    assert pulse.verdict().ready
    world.index = False
    assert (pulse.verdict().live, pulse.verdict().ready, pulse.verdict().faults) == (True, False, ("the index is not loaded",))
    world.index, world.connected = True, False
    assert (pulse.verdict().live, pulse.verdict().faults) == (True, ("not connected to Discord",))
    world.connected, world.now = True, 5.4
    assert pulse.verdict().live
    world.now = 5.6
    assert pulse.verdict().faults == ("the event loop is 5.1 s late",)
    world.now = 101.0
    assert pulse.verdict().faults[0] == "no word from Discord for 101 s"
    pulse.heard()
    assert pulse.verdict().faults == ("the event loop is 100.5 s late",)


def test_identifies_slow_down(tmp_path: Path) -> None:
    """5, 10, 20 s and so on up to five minutes within a process; a loop of restarts is slowed down too; half an hour of quiet ends it."""
    world = World()
    state = State.load(tmp_path / "s", 60, 60)
    identifies = Identifies(state, lambda: world.now)
    waits = [identifies.wait(initial=number == 0) for number in range(10)]
    assert waits == [0.0, 5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 300.0, 300.0, 300.0]
    assert Identifies(state, lambda: world.now).wait(initial=True) == 300.0
    world.now += 2_000
    assert [Identifies(state, lambda: world.now).wait(initial=True) for _ in range(5)] == [0.0, 0.0, 0.0, 5.0, 10.0]
