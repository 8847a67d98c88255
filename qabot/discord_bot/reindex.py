"""Building the index again while the old one answers: what would change, build beside, gate, swap, and back again.

The candidate is built in a folder beside the live one, measured where the operator named questions, and only then put in its place in
one atomic step; the index before is kept in a third folder for the way back. An index on an engine is built there, which publishes it by
itself; where it must be measured first, a candidate of its own is. Does not know Discord.
"""

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Lock

from qabot import shelf
from qabot.address import Address
from qabot.errors import IndexFolderError, SettingsError
from qabot.evaluate import read_questions, summary
from qabot.gate import read_baseline, worse
from qabot.lines import evaluate_rows
from qabot.settings import Settings
from qabot.store import Manifest, read_manifest
from qabot.wiring import Bot, build_index, open_bot, store_of

Progress = Callable[[int, int], None]


class GateError(IndexFolderError):
    """The new index answers worse. `lines` say in what."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines


class Reindexer:
    """One build at a time. `build` and `opened` are `wiring`'s."""

    def __init__(
        self,
        settings: Settings,
        build: Callable[[Settings, list[Path], Progress], object] = build_index,
        opened: Callable[[Settings], Bot] = open_bot,
    ) -> None:
        self._settings, self._build, self._opened = settings, build, opened
        self._live = settings.index
        self._candidate = self._live.with_name(f"{self._live.name}.candidate")
        self._previous = self._live.with_name(f"{self._live.name}.previous")
        self._lock = Lock()

    @property
    def running(self) -> bool:
        """Whether a build is under way."""
        return self._lock.locked()

    def plan(self) -> list[str]:
        """A line for each article that is new, changed or gone, empty where nothing is. Raises ArticleError or IndexFolderError."""
        found = {article.path: article for article in shelf.load([self._settings.data])}
        known = {entry["path"]: entry["sha256"] for entry in store_of(self._settings).read_manifest().articles}
        lines = [f"+ {article.title} ({path})" for path, article in found.items() if path not in known]
        lines += [f"~ {article.title} ({path})" for path, article in found.items() if known.get(path, article.sha256) != article.sha256]
        return lines + [f"- {path}" for path in known if path not in found]

    def run(self, progress: Progress) -> Manifest:
        """Build, measure and publish. Raises QabotError, GateError among them; the live index is as it was then."""
        if not self._lock.acquire(blocking=False):
            raise IndexFolderError("a build is under way already")
        try:
            if self._settings.engine is not None:
                return self._run_on_engine(self._settings.engine, progress)
            shutil.rmtree(self._candidate, ignore_errors=True)
            settings = self._settings.model_copy(update={"index": self._candidate})
            self._build(settings, [self._settings.data], progress)
            manifest = read_manifest(self._candidate)
            self._measure(settings)
            _replace(self._live, self._previous)
            _replace(self._candidate, self._live)
            return manifest
        finally:
            shutil.rmtree(self._candidate, ignore_errors=True)
            self._lock.release()

    def roll_back(self) -> Manifest | None:
        """Put the index before in the live one's place; None where there is none."""
        if self._settings.engine is not None:
            with self._lock, suppress(IndexFolderError):
                return store_of(self._settings).rollback()
            return None
        if not (self._previous / "manifest.json").is_file():
            return None
        with self._lock:
            _replace(self._previous, self._live)
        return read_manifest(self._live)

    def _run_on_engine(self, engine: Address, progress: Progress) -> Manifest:
        """The candidate stays: the next one keeps its vectors."""
        if self._settings.gate_questions is not None:
            name = f"{engine.collection}_candidate"
            place = f"{engine.place.rpartition('/')[0]}/{name}"
            settings = self._settings.model_copy(update={"engine": replace(engine, collection=name, place=place)})
            self._build(settings, [self._settings.data], progress)
            self._measure(settings)
        self._build(self._settings, [self._settings.data], progress)
        return store_of(self._settings).read_manifest()

    def _measure(self, settings: Settings) -> None:
        questions, baseline = self._settings.gate_questions, self._settings.gate_baseline
        if questions is None:
            return
        if baseline is None:
            raise SettingsError("QABOT_GATE_QUESTIONS needs QABOT_GATE_BASELINE, what `qabot eval FILE --json` printed of them")
        wanted, rows, bot = read_baseline(baseline), read_questions(questions), self._opened(settings)
        figures = summary(evaluate_rows(rows, bot.pipeline, lambda done, total: None), bot.pipeline.sure)
        lines = worse(figures, wanted)
        if lines:
            raise GateError(lines)


def _replace(source: Path, target: Path) -> None:
    """Make `target` the same index as `source`: its files first, its manifest last, what was there before at the very end."""
    manifest = read_manifest(source)
    before = read_manifest(target).generation if (target / "manifest.json").is_file() else None
    target.mkdir(parents=True, exist_ok=True)
    if not (target / manifest.generation).is_dir():
        fresh = target / f".new-{manifest.generation}"
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(source / manifest.generation, fresh)
        os.replace(fresh, target / manifest.generation)
    shutil.copyfile(source / "manifest.json", target / "manifest.json.new")
    os.replace(target / "manifest.json.new", target / "manifest.json")
    if before is not None and before != manifest.generation:
        shutil.rmtree(target / before, ignore_errors=True)
