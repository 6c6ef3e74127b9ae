"""Settings: read once from `CODECITE_*` variables and `codecite.toml` into one frozen object."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Any

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from bot.answer import Setting
from bot.errors import ConfigurationError
from codesets.catalogue import CMS

CONFIG_FILE = "codecite.toml"


class PhiPolicy(StrEnum):
    """What happens to identifiers found in a question."""

    REDACT = "redact"
    REFUSE = "refuse"
    ALLOW = "allow"


class Settings(BaseSettings):
    """Everything a deployment can choose. Secrets are never shown when printed."""

    model_config = SettingsConfigDict(
        env_prefix="CODECITE_", toml_file=CONFIG_FILE, frozen=True, extra="forbid"
    )

    home: Path = Field(
        default_factory=lambda: user_data_path("codecite"),
        description="Folder that holds everything Codecite writes: code sets, index, journal.",
    )
    database_url: str | None = Field(
        default=None, description="Journal database as a SQLAlchemy URL; SQLite in home by default."
    )
    setting: Setting = Field(
        default=Setting.OUTPATIENT, description="Setting assumed when a question names none."
    )
    phi: PhiPolicy = Field(
        default=PhiPolicy.REDACT, description="Identifiers in a question: redact, refuse or allow."
    )
    embedding_model: Path | None = Field(
        default=None,
        description="Folder of another sentence-transformers model; the packaged one by default.",
    )
    chroma_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^/@\s:]+(:[0-9]{1,5})?/?$",
        description="Chroma server that holds the index for many processes; in home by default.",
    )
    catalogue_url: str = Field(
        default=CMS,
        pattern=r"^https?://[^/]+",
        description="Publisher whose catalogue pages `codesets update` reads.",
    )
    slack_bot_token: SecretStr | None = Field(
        default=None, description="Bot token (xoxb-…) of the Slack app."
    )
    slack_app_token: SecretStr | None = Field(
        default=None, description="App-level token (xapp-…) for Socket Mode."
    )
    slack_signing_secret: SecretStr | None = Field(
        default=None, description="Signing secret that HTTP mode checks requests with."
    )
    slack_workers: int = Field(
        default=32, ge=1, le=256, description="Listeners that may run at the same time."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # fixed by the library's hook
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # likewise
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments win over variables, variables over `codecite.toml` in the working folder."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def journal_url(self) -> str:
        """Where exchanges are written."""
        return self.database_url or f"sqlite:///{self.home / 'journal.sqlite'}"


def load(**overrides: Any) -> Settings:
    """The settings of this process.

    Raises ConfigurationError, in one line that names the variable, when a value does not fit.
    """
    try:
        return Settings(**overrides)
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise ConfigurationError(f"CODECITE_{name}: {first['msg']}.") from None
    except ValueError as error:
        raise ConfigurationError(f"{CONFIG_FILE} cannot be read: {error}.") from None
