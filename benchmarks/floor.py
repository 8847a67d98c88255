"""What the bare models cost, and what qabot adds to that.

    python -m benchmarks.floor --data FOLDER [--questions 100]

A question against the forward passes that it needs (one of the encoder, one of the reader for each window) on the same threads; a
build against sentence-transformers' own `encode` of the same passages in torch; and many askers at once against the questions a
second that the bare forward passes allow. Each pair is taken in turn in one run. Prints a table and one JSON line.
"""

import argparse
import json
import random
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.process import machine, middle, percentile
from qabot import cpus
from qabot.build import build
from qabot.chunking import Chunking, SentenceSplitter
from qabot.encoder import PACKAGED, packaged_folder
from qabot.pipeline import Pipeline
from qabot.reader import EMBEDDED
from qabot.session import Rows, Tokens
from qabot.settings import load_settings
from qabot.stages import Encoder
from qabot.training import asked
from qabot.training.squad import Question, load_questions, paragraphs
from qabot.wiring import load_encoder, load_reader

_ASKERS = (1, 8, 64)


class Noting:
    """A model that notes the rows that it was given."""

    def __init__(self, forward: Any) -> None:
        self._forward = forward
        self.rows: list[Tokens] = []

    def __call__(self, tokens: Tokens) -> Any:
        """The model's outputs."""
        self.rows.append(tokens)
        return self._forward(tokens)


def main() -> None:
    """Measure, print, and end with one JSON line."""
    parser = argparse.ArgumentParser(description="What qabot adds to the bare models.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=100)
    given = parser.parse_args()
    dev = [question for question in load_questions(given.data, "new_wiki") if question.dev]
    questions = random.Random(17).sample(dev, given.questions)
    cache = load_settings().cache
    encoder, (reader, calibration) = load_encoder(PACKAGED, cache), load_reader(EMBEDDED, cache)
    pipeline = Pipeline(asked.shelve(paragraphs(dev), encoder), reader, calibration, passages=load_settings().passages)
    figures = _question(pipeline, encoder, reader, questions) | _build(encoder, dev)
    figures["askers"] = {count: _load(pipeline, questions, count, figures["bare_ms"]) for count in _ASKERS}
    print(f"a question    {figures['question_ms']:8.1f} ms   bare {figures['bare_ms']:8.1f} ms   ratio {figures['question_ratio']:.3f}")
    print(f"a build       {figures['build_s']:8.2f} s    torch {figures['torch_s']:7.2f} s    ratio {figures['build_ratio']:.3f}")
    for count, row in figures["askers"].items():
        print(f"{count:3} askers    {row['per_second']:8.2f} /s   p95 {row['p95_ms']:8.1f} ms   of the bare models {row['of_bare']:.3f}")
    print(json.dumps({"benchmark": "floor", "questions": given.questions, "figures": figures, "machine": machine()}))


def _question(pipeline: Pipeline, encoder: Any, reader: Any, questions: list[Question]) -> dict[str, Any]:
    """Each question, then its bare forward passes, on the same number of threads."""
    noting = [Noting(stage._rows._forward) for stage in (encoder, reader)]
    bare = [Rows(note._forward, cpus.usable()) for note in noting]
    for stage, note in zip((encoder, reader), noting, strict=True):
        stage._rows._forward = note
    whole, alone = [], []
    for question in questions:
        for note in noting:
            note.rows = []
        began = time.perf_counter()
        pipeline.ask(question.text)
        whole.append((time.perf_counter() - began) * 1000)
        began = time.perf_counter()
        for rows, note in zip(bare, noting, strict=True):
            rows.run(note.rows)
        alone.append((time.perf_counter() - began) * 1000)
    for stage, note in zip((encoder, reader), noting, strict=True):
        stage._rows._forward = note._forward
    ratio = middle([one / other for one, other in zip(whole, alone, strict=True)])
    return {"question_ms": middle(whole, 1), "bare_ms": middle(alone, 1), "question_ratio": ratio}


def _build(encoder: Encoder, dev: list[Question]) -> dict[str, Any]:
    """A build of a shelf, and torch's own encoding of its passages, in turn three times."""
    from sentence_transformers import SentenceTransformer

    torch_model = SentenceTransformer(str(packaged_folder()), device="cpu")
    shelf, chunking = paragraphs(dev), Chunking()
    splitter = SentenceSplitter(encoder.count_tokens, chunking)
    texts = [passage.embedded_text for article in shelf for passage in splitter.split(article)]
    ours, theirs = [], []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            build(shelf, Path(folder) / "index", splitter, encoder, chunking)
            ours.append(time.perf_counter() - began)
        began = time.perf_counter()
        torch_model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
        theirs.append(time.perf_counter() - began)
    ratio = middle([one / other for one, other in zip(ours, theirs, strict=True)])
    return {"build_s": middle(ours), "torch_s": middle(theirs), "build_ratio": ratio, "passages": len(texts)}


def _load(pipeline: Pipeline, questions: list[Question], askers: int, bare_ms: float) -> dict[str, float]:
    """All questions, twice, from `askers` threads at once."""
    times = []

    def ask(question: Question) -> None:
        began = time.perf_counter()
        pipeline.ask(question.text)
        times.append((time.perf_counter() - began) * 1000)

    began = time.perf_counter()
    with ThreadPoolExecutor(askers) as pool:
        list(pool.map(ask, questions * 2))
    per_second = len(times) / (time.perf_counter() - began)
    return {
        "per_second": round(per_second, 2),
        "p95_ms": round(percentile(times, 0.95), 1),
        "of_bare": round(per_second * bare_ms / 1000, 3),
    }


if __name__ == "__main__":
    main()
