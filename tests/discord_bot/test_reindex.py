"""Building again: what would change, a swap that leaves no moment without an index, the gate, the way back."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qabot import store
from qabot.discord_bot.engine import Engine
from qabot.discord_bot.reindex import Reindexer
from qabot.errors import ArticleError, IndexFolderError
from qabot.evaluate import read_questions, summary
from qabot.faiss_index import FaissIndex
from qabot.folder_store import FolderStore
from qabot.gate import GateError
from qabot.keyword_index import Bm25Index
from qabot.lines import evaluate_rows
from qabot.records import Passage
from qabot.settings import Settings
from qabot.shelf import load
from qabot.wiring import Bot
from tests.conftest import LetterEncoder
from tests.discord_bot.small import open_small, settings_in, small_bot


def build_small(settings: Settings, paths: list[Path], progress: Any, check: Callable[[Bot], None] | None = None) -> store.Manifest:
    """As `building.build_index`, a passage an article."""
    shelf, encoder = load(paths), LetterEncoder()
    texts = [article.text[article.sections[0].start : article.sections[0].end] for article in shelf]
    passages = [Passage(i, shelf[i].path, shelf[i].title, (), text, 0, len(text)) for i, text in enumerate(texts)]
    progress(len(texts), len(texts))
    vectors = FaissIndex.from_vectors(encoder.encode(texts))
    words, tried = Bm25Index.from_texts(texts), None if check is None else lambda index: check(small_bot(index))
    name, sha256 = encoder.name, encoder.weights_sha256
    return store.publish(settings.index, shelf, passages, vectors, words, name, sha256, {}, check=tried)


def world(folder: Path, **changes: Any) -> Settings:
    """One article, and its index."""
    (folder / "data").mkdir()
    write(folder, "Banzer overthrew Torres in a coup.")
    settings = settings_in(folder, data=folder / "data", **changes)
    shutil.rmtree(settings.index)
    build_small(settings, [settings.data], lambda done, total: None)
    return settings


def write(folder: Path, text: str, name: str = "torres") -> None:
    """An article."""
    (folder / "data" / f"{name}.md").write_text(f"---\ntitle: {name.title()}\n---\n\n{text}\n", encoding="utf-8")


def reindexer(settings: Settings) -> Reindexer:
    """With the small stages."""
    return Reindexer(settings, build_small)


def test_the_plan(tmp_path: Path) -> None:
    """Nothing; then a changed, a new and a missing article."""
    settings = world(tmp_path)
    plan = reindexer(settings).plan
    assert plan() == []
    write(tmp_path, "Ovando overthrew Siles.")
    write(tmp_path, "Something new stands here.", "ovando")
    path = (tmp_path / "data").as_posix()
    assert plan() == [f"+ Ovando ({path}/ovando.md)", f"~ Torres ({path}/torres.md)"]
    (tmp_path / "data" / "torres.md").unlink()
    assert plan() == [f"+ Ovando ({path}/ovando.md)", f"- {path}/torres.md"]


def test_build_swap_and_roll_back(tmp_path: Path) -> None:
    """The engine answers from the new index after a refresh, from the old after a rollback; no candidate is left; articles are found."""
    settings = world(tmp_path)
    engine = Engine(lambda: open_small(settings), FolderStore(settings.index).live)
    engine.load()
    before = store.read_manifest(settings.index).generation
    write(tmp_path, "Ovando overthrew Siles.")
    steps: list[tuple[int, int]] = []
    manifest = reindexer(settings).run(lambda done, total: steps.append((done, total)))
    assert steps == [(1, 1)]
    there = {path.name for path in settings.index.iterdir()}
    assert {manifest.generation, before} <= there
    assert store.changed_articles(settings.index, store.load(settings.index).manifest) == []
    assert engine.refresh()
    assert not engine.refresh()
    answer = engine.answer("0", "Who overthrew Siles?", (), None).reply.answer
    assert answer is not None
    assert answer.span.text == "Ovando"
    back = reindexer(settings).roll_back()
    assert back is not None
    assert back.generation == before == store.load(settings.index).manifest.generation
    assert engine.refresh()
    assert reindexer(settings).plan() != []
    assert {path.name for path in tmp_path.iterdir() if path.is_dir()} == {"data", "index"}


def test_nothing_to_go_back_to(tmp_path: Path) -> None:
    """Before the first build."""
    assert reindexer(world(tmp_path)).roll_back() is None


def test_the_gate(tmp_path: Path) -> None:
    """An index that answers worse than the baseline is not published; the old one stays."""
    questions = tmp_path / "questions.jsonl"
    questions.write_text(json.dumps({"id": "1", "question": "Who overthrew Torres?", "answers": ["Banzer"]}) + "\n")
    settings = world(tmp_path, gate_questions=questions, gate_baseline=tmp_path / "baseline.json")
    pipeline = open_small(settings).pipeline
    figures = summary(evaluate_rows(read_questions(questions), pipeline, lambda done, total: None), pipeline.sure)
    (tmp_path / "baseline.json").write_text(json.dumps(figures))
    write(tmp_path, "Banzer overthrew Torres in a coup. He ruled.")
    before = reindexer(settings).run(lambda done, total: None)  # as good as before
    write(tmp_path, "Somebody overthrew Torres.")
    with pytest.raises(GateError) as refused:
        reindexer(settings).run(lambda done, total: None)
    assert any(line.startswith("exact_match is 0.0%") for line in refused.value.lines)
    live = store.load(settings.index)
    assert live.passages[0].text == "Banzer overthrew Torres in a coup. He ruled."
    assert live.manifest == store.read_manifest(settings.index) == before
    assert [kept.generation for kept in store.generations(settings.index)] == [before.generation, before.previous]


def test_a_build_that_fails_changes_nothing(tmp_path: Path) -> None:
    """An article that cannot be read; and two builds at once."""
    settings = world(tmp_path)
    before = store.read_manifest(settings.index)
    (tmp_path / "data" / "broken.md").write_bytes(b"\x00\x01\x02" * 100)
    made = reindexer(settings)
    with pytest.raises(ArticleError):
        made.run(lambda done, total: None)
    assert store.read_manifest(settings.index) == before
    assert not made.running
    (tmp_path / "data" / "broken.md").unlink()
    seen: list[bool] = []

    def progress(done: int, total: int) -> None:
        seen.append(made.running)
        with pytest.raises(IndexFolderError, match="under way"):
            made.run(lambda done, total: None)

    made.run(progress)
    assert seen == [True]


def test_a_broken_index_is_not_used(tmp_path: Path) -> None:
    """The engine goes on with the old one and does not try the broken one again and again."""
    settings = world(tmp_path)
    engine = Engine(lambda: open_small(settings), FolderStore(settings.index).live)
    engine.load()
    loaded = engine.manifest
    write(tmp_path, "Ovando overthrew Siles.")
    manifest = build_small(settings, [settings.data], lambda done, total: None)
    (settings.index / manifest.generation / "passages.jsonl").write_text("{}")
    assert not engine.refresh()
    assert engine.manifest == loaded
    assert engine.answer("0", "Who overthrew Torres?", (), None).reply.answer is not None
