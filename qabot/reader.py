"""Question + passages -> scored spans, with an extractive question-answering model.

All passages of a question go through the model in one batch, cut into overlapping windows where they are longer than the
model reads. Spans of all windows are compared by their margin over their own window's null score, the score of the first
token, as in SQuAD 2.0's recipe (Rajpurkar et al. 2018). Does not decide whether to answer: `confidence` does.
"""

from collections.abc import Sequence
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np

from qabot.chunking import sentences
from qabot.errors import ModelError
from qabot.records import Hit, Scores, Span
from qabot.spans import best_spans, merge

EMBEDDED = "embedded"
_MAX_TOKENS, _STRIDE = 384, 128
_QUESTION_TOKENS = 64
_ANSWER_TOKENS = 30
_SPANS_PER_WINDOW = 5


class ExtractiveReader:
    """A model with a span head. `model` maps token tensors to start and end logits."""

    def __init__(self, model: Any, tokenizer: Any, top: int = 5) -> None:
        self._model, self._tokenizer, self._top = model, tokenizer, top

    @classmethod
    def load(cls, name: str = EMBEDDED) -> "ExtractiveReader":
        """Load the embedded reader, a folder, or a hub name. Raises ModelError when there is no such reader here."""
        import torch
        from transformers import AutoModelForQuestionAnswering, AutoTokenizer

        source = str(reader_folder(name) or name)
        try:
            model = AutoModelForQuestionAnswering.from_pretrained(source, dtype=torch.float32)
            tokenizer = AutoTokenizer.from_pretrained(source)
        except (OSError, ValueError) as error:
            raise ModelError(
                f"cannot load the reader {name!r}: give a folder or hub name of an extractive question-answering model in "
                "QABOT_READER, or unset it to use the embedded one"
            ) from error
        return cls(model.eval(), tokenizer)

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        """Up to `top` spans of all hits, best margin first, no two of one place or of the same words."""
        if not hits:
            return []
        prefixes = [f"{hit.passage.title}\n" for hit in hits]
        windows = self._windows(question, [prefix + hit.passage.text for prefix, hit in zip(prefixes, hits, strict=True)])
        starts, ends = self._forward(windows)
        firsts = [[start for start, _ in sentences(hit.passage.text)] for hit in hits]
        spans: list[Span] = []
        for row, place in enumerate(windows["overflow_to_sample_mapping"]):
            hit, offsets = hits[place], np.asarray(windows["offset_mapping"][row]) - len(prefixes[place])
            context = np.array([part == 1 for part in windows.sequence_ids(row)])
            allowed = context & (offsets[:, 0] >= 0)  # the title in front is read, never answered with
            sentence = np.where(allowed, np.searchsorted(firsts[place], offsets[:, 0], side="right"), -1)
            null = float(starts[row, 0] + ends[row, 0])
            length = len(sentence)
            for span in best_spans(starts[row, :length], ends[row, :length], sentence, _ANSWER_TOKENS, _SPANS_PER_WINDOW):
                spans.append(Span(hit, int(offsets[span.start, 0]), int(offsets[span.end, 1]), span.score, null))
        return merge(spans)[: self._top]

    def _windows(self, question: str, contexts: list[str]) -> Any:
        """Token windows of all contexts, with character offsets into them."""
        kept = self._tokenizer(
            question, truncation=True, max_length=_QUESTION_TOKENS, add_special_tokens=False, return_offsets_mapping=True
        )
        cut = question[: kept["offset_mapping"][-1][1]] if kept["offset_mapping"] else question
        return self._tokenizer(
            [cut] * len(contexts),
            contexts,
            truncation="only_second",
            max_length=_MAX_TOKENS,
            stride=_STRIDE,
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
        )

    def _forward(self, windows: Any) -> tuple[Scores, Scores]:
        """Start and end logits, each of shape (windows, longest window)."""
        import torch

        fields = [name for name in ("input_ids", "attention_mask", "token_type_ids") if name in windows]
        batch = self._tokenizer.pad({name: windows[name] for name in fields}, return_tensors="pt")
        with torch.inference_mode():
            output = self._model(**batch)
        return output.start_logits.numpy(), output.end_logits.numpy()


def reader_folder(name: str) -> Path | None:
    """The folder of a reader, embedded or given; None for a hub name. Raises ModelError when the embedded one is missing."""
    if name != EMBEDDED:
        return Path(name) if Path(name).is_dir() else None
    with as_file(files("qabot") / "weights" / "reader") as folder:
        if not (folder / "model.safetensors").is_file():
            raise ModelError(f"the embedded reader is missing from {folder}: install qabot again, or set QABOT_READER to a reader's folder")
        return folder
