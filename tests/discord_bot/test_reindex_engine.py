"""`/admin reindex` where the index is on an engine: what would change, measured before it is live, and the way back."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from qabot.discord_bot.reindex import Reindexer
from qabot.evaluate import read_questions, summary
from qabot.gate import GateError
from qabot.lines import evaluate_rows
from qabot.manifest import Manifest
from qabot.milvus.store import MilvusStore
from qabot.records import Passage
from qabot.settings import Settings
from qabot.shelf import load
from qabot.wiring import Bot, store_of
from tests.conftest import LetterEncoder
from tests.discord_bot.small import settings_in, small_bot
from tests.discord_bot.test_reindex import write


def _nothing(done: int, total: int) -> None:
    pass


def _build(settings: Settings, paths: list[Path], progress: Any, check: Callable[[Bot], None] | None = None) -> Manifest:
    """As `building.build_index`, a passage an article."""
    shelf, encoder = load(paths), LetterEncoder()
    texts = [article.text[article.sections[0].start : article.sections[0].end] for article in shelf]
    passages = [Passage(i, shelf[i].path, shelf[i].title, (), text, 0, len(text)) for i, text in enumerate(texts)]
    tried = None if check is None else lambda index: check(small_bot(index))
    return store_of(settings).publish(shelf, passages, encoder.encode(texts), encoder.name, encoder.weights_sha256, {}, 3, tried)


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """One article, and its index in a file of Milvus Lite."""
    (tmp_path / "data").mkdir()
    write(tmp_path, "Banzer overthrew Torres in a coup.")
    settings = settings_in(tmp_path, data=tmp_path / "data").at(f"milvus+lite://{tmp_path}/index.db/shelf")
    _build(settings, [settings.data], _nothing)
    yield settings
    store = store_of(settings)
    assert isinstance(store, MilvusStore)
    store.exists()
    store.close()


def test_build_and_roll_back(settings: Settings, tmp_path: Path) -> None:
    """The plan names what changed; the build is live at once; the way back leads to where it was, and then there is none."""
    before = store_of(settings).live()
    reindexer = Reindexer(settings, _build)
    assert reindexer.plan() == []
    write(tmp_path, "Ovando overthrew Siles.")
    assert reindexer.plan() == [f"~ Torres ({(tmp_path / 'data').as_posix()}/torres.md)"]
    manifest = reindexer.run(_nothing)
    assert store_of(settings).live() == manifest.generation != before
    back = reindexer.roll_back()
    assert back is not None
    assert back.generation == before == store_of(settings).live()
    assert reindexer.roll_back() is None
    assert not reindexer.running


def test_a_worse_index_is_not_published(settings: Settings, tmp_path: Path) -> None:
    """The live index stays, and nothing is left of the other."""
    questions, baseline = tmp_path / "questions.jsonl", tmp_path / "baseline.json"
    questions.write_text(json.dumps({"id": "1", "question": "Who overthrew Torres?", "answers": ["Banzer"]}) + "\n")
    gated = settings.model_copy(update={"gate_questions": questions, "gate_baseline": baseline})
    pipeline = small_bot(store_of(settings).load()).pipeline
    baseline.write_text(json.dumps(summary(evaluate_rows(read_questions(questions), pipeline, _nothing), pipeline.sure)))
    reindexer = Reindexer(gated, _build)
    before = store_of(settings).live()
    assert reindexer.run(_nothing).generation == before  # as good as before, and the same
    write(tmp_path, "Somebody overthrew Torres.")
    with pytest.raises(GateError):
        reindexer.run(_nothing)
    assert store_of(settings).live() == before
    assert [kept.generation for kept in store_of(settings).generations()] == [before]
