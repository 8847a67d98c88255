"""Start and end scores -> spans. Pure numpy; knows tokens and characters, no model.

Joint search over all valid (start, end) pairs under a length limit, as in BERT's SQuAD recipe (Devlin et al. 2018): two
separate maxima can give an end before its start. Scores are unnormalised logits, so that spans of different passages compare
(Clark and Gardner 2018).
"""

from dataclasses import dataclass

import numpy as np

from qabot.records import Scores, Span


@dataclass(frozen=True, slots=True)
class TokenSpan:
    """Token positions, both inclusive, and the sum of their logits."""

    start: int
    end: int
    score: float


def best_spans(starts: Scores, ends: Scores, sentence: np.ndarray, max_tokens: int, top: int) -> list[TokenSpan]:
    """The `top` best (start, end) pairs with start <= end < start + max_tokens in one sentence; best first.

    `starts`, `ends`: logits, shape (tokens,). `sentence`: each token's sentence, shape (tokens,), -1 where no answer may stand.
    Fewer where there are fewer.
    """
    positions = np.flatnonzero(sentence >= 0)
    if positions.size == 0:
        return []
    sums = starts[positions][:, None] + ends[positions][None, :]
    gaps = positions[None, :] - positions[:, None]
    together = sentence[positions][:, None] == sentence[positions][None, :]
    sums = np.where((gaps >= 0) & (gaps < max_tokens) & together, sums, -np.inf)
    flat = sums.ravel()
    count = min(top, int(np.isfinite(flat).sum()))
    best = np.argpartition(-flat, count - 1)[:count]
    best = best[np.lexsort((best, -flat[best]))]
    rows, columns = np.unravel_index(best, sums.shape)
    return [TokenSpan(int(positions[r]), int(positions[c]), float(sums[r, c])) for r, c in zip(rows, columns, strict=True)]


def merge(spans: list[Span]) -> list[Span]:
    """Best margin first, each place once: of spans that overlap in their article, or say the same, the best stays."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (-s.margin, s.hit.passage.id, s.start, s.end)):
        if not any(_same_place(span, other) or _same_words(span, other) for other in kept):
            kept.append(span)
    return kept


def _same_place(one: Span, other: Span) -> bool:
    if one.hit.passage.article != other.hit.passage.article:
        return False
    first, second = one.hit.passage.start, other.hit.passage.start
    return first + one.start < second + other.end and second + other.start < first + one.end


def _same_words(one: Span, other: Span) -> bool:
    return one.text.casefold() == other.text.casefold()
