"""What flows through the two lines: frozen, slotted records.

Every offset counts characters of `Article.text`, the text of the file as it was read (UTF-8, without a byte-order mark,
line ends as one newline), unless a field says otherwise.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]  # shape (n, dimension), unit length
Scores = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of prose under one heading: `article.text[start:end]`. `path` is the headings down to it, outermost first."""

    path: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Article:
    """One document. `path` is as the user gave it, with forward slashes; `sha256` is of the file's bytes.

    One of several in a file has `member`, its name there, at the end of `path` after a "#", `file`, the file's own path, and
    `file_sha256`; its `sha256` is of what it says.
    """

    path: str
    title: str
    text: str
    sections: tuple[Section, ...]
    sha256: str
    url: str | None = None
    licence: str | None = None
    pages: tuple[tuple[int, int], ...] = ()  # (offset, number of the page that begins there), in order
    member: str = ""
    file: str | None = None
    file_sha256: str | None = None
    tags: tuple[str, ...] = ()  # in small letters
    language: str = "en"  # ISO 639-1
    date: str | None = None  # as `dates.iso` gives it


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of one article that is searched and read whole: `article.text[start:end] == text`."""

    id: int  # its place in the index, from 0
    article: str  # Article.path
    title: str
    headings: tuple[str, ...]
    text: str
    start: int
    end: int
    url: str | None = None
    pages: tuple[tuple[int, int], ...] = ()  # (offset in the article, page that begins there): the one it begins on, and those within
    tags: tuple[str, ...] = ()  # of its article, in small letters
    language: str = "en"
    date: str | None = None  # of its article: "2024", "2024-05" or "2024-05-03"

    def page(self, at: int = 0) -> int | None:
        """The page on which the character `at` of `text` stands, from 1; None where the article has no pages."""
        return next((page for offset, page in reversed(self.pages) if offset <= self.start + at), None)

    @property
    def section(self) -> str:
        """The headings as one line, "" for the lead."""
        return " > ".join(self.headings)

    @property
    def embedded_text(self) -> str:
        """What is searched, by meaning and by words: title and headings in front of the text."""
        return f"{' > '.join((self.title, *self.headings))}\n{self.text}"


@dataclass(frozen=True, slots=True)
class Stretch:
    """The passages of one article, which stand together: the positions from `begin` up to, and without, `end`."""

    article: str  # Article.path
    title: str
    tags: tuple[str, ...]
    begin: int
    end: int
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that the retriever brought. `score` is 0 to 1, higher is better; `dense` is a cosine, `keyword` a BM25 score.

    `twins` are passages elsewhere that say the same, or a part of it; they are cited, and not read again.
    """

    passage: Passage
    score: float
    dense: float = 0.0
    keyword: float = 0.0
    twins: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """A candidate answer. `start` and `end` count characters of `hit.passage.text`.

    `score` is start logit + end logit; `null` is the passage's score for "no answer"; both unbounded, higher is likelier.
    `share` is these words' part, 0 to 1, of the distribution over all spans of all passages and "no answer".
    """

    hit: Hit
    start: int
    end: int
    score: float
    null: float
    share: float = 0.0

    @property
    def text(self) -> str:
        """The exact words."""
        return self.hit.passage.text[self.start : self.end]

    @property
    def margin(self) -> float:
        """How far the span is above its passage's null score; below 0 the reader would rather not answer."""
        return self.score - self.null


@dataclass(frozen=True, slots=True)
class Answer:
    """A span with its probability of being right, 0 to 1."""

    span: Span
    confidence: float


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds."""

    retrieve: float
    read: float
    total: float


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot says to one question. `answer` is None where it abstains; `confidence` is then the best candidate's.

    `alternatives` are the other candidates, where it abstains all of them, likeliest first.
    `read_as` is the question as it was understood where that differs. `hits` are the passages in order, the answer's first.
    """

    question: str
    read_as: str | None
    answer: Answer | None
    confidence: float
    alternatives: tuple[Answer, ...]
    hits: tuple[Hit, ...]
    timing: Timing
    note: str | None = field(default=None)  # something the asker should know: "the question was cut"
    conflict: Answer | None = None  # what another article says instead; its passage is the second of `hits`


@dataclass(frozen=True, slots=True)
class Turn:
    """One exchange: the question as it was read, the answer (None where the bot abstained), the cited article's title."""

    question: str
    answer: str | None
    title: str | None
