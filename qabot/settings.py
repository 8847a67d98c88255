"""Typed settings, read from the environment and `.env` in one place, when asked and never at import."""

from pathlib import Path

from platformdirs import user_cache_path
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from qabot.encoder import PACKAGED
from qabot.errors import SettingsError
from qabot.reader import EMBEDDED


class Settings(BaseSettings):
    """Every setting with its default; `QABOT_` in front of the name, but for the token."""

    model_config = SettingsConfigDict(
        env_prefix="QABOT_", env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True
    )

    index: Path = Path("index")
    data: Path = Path("data")
    encoder: str = PACKAGED
    reader: str = EMBEDDED
    cache: Path = Field(default_factory=lambda: user_cache_path("qabot"), description="where compiled models are kept")
    passages: int = Field(default=5, ge=1, le=100, description="how many passages are read for a question")
    generations: int = Field(default=3, ge=1, le=100, description="how many builds stay in the index folder, for `qabot rollback`")
    discord_token: SecretStr | None = Field(default=None, validation_alias="DISCORD_TOKEN")
    discord_api: str | None = None
    discord_gateway: str | None = None


def load_settings() -> Settings:
    """The settings of this process. Raises SettingsError with the names of those that cannot be used."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, item['loc'])).upper()}: {item['msg']}" for item in error.errors())
        raise SettingsError(f"a setting cannot be used: {wrong} (see the README's table of settings)") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f".env cannot be read as UTF-8 text: {error}") from error
