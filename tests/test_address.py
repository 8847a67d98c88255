"""What a user writes for an index on an engine, and what is said where it cannot be read."""

import pytest

from qabot.address import Address, is_address, parse
from qabot.errors import SettingsError


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("milvus://db.example:19531/shelf", Address("milvus://db.example:19531/shelf", "http://db.example:19531", "shelf")),
        ("milvus://localhost", Address("milvus://localhost:19530/qabot", "http://localhost:19530", "qabot")),
        ("milvus://[::1]:5/a", Address("milvus://[::1]:5/a", "http://[::1]:5", "a")),
        ("milvus+tls://root:p%40ss@h/a", Address("milvus+tls://h:19530/a", "https://h:19530", "a", "root:p@ss")),
        ("milvus://h/a?index=diskann", Address("milvus://h:19530/a", "http://h:19530", "a", kind="DISKANN")),
        ("milvus+lite:///srv/x.db", Address("milvus+lite:///srv/x.db/qabot", "/srv/x.db", "qabot", local=True)),
        ("milvus+lite://here/x.db/b", Address("milvus+lite://here/x.db/b", "here/x.db", "b", local=True)),
    ],
)
def test_an_address_is_read(written: str, expected: Address) -> None:
    """With the defaults of Milvus's port and of the collection; a file may lie relative to where one is."""
    assert is_address(written)
    assert parse(written) == expected


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("mongo://h/x", "neither a folder nor an address: write milvus://HOST:PORT/COLLECTION"),
        ("milvus://", "names no host"),
        ("milvus://h:99999/x", "is no address"),
        ("milvus://h/9a", "'9a' .* is no name of a collection"),
        ("milvus://h/a/b", "is no name of a collection"),
        ("milvus://h/a?index=tree", "only index=KIND may stand there, of FLAT"),
        ("milvus://h/a?x=1", "only index=KIND"),
        ("milvus+lite:///tmp/x", r"no file that ends in \.db"),
        ("milvus+lite:///.db", r"no file that ends in \.db"),
    ],
)
def test_what_cannot_be_read_is_named(written: str, message: str) -> None:
    """One line that shows the form."""
    with pytest.raises(SettingsError, match=message):
        parse(written)


def test_a_password_is_not_shown() -> None:
    """Neither in a record, nor in a message."""
    assert "secret" not in repr(parse("milvus://u:secret@h/a")) + str(parse("milvus://u:secret@h/a"))
    with pytest.raises(SettingsError) as caught:
        parse("milvus://u:secret@h/9a")
    assert "secret" not in str(caught.value)
