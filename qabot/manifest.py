"""What an index folder says of itself: one generation's manifest, sealed by its own name.

`generation` is the start of the sha256 of all other fields, so that a manifest in which one character differs is not believed,
and with it every file's hash that stands in it.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
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
        data = path.read_bytes()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise IndexFolderError(f"cannot read {path}: {error.strerror}") from error
    return parse(data, path, path.parent, fix)


def parse(content: bytes, name: object, index: object, fix: str) -> Manifest:
    """What `to_bytes` made, found in `name` of the index `index`. Raises IndexFolderError, ending in `fix`, as `read` does."""
    try:
        data = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise IndexFolderError(f"{name} is corrupt: {fix}") from error
    found = data.get("format") if isinstance(data, dict) else None
    if found != FORMAT:
        raise IndexFolderError(f"the index {index} has format {found!r:.20}, this version reads {FORMAT}: {fix}")
    try:
        manifest = Manifest(**{**data, "articles": tuple(data["articles"])})
    except (TypeError, KeyError) as error:
        raise IndexFolderError(f"{name} is corrupt: {fix}") from error
    if _seal(data) != manifest.generation:
        raise IndexFolderError(f"{name} is corrupt (it is not what was written): {fix}")
    return manifest


def is_generation(name: str) -> bool:
    """Whether a folder of this name can hold a generation."""
    return len(name) == _NAME_LENGTH and set(name) <= set("0123456789abcdef")


def same_but_for_time(one: Manifest, other: Manifest) -> bool:
    """Whether two manifests say the same but for which build it was, and when."""
    return replace(one, generation=other.generation, number=other.number, previous=other.previous, built=other.built) == other


def kept_after(live: Manifest, others: Sequence[Manifest], keep: int) -> list[str]:
    """The generations that stay: the live one, those that it goes back to, then the first of `others`; `keep` in all."""
    rest = {manifest.generation: manifest for manifest in others}
    order, following = [live.generation], live.previous
    while following is not None and following in rest and following not in order:
        order.append(following)
        following = rest[following].previous
    return [*order, *(name for name in rest if name not in order)][: max(1, keep)]


def entries(articles: Sequence[Article], folder: Path) -> tuple[dict[str, str], ...]:
    """What a manifest in `folder` keeps of the articles; one of several in a file has `member` and `content`, its own hash, too."""
    found = []
    for article in articles:
        location, sha256 = _location(article.file or article.path, folder), article.file_sha256 or article.sha256
        entry = {"path": article.path, "location": location, "title": article.title, "sha256": sha256}
        found.append(entry | ({"member": article.member, "content": article.sha256} if article.member else {}))
    return tuple(found)


def changed_articles(index_folder: Path, manifest: Manifest, elsewhere: bool = False) -> list[str]:
    """A line for each file whose articles were indexed that is gone or differs from what it was.

    `elsewhere`: the index may have been built on another machine, so that a file that is not here says nothing.
    """
    lines = []
    for entry in {entry["location"]: entry for entry in reversed(manifest.articles)}.values():
        path, name = index_folder / entry["location"], entry["path"].removesuffix(f"#{entry.get('member')}")
        if elsewhere and not path.exists():
            continue
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
