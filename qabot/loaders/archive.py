"""A ZIP of articles -> its files, one after another, in a folder of ours: the archive's names choose no place on the disk."""

import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from qabot.errors import ArticleError
from qabot.loaders.limits import MAX_FILE_BYTES
from qabot.loaders.packed import checked


def members(path: Path, name: str, suffixes: tuple[str, ...]) -> Iterator[tuple[str, Path]]:
    """(name within the archive, unpacked file) of each file with one of the suffixes; it is removed when the next is asked for.

    Hidden files are passed over. Raises ArticleError, in a line that begins with `name`, where the archive cannot be trusted or read.
    """
    try:
        archive = checked(path)
    except ArticleError as error:
        raise ArticleError(f"{name} {error}") from error
    except OSError as error:
        raise ArticleError(f"cannot read {name}: {error.strerror}") from error
    with archive, tempfile.TemporaryDirectory(prefix="qabot-") as folder:
        for member in archive.infolist():
            named = _printable(member.filename)
            parts = named.split("/")
            suffix = next((suffix for suffix in suffixes if named.lower().endswith(suffix)), None)
            if suffix is None or any(part.startswith((".", "__MACOSX")) for part in parts if part != ".."):
                continue
            file = Path(folder) / f"member{suffix}"
            file.write_bytes(_content(archive, member, name))
            yield named, file
            file.unlink()


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> bytes:
    inside = f"{name}#{_printable(member.filename)}"
    if member.flag_bits & 1:
        raise ArticleError(f"{inside} is protected by a password: remove it first")
    if member.file_size > MAX_FILE_BYTES:
        raise ArticleError(f"{inside} has {member.file_size:,} bytes, the limit is {MAX_FILE_BYTES:,}: split it into several files")
    try:
        return archive.read(member)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, MemoryError) as error:
        raise ArticleError(f"{inside} is damaged: make the archive again") from error


def _printable(name: str) -> str:
    """A member's name as it can be shown on one line."""
    return "".join(letter if letter.isprintable() else "?" for letter in name)[-200:]
