"""BM25 as sparse vectors, for engines that search those: the same scores as `keyword_index`, wherever the texts lie.

A text's vector has, for each of its words, what BM25 gives for how often it stands there; a question's vector has the words' inverse
document frequencies as shares of their sum. Their inner product is the share, 0 to 1, that `keyword_index` gives. A word's dimension is
a hash of its stem, so that no vocabulary is needed; that two of five million words share a dimension happens to about one in two thousand.
"""

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qabot.errors import IndexFolderError
from qabot.keyword_index import K1, B, asked_words, text_words

Sparse = dict[int, float]  # dimension -> weight above 0
_DIMENSIONS = 2**32 - 2  # of Milvus's sparse vectors, without 0
_HEAD = 24  # bytes in front of a packed table


@dataclass(frozen=True, slots=True)
class WordTable:
    """What BM25 must know of all texts. `dimensions` is sorted; `found[i]` is in how many texts the word of `dimensions[i]` stands."""

    texts: int
    average: float  # words in a text
    dimensions: npt.NDArray[np.uint32]
    found: npt.NDArray[np.uint32]

    @classmethod
    def of(cls, words: Iterable[Sequence[str]]) -> "WordTable":
        """The table of texts' words."""
        counts, texts, length = Counter[str](), 0, 0
        for text in words:
            counts.update(set(text))
            texts += 1
            length += len(text)
        return cls.from_counts(texts, length, counts)

    @classmethod
    def from_counts(cls, texts: int, length: int, counts: Mapping[str, int]) -> "WordTable":
        """The table of `texts` texts with `length` words together, where `counts` says in how many texts each word stands."""
        by_dimension: dict[int, int] = {}
        for word, found in counts.items():
            by_dimension[dimension(word)] = by_dimension.get(dimension(word), 0) + found
        order = sorted(by_dimension)
        found_in = [min(by_dimension[place], texts) for place in order]
        return cls(texts, length / max(texts, 1), np.array(order, dtype=np.uint32), np.array(found_in, dtype=np.uint32))

    @classmethod
    def from_bytes(cls, data: bytes) -> "WordTable":
        """What `to_bytes` made. Raises IndexFolderError where it is cut off."""
        texts, size = (int.from_bytes(data[place : place + 8], "little") for place in (0, 8))
        if len(data) != _HEAD + 8 * size:
            raise IndexFolderError(f"the table of words is not complete ({len(data)} bytes of {_HEAD + 8 * size}): build the index again")
        arrays = np.frombuffer(data, dtype="<u4", offset=_HEAD)
        return cls(texts, float(np.frombuffer(data[16:_HEAD], dtype="<f8")[0]), arrays[:size], arrays[size:])

    def to_bytes(self) -> bytes:
        """The table, 8 bytes a word."""
        head = self.texts.to_bytes(8, "little") + len(self.dimensions).to_bytes(8, "little") + np.float64(self.average).tobytes()
        return head + self.dimensions.astype("<u4").tobytes() + self.found.astype("<u4").tobytes()

    def text(self, words: Sequence[str]) -> Sparse:
        """The vector of a text with these words, {} where it has none."""
        length = K1 * (1 - B + B * len(words) / self.average) if words else 0.0
        vector: Sparse = {}
        for word, times in Counter(words).items():
            vector[dimension(word)] = vector.get(dimension(word), 0.0) + times / (times + length)
        return vector

    def question(self, question: str, language: str) -> Sparse:
        """The vector of a question asked of texts in `language`, {} where it has no word."""
        weights = [(dimension(word), self._weight(dimension(word))) for word in asked_words(question, language)]
        whole, vector = sum(weight for _, weight in weights), dict[int, float]()
        for place, weight in weights:
            vector[place] = vector.get(place, 0.0) + weight / whole
        return vector

    def _weight(self, place: int) -> float:
        at = int(np.searchsorted(self.dimensions, place))
        known = at < len(self.dimensions) and int(self.dimensions[at]) == place
        found = int(self.found[at]) if known else 0
        return math.log(1 + (self.texts - found + 0.5) / (found + 0.5))


def words_of(texts: Sequence[str], languages: Sequence[str]) -> list[list[str]]:
    """The stems of each text in its language, in order."""
    return [text_words(text, language) for text, language in zip(texts, languages, strict=True)]


def dimension(word: str) -> int:
    """The dimension of a stem: the same on every machine."""
    return 1 + int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") % _DIMENSIONS
