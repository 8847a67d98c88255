"""Indexes in a folder of files, loaded whole into memory: what `store` and `rollback` do, behind the contract that engines share."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from qabot import manifest as manifests
from qabot import rollback, store
from qabot.faiss_index import FaissIndex
from qabot.generation import Index
from qabot.keyword_index import Bm25Index
from qabot.manifest import Manifest
from qabot.records import Article, Passage, Vectors


class FolderStore:
    """The index folder at `base`."""

    def __init__(self, folder: Path) -> None:
        self.base, self.place = folder, str(folder)

    def exists(self) -> bool:
        """Whether an index was published here."""
        return (self.base / manifests.NAME).exists()

    def live(self) -> str:
        """The live generation's name. Raises IndexFolderError where there is none."""
        return self.read_manifest().generation

    def read_manifest(self) -> Manifest:
        """The live manifest. Raises IndexFolderError when it is missing, corrupt, or of another format."""
        return store.read_manifest(self.base)

    def generations(self) -> list[Manifest]:
        """The generations that are kept, newest first."""
        return store.generations(self.base)

    def load(self) -> Index:
        """The live index, verified. Raises IndexFolderError."""
        return store.load(self.base)

    def writing(self) -> AbstractContextManager[None]:
        """Hold the right to write; may be nested. Raises IndexFolderError while another build does."""
        return store.writing(self.base)

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
        """Index and make it live. Raises IndexFolderError; the live generation stays as it is then."""
        words = Bm25Index.from_texts([p.embedded_text for p in passages], [p.language for p in passages])
        index = FaissIndex.from_vectors(vectors)
        return store.publish(self.base, articles, passages, index, words, encoder, encoder_sha256, dict(chunking), keep, check)

    def rollback(self, to: str | None = None) -> Manifest:
        """Make an earlier generation live, verified. Raises IndexFolderError."""
        return rollback.rollback(self.base, to)

    def verify(self, manifest: Manifest) -> None:
        """Raises IndexFolderError unless that generation can be read whole."""
        rollback.verify(self.base, manifest)

    def entries(self, articles: Sequence[Article]) -> tuple[dict[str, str], ...]:
        """What a manifest keeps of the articles."""
        return manifests.entries(articles, self.base)

    def changed_articles(self, manifest: Manifest) -> list[str]:
        """A line for each file of an article that is gone or differs from what was indexed."""
        return manifests.changed_articles(self.base, manifest)
