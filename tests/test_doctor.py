"""What can be wrong is found and comes with a fix; what is not wrong is not said to be."""

import shutil
from collections import namedtuple
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from qabot import doctor, store, wiring
from qabot.build import build
from qabot.chunking import Chunking, SentenceSplitter
from qabot.doctor import Finding, findings, report
from qabot.errors import ModelError
from qabot.settings import Settings
from qabot.shelf import load
from tests.conftest import LetterEncoder


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An index of one article, and models that need no loading."""
    encoder = LetterEncoder()
    monkeypatch.setattr(wiring, "load_encoder", lambda name, cache, say: encoder)
    monkeypatch.setattr(wiring, "load_reader", lambda name, cache, say: None)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "mill.md").write_text("The mill was built in 1894.")
    found = Settings(index=tmp_path / "index", data=tmp_path / "data")
    _build(found)
    return found


def _build(settings: Settings) -> None:
    build(load([settings.data]), settings.index, SentenceSplitter(lambda text: len(text.split())), LetterEncoder(), Chunking())


def _wrong(settings: Settings) -> list[Finding]:
    """All but what is well, and the token, which tests do not have."""
    return [finding for finding in findings(settings) if finding.level != "ok" and finding.name != "token"]


def test_nothing_is_wrong(settings: Settings) -> None:
    """Everything is looked at, nothing fails, and the object for scripts says so."""
    found = list(findings(settings))
    assert [finding.name for finding in found] == ["index", "article", "encoder", "reader", "disk", "clock", "token"]
    assert [finding.name for finding in found if finding.level != "ok"] == ["token"]
    assert report(found)["ok"] is True
    assert report(found)["findings"][0] == {
        "name": "index", "level": "ok", "text": f"index {settings.index}: 1 passages of 1 article(s)", "fix": None,
    }  # fmt: skip


def test_articles_that_changed_went_or_came(settings: Settings) -> None:
    """A changed or missing one fails, since its answers are of yesterday; a new one is a note."""
    (settings.data / "new.md").write_text("New words.")
    (note,) = _wrong(settings)
    assert (note.level, note.text) == ("note", f"{settings.data.as_posix()}/new.md is not in the index")
    (settings.data / "mill.md").write_text("Other words.")
    changed, _ = _wrong(settings)
    assert (changed.level, changed.fix) == ("fail", f"run `qabot build --index {settings.index}`")
    (settings.data / "mill.md").unlink()
    assert "cannot be read" in _wrong(settings)[0].text


def test_an_index_that_is_gone_or_damaged(settings: Settings) -> None:
    """The fix stands apart from what is wrong; an earlier build that is whole is pointed to, one that is not is named."""
    (settings.data / "mill.md").write_text("The mill was built in 1895.")
    _build(settings)
    newest, oldest = store.generations(settings.index)
    (settings.index / newest.generation / "vectors.npy").write_bytes(b"")
    wrong, kept = _wrong(settings)
    assert (wrong.name, wrong.text) == ("index", f"the index {settings.index} is corrupt (vectors.npy is not what was written)")
    assert wrong.fix == f"run `qabot build --index {settings.index}`"
    assert "rollback" in (kept.fix or "")
    _build(settings)
    (settings.index / oldest.generation / "passages.jsonl").unlink()
    named = [finding for finding in _wrong(settings) if oldest.generation in finding.text]
    assert [finding.level for finding in named] == ["note"]
    shutil.rmtree(settings.index)
    assert [finding.name for finding in _wrong(settings)] == ["index"]


def test_models_that_cannot_be_used(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that is missing; an encoder that is not the index's."""

    def missing(name: str, cache: Path, say: Callable[[str], None]) -> None:
        raise ModelError("cannot load the reader 'x': run `make`")

    monkeypatch.setattr(wiring, "load_reader", missing)
    monkeypatch.setattr(LetterEncoder, "weights_sha256", "1" * 64)
    encoder, reader = _wrong(settings)
    assert "encoder letters is not the index's" in encoder.text
    assert (reader.name, reader.text, reader.fix) == ("reader", "cannot load the reader 'x'", "run `make`")


def test_formats_whose_library_is_missing(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The line that installs it is the fix."""
    (settings.data / "a.pdf").write_bytes(b"%PDF")
    monkeypatch.setattr(doctor, "find_spec", lambda name: None)
    (found,) = [finding for finding in _wrong(settings) if finding.name == "format"]
    assert found.fix == "run `pip install 'qabot[pdf]'`"


def test_disk_and_clock(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too little room for a build; a clock before the index was built, or before this program was written."""
    usage = namedtuple("usage", "total used free")
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda path: usage(10, 9, 1))
        assert [(finding.name, finding.level) for finding in _wrong(settings)] == [("disk", "fail")]
    for now in (datetime.now().astimezone() - timedelta(days=1), datetime(1970, 1, 2).astimezone()):
        monkeypatch.setattr(doctor, "_now", lambda now=now: now)
        (found,) = _wrong(settings)
        assert (found.name, found.level, "before the index was built" in found.text) == ("clock", "fail", True)
