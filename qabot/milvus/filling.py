"""Writing a generation on Milvus: rows of passages with their vectors and words, and what is said of all of them."""

import hashlib
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from qabot.keyword_index import text_words
from qabot.manifest import Manifest
from qabot.milvus.collection import Collection, Contents
from qabot.milvus.schema import row
from qabot.passages import stretches
from qabot.records import Passage, Vectors
from qabot.word_vectors import WordTable

NO_SPARSE = "Milvus {version} has no sparse vectors: words are not searched, answers come from meaning alone; 2.4 and newer have them"
_HASHED = 10_000  # vectors at a time


def fill(
    collection: Collection, manifest: Manifest, passages: Sequence[Passage], vectors: Vectors, exact_up_to: int, say: Callable[[str], None]
) -> None:
    """Write everything, wait until it is searched, and seal it with the manifest. Raises IndexFolderError."""
    table = None
    if collection.milvus.has_sparse:
        table = WordTable.of(_words(passage) for passage in passages)
    else:
        say(NO_SPARSE.format(version=collection.milvus.version))
    first, same = _twins(passages)
    collection.create(vectors.shape[1], len(passages), exact_up_to)
    languages = tuple(sorted({passage.language for passage in passages}))
    collection.describe(Contents(manifest.articles, tuple(stretches(passages)), languages))
    if table is not None:
        collection.put("words", table.to_bytes())
    rows = zip(passages, vectors, first, same, strict=True)
    collection.upsert(row(p, v, () if table is None else _words(p), table, int(f), int(s)) for p, v, f, s in rows)
    collection.settle(len(passages))
    collection.seal(manifest)


def _words(passage: Passage) -> list[str]:
    return text_words(passage.embedded_text, passage.language)


def _twins(passages: Sequence[Passage]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """For each passage the first of its text, and how many have that text; by hashes, since ten million texts do not fit into memory."""
    digests = (hashlib.blake2b(p.text.encode("utf-8", "surrogatepass"), digest_size=8).digest() for p in passages)
    keys = np.fromiter((int.from_bytes(digest, "big") for digest in digests), dtype=np.uint64, count=len(passages))
    _, firsts, groups, counts = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
    return firsts[groups], counts[groups]


def hashes(passages: Sequence[Passage], vectors: Vectors) -> dict[str, str]:
    """Hashes of what is written, by which a build knows that nothing changed."""
    text, numbers = hashlib.sha256(), hashlib.sha256()
    for passage in passages:
        text.update(repr(passage).encode("utf-8", "surrogatepass"))
    for begin in range(0, len(vectors), _HASHED):
        numbers.update(vectors[begin : begin + _HASHED].tobytes())
    return {"passages": text.hexdigest(), "vectors": numbers.hexdigest()}
