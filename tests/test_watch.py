"""Watching: a signal at once, then one for a change of an article, none for anything else."""

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from qabot.errors import ArticleError
from qabot.watch import changes


def _next(signals: Iterator[None], seconds: float) -> bool:
    """Whether a signal comes in time. The waiting thread dies with the process."""
    came = threading.Event()

    def wait() -> None:
        next(signals)
        came.set()

    threading.Thread(target=wait, daemon=True).start()
    return came.wait(seconds)


def test_a_change_is_signalled(tmp_path: Path) -> None:
    """Editors replace a file: that is seen for a file that is watched by its name."""
    path = tmp_path / "a.md"
    path.write_text("one")
    signals = changes([path], tmp_path / "index")
    assert _next(signals, 20)
    (tmp_path / "new").write_text("two")
    (tmp_path / "new").replace(path)
    assert _next(signals, 20)


def test_the_index_itself_and_other_files_are_no_change(tmp_path: Path) -> None:
    """A build writes below a watched folder, and does not set itself off; hidden files are passed over."""
    signals = changes([tmp_path], tmp_path / "index")
    assert _next(signals, 20)
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "manifest.json").write_text("{}")
    (tmp_path / ".a.md.swp").write_text("x")
    assert not _next(signals, 2)


def test_a_glob_is_watched_by_its_folder(tmp_path: Path) -> None:
    """A new file below the folder before the first wildcard is a change."""
    signals = changes([tmp_path / "**" / "*.md"], tmp_path / "index")
    assert _next(signals, 20)
    (tmp_path / "new.md").write_text("one")
    assert _next(signals, 20)


def test_what_cannot_be_watched_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path that is not there; the library that is not installed, with the line that installs it."""
    with pytest.raises(ArticleError, match="there is no file"):
        changes([tmp_path / "none.md"], tmp_path / "index")
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    with pytest.raises(ArticleError, match=r"pip install 'qabot\[watch\]'"):
        changes([tmp_path], tmp_path / "index")
