"""Another language from end to end: an article in Spanish, an encoder and a reader by setting, compiled and asked."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from qabot import shelf, store
from qabot.chunking import Chunking, SentenceSplitter
from tests import spanish


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """The article's folder with its index built, and the settings."""
    folder = tmp_path_factory.mktemp("faro")
    (folder / "faro.md").write_text(spanish.ARTICLE, encoding="utf-8")
    passages = SentenceSplitter(lambda text: len(text.split()), Chunking()).split(shelf.load([folder / "faro.md"])[0])
    settings = {
        "QABOT_ENCODER": str(spanish.make_encoder(folder, passages)),
        "QABOT_READER": str(spanish.make_reader(folder, passages)),
        "QABOT_CACHE": str(folder / "cache"),
        "QABOT_INDEX": str(folder / "index"),
    }
    done = _run("build", str(folder / "faro.md"), settings=settings)
    assert done.returncode == 0, done.stderr
    return folder, settings


def _run(*args: str, settings: dict[str, str], stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from qabot.cli import main; main()", *args]
    env = {**os.environ, **settings}
    return subprocess.run(command, capture_output=True, input=stdin, encoding="utf-8", env=env, timeout=300, check=False)


def test_the_index_is_in_spanish(made: tuple[Path, dict[str, str]]) -> None:
    """The language is detected; words are compared by Spanish stems; an abbreviation ends no sentence and no passage."""
    index = store.load(made[0] / "index")
    assert {passage.language for passage in index.passages} == {"es"}
    assert index.manifest.encoder == made[1]["QABOT_ENCODER"]
    assert index.manifest.dimension == 64
    found = {index.passages[place].section for place, _ in index.words.search("fundaron diseños", 9)}  # "fundó", "diseñada"
    assert found == {"Construcción"}


def test_every_question_gets_the_exact_words(made: tuple[Path, dict[str, str]]) -> None:
    """With their accents, at their place, in the sentence that they stand in; what the article does not say is declined."""
    rows = "".join(json.dumps({"id": question, "question": question}) + "\n" for question in (*spanish.ANSWERS, *spanish.UNANSWERABLE))
    done = _run("ask", "--jsonl", "-", settings=made[1], stdin=rows)
    replies: dict[str, dict[str, Any]] = {reply["id"]: reply for reply in map(json.loads, done.stdout.splitlines())}
    assert {question: reply["answer"] for question, reply in replies.items()} == spanish.ANSWERS | dict.fromkeys(spanish.UNANSWERABLE)
    for question, answer in spanish.ANSWERS.items():
        source = replies[question]["sources"][0]
        assert spanish.ARTICLE[source["start"] : source["end"]] == source["excerpt"]
        assert source["excerpt"][source["answer_start"] : source["answer_end"]] == answer
        assert (source["title"], source["url"]) == ("El faro de Peña Brava", "https://x.org/faro")


def test_the_sentence_is_whole(made: tuple[Path, dict[str, str]]) -> None:
    """It does not begin after "Dra." or "Ing."."""
    out = _run("ask", "¿Quiénes fundaron la junta?", settings=made[1]).stdout.splitlines()
    assert out[0] == "Inés Muñoz Ibáñez"
    assert out[2].strip() == "La Dra. [Inés Muñoz Ibáñez] fundó la junta que reunió el dinero de los vecinos."
