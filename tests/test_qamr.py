"""QAMR: text joined again with every token in its place, and the questions that are worth learning from."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.training.mixture import build_pairs
from qabot.training.qamr import detokenised, load_qamr

FIRST = "Ann -LRB- a baker -RRB- sold 20 % of `` The Oven '' , didn't she ?"
SECOND = "Bob 's debt was $ 5 ."


def _row(asked: str, answer: str, *validators: str, sentence: str = "W:1:2:4") -> str:
    return "\t".join((sentence, "1 2", "7", "0", "3", asked, answer, *validators))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two sentences of one paragraph, out of order in the file, and one of another."""
    sentences = (("W:1:2:9", SECOND), ("W:1:2:4", FIRST), ("W:1:3:0", "Alone ."))
    (tmp_path / "wiki-sentences.tsv").write_text("".join(f"{name}\t{text}\n" for name, text in sentences))
    rows = (
        _row("Who sold the famous oven?", "0", "9:0", "8:2"),
        _row("How much was sold then?", "6 7", "9:1", "8:6 7"),
        _row("How much was the debt?", "4 5", "9:5", "8:", sentence="W:1:2:9"),
    )
    (tmp_path / "filtered-dev.tsv").write_text("\n".join(rows) + "\n")
    left_out = (
        _row("Which baker?", "0", "9:0", "8:0"),  # too short
        _row("Who sold and what was it?", "0 6", "9:0 6", "8:0 6"),  # not one run
        _row("Who was the baker there?", "0", "9:2 3", "8:"),  # nobody agrees
        _row("What was sold by her then?", "", "9:", "8:"),
    )
    (tmp_path / "filtered-test.tsv").write_text("\n".join(left_out) + "\n")
    return tmp_path


def test_questions_stand_on_their_paragraph(folder: Path) -> None:
    """Sentences in order, answers as they stand in the text; what validators doubt, and broken answers, are left out."""
    context = "Ann (a baker) sold 20% of \"The Oven\", didn't she? Bob's debt was $5."
    found = load_qamr(folder)
    assert {question.context for question in found} == {context}
    assert [(question.text, question.answers) for question in found] == [
        ("Who sold the famous oven?", (("Ann", 0),)),
        ("How much was sold then?", (("20%", context.index("20%")),)),
        ("How much was the debt?", (("$5", context.index("$5")),)),
    ]
    assert not any(question.dev for question in found)


def test_they_are_a_source_of_the_mixture(folder: Path) -> None:
    """By the name qamr, from the folder of that name; the answer is marked in the pair."""
    (folder / "splits.json").write_text("{}")
    inside = folder / "qamr"
    inside.mkdir()
    for path in [*folder.glob("*.tsv")]:
        path.rename(inside / path.name)
    pairs = build_pairs(folder, {"qamr": 1.0}, 3, 1)
    assert sorted(pair.context[pair.start : pair.end] for pair in pairs) == ["$5", "20%", "Ann"]


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        ("He said , `` Go ! ''", 'He said, "Go!"'),
        ("1 % -- or 2 : 3 -- of [ it ]", "1% -- or 2: 3 -- of [it]"),
        ("the workers ' union 's", "the workers' union's"),
        ("-LSB- 1 -RSB- and # 3 ...", "[1] and #3..."),
    ],
)
def test_text_is_joined_as_people_write_it(tokens: str, text: str) -> None:
    """Marks go to the side where they belong."""
    assert detokenised(tokens.split())[0] == text


@given(st.lists(st.text(alphabet="ab1.,$(%'\u00e9\U0001f600", min_size=1, max_size=5)))
def test_each_token_is_found_in_its_place(tokens: list[str]) -> None:
    """Offsets are in order and hold the token; only single spaces stand between."""
    text, places = detokenised(tokens)
    assert [text[start:end] for start, end in places] == [{"''": '"'}.get(token, token) for token in tokens]
    between = [text[left:right] for (_, left), (right, _) in pairwise(places)]
    assert set(between) <= {"", " "}
