"""The index folder: write, publish, verify, load.

    index/manifest.json      the live generation's manifest; replaced in one atomic step, which is what publishes
    index/<generation>/      its own manifest.json, passages.jsonl, vectors.npy, words/ (BM25)
    index/.lock              held by the operating system for the build that runs; a crash lets go of it

A build writes a new generation beside the live one, and then replaces `manifest.json`, so that a build that dies at any moment
leaves the old index answering. The last generations stay, for `rollback.rollback`. Loading checks every file's hash, reads everything
into memory, and never unpickles; who has loaded a generation keeps it, whatever happens to the folder.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from qabot import generation
from qabot import manifest as manifests
from qabot.errors import IndexFolderError
from qabot.faiss_index import FaissIndex
from qabot.generation import Index as Index
from qabot.keyword_index import Bm25Index
from qabot.manifest import Manifest as Manifest
from qabot.manifest import changed_articles as changed_articles
from qabot.records import Article, Passage

KEEP = 3
_FRESH, _LOCK = ".new-", ".lock"


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold the folder's lock. Raises IndexFolderError when another process or thread holds it; may be nested in one thread."""
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder.resolve() / _LOCK, is_singleton=True)
        lock.acquire(blocking=False)
    except Timeout as error:
        raise IndexFolderError(f"another build is writing {folder}: wait until it has ended, or give another --index") from error
    except OSError as error:
        raise refused(folder, error) from error
    try:
        yield
    finally:
        lock.release()


def publish(
    folder: Path,
    articles: Sequence[Article],
    passages: Sequence[Passage],
    vectors: FaissIndex,
    words: Bm25Index,
    encoder: str,
    encoder_sha256: str,
    chunking: dict[str, int],
    keep: int = KEEP,
    check: Callable[[Index], None] | None = None,
) -> Manifest:
    """Write a new generation and make it the live one; the `keep` last ones stay, this one included.

    Where it would equal the live one, file by file, that stays live and is returned. Else `check` gets the new one, read from the disk,
    before it is live; what it raises is raised, and nothing is published.
    Raises IndexFolderError when the disk refuses or another build runs; the live generation stays as it is then.
    """

    def described(files: dict[str, str]) -> Manifest:
        return manifests.sealed(
            number=1 + max((kept.number for kept in generations(folder)), default=0),
            previous=_live(folder),
            built=datetime.now(UTC).isoformat(timespec="seconds"),
            encoder=encoder,
            encoder_sha256=encoder_sha256,
            dimension=vectors.dimension,
            chunking=chunking,
            articles=manifests.entries(articles, folder),
            counts={"articles": len(articles), "passages": len(passages)},
            files=files,
        )

    with writing(folder):
        try:
            _sweep(folder)
            manifest = _generation(folder, lambda fresh: generation.write(fresh, passages, vectors, words), described)
            live = _same(folder, manifest)
            if live is not None:
                shutil.rmtree(folder / manifest.generation)
                return live
            _checked(folder, manifest, check)
            switch(folder, manifest)
        except OSError as error:
            raise refused(folder, error) from error
        _retire(folder, manifest, keep)
    return manifest


def load(folder: Path) -> Index:
    """The live index, every file verified. Raises IndexFolderError with the fix when it cannot be trusted."""
    manifest = read_manifest(folder)
    try:
        return generation.read(folder, manifest, fix(folder))
    except IndexFolderError:
        newer = read_manifest(folder)  # builds may have published in between and swept this generation away
        if newer.generation == manifest.generation:
            raise
        return generation.read(folder, newer, fix(folder))


def read_manifest(folder: Path) -> Manifest:
    """The live manifest alone. Raises IndexFolderError when it is missing, corrupt, or of another format."""
    path, mend = folder / manifests.NAME, fix(folder)
    try:
        return manifests.read(path, mend)
    except FileNotFoundError as error:
        there = folder.is_dir() and any(not path.name.startswith(".") for path in folder.iterdir())
        what = "is not complete (no manifest.json)" if there else "does not exist"
        raise IndexFolderError(f"the index {folder} {what}: {mend}") from error


def generations(folder: Path) -> list[Manifest]:
    """The generations that are kept and can be named, newest first."""
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        if manifests.is_generation(path.name):
            try:
                manifest = manifests.read(path / manifests.NAME, "")
            except (IndexFolderError, FileNotFoundError):
                continue  # nothing that a rollback could go to; the next build sweeps it away
            if manifest.generation == path.name:
                found.append(manifest)
    return sorted(found, key=lambda manifest: -manifest.number)


def _checked(folder: Path, manifest: Manifest, check: Callable[[Index], None] | None) -> None:
    try:
        if check is not None:
            check(generation.read(folder, manifest, fix(folder)))
    except BaseException:
        shutil.rmtree(folder / manifest.generation, ignore_errors=True)
        raise


def _same(folder: Path, manifest: Manifest) -> Manifest | None:
    """The live manifest where it is sound and says the same but for when it was built."""
    try:
        live = read_manifest(folder)
        if manifests.same_but_for_time(manifest, live):
            generation.verify(folder / live.generation, live, "")
            return live
    except IndexFolderError:
        return None  # what is published now takes its place
    return None


def _live(folder: Path) -> str | None:
    try:
        return read_manifest(folder).generation
    except IndexFolderError:
        return None


def _generation(folder: Path, write: Callable[[Path], None], describe: Callable[[dict[str, str]], Manifest]) -> Manifest:
    """A complete generation beside the live one. Raises OSError, and leaves nothing behind then."""
    fresh = Path(tempfile.mkdtemp(prefix=_FRESH, dir=folder))
    try:
        write(fresh)
        manifest = describe(generation.checksums(fresh))
        (fresh / manifests.NAME).write_bytes(manifests.to_bytes(manifest))
        generation.sync(fresh)
        os.chmod(fresh, 0o755)
        os.replace(fresh, folder / manifest.generation)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return manifest


def switch(folder: Path, manifest: Manifest) -> None:
    """The one step that publishes. Everything that the manifest names is on the disk before it."""
    generation.sync_folder(folder)
    fresh = folder / f"{_FRESH}{manifests.NAME}"
    fresh.write_bytes(manifests.to_bytes(manifest))
    generation.sync_file(fresh)
    os.replace(fresh, folder / manifests.NAME)
    generation.sync_folder(folder)


def _sweep(folder: Path) -> None:
    """Remove what builds that died left behind: only who holds the lock writes here, so nothing of it is in use."""
    for path in folder.iterdir():
        if path.name.startswith(_FRESH):
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def _retire(folder: Path, live: Manifest, keep: int) -> None:
    """Keep the live generation, the ones that it goes back to, then the newest others; `keep` in all."""
    kept = manifests.kept_after(live, generations(folder), keep)
    for path in folder.iterdir():
        if manifests.is_generation(path.name) and path.name not in kept:
            shutil.rmtree(path, ignore_errors=True)


def fix(folder: Path) -> str:
    """How to mend an index."""
    return f"run `qabot build --index {folder}`"


def refused(folder: Path, error: OSError) -> IndexFolderError:
    """What is said where the disk does not let a build write."""
    return IndexFolderError(
        f"cannot write the index {folder}: {error.strerror or error}; free space or permission is needed there, or "
        "give another --index (an index that was there before is unchanged)"
    )
