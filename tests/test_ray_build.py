"""Encoding on Ray: the index of the ordinary build; what is killed goes on where it was. Ray itself: `pip install 'qabot[ray]'`."""

import pickle
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from qabot.build import build
from qabot.chunking import Chunking, SentenceSplitter
from qabot.errors import ArticleError, IndexFolderError
from qabot.folder_store import FolderStore
from qabot.ray_build import ShardEncoder, build_on_ray
from qabot.records import Article, Section
from qabot.shards import Shard, Shards, plan
from tests.conftest import ROOT, LetterEncoder
from tests.ray_encoders import encoded, noting

SMALL = Chunking(min_words=4, max_words=8, overlap_sentences=0)
needs_ray = pytest.mark.skipif(find_spec("ray") is None, reason="ray is not installed: `make test-engines` installs it")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One home for all tests here: Ray keeps a token there, which a process reads once."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def _workers(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """Workers find the tests."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("HOME", str(home))


def shelf() -> list[Article]:
    """Six articles of two passages."""
    texts = [f"The mill of town {name} was built. The river moved it in year {name}." for name in "abcdef"]
    return [Article(f"{n}.md", f"T{n}", text, (Section((), 0, len(text)),), str(n)) for n, text in enumerate(texts)]


def _ordinary(folder: Path) -> FolderStore:
    store = FolderStore(folder)
    build(shelf(), store, SentenceSplitter(LetterEncoder().count_tokens, SMALL), LetterEncoder(), SMALL)
    return store


def _same(one: FolderStore, other: FolderStore) -> bool:
    """Passages, words and vectors, by their files' hashes, and what is counted."""
    left, right = one.read_manifest(), other.read_manifest()
    return (left.files, left.counts, left.articles[0]["path"]) == (right.files, right.counts, right.articles[0]["path"])


def test_an_actor_makes_whole_shards(tmp_path: Path) -> None:
    """The passages and vectors of the ordinary build, one file a shard, without Ray."""
    shards = plan(shelf(), "0" * 64, SMALL, 1)
    counted = ShardEncoder(LetterEncoder, SMALL, tmp_path)({"shard": [pickle.dumps(shard) for shard in shards]})
    assert counted == {"articles": [1] * 6, "passages": [2] * 6}
    passages, vectors = Shards(tmp_path).read(shards[3].name)
    assert [passage.text for passage in passages] == ["The mill of town d was built.", "The river moved it in year d."]
    assert np.array_equal(vectors, LetterEncoder().encode([passage.embedded_text for passage in passages]))


def test_shards_that_are_complete_need_no_ray(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is left to encode: the index is put together from what is there; with one missing, Ray is asked for."""
    encoder = ShardEncoder(LetterEncoder, SMALL, tmp_path / "shards")
    encoder({"shard": [pickle.dumps(shard) for shard in plan(shelf(), "0" * 64, SMALL, 1)]})
    monkeypatch.setitem(sys.modules, "ray", None)
    store = FolderStore(tmp_path / "index")
    built = build_on_ray(shelf(), store, LetterEncoder, LetterEncoder(), SMALL, tmp_path / "shards", characters=1)
    assert (built.changes.encoded, built.changes.kept, len(built.changes.added)) == (0, 12, 6)
    assert _same(store, _ordinary(tmp_path / "ordinary"))
    more = [*shelf(), Article("new.md", "N", "One more.", (Section((), 0, 9),), "n")]
    with pytest.raises(IndexFolderError, match=r"pip install 'qabot\[ray\]'"):
        build_on_ray(more, store, LetterEncoder, LetterEncoder(), SMALL, tmp_path / "shards", characters=1)


def test_no_prose_is_refused(tmp_path: Path) -> None:
    """As by the ordinary build."""
    empty = [Article("empty.md", "T", "", (), "")]
    ShardEncoder(LetterEncoder, SMALL, tmp_path)(
        {"shard": [pickle.dumps(Shard(s.name, s.articles)) for s in plan(empty, "0" * 64, SMALL, 1)]}
    )
    with pytest.raises(ArticleError, match=r"no prose in empty\.md"):
        build_on_ray(empty, FolderStore(tmp_path / "i"), LetterEncoder, LetterEncoder(), SMALL, tmp_path, characters=1)


@needs_ray
def test_the_index_is_that_of_the_ordinary_build(tmp_path: Path) -> None:
    """File by file; progress counts articles; a changed article is the only one that is encoded again, and nothing else stays."""
    seen: list[tuple[int, int]] = []
    store, make = FolderStore(tmp_path / "index"), noting(tmp_path)
    built = build_on_ray(shelf(), store, make, make(), SMALL, tmp_path / "shards", progress=lambda *at: seen.append(at), characters=1)
    assert (built.changes.encoded, built.changes.kept) == (12, 0)
    assert (seen[0], seen[-1]) == ((0, 6), (6, 6))
    assert _same(store, _ordinary(tmp_path / "ordinary"))
    changed = shelf()
    changed[2] = Article("2.md", "T2", "Now Bert owns the mill there.", (Section((), 0, 29),), "new")
    built = build_on_ray(changed, store, make, make(), SMALL, tmp_path / "shards", characters=1)
    assert (built.changes.encoded, built.changes.changed) == (1, ("2.md",))
    assert len(encoded(tmp_path)) == 13
    assert len(list((tmp_path / "shards").iterdir())) == 6


@needs_ray
def test_a_killed_worker_is_replaced(tmp_path: Path) -> None:
    """One dies at the fourth article: the build succeeds, and each passage was encoded once."""
    make = noting(tmp_path, deadly="town d")
    store = FolderStore(tmp_path / "index")
    build_on_ray(shelf(), store, make, make(), SMALL, tmp_path / "shards", characters=1)
    assert (tmp_path / "died").exists()
    assert len(encoded(tmp_path)) == len(set(encoded(tmp_path))) == 12
    assert _same(store, _ordinary(tmp_path / "ordinary"))


@needs_ray
def test_a_killed_driver_goes_on(tmp_path: Path) -> None:
    """Killed when two shards were complete: those are not encoded again, and nothing was published before."""
    command = [sys.executable, "-m", "tests.ray_driver", str(tmp_path), "2"]
    with subprocess.Popen(command, cwd=ROOT) as process:
        while len(list((tmp_path / "shards").glob("*.parquet"))) < 2:
            assert process.poll() is None
            time.sleep(0.1)
        process.kill()
    store, make = FolderStore(tmp_path / "index"), noting(tmp_path)
    time.sleep(5)  # workers of the dead driver end
    complete = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "shards").glob("*.parquet")}
    assert not store.exists()
    before = len(encoded(tmp_path))
    built = build_on_ray(shelf(), store, make, make(), SMALL, tmp_path / "shards", characters=1)
    assert built.changes.kept == 2 * len(complete) >= 4
    assert len(encoded(tmp_path)) - before == built.changes.encoded == 12 - built.changes.kept
    assert {name: (tmp_path / "shards" / name).stat().st_mtime_ns for name in complete} == complete
    assert _same(store, _ordinary(tmp_path / "ordinary"))


@needs_ray
def test_a_cluster_that_is_not_there(tmp_path: Path) -> None:
    """One line that names the address."""
    with pytest.raises(IndexFolderError, match=r"Ray cannot be used at 127\.0\.0\.1:1 .*--ray-address"):
        build_on_ray(
            shelf(), FolderStore(tmp_path / "i"), LetterEncoder, LetterEncoder(), SMALL, tmp_path / "s", "127.0.0.1:1", characters=1
        )
