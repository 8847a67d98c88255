"""Following the live index: another generation is opened when it is there, and what cannot be opened changes nothing."""

from pathlib import Path

import pytest

from qabot import store, wiring
from qabot.confidence import UNCALIBRATED
from qabot.errors import IndexFolderError
from qabot.faiss_index import FaissIndex
from qabot.keyword_index import Bm25Index
from qabot.pipeline import Pipeline
from qabot.retriever import HybridRetriever
from qabot.rollback import rollback
from qabot.scope import Scope
from qabot.settings import Settings
from qabot.wiring import Bot, follow
from tests.conftest import LetterEncoder, WordReader, article, passage


def _publish(folder: Path, text: str) -> None:
    vectors, words = FaissIndex.from_vectors(LetterEncoder().encode([text])), Bm25Index.from_texts([text])
    store.publish(folder, [article(text)], [passage(text)], vectors, words, "letters", "0" * 64, {})


def _open(settings: Settings, scope: Scope | None, say: object = None) -> Bot:
    """The real index with models that need no loading."""
    index = store.load(settings.index)
    retriever = HybridRetriever(LetterEncoder(), index.vectors, index.words, index.passages)
    return Bot(Pipeline(retriever, WordReader(), UNCALIBRATED), index)


def test_a_new_build_answers_the_next_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a restart; the same generation is not opened again; damage is told once, and the old bot goes on."""
    monkeypatch.setattr(wiring, "open_bot", _open)
    told: list[str] = []
    with pytest.raises(IndexFolderError):
        follow(Settings(index=tmp_path), None, told.append)
    _publish(tmp_path, "miners strike")
    current = follow(Settings(index=tmp_path), None, told.append)
    first = current()
    assert current() is first
    _publish(tmp_path, "teachers sing")
    assert current().pipeline.ask("Who sing?").hits[0].passage.text == "teachers sing"
    assert [line.split(":")[0] for line in told] == ["the index was built anew"]
    second = current()
    (tmp_path / "manifest.json").write_text("{")
    assert current() is second
    assert current() is second
    assert len(told) == 2
    assert "answers still come from the index as it was" in told[1]
    rollback(tmp_path)
    _publish(tmp_path, "miners march")
    assert current().pipeline.ask("Who march?").hits[0].passage.text == "miners march"
