"""What can be wrong, each with the fix: settings, index, articles, models, disk, clock, token."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from qabot.errors import ArticleError, QabotError
from qabot.index_store import IndexStore
from qabot.manifest import Manifest
from qabot.settings import Settings
from qabot.wiring import store_of

_LEAST_FREE = 200_000_000  # bytes
_FIRST_YEAR = 2025  # a clock before it was never set
_LIBRARIES = {".html": ("trafilatura", "html"), ".htm": ("trafilatura", "html"), ".xhtml": ("trafilatura", "html"),
              ".pdf": ("pypdfium2", "pdf"), ".docx": ("docx", "docx"), ".epub": ("lxml", "epub")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `level`: "ok", "note" (it works, but look at it), or "fail"; `fix` where it is not ok."""

    name: str
    level: str
    text: str
    fix: str | None = None

    @property
    def good(self) -> bool:
        """Whether the bot can work with it."""
        return self.level != "fail"


def findings(settings: Settings) -> Iterator[Finding]:
    """Look at everything, in this order; a thing that fails does not stop the next. Loads both models: takes seconds."""
    manifest: Manifest | None = None
    notes: list[str] = []
    store = store_of(settings, notes.append)
    try:
        manifest = store.load().manifest
        counts = manifest.counts
        yield Finding("index", "ok", f"index {store.place}: {counts['passages']} passages of {counts['articles']} article(s)")
    except QabotError as error:
        yield _failed("index", error)
    yield from (Finding("index", "note", note) for note in notes)
    yield from _generations(store, manifest is not None)
    if manifest is not None:
        yield from _articles(settings, store, manifest)
    yield from _formats(settings)
    yield _model("encoder", lambda: _encoder(settings, manifest))
    yield _model("reader", lambda: _reader(settings))
    if settings.engine is None or settings.engine.local:
        yield _disk(settings.index if settings.engine is None else Path(settings.engine.uri))
    yield _clock(manifest)
    if settings.discord_token is None:
        yield Finding("token", "note", "DISCORD_TOKEN is not set: only the Discord bot needs it", "put DISCORD_TOKEN=... into .env")
    else:
        yield Finding("token", "ok", "DISCORD_TOKEN is set")


def report(found: list[Finding]) -> dict[str, Any]:
    """The object of `doctor --json`."""
    return {"ok": all(finding.good for finding in found), "findings": [asdict(finding) for finding in found]}


def _failed(name: str, error: QabotError) -> Finding:
    """A known error; its fix stands after the first ": " that a verb follows."""
    said, _, fix = str(error).partition(": run ")
    return Finding(name, "fail", said if fix else str(error), f"run {fix}" if fix else None)


def _generations(store: IndexStore, answers: bool) -> Iterator[Finding]:
    """The earlier builds, each as whole as a rollback to it needs; where the live index does not answer, they are the way back."""
    try:
        live = store.live()
    except QabotError:
        live = ""
    try:
        kept = store.generations()
    except QabotError:  # an engine that does not answer was found already
        kept = []
    whole = 0
    for manifest in kept:
        if manifest.generation == live:
            continue
        try:
            store.verify(manifest)
            whole += 1
        except QabotError as error:
            yield Finding("generation", "note", f"{manifest.generation}: {error}", "a rollback cannot go there; later builds remove it")
    if whole and not answers:
        yield Finding("generation", "note", f"{whole} earlier build(s) are whole", f"run `qabot rollback --index {store.place}`")


def _articles(settings: Settings, store: IndexStore, manifest: Manifest) -> Iterator[Finding]:
    from qabot.shelf import files

    build = f"run `qabot build --index {store.place}`"
    changed = store.changed_articles(manifest)
    yield from (Finding("article", "fail", line, build) for line in changed)
    known = {(store.base / entry["location"]).resolve() for entry in manifest.articles}
    try:
        # Only where the index is of the settings' articles can one be missing from it.
        here = files(settings.data) if settings.data.exists() else []
        new = [path for path in here if path.resolve() not in known] if any(path.resolve() in known for path in here) else []
    except ArticleError:
        new = []
    yield from (Finding("article", "note", f"{path.as_posix()} is not in the index", build) for path in new)
    if not changed and not new:
        yield Finding("article", "ok", f"articles: as they were indexed ({len(known)} file(s))")


def _formats(settings: Settings) -> Iterator[Finding]:
    """What the articles in the settings' folder need to be read and is not installed."""
    suffixes = {path.suffix.lower() for path in settings.data.rglob("*")} if settings.data.is_dir() else set()
    for suffix in sorted(suffixes & _LIBRARIES.keys()):
        library, extra = _LIBRARIES[suffix]
        if find_spec(library) is None:
            text = f"{settings.data} has {suffix} files, and {library} is not installed"
            yield Finding("format", "fail", text, f"run `pip install 'qabot[{extra}]'`")


def _model(name: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(name, "ok", look())
    except QabotError as error:
        return _failed(name, error)


def _encoder(settings: Settings, manifest: Manifest | None) -> str:
    from qabot.errors import ModelError
    from qabot.wiring import load_encoder

    notes: list[str] = []
    encoder = load_encoder(settings.encoder, settings.cache, notes.append)
    if manifest is not None and encoder.weights_sha256 != manifest.encoder_sha256:
        raise ModelError(f"encoder {encoder.name} is not the index's ({manifest.encoder}): run `qabot build`, or set QABOT_ENCODER")
    return f"encoder {encoder.name}: weights {encoder.weights_sha256[:12]}, {_served(settings, notes)}"


def _reader(settings: Settings) -> str:
    from qabot.wiring import load_reader

    notes: list[str] = []
    load_reader(settings.reader, settings.cache, notes.append)
    return f"reader {settings.reader}: {_served(settings, notes)}"


def _served(settings: Settings, notes: list[str]) -> str:
    """How the model runs: compiled and where that is kept, or why not."""
    return next((note for note in notes if "torch" in note), f"compiled, kept in {settings.cache}")


def _disk(folder: Path) -> Finding:
    """Room for a build, which writes a whole index beside the old ones, and the right to write there."""
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    free = shutil.disk_usage(there).free
    needed = max(_LEAST_FREE, 2 * sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()))
    if free < needed:
        text = f"{free:,} bytes are free at {there}, a build may need {needed:,}"
        return Finding("disk", "fail", text, "free space, or give another --index")
    if not os.access(there, os.W_OK):
        return Finding("disk", "note", f"{there} cannot be written: answering works, building does not", "make it writable to build")
    return Finding("disk", "ok", f"disk: {free // 1_000_000:,} MB free at {there}")


def _clock(manifest: Manifest | None) -> Finding:
    """A clock that is wrong breaks secure connections, and the order of what was built when."""
    now = _now()
    try:
        built = datetime.fromisoformat(manifest.built) if manifest is not None else None
    except ValueError:
        built = None
    if now.year < _FIRST_YEAR or (built is not None and built > now):
        after = f", before the index was built ({built.isoformat(timespec='seconds')})" if built is not None and built > now else ""
        return Finding("clock", "fail", f"the clock says {now.isoformat(timespec='seconds')}{after}", "set the machine's clock")
    return Finding("clock", "ok", f"clock: {now.isoformat(timespec='seconds')}")


def _now() -> datetime:
    return datetime.now().astimezone()
