"""What managers set and see, what others cannot, and what everyone is told, in a simulated Discord."""

from pathlib import Path
from typing import Any

import discord
import pytest
import simcord

from qabot.discord_bot.client import QABot
from qabot.discord_bot.preferences import Mode, Preferences
from qabot.discord_bot.strings import ENGLISH
from tests.discord_bot.small import buttons_of, settings_in, simulated, texts_of
from tests.discord_bot.test_asking import QUESTION, room
from tests.discord_bot.test_buttons import field
from tests.discord_bot.test_reindex import reindexer, world, write


def manager(env: Any, name: str = "mia") -> Any:
    """A member who may manage the server."""
    role = env.guild.create_role(name, permissions=discord.Permissions(manage_guild=True))
    return env.guild.add_member(env.create_user(name), roles=[role])


def said(result: Any) -> str:
    """The one text of a private card."""
    assert result.ephemeral
    (text,) = texts_of(result.response.components)
    return text


def test_config(tmp_path: Path) -> None:
    """Channels are added and taken out, the rest is changed alone; a mode that needs the intent is refused without it."""

    async def play(env: Any, bot: QABot) -> None:
        channel, _ = room(env)
        other, mia = env.guild.create_text_channel("other"), manager(env)
        assert said(await mia.slash(channel, "admin config")) == "Channels: all. Answers are public by default. I answer unasked: mention."
        await mia.slash(channel, "admin config", add=channel)
        await mia.slash(channel, "admin config", add=other)
        await mia.slash(channel, "admin config", remove=channel, private=True)
        assert bot.answering.preferences.of(env.guild.id) == Preferences(private=True, channels=frozenset({other.id}))
        assert said(await mia.slash(channel, "admin config", mode="always")) == ENGLISH.config_intent
        assert bot.answering.preferences.of(env.guild.id).mode is Mode.MENTION

    simulated(settings_in(tmp_path), play)


def test_others_cannot(tmp_path: Path) -> None:
    """Discord does not offer the commands to others; where a server opened them, the bot still refuses."""

    async def play(env: Any, bot: QABot) -> None:
        channel, ana = room(env)
        manager(env)
        assert not [name for name in ana.available_commands(channel) if name.startswith(("admin", "doctor"))]
        with pytest.raises(simcord.SetupError):
            await ana.slash(channel, "admin gaps")
        bot.tree.get_command("admin").default_permissions = None  # type: ignore[union-attr]
        await bot.tree.sync()
        refused = await ana.slash(channel, "admin gaps")
        assert (refused.ephemeral, refused.response.content) == (True, ENGLISH.managers_only)

    simulated(settings_in(tmp_path), play, check_errors=False)


def test_gaps(tmp_path: Path) -> None:
    """What was not answered and what was voted wrong, with a link to the reply and the reason."""

    async def play(env: Any, bot: QABot) -> None:
        channel, ana = room(env)
        mia = manager(env)
        assert said(await mia.slash(channel, "admin gaps")) == ENGLISH.gaps_none
        await ana.slash(channel, "ask", question="What is unknown here?")
        await ana.slash(channel, "ask", question="what is unknown here")
        answer = (await ana.slash(channel, "ask", question=QUESTION)).response
        form = await ana.click(answer, label="Wrong")
        await ana.submit_modal(form, {field(form): "It was Ovando."})
        first, second = said(await mia.slash(channel, "admin gaps")).split("\n")[1:]
        assert first.startswith(f"2× what is unknown here · https://discord.com/channels/{env.guild.id}/{channel.id}/")
        assert second == f"1× {QUESTION} · wrong: It was Ovando. · https://discord.com/channels/{env.guild.id}/{channel.id}/{answer.id}"

    simulated(settings_in(tmp_path), play)


def test_reindex(tmp_path: Path) -> None:
    """The dry run changes nothing; the button builds and the new index answers at once; rollback brings the old one back."""
    settings = world(tmp_path)

    async def play(env: Any, bot: QABot) -> None:
        bot.reindexer = reindexer(settings)
        channel, ana = room(env)
        mia = manager(env)
        assert said(await mia.slash(channel, "admin reindex")) == ENGLISH.reindex_same
        write(tmp_path, "Ovando overthrew Siles.")
        plan = await mia.slash(channel, "admin reindex")
        assert said(plan).startswith("Building again would change:\n\\~ Torres (")
        assert [button["label"] for button in buttons_of(plan.response.components)] == [ENGLISH.reindex_start]
        await mia.click(plan.response, label=ENGLISH.reindex_start)
        assert said(plan).startswith("Done: 1 passages of 1 article(s), index `")
        assert texts_of((await ana.slash(channel, "ask", question="Who overthrew Siles?")).response.components)[0] == "## Ovando"
        assert said(await mia.slash(channel, "admin rollback")).startswith("The index before is back: `")
        assert texts_of((await ana.slash(channel, "ask", question=QUESTION)).response.components)[0] == "## Banzer"

    simulated(settings, play)


def test_the_index_is_built_from_home(tmp_path: Path) -> None:
    """Where the operator named a server, managers of another neither build nor roll back; the button of an old message refuses too."""
    settings = world(tmp_path, home_server=1)

    async def play(env: Any, bot: QABot) -> None:
        channel, _ = room(env)
        mia = manager(env)
        for name in ("admin reindex", "admin rollback"):
            assert said(await mia.slash(channel, name)) == ENGLISH.home_only
        bot.settings.home_server = env.guild.id
        write(tmp_path, "Ovando overthrew Siles.")
        plan = await mia.slash(channel, "admin reindex")
        bot.settings.home_server = 1
        refused = await mia.click(plan.response, label=ENGLISH.reindex_start)
        assert (refused.ephemeral, refused.response.content) == (True, ENGLISH.home_only)

    simulated(settings, play)


def test_doctor(tmp_path: Path) -> None:
    """A channel where the bot may not write is named, with what it lacks; the index and the commands are looked at."""
    settings = world(tmp_path)

    async def play(env: Any, bot: QABot) -> None:
        channel, _ = room(env)
        mia = manager(env)
        silent = discord.PermissionOverwrite(send_messages=False)
        closed = env.guild.create_text_channel("closed", overwrites={env.guild.default_role: silent})
        bot.answering.preferences.change(env.guild.id, Preferences(channels=frozenset({channel.id, closed.id, 12345})))
        text = said(await mia.slash(channel, "doctor"))
        assert "✅ commands: registered as they are" in text
        assert "✅ index: up to date" in text
        assert "❌ <#12345>: gone" in text
        assert f"❌ <#{closed.id}>: I lack send messages" in text
        assert f"✅ <#{channel.id}>: I may see, send and read" in text
        write(tmp_path, "Ovando overthrew Siles.")
        bot.answering.state.set_fact("commands", "others")
        text = said(await mia.slash(channel, "doctor"))
        assert "❌ index: 1 article(s) changed since it was built" in text
        assert "❌ commands: changed" in text

    simulated(settings, play)


def test_about_sources_status_and_help(tmp_path: Path) -> None:
    """Each to the one who asks alone, with what is so now."""

    async def play(env: Any, bot: QABot) -> None:
        channel, ana = room(env)
        await ana.slash(channel, "ask", question=QUESTION)
        await ana.slash(channel, "ask", question="What is unknown here?")
        assert "I answer questions about Torres, with the exact words" in said(await ana.slash(channel, "about"))
        assert said(await ana.slash(channel, "sources")) == "What I answer from:\n- Torres"
        status = said(await ana.slash(channel, "status"))
        assert "3 passages of 1. Answered 1, abstained 1 in the last day. Waiting now: 0." in status
        assert "60 minutes" in said(await ana.slash(channel, "help"))

    simulated(settings_in(tmp_path), play)


def test_privacy(tmp_path: Path) -> None:
    """What is kept is shown and deleted, the user's own and nobody else's."""

    async def play(env: Any, bot: QABot) -> None:
        channel, ana = room(env)
        _, bob = room(env, "bob")
        assert said(await ana.slash(channel, "privacy")) == ENGLISH.privacy_none
        await ana.slash(channel, "ask", question=f"*{QUESTION}*")
        await bob.slash(channel, "ask", question="Who sang?")
        text = said(await ana.slash(channel, "privacy"))
        assert text.startswith("Of you I keep 1 questions with their answers, and 0 votes. Everything is deleted after 30 days;")
        assert text.endswith(f"- \\*{QUESTION}\\*")
        assert said(await ana.slash(channel, "privacy", delete=True)) == "Deleted: 1 questions with their answers, and 0 votes."
        assert said(await ana.slash(channel, "privacy")) == ENGLISH.privacy_none
        assert bot.answering.state.kept(bob.id).answers == 1

    simulated(settings_in(tmp_path), play)
