"""What the README says of the bot is so."""

import re

import discord

from qabot.settings import Settings
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_setting_is_in_a_table_with_its_default() -> None:
    """And no other is."""
    rows = {
        name: row for row in README.splitlines() if row.startswith("| `") for name in re.findall(r"`(QABOT_[A-Z_]+)`", row.split("|")[1])
    }
    own = ("discord_token", "engine")  # the token has no prefix, and an engine is named by the index
    fields = {f"QABOT_{name.upper()}": field for name, field in Settings.model_fields.items() if name not in own}
    assert set(rows) == set(fields)
    for name, field in fields.items():
        if field.default_factory is not None:
            continue
        shown = "" if field.default is None else f"`{str(field.default).lower() if isinstance(field.default, bool) else field.default}`"
        assert rows[name].split("|")[2].strip() == shown, name


def test_the_invite_asks_for_what_is_named() -> None:
    """The number in the link is the four permissions."""
    wanted = discord.Permissions(view_channel=True, send_messages=True, send_messages_in_threads=True, read_message_history=True)
    assert re.findall(r"permissions=(\d+)", README) == [str(wanted.value)]


def test_every_file_of_the_bot_is_named() -> None:
    """In the table of files."""
    for path in (ROOT / "qabot" / "discord_bot").glob("*.py"):
        assert path.name == "__init__.py" or f"`{path.name}`" in README, path.name
