"""What an index folder says of itself: one generation's manifest, sealed by its own name.

`generation` is the start of the sha256 of all other fields, so that a manifest in which one character differs is not believed,
and with it every file's hash that stands in it.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from qabot.errors import IndexFolderError
from qabot.records import Article

FORMAT = 2
NAME = "manifest.json"
_NAME_LENGTH = 12
_MAX_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class Manifest:
    """One generation. `files` maps each file below the generation's folder to its sha256."""

    format: int
    generation: str
    number: int  # counts the builds of this folder, from 1
    previous: str | None  # the generation that was live when this one was built: where a rollback goes
    built: str  # UTC, ISO 8601
    encoder: str
    encoder_sha256: str
    dimension: int
    chunking: dict[str, int]
    articles: tuple[dict[str, str], ...]  # as `entries` makes them: path, location (relative to the index folder), title, sha256
    counts: dict[str, int]
    files: dict[str, str]


def sealed(**fields: Any) -> Manifest:
    """The manifest with these fields, all but `format` and `generation`, which are set here."""
    fields = {"format": FORMAT, **fields}
    return Manifest(generation=_seal(fields), **fields)


def to_bytes(manifest: Manifest) -> bytes:
    """The file's content. ASCII, so that a file name that is no Unicode can stand in it."""
    return json.dumps(asdict(manifest), indent=1).encode()


def read(path: Path, fix: str) -> Manifest:
    """The manifest in a file. Raises IndexFolderError, ending in `fix`, when it is corrupt or of another format.

    Raises FileNotFoundError when there is none: only the caller knows what that means.
    """
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise IndexFolderError(f"{path} is corrupt (larger than {_MAX_BYTES:,} bytes): {fix}")
        data = json.loads(path.read_bytes().decode("utf-8"))
    except FileNotFoundError:
        raise
    except OSError as error:
        raise IndexFolderError(f"cannot read {path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise IndexFolderError(f"{path} is corrupt: {fix}") from error
    found = data.get("format") if isinstance(data, dict) else None
    if found != FORMAT:
        raise IndexFolderError(f"the index {path.parent} has format {found!r:.20}, this version reads {FORMAT}: {fix}")
    try:
        manifest = Manifest(**{**data, "articles": tuple(data["articles"])})
    except (TypeError, KeyError) as error:
        raise IndexFolderError(f"{path} is corrupt: {fix}") from error
    if _seal(data) != manifest.generation:
        raise IndexFolderError(f"{path} is corrupt (it is not what was written): {fix}")
    return manifest


def is_generation(name: str) -> bool:
    """Whether a folder of this name can hold a generation."""
    return len(name) == _NAME_LENGTH and set(name) <= set("0123456789abcdef")


def entries(articles: Sequence[Article], folder: Path) -> tuple[dict[str, str], ...]:
    """What a manifest in `folder` keeps of the articles; one of several in a file has `member` and `content`, its own hash, too."""
    found = []
    for article in articles:
        location, sha256 = _location(article.file or article.path, folder), article.file_sha256 or article.sha256
        entry = {"path": article.path, "location": location, "title": article.title, "sha256": sha256}
        found.append(entry | ({"member": article.member, "content": article.sha256} if article.member else {}))
    return tuple(found)


def changed_articles(index_folder: Path, manifest: Manifest) -> list[str]:
    """A line for each file whose articles were indexed that is gone or differs from what it was."""
    lines = []
    for entry in {entry["location"]: entry for entry in reversed(manifest.articles)}.values():
        path, name = index_folder / entry["location"], entry["path"].removesuffix(f"#{entry.get('member')}")
        try:
            if path.exists() and not path.is_file():
                lines.append(f"{name} is not a file any more")
            elif file_hash(path) != entry["sha256"]:
                lines.append(f"{name} has changed since the index was built")
        except OSError as error:
            lines.append(f"{name} cannot be read ({error.strerror})")
    return lines[::-1]


def file_hash(path: Path) -> str:
    """The sha256 of a file, in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _seal(fields: dict[str, Any]) -> str:
    plain = {name: value for name, value in fields.items() if name != "generation"}
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:_NAME_LENGTH]


def _location(path: str, folder: Path) -> str:
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # another drive
        return Path(path).absolute().as_posix()
