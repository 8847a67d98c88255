"""The reader: windows, offsets, several passages; a fake model whose answer can be computed, and the shipped one."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from qabot.errors import ModelError
from qabot.reader import EMBEDDED, ExtractiveReader, reader_folder
from qabot.records import Hit
from qabot.session import Tokens
from qabot.wiring import load_reader
from tests.conftest import passage


class MarkedWord:
    """A model that scores 5 for starting and ending at one token id, 1 for the first token, and 0 elsewhere."""

    def __init__(self, token: int) -> None:
        self.token = token
        self.rows = 0

    def __call__(self, tokens: Tokens) -> list[np.ndarray]:
        """Start and end logits of one row."""
        self.rows += 1
        logits = np.where(tokens[0] == self.token, 5, 0).astype(np.float32)
        logits[0] = 1
        return [logits, logits]


@pytest.fixture(scope="module")
def shipped(cache: Path) -> ExtractiveReader:
    """The embedded reader, loaded once."""
    return load_reader(EMBEDDED, cache)[0]


def marked(word: str) -> tuple[ExtractiveReader, MarkedWord]:
    """A reader whose model marks one word."""
    folder = reader_folder(EMBEDDED)
    assert folder is not None
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    token = tokenizer.token_to_id(word)
    assert token is not None
    model = MarkedWord(token)
    return ExtractiveReader(model, tokenizer), model


def test_all_passages_are_read_and_the_word_is_found() -> None:
    """The marked word is the first span, at its place, with margin 10 - 2; each passage is one row."""
    reader, model = marked("oil")
    hits = [Hit(passage("Nothing here.", 0), 1.0), Hit(passage("The Gulf oil company.", 1), 0.5)]
    best = reader.read("Which company?", hits)[0]
    assert (best.text, best.start, best.hit.passage.id, best.score, best.margin) == ("oil", 9, 1, 10.0, 8.0)
    assert model.rows == 2


def test_the_question_and_the_title_are_never_the_answer() -> None:
    """The marked word stands in the question and in the title, and is not taken from there."""
    reader, _ = marked("oil")
    spans = reader.read("Which oil?", [Hit(passage("Nothing here.", 0, title="Oil"), 1.0)])
    assert all(span.score < 5 for span in spans)


def test_long_passages_are_read_to_their_end() -> None:
    """A word after 1,000 others is found at its exact place by way of windows."""
    reader, model = marked("oil")
    text = "word " * 1000 + "oil."
    best = reader.read("Which?", [Hit(passage(text), 1.0)])[0]
    assert (best.start, best.end) == (5000, 5003)
    assert model.rows > 3


def test_a_long_question_leaves_room_for_the_passage() -> None:
    """A question of 1,000 words does not crowd the passage out."""
    reader, _ = marked("oil")
    assert reader.read("why " * 1000, [Hit(passage("the oil"), 1.0)])[0].text == "oil"


def test_a_tokenizer_that_pads_is_not_let_to() -> None:
    """Tokenizers are saved with their last use's padding; a row of padding would be read as text."""
    folder = reader_folder(EMBEDDED)
    assert folder is not None
    padding = Tokenizer.from_file(str(folder / "tokenizer.json"))
    padding.enable_padding(length=300)
    lengths: list[int] = []

    def forward(tokens: Tokens) -> list[np.ndarray]:
        lengths.append(tokens.shape[1])
        return [np.zeros(tokens.shape[1], dtype=np.float32)] * 2

    ExtractiveReader(forward, padding).read("Which?", [Hit(passage("the oil"), 1.0)])
    assert lengths[0] < 20


def test_nothing_to_read(shipped: ExtractiveReader) -> None:
    """No hits, no spans."""
    assert shipped.read("Who?", []) == []


@settings(max_examples=25, deadline=None)
@given(st.text(min_size=1, max_size=120), st.text(min_size=1, max_size=40))
def test_offsets_hold_for_any_text(shipped: ExtractiveReader, text: str, question: str) -> None:
    """Every span lies in its passage and is not empty; spans of one passage do not overlap."""
    spans = shipped.read(question, [Hit(passage(text, 0), 1.0)])
    for span in spans:
        assert 0 <= span.start < span.end <= len(text)
    ends = sorted((span.start, span.end) for span in spans)
    assert all(ends[i][1] <= ends[i + 1][0] for i in range(len(ends) - 1))
    assert np.all(np.diff([span.share for span in spans]) <= 0)


def test_the_shipped_reader_reads(shipped: ExtractiveReader) -> None:
    """It takes the answer from the passage that has it, and is further from "no answer" there than where there is none."""
    right = Hit(passage("The mill was built in 1894 by a brewer named Anna Koch. It burnt down twelve years later.", 0), 1.0)
    wrong = Hit(passage("Otters are mammals that live near rivers, where they hunt for fish at dusk.", 1), 1.0)
    spans = shipped.read("Who built the mill?", [wrong, right])
    assert spans[0].text.endswith("Anna Koch")
    assert spans[0].margin > 0 > shipped.read("Who built the mill?", [wrong])[0].margin


def test_a_missing_reader_is_named(cache: Path) -> None:
    """The message names the setting."""
    with pytest.raises(ModelError, match="QABOT_READER"):
        load_reader("nobody/no-such-reader", cache)
