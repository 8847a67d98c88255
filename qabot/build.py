"""The article's line after `articles.load`: split, encode, index, publish."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from qabot import store
from qabot.chunking import Chunking
from qabot.errors import ArticleError
from qabot.faiss_index import FaissIndex
from qabot.keyword_index import Bm25Index
from qabot.records import Article, Passage
from qabot.stages import Encoder, Splitter


def build(
    shelf: Sequence[Article],
    folder: Path,
    splitter: Splitter,
    encoder: Encoder,
    chunking: Chunking,
    progress: Callable[[int, int], None] = lambda done, total: None,
    keep: int = store.KEEP,
) -> store.Manifest:
    """Index the articles of `shelf` into `folder`. `progress` gets (passages encoded, all passages).

    Raises ArticleError or IndexFolderError; the index that was there stays as it is then.
    """
    passages = cut(shelf, splitter)
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        progress(done, len(passages))

    progress(0, len(passages))
    texts = [passage.embedded_text for passage in passages]
    with store.writing(folder):  # a second build is refused now, not after the long part
        vectors = FaissIndex.from_vectors(encoder.encode(texts, advance))
        words = Bm25Index.from_texts(texts)
        return store.publish(folder, shelf, passages, vectors, words, encoder.name, encoder.weights_sha256, asdict(chunking), keep)


def cut(shelf: Sequence[Article], splitter: Splitter) -> list[Passage]:
    """All passages of all articles, numbered through. Raises ArticleError when there is no prose in any."""
    passages = [passage for article in shelf for passage in splitter.split(article)]
    if not passages:
        raise ArticleError(f"no prose in {', '.join(article.path for article in shelf)}: an article needs sentences to answer from")
    return [replace(passage, id=number) for number, passage in enumerate(passages)]
