"""What the bot keeps: over a restart, no longer than it may, and nothing of a user who says so."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from qabot.discord_bot.migrations import STEPS
from qabot.discord_bot.preferences import Mode, PreferenceBook, Preferences
from qabot.discord_bot.rendering import Answered
from qabot.discord_bot.state import Place, State
from qabot.errors import SettingsError
from qabot.records import Answer, Hit, Reply, Span, Timing, Turn
from tests.conftest import passage

HIT = Hit(passage("Banzer ruled.", title="Torres"), 0.9)
REPLY = Reply("Who?", None, Answer(Span(HIT, 0, 6, 9.0, 1.0), 0.9), 0.9, (), (HIT,), Timing(1, 2, 3))
HERE = Place(10, 1, 100)


class Clock:
    """Stands still until it is moved."""

    now = 1_000_000.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now


def answered(number: int, question: str = "Who?", silent: bool = False) -> Answered:
    """An answer with the id `number`."""
    return Answered(f"{number:010x}", replace(REPLY, question=question, answer=None if silent else REPLY.answer), 0.8, "g")


def opened(folder: Path, clock: Clock | None = None) -> State:
    """A day's retention, an hour's conversation."""
    return State.load(folder / "state" / "bot.sqlite3", 86_400, 3_600, clock or Clock())


def test_an_answer_survives_a_restart(tmp_path: Path) -> None:
    """Answer, asker, message and turns are there when the file is opened again."""
    state = opened(tmp_path)
    state.keep(answered(1), HERE)
    state.shown_as("0000000001", 77)
    state.close()
    state = opened(tmp_path)
    assert state.answered("0000000001") == answered(1)
    assert (state.asker("0000000001"), state.answer_of(77), state.answer_of(78)) == (1, "0000000001", None)
    assert state.turns(HERE) == (Turn("Who?", "Banzer", "Torres"),)


def test_turns_are_of_one_user_in_one_channel(tmp_path: Path) -> None:
    """Oldest first, the newest six; another's answer that is followed up comes last; an hour later all is forgotten."""
    clock = Clock()
    state = opened(tmp_path, clock)
    for number in range(8):
        state.keep(answered(number, f"q{number}"), HERE)
        clock.now += 1
    state.keep(answered(20, "other user"), Place(10, 2, 100))
    state.keep(answered(21, "other channel"), Place(11, 1, 100))
    assert [turn.question for turn in state.turns(HERE)] == ["q2", "q3", "q4", "q5", "q6", "q7"]
    assert [turn.question for turn in state.turns(HERE, "0000000014")][-2:] == ["q7", "other user"]
    assert [turn.question for turn in state.turns(HERE, "0000000003")] == ["q2", "q4", "q5", "q6", "q7", "q3"]
    clock.now += 3_600
    assert state.turns(HERE) == ()


def test_retention(tmp_path: Path) -> None:
    """After a day an answer is as if it were not there, also before `purge` deletes it with its votes; nothing is left in the file."""
    clock = Clock()
    state = opened(tmp_path, clock)
    state.keep(answered(1, "a very secret question"), HERE)
    state.vote("0000000001", 2, False, "a secret reason")
    clock.now += 86_401
    assert (state.answered("0000000001"), state.gaps(100)) == (None, [])
    state.keep(answered(2), HERE)
    assert state.purge() == 1
    assert state.votes("0000000001") == []
    assert state.answered("0000000002") is not None
    state.close()
    assert b"secret" not in (tmp_path / "state" / "bot.sqlite3").read_bytes()


def test_no_retention_keeps_a_conversation(tmp_path: Path) -> None:
    """0 days: what is older than the conversation's time goes."""
    clock = Clock()
    state = State.load(tmp_path / "s", 0, 3_600, clock)
    state.keep(answered(1), HERE)
    clock.now += 3_599
    assert (state.purge(), state.answered("0000000001")) == (0, answered(1))
    clock.now += 2
    assert state.purge() == 1


def test_a_changed_vote_replaces_the_earlier(tmp_path: Path) -> None:
    """One vote a user; none for an answer that is not kept."""
    state = opened(tmp_path)
    state.keep(answered(1), HERE)
    state.vote("0000000001", 5, True)
    state.vote("0000000001", 6, True)
    assert state.vote("0000000001", 5, False, "too old")
    assert sorted(state.votes("0000000001")) == [(5, False, "too old"), (6, True, "")]
    assert not state.vote("00000000ff", 5, True)


def test_gaps(tmp_path: Path) -> None:
    """What was not answered and what was voted wrong, of this server, newest first."""
    clock = Clock()
    state = opened(tmp_path, clock)
    for number, (question, silent, guild) in enumerate(
        [("good", False, 100), ("silent", True, 100), ("wrong", False, 100), ("far", True, 200)]
    ):
        state.keep(answered(number, question, silent), Place(10, 1, guild))
        clock.now += 1
    state.shown_as("0000000001", 55)
    state.vote("0000000002", 9, False, "no such year")
    state.vote("0000000000", 9, True)
    assert [(gap.question, gap.message_id, gap.reason) for gap in state.gaps(100)] == [
        ("wrong", None, "no such year"),
        ("silent", 55, None),
    ]
    assert state.counts(60) == (2, 2)


def test_a_user_can_erase(tmp_path: Path) -> None:
    """Questions, answers and votes of one user; the others' stay."""
    state = opened(tmp_path)
    state.keep(answered(1, "mine"), HERE)
    state.keep(answered(2, "yours"), Place(10, 2, 100))
    state.vote("0000000002", 1, True)
    kept = state.kept(1)
    assert (kept.answers, kept.votes, kept.newest) == (1, 1, ("mine",))
    assert state.erase(1) == kept
    assert (state.kept(1).answers, state.kept(1).votes, state.kept(2).answers) == (0, 0, 1)


def test_lone_surrogates_and_quotes(tmp_path: Path) -> None:
    """Whatever a user writes can be kept."""
    state = opened(tmp_path)
    state.keep(answered(1, "\ud800 '); drop table answers; --"), HERE)
    state.vote("0000000001", 1, False, "\udfff")
    assert state.kept(1).newest == ("? '); drop table answers; --",)


def test_migrations(tmp_path: Path) -> None:
    """A file of the first step is brought to the newest with its rows; one of a newer version is refused, and so is one that is none."""
    path = tmp_path / "old.sqlite3"
    connection = sqlite3.connect(path)
    connection.executescript(f"{STEPS[0]}; pragma user_version = 1; insert into facts values ('a', 'b');")
    connection.close()
    state = State.load(path, 60, 60)
    assert state.fact("a") == "b"
    assert state.rows("pragma user_version") == [(len(STEPS),)]
    assert state.rows("pragma journal_mode") == [("wal",)]
    state.rows(f"pragma user_version = {len(STEPS) + 1}")
    state.close()
    with pytest.raises(SettingsError, match="newer qabot"):
        State.load(path, 60, 60)
    (tmp_path / "text").write_text("not a database, but long enough to be taken for one" * 20)
    with pytest.raises(SettingsError, match="QABOT_STATE"):
        State.load(tmp_path / "text", 60, 60)


def test_only_the_owner_reads_it(tmp_path: Path) -> None:
    """Questions are nobody else's on the machine."""
    opened(tmp_path).close()
    assert (tmp_path / "state" / "bot.sqlite3").stat().st_mode & 0o077 == 0


def test_preferences_survive_a_restart(tmp_path: Path) -> None:
    """A server's choice; the defaults elsewhere."""
    state = opened(tmp_path)
    chosen = Preferences(private=True, mode=Mode.CONFIDENT, channels=frozenset({3, 4}))
    PreferenceBook(state).change(100, chosen)
    state.close()
    book = PreferenceBook(opened(tmp_path))
    assert (book.of(100), book.of(200), book.of(None)) == (chosen, Preferences(), Preferences())
