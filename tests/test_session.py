"""Rows run by themselves: order kept, many at once, and no row changes another."""

import threading
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, save

from qabot import session
from qabot.session import Rows, Session, Tokens, tokens


class Summing:
    """Gives the sum of a row's ids, and notes how many rows ran at once."""

    def __init__(self) -> None:
        self.running = self.most = 0
        self.lock = threading.Lock()
        self.both = threading.Barrier(2, timeout=10)

    def __call__(self, tokens: Tokens) -> list[np.ndarray]:
        """One number."""
        with self.lock:
            self.running += 1
            self.most = max(self.most, self.running)
        if tokens[0, 0] < 2:
            self.both.wait()  # the first two rows must meet
        with self.lock:
            self.running -= 1
        return [np.array([tokens[0].sum()], dtype=np.float32)]


def test_order_is_kept_and_two_run_at_once() -> None:
    """Rows of different lengths, two workers: the results stand where their rows stood."""
    forward = Summing()
    rows = [tokens([n] * (5 - n % 3), [0] * (5 - n % 3)) for n in range(6)]
    found = Rows(forward, 2).run(rows)
    assert [float(output[0][0]) for output in found] == [float(row[0].sum()) for row in rows]
    assert forward.most == 2


def test_one_row_needs_no_second_thread() -> None:
    """Nothing to wait for."""
    forward = Summing()
    assert Rows(forward, 4).run([tokens([7, 8], [0, 1])])[0][0] == pytest.approx([15.0])
    assert Rows(forward, 4).run([]) == []


def test_a_session_gives_a_model_what_it_takes(tmp_path: Path) -> None:
    """A model of two of the three inputs, in its own order; the batch's dimension is put on and taken off."""
    shape = ["rows", "length"]
    mask, ids = (helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name in ("attention_mask", "input_ids"))
    out = helper.make_tensor_value_info("sum", TensorProto.INT64, shape)
    graph = helper.make_graph([helper.make_node("Add", ["input_ids", "attention_mask"], ["sum"])], "g", [mask, ids], [out])
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), str(tmp_path / "m.onnx"))
    assert Session(tmp_path / "m.onnx")(tokens([4, 5], [0, 1]))[0].tolist() == [5, 6]


def test_the_product_that_is_tried_is_of_unsigned_and_signed_bytes() -> None:
    """Read back with the library that it was written without; it is right for small bytes on every processor."""
    model = onnx.load_from_string(session._PRODUCT)
    assert [node.op_type for node in model.graph.node] == ["MatMulInteger"]
    assert [value.type.tensor_type.elem_type for value in model.graph.input] == [TensorProto.UINT8, TensorProto.INT8]
    left, right = np.array([[1, 200, 3]], dtype=np.uint8), np.array([[-1], [2], [3]], dtype=np.int8)
    runs = onnxruntime.InferenceSession(session._PRODUCT, providers=["CPUExecutionProvider"])
    assert runs.run(None, {"a": left, "b": right})[0].tolist() == [[408]]
