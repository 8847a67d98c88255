"""Articles that were published again with small changes: do they crowd others out of what is read?

    python -m benchmarks.reprints --data FOLDER [--paragraphs 300] [--reprints 3] [--questions 300]

A shelf of paragraphs of SquadShifts' `new_wiki`, first as they are, then with reprints of each: other spaces and capitals, a date of
printing in front, a sentence more. Questions are asked of `HybridRetriever` as it is and with equal texts alone merged. Prints recall@5
(the right paragraph or a reprint of it is a hit or a twin), how many different paragraphs the five hits come from, and the median time of a
retrieval; ends in one JSON line.
"""

import argparse
import json
import statistics
import time
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from qabot.build import cut
from qabot.chunking import Chunking, SentenceSplitter
from qabot.encoder import PACKAGED
from qabot.faiss_index import FaissIndex
from qabot.keyword_index import Bm25Index
from qabot.records import Article, Section
from qabot.retriever import HybridRetriever
from qabot.settings import load_settings
from qabot.stages import Encoder
from qabot.training.squad import load_questions, paragraphs
from qabot.wiring import load_encoder

_CHANGES = (
    lambda text: text.replace(". ", ".  ").replace(",", " ,"),
    lambda text: f"Last updated: 3 May 2024.\n\n{text}",
    lambda text: f"{text} This article was published before.",
)


def main() -> None:
    """Build both shelves, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with squadshifts/ and splits.json")
    parser.add_argument("--paragraphs", type=int, default=300)
    parser.add_argument("--reprints", type=int, default=3, choices=range(1, len(_CHANGES) + 1))
    parser.add_argument("--questions", type=int, default=300)
    given = parser.parse_args()
    questions = load_questions(given.data, "new_wiki")
    shelf = paragraphs(questions)[: given.paragraphs]
    numbers = {(article.title, article.text): article.path for article in shelf}
    asked = [(q.text, numbers[q.title, q.context]) for q in questions if q.answers and (q.title, q.context) in numbers]
    asked = asked[:: max(1, len(asked) // given.questions)][: given.questions]
    encoder = load_encoder(PACKAGED, load_settings().cache)
    again = [_reprint(article, number) for article in shelf for number in range(given.reprints)]
    figures: dict[str, dict[str, float]] = {}
    print(f"{len(shelf)} paragraphs, {len(asked)} questions\n{'':32}{'recall@5':>10}{'different':>11}{'p50, ms':>9}")
    for name, articles in {"as they are": shelf, f"with {given.reprints} reprints each": [*shelf, *again]}.items():
        retriever = _retriever(articles, encoder)
        figures[f"{name}, merged"] = _figures(retriever, asked)
        with patch("qabot.retriever.holds", return_value=False):
            figures[f"{name}, equal only"] = _figures(retriever, asked)
    for name, row in figures.items():
        print(f"{name:32}{row['recall@5']:10.3f}{row['different']:11.2f}{row['p50_ms']:9.1f}")
    print(json.dumps({"benchmark": "reprints", "paragraphs": len(shelf), "questions": len(asked), "figures": figures}))


def _reprint(article: Article, number: int) -> Article:
    text = _CHANGES[number](article.text)
    return replace(article, path=f"{article.path}.{number}", text=text, sections=(Section((), 0, len(text)),))


def _retriever(articles: list[Article], encoder: Encoder) -> HybridRetriever:
    passages = cut(articles, SentenceSplitter(encoder.count_tokens, Chunking()))
    texts = [passage.embedded_text for passage in passages]
    return HybridRetriever(encoder, FaissIndex.from_vectors(encoder.encode(texts)), Bm25Index.from_texts(texts), passages)


def _figures(retriever: HybridRetriever, asked: list[tuple[str, str]]) -> dict[str, float]:
    found, different, times = 0, [], []
    for question, gold in asked:
        began = time.perf_counter()
        hits = retriever.retrieve(question, 5)
        times.append((time.perf_counter() - began) * 1000)
        there = {passage.article.split(".")[0] for hit in hits for passage in (hit.passage, *hit.twins)}
        found += gold.split(".")[0] in there
        different.append(len({hit.passage.article.split(".")[0] for hit in hits}))
    return {"recall@5": found / len(asked), "different": statistics.mean(different), "p50_ms": round(statistics.median(times), 2)}


if __name__ == "__main__":
    main()
