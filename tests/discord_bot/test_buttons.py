"""The buttons under an answer: in a simulated Discord, also after a restart and when the answer is no longer kept."""

from pathlib import Path
from typing import Any

import discord

from qabot.discord_bot.client import QABot
from qabot.discord_bot.strings import ENGLISH
from tests.discord_bot.small import TEXTS, buttons_of, make_bot, settings_in, simulated, texts_of
from tests.discord_bot.test_asking import QUESTION, room


def id_of(message: Any) -> str:
    """The answer's id, from one of its buttons."""
    button = next(button for button in buttons_of(message.components) if "custom_id" in button)
    return str(button["custom_id"]).split(":")[2]


def test_passages_are_paged(tmp_path: Path) -> None:
    """The first passage whole, to the one who pressed alone; Next and Previous through the hits, Before and After in the article."""

    async def play(env: Any, bot: QABot) -> None:
        channel, ana = room(env)
        answer = (await ana.slash(channel, "ask", question=QUESTION)).response
        shown = await ana.click(answer, label="Passages (3)")
        assert shown.ephemeral
        assert texts_of(shown.response.components) == ["**Passage 1 of 3** · Torres › Life", f"**Banzer**{TEXTS[0][6:]}"]
        await ana.click(shown.response, label="Next")
        second = texts_of(shown.response.components)
        assert second[0] == "**Passage 2 of 3** · Torres › Life"
        assert second[1] in TEXTS[1:]
        await ana.click(shown.response, label="Previous")
        await ana.click(shown.response, label="What stands after")
        assert texts_of(shown.response.components)[1] == TEXTS[1]
        assert texts_of(answer.components)[0] == "## Banzer"  # the answer itself is as it was

    simulated(settings_in(tmp_path), play)


def test_a_follow_up_is_a_form(tmp_path: Path) -> None:
    """The form's question is read after the answer that it stands under, also when another asks; privately under a private answer."""

    async def play(env: Any, bot: QABot) -> None:
        channel, ana = room(env)
        _, bob = room(env, "bob")
        answer = (await ana.slash(channel, "ask", question="When did Banzer rule?")).response
        form = await bob.click(answer, label="Follow up")
        assert form.modal is not None
        asked = await bob.submit_modal(form, {field(form): "And where?"})
        assert not asked.ephemeral
        assert "read as: Where did Banzer rule" in texts_of(asked.response.components)[-1]
        private = (await ana.slash(channel, "ask", question=QUESTION, private=True)).response
        form = await ana.click(private, label="Follow up")
        assert (await ana.submit_modal(form, {field(form): "And where?"})).ephemeral

    simulated(settings_in(tmp_path), play)


def field(form: Any) -> str:
    """The id of a form's text field."""
    return str(form.modal["components"][0]["component"]["custom_id"])


def test_votes(tmp_path: Path) -> None:
    """Right is kept at once; wrong is kept at once and its reason when the form is sent; the last vote stands alone."""

    async def play(env: Any, bot: QABot) -> None:
        channel, ana = room(env)
        answer = (await ana.slash(channel, "ask", question=QUESTION)).response
        thanks = await ana.click(answer, label="Right")
        assert (thanks.ephemeral, thanks.response.content) == (True, ENGLISH.voted)
        assert bot.answering.state.votes(id_of(answer)) == [(ana.id, True, "")]
        form = await ana.click(answer, label="Wrong")
        assert bot.answering.state.votes(id_of(answer)) == [(ana.id, False, "")]
        thanks = await ana.submit_modal(form, {field(form): "It was Ovando."})
        assert (thanks.ephemeral, thanks.response.content) == (True, ENGLISH.reason_kept)
        assert bot.answering.state.votes(id_of(answer)) == [(ana.id, False, "It was Ovando.")]

    simulated(settings_in(tmp_path), play)


def test_why(tmp_path: Path) -> None:
    """Scores, times and the index, to the one who asks alone."""

    async def play(env: Any, bot: QABot) -> None:
        channel, ana = room(env)
        answer = (await ana.slash(channel, "ask", question=QUESTION)).response
        why = await ana.click(answer, label="Why?")
        assert why.ephemeral
        manifest = bot.answering.engine.manifest
        assert manifest is not None
        for part in (
            "**Sure**, measured probability 0.99",
            manifest.generation,
            id_of(answer),
            "Banzer: 0.99 (reader's margin +5.0)",
            "BM25",
        ):
            assert part in why.response.content

    simulated(settings_in(tmp_path), play)


def test_delete(tmp_path: Path) -> None:
    """By the asker and by who may manage messages, by nobody else; the answer is deleted from what is kept too."""

    async def play(env: Any, bot: QABot) -> None:
        channel, ana = room(env)
        _, bob = room(env, "bob")
        mods = env.guild.create_role("mods", permissions=discord.Permissions(manage_messages=True))
        mod = env.guild.add_member(env.create_user("mod"), roles=[mods])
        answer = (await ana.slash(channel, "ask", question=QUESTION)).response
        refused = await bob.click(answer, label="Delete")
        assert (refused.ephemeral, refused.response.content) == (True, ENGLISH.deleted_not)
        assert len(channel.history()) == 1
        await ana.click(answer, label="Delete")
        assert channel.history() == []
        assert bot.answering.state.answered(id_of(answer)) is None
        answer = (await ana.slash(channel, "ask", question=QUESTION)).response
        await mod.click(answer, label="Delete")
        assert channel.history() == []

    simulated(settings_in(tmp_path), play)


def test_after_a_restart(tmp_path: Path) -> None:
    """Another process, the same file: the buttons of the old message work, and the conversation goes on."""

    async def play(env: Any, bot: QABot) -> None:
        channel, ana = room(env)
        answer = (await ana.slash(channel, "ask", question="When did Banzer rule?")).response
        await env.restart_bot(make_bot(bot.settings))
        await env.settle()
        shown = await ana.click(answer, label="Passages (3)")
        assert texts_of(shown.response.components)[0].startswith("**Passage 1 of 3**")
        more = await ana.slash(channel, "ask", question="And where?")
        assert "read as: Where did Banzer rule" in texts_of(more.response.components)[-1]

    simulated(settings_in(tmp_path), play)


def test_what_is_no_longer_kept_is_gone(tmp_path: Path) -> None:
    """Every button says so privately, but for Delete, with which those who manage messages can still clear it away."""

    async def play(env: Any, bot: QABot) -> None:
        channel, ana = room(env)
        answer = (await ana.slash(channel, "ask", question=QUESTION)).response
        bot.answering.state.forget(id_of(answer))
        for label in ("Passages (3)", "Follow up", "Right", "Wrong", "Why?"):
            said = await ana.click(answer, label=label)
            assert (said.ephemeral, said.response.content) == (True, ENGLISH.gone)
        mods = env.guild.create_role("mods", permissions=discord.Permissions(manage_messages=True))
        await env.guild.add_member(env.create_user("mod"), roles=[mods]).click(answer, label="Delete")
        assert channel.history() == []

    simulated(settings_in(tmp_path), play)


def test_a_conversation_is_forgotten(tmp_path: Path) -> None:
    """After the conversation's time a follow-up is read as it stands."""

    async def play(env: Any, bot: QABot) -> None:
        channel, ana = room(env)
        await ana.slash(channel, "ask", question="When did Banzer rule?")
        bot.answering.state.rows("update answers set created = created - 3601")
        more = await ana.slash(channel, "ask", question="And where?")
        assert "read as" not in texts_of(more.response.components)[-1]

    simulated(settings_in(tmp_path), play)


def test_a_broken_button_is_told(tmp_path: Path) -> None:
    """discord.py would only log it: the user is told, privately."""

    async def play(env: Any, bot: QABot) -> None:
        channel, ana = room(env)
        answer = (await ana.slash(channel, "ask", question=QUESTION)).response
        bot.answering.state.rows("update answers set reply = '{}'")
        said = await ana.click(answer, label="Why?")
        assert said.ephemeral
        assert said.response.content.startswith("Something went wrong on my side.")

    simulated(settings_in(tmp_path), play)
