"""Questions to a running bot: time and quality, qabot beside Haystack and txtai, same weights, passages and number read, in turn.

    python -m benchmarks.warm --data FOLDER --peers .venv-peers/bin/python [--questions 200]

The development articles of SquadShifts' `new_wiki` are the shelf, cut into qabot's passages. Answers are each tool's first
candidate, said or not. Prints p50, p95, EM, F1 and one JSON line.
"""

import argparse
import json
import random
import tempfile
import time
from pathlib import Path

from benchmarks.cold import write_passages
from benchmarks.process import PEER_NAMES, Peer, machine, middle, peer_command, percentile
from qabot.build import cut
from qabot.chunking import Chunking, SentenceSplitter
from qabot.encoder import PACKAGED, packaged_folder
from qabot.faiss_index import FaissIndex
from qabot.keyword_index import Bm25Index
from qabot.measures import exact_match, f1, mean
from qabot.pipeline import Pipeline
from qabot.reader import EMBEDDED, reader_folder
from qabot.retriever import HybridRetriever
from qabot.settings import load_settings
from qabot.training.squad import load_questions, paragraphs
from qabot.wiring import load_encoder, load_reader

_PASSAGES = 5
Row = tuple[str, float, list[str]]  # answer, milliseconds, what is accepted


def main() -> None:
    """Ask everybody every question in turn, print, and end with one JSON line."""
    parser = argparse.ArgumentParser(description="Questions to a running bot.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--peers", type=Path, help="the Python of the peers' environment; without it only qabot is measured")
    parser.add_argument("--questions", type=int, default=200)
    given = parser.parse_args()
    dev = [question for question in load_questions(given.data, "new_wiki") if question.dev]
    cache = load_settings().cache
    encoder, (reader, calibration) = load_encoder(PACKAGED, cache), load_reader(EMBEDDED, cache)
    passages = cut(paragraphs(dev), SentenceSplitter(encoder.count_tokens, Chunking()))
    texts = [passage.embedded_text for passage in passages]
    retriever = HybridRetriever(encoder, FaissIndex.from_vectors(encoder.encode(texts)), Bm25Index.from_texts(texts), passages)
    pipeline = Pipeline(retriever, reader, calibration, passages=_PASSAGES)
    rows: dict[str, list[Row]] = {}
    with tempfile.TemporaryDirectory() as folder:
        shelf, weights = write_passages(passages, Path(folder) / "passages.jsonl"), reader_folder(EMBEDDED)
        assert weights is not None
        peers = {
            name: Peer(peer_command(name, given.peers, packaged_folder(), weights, shelf, _PASSAGES))
            for name in (PEER_NAMES if given.peers else ())
        }
        for peer in peers.values():
            peer.ask("Is everything loaded?")
        for question in random.Random(17).sample(dev, given.questions):
            accepted = [text for text, _ in question.answers]
            began = time.perf_counter()
            reply = pipeline.ask(question.text)
            took = (time.perf_counter() - began) * 1000
            first = reply.answer or next(iter(reply.alternatives), None)
            rows.setdefault("qabot", []).append((first.span.text if first else "", took, accepted))
            for name, peer in peers.items():
                rows.setdefault(name, []).append((*peer.ask(question.text), accepted))
        for peer in peers.values():
            peer.close()
    figures = {name: _figures(found) for name, found in rows.items()}
    print(f"{len(passages)} passages, {given.questions} questions, {_PASSAGES} read\n{'':10}{'p50 ms':>9}{'p95 ms':>9}{'EM':>8}{'F1':>8}")
    for name, row in figures.items():
        ratio = f"   qabot takes {figures['qabot']['p50_ms'] / row['p50_ms']:.3f} of its p50" if name != "qabot" else ""
        print(f"{name:10}{row['p50_ms']:9.1f}{row['p95_ms']:9.1f}{row['em']:8.3f}{row['f1']:8.3f}{ratio}")
    print(json.dumps({"benchmark": "warm", "questions": given.questions, "figures": figures, "machine": machine()}))


def _figures(rows: list[Row]) -> dict[str, float]:
    times = [took for _, took, _ in rows]
    return {
        "p50_ms": middle(times, 1),
        "p95_ms": round(percentile(times, 0.95), 1),
        "em": mean([float(exact_match(answer, accepted)) for answer, _, accepted in rows]) or 0.0,
        "f1": mean([f1(answer, accepted) for answer, _, accepted in rows]) or 0.0,
    }


if __name__ == "__main__":
    main()
