"""Reply -> JSON and text: the documented keys, the sentence with the answer, and words for the confidence."""

import io
import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from qabot.records import Answer, Hit, Reply, Span, Timing
from qabot.reply import certainty, quote, shorten, to_json, to_text
from qabot.terminal import show
from tests.conftest import passage

TEXT = "He was born in 1920. He joined\nthe army in 1941. Then he left."
HIT = Hit(passage(TEXT, title="Torres", start=100, headings=("Life", "Youth")), 0.71, 0.5)
SPAN = Span(HIT, TEXT.index("1941"), TEXT.index("1941") + 4, 9.0, 1.0)
ANSWERED = Reply("When?", None, Answer(SPAN, 0.93456), 0.93456, (Answer(SPAN, 0.02),), (HIT,), Timing(1.23, 4.56, 5.79))
SILENT = replace(ANSWERED, answer=None, confidence=0.1, alternatives=())


def test_the_documented_object() -> None:
    """Every key of the contract, in order, and the answer at its offsets."""
    found = to_json(ANSWERED, "a1")
    assert list(found) == ["id", "question", "read_as", "answer", "confidence", "alternatives", "sources", "timing_ms"]
    source = found["sources"][0]
    assert (found["id"], found["answer"], found["confidence"]) == ("a1", "1941", 0.9346)
    assert source["excerpt"][source["answer_start"] : source["answer_end"]] == "1941"
    assert {key: source[key] for key in ("title", "section", "path", "page", "url", "start", "end", "score")} == {
        "title": "Torres", "section": "Life > Youth", "path": "a.md", "page": None, "url": None, "start": 100, "end": 100 + len(TEXT),
        "score": 0.71,
    }  # fmt: skip
    assert found["alternatives"] == [{"answer": "1941", "confidence": 0.02}]
    assert found["timing_ms"] == {"retrieve": 1.2, "read": 4.6, "total": 5.8}
    json.dumps(found)


def test_abstaining_has_no_offsets() -> None:
    """`answer` is null, the nearest passages are there without a place."""
    found = to_json(SILENT)
    assert (found["answer"], found["sources"][0]["answer_start"], found["sources"][0]["answer_end"]) == (None, None, None)


def test_text_for_people() -> None:
    """The answer first, its sentence with the answer marked, the place; "sure" or "probably" by the threshold."""
    lines = to_text(ANSWERED, 0.8).splitlines()
    assert lines[0] == "1941"
    assert "  the army in [1941]." in lines
    assert "  Torres, Life > Youth (sure, 0.93)" in lines
    assert f"  a.md:100-{100 + len(TEXT)}" in lines
    assert certainty(ANSWERED, 0.95) == "probably"
    assert to_text(SILENT, 0.8).startswith("The article does not say.\n\nNearest passages:")
    assert to_text(replace(SILENT, hits=()), 0.8) == "There is nothing in the index."
    assert to_text(replace(SILENT, note="cut", read_as="Whole?"), 0.8).startswith("note: cut\nread as: Whole?\n")


def test_twins_and_conflicts_are_cited() -> None:
    """Whoever says the same follows the answer's source with the same offsets; who contradicts comes next, marked in its own words."""
    twin = replace(HIT.passage, article="b.md", title="Copy", start=7, end=7 + len(TEXT))
    hit = replace(HIT, twins=(twin,))
    against = Hit(passage("He joined in 1942.", id=5, title="Other", article="c.md"), 0.5)
    answer, other = Answer(replace(SPAN, hit=hit), 0.9), Answer(Span(against, 13, 17, 5, 0), 0.6)
    found = replace(ANSWERED, answer=answer, hits=(hit, against), conflict=other)
    first, second, third = to_json(found)["sources"]
    assert (first["path"], second["path"], third["path"]) == ("a.md", "b.md", "c.md")
    marked = [source["excerpt"][source["answer_start"] : source["answer_end"]] for source in (first, second, third)]
    assert marked == ["1941", "1941", "1942"]
    assert to_text(found, 0.8).splitlines()[-2:] == [
        f"  also in: Copy (b.md:7-{7 + len(TEXT)})", "  but another article says: 1942 (Other, c.md)",
    ]  # fmt: skip
    assert "also in" not in to_text(replace(found, answer=None), 0.8)


def test_a_terminal_shows_the_same_words() -> None:
    """Rich output without its colours holds answer, sentence and place; brackets in a source are not markup."""
    hit = replace(HIT, passage=passage("[bold]It[/] was 1941.", title="[red]T"))
    reply = replace(ANSWERED, answer=Answer(Span(hit, 16, 20, 1, 0), 0.9), confidence=0.9, hits=(hit,), note="n", read_as="r?")
    out = io.StringIO()
    show(reply, 0.8, Console(file=out, force_terminal=True, no_color=True, width=200))
    plain = "".join(out.getvalue().replace("\x1b[1m", "").replace("\x1b[2m", "").replace("\x1b[0m", ""))
    for part in ("note: n", "read as: r?", "1941", "[bold]It[/] was 1941.", "[red]T (sure, 0.90)", "a.md:0-21"):
        assert part in plain


@given(st.text(max_size=200), st.integers(4, 80))
def test_shorten_keeps_the_limit(text: str, limit: int) -> None:
    """Never longer than the limit; a text within it is the same."""
    short = shorten(text, limit)
    assert len(short) <= limit
    assert short == text or short.endswith("...")


@given(st.text(min_size=1, max_size=200), st.data())
def test_the_quote_holds_the_answer(text: str, data: st.DataObject) -> None:
    """For any passage and any span of visible text the shown sentence contains the span where it says."""
    places = [i for i, letter in enumerate(text) if not letter.isspace()]
    if not places:
        return
    start = data.draw(st.sampled_from(places))
    end = data.draw(st.sampled_from([i for i in places if i >= start])) + 1
    hit = Hit(passage(text), 1.0)
    found = quote(replace(ANSWERED, answer=Answer(Span(hit, start, end, 1, 0), 0.9), hits=(hit,)))
    assert found is not None
    assert found.text[found.start : found.end] == text[start:end]


def test_a_sentence_that_is_the_answer_is_shown_once() -> None:
    """In plain lines and in a terminal."""
    span = replace(SPAN, start=0, end=20)
    reply = replace(ANSWERED, answer=Answer(span, 0.9))
    console = Console(file=io.StringIO(), force_terminal=True, width=200)
    show(reply, 0.8, console)
    assert isinstance(console.file, io.StringIO)
    for text in (to_text(reply, 0.8), console.file.getvalue()):
        assert text.count("He was born in 1920") == 1


def test_places_that_say_the_same() -> None:
    """The answer is marked where it stands in each; one that says a part without it is not named as saying it."""
    more = passage(f"Updated. {TEXT}", 1, article="b.md")
    less = passage("He was born in 1920.", 2, article="c.md")
    hit = replace(HIT, twins=(more, less))
    span = replace(SPAN, hit=hit)
    reply = replace(ANSWERED, answer=Answer(span, 0.9), hits=(hit,))
    marked = [(source["path"], source["answer_start"], source["answer_end"]) for source in to_json(reply)["sources"]]
    assert marked == [("a.md", SPAN.start, SPAN.end), ("b.md", SPAN.start + 9, SPAN.end + 9), ("c.md", None, None)]
    assert [line for line in to_text(reply, 0.8).splitlines() if "also in" in line] == [f"  also in: Title (b.md:0-{len(TEXT) + 9})"]
