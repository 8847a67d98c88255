"""Whatever stands in a text, Discord shows it as it is: held against an independent reading of Discord's Markdown."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.discord_bot.neutral import fit, marked, neutral, units, visible, without_markup

ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")  # what Discord's Markdown takes as "as it stands"
LIVE = re.compile(
    r"[*_~`|<>\[\]]|^#|^-|^\+|^\d+[.)]|@everyone|@here|https?:\/\/|:[^\s:]+:|discord\.gg|^>", re.MULTILINE
)  # what begins a construct where no backslash stands before it
HOSTILE = [
    "@everyone @here <@1> <@!1> <@&2> <#3>", "<t:0:R> </ask:1> <:a:1> <a:b:2> <id:customize>", "||spoiler|| ~~no~~ `code` ```py\nx```",
    "# head", "-# sub", "> quote", ">>> quote", "- item", "1. item", "12) item", "[a](https://b.c)", "https://a.b/c?d=e#f <https://x.y>",
    "discord.gg/abc https://discord.com/invite/x", ":smile: :x:", "\\*not\\*", "**b** __u__ *i* _i_ ***x***", "\u202eevil\u202c",
    "a\u200bb",
    "\ud800 lone", "z\u0300\u0301\u0302\u0303\u0304\u0305\u0306", "\u3164\u2800",
    "mailto:a@b.c", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467", "line\u2028sep\x00nul\x1b[31m",
]  # fmt: skip
texts = st.one_of(
    st.text(max_size=400), st.lists(st.sampled_from(HOSTILE), max_size=8).map(" ".join), st.text("*_`|<@#:>[]()\\ a1.-\n", max_size=80)
)


def shown(text: str) -> str:
    """What Discord shows of an escaped text."""
    return ESCAPE.sub(r"\1", text)


def live(text: str) -> list[str]:
    """The constructs that Discord would act on."""
    return LIVE.findall(ESCAPE.sub("\u00b7", text))


@given(texts)
def test_nothing_is_live(text: str) -> None:
    """No construct of Discord's is left, and what is shown is the visible text itself."""
    made = neutral(text)
    assert live(made) == []
    assert shown(made) == visible(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_the_oracle_sees_what_is_hostile(text: str) -> None:
    """Each hostile text is neutral after, and none is emptied of its words."""
    assert live(neutral(text)) == []
    assert {word for word in re.findall(r"[a-z]{2,}", text)} <= {word for word in re.findall(r"[a-z]{2,}", shown(neutral(text)))}


def test_the_oracle_can_fail() -> None:
    """The texts as they are have constructs: otherwise the test above would show nothing."""
    assert sum(1 for text in HOSTILE if live(text)) >= 16


@given(texts)
def test_visible_is_one_line_of_what_can_be_seen(text: str) -> None:
    """No control, direction, private or unassigned character, no lone surrogate; it can be sent as UTF-8; done twice is done once."""
    made = visible(text)
    assert not [letter for letter in made if unicodedata.category(letter) in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp")]
    assert not [letter for letter in made if unicodedata.category(letter) == "Cf" and letter not in "\u200c\u200d"]
    made.encode()
    assert made == made.strip()
    assert visible(made) == made


def test_joiners_stay_where_a_script_needs_them() -> None:
    """Persian words and families of emoji are not torn; between Latin letters the joiner goes."""
    persian, family = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    assert (visible(persian), visible(family), visible("pass\u200dword")) == (persian, family, "password")


@given(texts, st.integers(2, 120))
def test_fit_keeps_the_limit(text: str, limit: int) -> None:
    """Never longer than the limit, whole where it fits, the text's own beginning where it is cut."""
    made = fit(text, limit)
    assert units(made) <= limit
    assert live(made) == []
    if units(neutral(text)) <= limit:
        assert made == neutral(text)
    else:
        assert made.endswith("…")
        assert visible(text).startswith(shown(made)[:-1])


@given(texts, st.data())
def test_marked_keeps_limit_answer_and_sense(text: str, data: st.DataObject) -> None:
    """The answer is in bold, nothing else is live, and the whole is within the limit."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    limit = data.draw(st.integers(60, 300))
    made = marked(text, start, end, limit)
    assert units(made) <= limit
    without = ESCAPE.sub("\u00b7", made)
    assert without.count("**") in (0, 2)
    assert LIVE.findall(without.replace("**", "")) == [] or LIVE.findall(without.replace("**", " ")) == []
    plain, a, b = without_markup(text, start, end)
    if visible(plain[a:b]) and units(neutral(plain[a:b])) <= limit // 2:
        assert f"**{neutral('·' + visible(plain[a:b]))[1:]}**" in made


def test_marked_by_hand() -> None:
    """Markup of the source goes, the offsets follow."""
    text = "In [Buenos Aires](http://x) **Hugo Banzer** led *it*."
    start = text.index("Hugo")
    assert marked(text, start, start + 11, 200) == "In Buenos Aires **Hugo Banzer** led \\*it\\*."
    long = "x " * 400 + "Hugo Banzer" + " y" * 400
    assert marked(long, 800, 811, 60) == "… x x x x x x x x x **Hugo Banzer** y y y y y y y y y y…"


@given(texts, st.data())
def test_markup_moves_offsets_in_order(text: str, data: st.DataObject) -> None:
    """Offsets stay within the text and in order; a text without markup is itself."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    made, a, b = without_markup(text, start, end)
    assert 0 <= a <= b <= len(made)
    if made == text:
        assert (a, b) == (start, end)
