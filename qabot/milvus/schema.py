"""What a generation's two collections look like: their fields, how the vectors are indexed, and a passage as a row.

pymilvus is imported where it is used, so that who has no Milvus needs none.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from qabot.address import Address
from qabot.errors import IndexFolderError
from qabot.records import Passage, Vectors
from qabot.word_vectors import Sparse, WordTable

EXACT = 250_000  # rows; a collection of more is searched by lists
_TEXT = 65_535  # bytes that a field of text takes
_SEGMENT_ROWS = 400_000  # of 384 dimensions and a kilobyte of text: the 1 GB at which a server closes a segment, by default
_NO_WORDS: Sparse = {0: 1e-9}  # no question has it; a vector must not be empty


def passages(dimension: int, indexed: dict[str, Any], sparse: bool) -> tuple[Any, Any]:
    """The fields of the passages and their indexes; `indexed`: how the vectors are (`kind`); `sparse`: whether words are kept."""
    from pymilvus import DataType, MilvusClient

    fields = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    fields.add_field("id", DataType.INT64, is_primary=True)
    fields.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
    fields.add_field("language", DataType.VARCHAR, max_length=16)
    fields.add_field("first", DataType.INT64)
    fields.add_field("same", DataType.INT64)
    fields.add_field("passage", DataType.VARCHAR, max_length=_TEXT)
    index = MilvusClient.prepare_index_params()
    index.add_index("vector", metric_type="IP", **indexed)
    index.add_index("first", index_type="INVERTED" if sparse else "STL_SORT")
    if sparse:
        fields.add_field("words", DataType.SPARSE_FLOAT_VECTOR)
        index.add_index("words", index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
    return fields, index


def parts() -> tuple[Any, Any]:
    """The fields of the other collection and their index."""
    from pymilvus import DataType, MilvusClient

    fields = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    fields.add_field("id", DataType.INT64, is_primary=True)
    fields.add_field("kind", DataType.VARCHAR, max_length=16)
    fields.add_field("content", DataType.VARCHAR, max_length=_TEXT)
    fields.add_field("vector", DataType.FLOAT_VECTOR, dim=2)  # every collection must have one
    index = MilvusClient.prepare_index_params()
    index.add_index("vector", index_type="FLAT", metric_type="IP")
    return fields, index


def row(passage: Passage, vector: Vectors, words: Sequence[str], table: WordTable | None, first: int, same: int) -> dict[str, Any]:
    """A passage as a row. `first` is the lowest id of the `same` passages with this text; without `table` it has no words.

    Raises IndexFolderError where the text is longer than Milvus takes.
    """
    text = json.dumps(asdict(passage), ensure_ascii=False)
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > _TEXT:
        raise IndexFolderError(f"a passage of {passage.article} has {size:,} bytes, Milvus takes {_TEXT:,}: use a folder as --index")
    found = {"id": passage.id, "vector": np.asarray(vector, dtype=np.float32), "language": passage.language[:16], "first": first}
    found |= {"same": same, "passage": text}
    return found if table is None else found | {"words": table.text(words) or _NO_WORDS}


def kind(rows: int, exact_up_to: int, address: Address) -> dict[str, Any]:
    """What the address asks for; else exact for few, lists of 8-bit vectors for many. Milvus Lite has no such lists."""
    name = address.kind or ("FLAT" if rows <= exact_up_to or address.local else "IVF_SQ8")
    made: dict[str, dict[str, int]] = {"IVF_SQ8": {"nlist": lists(rows)}, "HNSW": {"M": 24, "efConstruction": 200}}
    return {"index_type": name, "params": made.get(name, {})}


def lists(rows: int) -> int:
    """How many lists a segment of a collection of so many rows is cut into: as `faiss_index` does for an index.

    Milvus indexes each segment by itself, so a larger collection has more segments and not longer ones.
    """
    return int(2 ** round(np.log2(4 * np.sqrt(min(rows, _SEGMENT_ROWS)))))
