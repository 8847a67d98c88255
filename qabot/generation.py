"""One generation of an index: a folder of files, written through to the disk, and read only when every hash is right.

    passages.jsonl   one passage a line      vectors.npy   their vectors      words/   BM25      manifest.json   the hashes

Nothing is unpickled, and nothing that the manifest does not name is read.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from qabot import manifest as manifests
from qabot.errors import IndexFolderError
from qabot.faiss_index import FaissIndex
from qabot.keyword_index import Bm25Index
from qabot.manifest import Manifest
from qabot.records import Passage
from qabot.stages import KeywordIndex, VectorIndex

_PASSAGES, _VECTORS, _WORDS = "passages.jsonl", "vectors.npy", "words"


@dataclass(frozen=True, slots=True)
class Index:
    """An opened index: `passages[i]` has the vector and the words at position i.

    `folder` is what the articles' locations are relative to; `place` is the index's name for a user.
    """

    folder: Path
    manifest: Manifest
    passages: Sequence[Passage]
    vectors: VectorIndex
    words: KeywordIndex
    place: str


def passage_of(row: dict[str, Any]) -> Passage:
    """The passage of a parsed line. Raises ValueError, TypeError or KeyError where it is none."""
    lists = {"headings": tuple(row["headings"]), "pages": tuple((at, page) for at, page in row["pages"]), "tags": tuple(row["tags"])}
    return Passage(**{**row, **lists})


def write(fresh: Path, passages: Sequence[Passage], vectors: FaissIndex, words: Bm25Index) -> None:
    """Write all files but the manifest into an empty folder. Raises OSError."""
    # Escaped, one object a line: no separator that a reader of lines could split at stands in the file.
    rows = ({name: value for name, value in asdict(passage).items() if value is not None} for passage in passages)
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (fresh / _PASSAGES).write_text(lines, encoding="utf-8", newline="\n")
    vectors.save(fresh / _VECTORS)
    (fresh / _WORDS).mkdir()
    words.save(fresh / _WORDS)


def read(folder: Path, manifest: Manifest, fix: str) -> Index:
    """The generation that `manifest` names, below the index folder. Raises IndexFolderError, ending in `fix`, where it is not whole."""
    root = folder / manifest.generation
    if not root.is_dir():
        raise IndexFolderError(f"the index {folder} is not complete ({manifest.generation}/ is missing): {fix}")
    try:
        verify(root, manifest, fix)
        passages = _passages(root / _PASSAGES)
    except OSError as error:
        raise IndexFolderError(f"cannot read {error.filename or root}: {error.strerror or error}") from error
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise IndexFolderError(f"the index {folder} is corrupt ({_PASSAGES} holds no passages): {fix}") from error
    words = Bm25Index.load(root / _WORDS, [passage.language for passage in passages])
    vectors = FaissIndex.load(root / _VECTORS)
    sizes = (len(passages), len(vectors), len(words), vectors.dimension)
    if sizes != (manifest.counts.get("passages"),) * 3 + (manifest.dimension,):
        raise IndexFolderError(f"the index {folder} has {sizes[0]} passages, {sizes[1]} vectors and {sizes[2]} texts of words: {fix}")
    return Index(folder, manifest, passages, vectors, words, str(folder))


def verify(root: Path, manifest: Manifest, fix: str) -> None:
    """Raises IndexFolderError unless every file is there, is what was written, and nothing else is, but for hidden files."""
    found = checksums(root)
    for name in sorted(set(manifest.files) | set(found)):
        if name not in found:
            raise IndexFolderError(f"the index {root.parent} is not complete ({name} is missing): {fix}")
        if name not in manifest.files:
            raise IndexFolderError(f"the index {root.parent} holds a file that no build wrote ({name}): remove {root / name}, or {fix}")
        if found[name] != manifest.files[name]:
            raise IndexFolderError(f"the index {root.parent} is corrupt ({name} is not what was written): {fix}")


def _passages(path: Path) -> tuple[Passage, ...]:
    rows: list[dict[str, Any]] = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    passages = tuple(passage_of(row) for row in rows)
    if any(p.id != number or len(p.text) != p.end - p.start for number, p in enumerate(passages)):
        raise ValueError("a passage is not where it says")
    return passages


def sync(root: Path) -> None:
    """Everything below a folder reaches the disk. Raises OSError."""
    for path in [root, *root.rglob("*")]:
        sync_folder(path) if path.is_dir() else sync_file(path)


def sync_file(path: Path) -> None:
    """A file's content reaches the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Names reach the disk with their folder; Windows has no such call, and needs none."""
    if os.name == "posix":
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def checksums(root: Path) -> dict[str, str]:
    """The hash of each file below a generation's folder, but for hidden ones and its own manifest."""
    names = {path.relative_to(root): path for path in root.rglob("*") if path.is_file()}
    kept = {name: path for name, path in names.items() if name.as_posix() != manifests.NAME and not name.name.startswith(".")}
    return {name.as_posix(): manifests.file_hash(path) for name, path in sorted(kept.items())}
