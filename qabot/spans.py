"""Start and end scores -> spans. Pure numpy; knows tokens and characters, no model.

Joint search over all valid (start, end) pairs under a length limit, as in BERT's SQuAD recipe (Devlin et al. 2018): two
separate maxima can give an end before its start. Scores are unnormalised logits, so that spans of different passages compare
(Clark and Gardner 2018).
"""

import re
from dataclasses import dataclass, replace

import numpy as np

from qabot.records import Scores, Span

_LEADING = re.compile(r"^(?:the|an?)\s+")


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


@dataclass(frozen=True, slots=True)
class Joint:
    """How spans of different passages compare: a span's strength is its margin + `prior` x its passage's retrieval score.

    `null` is the strength of "no answer", `bound` the margin that no passage not yet read is taken to exceed (`stopping`), None
    meaning that all are read. All are fitted on development questions.
    """

    prior: float = 0.0
    null: float = 0.0
    bound: float | None = None


def strength(span: Span, joint: Joint) -> float:
    """A logit that compares between passages; higher is likelier."""
    return span.margin + joint.prior * span.hit.score


def merge(spans: list[Span], joint: Joint) -> list[Span]:
    """Likeliest first, each place once: of spans that overlap in their article, or say the same, the strongest stays.

    One softmax over all spans and "no answer" (Clark and Gardner 2018); words that were found in several places add up.
    """
    spans = _once(spans)
    strengths = np.array([strength(span, joint) for span in spans] + [joint.null], dtype=np.float64)
    shares = np.exp(strengths - strengths.max())
    shares /= shares.sum()
    words: dict[str, float] = {}
    for span, share in zip(spans, shares, strict=False):
        words[_words(span)] = words.get(_words(span), 0.0) + float(share)
    kept: list[Span] = []
    order = sorted(range(len(spans)), key=lambda i: (-words[_words(spans[i])], -strengths[i], spans[i].hit.passage.id, spans[i].start))
    for span in (spans[i] for i in order):
        if not any(same_place(span, other) or _words(span) == _words(other) for other in kept):
            kept.append(replace(span, share=words[_words(span)]))
    return kept


def _once(spans: list[Span]) -> list[Span]:
    """Without spans of the very same place seen from another passage: that is the same evidence, not more of it."""
    best: dict[tuple[str, int, int], Span] = {}
    for span in spans:
        passage = span.hit.passage
        key = passage.article, passage.start + span.start, passage.start + span.end
        if key not in best or span.margin > best[key].margin:
            best[key] = span
    return list(best.values())


def same_place(one: Span, other: Span) -> bool:
    """Whether they overlap in their article."""
    if one.hit.passage.article != other.hit.passage.article:
        return False
    first, second = one.hit.passage.start, other.hit.passage.start
    return first + one.start < second + other.end and second + other.start < first + one.end


def _words(span: Span) -> str:
    """The answer without case and without what surrounds it: "The Gulf Oil," is "gulf oil"."""
    return _LEADING.sub("", span.text.casefold()).strip(" .,;:!?\"'()[]\u201c\u201d")
