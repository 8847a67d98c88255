"""A compiled model in ONNX Runtime. The only file that imports onnxruntime to serve.

Each row runs by itself on one thread, and as many rows at once as there are CPUs. Measured against padded batches on several
threads, that was quicker (77 against 95 ms for six rows of 200 tokens on two CPUs), and an answer does not depend on what
else is in its batch: dynamic int8 scales activations by the whole tensor.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

# The smallest ONNX file that multiplies unsigned by signed bytes, c = MatMulInteger(a, b): written out, as making it takes a library.
_PRODUCT = (
    b'\x08\x08:>\n\x18\n\x01a\n\x01b\x12\x01c"\rMatMulInteger\x12\x01gZ\t\n\x01a\x12\x04\n\x02\x08\x02'
    b"Z\t\n\x01b\x12\x04\n\x02\x08\x03b\t\n\x01c\x12\x04\n\x02\x08\x06B\x04\n\x00\x10\x11"
)
Tokens = npt.NDArray[np.int64]  # shape (3, length): ids, attention mask, token types


class Forward(Protocol):
    """A model that maps one row of tokens to its outputs."""

    def __call__(self, tokens: Tokens) -> list[npt.NDArray[np.float32]]:
        """The model's outputs, each without the batch's dimension."""
        ...


class Session:
    """An ONNX file that the compiler has optimised already, loaded as it is. Safe to call from several threads at once."""

    def __init__(self, path: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL  # two thirds of a load's time
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self._inputs = [(("input_ids", "attention_mask", "token_type_ids").index(i.name), i.name) for i in self._session.get_inputs()]

    def __call__(self, tokens: Tokens) -> list[npt.NDArray[np.float32]]:
        """The outputs for one row."""
        outputs: list[Any] = self._session.run(None, {name: tokens[place][None] for place, name in self._inputs})
        return [output[0] for output in outputs]


class Rows:
    """Runs a model over many rows, `workers` at a time."""

    def __init__(self, forward: Forward, workers: int) -> None:
        self._forward = forward
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="model") if workers > 1 else None

    def run(self, rows: Sequence[Tokens]) -> list[list[npt.NDArray[np.float32]]]:
        """The outputs of each row, in order."""
        if self._pool is None or len(rows) < 2:
            return [self._forward(row) for row in rows]
        return list(self._pool.map(self._forward, rows))


def tokens(ids: Sequence[int], types: Sequence[int]) -> Tokens:
    """One unpadded row."""
    return np.array([ids, [1] * len(ids), types], dtype=np.int64)


@cache
def saturates() -> bool:
    """Whether this processor adds products of unsigned and signed bytes up in 16 bits, which is too few for the largest.

    AVX2 does without VNNI (vpmaddubsw), as ONNX Runtime's documentation of quantisation warns.
    """
    import onnxruntime

    left, right = np.full((1, 64), 255, dtype=np.uint8), np.full((64, 16), 127, dtype=np.int8)
    session = onnxruntime.InferenceSession(_PRODUCT, providers=["CPUExecutionProvider"])
    product: Any = session.run(None, {"a": left, "b": right})[0]
    return bool((product != left.astype(np.int32) @ right.astype(np.int32)).any())
