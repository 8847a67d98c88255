"""Another article contradicts: figures of one kind, on the same things, from elsewhere."""

import pytest

from qabot.conflict import conflicting
from qabot.pipeline import Pipeline
from qabot.records import Answer, Hit, Span
from qabot.reply import to_json
from tests.conftest import passage
from tests.test_pipeline import CALIBRATION

ASKED = "When did the mill of Torgau burn down?"
FIRST = "The mill of Torgau burnt down in 1906."


def _answer(text: str, said: str, id: int, confidence: float = 0.9, margin: float = 3.0, article: str | None = None) -> Answer:
    hit = Hit(passage(text, id, article=article or f"{id}.md"), 1.0)
    start = text.index(said)
    return Answer(Span(hit, start, start + len(said), margin, 0.0), confidence)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (_answer("The mill of Torgau burnt down in May 1907.", "May 1907", 1), True),
        (_answer("The mill of Torgau burnt down on 5 May 1906.", "5 May 1906", 1), False),  # the same, said more exactly
        (_answer("The mill of Torgau burnt down within 12 hours.", "12", 1), False),  # a figure of another kind
        (_answer("The mill of Torgau burnt down after Anna left.", "Anna", 1), False),  # no figure
        (_answer("The mill of Wittenberg burnt down in 1907.", "1907", 1), False),  # another mill
        (_answer("The mill of Torgau burnt down in 1907.", "1907", 1, article="0.md"), False),  # the article itself
        (_answer("The mill of Torgau burnt down in 1907.", "1907", 1, confidence=0.3), False),  # hardly likely
        (_answer("The mill of Torgau burnt down in 1907.", "1907", 1, margin=-1.0), False),  # its reader would not say it
    ],
)
def test_what_contradicts(other: Answer, expected: bool) -> None:
    """Each way in which another figure is no contradiction."""
    found = conflicting(ASKED, [_answer(FIRST, "1906", 0, article="0.md"), other])
    assert found == (other if expected else None)


def test_names_never_contradict() -> None:
    """Two names may be one person."""
    first = _answer("The mill of Torgau was built by Anna Koch.", "Anna Koch", 0)
    assert conflicting("Who built the mill?", [first, _answer("The mill of Torgau was built by Otto in 1907.", "1907", 1)]) is None
    assert conflicting(ASKED, []) is None


class _Fixed:
    """A retriever and a reader of two articles that disagree, one passage without an answer between them."""

    def __init__(self) -> None:
        texts = (FIRST, "Nothing.", FIRST.replace("1906", "1907"))
        self.hits = [Hit(passage(text, number, article=f"{number}.md"), 1.0) for number, text in enumerate(texts)]

    def retrieve(self, question: str, k: int, title: str | None = None) -> list[Hit]:
        """All."""
        return self.hits

    def read(self, question: str, hits: object) -> list[Span]:
        """The year of each."""
        return [Span(hit, hit.passage.text.index("19"), hit.passage.text.index("19") + 4, 4.0, 0.0) for hit in (self.hits[0], self.hits[2])]


def test_a_reply_has_both_sources_in_front() -> None:
    """The answer's passage first, then the one that contradicts it, before the others."""
    line = to_json(Pipeline(_Fixed(), _Fixed(), CALIBRATION).ask(ASKED))
    assert [source["path"] for source in line["sources"]] == ["0.md", "2.md", "1.md"]
    marked = [source["excerpt"][source["answer_start"] : source["answer_end"]] for source in line["sources"][:2]]
    assert marked == ["1906", "1907"]
    assert line["sources"][2]["answer_start"] is None
