"""The whole line over Milvus Lite, by the one setting: build, questions, scope, hot reload, another encoder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from qabot.building import build_index
from qabot.doctor import findings
from qabot.errors import IndexFolderError, QuestionError
from qabot.reply import to_json
from qabot.scope import Scope
from qabot.settings import Settings
from qabot.wiring import follow, open_bot, store_of
from tests.conftest import ROOT
from tests.test_index_store import publish

QUESTIONS = [
    "Who overthrew Torres?",
    "When was he born?",
    "How do I reset my Discord password?",
    "What budget did the government increase?",
]


@pytest.fixture
def settings(tmp_path: Path, cache: Path) -> Iterator[Settings]:
    """An index of its own in a file; the file is let go of at the end."""
    settings = Settings(cache=cache).at(f"milvus+lite://{tmp_path}/index.db/shelf")
    yield settings
    store = store_of(settings)
    store.exists()  # opens what was built
    store.close()  # type: ignore[attr-defined]


def _build(settings: Settings) -> None:
    build_index(settings, [Path("data")], lambda done, total: None)


def test_the_same_answers_as_from_the_folder(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bundled article, every field of the reply but the times and the last digits of scores; then nothing is built twice.

    Both built here: the committed index has another processor's rounding in its vectors.
    """
    monkeypatch.chdir(ROOT)
    folder = Settings(index=tmp_path / "folder", cache=settings.cache)
    _build(settings)
    _build(folder)
    here, there = open_bot(settings), open_bot(folder)
    for question in QUESTIONS:
        replies = [to_json(bot.pipeline.ask(question)) for bot in (here, there)]
        for reply in replies:
            reply.pop("timing_ms")
            reply["confidence"] = round(reply["confidence"], 3)
            reply["alternatives"] = [other["answer"] for other in reply["alternatives"]]
            for source in reply["sources"]:
                source["score"] = round(source["score"], 4)
        assert replies[0] == replies[1]
    built = build_index(settings, [Path("data")], lambda done, total: None)
    assert (built.changes.encoded, built.changes.kept, built.changes.unchanged) == (0, 12, ("data/juan-jose-torres.md",))
    assert built.manifest == here.index.manifest
    assert [f.text for f in findings(settings) if f.level == "fail"] == []


def test_scope_and_hot_reload(settings: Settings, tmp_path: Path) -> None:
    """Only the articles that were asked for answer; a build is picked up by who follows, once."""
    for name, town in (("mill", "Aldford"), ("bridge", "Barton")):
        text = (
            f"---\ntitle: The {name}\ntags: [{name}]\n---\n\nThe {name} was built in {town} by two brothers who had come from far away.\n"
        )
        (tmp_path / f"{name}.md").write_text(text)
    build_index(settings, [tmp_path / "mill.md", tmp_path / "bridge.md"], lambda done, total: None)
    asked = "Where was it built?"
    for scope, town in ((Scope(("the mill",)), "Aldford"), (Scope((), ("bridge",)), "Barton")):
        (hit,) = open_bot(settings, scope).pipeline.ask(asked).hits
        assert town in hit.passage.text
    with pytest.raises(QuestionError, match="sources: The mill, The bridge; tags: bridge, mill"):
        open_bot(settings, Scope(("none",)))
    told: list[str] = []
    current = follow(settings, None, told.append)
    assert len(current().pipeline.ask(asked).hits) == 2
    build_index(settings, [tmp_path / "bridge.md"], lambda done, total: None)
    assert len(current().pipeline.ask(asked).hits) == 1
    assert [line.split(":")[0] for line in told] == ["the index was built anew"]


def test_another_encoder_is_refused(settings: Settings) -> None:
    """Named with both, and with the address to build."""
    publish(store_of(settings), ["words"])
    with pytest.raises(IndexFolderError, match=r"was built with the encoder letters .*run `qabot build --index milvus\+lite://"):
        open_bot(settings)
