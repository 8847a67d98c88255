"""The committed index is what `qabot build` would make now, and it answers."""

from pathlib import Path

import numpy as np
import pytest

from qabot import store
from qabot.building import build_index
from qabot.pipeline import turn
from qabot.settings import Settings
from qabot.wiring import Bot, open_bot
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def bot(cache: Path) -> Bot:
    """The shipped bot on the committed index."""
    return open_bot(Settings(index=ROOT / "index", cache=cache))


def test_the_committed_index_is_current(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passages and words equal a fresh build's; vectors too, but for how a processor rounds in 8 bits."""
    monkeypatch.chdir(ROOT)
    build_index(Settings(index=tmp_path / "index"), [Path("data")], lambda done, total: None)
    kept, fresh = store.load(ROOT / "index"), store.load(tmp_path / "index")
    assert kept.passages == fresh.passages
    assert np.sum(kept.vectors.vectors() * fresh.vectors.vectors(), axis=1).min() > 0.99
    for name in ("encoder", "encoder_sha256", "chunking", "counts"):
        assert getattr(kept.manifest, name) == getattr(fresh.manifest, name)
    words = {name: digest for name, digest in fresh.manifest.files.items() if name.startswith("words/")}
    assert words == {name: digest for name, digest in kept.manifest.files.items() if name.startswith("words/")}
    assert store.changed_articles(ROOT / "index", kept.manifest) == []


def test_no_path_of_a_machine_is_in_the_index() -> None:
    """The committed manifest names the article relative to the project."""
    (article,) = store.read_manifest(ROOT / "index").articles
    assert (article["path"], article["location"]) == ("data/juan-jose-torres.md", "../data/juan-jose-torres.md")


def test_the_first_question(bot: Bot) -> None:
    """README's own question has the right answer, from the section that says so, and its offsets hold in the file."""
    reply = bot.pipeline.ask("Who overthrew Torres?")
    assert reply.answer is not None
    assert reply.answer.span.text.endswith("Hugo Banzer")
    passage = reply.hits[0].passage
    assert (ROOT / passage.article).read_text(encoding="utf-8")[passage.start : passage.end] == passage.text


def test_nothing_in_the_article_nothing_invented(bot: Bot) -> None:
    """A question on something else is declined."""
    assert bot.pipeline.ask("How do I reset my Discord password?").answer is None


def test_a_follow_up(bot: Bot) -> None:
    """ "And where?" is read with the question before it."""
    first = bot.pipeline.ask("When was he born?")
    assert first.read_as == "When was Juan Jos\u00e9 Torres born?"
    second = bot.pipeline.ask("And where?", [turn(first)])
    assert second.read_as == "Where was Juan Jos\u00e9 Torres born?"
    assert second.answer is not None
    assert second.answer.span.text == "Cochabamba"
