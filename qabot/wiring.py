"""Settings -> ready objects: the only file that names concrete stages, and where heavy libraries are first imported."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qabot.confidence import Calibration
    from qabot.models import Kind
    from qabot.pipeline import Pipeline
    from qabot.reader import ExtractiveReader
    from qabot.settings import Settings
    from qabot.stages import Encoder
    from qabot.store import Index, Manifest


@dataclass(frozen=True, slots=True)
class Bot:
    """A pipeline and the index that it answers from."""

    pipeline: "Pipeline"
    index: "Index"


def open_bot(settings: "Settings", say: Callable[[str], None] = lambda line: None) -> Bot:
    """Everything needed to answer; `say` gets a line before something that takes long. Raises IndexFolderError or ModelError."""
    from qabot import store
    from qabot.pipeline import Pipeline
    from qabot.retriever import HybridRetriever

    index = store.load(settings.index)
    encoder = _encoder_of(index, settings, say)
    retriever = HybridRetriever(encoder, index.vectors, index.words, index.passages)
    reader, calibration = load_reader(settings.reader, settings.cache, say)
    titles = {entry["title"] for entry in index.manifest.articles}
    subject = titles.pop() if len(titles) == 1 else None
    return Bot(Pipeline(retriever, reader, calibration, subject, settings.passages), index)


def load_encoder(name: str, cache: Path, say: Callable[[str], None] = lambda line: None) -> "Encoder":
    """The encoder of the settings: compiled, or in torch where it cannot be compiled. Raises ModelError."""
    from qabot import cpus, models
    from qabot.encoder import PACKAGED, SentenceEncoder, check_packaged, packaged_folder

    source = packaged_folder() if name == PACKAGED else models.source_folder(name, "QABOT_ENCODER")
    model = models.compiled("encoder", source, cache, _compile, say)
    if name == PACKAGED:
        check_packaged(model.weights_sha256)
    if model.refused is None:
        return SentenceEncoder.from_model(model, name, cpus.usable())
    from qabot import torch_models

    say(f"the encoder {name} runs in torch, which is slower: {model.refused}")
    return torch_models.TorchEncoder(torch_models.load_encoder(source), name, model.weights_sha256)


def load_reader(name: str, cache: Path, say: Callable[[str], None] = lambda line: None) -> "tuple[ExtractiveReader, Calibration]":
    """The reader of the settings with its confidence: compiled, or in torch where it cannot be compiled. Raises ModelError."""
    from qabot import cpus, models
    from qabot.confidence import Calibration
    from qabot.reader import ExtractiveReader, reader_folder

    source = reader_folder(name) or models.source_folder(name, "QABOT_READER")
    calibration = Calibration.load(source)
    model = models.compiled("reader", source, cache, _compile, say)
    if model.refused is None:
        return ExtractiveReader.from_model(model, cpus.usable(), calibration.joint), calibration
    from qabot import torch_models

    say(f"the reader {name} runs in torch, which is slower: {model.refused}")
    torch_model, tokenizer = torch_models.load_reader(source)
    return ExtractiveReader(torch_models.TorchReader(torch_model), tokenizer, joint=calibration.joint), calibration


def _compile(kind: "Kind", source: Path, target: Path) -> dict[str, Any]:
    from qabot.export import compile_model  # brings torch

    return compile_model(kind, source, target)


def build_index(
    settings: "Settings", paths: list[Path], progress: Callable[[int, int], None], say: Callable[[str], None] = lambda line: None
) -> "Manifest":
    """Build the index of `paths` into the settings' folder. Raises ArticleError, IndexFolderError or ModelError."""
    from qabot import articles
    from qabot.build import build
    from qabot.chunking import Chunking, SentenceSplitter

    shelf = articles.load(paths)  # before the model: a wrong path is told at once
    encoder = load_encoder(settings.encoder, settings.cache, say)
    chunking = Chunking(max_tokens=min(256, encoder.max_tokens))
    return build(shelf, settings.index, SentenceSplitter(encoder.count_tokens, chunking), encoder, chunking, progress)


def _encoder_of(index: "Index", settings: "Settings", say: Callable[[str], None]) -> "Encoder":
    """The settings' encoder, refused when the index was built with another."""
    from qabot.errors import IndexFolderError

    manifest = index.manifest
    encoder = load_encoder(settings.encoder, settings.cache, say)
    if encoder.weights_sha256 != manifest.encoder_sha256:
        raise IndexFolderError(
            f"the index {index.folder} was built with the encoder {manifest.encoder} ({manifest.encoder_sha256[:12]}), the settings "
            f"name {encoder.name} ({encoder.weights_sha256[:12]}): run `qabot build --index {index.folder}`, or set "
            f"QABOT_ENCODER={manifest.encoder}"
        )
    return encoder
