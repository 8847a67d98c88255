"""A server's own settings: in which channels the bot answers, whether privately, and when it answers unasked."""

import json
from dataclasses import dataclass
from enum import StrEnum

from qabot.discord_bot.state import State


class Mode(StrEnum):
    """When a question that is not put to the bot is answered, in the channels that the server names."""

    MENTION = "mention"  # never
    CONFIDENT = "confident"  # when the answer is sure
    ALWAYS = "always"  # also when the answer is only probable, and to say that the article does not say


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a server chose. No `channels`: the bot answers in all, and unasked in none."""

    private: bool = False
    mode: Mode = Mode.MENTION
    channels: frozenset[int] = frozenset()


class PreferenceBook:
    """The preferences of all servers, read once and kept in memory, since every message asks for them."""

    def __init__(self, state: State) -> None:
        self._state = state
        rows = state.rows("select guild_id, private, mode, channels from guilds")
        self._known = {row[0]: Preferences(bool(row[1]), Mode(row[2]), frozenset(json.loads(row[3]))) for row in rows}

    def of(self, guild_id: int | None) -> Preferences:
        """A server's preferences; the defaults outside servers."""
        return self._known.get(guild_id, Preferences()) if guild_id is not None else Preferences()

    def change(self, guild_id: int, preferences: Preferences) -> None:
        """Keep a server's preferences."""
        values = (guild_id, preferences.private, preferences.mode.value, json.dumps(sorted(preferences.channels)))
        self._state.rows("insert or replace into guilds values (?, ?, ?, ?)", values)
        self._known[guild_id] = preferences
