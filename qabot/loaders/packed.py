"""A ZIP file whose sizes were looked at before anything of it is unpacked."""

import struct
import zipfile
from pathlib import Path

from qabot.errors import ArticleError
from qabot.loaders.limits import MAX_MEMBERS, MAX_UNPACKED_BYTES


def checked(path: Path) -> zipfile.ZipFile:
    """The open file. Raises ArticleError where it is no ZIP or unpacks to more than it may; the message lacks the path.

    The sizes that a ZIP states are upper limits for what Python's reader gives of a member, so that looking is enough.
    """
    try:
        file = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, IndexError, struct.error) as error:
        raise ArticleError("is damaged, or of another kind than its name says") from error
    members = file.infolist()
    size = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or size > MAX_UNPACKED_BYTES:
        file.close()
        raise ArticleError(
            f"unpacks to {size:,} bytes in {len(members):,} files, the limits are {MAX_UNPACKED_BYTES:,} and {MAX_MEMBERS:,}: split it"
        )
    return file
