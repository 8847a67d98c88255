"""Which retrieval brings the right paragraph: dense, BM25, and two ways to fuse them.

    python -m benchmarks.retrieval --data FOLDER

Two kinds of shelf. All 1,581 paragraphs of SquadShifts' `new_wiki` as one index of our passages, asked the 1,404 questions of its
development articles; and each of SQuAD's development articles alone, asked 25 of its own. Passages are mapped back to their paragraphs.
Prints recall@1, recall@5 and MRR for each, and one JSON line.
"""

import argparse
import json
import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from qabot.build import cut
from qabot.chunking import Chunking, SentenceSplitter
from qabot.encoder import PACKAGED
from qabot.faiss_index import FaissIndex
from qabot.keyword_index import Bm25Index
from qabot.retriever import min_max_mean, reciprocal_ranks, weighted_mean
from qabot.settings import load_settings
from qabot.stages import Encoder
from qabot.training.squad import Question, load_questions, paragraphs
from qabot.wiring import load_encoder

Ranking = list[tuple[int, float]]
_DEPTH, _OF_EACH = 100, 25


@dataclass(frozen=True, slots=True)
class Searched:
    """One question: its paragraph, the paragraph of each passage of its shelf, and what each index brought."""

    gold: str
    paragraphs: list[str]
    dense: Ranking
    keyword: Ranking


WAYS: dict[str, Callable[[Ranking, Ranking], Ranking]] = {
    "dense": lambda dense, keyword: dense,
    "BM25": lambda dense, keyword: keyword,
    "RRF (k 60)": reciprocal_ranks,
    **{f"min-max mean, dense {w:.2f}": partial(min_max_mean, dense_weight=w) for w in (0.2, 0.3, 0.4)},
    **{f"weighted mean, dense {w:.2f}": partial(weighted_mean, dense_weight=w) for w in (0.2, 0.3, 0.35, 0.4, 0.5)},
}


def main() -> None:
    """Build, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with squadshifts/, squad/ and splits.json")
    given = parser.parse_args()
    encoder = load_encoder(PACKAGED, load_settings().cache)
    squad = [question for question in load_questions(given.data, "squad") if question.dev]
    alone = [[question for question in squad if question.title == title] for title in dict.fromkeys(question.title for question in squad)]
    sets = {
        "one shelf (new_wiki)": _search(load_questions(given.data, "new_wiki"), encoder),
        "one article (SQuAD)": [row for article in alone for row in _search(article, encoder, _OF_EACH)],
    }
    figures = {}
    for name, rows in sets.items():
        figures[name] = {way: _figures(rows, fuse) for way, fuse in WAYS.items()}
        print(f"{name}, {len(rows)} questions\n{'':26}{'recall@1':>10}{'recall@5':>10}{'MRR':>8}")
        for way, row in figures[name].items():
            print(f"{way:26}{row['recall@1']:10.3f}{row['recall@5']:10.3f}{row['mrr']:8.3f}")
    counts = {name: len(rows) for name, rows in sets.items()}
    print(json.dumps({"benchmark": "retrieval", "questions": counts, "figures": figures}))


def _search(questions: list[Question], encoder: Encoder, count: int = 0) -> list[Searched]:
    """The development questions (or a sample of `count`) on the shelf of all the questions' paragraphs."""
    shelf = paragraphs(questions)
    passages = cut(shelf, SentenceSplitter(encoder.count_tokens, Chunking()))
    texts = [passage.embedded_text for passage in passages]
    vectors, words = FaissIndex.from_vectors(encoder.encode(texts)), Bm25Index.from_texts(texts)
    asked = [question for question in questions if question.dev and question.answers]
    asked = random.Random(17).sample(asked, min(count, len(asked))) if count else asked
    numbers = {(article.title, article.text): article.path for article in shelf}
    places = [passage.article for passage in passages]
    dense = vectors.search(encoder.encode([question.text for question in asked], asked=True), _DEPTH)
    return [
        Searched(numbers[question.title, question.context], places, found, words.search(question.text, _DEPTH))
        for question, found in zip(asked, dense, strict=True)
    ]


def _figures(rows: list[Searched], fuse: Callable[[Ranking, Ranking], Ranking]) -> dict[str, float]:
    ranks = []
    for row in rows:
        order = list(dict.fromkeys(row.paragraphs[position] for position, _ in fuse(row.dense, row.keyword)))
        ranks.append(order.index(row.gold) + 1 if row.gold in order else math.inf)
    count = len(ranks)
    return {
        "recall@1": round(sum(rank == 1 for rank in ranks) / count, 4),
        "recall@5": round(sum(rank <= 5 for rank in ranks) / count, 4),
        "mrr": round(sum(1 / rank for rank in ranks) / count, 4),
    }


if __name__ == "__main__":
    main()
