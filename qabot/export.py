"""A torch model -> an ONNX file with 8-bit weights, kept only where it does as the original does.

Smoothed, then quantised dynamically (ONNX Runtime's; each weight column has its own scale). Tried in this order until one is
true to the original on `probes`: int8 (for encoders); int8 with the second product of each feed-forward block, whose input has
the outliers, in float32; the same in 7 bits; float32. Where this processor's product of unsigned and signed bytes saturates, as AVX2's
does without VNNI, weights are unsigned too: that product is exact everywhere.
"""

import logging
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from qabot.models import MODEL, SIGNED, TOKENIZER, CompilationError, Kind
from qabot.probes import probes, texts
from qabot.reader import ExtractiveReader
from qabot.records import Hit, Passage
from qabot.session import Session, Tokens, saturates, tokens
from qabot.smoothing import smooth
from qabot.torch_models import TorchReader, load_encoder, load_reader

_OPSET = 17
_SAME_DIRECTION = 0.99  # cosine of each text's two vectors, at least
_SAME_SPANS = 0.98  # share of the probes with the same best span, at least
_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_HEAD = "qa_outputs"  # the span head is tiny, and every score goes through it


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to quantise. Products whose name holds one of `kept` stay in float32."""

    name: str
    kept: tuple[str, ...]
    reduce_range: bool = False


_DOWN = tuple(f"layer.{layer}/output/dense" for layer in range(48))  # the second product of each feed-forward block
_WAYS = (_Way("int8", (_HEAD,)), _Way("int8, part float32", (_HEAD, *_DOWN)), _Way("int7, part float32", (_HEAD, *_DOWN), True))
_READER_WAYS = _WAYS[1:]  # a reader in 8 bits throughout passed the probes and lost 1.0 F1 on development questions
_FLOAT = "float32"


def compile_model(kind: Kind, source: Path, target: Path) -> dict[str, Any]:
    """Write MODEL and TOKENIZER into `target`; returns what serving must know. Raises CompilationError, or ModelError."""
    with _quiet():
        return _encoder(source, target) if kind == "encoder" else _reader(source, target)


class _Embedding(torch.nn.Module):
    """All modules of a Sentence Transformers model as one: transformer, pooling, dense layers, normalisation."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        """Unit vectors, shape (texts, dimension)."""
        vectors = self.model(dict(zip(_INPUTS, inputs, strict=False)))["sentence_embedding"]
        return torch.nn.functional.normalize(vectors, dim=-1)


class _SpanLogits(torch.nn.Module):
    """A span model that gives a plain pair."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(self, *inputs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Start and end logits."""
        output = self.model(**dict(zip(_INPUTS, inputs, strict=False)))
        return output.start_logits, output.end_logits


def _encoder(source: Path, target: Path) -> dict[str, Any]:
    model = load_encoder(source)
    tokenizer = getattr(model.tokenizer, "backend_tokenizer", None)
    if tokenizer is None:
        raise CompilationError("its tokenizer is not one of the tokenizers library")
    if any(getattr(module, "include_prompt", True) is False for module in model.modules()):
        raise CompilationError("its pooling leaves the prompt out")
    tokenizer.no_truncation()
    tokenizer.no_padding()
    tokenizer.save(str(target / TOKENIZER))
    longest = int(model.max_seq_length or 512)
    tokenizer.enable_truncation(longest)
    rows = [tokens(found.ids, found.type_ids) for found in tokenizer.encode_batch(texts())]
    original = model.encode(texts(), prompt="", normalize_embeddings=True, show_progress_bar=False)

    def is_true(path: Path) -> bool:
        session = Session(path)
        return all(float(session(row)[0] @ vector) >= _SAME_DIRECTION for row, vector in zip(rows, original, strict=True))

    typed = "token_type_ids" in model.tokenizer.model_input_names
    way = _quantised(_Embedding(model), typed, ("vector",), rows, target, _WAYS, is_true)
    prompts, default = model.prompts or {}, model.default_prompt_name
    usual = prompts.get(default, "") if default else ""
    return {
        **way,
        "max_tokens": longest,
        "dimension": len(original[0]),
        "question_prompt": prompts.get("query") or usual,
        "passage_prompt": next((prompts[name] for name in ("document", "passage", "corpus") if prompts.get(name)), usual),
    }


def _reader(source: Path, target: Path) -> dict[str, Any]:
    model, tokenizer = load_reader(source)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    tokenizer.save(str(target / TOKENIZER))
    original = _best_places(ExtractiveReader(TorchReader(model), tokenizer))

    def is_true(path: Path) -> bool:
        same = [one == other for one, other in zip(_best_places(ExtractiveReader(Session(path), tokenizer)), original, strict=True)]
        return sum(same) >= _SAME_SPANS * len(same)

    tokenizer.enable_truncation(384)
    rows = [tokens(found.ids, found.type_ids) for found in tokenizer.encode_batch(probes()[::2])]
    typed = int(getattr(model.config, "type_vocab_size", 0) or 0) > 1
    return _quantised(_SpanLogits(model), typed, ("start", "end"), rows, target, _READER_WAYS, is_true)


def _best_places(reader: ExtractiveReader) -> list[tuple[int, int]]:
    """Where the best span of each probe stands."""
    hits = [(question, Hit(Passage(0, "", "", (), text, 0, len(text)), 1.0)) for question, text in probes()]
    return [(spans[0].start, spans[0].end) if (spans := reader.read(question, [hit])) else (0, 0) for question, hit in hits]


def _quantised(
    module: torch.nn.Module,
    typed: bool,
    outputs: tuple[str, ...],
    rows: Sequence[Tokens],
    target: Path,
    ways: Sequence[_Way],
    is_true: Callable[[Path], bool],
) -> dict[str, Any]:
    """Write MODEL in the first way that is true to the original; returns what it is. Raises CompilationError where none is."""
    with tempfile.TemporaryDirectory() as folder:
        exported, smoothed, candidate = (Path(folder) / f"{name}.onnx" for name in ("exported", "smoothed", "candidate"))
        try:
            _export(module.eval(), _INPUTS if typed else _INPUTS[:2], outputs, exported)
        except Exception as error:  # the exporter raises whatever a model's own code raises
            raise CompilationError(f"torch cannot export it ({type(error).__name__})") from error
        products = smooth(exported, smoothed, rows)
        for way in ways:
            _quantise(smoothed, candidate, way, products)
            _optimise(candidate)
            if is_true(candidate):
                (target / MODEL).write_bytes(candidate.read_bytes())
                return {"weights": way.name, SIGNED: not saturates()}
        _optimise(exported)
        if not is_true(exported):
            raise CompilationError("the compiled model does not do as the original does")
        (target / MODEL).write_bytes(exported.read_bytes())
        return {"weights": _FLOAT, SIGNED: False}


def _quantise(source: Path, target: Path, way: _Way, products: Sequence[str]) -> None:
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        source,
        target,
        per_channel=True,
        reduce_range=way.reduce_range,
        weight_type=QuantType.QUInt8 if saturates() else QuantType.QInt8,
        nodes_to_exclude=[name for name in products if any(part in name for part in way.kept)],
        extra_options={"MatMulConstBOnly": True, "DefaultTensorType": onnx.TensorProto.FLOAT},
    )


def _optimise(path: Path) -> None:
    """Rewrite a model as ONNX Runtime would at each load: fused, which is then done once. Not for one processor more than another."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.log_severity_level = 3
    fresh = path.with_suffix(".optimised")
    options.optimized_model_filepath = str(fresh)
    onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    fresh.replace(path)


def _export(module: torch.nn.Module, names: tuple[str, ...], outputs: tuple[str, ...], path: Path) -> None:
    ids = torch.randint(5, 25, (2, 9))
    example = (ids, torch.ones_like(ids), torch.zeros_like(ids))[: len(names)]
    axes = {name: {0: "rows", 1: "length"} for name in names} | {name: {0: "rows"} for name in outputs}
    with torch.inference_mode():
        torch.onnx.export(
            module, example, str(path), input_names=names, output_names=outputs, dynamic_axes=axes, opset_version=_OPSET, dynamo=False
        )


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the notes that exporter and quantiser print for their own developers."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
