"""A setting that does not exist is told with the one that was meant."""

from pathlib import Path

import pytest

from qabot.errors import SettingsError
from qabot.settings import check_names, load_settings


def test_unknown_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In the environment and in `.env`; known ones in any case, and other programs' variables, are passed over."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("qabot_workers", "2")
    monkeypatch.setenv("OTHER", "1")
    check_names()
    (tmp_path / ".env").write_text("QABOT_RETENTION=3\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"there is no setting QABOT_RETENTION: did you mean QABOT_RETENTION_DAYS\?"):
        check_names()
    (tmp_path / ".env").write_text("DISCORD_TOKEN=x\n", encoding="utf-8")
    monkeypatch.setenv("QABOT_ZZZ", "1")
    with pytest.raises(SettingsError, match="there is no setting QABOT_ZZZ"):
        check_names()


@pytest.mark.parametrize(
    ("name", "value"), [("QUEUE", "0"), ("LOG_LEVEL", "loud"), ("DISCORD_API", "discord.com"), ("HEALTH_PORT", "99999")]
)
def test_wrong_values(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """Are refused with their name."""
    monkeypatch.setenv(f"QABOT_{name}", value)
    with pytest.raises(SettingsError, match=name):
        load_settings()
