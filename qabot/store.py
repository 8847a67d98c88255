"""The index folder: write, publish, verify, load.

    index/manifest.json      what is in it, written last: a folder without one is not an index
    index/<generation>/      passages.jsonl, vectors.faiss, words/ (BM25)

A build writes a new generation beside the live one and then replaces `manifest.json` in one atomic step, so that a build
that dies at any moment leaves the old index answering. Loading checks every file's hash.
"""

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from qabot.errors import IndexFolderError
from qabot.faiss_index import FaissIndex
from qabot.keyword_index import Bm25Index
from qabot.records import Article, Passage

FORMAT = 1
_MANIFEST = "manifest.json"
_PASSAGES, _VECTORS, _WORDS = "passages.jsonl", "vectors.faiss", "words"
_FRESH = ".new-"
_STALE_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index folder says of itself. `files` maps each file below the generation's folder to its sha256."""

    format: int
    generation: str
    encoder: str
    encoder_sha256: str
    dimension: int
    chunking: dict[str, int]
    articles: tuple[dict[str, str], ...]  # path, location (relative to the index folder), title, sha256
    counts: dict[str, int]
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class Index:
    """A loaded index: `passages[i]` has the vector and the words at position i."""

    folder: Path
    manifest: Manifest
    passages: tuple[Passage, ...]
    vectors: FaissIndex
    words: Bm25Index


def publish(
    folder: Path,
    articles: Sequence[Article],
    passages: Sequence[Passage],
    vectors: FaissIndex,
    words: Bm25Index,
    encoder: str,
    encoder_sha256: str,
    chunking: dict[str, int],
) -> Manifest:
    """Write a new generation and make it the live one. Raises IndexFolderError when the disk refuses; the old one stays."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=_FRESH, dir=folder))
        try:
            _write(fresh, passages, vectors, words)
            files = _checksums(fresh)
            generation = hashlib.sha256(json.dumps([files, time.time_ns()]).encode()).hexdigest()[:12]
            manifest = Manifest(
                FORMAT,
                generation,
                encoder,
                encoder_sha256,
                vectors.dimension,
                chunking,
                tuple(_entry(article, folder) for article in articles),
                {"articles": len(articles), "passages": len(passages)},
                files,
            )
            os.chmod(fresh, 0o755)
            os.replace(fresh, folder / generation)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
        _write_synced(folder / f"{_MANIFEST}.new", json.dumps(asdict(manifest), indent=1, ensure_ascii=False).encode())
        os.replace(folder / f"{_MANIFEST}.new", folder / _MANIFEST)
    except OSError as error:
        raise IndexFolderError(
            f"cannot write the index {folder}: {error.strerror or error}; free space or permission is needed there, or "
            "give another --index (an index that was there before is unchanged)"
        ) from error
    _sweep(folder, manifest.generation)
    return manifest


def load(folder: Path) -> Index:
    """The live index, every file verified. Raises IndexFolderError with the fix when it cannot be trusted."""
    manifest = read_manifest(folder)
    try:
        return _load(folder, manifest)
    except IndexFolderError:
        newer = read_manifest(folder)  # a build may have published in between and swept this generation away
        if newer.generation == manifest.generation:
            raise
        return _load(folder, newer)


def read_manifest(folder: Path) -> Manifest:
    """The manifest alone. Raises IndexFolderError when it is missing, broken, or of another format."""
    path = folder / _MANIFEST
    fix = f"run `qabot build --index {folder}`"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        what = "is not complete (no manifest.json)" if folder.is_dir() and any(folder.iterdir()) else "does not exist"
        raise IndexFolderError(f"the index {folder} {what}: {fix}") from error
    except OSError as error:
        raise IndexFolderError(f"cannot read {path}: {error.strerror}") from error
    except ValueError as error:
        raise IndexFolderError(f"{path} is corrupt: {fix}") from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        found = data.get("format") if isinstance(data, dict) else None
        raise IndexFolderError(f"the index {folder} has format {found}, this version reads {FORMAT}: {fix}")
    try:
        return Manifest(**{**data, "articles": tuple(data["articles"])})
    except (TypeError, KeyError) as error:
        raise IndexFolderError(f"{path} is corrupt: {fix}") from error


def changed_articles(index_folder: Path, manifest: Manifest) -> list[str]:
    """A line for each article whose file is gone or differs from what was indexed."""
    lines = []
    for entry in manifest.articles:
        path = index_folder / entry["location"]
        try:
            if hashlib.sha256(path.read_bytes()).hexdigest() != entry["sha256"]:
                lines.append(f"{entry['path']} has changed since the index was built")
        except OSError as error:
            lines.append(f"{entry['path']} cannot be read ({error.strerror})")
    return lines


def _load(folder: Path, manifest: Manifest) -> Index:
    root, fix = folder / manifest.generation, f"run `qabot build --index {folder}`"
    if root.parent != folder or not root.is_dir():
        raise IndexFolderError(f"the index {folder} is not complete ({manifest.generation}/ is missing): {fix}")
    found = _checksums(root)
    for name in sorted(set(manifest.files) | set(found)):
        if name not in found:
            raise IndexFolderError(f"the index {folder} is not complete ({name} is missing): {fix}")
        if name in manifest.files and found[name] != manifest.files[name]:
            raise IndexFolderError(f"the index {folder} is corrupt ({name} is not what was written): {fix}")
    lines = (root / _PASSAGES).read_text(encoding="utf-8").splitlines()
    passages = tuple(_passage(json.loads(line)) for line in lines)
    index = Index(folder, manifest, passages, FaissIndex.load(root / _VECTORS), Bm25Index.load(root / _WORDS))
    if not len(passages) == len(index.vectors) == manifest.counts["passages"]:
        raise IndexFolderError(f"the index {folder} has {len(passages)} passages and {len(index.vectors)} vectors: {fix}")
    return index


def _passage(data: dict[str, Any]) -> Passage:
    return Passage(**{**data, "headings": tuple(data["headings"])})


def _write(fresh: Path, passages: Sequence[Passage], vectors: FaissIndex, words: Bm25Index) -> None:
    # Escaped, one object a line: no separator that a reader of lines could split at stands in the file.
    lines = "".join(json.dumps(asdict(passage)) + "\n" for passage in passages)
    (fresh / _PASSAGES).write_text(lines, encoding="utf-8", newline="\n")
    vectors.save(fresh / _VECTORS)
    (fresh / _WORDS).mkdir()
    words.save(fresh / _WORDS)
    for path in fresh.rglob("*"):
        if path.is_file():
            with path.open("rb+") as file:
                os.fsync(file.fileno())


def _write_synced(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _checksums(root: Path) -> dict[str, str]:
    paths = sorted(path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def _entry(article: Article, folder: Path) -> dict[str, str]:
    try:
        location = Path(os.path.relpath(article.path, folder)).as_posix()
    except ValueError:  # another drive
        location = Path(article.path).absolute().as_posix()
    return {"path": article.path, "location": location, "title": article.title, "sha256": article.sha256}


def _sweep(folder: Path, live: str) -> None:
    """Remove older generations, and what builds that died left behind."""
    for path in folder.iterdir():
        if path.is_dir() and path.name != live and (_is_generation(path) or _is_left_behind(path)):
            shutil.rmtree(path, ignore_errors=True)


def _is_generation(path: Path) -> bool:
    return len(path.name) == 12 and set(path.name) <= set("0123456789abcdef")


def _is_left_behind(path: Path) -> bool:
    with suppress(OSError):
        return path.name.startswith(_FRESH) and time.time() - path.stat().st_mtime > _STALE_SECONDS
    return False
