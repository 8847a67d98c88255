"""BM25 over stemmed words, with bm25s and Snowball stemmers. Higher scores are better; 0 means no word in common."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from qabot.errors import IndexFolderError

_K1, _B = 0.9, 0.4  # Anserini's defaults; better than 1.5 and 0.75 by `benchmarks/retrieval.py`
_PATTERN = re.compile(r"\w+")
# Words that a question is made of, not what it is about. In a small index some are rare, and BM25 would take them for
# important; they stay in the index, and count where a question has nothing else ("The Who").
_QUESTION_WORDS = frozenset(
    (
        "a an the of in on at by to for from with as and or but not is are was were be been do does did has have had can could will "
        "would should may might who whom whose what which when where why how that this these those there it its he she they him her "
        "his their many much"
    ).split()
)


class Bm25Index:
    """BM25 (Robertson and Zaragoza 2009; Lucene's variant) over the passages' words, accents folded."""

    def __init__(self, index: Any, language: str = "english") -> None:
        import Stemmer

        self._index = index
        self._language = language
        self._stemmer = Stemmer.Stemmer(language)

    @classmethod
    def from_texts(cls, texts: Sequence[str], language: str = "english") -> "Bm25Index":
        """Index `texts`, in order; positions count from 0."""
        import bm25s

        built = cls(bm25s.BM25(k1=_K1, b=_B), language)
        words = [built._words(text) for text in texts]
        # bm25s cannot index a shelf without a single word; one that no question can contain stands in.
        words = words if any(words) else [["\x00"]] * len(texts)
        vocabulary = {word: number for number, word in enumerate(sorted({word for text in words for word in text}))}
        # Numbered here in sorted order: bm25s alone would number them in the order of a set, another in every process.
        built._index.index(([[vocabulary[word] for word in text] for text in words], vocabulary), show_progress=False)
        return built

    @classmethod
    def load(cls, folder: Path, language: str = "english") -> "Bm25Index":
        """Read what `save` wrote. Raises IndexFolderError when it cannot be read."""
        import bm25s

        fix = "run `qabot build` again"
        try:
            loaded = bm25s.BM25.load(folder, mmap=False, allow_pickle=False, override_params={"backend": "numpy"})
            whole = _is_whole(loaded)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError, MemoryError, RecursionError) as error:
            raise IndexFolderError(f"{folder} cannot be read as a keyword index: {fix}") from error
        if not whole:
            raise IndexFolderError(f"{folder} points outside of itself: {fix}")
        return cls(loaded, language)

    def __len__(self) -> int:
        return int(self._index.scores["num_docs"])

    def save(self, folder: Path) -> None:
        """Write the index into `folder`."""
        self._index.save(folder, allow_pickle=False)

    def search(self, question: str, k: int, within: Sequence[int] | None = None) -> list[tuple[int, float]]:
        """Up to `k` (position, score above 0), best first, ties by position; of the positions `within`, None meaning all."""
        plain = self._words(question, keep=lambda word: word not in _QUESTION_WORDS) or self._words(question)
        words = [word for word in plain if word in self._index.vocab_dict]
        if not words:
            return []
        scores = np.asarray(self._index.get_scores(words))
        if within is not None:
            chosen = np.zeros(len(scores), dtype=bool)
            chosen[np.asarray(within, dtype=np.int64)] = True
            scores = np.where(chosen, scores, 0)
        best = np.lexsort((np.arange(len(scores)), -scores))[:k]
        return [(int(i), float(scores[i])) for i in best if scores[i] > 0]

    def _words(self, text: str, keep: Callable[[str], bool] = lambda word: True) -> list[str]:
        folded = unicodedata.normalize("NFKD", text.lower().replace("\u2019s", "").replace("'s", ""))
        plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
        words: list[str] = self._stemmer.stemWords([word for word in _PATTERN.findall(plain) if keep(word)])
        return words


def _is_whole(index: Any) -> bool:
    """Whether every number in the index is a place that exists, so that no search can leave its arrays."""
    data, indices, starts = (np.asarray(index.scores[name]) for name in ("data", "indices", "indptr"))
    # bm25s adds "" with a number that has no texts; no question holds it.
    words = np.array([number for word, number in index.vocab_dict.items() if word], dtype=np.int64)
    return bool(
        data.ndim == indices.ndim == starts.ndim == 1
        and len(data) == len(indices) == starts[-1]
        and starts[0] == 0
        and (np.diff(starts) >= 0).all()
        and np.isfinite(data).all()
        and (not len(indices) or (indices.min() >= 0 and indices.max() < int(index.scores["num_docs"])))
        and (not len(words) or (words.min() >= 0 and words.max() < len(starts) - 1))
    )
