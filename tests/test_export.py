"""Compilation: the packaged models are true to their originals; others follow their own configuration, or are refused."""

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Dense, Pooling, Transformer
from transformers import BertConfig, BertForQuestionAnswering, BertModel, BertTokenizerFast

from qabot import export, models, session
from qabot.encoder import PACKAGED, packaged_folder
from qabot.errors import ModelError
from qabot.export import compile_model
from qabot.models import CompilationError
from qabot.probes import probes, texts
from qabot.reader import EMBEDDED, ExtractiveReader, reader_folder
from qabot.records import Hit
from qabot.torch_models import TorchEncoder, TorchReader, load_encoder, load_reader
from qabot.wiring import load_encoder as served_encoder
from qabot.wiring import load_reader as served_reader
from tests.conftest import passage

_WORDS = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "[MASK]",
    *"abcdefghijklmnopqrstuvwxyz0123456789.,:;'?",
    *(f"##{c}" for c in "abcdefghijklmnopqrstuvwxyz"),
]


def _tiny(folder: Path) -> Path:
    """A transformer of one random layer."""
    torch.manual_seed(3)
    folder.mkdir()
    BertTokenizerFast(vocab={word: number for number, word in enumerate(_WORDS)}).save_pretrained(folder)
    config = BertConfig(vocab_size=len(_WORDS), hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32)
    BertModel(config).save_pretrained(folder)
    return folder


def _modelled(tmp_path: Path, mode: str, prompts: dict[str, str]) -> Path:
    """A Sentence Transformers folder with its own pooling, a dense layer and prompts."""
    transformer = Transformer(str(_tiny(tmp_path / "bert")), max_seq_length=40)
    torch.manual_seed(4)
    dense = Dense(32, 8, activation_function=torch.nn.Tanh())
    model = SentenceTransformer(modules=[transformer, Pooling(32, pooling_mode=mode), dense], prompts=prompts, device="cpu")
    model.save(str(tmp_path / "model"))
    return tmp_path / "model"


def test_the_packaged_encoder_is_true_to_the_original(cache: Path) -> None:
    """Cosine at least .99 for every probe, in 8 bits, by the very class that serves."""
    served, original = served_encoder(PACKAGED, cache), load_encoder(packaged_folder())
    cosines = np.sum(served.encode(texts()) * original.encode(texts(), normalize_embeddings=True), axis=1)
    assert cosines.min() >= 0.99


def test_the_embedded_reader_is_true_to_the_original(cache: Path) -> None:
    """At least 98 of the 100 probes have the same best span, read as the compiler reads them."""
    folder = reader_folder(EMBEDDED)
    assert folder is not None
    model, tokenizer = load_reader(folder)
    original, served = ExtractiveReader(TorchReader(model), tokenizer), served_reader(EMBEDDED, cache)[0]
    same = 0
    for question, text in probes():
        first, second = (reader.read(question, [Hit(passage(text, title=""), 1.0)])[0] for reader in (original, served))
        same += (first.start, first.end) == (second.start, second.end)
    assert same >= 98


@pytest.mark.parametrize("mode", ["mean", "cls", "max"])
def test_another_encoder_keeps_its_own_configuration(tmp_path: Path, mode: str) -> None:
    """Pooling, dense layer, greatest length and prompts are the model's own, as sentence-transformers would have it."""
    folder = _modelled(tmp_path, mode, {"query": "q: ", "document": "d: "})
    served = served_encoder(str(folder), tmp_path / "cache")
    original = TorchEncoder(load_encoder(folder), "x", "y")
    assert (served.max_tokens, served.encode(["a"]).shape) == (40, (1, 8))
    asked = ["what is a b c?", "why " * 60]
    for kind in (False, True):
        assert np.sum(served.encode(asked, asked=kind) * original.encode(asked, asked=kind), axis=1).min() > 0.99
    assert not np.allclose(served.encode(asked), served.encode(asked, asked=True))
    assert served.count_tokens("a " * 100) == original.count_tokens("a " * 100) == 102


def test_a_model_that_cannot_be_compiled_is_served_by_torch(tmp_path: Path) -> None:
    """Said once a start, remembered in the cache, and the answers are the original's."""
    folder = _modelled(tmp_path, "mean", {})
    said: list[str] = []
    model = models.compiled("encoder", folder, tmp_path / "cache", _refuse)
    assert model.refused == "it cannot be"
    served = served_encoder(str(folder), tmp_path / "cache", said.append)
    assert said == [f"the encoder {folder} runs in torch, which is slower: it cannot be"]
    assert isinstance(served, TorchEncoder)
    assert np.linalg.norm(served.encode(["a b"])) == pytest.approx(1.0)


@pytest.mark.parametrize("saturating", [True, False])
def test_a_product_of_bytes_is_exact_or_its_weights_are_unsigned(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, saturating: bool) -> None:
    """Both kinds of weights are true to the original, signed ones where they do not saturate."""
    if session.saturates() and not saturating:
        pytest.skip("signed weights saturate on this processor")
    monkeypatch.setattr(export, "saturates", lambda: saturating)
    settings = compile_model("encoder", packaged_folder(), tmp_path)
    assert settings["weights"].startswith("int8")
    assert settings[models.SIGNED] is not saturating
    weights = [tensor for tensor in onnx.load(tmp_path / models.MODEL).graph.initializer if tensor.name.endswith("_quantized")]
    assert {tensor.data_type for tensor in weights} == {onnx.TensorProto.UINT8 if saturating else onnx.TensorProto.INT8}


def _refuse(kind: models.Kind, source: Path, target: Path) -> dict[str, object]:
    raise CompilationError("it cannot be")


def test_another_reader_compiles_and_what_is_no_reader_is_refused(tmp_path: Path) -> None:
    """A random reader of one layer gives what torch gives; a folder of an encoder's configuration alone is named."""
    folder = _tiny(tmp_path / "reader")
    config = BertConfig(vocab_size=len(_WORDS), hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32)
    BertForQuestionAnswering(config).save_pretrained(folder)
    served = served_reader(str(folder), tmp_path / "cache")[0]
    model, tokenizer = load_reader(folder)
    hits = [Hit(passage("a b c. d e f."), 1.0)]
    first, second = served.read("what is b?", hits)[0], ExtractiveReader(TorchReader(model), tokenizer).read("what is b?", hits)[0]
    assert first.score == pytest.approx(second.score, abs=0.05)
    (folder / "config.json").write_text('{"model_type": "nothing-known"}')
    with pytest.raises(ModelError, match="QABOT_READER"):
        compile_model("reader", folder, tmp_path)
