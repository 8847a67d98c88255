"""kill -9 of who writes, and of the server: the alias answers as before or as after, what was published stays, the next build succeeds."""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from qabot.address import parse
from qabot.errors import IndexFolderError
from qabot.milvus.store import MilvusStore
from tests.conftest import ROOT, LetterEncoder
from tests.milvus_server import MilvusServer
from tests.test_index_store import KINDS, SERVER, first_text, publish

PYTHON = os.environ.get("QABOT_TEST_MILVUS_PYTHON")  # of the environment that has the server
COUNT = 1100  # passages: more than one upsert


@pytest.fixture(params=KINDS[1:])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A file, or a server's collection."""
    name = f"crash{secrets.token_hex(4)}"
    return f"milvus+lite://{tmp_path}/index.db/{name}" if request.param == "lite" else f"{SERVER}/{name}"


@contextmanager
def _writer(place: str, text: str, count: int = COUNT) -> Iterator[subprocess.Popen[bytes]]:
    """A process that publishes, once it gets a line."""
    command = [sys.executable, "-m", "tests.milvus_writer", place, text, str(count)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        try:
            yield process
        finally:
            process.kill()


def _go(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    process.stdin.write(b"\n")
    process.stdin.flush()


@pytest.mark.parametrize("share", [0.3, 0.8])
def test_a_killed_writer_leaves_the_index_as_it_was(place: str, share: float) -> None:
    """At two moments of a build: the old texts answer, or the new; then another build is whole."""
    with _writer(place, "old") as process:
        began = time.monotonic()
        _go(process)
        assert process.stdout is not None
        assert process.stdout.readline() == b"done\n"
        whole = time.monotonic() - began
    with _writer(place, "new") as process:
        _go(process)
        time.sleep(share * whole)
        process.kill()
    store = MilvusStore(parse(place), patience=0.4)
    try:
        index = store.load()
        text = first_text(index)
        assert text in ("old 0", "new 0")
        assert [passage.text for passage in index.passages] == [f"{text.split()[0]} {number}" for number in range(COUNT)]
        assert len(index.vectors.vectors()) == COUNT
        publish(store, ["next"])
        assert first_text(store.load()) == "next"
        assert first_text(index) == text  # who had opened it reads on
    finally:
        store.close()


def test_what_was_acknowledged_outlives_its_writer(place: str) -> None:
    """Killed right after it said that it was done."""
    with _writer(place, "kept") as process:
        _go(process)
        assert process.stdout is not None
        assert process.stdout.readline() == b"done\n"
        process.kill()
    store = MilvusStore(parse(place), patience=0.4)
    assert [passage.text for passage in store.load().passages] == [f"kept {number}" for number in range(COUNT)]
    store.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MilvusServer]:
    """A server that may be killed."""
    server = MilvusServer(Path(PYTHON or ""), tmp_path / "server")
    server.start()
    yield server
    server.kill()


needs_server = pytest.mark.skipif(not PYTHON, reason="QABOT_TEST_MILVUS_PYTHON is not set: `make test-engines` sets it")


@needs_server
def test_a_killed_server_has_what_was_published(server: MilvusServer) -> None:
    """While it is away, one line says so; started again, it answers as before, and the next build succeeds."""
    publish(MilvusStore(parse(f"{server.uri}/shelf"), patience=0.4), [f"kept {number}" for number in range(COUNT)])
    opened = MilvusStore(parse(f"{server.uri}/shelf"), patience=0.4)
    before = opened.load().vectors.search(LetterEncoder().encode(["kept"]), 5)
    server.kill()
    with pytest.raises(IndexFolderError, match="no Milvus answers at milvus://127") as caught:
        opened.live()
    assert "\n" not in str(caught.value)
    server.start()
    again = MilvusStore(parse(f"{server.uri}/shelf"), patience=0.4)
    assert again.load().vectors.search(LetterEncoder().encode(["kept"]), 5) == before
    assert [passage.text for passage in again.load().passages] == [f"kept {number}" for number in range(COUNT)]
    publish(again, ["next"])
    assert first_text(again.load()) == "next"


@needs_server
def test_a_server_killed_during_a_build(server: MilvusServer) -> None:
    """The build fails in one line or waits; the old index answers when the server is back, and the next build succeeds."""
    publish(MilvusStore(parse(f"{server.uri}/shelf"), patience=0.4), ["old"])
    with _writer(f"{server.uri}/shelf", "new", 20_000) as process:
        _go(process)
        time.sleep(4)
        server.kill()
        process.kill()
    server.start()
    store = MilvusStore(parse(f"{server.uri}/shelf"), patience=0.4)
    assert first_text(store.load()) == "old"
    publish(store, ["next"])
    assert first_text(store.load()) == "next"
