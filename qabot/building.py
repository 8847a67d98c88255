"""Settings -> an index: the article's line with its concrete stages, as `wiring` has the question's. Heavy libraries are imported late."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from qabot.wiring import Bot, Say, bot_on, load_encoder, store_of

if TYPE_CHECKING:
    from qabot.build import Built
    from qabot.chunking import Chunking
    from qabot.errors import QabotError
    from qabot.generation import Index
    from qabot.records import Article
    from qabot.settings import Settings
    from qabot.stages import Encoder


def fetch(settings: "Settings", urls: Sequence[str], sitemaps: Sequence[str], say: Say = lambda line: None) -> list[Path]:
    """Fetch pages into `web/` of the settings' data folder; the files that they are kept in. Raises ArticleError."""
    from qabot.errors import ArticleError
    from qabot.hosts import is_intranet, is_public
    from qabot.loaders.sandbox import Sandbox
    from qabot.pages import Pages
    from qabot.web import Web

    if settings.data.exists() and not settings.data.is_dir():
        raise ArticleError(f"what is fetched is kept in {settings.data}, which is no folder: set QABOT_DATA to one")
    web = Web(may=is_intranet if settings.url_private else is_public)
    with Sandbox() as sandbox:
        pages = Pages(settings.data / "web", web, sandbox, say, settings.sitemap_pages)
        found = [pages.page(url) for url in urls]
        return found + [file for sitemap in sitemaps for file in pages.sitemap(sitemap)]


def build_index(
    settings: "Settings",
    paths: list[Path],
    progress: Callable[[int, int], None],
    full: bool = False,
    dry_run: bool = False,
    say: Say = lambda line: None,
    check: Callable[[Bot], None] | None = None,
) -> "Built":
    """Build the index of `paths` into the settings' folder; `check` gets a bot on it before it is live, and refuses it by raising.

    Raises ArticleError, IndexFolderError or ModelError.
    """
    from qabot.shelf import load

    shelf = load(paths)  # before the model: a wrong path is told at once
    encoder = load_encoder(settings.encoder, settings.cache, say)
    return _build(settings, shelf, encoder, progress, full, dry_run, say, _tried(check, settings))


def _tried(check: Callable[[Bot], None] | None, settings: "Settings") -> "Callable[[Index], None] | None":
    return None if check is None else lambda index: check(bot_on(index, settings))


def build_on_ray(
    settings: "Settings",
    paths: list[Path],
    progress: Callable[[int, int], None],
    address: str | None = None,
    say: Say = lambda line: None,
    check: Callable[[Bot], None] | None = None,
) -> "Built":
    """As `build_index`, with the encoding on Ray: the cluster at `address` (or RAY_ADDRESS), else this machine's processes."""
    from functools import partial

    from qabot import ray_build
    from qabot.shelf import load

    shelf = load(paths)
    encoder = load_encoder(settings.encoder, settings.cache, say)  # and compiled, before many workers would do it
    folder, make = settings.cache / "shards", partial(load_encoder, settings.encoder, settings.cache)
    store, chunking = store_of(settings, say), _chunking(encoder)
    tried = _tried(check, settings)
    return ray_build.build_on_ray(shelf, store, make, encoder, chunking, folder, address, progress, settings.generations, tried)


def watch_index(
    settings: "Settings",
    paths: list[Path],
    progress: Callable[[int, int], None],
    say: Say = lambda line: None,
    check: Callable[[Bot], None] | None = None,
) -> Iterator["Built | QabotError"]:
    """Build, and build again whenever an article changes, until Ctrl-C; an article that cannot be read yet is given as its error.

    Raises ArticleError or ModelError where there is nothing to watch, or nothing to watch with.
    """
    from qabot.errors import QabotError
    from qabot.shelf import load
    from qabot.watch import changes

    engine = settings.engine
    changed = changes(paths, Path(engine.uri) if engine and engine.local else settings.index)
    encoder = load_encoder(settings.encoder, settings.cache, say)
    for _ in changed:
        try:
            yield _build(settings, load(paths), encoder, progress, say=say, check=_tried(check, settings))
        except QabotError as error:
            yield error


def _build(
    settings: "Settings",
    shelf: "list[Article]",
    encoder: "Encoder",
    progress: Callable[[int, int], None],
    full: bool = False,
    dry_run: bool = False,
    say: Say = lambda line: None,
    check: "Callable[[Index], None] | None" = None,
) -> "Built":
    from qabot.build import build
    from qabot.chunking import SentenceSplitter

    chunking = _chunking(encoder)
    splitter = SentenceSplitter(encoder.count_tokens, chunking)
    return build(shelf, store_of(settings, say), splitter, encoder, chunking, progress, settings.generations, full, dry_run, check)


def _chunking(encoder: "Encoder") -> "Chunking":
    from qabot.chunking import Chunking

    return Chunking(max_tokens=min(256, encoder.max_tokens))
