"""Settings -> ready objects: the only file that names concrete stages, and where heavy libraries are first imported."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qabot.build import Built
    from qabot.encoder import SentenceEncoder
    from qabot.errors import QabotError
    from qabot.pipeline import Pipeline
    from qabot.records import Article
    from qabot.scope import Scope
    from qabot.settings import Settings
    from qabot.store import Index


@dataclass(frozen=True, slots=True)
class Bot:
    """A pipeline and the index that it answers from."""

    pipeline: "Pipeline"
    index: "Index"


def open_bot(settings: "Settings", scope: "Scope | None" = None) -> Bot:
    """Everything needed to answer, from the articles in `scope` where it is given.

    Raises IndexFolderError or ModelError, or QuestionError where no article is in scope.
    """
    from qabot import store
    from qabot.confidence import Calibration
    from qabot.pipeline import Pipeline
    from qabot.reader import ExtractiveReader, reader_folder
    from qabot.retriever import HybridRetriever

    index = store.load(settings.index)
    within = scope.positions(index.passages) if scope else None
    encoder = _encoder_of(index, settings)
    retriever = HybridRetriever(encoder, index.vectors, index.words, index.passages, within=within)
    folder = reader_folder(settings.reader)
    calibration = Calibration.load(folder) if folder else Calibration.load(Path(settings.reader))
    titles = {passage.title for passage in index.passages} if within is None else {index.passages[place].title for place in within}
    subject = titles.pop() if len(titles) == 1 else None
    pipeline = Pipeline(retriever, ExtractiveReader.load(settings.reader), calibration, subject, settings.passages)
    return Bot(pipeline, index)


def follow(settings: "Settings", scope: "Scope | None", changed: Callable[[str], None]) -> "Callable[[], Bot]":
    """What gives the bot of the live generation: opened again when that is another one. `changed` gets a line then.

    Raises IndexFolderError, ModelError or QuestionError at first; an index that later cannot be opened leaves the bot that there was,
    and is told once.
    """
    from qabot import store
    from qabot.errors import QabotError

    bot = open_bot(settings, scope)
    seen = bot.index.manifest.generation

    def current() -> Bot:
        nonlocal bot, seen
        try:
            live = store.read_manifest(settings.index).generation
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


def build_index(
    settings: "Settings", paths: list[Path], progress: Callable[[int, int], None], full: bool = False, dry_run: bool = False
) -> "Built":
    """Build the index of `paths` into the settings' folder. Raises ArticleError, IndexFolderError or ModelError."""
    from qabot.encoder import SentenceEncoder
    from qabot.shelf import load

    shelf = load(paths)  # before the model: a wrong path is told at once
    return _build(settings, shelf, SentenceEncoder.load(settings.encoder), progress, full, dry_run)


def watch_index(settings: "Settings", paths: list[Path], progress: Callable[[int, int], None]) -> Iterator["Built | QabotError"]:
    """Build, and build again whenever an article changes, until Ctrl-C; an article that cannot be read yet is given as its error.

    Raises ArticleError or ModelError where there is nothing to watch, or nothing to watch with.
    """
    from qabot.encoder import SentenceEncoder
    from qabot.errors import QabotError
    from qabot.shelf import load
    from qabot.watch import changes

    changed = changes(paths, settings.index)
    encoder = SentenceEncoder.load(settings.encoder)
    for _ in changed:
        try:
            yield _build(settings, load(paths), encoder, progress)
        except QabotError as error:
            yield error


def _build(
    settings: "Settings",
    shelf: "list[Article]",
    encoder: "SentenceEncoder",
    progress: Callable[[int, int], None],
    full: bool = False,
    dry_run: bool = False,
) -> "Built":
    from qabot.build import build
    from qabot.chunking import Chunking, SentenceSplitter

    chunking = Chunking(max_tokens=min(256, encoder.max_tokens))
    splitter = SentenceSplitter(encoder.count_tokens, chunking)
    return build(shelf, settings.index, splitter, encoder, chunking, progress, settings.generations, full, dry_run)


def _encoder_of(index: "Index", settings: "Settings") -> "SentenceEncoder":
    """The settings' encoder, refused when the index was built with another."""
    from qabot.encoder import SentenceEncoder
    from qabot.errors import IndexFolderError

    manifest = index.manifest
    encoder = SentenceEncoder.load(settings.encoder)
    if encoder.weights_sha256 != manifest.encoder_sha256:
        raise IndexFolderError(
            f"the index {index.folder} was built with the encoder {manifest.encoder} ({manifest.encoder_sha256[:12]}), the settings "
            f"name {encoder.name} ({encoder.weights_sha256[:12]}): run `qabot build --index {index.folder}`, or set "
            f"QABOT_ENCODER={manifest.encoder}"
        )
    return encoder
