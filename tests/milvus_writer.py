"""A build in a process of its own, for tests that kill it: says "ready", waits for a line, publishes, says "done"."""

import sys

from qabot.address import parse
from qabot.milvus.store import MilvusStore
from tests.test_index_store import publish


def main() -> None:
    """Publish COUNT passages that begin with TEXT."""
    place, text, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    store = MilvusStore(parse(place), patience=0.4)
    store.milvus.collections()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    publish(store, [f"{text} {number}" for number in range(count)])
    sys.stdout.write("done\n")
    sys.stdout.flush()
    sys.stdin.readline()


if __name__ == "__main__":
    main()
