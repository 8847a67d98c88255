"""Which generations of an index are on Milvus, which one is live, and which are let go.

A generation is a collection whose name begins with the index's, the alias; one without a manifest was left by a build that died.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from qabot import manifest as manifests
from qabot.address import Address
from qabot.errors import IndexFolderError
from qabot.manifest import Manifest
from qabot.milvus.client import Milvus
from qabot.milvus.collection import Collection


class Generations:
    """The generations of the index at `address`."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self.fix = f"run `qabot build --index {address.place}`"

    @cached_property
    def milvus(self) -> Milvus:
        """The connection, made when it is first needed. Raises IndexFolderError."""
        return Milvus.open(self.address)

    def close(self) -> None:
        """Let go of the connection; the next use makes another."""
        if "milvus" in self.__dict__:
            self.milvus.close()
            del self.__dict__["milvus"]

    def exists(self) -> bool:
        """Whether an index was published here. Raises IndexFolderError where that cannot be known."""
        return not self._absent and self.milvus.target(self.address.collection) is not None

    def live(self) -> str:
        """The live generation's name. Raises IndexFolderError where there is none."""
        target = None if self._absent else self.milvus.target(self.address.collection)
        if target is None:
            taken = not self._absent and self.address.collection in self.milvus.collections()
            what = "is a collection that no build wrote: give another name" if taken else f"does not exist: {self.fix}"
            raise IndexFolderError(f"the index {self.address.place} {what}")
        return target.rpartition("_")[2]

    def read_manifest(self) -> Manifest:
        """The live manifest. Raises IndexFolderError when it is missing, corrupt, or of another format."""
        return self.manifest(self.collection(self.live()))

    def manifest(self, collection: Collection) -> Manifest:
        """The collection's manifest. Raises IndexFolderError when it is missing, corrupt, or of another format."""
        found = collection.manifest(self.fix)
        if found is None:
            raise IndexFolderError(f"the index {self.address.place} has no manifest: {self.fix}")
        return found

    def all(self) -> list[Manifest]:
        """The generations that are kept and can be named, newest first."""
        found = []
        for name in self.names():
            try:
                manifest = self.collection(name).manifest(self.fix)
            except IndexFolderError:
                continue  # nothing that a rollback could go to
            if manifest is not None and manifest.generation == name:
                found.append(manifest)
        return sorted(found, key=lambda manifest: -manifest.number)

    def verify(self, manifest: Manifest) -> None:
        """Raises IndexFolderError unless that generation can be loaded and has all its passages."""
        collection = self.collection(manifest.generation)
        collection.open()
        self.checked(collection, manifest)

    @property
    def _absent(self) -> bool:
        """Whether the file was never made: only a build makes it."""
        return self.address.local and not Path(self.address.uri).exists()

    def collection(self, generation: str) -> Collection:
        """Where the generation of that name is, or would be."""
        return Collection(self.milvus, f"{self.address.collection}_{generation}")

    def names(self) -> list[str]:
        """All generations whose collections are there, complete or not."""
        if self._absent:
            return []
        prefix = f"{self.address.collection}_"
        names = [name.removeprefix(prefix) for name in self.milvus.collections() if name.startswith(prefix)]
        return [name for name in names if manifests.is_generation(name)]

    def checked(self, collection: Collection, manifest: Manifest) -> int:
        """How many passages there are. Raises IndexFolderError where that is not what the manifest says."""
        count, named = self.milvus.count(collection.name, "Bounded"), manifest.counts.get("passages")
        if count != named:
            raise IndexFolderError(f"the index {self.address.place} has {count} passages, its manifest names {named}: {self.fix}")
        return count

    def sound(self, manifest: Manifest) -> bool:
        """Whether that generation can be loaded and has all its passages."""
        try:
            self.verify(manifest)
        except IndexFolderError:
            return False
        return True

    def earlier(self, kept: dict[str, Manifest]) -> Manifest | None:
        """Which of the generations that are kept the live one replaced; the newest sound one where no live one can be read."""
        try:
            live = self.read_manifest()
        except IndexFolderError:
            return next((manifest for manifest in kept.values() if self.sound(manifest)), None)
        return kept.get(live.previous) if live.previous else None

    def sweep(self, kept: Sequence[Manifest]) -> None:
        """Remove what builds that died left behind: only who holds the lease writes here. The live generation stays, whatever it is."""
        live = self.live() if self.exists() else None
        for name in self.names():
            if name != live and name not in {manifest.generation for manifest in kept}:
                self.collection(name).drop()

    def retire(self, live: Manifest, keep: int) -> None:
        """Drop what is not kept; have in memory what is live, and what was until now, since bots still read it."""
        others = self.all()
        kept = [*manifests.kept_after(live, others, keep), live.previous]
        for manifest in others:
            if manifest.generation not in kept:
                self.collection(manifest.generation).drop()
            elif manifest.generation not in (live.generation, live.previous):
                self.collection(manifest.generation).release()
