"""Haystack: its in-memory embedding retriever and its extractive reader, with the same weights and passages.

    python haystack_peer.py ENCODER READER PASSAGES.jsonl K      then a question a line on stdin, a JSON object a line on stdout

Passages are encoded once into PASSAGES.jsonl.haystack, so that a later start only loads them.
"""

import json
import sys
import time
from pathlib import Path


def main() -> None:
    """Load, then answer line by line."""
    encoder, reader, path, k = sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
    from haystack import Document
    from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore
    from haystack.document_stores.types import DuplicatePolicy
    from haystack_integrations.components.embedders.sentence_transformers import (
        SentenceTransformersDocumentEmbedder,
        SentenceTransformersTextEmbedder,
    )
    from haystack_integrations.components.readers.transformers import TransformersExtractiveReader

    saved = path.with_name(path.name + ".haystack")
    if not saved.exists():
        passages = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        embedder = SentenceTransformersDocumentEmbedder(
            model=encoder, progress_bar=False, normalize_embeddings=True, meta_fields_to_embed=["title"]
        )
        embedder.warm_up()
        store = InMemoryDocumentStore(embedding_similarity_function="dot_product")
        documents = embedder.run([Document(content=p["text"], meta={"title": p["title"]}) for p in passages])["documents"]
        store.write_documents(documents, policy=DuplicatePolicy.SKIP)  # two places of one text
        store.save_to_disk(str(saved))
    store = InMemoryDocumentStore.load_from_disk(str(saved))
    asker = SentenceTransformersTextEmbedder(model=encoder, progress_bar=False, normalize_embeddings=True)
    asker.warm_up()
    found = InMemoryEmbeddingRetriever(store, top_k=k)
    extractive = TransformersExtractiveReader(model=reader, top_k=1, no_answer=False)
    extractive.warm_up()
    for line in sys.stdin:
        began = time.perf_counter()
        documents = found.run(query_embedding=asker.run(line.strip())["embedding"])["documents"]
        answers = extractive.run(query=line.strip(), documents=documents)["answers"]
        took = (time.perf_counter() - began) * 1000
        print(json.dumps({"answer": answers[0].data if answers else "", "ms": took}), flush=True)


if __name__ == "__main__":
    main()
