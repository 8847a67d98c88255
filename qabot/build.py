"""The article's line after `shelf.load`: split, encode what is new, index, publish.

A passage whose encoded text is word for word one of the live index keeps its vector, if the encoder is the same, and an article that
was cut before is cut as before where that still fits. Everything that an answer is made of comes from the shelf alone, so that what
is not on the shelf any more cannot answer.
"""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from qabot.chunking import Chunking
from qabot.errors import ArticleError, IndexFolderError
from qabot.folder_store import FolderStore
from qabot.generation import Index
from qabot.index_store import IndexStore
from qabot.manifest import Manifest
from qabot.records import Article, Passage, Vectors
from qabot.stages import Encoder, Splitter
from qabot.store import KEEP


@dataclass(frozen=True, slots=True)
class Changes:
    """Articles against those of the live index, by path, in order; then how many texts were encoded and how many vectors kept.

    `note` says why a live index that is there could not be compared with.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    encoded: int
    kept: int
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Built:
    """The live manifest after a build (None where it was only tried), and what changed."""

    manifest: Manifest | None
    changes: Changes


def build(
    shelf: Sequence[Article],
    place: IndexStore | Path,
    splitter: Splitter,
    encoder: Encoder,
    chunking: Chunking,
    progress: Callable[[int, int], None] = lambda done, total: None,
    keep: int = KEEP,
    full: bool = False,
    dry_run: bool = False,
    check: Callable[[Index], None] | None = None,
) -> Built:
    """Index the articles of `shelf` into `place`, a folder or another store. `progress` gets (texts encoded, all that must be).

    `full` encodes everything again; `dry_run` encodes and writes nothing. Where the new index would equal the live one, that stays.
    `check` gets a new index before it is live, and refuses it by raising.
    Raises ArticleError or IndexFolderError; the index that was there stays as it is then.
    """
    if not any(article.sections for article in shelf):
        raise _no_prose(shelf)
    store = FolderStore(place) if isinstance(place, Path) else place
    with nullcontext() if dry_run else store.writing():  # a second build is refused now, not after the long part
        live, note = (None, None) if full else _live(store)
        passages = cut(shelf, splitter, live.passages if live and live.manifest.chunking == asdict(chunking) else ())
        known = _known(live, encoder)
        new = list(dict.fromkeys(passage.embedded_text for passage in passages if passage.embedded_text not in known))
        kept = sum(passage.embedded_text in known for passage in passages)
        changes = Changes(*compared(shelf, store), len(new), kept, note)
        if dry_run:
            return Built(None, changes)
        vectors = _vectors(passages, known, new, encoder, progress)
        manifest = store.publish(shelf, passages, vectors, encoder.name, encoder.weights_sha256, asdict(chunking), keep, check)
    return Built(manifest, changes)


def cut(shelf: Sequence[Article], splitter: Splitter, before: Sequence[Passage] = ()) -> list[Passage]:
    """All passages of all articles, numbered through; cuts that are in `before` are kept where they still fit.

    Raises ArticleError when there is no prose in any.
    """
    old: dict[str, list[Passage]] = {}
    for passage in before:
        old.setdefault(passage.article, []).append(passage)
    passages = [passage for article in shelf for passage in splitter.split(article, old.get(article.path, ()))]
    if not passages:
        raise _no_prose(shelf)
    return [replace(passage, id=number) for number, passage in enumerate(passages)]


def _no_prose(shelf: Sequence[Article]) -> ArticleError:
    return ArticleError(f"no prose in {', '.join(article.path for article in shelf)}: an article needs sentences to answer from")


def _known(live: Index | None, encoder: Encoder) -> dict[str, Vectors]:
    """The vector of each text that the live index has from the same encoder."""
    if live is None or live.manifest.encoder_sha256 != encoder.weights_sha256:
        return {}
    return dict(zip((passage.embedded_text for passage in live.passages), live.vectors.vectors(), strict=True))


def compared(shelf: Sequence[Article], store: IndexStore) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Paths of the articles added, changed, removed and unchanged, by what the live manifest says of their files."""
    try:
        before = {_key(entry): entry for entry in store.read_manifest().articles}
    except IndexFolderError:
        before = {}
    after = {_key(entry): entry for entry in store.entries(shelf)}
    added = tuple(entry["path"] for key, entry in after.items() if key not in before)
    removed = tuple(entry["path"] for key, entry in before.items() if key not in after)
    both = [(entry["path"], _content(entry) == _content(before[key])) for key, entry in after.items() if key in before]
    return added, tuple(path for path, same in both if not same), removed, tuple(path for path, same in both if same)


def _key(entry: dict[str, str]) -> tuple[str, str]:
    return entry["location"], entry.get("member", "")


def _content(entry: dict[str, str]) -> str:
    return entry.get("content", entry["sha256"])


def _live(store: IndexStore) -> tuple[Index | None, str | None]:
    """The live index, or None and why it cannot be used where one is there."""
    if not store.exists():
        return None, None
    try:
        return store.load(), None
    except IndexFolderError as error:
        return None, f"everything is encoded anew, since {str(error).split(': run')[0]}"


def _vectors(
    passages: Sequence[Passage], known: dict[str, Vectors], new: list[str], encoder: Encoder, progress: Callable[[int, int], None]
) -> Vectors:
    """One row a passage: the known vector, or that of its text in `new`, where equal texts stand once."""
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        progress(done, len(new))

    progress(0, len(new))
    if new:
        known = known | dict(zip(new, encoder.encode(new, advance), strict=True))
    return np.stack([known[passage.embedded_text] for passage in passages])
