"""The connection to Milvus. Whatever fails is one line that names the address and the fix."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from qabot.address import Address
from qabot.errors import IndexFolderError

Consistency = Literal["Strong", "Bounded"]
CONNECT_SECONDS, CALL_SECONDS, LONG_SECONDS = 5.0, 10.0, 3600.0
# The client would ping every ten seconds; Milvus Lite's server, like any of gRPC's by itself, closes the connection for that.
_QUIET = {"grpc.keepalive_time_ms": 310_000, "grpc.keepalive_permit_without_calls": 0}
INSTALL = "pip install 'qabot[milvus]'"


class Milvus:
    """One connection. `call` runs a method of pymilvus's client. Safe to use from several threads."""

    def __init__(self, client: Any, address: Address) -> None:
        self._client, self.address = client, address

    @classmethod
    def open(cls, address: Address) -> "Milvus":
        """Connect. Raises IndexFolderError where the extra is not installed, nothing answers, or another process has the file."""
        os.environ.setdefault("GRPC_VERBOSITY", "NONE")
        try:
            import pymilvus
        except ImportError as error:
            raise IndexFolderError(f"the index {address} needs Milvus's client: {INSTALL}") from error
        for name in ("pymilvus", "milvus_lite", "grpc._server"):  # each failure would be logged, with a traceback, before it is raised
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        try:
            if address.local:
                Path(address.uri).mkdir(parents=True, exist_ok=True)
            client = pymilvus.MilvusClient(uri=address.uri, token=address.token, timeout=CONNECT_SECONDS, grpc_options=_QUIET)
            return cls(client, address)
        except (pymilvus.MilvusException, ValueError, OSError) as error:
            raise _unreachable(address, error) from error

    def call(self, method: str, *args: Any, seconds: float = CALL_SECONDS, **options: Any) -> Any:
        """Run the client's `method`. Raises IndexFolderError with what the server said."""
        with self.told():
            return getattr(self._client, method)(*args, timeout=seconds, **options)

    @contextmanager
    def told(self) -> Iterator[None]:
        """Failures within become IndexFolderError."""
        import grpc
        import pymilvus

        try:
            yield
        except (pymilvus.MilvusException, grpc.RpcError, ValueError) as error:
            text = " ".join(str(getattr(error, "message", error)).split())
            if any(sign in text.lower() for sign in ("unavailable", "connect", "deadline", "channel")):
                raise _unreachable(self.address, error) from error
            raise IndexFolderError(f"Milvus refused what the index {self.address} needs: {text[:300]}; see `qabot doctor`") from error

    @property
    def version(self) -> str:
        """What runs there: "v2.3.5", or "milvus_lite-3.2.2"."""
        return str(self.call("get_server_version"))

    @property
    def has_sparse(self) -> bool:
        """Whether it searches sparse vectors, which hold the words: Milvus before 2.4 does not."""
        numbers = self.version.removeprefix("v").split(".")
        return not (numbers[0].isdecimal() and (int(numbers[0]), int(numbers[1])) < (2, 4))

    def collections(self) -> list[str]:
        """All names of collections."""
        return list(self.call("list_collections"))

    def target(self, alias: str) -> str | None:
        """The collection that an alias stands for, None where there is no such alias."""
        try:
            return str(self.call("describe_alias", alias)["collection_name"])
        except IndexFolderError:
            self.collections()  # raises where the server is away, which is something else than an alias that is not there
            return None

    def point(self, alias: str, collection: str) -> None:
        """Let the alias stand for the collection: one step, which all who look afterwards see."""
        self.call("create_alias" if self.target(alias) is None else "alter_alias", collection, alias)

    def properties(self, collection: str) -> dict[str, str]:
        """What is noted on a collection; {} where it is gone."""
        try:
            return dict(self.call("describe_collection", collection).get("properties") or {})
        except IndexFolderError:
            if collection in self.collections():
                raise
            return {}

    def drop(self, collection: str) -> None:
        """Remove a collection, if it is there."""
        self.call("drop_collection", collection, seconds=LONG_SECONDS)

    def query(self, collection: str, wanted: str, fields: list[str], consistency: Consistency, limit: int = 0) -> list[dict[str, Any]]:
        """The rows that a filter lets pass."""
        more = {"limit": limit} if limit else {}
        rows = self.call("query", collection, filter=wanted, output_fields=fields, consistency_level=consistency, **more)
        return [dict(row) for row in rows]

    def count(self, collection: str, consistency: Consistency) -> int:
        """How many rows a collection has."""
        return int(self.query(collection, "", ["count(*)"], consistency)[0]["count(*)"])

    def close(self) -> None:
        """Let go of the connection, and of the file."""
        self._client.close()
        if self.address.local:
            from milvus_lite.server_manager import server_manager_instance

            server_manager_instance.release_server(self.address.uri)


def _unreachable(address: Address, error: Exception) -> IndexFolderError:
    if address.local and isinstance(error, OSError):
        return IndexFolderError(f"cannot make {address.uri}: {error.strerror or error}; give another --index")
    if address.local:
        return IndexFolderError(
            f"cannot open {address.uri}: another process has it open, or it is no file of Milvus Lite's; only one process can use "
            f"{address}: end the other, or run a server and set QABOT_INDEX=milvus://HOST:PORT/{address.collection}"
        )
    text = str(getattr(error, "message", error))
    if "auth" in text.lower() or "permission" in text.lower():
        return IndexFolderError(f"Milvus at {address} refuses the user: set QABOT_INDEX=milvus://USER:PASSWORD@... ({text[:100]})")
    return IndexFolderError(f"no Milvus answers at {address}: start it, or correct the host and port in QABOT_INDEX")
