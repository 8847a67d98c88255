"""Smoothing: the same products from even inputs."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper, save

from qabot.session import Session, tokens
from qabot.smoothing import smooth


def test_the_product_is_the_same_and_the_outlier_is_gone(tmp_path: Path) -> None:
    """Two products share one input, whose first channel is fifty times the second: one divisor before both, equal results."""
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["rows", "length"])
    table = np.array([[50.0, 1.0], [-40.0, 0.5], [30.0, -1.0]], dtype=np.float32)
    one, two = np.array([[1.0, 2.0], [3.0, 4.0]], dtype=np.float32), np.array([[0.5], [2.0]], dtype=np.float32)
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["x"]),
        helper.make_node("MatMul", ["x", "one"], ["y"], name="first"),
        helper.make_node("MatMul", ["x", "two"], ["z"], name="second"),
    ]
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["rows", "length", None]) for name in ("y", "z")]
    constants = [numpy_helper.from_array(array, name) for array, name in ((table, "table"), (one, "one"), (two, "two"))]
    graph = helper.make_graph(nodes, "g", [ids], outputs, constants)
    source, target = tmp_path / "a.onnx", tmp_path / "b.onnx"
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), str(source))
    row = tokens([0, 1, 2], [0, 0, 0])
    assert smooth(source, target, [row]) == ["first", "second"]
    for before, after in zip(Session(source)(row), Session(target)(row), strict=True):
        assert np.allclose(before, after, rtol=1e-5)
    smoothed = onnx.load(str(target))
    divisors = [node for node in smoothed.graph.node if node.op_type == "Mul"]
    assert len(divisors) == 1
    scale = numpy_helper.to_array(next(t for t in smoothed.graph.initializer if t.name == divisors[0].input[1]))
    even = np.abs(table * scale).max(axis=0)
    assert even.max() / even.min() < 4 < 50
