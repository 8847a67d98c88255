"""Question -> hits: dense and keyword scores, fused.

Fusion is the weighted mean of the cosine and of the share of the question's words, by weight, that the passage has. Both mean the same for
every question and every index, so that the fused score can be compared between questions too. Measured against min-max scaled scores and
reciprocal ranks (Cormack et al. 2009): `benchmarks/retrieval.py` prints the comparison on a big shelf; `benchmarks/README.md` has the
figures on single articles too.
"""

from bisect import bisect_right
from collections.abc import Sequence

from qabot.definition import asked_name, names_it
from qabot.duplicates import holds
from qabot.lifespan import asked_date
from qabot.passages import Passages
from qabot.records import Hit, Passage
from qabot.stages import Encoder, KeywordIndex, VectorIndex

_CANDIDATES = 100  # of each kind, before fusion
_RRF_K = 60
_LOOKED_AT = 4  # times k: what says the same ranks near
_DENSE_WEIGHT = 0.35


class HybridRetriever:
    """Dense and BM25 search over the same passages; over those at the positions `within` alone where it is not None."""

    def __init__(
        self,
        encoder: Encoder,
        vectors: VectorIndex,
        words: KeywordIndex,
        passages: Sequence[Passage],
        dense_weight: float = _DENSE_WEIGHT,
        within: Sequence[int] | None = None,
    ) -> None:
        self._encoder, self._vectors, self._words = encoder, vectors, words
        self._passages = Passages.of(passages)
        self._dense_weight, self._within = dense_weight, within
        self._allowed = None if within is None else frozenset(within)

    def retrieve(self, question: str, k: int, title: str | None = None) -> list[Hit]:
        """Up to `k` hits, best first; `score` is 0 to 1. Passages of equal text are one hit, the best of them with the others as twins,
        and so are those of other articles that say the same or less, where they come near it.

        With `title` only that article is searched, so that a small one is found on a large shelf.
        """
        within = self._within
        if title is not None:
            titled = (p for article in self._passages.articles if article.title == title for p in range(article.begin, article.end))
            within = [position for position in titled if self._allowed is None or position in self._allowed]
            if not within:
                return []
        dense = self._vectors.search(self._encoder.encode([question], asked=True), max(_CANDIDATES, k), within)[0]
        keyword = self._words.search(question, max(_CANDIDATES, k), within)
        fused = weighted_mean(dense, keyword, self._dense_weight)
        cosines, bm25 = dict(dense), dict(keyword)
        hits: list[Hit] = []
        for begin in range(0, len(fused), k):
            if len(hits) == k and begin >= _LOOKED_AT * k:
                break
            batch = fused[begin : begin + k]
            passages = self._passages.fetch([position for position, _ in batch])
            for passage, (position, score), twins in zip(passages, batch, self._passages.twins(passages, self._allowed), strict=True):
                found = Hit(passage, score, cosines.get(position, 0.0), bm25.get(position, 0.0), twins)
                like = next((place for place, hit in enumerate(hits) if _alike(hit, passage)), None)
                if like is not None:
                    hits[like] = _merged(hits[like], found)
                elif len(hits) < k:
                    hits.append(found)
        lead = self._lead(question, hits)
        if lead is None:
            return hits
        twins = self._passages.twins([lead], self._allowed)[0]
        first = Hit(lead, hits[0].score, cosines.get(lead.id, 0.0), bm25.get(lead.id, 0.0), twins)
        return [first, *(hit for hit in hits if not _alike(hit, lead))][:k]

    def _lead(self, question: str, hits: Sequence[Hit]) -> Passage | None:
        """Who somebody was and when they lived stands where an article about them begins: that passage is as good as the best.

        Searching alone may miss it: the other passages have the name too.
        """
        name, dated = asked_name(question), asked_date(question)
        about = name or (dated[0] if dated else None)
        article = next((hit.passage for hit in hits if about and names_it(about, hit.passage.title)), None)
        if article is None:
            return None
        articles = self._passages.articles
        begin = articles[bisect_right(articles, article.id, key=lambda stretch: stretch.begin) - 1].begin
        return self._passages.fetch([begin])[0] if self._allowed is None or begin in self._allowed else None


def _alike(hit: Hit, passage: Passage) -> bool:
    return hit.passage.text == passage.text or holds(hit.passage, passage) or holds(passage, hit.passage)


def _merged(first: Hit, other: Hit) -> Hit:
    """One hit of both, at the place of the first, with the passage that says all of it; the others are its twins."""
    whole = first if first.passage.text == other.passage.text or holds(first.passage, other.passage) else other
    everything = {passage.id: passage for hit in (first, other) for passage in (hit.passage, *hit.twins)}
    twins = tuple(passage for passage in everything.values() if passage.id != whole.passage.id)
    return Hit(whole.passage, first.score, whole.dense, whole.keyword, twins)


def weighted_mean(dense: list[tuple[int, float]], keyword: list[tuple[int, float]], dense_weight: float) -> list[tuple[int, float]]:
    """(position, score), best first; ties by position. What only one list has counts 0 in the other, as do cosines below 0."""
    cosines, shares = dict(dense), dict(keyword)
    positions = sorted(cosines.keys() | shares.keys())
    scores = [(p, dense_weight * max(0.0, cosines.get(p, 0.0)) + (1 - dense_weight) * shares.get(p, 0.0)) for p in positions]
    return sorted(scores, key=lambda pair: -pair[1])


def min_max_mean(dense: list[tuple[int, float]], keyword: list[tuple[int, float]], dense_weight: float = 0.5) -> list[tuple[int, float]]:
    """(position, score 0 to 1), best first. What only one list has counts 0 in the other. Kept for the comparison."""
    scaled = _scaled(dense, floor=None), _scaled(keyword, floor=0.0)
    positions = sorted(set(scaled[0]) | set(scaled[1]))
    scores = [(p, dense_weight * scaled[0].get(p, 0.0) + (1 - dense_weight) * scaled[1].get(p, 0.0)) for p in positions]
    return sorted(scores, key=lambda pair: -pair[1])


def reciprocal_ranks(dense: list[tuple[int, float]], keyword: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """Reciprocal rank fusion with k = 60: (position, score), best first. Kept for the comparison."""
    scores: dict[int, float] = {}
    for ranking in (dense, keyword):
        for rank, (position, _) in enumerate(ranking, start=1):
            scores[position] = scores.get(position, 0.0) + 1 / (_RRF_K + rank)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))


def _scaled(ranking: list[tuple[int, float]], floor: float | None) -> dict[int, float]:
    """Scores to 0..1 over the list. A BM25 score has a true zero (`floor`); a cosine's lowest candidate stands for it."""
    if not ranking:
        return {}
    values = [score for _, score in ranking]
    low = min(values) if floor is None else floor
    width = max(values) - low
    return {position: (score - low) / width if width > 0 else 1.0 for position, score in ranking}
