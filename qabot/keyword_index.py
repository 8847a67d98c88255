"""BM25 over stemmed words, with bm25s and the Snowball stemmer of each text's language.

A score is the share, 0 to 1, of what a text with all of the question's words could reach, so that it means the same for every question:
words that stand everywhere in a small index weigh little, and a word that stands nowhere keeps the share down. Higher is better; 0 means no
word in common.
"""

import logging
import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from qabot.errors import IndexFolderError
from qabot.language import DEFAULT, IRREGULAR, QUESTION_WORDS, STEMMERS
from qabot.postings import Postings

K1, B = 0.9, 0.4  # Anserini's defaults; better than 1.5 and 0.75 by `benchmarks/retrieval.py`
_PATTERN = re.compile(r"\w+")
# Scripts that write no space between words: pairs of signs stand for them.
_SCRIPTS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]+|[^\u3040-\u30ff\u3400-\u9fff]+")


class Bm25Index:
    """BM25 (Robertson and Zaragoza 2009; Lucene's variant) over the passages' words, accents folded."""

    def __init__(self, postings: Postings, languages: Sequence[str]) -> None:
        """`languages` has the ISO 639-1 code of each text: its words are compared by that language's stems."""
        self._postings = postings
        self._found = np.diff(postings.starts)  # in how many texts each word of the vocabulary stands
        self._texts = {code: np.flatnonzero([other == code for other in languages]) for code in dict.fromkeys(languages)}

    @classmethod
    def from_texts(cls, texts: Sequence[str], languages: Sequence[str] | None = None) -> "Bm25Index":
        """Index `texts`, in order; positions count from 0. Without `languages` all are in English."""
        import bm25s

        logging.getLogger("bm25s").setLevel(logging.WARNING)  # it tells its steps to whoever has set logging up, as torch does
        languages = languages or [DEFAULT] * len(texts)
        built = bm25s.BM25(k1=K1, b=B)
        words = [text_words(text, language) for text, language in zip(texts, languages, strict=True)]
        # bm25s cannot index a shelf without a single word; one that no question can contain stands in.
        words = words if any(words) else [["\x00"]] * len(texts)
        vocabulary = {word: number for number, word in enumerate(sorted({word for text in words for word in text}))}
        # Numbered here in sorted order: bm25s alone would number them in the order of a set, another in every process.
        built.index(([[vocabulary[word] for word in text] for text in words], vocabulary), show_progress=False)
        return cls(Postings.of(built, bm25s.__version__), languages)

    @classmethod
    def load(cls, folder: Path, languages: Sequence[str] | None = None) -> "Bm25Index":
        """Read what `save` wrote, of texts in these languages. Raises IndexFolderError when it cannot be read."""
        fix = "run `qabot build` again"
        try:
            postings = Postings.load(folder)
            whole = postings.whole() and (languages is None or len(languages) == postings.count)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, EOFError, MemoryError, RecursionError) as error:
            raise IndexFolderError(f"{folder} cannot be read as a keyword index: {fix}") from error
        if not whole:
            raise IndexFolderError(f"{folder} points outside of itself: {fix}")
        return cls(postings, languages or [DEFAULT] * postings.count)

    def __len__(self) -> int:
        return self._postings.count

    def save(self, folder: Path) -> None:
        """Write the index into `folder`."""
        self._postings.save(folder)

    def search(self, question: str, k: int, within: Sequence[int] | None = None) -> list[tuple[int, float]]:
        """Up to `k` (position, share above 0), best first, ties by position; of the positions `within`, None meaning all."""
        scores = np.zeros(len(self), dtype=np.float32)
        for language, texts in self._texts.items():
            asked = asked_words(question, language)
            if asked:
                scores[texts] = self._postings.sums(asked)[texts] / sum(self._weight(word) for word in asked)
        if within is not None:
            chosen = np.zeros(len(scores), dtype=bool)
            chosen[np.asarray(within, dtype=np.int64)] = True
            scores = np.where(chosen, scores, 0)
        best = np.lexsort((np.arange(len(scores)), -scores))[:k]
        return [(int(i), float(scores[i])) for i in best if scores[i] > 0]

    def _weight(self, word: str) -> float:
        """What a text can reach at most by the word: its inverse document frequency, as bm25s' "lucene" method has it."""
        number = self._postings.vocabulary.get(word)
        found = 0 if number is None else int(self._found[number])
        return math.log(1 + (len(self) - found + 0.5) / (found + 0.5))


def asked_words(question: str, language: str) -> list[str]:
    """The question's words without those that every question is made of, if others are left."""
    asking = QUESTION_WORDS.get(language, frozenset())
    return text_words(question, language, lambda word: word not in asking) or text_words(question, language)


def text_words(text: str, language: str, keep: Callable[[str], bool] = lambda word: True) -> list[str]:
    """The stems of a text in order, without accents and capitals; of the words that `keep` lets pass."""
    folded = unicodedata.normalize("NFKD", text.lower().replace("\u2019s", "").replace("'s", ""))
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
    words = [part for word in _PATTERN.findall(plain) if keep(word) for part in _parts(word)]
    stemmer, irregular = _stemmer(language), IRREGULAR.get(language, {})
    words = [irregular.get(word, word) for word in words]
    return list(stemmer.stemWords(words)) if stemmer else words


def _parts(word: str) -> Iterator[str]:
    for part in _SCRIPTS.findall(word):
        unspaced = "\u3040" <= part[0] <= "\u9fff" and len(part) > 2
        yield from (part[place : place + 2] for place in range(len(part) - 1)) if unspaced else (part,)


@cache
def _stemmer(language: str) -> Any:
    """The language's Snowball stemmer, None where it has none."""
    import Stemmer

    name = STEMMERS.get(language)
    return Stemmer.Stemmer(name) if name in Stemmer.algorithms() else None
