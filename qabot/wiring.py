"""Settings -> what answers: with `building` the only file that names concrete stages, and where heavy libraries are first imported."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qabot.confidence import Calibration
    from qabot.generation import Index
    from qabot.index_store import IndexStore
    from qabot.models import Kind
    from qabot.pipeline import Pipeline
    from qabot.reader import ExtractiveReader
    from qabot.scope import Scope
    from qabot.settings import Settings
    from qabot.stages import Encoder

Say = Callable[[str], None]
_COMPILING = Lock()


@dataclass(frozen=True, slots=True)
class Bot:
    """A pipeline and the index that it answers from."""

    pipeline: "Pipeline"
    index: "Index"


def open_bot(settings: "Settings", scope: "Scope | None" = None, say: Say = lambda line: None) -> Bot:
    """Everything needed to answer, from the articles in `scope` where it is given; `say` gets a line before what takes long.

    Raises IndexFolderError or ModelError, or QuestionError where no article is in scope.
    """
    return bot_on(store_of(settings, say).load(), settings, scope, say)


def bot_on(index: "Index", settings: "Settings", scope: "Scope | None" = None, say: Say = lambda line: None) -> Bot:
    """The same over an index that is open already. Raises IndexFolderError, ModelError or QuestionError."""
    from qabot.passages import Passages
    from qabot.pipeline import Pipeline
    from qabot.retriever import HybridRetriever

    passages = Passages.of(index.passages)
    within = scope.positions(passages) if scope else None
    with ThreadPoolExecutor(1) as beside:  # loading is reading, hashing and preparing, none of which holds the interpreter
        reading = beside.submit(load_reader, settings.reader, settings.cache, say)
        encoder = _encoder_of(index, settings, say)
        reader, calibration = reading.result()
    retriever = HybridRetriever(encoder, index.vectors, index.words, passages, within=within)
    titles = {article.title for article in passages.articles if scope is None or scope.holds(article)}
    subject = titles.pop() if len(titles) == 1 else None
    pipeline = Pipeline(retriever, reader, calibration, subject, settings.passages)
    return Bot(pipeline, index)


def store_of(settings: "Settings", say: Say = lambda line: None) -> "IndexStore":
    """Where the settings' index is kept. Nothing is opened yet, and no engine's library is imported where it is a folder."""
    if settings.engine is None:
        from qabot.folder_store import FolderStore

        return FolderStore(settings.index)
    from qabot.milvus.store import MilvusStore

    return MilvusStore(settings.engine, say)


def follow(settings: "Settings", scope: "Scope | None", changed: Callable[[str], None]) -> "Callable[[], Bot]":
    """What gives the bot of the live generation: opened again when that is another one. `changed` gets a line then.

    Raises IndexFolderError, ModelError or QuestionError at first; an index that later cannot be opened leaves the bot that there was,
    and is told once.
    """
    from qabot.errors import QabotError

    store, bot = store_of(settings, changed), open_bot(settings, scope, changed)
    seen = bot.index.manifest.generation

    def current() -> Bot:
        nonlocal bot, seen
        try:
            live = store.live()
            if live != seen:
                seen = live
                bot = open_bot(settings, scope)
                changed(f"the index was built anew: generation {bot.index.manifest.generation}, {len(bot.index.passages)} passages")
        except QabotError as error:
            if seen:
                changed(f"answers still come from the index as it was: {error}")
            seen = ""
        return bot

    return current


def load_encoder(name: str, cache: Path, say: Say = lambda line: None) -> "Encoder":
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


def load_reader(name: str, cache: Path, say: Say = lambda line: None) -> "tuple[ExtractiveReader, Calibration]":
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
    with _COMPILING:  # two models at once would need the memory of both
        from qabot.export import compile_model  # brings torch

        return compile_model(kind, source, target)


def _encoder_of(index: "Index", settings: "Settings", say: Say) -> "Encoder":
    """The settings' encoder, refused when the index was built with another."""
    from qabot.errors import IndexFolderError

    manifest = index.manifest
    encoder = load_encoder(settings.encoder, settings.cache, say)
    if encoder.weights_sha256 != manifest.encoder_sha256:
        raise IndexFolderError(
            f"the index {index.place} was built with the encoder {manifest.encoder} ({manifest.encoder_sha256[:12]}), the settings "
            f"name {encoder.name} ({encoder.weights_sha256[:12]}): run `qabot build --index {index.place}`, or set "
            f"QABOT_ENCODER={manifest.encoder}"
        )
    return encoder
