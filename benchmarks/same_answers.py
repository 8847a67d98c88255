"""Do the same questions get the same answers from a folder (FAISS) and from Milvus (exact index)?

    python -m benchmarks.same_answers --data FOLDER --torres FILE [--index milvus+lite:///tmp/same.db] [--questions 400]

Two shelves, each built into both: the bundled article with the questions of FILE, and the paragraphs of `new_wiki` with (a sample of) its
development questions, asked through the whole line with the shipped reader. Prints where anything differs, hits, scores or answers, and one
JSON line; exit code 1 where fewer than 99 of 100 answers of a shelf are the same.
"""

import argparse
import json
import random
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.process import machine, middle, percentile
from qabot import shelf
from qabot.address import parse
from qabot.build import build
from qabot.chunking import Chunking, SentenceSplitter
from qabot.confidence import Calibration
from qabot.encoder import PACKAGED
from qabot.folder_store import FolderStore
from qabot.index_store import IndexStore
from qabot.milvus.store import MilvusStore
from qabot.pipeline import Pipeline
from qabot.reader import EMBEDDED
from qabot.records import Article, Reply
from qabot.retriever import HybridRetriever
from qabot.settings import load_settings
from qabot.stages import Encoder, Reader
from qabot.training.squad import load_questions, paragraphs
from qabot.wiring import load_encoder, load_reader


def main() -> None:
    """Build both, ask both, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--torres", type=Path, required=True)
    parser.add_argument("--index", help="an address without a collection; default: a file of Milvus Lite")
    parser.add_argument("--questions", type=int, default=0, help="of new_wiki; default: all")
    given = parser.parse_args()
    settings = load_settings()
    encoder = load_encoder(PACKAGED, settings.cache)
    reader, calibration = load_reader(EMBEDDED, settings.cache)
    torres = [json.loads(line)["question"] for line in given.torres.read_text(encoding="utf-8").splitlines()]
    wiki = load_questions(given.data, "new_wiki")
    asked = [question.text for question in wiki if question.dev]
    asked = random.Random(17).sample(asked, given.questions) if given.questions else asked
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        place = (given.index or f"milvus+lite://{folder}/same.db").rstrip("/")
        for name, articles, questions in (("torres", shelf.load([Path("data")]), torres), ("new_wiki", paragraphs(wiki), asked)):
            stores: list[IndexStore] = [FolderStore(Path(folder) / name), MilvusStore(parse(f"{place}/same_{name}"), print)]
            lines = [_line(store, articles, encoder, reader, calibration) for store in stores]
            figures[name] = _compared(name, lines, questions)
    print(json.dumps({"benchmark": "same answers", "milvus": stores[1].milvus.version, **figures, "machine": machine()}))  # type: ignore[attr-defined]
    sys.exit(0 if all(shelf["same_answers"] >= 0.99 * shelf["questions"] for shelf in figures.values()) else 1)


def _line(store: IndexStore, articles: list[Article], encoder: Encoder, reader: Reader, calibration: Calibration) -> Pipeline:
    splitter = SentenceSplitter(encoder.count_tokens, Chunking())
    build(articles, store, splitter, encoder, Chunking(), full=True)
    index = store.load()
    return Pipeline(HybridRetriever(encoder, index.vectors, index.words, index.passages), reader, calibration)


def _compared(name: str, lines: list[Pipeline], questions: list[str]) -> dict[str, Any]:
    same_hits = same_answers = 0
    largest, times = 0.0, ([], [])  # type: tuple[float, tuple[list[float], list[float]]]
    for question in questions:
        ours, theirs = (line.ask(question) for line in lines)
        for kept, reply in zip(times, (ours, theirs), strict=True):
            kept.append(reply.timing.retrieve)
        hits = [[hit.passage for hit in sorted(reply.hits, key=lambda hit: -hit.score)] for reply in (ours, theirs)]
        same_hits += hits[0] == hits[1]
        largest = max([largest, *(abs(one.score - other.score) for one, other in zip(ours.hits, theirs.hits, strict=False))])
        same = _said(ours) == _said(theirs)
        same_answers += same
        if not same or hits[0] != hits[1]:
            print(f"{name}: {question}\n  folder {_said(ours)}\n  Milvus {_said(theirs)}")
    counted = f"{same_answers} of {len(questions)} answers the same, {same_hits} passages"
    print(f"{name}: {counted}; scores differ by {largest:.1e} at most")
    return {
        "questions": len(questions), "same_answers": same_answers, "same_hits": same_hits, "largest_difference": largest,
        "folder_retrieve_ms": [middle(times[0]), round(percentile(times[0], 0.95), 1)],
        "milvus_retrieve_ms": [middle(times[1]), round(percentile(times[1], 0.95), 1)],
    }  # fmt: skip


def _said(reply: Reply) -> tuple[str | None, int | None]:
    """The words, and where they stand."""
    if reply.answer is None:
        return None, None
    span = reply.answer.span
    return span.text, span.hit.passage.start + span.start


if __name__ == "__main__":
    main()
