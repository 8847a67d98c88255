"""The article's line on Ray: articles -> passages -> vectors on many processes or machines, as shards; then published like any other build.

Each actor of Ray Data has the compiled encoder and makes whole shards. An actor that is killed is started again and makes its shard again;
where the driver is killed, the next build finds the complete shards. The only file that imports ray. The shards' folder must be one that
all machines see; without an address everything runs on this one.
"""

import logging
import os
import pickle
import socket
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from qabot import cpus
from qabot.build import Built, Changes, compared
from qabot.chunking import Chunking, SentenceSplitter
from qabot.errors import ArticleError, IndexFolderError
from qabot.generation import Index
from qabot.index_store import IndexStore
from qabot.records import Article
from qabot.shards import CHARACTERS, Shard, ShardPassages, Shards, plan
from qabot.stages import Encoder

_REACH_SECONDS = 5.0
INSTALL = "pip install 'qabot[ray]'"
MakeEncoder = Callable[[], Encoder]


class ShardEncoder:
    """What an actor does: it loads the encoder once, and makes one shard after another."""

    def __init__(self, make_encoder: MakeEncoder, chunking: Chunking, folder: Path) -> None:
        self._encoder, self._shards = make_encoder(), Shards(folder)
        self._splitter = SentenceSplitter(self._encoder.count_tokens, chunking)

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[int]]:
        """Shards as `_rows` packs them -> how many articles and passages each had; the passages themselves are on the disk then."""
        articles, passages = list[int](), list[int]()
        for packed in batch["shard"]:
            shard: Shard = pickle.loads(packed)
            found = [passage for article in shard.articles for passage in self._splitter.split(article)]
            self._shards.write(shard.name, found, self._encoder.encode([passage.embedded_text for passage in found]))
            articles.append(len(shard.articles))
            passages.append(len(found))
        return {"articles": articles, "passages": passages}


def build_on_ray(
    shelf: Sequence[Article],
    store: IndexStore,
    make_encoder: MakeEncoder,
    encoder: Encoder,
    chunking: Chunking,
    folder: Path,
    address: str | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    keep: int = 3,
    check: Callable[[Index], None] | None = None,
    characters: int = CHARACTERS,
) -> Built:
    """Index the articles of `shelf` into `store`, encoding on Ray. `progress` gets (articles encoded, all that must be).

    `encoder` is what `make_encoder` makes on each worker; `folder` keeps the shards, each of at least so many `characters`.
    Every article is cut as if it were new.
    Raises ArticleError or IndexFolderError; the index that was there stays as it is then.
    """
    shards = Shards(folder)
    planned = plan(shelf, encoder.weights_sha256, chunking, characters)
    missing = list({shard.name: shard for shard in planned if not shards.has(shard.name)}.values())
    with store.writing():
        if missing:
            with _running(address):
                _encode(missing, make_encoder, chunking, folder, progress)
        passages = ShardPassages(shards, [shard.name for shard in planned])
        if not len(passages):
            raise ArticleError(f"no prose in {', '.join(article.path for article in shelf[:5])}: an article needs sentences to answer from")
        encoded = sum(shards.count(shard.name) for shard in missing)
        changes = Changes(*compared(shelf, store), encoded, len(passages) - encoded)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".vectors-", ignore_cleanup_errors=True) as beside:
            vectors = passages.vectors(Path(beside) / "vectors.npy")
            manifest = store.publish(shelf, passages, vectors, encoder.name, encoder.weights_sha256, asdict(chunking), keep, check)
            del vectors
        shards.keep([shard.name for shard in planned])
    return Built(manifest, changes)


@contextmanager
def _running(address: str | None) -> Iterator[None]:
    """Ray: the cluster at `address`, or processes on this machine. Raises IndexFolderError where there is none."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")  # what fails is raised too
    try:
        import ray
    except ImportError as error:
        raise IndexFolderError(f"--engine ray needs Ray: {INSTALL}") from error
    address = address or os.environ.get("RAY_ADDRESS")
    # "local" and not None: a Ray that was killed leaves word of itself behind, and None would look for it
    local = {"num_cpus": cpus.usable(), "include_dashboard": False, "_node_ip_address": "127.0.0.1"} if address is None else {}
    try:
        if address is not None:
            _reach(address)
        ray.init(address=address or "local", log_to_driver=False, logging_level="ERROR", **local)
    except (ConnectionError, RuntimeError, ValueError, OSError) as error:
        where = f"at {address}" if address else "on this machine"
        said = " ".join(str(error).split())[:200]
        raise IndexFolderError(f"Ray cannot be used {where} ({said}): check --ray-address, or leave it out") from error
    try:
        yield
    finally:
        ray.shutdown()


def _reach(address: str) -> None:
    """Raises OSError where nothing listens at HOST:PORT: Ray itself would try for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdecimal():
        socket.create_connection((host, int(port)), timeout=_REACH_SECONDS).close()


def _encode(
    missing: list[Shard], make_encoder: MakeEncoder, chunking: Chunking, folder: Path, progress: Callable[[int, int], None]
) -> None:
    """Make the missing shards. Raises IndexFolderError where a worker fails for good."""
    import ray

    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    actors = max(1, min(len(missing), int(ray.cluster_resources().get("CPU", 1))))
    rows = [{"shard": pickle.dumps(shard)} for shard in missing]
    encoded = ray.data.from_items(rows, override_num_blocks=len(rows)).map_batches(
        ShardEncoder,
        fn_constructor_args=(make_encoder, chunking, folder.absolute()),
        batch_size=1,
        compute=ray.data.ActorPoolStrategy(min_size=1, max_size=actors),
        num_cpus=1,
    )
    done, total = 0, sum(len(shard.articles) for shard in missing)
    progress(done, total)
    try:
        for row in encoded.iter_rows():
            done += int(row["articles"])
            progress(done, total)
    except ray.exceptions.RayError as error:
        cause = getattr(error, "cause", None) or error
        said = str(cause).strip().splitlines()
        raise IndexFolderError(f"encoding on Ray failed: {said[-1] if said else type(cause).__name__}; build again: it goes on") from error
