"""Going back to an earlier generation of an index, and looking whether that is possible."""

from pathlib import Path

from qabot import generation, store
from qabot.errors import IndexFolderError
from qabot.manifest import Manifest


def rollback(folder: Path, to: str | None = None) -> Manifest:
    """Make an older generation live: `to`, else the one that the live one replaced, else the newest that is sound.

    The generation is verified first. Raises IndexFolderError when there is none to go to; the live one stays as it is then.
    """
    if not folder.is_dir():
        raise IndexFolderError(f"the index {folder} does not exist: {store.fix(folder)}")
    with store.writing(folder):
        kept = {manifest.generation: manifest for manifest in store.generations(folder)}
        target = kept.get(to) if to else _earlier(folder, kept)
        if target is None:
            names = ", ".join(f"{manifest.generation} ({manifest.built})" for manifest in kept.values()) or "none"
            asked = f"generation {to!r}" if to else "earlier generation"
            raise IndexFolderError(f"the index {folder} keeps no {asked}; kept: {names}; {store.fix(folder)}")
        generation.read(folder, target, store.fix(folder))
        try:
            store.switch(folder, target)
        except OSError as error:
            raise store.refused(folder, error) from error
    return target


def verify(folder: Path, manifest: Manifest) -> None:
    """Raises IndexFolderError unless that generation can be read whole."""
    generation.read(folder, manifest, store.fix(folder))


def _earlier(folder: Path, kept: dict[str, Manifest]) -> Manifest | None:
    try:
        live = store.read_manifest(folder)
    except IndexFolderError:  # no live manifest that can be read: the newest generation that is sound
        return next((manifest for manifest in kept.values() if _sound(folder, manifest)), None)
    return kept.get(live.previous) if live.previous else None


def _sound(folder: Path, manifest: Manifest) -> bool:
    try:
        generation.read(folder, manifest, store.fix(folder))
    except IndexFolderError:
        return False
    return True
