"""What is refused before anything is said in public, in which order, and in the user's language."""

from qabot.discord_bot.admission import Admission
from qabot.discord_bot.preferences import Preferences
from qabot.discord_bot.state import Place
from qabot.discord_bot.strings import ENGLISH, SPANISH, Strings

DEFAULTS = Preferences()


class World:
    """What admission looks at."""

    ready, now = True, 100.0


def gate(world: World) -> Admission:
    """Ten seconds a user, two questions a server, four in the queue."""
    return Admission(lambda: world.ready, 10, 2, 4, lambda: world.now)


def ask(
    admission: Admission,
    question: str = "Who?",
    user: int = 1,
    channels: frozenset[int] = frozenset({7}),
    strings: Strings = ENGLISH,
    preferences: Preferences = DEFAULTS,
    guild: int | None = 100,
    ahead: int = 0,
) -> str | None:
    """The refusal."""
    return admission.refusal(question, Place(7, user, guild), channels, preferences, strings, ahead)


def test_cooldown_is_a_users() -> None:
    """The seconds that are left are said; another user is not held up; a refused question does not count."""
    world = World()
    admission = gate(world)
    assert ask(admission) is None
    world.now += 4
    assert ask(admission) == "Please wait 6 s before your next question."
    assert ask(admission, user=2, strings=SPANISH) is None
    world.now += 6.1
    assert ask(admission) is None
    assert ask(admission, "x" * 1_001, user=3) == "Your question has 1,001 characters; I read up to 1,000."
    assert ask(admission, "\u200b ?!", user=3) == ENGLISH.empty
    assert ask(admission, user=3) is None


def test_channels() -> None:
    """Only the channels that the server named, and their threads; a direct message is no channel of a server."""
    admission, chosen = gate(World()), Preferences(channels=frozenset({7, 9}))
    assert ask(admission, channels=frozenset({8}), preferences=chosen, user=4) == "I do not answer in this channel. Try <#7> <#9>."
    assert ask(admission, channels=frozenset({8, 9}), preferences=chosen, user=5) is None


def test_load() -> None:
    """A full queue, a server with two questions under way, an index that is not loaded, and a bot that stops."""
    world = World()
    admission = gate(world)
    assert ask(admission, ahead=4) == "I am busy, 4 ahead of you. Please try again in a moment."
    with admission.running(100), admission.running(100):
        assert ask(admission) == ENGLISH.busy_guild.format(count=2)
        assert ask(admission, guild=200, ahead=3) is None
        assert ask(admission, guild=None, user=9) is None
    assert ask(admission, user=10) is None
    world.ready = False
    assert ask(admission, user=11, strings=SPANISH) == SPANISH.not_ready
    admission.stopping = True
    assert ask(admission, user=12) == ENGLISH.stopping


def test_users_are_forgotten() -> None:
    """What is remembered does not grow with the number of users."""
    world = World()
    admission = gate(world)
    for user in range(5_000):
        world.now += 0.1
        assert ask(admission, user=user) is None
    assert len(admission._asked) < 1_200
