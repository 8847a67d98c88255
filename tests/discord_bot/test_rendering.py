"""Cards: over every passage of the article, over hostile text, and by hand. A `Card` that breaks a limit of Discord's cannot be made."""

import json
from collections.abc import Iterator
from dataclasses import replace
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.discord_bot.card import AMBER, GREEN, GREY, Button, Card, Link
from qabot.discord_bot.neutral import visible
from qabot.discord_bot.rendering import Answered, answer_card, passage_card, why_text
from qabot.discord_bot.strings import ENGLISH, SPANISH, Strings, strings_of
from qabot.records import Answer, Hit, Passage, Reply, Span, Timing
from qabot.sentences import sentences
from qabot.store import read_manifest
from tests.conftest import ROOT
from tests.discord_bot.test_neutral import ESCAPE, HOSTILE, live, shown, texts

TIMING = Timing(1.0, 2.0, 3.0)


class Shelf:
    """The passages of an index, in order."""

    def __init__(self, passages: tuple[Passage, ...] = (), generation: str = "g") -> None:
        self.passages, self.generation = passages, generation

    def passage(self, generation: str, id: int) -> Passage | None:
        """By its place."""
        return self.passages[id] if generation == self.generation and 0 <= id < len(self.passages) else None


def passages_of_the_article() -> list[Passage]:
    """What the shipped index holds."""
    lines = (ROOT / "index" / read_manifest(ROOT / "index").generation / "passages.jsonl").read_text(encoding="utf-8").splitlines()
    return [Passage(**{**json.loads(line), "headings": tuple(json.loads(line)["headings"])}) for line in lines]


def reply(passage: Passage, start: int, end: int, confidence: float = 0.95, others: tuple[Passage, ...] = ()) -> Reply:
    """An answer at [start, end) of the passage."""
    hit = Hit(passage, 0.9, 0.5, 7.0)
    answer = Answer(Span(hit, start, end, 9.0, 1.0), confidence)
    return Reply("Who?", None, answer, confidence, (answer,), (hit, *(Hit(other, 0.1) for other in others)), TIMING)


def answered(made: Reply, sure: float = 0.9) -> Answered:
    """With an id as they are made."""
    return Answered("0123456789", made, sure, "g")


def _contradicted(made: Reply) -> Reply:
    """The same with four twins, and with itself as what another article says."""
    assert made.answer is not None
    hit = replace(made.hits[0], twins=(made.hits[0].passage,) * 4)
    return replace(made, answer=replace(made.answer, span=replace(made.answer.span, hit=hit)), conflict=made.answer)


def spans(passage: Passage) -> Iterator[tuple[int, int]]:
    """Each sentence's first, middle and last word, and the whole sentence."""
    for begin, stop in sentences(passage.text):
        words, place = passage.text[begin:stop].split(), begin
        starts = []
        for word in words:
            place = passage.text.index(word, place)
            starts.append((place, place + len(word)))
            place += len(word)
        yield from {starts[0], starts[len(starts) // 2], starts[-1], (begin, stop)}


@pytest.mark.parametrize("strings", [ENGLISH, SPANISH], ids=["en", "es"])
def test_every_sentence_of_the_article(strings: Strings) -> None:
    """The answer comes first, is bold in its own sentence, which is whole; nothing of the source is live."""
    count = 0
    for passage in passages_of_the_article():
        for start, end in spans(passage):
            card = answer_card(answered(reply(passage, start, end)), strings)
            words = visible(passage.text[start:end])
            sentence = next(passage.text[a:b] for a, b in sentences(passage.text) if a <= start and end <= b)
            whole = passage.text[start:end].rstrip(".!?") == sentence.rstrip(".!?")
            assert shown(card.texts[0]) == (f"**{strings.sure}**" if whole else f"## {words}")
            quoted = card.texts[1].split("\n")[0]
            assert shown(quoted.replace("**", "")) == f"> {visible(sentence)}"
            assert ESCAPE.sub("·", quoted).count("**") == 2
            assert any(isinstance(button, Link) and ":~:text=" in button.url for button in card.rows[0])
            count += 1
    assert count > 150


@given(
    st.builds(Passage, st.just(0), texts, texts, st.lists(texts, max_size=3).map(tuple), texts, st.just(0), st.just(9), texts), st.data()
)
def test_any_source_whatsoever(passage: Passage, data: st.DataObject) -> None:
    """Cards of answers, of abstentions and of passages can be made of anything, and nothing foreign is live in them."""
    start = data.draw(st.integers(0, len(passage.text)))
    end = data.draw(st.integers(start, len(passage.text)))
    made = reply(passage, start, end, data.draw(st.floats(0, 1)), (passage, passage))
    silent = replace(made, answer=None, read_as=passage.text, question=passage.title)
    cards = [answer_card(answered(found), ENGLISH) for found in (made, _contradicted(made))] + [answer_card(answered(silent), SPANISH)]
    cards += [passage_card(answered(made), (place, away), Shelf((passage, passage)), ENGLISH) for place in (0, 2) for away in (-1, 0, 1)]
    for card in cards:
        for text in card.texts:
            own = ESCAPE.sub("·", text).replace("**", "·")
            for line in own.split("\n"):
                line = line.removeprefix("## ").removeprefix("-# ").removeprefix("> ").removesuffix("`0123456789`")
                assert live(line) == []
    assert len(why_text(answered(made), ENGLISH)) <= 2_000


@pytest.mark.parametrize("hostile", HOSTILE)
def test_long_hostile_passages_fit(hostile: str) -> None:
    """A passage of 20,000 characters, each of which takes a backslash."""
    passage = Passage(0, "a.md", hostile * 50, (hostile * 50,), hostile * 800, 0, 1, None)
    made = answered(reply(passage, 0, len(passage.text)))
    answer_card(made, ENGLISH)
    answer_card(replace(made, reply=_contradicted(made.reply)), SPANISH)
    answer_card(replace(made, reply=replace(made.reply, answer=None)), ENGLISH)
    passage_card(made, (0, 0), Shelf((passage,)), SPANISH)


def test_an_answer_by_hand() -> None:
    """Sure is green, probable is amber and says so; there is no number in it."""
    passage = Passage(0, "a.md", "Torres", ("Life",), "He was born in 1920. He joined the army in 1941.", 0, 48, "https://example.org/t")
    card = answer_card(answered(reply(passage, 43, 47)), ENGLISH)
    assert card.texts[:2] == ("## 1941", "> He joined the army in **1941**.\n-# Sure · Torres › Life")
    assert card.texts[2] == "-# Asked: Who? · `0123456789`"
    assert card.accent == GREEN
    probable = answer_card(answered(reply(passage, 43, 47, 0.6)), ENGLISH)
    assert (probable.accent, probable.texts[1].split("\n")[1]) == (AMBER, "-# Probably · Torres › Life")
    assert card.rows[0][0] == Link("Source: Torres", "https://example.org/t#:~:text=He%20joined%20the%20army%20in%201941.")


def test_an_answer_that_is_a_sentence_is_shown_once() -> None:
    """As yes/no questions have it: the sentence alone, under how sure it is."""
    passage = Passage(0, "a.md", "Torres", (), "He was born in 1920. He joined the army.", 0, 40)
    card = answer_card(answered(reply(passage, 21, 40)), ENGLISH)
    assert card.texts[:2] == ("**Sure**", "> **He joined the army.**\n-# Torres")


@pytest.mark.parametrize(("strings", "expected"), [
    (ENGLISH, ["-# The same in Mills › Fire", "⚠️ But another article says **May 1907** (Towns)."]),
    (SPANISH, ["-# Lo mismo en Mills › Fire", "⚠️ Pero otro artículo dice **May 1907** (Towns)."]),
], ids=["en", "es"])  # fmt: skip
def test_other_articles_that_say_the_same_or_otherwise(strings: Strings, expected: list[str]) -> None:
    """Both stand under the sentence, where everybody sees them."""
    first = Passage(0, "a.md", "Torgau", (), "The mill burnt down in 1906.", 0, 28)
    twin = Passage(1, "b.md", "Mills", ("Fire",), first.text, 0, 28)
    other = Passage(2, "c.md", "Towns", (), "Its mill burnt down in May 1907.", 0, 32)
    made = reply(first, 23, 27, others=(other,))
    assert made.answer is not None
    span = replace(made.answer.span, hit=replace(made.hits[0], twins=(twin,)))
    conflict = Answer(Span(made.hits[1], 23, 31, 8.0, 1.0), 0.9)
    made = replace(made, answer=Answer(span, 0.95), conflict=conflict)
    assert answer_card(answered(made), strings).texts[1].split("\n")[-2:] == expected


def test_an_abstention_by_hand() -> None:
    """It says so, with the nearest passages on a line each; how the question was read, and that it was cut."""
    passage = Passage(0, "a.md", "Torres", ("Life",), "He was *born* in 1920.", 0, 48)
    silent = replace(reply(passage, 0, 1), answer=None, read_as="Who is Torres?", note="cut")
    card = answer_card(answered(silent), ENGLISH)
    assert card.texts == (
        "**The article does not say.**\n-# Nearest passages:\n-# › Life: He was \\*born\\* in 1920.",
        "-# Asked: Who? · read as: Who is Torres? · only the first 1,000 characters were read · `0123456789`",
    )
    assert card.accent == GREY
    assert [button.label for button in card.rows[0]] == ["Passages (1)", "Follow up"]
    assert answer_card(replace(answered(silent), articles=2), SPANISH).texts[0].startswith("**Los artículos no lo dicen.**")


def test_paging_in_context() -> None:
    """Previous and next go through the hits, before and after through the article, and each stops at its end."""
    shelf = tuple(Passage(i, "a.md" if i < 3 else "b.md", "T", (), f"Text {i}.", 0, 7) for i in range(4))
    made = answered(reply(shelf[1], 0, 4, others=(shelf[3],)))
    turns = {
        button.label: (button.page, button.disabled)
        for button in passage_card(made, (0, 0), Shelf(shelf), ENGLISH).rows[0]
        if isinstance(button, Button)
    }
    assert turns == {
        "Previous": ((-1, 0), True), "Next": ((1, 0), False), "What stands before": ((0, -1), False), "What stands after": ((0, 1), False),
    }  # fmt: skip
    assert passage_card(made, (0, 0), Shelf(shelf), ENGLISH).texts == ("**Passage 1 of 2** · T", "**Text** 1.")
    assert passage_card(made, (0, 1), Shelf(shelf), ENGLISH).texts[1] == "Text 2."
    assert passage_card(made, (0, 9), Shelf(shelf), ENGLISH).texts[1] == "Text 2."  # b.md is another article
    assert passage_card(made, (9, 0), Shelf(shelf), ENGLISH).texts == ("**Passage 2 of 2** · T", "Text 3.")
    gone = passage_card(made, (0, 1), Shelf(shelf, "another"), ENGLISH)
    assert gone.texts[1] == "**Text** 1."
    assert [b.disabled for b in gone.rows[0] if isinstance(b, Button)] == [True, False, True, True]


def test_a_card_that_discord_refuses_cannot_be_made() -> None:
    """Too much text, an empty text, a row of six, a label of 81, an id of 101, an address of 513."""
    button = Button("more", "x", "0123456789")
    wrong = [
        {"texts": ("x" * 4_001,)}, {"texts": ("😀" * 2_001,)}, {"texts": ()}, {"texts": ("a", " ")},
        {"texts": ("a",), "rows": ((button,) * 6,)},
        {"texts": ("a",), "rows": ((),)}, {"texts": ("a",), "rows": ((replace(button, label="x" * 81),),)}, {"texts": ("a",) * 41},
        {"texts": ("a",), "rows": ((replace(button, action="x" * 90),),)}, {"texts": ("a",), "rows": ((Link("x", "h" * 513),),)},
    ]  # fmt: skip
    for values in wrong:
        with pytest.raises(ValueError, match=r"a (card|button)"):
            Card(**values)  # type: ignore[arg-type]


def test_both_languages_fill_in_the_same_names() -> None:
    """And no text is empty or longer than what it stands in: labels of buttons 40, titles of forms 45."""
    for name in Strings.__slots__:
        english, spanish = getattr(ENGLISH, name), getattr(SPANISH, name)
        names = [{field for _, field, _, _ in Formatter().parse(text) if field} for text in (english, spanish)]
        assert names[0] == names[1], name
        assert english.strip()
        assert spanish.strip()
        if name.endswith(("_title", "_label")):
            assert max(len(english), len(spanish)) <= 45
    assert {name for name in ("es-ES", "es-419") if strings_of(name) is SPANISH} == {"es-ES", "es-419"}
    assert strings_of("de") is strings_of("en-GB") is ENGLISH
