"""Clusters of unanswered questions, and the text that says them."""

from hypothesis import given
from hypothesis import strategies as st

from qabot.discord_bot.gaps import clusters, gaps_text
from qabot.discord_bot.neutral import units
from qabot.discord_bot.state import Gap
from qabot.discord_bot.strings import ENGLISH
from tests.discord_bot.test_neutral import texts

LIKE = [
    Gap("When did Torres marry?", 7, 70, None, 3.0), Gap("Who was his dentist?", 7, None, "it was not asked for", 2.0),
    Gap("when did torres marry", 8, 80, None, 1.0),
]  # fmt: skip


def test_like_questions_are_one_line() -> None:
    """Twice about a marriage, once about a dentist: the larger first, with the newest's place."""
    assert [[gap.question for gap in cluster.gaps] for cluster in clusters(LIKE)] == [
        ["When did Torres marry?", "when did torres marry"], ["Who was his dentist?"],
    ]  # fmt: skip
    assert gaps_text(LIKE, 1, 30, ENGLISH).split("\n") == [
        "**Not answered, or answered wrong** (last 30 days)",
        "2× When did Torres marry? · https://discord.com/channels/1/7/70",
        "1× Who was his dentist? · wrong: it was not asked for · <#7>",
    ]
    assert gaps_text([], 1, 30, ENGLISH) == ENGLISH.gaps_none


@given(st.lists(st.builds(Gap, texts, st.just(7), st.none() | st.just(70), st.none() | texts, st.just(1.0)), max_size=60))
def test_every_gap_is_in_one_cluster_and_the_text_fits(gaps: list[Gap]) -> None:
    """None is lost or counted twice; the text is within a message."""
    made = [gap for cluster in clusters(gaps) for gap in cluster.gaps]
    assert sorted(made, key=repr) == sorted(gaps, key=repr)
    assert units(gaps_text(gaps, 1, 30, ENGLISH)) <= 4_000
