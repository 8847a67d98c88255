"""The contracts of the stages, in path order. A stage is replaced by a class with the same method, and one line in `wiring`."""

from collections.abc import Callable, Sequence
from typing import Protocol

from qabot.records import Article, Hit, Passage, Span, Vectors


class Splitter(Protocol):
    """Cuts articles into passages."""

    def split(self, article: Article, before: Sequence[Passage] = ()) -> list[Passage]:
        """Passages in order, ids from 0, with `article.text[p.start:p.end] == p.text`. `before`: how its older text was cut."""
        ...


class Encoder(Protocol):
    """Turns texts into vectors. `name` and `weights_sha256` identify it in an index's manifest; `max_tokens` is what it reads of a text."""

    name: str
    weights_sha256: str
    max_tokens: int

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None, asked: bool = False) -> Vectors:
        """Unit vectors, shape (len(texts), dimension); `asked` where the texts are questions, which some models tell apart."""
        ...

    def count_tokens(self, text: str) -> int:
        """Word pieces of `text`, special tokens included, uncut."""
        ...


class VectorIndex(Protocol):
    """Finds the nearest vectors."""

    def search(self, vectors: Vectors, k: int, within: Sequence[int] | None = None) -> list[list[tuple[int, float]]]:
        """For each vector up to `k` (position, cosine), best first; of the positions `within`, None meaning all."""
        ...

    def vectors(self) -> Vectors:
        """All vectors, shape (n, dimension), for the build that keeps those of unchanged texts."""
        ...


class KeywordIndex(Protocol):
    """Finds texts by their words."""

    def search(self, question: str, k: int, within: Sequence[int] | None = None) -> list[tuple[int, float]]:
        """Up to `k` (position, BM25 score above 0), best first; of the positions `within`, None meaning all."""
        ...


class Retriever(Protocol):
    """Brings the passages that may answer."""

    def retrieve(self, question: str, k: int, title: str | None = None) -> list[Hit]:
        """Up to `k` hits, best first; of the article with this title, None meaning all."""
        ...


class Reader(Protocol):
    """Finds the words that answer."""

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        """Candidate spans of all hits, likeliest first, no two overlapping in one article."""
        ...
