"""Where an index lives on an engine: `milvus://host:port/collection`, or a file of its own, `milvus+lite:///path/file.db/collection`.

With `?index=DISKANN` at its end a build makes that kind of index over the vectors, and not the one that fits their number.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from qabot.errors import SettingsError

_SCHEMES = ("milvus", "milvus+tls", "milvus+lite")
_FORMS = "milvus://HOST:PORT/COLLECTION, milvus+tls://HOST:PORT/COLLECTION or milvus+lite:///PATH/FILE.db/COLLECTION"
_COLLECTION = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")  # Milvus's own rule, with room for what a build adds
KINDS = ("FLAT", "IVF_SQ8", "HNSW", "DISKANN", "AUTOINDEX")  # of index over the vectors, by Milvus's names
_DEFAULT_PORT, _DEFAULT_COLLECTION = 19530, "qabot"


@dataclass(frozen=True, slots=True)
class Address:
    """An index on Milvus. `uri` is what its client takes; `place` is as a user writes it, without the password."""

    place: str
    uri: str
    collection: str
    token: str = field(default="", repr=False)  # user:password
    local: bool = False  # a file, which one process at a time can open
    kind: str = ""  # of index over the vectors that a build makes; "": by their number

    def __str__(self) -> str:
        return self.place


def is_address(text: str) -> bool:
    """Whether a setting names an engine, and not a folder."""
    return "://" in text


def parse(text: str) -> Address:
    """The address that a user wrote. Raises SettingsError that shows the form."""
    return _parsed(text, re.sub(r"//[^/@]*@", "//...@", text))  # no password in a message


def _parsed(written: str, text: str) -> Address:
    try:
        parts = urlsplit(written)
        port = parts.port or _DEFAULT_PORT
    except ValueError as error:
        raise SettingsError(f"the index {text!r} is no address ({error}): write {_FORMS}") from error
    if parts.scheme not in _SCHEMES or parts.fragment:
        raise SettingsError(f"the index {text!r} is neither a folder nor an address: write {_FORMS}")
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    kind = asked.pop("index", "").upper()
    if asked or (parts.query and kind not in KINDS):
        raise SettingsError(f"the index {text!r} ends in {parts.query!r}: only index=KIND may stand there, of {', '.join(KINDS)}")
    if parts.scheme == "milvus+lite":
        return _file(text, unquote(parts.netloc + parts.path))
    collection = _collection(text, parts.path.strip("/") or _DEFAULT_COLLECTION)
    if not parts.hostname:
        raise SettingsError(f"the index {text!r} names no host: write {_FORMS}")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    token = f"{unquote(parts.username)}:{unquote(parts.password or '')}" if parts.username else ""
    scheme = "https" if parts.scheme == "milvus+tls" else "http"
    return Address(f"{parts.scheme}://{host}:{port}/{collection}", f"{scheme}://{host}:{port}", collection, token, kind=kind)


def _file(text: str, path: str) -> Address:
    """A file, whose name ends in .db since its library asks for that, and perhaps a collection in it."""
    name, ending, collection = path.partition(".db")
    if not ending or not Path(name).name or (collection and not collection.startswith("/")):
        raise SettingsError(f"the index {text!r} names no file that ends in .db: write {_FORMS}")
    file = f"{name}.db"
    collection = _collection(text, collection.strip("/") or _DEFAULT_COLLECTION)
    return Address(f"milvus+lite://{file}/{collection}", file, collection, local=True)


def _collection(text: str, name: str) -> str:
    if not _COLLECTION.fullmatch(name):
        raise SettingsError(f"{name!r} in the index {text!r} is no name of a collection: letters, digits and _ , no digit first")
    return name
