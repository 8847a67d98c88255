"""Building the index again while the old one answers: what would change, build beside, gate, swap, and back again.

The new generation is measured where the operator named questions, and only then goes live; the one before stays for the way back, as with
`qabot build` and `qabot rollback`. Does not know Discord.
"""

from collections.abc import Callable
from threading import Lock

from qabot import shelf
from qabot.building import build_index
from qabot.checking import check_of
from qabot.errors import IndexFolderError
from qabot.settings import Settings
from qabot.store import Manifest
from qabot.wiring import store_of

Progress = Callable[[int, int], None]


class Reindexer:
    """One build at a time. `build` is `building.build_index`."""

    def __init__(self, settings: Settings, build: Callable[..., object] = build_index) -> None:
        self._settings, self._build = settings, build
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
            self._build(self._settings, [self._settings.data], progress, check=check_of(self._settings))
            return store_of(self._settings).read_manifest()
        finally:
            self._lock.release()

    def roll_back(self) -> Manifest | None:
        """Make the index before the live one live again; None where there is none. Raises IndexFolderError where it is not sound."""
        store = store_of(self._settings)
        previous = store.read_manifest().previous
        return store.rollback() if previous in {kept.generation for kept in store.generations()} else None
