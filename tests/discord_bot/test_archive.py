"""A reply that is kept comes back as it was."""

from dataclasses import fields

from hypothesis import given
from hypothesis import strategies as st

from qabot.discord_bot.archive import freeze, thaw
from qabot.records import Answer, Hit, Passage, Reply, Span, Timing

floats = st.floats(-100, 100)
words = st.text(max_size=30)
passages = st.builds(
    Passage,
    st.integers(0, 9),
    words,
    words,
    st.lists(words, max_size=3).map(tuple),
    words,
    st.integers(0, 99),
    st.integers(0, 99),
    st.none() | words,
    st.lists(st.tuples(st.integers(0, 99), st.integers(1, 9)), max_size=2).map(tuple),
    st.lists(words, max_size=2).map(tuple),
)
hits = st.builds(Hit, passages, floats, floats, floats, st.lists(passages, max_size=2).map(tuple))
spans = st.builds(Span, **{field.name: {Hit: hits, int: st.integers(0, 9), float: floats}[field.type] for field in fields(Span)})  # type: ignore[index]
answers = st.builds(Answer, spans, st.floats(0, 1))
replies = st.builds(
    Reply, words, st.none() | words, st.none() | answers, st.floats(0, 1), st.lists(answers, max_size=3).map(tuple),
    st.lists(hits, max_size=5).map(tuple), st.builds(Timing, floats, floats, floats), st.none() | words, st.none() | answers,
)  # fmt: skip


@given(replies)
def test_exactly(reply: Reply) -> None:
    """Every field, also of hits that only an alternative points at."""
    line = freeze(reply)
    assert "\n" not in line
    assert thaw(line) == reply
