"""The arrays of a BM25 index: which word gives which text how much.

bm25s computes them and names the files; they are read and searched without it, since it brings SciPy, which takes a quarter of a second to
import at every start.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from qabot.records import Scores

_ARRAYS, _VOCABULARY, _SETTINGS = ("data", "indices", "indptr"), "vocab.index.json", "params.index.json"


@dataclass(frozen=True, slots=True)
class Postings:
    """What each word gives each text: of word `w` the texts `texts[starts[w]:starts[w + 1]]` get `scores` at the same places."""

    scores: Scores
    texts: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int32]  # one more than there are words
    vocabulary: dict[str, int]
    settings: dict[str, Any]  # bm25s' own; `num_docs` is the number of texts

    @classmethod
    def of(cls, built: Any, version: str) -> "Postings":
        """Those of an index that bm25s built."""
        names = ("k1", "b", "delta", "method", "idf_method", "dtype", "int_dtype")
        settings = {name: getattr(built, name) for name in names} | {"num_docs": int(built.scores["num_docs"]), "version": version}
        scores, texts, starts = (np.asarray(built.scores[name]) for name in _ARRAYS)
        return cls(scores, texts, starts, built.vocab_dict, settings | {"backend": "numpy"})

    @classmethod
    def load(cls, folder: Path) -> "Postings":
        """Read what `save` wrote, not yet known to be `whole`. Raises what NumPy and JSON raise for a file that is not theirs."""
        scores, texts, starts = (_read_array(folder / f"{name}.csc.index.npy") for name in _ARRAYS)
        vocabulary, settings = (json.loads((folder / name).read_text(encoding="utf-8")) for name in (_VOCABULARY, _SETTINGS))
        return cls(scores, texts, starts, {str(word): int(number) for word, number in vocabulary.items()}, settings)

    def save(self, folder: Path) -> None:
        """Write all into `folder`, as bm25s writes it."""
        for name, array in zip(_ARRAYS, (self.scores, self.texts, self.starts), strict=True):
            np.save(folder / f"{name}.csc.index.npy", array, allow_pickle=False)
        (folder / _VOCABULARY).write_text(json.dumps(self.vocabulary, ensure_ascii=False), encoding="utf-8")
        (folder / _SETTINGS).write_text(json.dumps(self.settings, indent=4), encoding="utf-8")

    @property
    def count(self) -> int:
        """Number of texts."""
        return int(self.settings["num_docs"])

    def sums(self, words: Sequence[str]) -> Scores:
        """What the words give each text together, shape (texts,); a word that is not in the vocabulary gives nothing."""
        total = np.zeros(self.count, dtype=np.float32)
        for number in (self.vocabulary[word] for word in words if word in self.vocabulary):
            chosen = slice(self.starts[number], self.starts[number + 1])
            total[self.texts[chosen]] += self.scores[chosen]
        return total

    def whole(self) -> bool:
        """Whether every number in the index is a place that exists, so that no search can leave its arrays."""
        # bm25s adds "" with a number that has no texts; no question holds it.
        words = np.array([number for word, number in self.vocabulary.items() if word], dtype=np.int64)
        return bool(
            self.scores.ndim == self.texts.ndim == self.starts.ndim == 1
            and len(self.scores) == len(self.texts) == self.starts[-1]
            and self.starts[0] == 0
            and (np.diff(self.starts) >= 0).all()
            and np.isfinite(self.scores).all()
            and (not len(self.texts) or (self.texts.min() >= 0 and self.texts.max() < self.count))
            and (not len(words) or (words.min() >= 0 and words.max() < len(self.starts) - 1))
        )


def _read_array(path: Path) -> Any:
    with path.open("rb") as file:
        return np.lib.format.read_array(file, allow_pickle=False)
