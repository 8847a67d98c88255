"""The ways to ask, in a simulated Discord, with an engine whose answers can be computed."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import discord

from qabot.discord_bot.client import QABot
from qabot.discord_bot.preferences import Mode, Preferences
from qabot.discord_bot.strings import ENGLISH
from qabot.settings import Settings
from qabot.wiring import Bot
from tests.discord_bot.small import buttons_of, make_bot, open_small, settings_in, simulated, texts_of

Play = Callable[[Any, QABot], Awaitable[None]]
QUESTION = "Who overthrew Torres?"


def room(env: Any, name: str = "ana") -> tuple[Any, Any]:
    """A channel of a server, and a member."""
    guild = env.guild if env._guilds else env.create_guild()
    channel = guild.channels.get("general") or guild.create_text_channel("general")
    return channel, guild.add_member(env.create_user(name))


def heads(message: Any) -> str:
    """The first text of a message of components."""
    return texts_of([component.to_dict() for component in message.components])[0]


def test_ask(tmp_path: Path) -> None:
    """`/ask` answers in public: the answer first, the sentence with the answer in bold, title and section, a link, the buttons."""

    async def play(env: Any, bot: QABot) -> None:
        channel, ana = room(env)
        result = await ana.slash(channel, "ask", question=QUESTION)
        assert not result.ephemeral
        head, body, under = texts_of(result.response.components)
        assert head == "## Banzer"
        assert body == "> **Banzer** overthrew Torres in a coup.\n-# Sure · Torres › Life"
        assert under.startswith(f"-# Asked: {QUESTION} · `")
        labels = [button["label"] for button in buttons_of(result.response.components)]
        assert labels == ["Source: Torres", "Passages (3)", "Follow up", "Right", "Wrong", "Why?", "Delete"]
        link = buttons_of(result.response.components)[0]["url"]
        assert link == "https://example.org/torres#:~:text=Banzer%20overthrew%20Torres%20in%20a%20coup."

    simulated(settings_in(tmp_path), play)


def test_it_abstains(tmp_path: Path) -> None:
    """What the reader does not find is said to be not there, with the nearest passages."""

    async def play(env: Any, bot: QABot) -> None:
        channel, ana = room(env)
        result = await ana.slash(channel, "ask", question="What is unknown here?")
        assert texts_of(result.response.components)[0].startswith("**The article does not say.**\n-# Nearest passages:\n-# › Life: ")

    simulated(settings_in(tmp_path), play)


def test_privately(tmp_path: Path) -> None:
    """`private`, or a server that wants it so, or both; the option wins."""

    async def play(env: Any, bot: QABot) -> None:
        channel, ana = room(env)
        assert (await ana.slash(channel, "ask", question=QUESTION, private=True)).ephemeral
        bot.answering.preferences.change(env.guild.id, Preferences(private=True))
        assert (await ana.slash(channel, "ask", question=QUESTION)).ephemeral
        assert not (await ana.slash(channel, "ask", question=QUESTION, private=False)).ephemeral

    simulated(settings_in(tmp_path), play)


def test_titles_are_completed(tmp_path: Path) -> None:
    """The article's title for any part of it; nothing for what is in none; a source that does not exist is refused."""

    async def play(env: Any, bot: QABot) -> None:
        channel, ana = room(env)
        assert [choice["name"] for choice in await ana.autocomplete(channel, "ask", "source", "orr", question="x")] == ["Torres"]
        assert await ana.autocomplete(channel, "ask", "source", "zz", question="x") == []
        result = await ana.slash(channel, "ask", question=QUESTION, source="torres")
        assert texts_of(result.response.components)[0] == "## Banzer"
        result = await ana.slash(channel, "ask", question=QUESTION, source="*Nothing*")
        assert result.ephemeral
        assert result.response.content == "I have no article “\\*Nothing\\*”. `/sources` lists those that I have."

    simulated(settings_in(tmp_path), play)


def test_a_message_command(tmp_path: Path) -> None:
    """ "Ask about this message" takes the message's text, which comes with it, as the question."""

    async def play(env: Any, bot: QABot) -> None:
        channel, ana = room(env)
        message = await ana.send(channel, QUESTION)
        result = await ana.context_menu(channel, "Ask about this message", message)
        assert texts_of(result.response.components)[0] == "## Banzer"

    simulated(settings_in(tmp_path), play)


def test_a_mention_a_reply_and_a_direct_message(tmp_path: Path) -> None:
    """Each is answered with a reply that pings nobody; what is not put to the bot is not answered."""

    async def play(env: Any, bot: QABot) -> None:
        channel, ana = room(env)
        assert bot.user is not None
        asked = await ana.send(channel, f"<@{bot.user.id}> {QUESTION}")
        answer = channel.last_message
        assert (answer.author, answer.reference.message_id, heads(answer)) == (bot.user, asked.id, "## Banzer")
        await ana.send(channel, f"<@{bot.user.id}> And where did he live?", reply_to=answer)
        assert heads(channel.last_message) != "## Banzer"
        assert "read as:" in texts_of([c.to_dict() for c in channel.last_message.components])[-1]
        count = len(channel.history())
        await ana.send(channel, "What do you all think?")
        assert len(channel.history()) == count + 1
        user = env.create_user("dora")
        await user.send_dm(QUESTION)
        assert heads(user.dm_channel.last_message) == "## Banzer"
        assert texts_of((await user.slash("ask", question=QUESTION)).response.components)[0] == "## Banzer"

    simulated(settings_in(tmp_path), play)


def test_a_mention_under_a_question_answers_that_question(tmp_path: Path) -> None:
    """A mention alone, as a reply to somebody, takes the other's text where Discord sends it; alone it is told how to ask."""

    async def play(env: Any, bot: QABot) -> None:
        channel, ana = room(env)
        _, bob = room(env, "bob")
        assert bot.user is not None
        question = await bob.send(channel, f"<@{bot.user.id}> {QUESTION}")
        await ana.send(channel, f"<@{bot.user.id}>", reply_to=question)
        assert heads(channel.last_message) == "## Banzer"
        await ana.send(channel, f"<@{bot.user.id}>")
        assert channel.last_message.content == ENGLISH.empty

    simulated(settings_in(tmp_path), play)


def test_nobody_is_pinged(tmp_path: Path) -> None:
    """A question full of mentions is shown and mentions nobody."""

    async def play(env: Any, bot: QABot) -> None:
        channel, ana = room(env)
        await ana.slash(channel, "ask", question=f"@everyone @here {ana.mention} who overthrew Torres?")
        message = channel.last_message
        assert not message.mention_everyone
        assert message.mentions == []
        sent = [request for request in env.http_requests if request.json and "components" in request.json and request.method == "PATCH"]
        assert all(request.json["allowed_mentions"]["parse"] == [] for request in sent)
        assert sent

    simulated(settings_in(tmp_path), play)


def test_refusals_are_private_and_come_before_the_thinking(tmp_path: Path) -> None:
    """Too long, empty, too soon, a closed channel: an ephemeral first response, never a public "thinking"."""

    async def play(env: Any, bot: QABot) -> None:
        channel, ana = room(env)
        other = env.guild.create_text_channel("other")
        for question, said in (("x" * 1_001, "Your question has 1,001"), ("?!", "Ask something in words")):
            result = await ana.slash(channel, "ask", question=question)
            assert result.ephemeral
            assert result.response.content.startswith(said)
        assert not (await ana.slash(channel, "ask", question=QUESTION)).ephemeral
        soon = await ana.slash(channel, "ask", question=QUESTION)
        assert (soon.ephemeral, soon.response.content) == (True, "Please wait 60 s before your next question.")
        bot.answering.preferences.change(env.guild.id, Preferences(channels=frozenset({channel.id})))
        closed = await ana.slash(other, "ask", question=QUESTION)
        assert (closed.ephemeral, closed.response.content) == (True, f"I do not answer in this channel. Try <#{channel.id}>.")
        assert env.http_requests
        assert [r.json["type"] for r in env.http_requests if r.path.endswith("/callback")] == [4, 4, 5, 4, 4]

    simulated(settings_in(tmp_path, cooldown_seconds=60), play)


def test_not_ready_is_said(tmp_path: Path) -> None:
    """While there is no index a question is refused at once, and answered when it is there."""

    async def play(env: Any, bot: QABot) -> None:
        channel, ana = room(env)
        loaded, bot.answering.engine._bot = bot.answering.engine._bot, None
        result = await ana.slash(channel, "ask", question=QUESTION)
        assert (result.ephemeral, result.response.content) == (True, ENGLISH.not_ready)
        bot.answering.engine._bot = loaded
        assert not (await ana.slash(channel, "ask", question=QUESTION)).ephemeral

    simulated(settings_in(tmp_path), play)


def test_unasked(tmp_path: Path) -> None:
    """In the channels that a server named: "confident" answers questions surely or not at all, "always" says also that it does not know."""

    async def play(env: Any, bot: QABot) -> None:
        channel, ana = room(env)
        other = env.guild.create_text_channel("other")
        bot.answering.preferences.change(env.guild.id, Preferences(mode=Mode.CONFIDENT, channels=frozenset({channel.id})))

        async def answers(where: Any, text: str) -> bool:
            await ana.send(where, text)
            return bool(where.last_message.author == bot.user)

        assert await answers(channel, QUESTION)
        assert not await answers(channel, "Banzer overthrew him.")
        assert not await answers(channel, "What is unknown?")
        assert not await answers(other, QUESTION)
        bot.answering.preferences.change(env.guild.id, Preferences(mode=Mode.ALWAYS, channels=frozenset({channel.id})))
        assert await answers(channel, "What is unknown?")
        bot.answering.preferences.change(env.guild.id, Preferences(channels=frozenset({channel.id})))
        assert not await answers(channel, QUESTION)

    simulated(settings_in(tmp_path, discord_message_content=True), play)


def test_no_privileged_intent_unless_asked_for(tmp_path: Path) -> None:
    """The bot connects where the portal allows none. Commands are for servers and users in all contexts, managers' for servers alone."""

    async def play(env: Any, bot: QABot) -> None:
        intents = bot.intents
        assert (intents.members, intents.presences, intents.message_content) == (False, False, False)
        request = next(r for r in env.http_requests if r.method == "PUT" and r.path.endswith("/commands"))
        ask = next(command for command in request.json if command["name"] == "ask")
        assert sorted(ask["integration_types"]) == [0, 1]
        assert sorted(ask["contexts"]) == [0, 1, 2]
        for name in ("admin", "doctor"):
            managed = next(command for command in request.json if command["name"] == name)
            assert (managed["integration_types"], managed["contexts"]) == ([0], [0])
            assert int(managed["default_member_permissions"]) == discord.Permissions(manage_guild=True).value
        assert ask["description_localizations"]["es-ES"].startswith("Haz una pregunta")

    simulated(settings_in(tmp_path), play, approved_intents=discord.Intents.default())


def test_commands_are_registered_once(tmp_path: Path) -> None:
    """A restart with the same definition registers nothing; another definition does."""

    async def play(env: Any, bot: QABot) -> None:
        def registered() -> int:
            return sum(1 for r in env.http_requests if r.method == "PUT" and r.path.endswith("/commands"))

        assert registered() == 1
        await env.restart_bot(make_bot(bot.settings))
        await env.settle()
        assert registered() == 1
        bot.answering.state.set_fact("commands", "older")
        await env.restart_bot(make_bot(bot.settings))
        await env.settle()
        assert registered() == 2

    simulated(settings_in(tmp_path), play)


def test_an_error_is_told(tmp_path: Path) -> None:
    """An engine that breaks: in place of "thinking" an apology with a reference comes, without the error's text; the log has it."""

    def broken(settings: Settings) -> Bot:
        bot = open_small(settings)

        def ask(*_: Any) -> Any:
            raise OSError("a secret path")

        setattr(bot.pipeline, "ask", ask)  # noqa: B010
        return bot

    async def play(env: Any, bot: QABot) -> None:
        channel, ana = room(env)
        result = await ana.slash(channel, "ask", question=QUESTION)
        assert result.response.content.startswith("Something went wrong on my side. It was noted as `")
        assert "secret" not in result.response.content
        assert bot.user is not None
        await ana.send(channel, f"<@{bot.user.id}> {QUESTION}")
        assert channel.last_message.content.startswith("Something went wrong on my side. It was noted as `")
        assert b'qabot_questions_total{outcome="failed"} 2.0' in bot.answering.metrics.text()

    simulated(settings_in(tmp_path), play, broken, check_errors=False)
