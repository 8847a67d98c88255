"""Models in torch: what `export` compiles, and what serves a model that cannot be compiled.

The only file that imports torch, transformers and sentence_transformers, outside the training. Importing those takes seconds
and hundreds of megabytes, so nothing here is imported while a compiled model serves.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

from qabot.errors import ModelError
from qabot.records import Vectors
from qabot.session import Tokens

_BATCH = 32


class TorchEncoder:
    """A Sentence Transformers model run by sentence-transformers itself: every kind of module, prompt and pooling."""

    def __init__(self, model: SentenceTransformer, name: str, weights_sha256: str) -> None:
        self._model = model
        self.name = name
        self.weights_sha256 = weights_sha256
        self.dimension = int(model.get_embedding_dimension() or 0)
        self.max_tokens = int(model.max_seq_length or 512)

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None, asked: bool = False) -> Vectors:
        """Unit vectors, float32, shape (len(texts), dimension); `asked` where the texts are questions."""
        encode = self._model.encode_query if asked else self._model.encode_document
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))  # similar lengths together: less padding
        for begin in range(0, len(order), _BATCH):
            rows = order[begin : begin + _BATCH]
            vectors[rows] = encode([texts[i] for i in rows], batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False)
            if progress is not None:
                progress(len(rows))
        return vectors

    def count_tokens(self, text: str) -> int:
        """Word pieces of `text`, special tokens included, uncut."""
        return len(self._model.tokenizer(text, truncation=False, verbose=False)["input_ids"])


class TorchReader:
    """A span model's forward pass for one row: start and end logits."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._typed = int(getattr(model.config, "type_vocab_size", 0) or 0) > 1

    def __call__(self, tokens: Tokens) -> list[npt.NDArray[np.float32]]:
        """Start and end logits, each of shape (length,)."""
        ids, mask, types = torch.from_numpy(tokens).unbind()
        inputs = {"input_ids": ids[None], "attention_mask": mask[None]} | ({"token_type_ids": types[None]} if self._typed else {})
        with torch.inference_mode():
            output = self._model(**inputs)
        return [output.start_logits[0].float().numpy(), output.end_logits[0].float().numpy()]


def load_encoder(source: Path) -> SentenceTransformer:
    """The Sentence Transformers model of a folder. Raises ModelError when the folder holds none."""
    try:
        return SentenceTransformer(str(source), device="cpu", model_kwargs={"attn_implementation": "eager"})
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(
            f"cannot load the encoder {str(source)!r}: give a Sentence Transformers folder or hub name in QABOT_ENCODER, or unset it to "
            "use the packaged one"
        ) from error


def load_reader(source: Path) -> tuple[Any, Tokenizer]:
    """The span model of a folder and its tokenizer. Raises ModelError when the folder holds none."""
    try:
        model = AutoModelForQuestionAnswering.from_pretrained(source, dtype=torch.float32, attn_implementation="eager")
        return model.eval(), AutoTokenizer.from_pretrained(source).backend_tokenizer
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise ModelError(
            f"cannot load the reader {str(source)!r}: give a folder or hub name of an extractive question-answering model in "
            "QABOT_READER, or unset it to use the embedded one"
        ) from error
