"""The contract of what keeps an index: built by one, read by many, with the way back. A folder and Milvus are two."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from qabot.generation import Index
from qabot.manifest import Manifest
from qabot.records import Article, Passage, Vectors


class IndexStore(Protocol):
    """One index under one name. What is published replaces what was there in one step; who opened that keeps it."""

    place: str  # as a user writes it after --index
    base: Path  # what the articles' locations are relative to

    def exists(self) -> bool:
        """Whether an index was published here. Raises IndexFolderError where that cannot be known."""
        ...

    def live(self) -> str:
        """The live generation's name: cheap, for who looks every few seconds. Raises IndexFolderError where there is none."""
        ...

    def read_manifest(self) -> Manifest:
        """The live manifest. Raises IndexFolderError when it is missing, corrupt, or of another format."""
        ...

    def generations(self) -> list[Manifest]:
        """The generations that are kept, newest first."""
        ...

    def load(self) -> Index:
        """Open the live index. Raises IndexFolderError with the fix when it cannot be trusted."""
        ...

    def writing(self) -> AbstractContextManager[None]:
        """Hold the right to write; may be nested in one thread. Raises IndexFolderError while another build holds it."""
        ...

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
        """Index the passages with their vectors, shape (len(passages), dimension), and make them live; `keep` generations stay.

        `check` gets the new index before it is live; what it raises is raised, and nothing is published.
        Where the index would equal the live one, that stays and is returned. Raises IndexFolderError; the live one stays as it is then.
        """
        ...

    def rollback(self, to: str | None = None) -> Manifest:
        """Make an earlier generation live: `to`, else the one that the live one replaced. Raises IndexFolderError."""
        ...

    def verify(self, manifest: Manifest) -> None:
        """Raises IndexFolderError unless a rollback to that generation would go well."""
        ...

    def entries(self, articles: Sequence[Article]) -> tuple[dict[str, str], ...]:
        """What a manifest of this store keeps of the articles."""
        ...

    def changed_articles(self, manifest: Manifest) -> list[str]:
        """A line for each file of an article that differs from what was indexed."""
        ...
