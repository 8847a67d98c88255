"""Fusion of dense and keyword scores."""

import pytest

from qabot.faiss_index import FaissIndex
from qabot.keyword_index import Bm25Index
from qabot.retriever import _DENSE_WEIGHT, HybridRetriever, min_max_mean, reciprocal_ranks, weighted_mean
from tests.conftest import LetterEncoder, passage


def test_weighted_mean_of_cosine_and_share() -> None:
    """0.4 of the cosine and 0.6 of the share; what is missing, or below 0, counts 0."""
    fused = weighted_mean([(0, 0.9), (1, 0.5), (2, -0.1)], [(1, 0.5), (3, 0.2)], 0.4)
    assert [position for position, _ in fused] == [1, 0, 3, 2]
    assert [score for _, score in fused] == pytest.approx([0.5, 0.36, 0.12, 0.0])


def test_min_max_mean_is_the_mean_of_scaled_scores() -> None:
    """Cosines 0.9, 0.5, 0.1 scale to 1, 0.5, 0; BM25 4 and 2 to 1 and 0.5; what is missing counts 0."""
    fused = min_max_mean([(0, 0.9), (1, 0.5), (2, 0.1)], [(1, 4.0), (3, 2.0)])
    assert [position for position, _ in fused] == [1, 0, 3, 2]
    assert [score for _, score in fused] == pytest.approx([0.75, 0.5, 0.25, 0.0])


def test_min_max_of_equal_scores() -> None:
    """One candidate, or equal ones, scale to 1 and not to a division by zero."""
    assert min_max_mean([(7, 0.3)], []) == [(7, 0.5)]


def test_reciprocal_ranks() -> None:
    """First and second of two lists: 1/61 + 1/62."""
    position, score = reciprocal_ranks([(5, 1.0), (6, 0.5)], [(6, 3.0)])[0]
    assert position == 6
    assert score == pytest.approx(1 / 62 + 1 / 61)


def _retriever(texts: list[str], within: list[int] | None = None) -> HybridRetriever:
    passages = [passage(text, number, article=f"{number}.md") for number, text in enumerate(texts)]
    encoder = LetterEncoder()
    indexes = FaissIndex.from_vectors(encoder.encode(texts)), Bm25Index.from_texts(texts)
    return HybridRetriever(encoder, *indexes, passages, within=within)


def test_only_what_is_in_scope_is_found() -> None:
    """The best of all is not brought where it may not answer; the others are ranked as they are without it."""
    texts = ["miners strike", "miners strike today", "teachers sing", "miners sing"]
    assert _retriever(texts).retrieve("miners strike", 4)[0].passage.id == 0
    found = _retriever(texts, within=[1, 3]).retrieve("miners strike", 4)
    assert [hit.passage.id for hit in found] == [1, 3]
    assert all(hit.keyword > 0 for hit in found)


def test_a_small_article_is_found_on_a_large_shelf() -> None:
    """Two thousand better passages of others do not hide the only one of the article that is asked for; an unknown title finds nothing."""
    passages = [passage("miners strike", n, title="Many", article="m.md", start=20 * n) for n in range(2000)]
    passages.append(passage("teachers sing", 2000, title="Small", article="s.md"))
    encoder, texts = LetterEncoder(), [p.text for p in passages]
    retriever = HybridRetriever(encoder, FaissIndex.from_vectors(encoder.encode(texts)), Bm25Index.from_texts(texts), passages)
    assert [hit.passage.id for hit in retriever.retrieve("miners strike", 3, "Small")] == [2000]
    assert retriever.retrieve("miners strike", 3, "None") == []


def test_equal_passages_are_one_hit() -> None:
    """They take one place of `k`, and the others are named with it; out of scope they are not."""
    texts = ["miners strike", "teachers sing", "miners strike", "miners strike"]
    first, second = _retriever(texts).retrieve("miners strike", 2)
    assert (first.passage.id, [twin.id for twin in first.twins]) == (0, [2, 3])
    assert (second.passage.id, second.twins) == (1, ())
    (only,) = _retriever(texts, within=[2, 3]).retrieve("miners strike", 5)
    assert (only.passage.id, [twin.id for twin in only.twins]) == (2, [3])


_FIRE = "The mill of the town burnt down in 1906, and nobody was hurt. The wheel was sold to a farmer of the valley."


def test_what_says_the_same_takes_one_place() -> None:
    """Reprints do not crowd out another passage; the fullest stands for them; another figure keeps a passage apart."""
    texts = [
        _FIRE,
        _FIRE.upper(),
        f"Updated 3 May 2024.\n\n{_FIRE}",
        f"{_FIRE} It was old.",
        _FIRE.replace("1906", "1907"),
        "A mill is a machine.",
    ]
    first, second, third = _retriever(texts).retrieve("when did the mill of the town burn down?", 3)
    assert (first.passage.id, sorted(twin.id for twin in first.twins)) == (3, [0, 1, 2])
    assert (second.passage.id, second.twins, third.passage.id) == (4, (), 5)
    assert first.score >= second.score >= third.score


def test_hits_carry_both_scores() -> None:
    """The passage that both kinds like is first, with its cosine and BM25 score."""
    passages = [passage("miners strike", 0), passage("teachers sing", 1)]
    encoder = LetterEncoder()
    texts = [p.text for p in passages]
    retriever = HybridRetriever(encoder, FaissIndex.from_vectors(encoder.encode(texts)), Bm25Index.from_texts(texts), passages)
    hits = retriever.retrieve("miners strike", 5)
    assert [hit.passage.id for hit in hits] == [0, 1]
    assert hits[0].dense == pytest.approx(1.0)
    assert hits[0].score == pytest.approx(_DENSE_WEIGHT + (1 - _DENSE_WEIGHT) * hits[0].keyword)
    assert 1 > hits[0].keyword > 0 == hits[1].keyword
    assert len(retriever.retrieve("miners", 1)) == 1


def test_who_somebody_was_is_looked_for_where_their_article_begins() -> None:
    """The lead comes first, with the best one's score, where its title is the name; not to other questions, and not out of scope."""
    rows = [("Torres", "t.md", "A politician of Bolivia."), *[("Torres", "t.md", f"Torres and torres, {n}") for n in range(4)],
            ("Banzer", "b.md", "Banzer and Torres")]  # fmt: skip
    passages = [passage(text, number, title=title, article=article) for number, (title, article, text) in enumerate(rows)]
    encoder, texts = LetterEncoder(), [p.text for p in passages]

    def found(question: str, within: list[int] | None = None) -> list[tuple[int, float]]:
        indexes = FaissIndex.from_vectors(encoder.encode(texts)), Bm25Index.from_texts(texts)
        hits = HybridRetriever(encoder, *indexes, passages, within=within).retrieve(question, 3)
        return [(hit.passage.id, hit.score) for hit in hits]

    plain = found("Torres?")
    assert 0 not in [place for place, _ in plain]
    for question in ("Who was Torres?", "When was Torres born?"):
        lead, *others = found(question)
        assert (lead[0], lead[1], len(others)) == (0, others[0][1], 2)
    assert 0 not in [place for place, _ in found("Who was Torres?", within=[1, 2, 3, 4, 5])]
    assert 0 not in [place for place, _ in found("Where was Torres born?")]
