"""Which retrieval brings the right paragraph: dense, BM25, and two ways to fuse them.

    python -m benchmarks.retrieval --data FOLDER

All 1,581 paragraphs of SquadShifts' `new_wiki` are one index of our passages; the 1,404 questions of its development articles
are asked, and passages are mapped back to their paragraphs. Prints recall@1, recall@5 and MRR, and one JSON line.
"""

import argparse
import json
import math
from collections.abc import Callable
from functools import partial
from pathlib import Path

from qabot.build import cut
from qabot.chunking import Chunking, SentenceSplitter
from qabot.encoder import PACKAGED
from qabot.faiss_index import FaissIndex
from qabot.keyword_index import Bm25Index
from qabot.records import Passage
from qabot.retriever import min_max_mean, reciprocal_ranks, weighted_mean
from qabot.settings import load_settings
from qabot.training.squad import load_questions, paragraphs
from qabot.wiring import load_encoder

Ranking = list[tuple[int, float]]
_DEPTH = 100


def main() -> None:
    """Build, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with squadshifts/ and splits.json")
    questions = load_questions(parser.parse_args().data, "new_wiki")
    encoder = load_encoder(PACKAGED, load_settings().cache)
    shelf = paragraphs(questions)
    passages = cut(shelf, SentenceSplitter(encoder.count_tokens, Chunking()))
    vectors = FaissIndex.from_vectors(encoder.encode([passage.embedded_text for passage in passages]))
    words = Bm25Index.from_texts([passage.embedded_text for passage in passages])

    asked = [question for question in questions if question.dev and question.answers]
    numbers = {(article.title, article.text): article.path for article in shelf}
    gold = [numbers[question.title, question.context] for question in asked]
    dense = vectors.search(encoder.encode([question.text for question in asked]), _DEPTH)
    keyword = [words.search(question.text, _DEPTH) for question in asked]
    ways: dict[str, Callable[[Ranking, Ranking], Ranking]] = {
        "dense": lambda d, k: d,
        "BM25": lambda d, k: k,
        "RRF (k 60)": reciprocal_ranks,
        **{f"min-max mean, dense {w:.1f}": partial(min_max_mean, dense_weight=w) for w in (0.2, 0.3, 0.4)},
        **{f"weighted mean, dense {w:.1f}": partial(weighted_mean, dense_weight=w) for w in (0.2, 0.3, 0.4, 0.5)},
    }
    figures = {name: _figures(gold, passages, [fuse(d, k) for d, k in zip(dense, keyword, strict=True)]) for name, fuse in ways.items()}
    print(f"{len(passages)} passages, {len(asked)} questions\n{'':26}{'recall@1':>10}{'recall@5':>10}{'MRR':>8}")
    for name, row in figures.items():
        print(f"{name:26}{row['recall@1']:10.3f}{row['recall@5']:10.3f}{row['mrr']:8.3f}")
    print(json.dumps({"benchmark": "retrieval", "passages": len(passages), "questions": len(asked), "figures": figures}))


def _figures(gold: list[str], passages: list[Passage], rankings: list[Ranking]) -> dict[str, float]:
    """`gold` holds the number of each question's paragraph."""
    ranks = []
    for paragraph, ranking in zip(gold, rankings, strict=True):
        order = list(dict.fromkeys(passages[position].article for position, _ in ranking))
        ranks.append(order.index(paragraph) + 1 if paragraph in order else math.inf)
    count = len(ranks)
    return {
        "recall@1": sum(rank == 1 for rank in ranks) / count,
        "recall@5": sum(rank <= 5 for rank in ranks) / count,
        "mrr": sum(1 / rank for rank in ranks) / count,
    }


if __name__ == "__main__":
    main()
