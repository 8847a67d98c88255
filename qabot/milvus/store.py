"""An index on Milvus: generations beside each other, the live one by an alias.

    NAME             an alias: the live generation; switched in one step, which is what publishes
    NAME_3f2a...     a generation (`collection`)

A build fills a collection of its own and checks it before the alias is switched, so that a build that dies at any moment leaves the old
index answering; the next one sweeps its collections away. Who has opened a generation goes on reading it: it is removed only when it is
neither live, nor was live until now, nor among those that are kept.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import get_ident

from qabot import manifest as manifests
from qabot.address import Address
from qabot.errors import IndexFolderError
from qabot.generation import Index
from qabot.manifest import Manifest
from qabot.milvus import lease, schema
from qabot.milvus.client import Milvus
from qabot.milvus.collection import Collection
from qabot.milvus.filling import NO_SPARSE, fill, hashes
from qabot.milvus.generations import Generations
from qabot.milvus.index import MilvusPassages, MilvusVectors, MilvusWords
from qabot.records import Article, Passage, Vectors
from qabot.word_vectors import WordTable


class MilvusStore:
    """The index at `address`. `say` gets a line where a build waits, or where the server cannot do all."""

    def __init__(
        self,
        address: Address,
        say: Callable[[str], None] = lambda line: None,
        exact_up_to: int = schema.EXACT,
        patience: float | None = None,
    ) -> None:
        self.address, self.place, self.base = address, address.place, Path()
        self._generations = Generations(address)
        self._say, self._exact_up_to = say, exact_up_to
        self._patience = patience or (lease.LOCAL_PATIENCE if address.local else lease.PATIENCE)
        self._writer: int | None = None  # the thread that holds the lease

    @property
    def milvus(self) -> Milvus:
        """The connection, made when it is first needed. Raises IndexFolderError."""
        return self._generations.milvus

    def close(self) -> None:
        """Let go of the connection; the next use makes another."""
        self._generations.close()

    def exists(self) -> bool:
        """Whether an index was published here. Raises IndexFolderError where that cannot be known."""
        return self._generations.exists()

    def live(self) -> str:
        """The live generation's name. Raises IndexFolderError where there is none."""
        return self._generations.live()

    def read_manifest(self) -> Manifest:
        """The live manifest. Raises IndexFolderError when it is missing, corrupt, or of another format."""
        return self._generations.read_manifest()

    def generations(self) -> list[Manifest]:
        """The generations that are kept and can be named, newest first."""
        return self._generations.all()

    def verify(self, manifest: Manifest) -> None:
        """Raises IndexFolderError unless that generation can be loaded and has all its passages."""
        self._generations.verify(manifest)

    def load(self) -> Index:
        """Open the live index: its articles and the table of its words are read, its passages stay there. Raises IndexFolderError."""
        collection = self._generations.collection(self.live())
        return self._opened(collection, self._generations.manifest(collection))

    def _opened(self, collection: Collection, manifest: Manifest) -> Index:
        collection.open()
        count = self._generations.checked(collection, manifest)
        contents, words = collection.contents, MilvusWords(collection, None, ())
        if self.milvus.has_sparse:
            words = MilvusWords(collection, WordTable.from_bytes(collection.get("words")), contents.languages)
        else:
            self._say(NO_SPARSE.format(version=self.milvus.version))
        vectors = MilvusVectors(collection, count, manifest.dimension)
        return Index(self.base, manifest, MilvusPassages(collection, count, contents.stretches), vectors, words, self.place)

    def _try(self, collection: Collection, manifest: Manifest, check: Callable[[Index], None] | None) -> None:
        try:
            if check is not None:
                check(self._opened(collection, manifest))
        except BaseException:
            collection.drop()
            raise

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the right to write; may be nested in one thread. Raises IndexFolderError while another build holds it."""
        if self._writer == get_ident():
            yield
            return
        with lease.held(self.milvus, self.address.collection, self._patience, self._say):
            self._writer = get_ident()
            try:
                yield
            finally:
                self._writer = None

    def publish(
        self,
        articles: Sequence[Article],
        passages: Sequence[Passage],
        vectors: Vectors,
        encoder: str,
        encoder_sha256: str,
        chunking: Mapping[str, int],
        keep: int,
        check: Callable[[Index], None] | None = None,
    ) -> Manifest:
        """Write the passages into a collection of their own, and make it live when it is complete. As `IndexStore.publish`."""
        with self.writing():
            kept = self.generations()
            manifest = manifests.sealed(
                number=1 + max((other.number for other in kept), default=0),
                previous=self.live() if self.exists() else None,
                built=datetime.now(UTC).isoformat(timespec="seconds"),
                encoder=encoder,
                encoder_sha256=encoder_sha256,
                dimension=int(vectors.shape[1]),
                chunking=dict(chunking),
                articles=self.entries(articles),
                counts={"articles": len(articles), "passages": len(passages)},
                files=hashes(passages, vectors),
            )
            same = next((m for m in kept if m.generation == manifest.previous and manifests.same_but_for_time(manifest, m)), None)
            if same is not None and self._generations.sound(same):
                return same
            self._generations.sweep(kept)
            collection = self._generations.collection(manifest.generation)
            fill(collection, manifest, passages, vectors, self._exact_up_to, self._say)
            self._try(collection, manifest, check)
            self.milvus.point(self.address.collection, collection.name)
            self._generations.retire(manifest, keep)
        return manifest

    def rollback(self, to: str | None = None) -> Manifest:
        """Make an older generation live: `to`, else the one that the live one replaced, else the newest that is sound.

        Raises IndexFolderError when there is none to go to; the live one stays as it is then.
        """
        if not self._generations.names():
            self.live()
        with self.writing():
            kept = {manifest.generation: manifest for manifest in self.generations()}
            target = kept.get(to) if to else self._generations.earlier(kept)
            if target is None:
                names = ", ".join(f"{manifest.generation} ({manifest.built})" for manifest in kept.values()) or "none"
                asked = f"generation {to!r}" if to else "earlier generation"
                raise IndexFolderError(f"the index {self.place} keeps no {asked}; kept: {names}; {self._generations.fix}")
            self._generations.verify(target)
            self.milvus.point(self.address.collection, self._generations.collection(target.generation).name)
        return target

    def entries(self, articles: Sequence[Article]) -> tuple[dict[str, str], ...]:
        """What the manifest keeps of the articles; locations are relative to where the build ran."""
        return manifests.entries(articles, self.base)

    def changed_articles(self, manifest: Manifest) -> list[str]:
        """A line for each file of an article that is here and differs from what was indexed."""
        return manifests.changed_articles(self.base, manifest, elsewhere=True)
