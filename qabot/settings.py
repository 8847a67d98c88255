"""Typed settings, read from the environment and `.env` in one place, when asked and never at import."""

import os
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from platformdirs import user_cache_path
from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from qabot.address import Address, is_address, parse
from qabot.encoder import PACKAGED
from qabot.errors import SettingsError
from qabot.reader import EMBEDDED


class Settings(BaseSettings):
    """Every setting with its default; `QABOT_` in front of the name, but for the token."""

    model_config = SettingsConfigDict(
        env_prefix="QABOT_", env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True
    )

    index: Path = Path("index")
    engine: Address | None = Field(default=None, validation_alias="qabot index's address", description="set where `index` names an engine")
    data: Path = Path("data")
    encoder: str = PACKAGED
    reader: str = EMBEDDED
    cache: Path = Field(default_factory=lambda: user_cache_path("qabot"), description="where compiled models are kept")
    passages: int = Field(default=5, ge=1, le=100, description="how many passages are read for a question, at most")
    generations: int = Field(default=3, ge=1, le=100, description="how many builds stay in the index folder, for `qabot rollback`")
    url_private: bool = Field(default=False, description="whether --url and --sitemap may fetch from an intranet and this machine")
    sitemap_pages: int = Field(default=100, ge=1, le=50_000, description="the most pages that are fetched of one sitemap")
    discord_token: SecretStr | None = Field(default=None, validation_alias="DISCORD_TOKEN")
    discord_api: str | None = Field(default=None, description="another Discord's REST address, for tests", pattern=r"^https?://\S+$")
    discord_gateway: str | None = Field(default=None, description="another Discord's gateway, for tests", pattern=r"^wss?://\S+$")
    discord_message_content: bool = Field(default=False, description="ask for the privileged message content intent")
    state: Path = Field(default=Path("state/qabot.sqlite3"), description="the file of the Discord bot's own state")
    retention_days: float = Field(default=30, ge=0, description="how long questions, answers and votes are kept")
    conversation_minutes: float = Field(default=60, gt=0, description="how long a conversation is remembered")
    workers: int = Field(default=1, ge=1, le=64, description="questions answered at the same time")
    queue: int = Field(default=20, ge=1, description="questions that wait or are being answered, before the bot says that it is busy")
    cooldown_seconds: float = Field(default=3, ge=0, description="between two questions of one user")
    server_questions: int = Field(default=5, ge=1, description="questions of one server answered at the same time")
    health_port: int | None = Field(default=None, ge=0, le=65535, description="/healthz, /readyz and /metrics on 127.0.0.1")
    health_silence: float = Field(default=100, gt=0, description="seconds without a word from Discord after which the bot is unhealthy")
    drain_seconds: float = Field(default=20, ge=0, description="how long a stop waits for answers under way")
    log_json: bool = Field(default=False, description="logs as one JSON object a line")
    log_level: str = Field(default="INFO", pattern=r"(?i)^(debug|info|warning|error|critical)$")
    home_server: int | None = Field(default=None, description="the id of the one server where /admin reindex and rollback work")
    gate_questions: Path | None = Field(default=None, description="questions that a new index must answer as well before it goes live")
    gate_baseline: Path | None = Field(default=None, description="what `qabot eval --json` printed of them")

    @model_validator(mode="before")
    @classmethod
    def _split_index(cls, given: Any) -> Any:
        """An index that is an address is an engine's."""
        place = given.get("index")
        if not isinstance(place, str) or not is_address(place):
            return given
        return {name: value for name, value in given.items() if name != "index"} | {"qabot index's address": parse(place)}

    @property
    def place(self) -> str:
        """The index as a user writes it."""
        return str(self.engine or self.index)

    def at(self, place: str) -> "Settings":
        """The same settings with the index at `place`, a folder or an address. Raises SettingsError."""
        if is_address(place):
            return self.model_copy(update={"engine": parse(place)})
        return self.model_copy(update={"index": Path(place), "engine": None})


def check_names() -> None:
    """Raises SettingsError for a setting that is set and does not exist, with the nearest name that does."""
    known = {f"QABOT_{name.upper()}" for name in Settings.model_fields if name not in ("discord_token", "engine")}
    try:
        given = {*os.environ, *dotenv_values(".env", encoding="utf-8")}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f".env cannot be read as UTF-8 text: {error}") from error
    for name in sorted(given):
        if name.upper().startswith("QABOT_") and name.upper() not in known:
            near = get_close_matches(name.upper(), known, 1)
            hint = f"did you mean {near[0]}?" if near else "the README has a table of settings"
            raise SettingsError(f"there is no setting {name}: {hint}")


def load_settings() -> Settings:
    """The settings of this process. Raises SettingsError with the names of those that cannot be used."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, item['loc'])).upper()}: {item['msg']}" for item in error.errors())
        raise SettingsError(f"a setting cannot be used: {wrong} (see the README's table of settings)") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f".env cannot be read as UTF-8 text: {error}") from error
