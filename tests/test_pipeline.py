"""The question's line, with fakes whose answers can be computed."""

import json
import math
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.confidence import UNCALIBRATED
from qabot.errors import QuestionError
from qabot.faiss_index import FaissIndex
from qabot.keyword_index import Bm25Index
from qabot.lines import answer_lines
from qabot.pipeline import MAX_QUESTION, Pipeline, clean, turn
from qabot.records import Hit, Span, Turn
from qabot.reply import quote, to_json, to_text
from qabot.retriever import HybridRetriever
from qabot.stages import Reader
from tests.conftest import LetterEncoder, WordReader, passage

TEXTS = ["Banzer overthrew Torres. He ruled for seven years.", "Miners and teachers met in **La Paz**."]
CALIBRATION = replace(UNCALIBRATED, sure=0.9)  # the probability is the sigmoid of the margin


def _pipeline(threshold: float = 0.5, reader: Reader = WordReader()) -> Pipeline:  # noqa: B008
    passages = [passage(text, number, title="Juan Jos\u00e9 Torres", start=100 * number) for number, text in enumerate(TEXTS)]
    encoder = LetterEncoder()
    retriever = HybridRetriever(encoder, FaissIndex.from_vectors(encoder.encode(TEXTS)), Bm25Index.from_texts(TEXTS), passages)
    return Pipeline(retriever, reader, replace(CALIBRATION, threshold=threshold), "Juan Jos\u00e9 Torres")


def test_an_answer_with_its_place() -> None:
    """The first passage's first new word is the answer, with probability sigmoid(5), and the JSON's offsets hold."""
    reply = _pipeline().ask("Who overthrew Torres?")
    assert reply.answer is not None
    assert reply.answer.span.text == "Banzer"
    assert reply.confidence == pytest.approx(0.99331, abs=1e-5)
    line = to_json(reply, "a1")
    source = line["sources"][0]
    assert source["excerpt"][source["answer_start"] : source["answer_end"]] == line["answer"] == "Banzer"
    assert (source["start"], source["end"], line["id"], line["read_as"]) == (0, len(TEXTS[0]), "a1", None)
    assert [s["answer_start"] for s in line["sources"][1:]] == [None]


def test_one_article_alone() -> None:
    """With a source only its passages are read, however well others fit, and a pronoun means it; none is read of an unknown one."""
    texts = ["Banzer overthrew Torres.", "Nobody overthrew anybody here."]
    passages = [passage(text, number, title="AB"[number], article="AB"[number]) for number, text in enumerate(texts)]
    encoder = LetterEncoder()
    retriever = HybridRetriever(encoder, FaissIndex.from_vectors(encoder.encode(texts)), Bm25Index.from_texts(texts), passages)
    pipeline = Pipeline(retriever, WordReader(), CALIBRATION)
    assert [hit.passage.title for hit in pipeline.ask("Who overthrew Torres?").hits] == ["A", "B"]
    alone = pipeline.ask("Who overthrew Torres?", source="B")
    assert [hit.passage.title for hit in alone.hits] == ["B"]
    assert alone.answer is not None
    assert alone.answer.span.text == "Nobody"
    assert pipeline.ask("Who overthrew Torres?", source="C").hits == ()


def test_below_the_threshold_it_abstains() -> None:
    """With a threshold above every probability the answer is null; the nearest passages are shown, and what was not said is kept."""
    reply = _pipeline(threshold=1.1).ask("Who overthrew Torres?")
    line = to_json(reply)
    assert (line["answer"], line["sources"][0]["answer_start"]) == (None, None)
    assert line["alternatives"][0] == {"answer": "Banzer", "confidence": 0.9933}
    assert line["confidence"] == pytest.approx(0.9933)
    assert "does not say" in to_text(reply, 0.9)


def test_a_follow_up_is_read_with_its_subject() -> None:
    """A pronoun without a conversation means the only article's subject, and the reply says how it was read."""
    reply = _pipeline().ask("Who overthrew him?")
    assert reply.read_as == "Who overthrew Juan Jos\u00e9 Torres?"
    assert turn(reply).question == reply.read_as
    again = _pipeline().ask("Who overthrew him?", [Turn("Who met in La Paz?", "Miners", "T")])
    assert again.read_as is not None


class TalkativeReader:
    """Answers each question with the first hit's word and with the margin that it was given for the question."""

    def __init__(self, said: dict[str, tuple[int, float]]) -> None:
        self._said = said

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        """One span, or none where nothing was given for the question."""
        if question not in self._said or not hits:
            return []
        place, margin = self._said[question]
        words = hits[0].passage.text.split()
        start = sum(len(word) + 1 for word in words[:place])
        return [Span(hits[0], start, start + len(words[place]), margin, 0.0)]


BEFORE = [Turn("Who met in La Paz?", "Miners", "Juan Jos\u00e9 Torres")]
HIM, NAMED = "Who overthrew him?", "Who overthrew Miners?"
COMPANY = [Turn("Which company met in La Paz?", "Gulf Oil", "Juan Jos\u00e9 Torres")]
IT, OF_OIL = "Who overthrew it?", "Who overthrew Gulf Oil?"


@pytest.mark.parametrize(
    ("before", "question", "said", "read_as", "log_odds"),
    [
        (BEFORE, HIM, {NAMED: (0, 4.0), HIM: (1, 1.0)}, NAMED, 3.0),  # a reading's log-odds are its margin: a third of the way from 4 to 1
        (BEFORE, HIM, {NAMED: (0, 1.0), HIM: (1, 4.0)}, None, 3.0),
        (BEFORE, HIM, {NAMED: (0, 6.0)}, NAMED, (2 * 6.0 - 9.21024) / 3),  # no answer has a probability of .0001
        (BEFORE, HIM, {NAMED: (0, 1.0), HIM: (0, 4.0)}, NAMED, 1.0),  # the same place: it is asked of whom the name says
        (BEFORE, HIM, {NAMED: (0, 4.0), HIM: (0, 1.0)}, NAMED, 4.0),
        (COMPANY, IT, {OF_OIL: (0, 1.0), IT: (0, 4.0)}, None, 3.0),  # of a thing, "it" is less sure to be that
        (COMPANY, IT, {OF_OIL: (0, -3.0), IT: (0, 4.0)}, OF_OIL, -3.0),  # below .1
    ],
)
def test_a_follow_up_is_read_as_asked_and_with_its_name(
    before: list[Turn], question: str, said: dict[str, tuple[int, float]], read_as: str | None, log_odds: float
) -> None:
    """Where the conversation was: the turn before brings its passage first. The surer reading counts, as sure as both together."""
    reply = _pipeline(reader=TalkativeReader(said)).ask(question, before)
    assert reply.hits[0].passage.text == TEXTS[1]
    assert reply.read_as == read_as
    assert reply.confidence == pytest.approx(1 / (1 + math.exp(-log_odds)), abs=1e-5)
    assert reply.timing.total >= reply.timing.retrieve > 0


def test_what_stands_alone_is_read_where_the_conversation_was_when_it_finds_nothing() -> None:
    """And as sure as both readings together; an answer of its own is given as it is, and so is that there is none."""
    question = "Who ruled?"

    class Near(TalkativeReader):
        """Answers only where the turn before brought its passage to the front."""

        def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
            """One span where that passage is first."""
            return super().read(question, hits if hits[0].passage.text == TEXTS[1] else [])

    alone = _pipeline(reader=Near({question: (0, 3.0)})).ask(question)
    assert alone.answer is None
    behind = [Turn("Who met in La Paz with miners and teachers?", "Miners and teachers", "Juan Jos\u00e9 Torres")]
    found = _pipeline(0.2, reader=Near({question: (0, 3.0)})).ask(question, behind)
    assert (found.read_as, found.answer is not None) == (None, True)
    assert found.confidence == pytest.approx(1 / (1 + math.exp((9.21024 - 2 * 3.0) / 3)), abs=1e-5)
    assert _pipeline(0.5, reader=Near({question: (0, 3.0)})).ask(question, behind).answer is None
    assert _pipeline(reader=TalkativeReader({question: (0, 3.0)})).ask(question, behind).confidence == pytest.approx(
        1 / (1 + math.exp(-3.0))
    )


def test_the_sentence_with_the_answer() -> None:
    """Only the answer's own sentence is quoted."""
    found = quote(_pipeline().ask("Who overthrew Torres?"))
    assert found is not None
    assert found.text[found.start : found.end] == "Banzer"
    assert "seven years" not in found.text


@pytest.mark.parametrize("question", ["", "   ", "\u200b\u202e", "\ud800", "?!", "\x00\x07", "\n\n"])
def test_nothing_asked(question: str) -> None:
    """A question without a letter or digit is one clear error."""
    with pytest.raises(QuestionError, match="empty"):
        clean(question)


def test_a_long_question_is_cut_and_says_so() -> None:
    """100,000 characters are answered from the first 1,000."""
    text, note = clean("Who? " * 20_000)
    assert len(text) <= MAX_QUESTION
    assert note is not None
    assert "100,000" in note


@given(st.text(st.characters(codec=None), max_size=200))
def test_clean_leaves_printable_text(question: str) -> None:
    """No control, invisible or direction character and no surrogate is left; spaces are single; it is stable."""
    try:
        text, _ = clean(question)
    except QuestionError:
        return
    assert text.encode("utf-8").decode() == " ".join(text.split())
    assert not set(text) & set("\u202e\u200b\x00\x1b\n")
    assert clean(text)[0] == text


def test_lines_keep_their_order_and_bad_ones_get_an_error() -> None:
    """Each bad line has its error in its place, the others are answered, and the exit code is 1."""
    lines = [
        b'{"id": "1", "question": "Who overthrew Torres?", "extra": 1}\n',
        b"{broken\n", b"\n", b'{"id": "2"}\n', b'"text"\n', b"\xff\xfe\n",
        b'{"id": "3", "question": ""}\n', b'{"id": 4, "question": "Who met?", "conversation": "c"}\n',
        b'{"id": 5, "question": "\\ud800"}\n',
    ]  # fmt: skip
    out: list[dict[str, object]] = []
    assert answer_lines(lines, _pipeline(), out.append) == 1
    assert [(line["id"], "error" in line) for line in out] == [
        ("1", False), (None, True), ("2", True), (None, True), (None, True), ("3", True), (4, False), (5, True),
    ]  # fmt: skip
    assert answer_lines(lines[:1], _pipeline(), out.append) == 0
    json.dumps(out)


def test_lines_of_a_conversation_are_its_turns() -> None:
    """A follow-up is read with its own conversation, not with another's."""
    lines = [
        b'{"id": 1, "question": "Who overthrew Torres?", "conversation": "a"}',
        b'{"id": 2, "question": "Who met in La Paz?", "conversation": "b"}',
        b'{"id": 3, "question": "And where?", "conversation": "a"}',
    ]  # fmt: skip
    out: list[dict[str, object]] = []
    answer_lines(lines, _pipeline(), out.append)
    assert out[0]["read_as"] is None
    assert "Torres" in str(out[2]["read_as"])
    assert "La Paz" not in str(out[2]["read_as"])
