"""What the bot keeps, in one sqlite file: answers with their conversations, votes, the servers' settings.

Answers and votes live for the retention that the operator sets; a conversation is what one user asked in one channel within the
conversation's time. Safe to use from several threads, one call at a time. Does not know Discord's types, and does not log.
"""

import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from qabot.conversation import MAX_TURNS
from qabot.discord_bot.archive import freeze, thaw
from qabot.discord_bot.migrations import STEPS, migrate
from qabot.discord_bot.rendering import Answered
from qabot.errors import SettingsError
from qabot.pipeline import turn
from qabot.records import Turn


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question was asked and by whom; `guild_id` is None in direct messages and where only a user installed the bot."""

    channel_id: int
    user_id: int
    guild_id: int | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that was not answered (`reason` None) or was said to be answered wrong. `message_id` None: the reply was private."""

    question: str
    channel_id: int
    message_id: int | None
    reason: str | None
    created: float


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of one user."""

    answers: int
    votes: int
    newest: Sequence[str] = field(default=())


class State:
    """The open file. `retention` and `conversation` are seconds; `clock` gives seconds since 1970."""

    def __init__(
        self, connection: sqlite3.Connection, retention: float, conversation: float, clock: Callable[[], float] = time.time
    ) -> None:
        self._connection, self._clock, self._lock = connection, clock, Lock()
        self.retention, self.conversation = max(retention, conversation), conversation

    @classmethod
    def load(cls, path: Path, retention: float, conversation: float, clock: Callable[[], float] = time.time) -> "State":
        """Open or make the file. Raises SettingsError when it cannot be used, or was written by a newer version."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=5)
            path.chmod(0o600)
            connection.executescript("pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on;")
            connection.execute("pragma secure_delete = on")
            version = connection.execute("pragma user_version").fetchone()[0]
            if version > len(STEPS):
                raise SettingsError(f"{path} was written by a newer qabot (schema {version}, this one knows {len(STEPS)}): update qabot")
            migrate(connection)
        except (sqlite3.Error, OSError) as error:
            raise SettingsError(
                f"the bot's state {path} cannot be used ({error}): set QABOT_STATE to a file that can be written"
            ) from error
        return cls(connection, retention, conversation, clock)

    def close(self) -> None:
        """Write what is pending and let go of the file."""
        with self._lock:
            self._connection.close()

    def keep(self, answered: Answered, place: Place) -> None:
        """Keep an answer, and with it a turn of its conversation."""
        said = turn(answered.reply)
        self._run(
            "insert or replace into answers (answer_id, channel_id, user_id, guild_id, created, question, standalone, answer, title, "
            "generation, sure, reply) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (answered.answer_id, place.channel_id, place.user_id, place.guild_id, self._clock(), _text(answered.reply.question),
             _text(said.question), _text(said.answer), _text(said.title), answered.generation, answered.sure, freeze(answered.reply)),
        )  # fmt: skip

    def shown_as(self, answer_id: str, message_id: int) -> None:
        """Remember which message shows the answer."""
        self._run("update answers set message_id = ? where answer_id = ?", (message_id, answer_id))

    def answered(self, answer_id: str) -> Answered | None:
        """An answer that is still kept."""
        row = self._one("select reply, sure, generation from answers where answer_id = ? and created > ?", (answer_id, self._oldest))
        return Answered(answer_id, thaw(row[0]), row[1], row[2]) if row else None

    def answer_of(self, message_id: int) -> str | None:
        """The id of the answer that a message shows."""
        row = self._one("select answer_id from answers where message_id = ?", (message_id,))
        return str(row[0]) if row else None

    def asker(self, answer_id: str) -> int | None:
        """Who asked."""
        row = self._one("select user_id from answers where answer_id = ?", (answer_id,))
        return int(row[0]) if row else None

    def turns(self, place: Place, after: str | None = None) -> tuple[Turn, ...]:
        """The conversation so far, oldest first; the answer `after`, which is followed up, comes last, whoever asked for it."""
        rows = self._all(
            "select answer_id, standalone, answer, title from answers where channel_id = ? and user_id = ? and created > ? "
            "order by created desc, rowid desc limit ?",
            (place.channel_id, place.user_id, self._clock() - self.conversation, MAX_TURNS),
        )
        rows = [row for row in reversed(rows) if row[0] != after]
        last = self._one("select answer_id, standalone, answer, title from answers where answer_id = ? and created > ?",
                         (after, self._oldest)) if after else None  # fmt: skip
        return tuple(Turn(row[1], row[2], row[3]) for row in ([*rows, last] if last else rows))

    def vote(self, answer_id: str, user_id: int, is_right: bool, reason: str = "") -> bool:
        """Keep a user's vote in place of the one before; False where the answer is no longer kept."""
        if self.asker(answer_id) is None:
            return False
        self._run(
            "insert into votes values (?, ?, ?, ?, ?) on conflict do update set is_right = excluded.is_right, reason = excluded.reason, "
            "created = excluded.created",
            (answer_id, user_id, is_right, _text(reason), self._clock()),
        )
        return True

    def votes(self, answer_id: str) -> list[tuple[int, bool, str]]:
        """(user, right, reason) of each vote."""
        return [
            (row[0], bool(row[1]), row[2])
            for row in self._all("select user_id, is_right, reason from votes where answer_id = ?", (answer_id,))
        ]

    def forget(self, answer_id: str) -> None:
        """Delete an answer with its votes."""
        self._run("delete from answers where answer_id = ?", (answer_id,))

    def gaps(self, guild_id: int, limit: int = 200) -> list[Gap]:
        """What a server asked and was not answered, or was voted wrong, newest first."""
        rows = self._all(
            "select a.question, a.channel_id, a.message_id, case when a.answer is null then null else max(v.reason) end, a.created "
            "from answers a left join votes v on v.answer_id = a.answer_id and not v.is_right "
            "where a.guild_id = ? and a.created > ? and (a.answer is null or v.answer_id is not null) "
            "group by a.answer_id order by a.created desc limit ?",
            (guild_id, self._oldest, limit),
        )
        return [Gap(*row) for row in rows]

    def counts(self, seconds: float) -> tuple[int, int]:
        """(answered, abstained) in the last `seconds`."""
        row = self._one("select count(answer), count(*) - count(answer) from answers where created > ?", (self._clock() - seconds,))
        return (int(row[0]), int(row[1])) if row else (0, 0)

    def kept(self, user_id: int) -> Kept:
        """What is kept of a user."""
        answers = self._all("select question from answers where user_id = ? order by created desc", (user_id,))
        votes = self._one("select count(*) from votes where user_id = ?", (user_id,))
        return Kept(len(answers), int(votes[0]) if votes else 0, tuple(str(row[0]) for row in answers[:5]))

    def erase(self, user_id: int) -> Kept:
        """Delete everything of a user; what it was."""
        kept = self.kept(user_id)
        self._run("delete from votes where user_id = ?", (user_id,))
        self._run("delete from answers where user_id = ?", (user_id,))
        return kept

    def purge(self) -> int:
        """Delete what is older than the retention; how many answers that were."""
        return self._run("delete from answers where created <= ?", (self._oldest,))

    def fact(self, name: str) -> str | None:
        """A value that was kept under a name."""
        row = self._one("select value from facts where name = ?", (name,))
        return str(row[0]) if row else None

    def set_fact(self, name: str, value: str) -> None:
        """Keep a value under a name."""
        self._run("insert or replace into facts values (?, ?)", (name, value))

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """Run one statement for a module that keeps a table of its own here; its rows."""
        return self._all(query, values)

    @property
    def _oldest(self) -> float:
        return self._clock() - self.retention

    def _run(self, query: str, values: Sequence[Any]) -> int:
        with self._lock:
            return self._connection.execute(query, values).rowcount

    def _one(self, query: str, values: Sequence[Any]) -> Any:
        with self._lock:
            return self._connection.execute(query, values).fetchone()

    def _all(self, query: str, values: Sequence[Any]) -> list[Any]:
        with self._lock:
            return self._connection.execute(query, values).fetchall()


def _text(text: str | None) -> str | None:
    """Without lone surrogates, which sqlite cannot keep."""
    return text.encode("utf-8", "replace").decode() if text is not None else None
