"""Paths of articles -> a signal whenever one changes, with watchfiles (`pip install 'qabot[watch]'`)."""

import glob
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from qabot.errors import ArticleError

_SETTLE_MS = 400  # an editor writes a file in several steps
_IDLE_MS = 500


def changes(paths: Sequence[Path], index: Path) -> Iterator[None]:
    """A signal at once, then one for each batch of changes below `paths` but outside of the index folder; ends with Ctrl-C.

    Raises ArticleError where watchfiles is not installed, or where a path is not there.
    """
    try:
        from watchfiles import watch
    except ImportError as error:
        raise ArticleError("watching needs watchfiles: pip install 'qabot[watch]'") from error
    paths = [_plain(path) for path in paths]
    for path in paths:
        if not path.exists():
            raise ArticleError(f"there is no file {path} to watch: check the path")
    # An editor replaces a file by another one of the same name: only its folder sees that.
    folders = sorted({path if path.is_dir() else path.parent for path in paths})
    watched, own = [path.resolve() for path in paths], index.resolve()

    def concerns(_: Any, name: str) -> bool:
        path = Path(name).resolve()
        hidden = any(part.startswith(".") for root in watched if path.is_relative_to(root) for part in path.relative_to(root).parts)
        return not hidden and not path.is_relative_to(own) and any(path.is_relative_to(root) for root in watched)

    def signals() -> Iterator[None]:
        # The first batch, which is empty, says that the watcher runs: what changes during the first build is not missed.
        batches = watch(
            *folders, watch_filter=concerns, debounce=_SETTLE_MS, rust_timeout=_IDLE_MS, yield_on_timeout=True, raise_interrupt=False
        )
        for number, batch in enumerate(batches):
            if batch or number == 0:
                yield None

    return signals()


def _plain(path: Path) -> Path:
    """A glob's folder: everything before the first part with a wildcard."""
    if path.exists() or not glob.has_magic(str(path)):
        return path
    parts = path.parts
    return Path(*parts[: next(place for place, part in enumerate(parts) if glob.has_magic(part))])
