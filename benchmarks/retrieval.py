"""Which retrieval brings the right paragraph: dense, BM25, and two ways to fuse them.

    python benchmarks/retrieval.py --data FOLDER

All 1,581 paragraphs of SquadShifts' `new_wiki` are one index of our passages; the 1,404 questions of its development articles
are asked, and passages are mapped back to their paragraphs. Prints recall@1, recall@5 and MRR, and one JSON line.
"""

import argparse
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

from qabot.build import cut
from qabot.chunking import Chunking, SentenceSplitter
from qabot.encoder import SentenceEncoder
from qabot.faiss_index import FaissIndex
from qabot.keyword_index import Bm25Index
from qabot.records import Article, Passage, Section
from qabot.retriever import min_max_mean, reciprocal_ranks
from qabot.training.squad import Question, load_questions

Ranking = list[tuple[int, float]]
_DEPTH = 100


def main() -> None:
    """Build, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with squadshifts/ and splits.json")
    questions = load_questions(parser.parse_args().data, "new_wiki")
    encoder = SentenceEncoder.load()
    passages = cut(_articles(questions), SentenceSplitter(encoder.count_tokens, Chunking()))
    vectors = FaissIndex.from_vectors(encoder.encode([passage.embedded_text for passage in passages]))
    words = Bm25Index.from_texts([passage.embedded_text for passage in passages])

    asked = [question for question in questions if question.dev and question.answers]
    dense = vectors.search(encoder.encode([question.text for question in asked]), _DEPTH)
    keyword = [words.search(question.text, _DEPTH) for question in asked]
    ways: dict[str, Callable[[Ranking, Ranking], Ranking]] = {
        "dense": lambda d, k: d,
        "BM25": lambda d, k: k,
        "RRF (k 60)": reciprocal_ranks,
        **{f"min-max mean, dense {w:.1f}": partial(min_max_mean, dense_weight=w) for w in (0.2, 0.3, 0.4, 0.5)},
    }
    figures = {name: _figures(asked, passages, [fuse(d, k) for d, k in zip(dense, keyword, strict=True)]) for name, fuse in ways.items()}
    print(f"{len(passages)} passages, {len(asked)} questions\n{'':26}{'recall@1':>10}{'recall@5':>10}{'MRR':>8}")
    for name, row in figures.items():
        print(f"{name:26}{row['recall@1']:10.3f}{row['recall@5']:10.3f}{row['mrr']:8.3f}")
    print(json.dumps({"benchmark": "retrieval", "passages": len(passages), "questions": len(asked), "figures": figures}))


def _articles(questions: list[Question]) -> list[Article]:
    """Each paragraph as an article of its own; its path is its number."""
    contexts = dict.fromkeys((question.title, question.context) for question in questions)
    return [
        Article(str(number), title, text, (Section((), 0, len(text)),), "") for number, (title, text) in enumerate(contexts) if text.strip()
    ]


def _figures(asked: list[Question], passages: list[Passage], rankings: list[Ranking]) -> dict[str, float]:
    texts = {passage.article: passage.text for passage in passages}
    ranks = []
    for question, ranking in zip(asked, rankings, strict=True):
        order = list(dict.fromkeys(passages[position].article for position, _ in ranking))
        ranks.append(next((place for place, article in enumerate(order, 1) if texts[article] in question.context), 10**9))
    count = len(ranks)
    return {
        "recall@1": sum(rank == 1 for rank in ranks) / count,
        "recall@5": sum(rank <= 5 for rank in ranks) / count,
        "mrr": sum(1 / rank for rank in ranks) / count,
    }


if __name__ == "__main__":
    main()
