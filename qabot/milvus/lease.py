"""One writer at a time, on a server that has no locks.

A writer makes a collection NAME_writing_RANDOM and changes a property of it every few seconds. Who wants to write looks twice at those that
are there: where a property changes a build runs, and the second one is refused; where not, a build died, and what it left is removed.
So no clocks are compared. Should two start in the same instant, they do no harm: each fills a collection of its own.
"""

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from qabot.errors import IndexFolderError
from qabot.milvus.client import Milvus

_BEAT = "qabot.beat"
PATIENCE, LOCAL_PATIENCE = 10.0, 1.0  # seconds between the two looks; in a file only threads of one process can meet
_EVERY = 0.25  # of the patience, between two beats


@contextmanager
def held(milvus: Milvus, name: str, patience: float = PATIENCE, say: Callable[[str], None] = lambda line: None) -> Iterator[None]:
    """Hold the right to write the index `name`. Raises IndexFolderError while another build does."""
    _clear(milvus, f"{name}_writing_", patience, say)
    own = f"{name}_writing_{secrets.token_hex(6)}"
    _create(milvus, own)
    stop = threading.Event()
    beating = threading.Thread(target=_beat, args=(milvus, own, patience * _EVERY, stop), daemon=True)
    beating.start()
    try:
        others = [other for other in milvus.collections() if other.startswith(f"{name}_writing_") and other != own]
        if others and min(others) < own:
            raise _busy(milvus)
        yield
    finally:
        stop.set()
        beating.join()
        milvus.drop(own)


def _clear(milvus: Milvus, prefix: str, patience: float, say: Callable[[str], None]) -> None:
    """Remove what dead builds left; raises IndexFolderError where one lives."""
    before = {name: milvus.properties(name) for name in milvus.collections() if name.startswith(prefix)}
    if not before:
        return
    say(f"looking for {patience:.0f} s whether another build of {milvus.address} runs, or was killed")
    time.sleep(patience)
    for name, noted in before.items():
        found = milvus.properties(name)
        if found and found != noted:
            raise _busy(milvus)
        milvus.drop(name)


def _busy(milvus: Milvus) -> IndexFolderError:
    return IndexFolderError(f"another build is writing {milvus.address}: wait until it has ended, or give another --index")


def _create(milvus: Milvus, name: str) -> None:
    from pymilvus import DataType, MilvusClient

    schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("id", DataType.INT64, is_primary=True)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=2)
    milvus.call("create_collection", name, schema=schema, properties={_BEAT: "0"})


def _beat(milvus: Milvus, name: str, seconds: float, stop: threading.Event) -> None:
    number = 0
    while not stop.wait(seconds):
        number += 1
        try:
            milvus.call("alter_collection_properties", name, {_BEAT: str(number)})
        except IndexFolderError:  # a server that is away for a moment; the build itself will say so
            continue
