"""Settings: defaults, the environment, `.env`, and what cannot be used."""

from pathlib import Path

import pytest

from qabot.errors import SettingsError
from qabot.settings import load_settings


@pytest.fixture(autouse=True)
def _folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def test_defaults() -> None:
    """As the README's table says."""
    found = load_settings()
    assert (found.index, found.data, found.reader, found.passages) == (Path("index"), Path("data"), "embedded", 5)
    assert found.discord_token is None


def test_environment_over_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """`.env` is read, the environment wins, and a token never shows itself."""
    Path(".env").write_text("QABOT_PASSAGES=3\nQABOT_INDEX=shelf\nDISCORD_TOKEN=secret\nOTHER=1\n")
    monkeypatch.setenv("QABOT_PASSAGES", "7")
    found = load_settings()
    assert (found.passages, found.index) == (7, Path("shelf"))
    assert found.discord_token is not None
    assert found.discord_token.get_secret_value() == "secret"
    assert "secret" not in repr(found)


@pytest.mark.parametrize("value", ["0", "many", "-1"])
def test_what_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """The setting's name is in the message."""
    monkeypatch.setenv("QABOT_PASSAGES", value)
    with pytest.raises(SettingsError, match="PASSAGES"):
        load_settings()


def test_an_unreadable_file() -> None:
    """A `.env` that is not text."""
    Path(".env").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match=r"\.env"):
        load_settings()


def test_an_index_may_be_an_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """One setting names a folder or an address; a command's option replaces either by either."""
    monkeypatch.setenv("QABOT_INDEX", "milvus://u:secret@h/shelf")
    found = load_settings()
    assert found.engine is not None
    assert (found.engine.uri, found.engine.token, found.place) == ("http://h:19530", "u:secret", "milvus://h:19530/shelf")
    assert "secret" not in repr(found)
    assert (found.at("there").engine, found.at("there").place) == (None, "there")
    assert found.at("there").at("milvus://h/other").place == "milvus://h:19530/other"
    monkeypatch.setenv("QABOT_INDEX", "mongo://h")
    with pytest.raises(SettingsError, match="neither a folder nor an address"):
        load_settings()
