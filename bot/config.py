"""Settings: read once from `CODECITE_*` variables and `codecite.toml` into one frozen object."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from platformdirs import user_data_path
from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from bot.answer import Setting
from bot.drafting.assists import Assist
from bot.errors import ConfigurationError
from codesets.catalogue import CMS

CONFIG_FILE = "codecite.toml"


def _parts(value: Any) -> Any:
    return (
        [part.strip() for part in value.split(",") if part.strip()]
        if isinstance(value, str)
        else value
    )


Assists = Annotated[tuple[Assist, ...], NoDecode, BeforeValidator(_parts)]
"""Names of assists separated by commas in a variable, or a list in the file."""

Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_parts)]
"""Ids separated by commas in a variable, or a list in the file."""


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
    names_model: str = Field(
        default="",
        description="Person-name model: a spaCy package or a folder; none for none. Left out, the "
        "first installed en_core_web_*.",
    )
    embedding_model: Path | None = Field(
        default=None,
        description="Folder of another sentence-transformers model or of tuned tensors, or "
        "all-MiniLM-L6-v2 for MiniLM as published; MiniLM tuned on the code sets by default.",
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
    model: str | None = Field(
        default=None,
        pattern=r"^[a-z_]+:.+$",
        description="Chat model that drafts, as provider:name (openai:…, anthropic:…, bedrock:…, "
        "ollama:…); the rules draft by default.",
    )
    model_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^/\s]+",
        description="Address of an OpenAI-compatible server, Azure endpoint or Ollama.",
    )
    model_key: SecretStr | None = Field(
        default=None, description="Key of the model's provider; its own variable by default."
    )
    model_seconds: float = Field(
        default=30.0, gt=0, le=600, description="Seconds that the model may take for an answer."
    )
    model_input_tokens: int = Field(
        default=16_000,
        ge=500,
        description="Most tokens of a prompt; a longer one goes to the rules.",
    )
    model_output_tokens: int = Field(default=2_000, ge=50, description="Most tokens of a reply.")
    model_dollars: float | None = Field(
        default=None, gt=0, description="Most US dollars an answer may cost; needs both prices."
    )
    model_price_in: float | None = Field(
        default=None, ge=0, description="US dollars a million tokens sent."
    )
    model_price_out: float | None = Field(
        default=None, ge=0, description="US dollars a million tokens received."
    )
    model_assist: Assists = Field(
        default=(),
        description="What the model helps with beside drafting: expand, split, verify.",
    )
    model_phi: bool = Field(
        default=False,
        description="With CODECITE_PHI=allow: whether a model elsewhere may see identifiers too.",
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
    slack_teams: Names = Field(
        default=(), description="Workspaces (T…) or organisations (E…) that may ask; all if empty."
    )
    slack_channels: Names = Field(
        default=(), description="Channels (C…) that may ask; all if empty. Direct messages may."
    )
    slack_groups: Names = Field(
        default=(), description="User groups (S…) whose members may ask; everyone if empty."
    )
    slack_coders: Names = Field(default=(), description="People (U…) or user groups who code.")
    slack_clinicians: Names = Field(
        default=(), description="People or user groups who ask, and decide nothing."
    )
    slack_leads: Names = Field(
        default=(), description="People or user groups who review and are asked for help."
    )
    slack_admins: Names = Field(default=(), description="People or user groups who may do all.")
    slack_lead_channel: str = Field(
        default="", description="Channel for questions to the leads; each lead directly if empty."
    )
    slack_questions_per_minute: int = Field(
        default=20, ge=1, description="Questions one person may ask in a minute."
    )
    slack_client_id: str = Field(default="", description="Client id, to install by OAuth.")
    slack_client_secret: SecretStr | None = Field(
        default=None, description="Client secret, to install by OAuth."
    )
    slack_encryption_key: SecretStr | None = Field(
        default=None, description="Key that encrypts the tokens OAuth brings (32 bytes, base64)."
    )

    review_rate: float = Field(
        default=0.05, ge=0, le=1, description="Share of answers without a reason that is reviewed."
    )
    review_second_rate: float = Field(
        default=0.1, ge=0, le=1, description="Share of reviewed answers that two people judge."
    )
    review_seed: str = Field(
        default="codecite", description="Seed of the sample: the same seed draws the same answers."
    )
    review_weights: dict[str, float] = Field(
        default={"new": 3.0, "hcc": 2.0, "mcc": 2.0, "cc": 1.5},
        description="What multiplies the rate, as JSON: new, hcc, cc, mcc, family:E11, chapter:4, "
        "drafter:model, person:U1, setting:inpatient.",
    )
    review_claim_hours: int = Field(
        default=8, ge=1, description="Hours for which a claimed answer is kept for its reviewer."
    )
    review_leads: Names = Field(
        default=(), description="People (ids) with a lead's access to review, beside slack_leads."
    )
    review_url: str = Field(
        default="",
        pattern=r"^(https?://[^/\s]+)?$",
        description="Address at which people reach the console, to sign in with Slack.",
    )
    retention_days: int | None = Field(
        default=None, ge=1, description="Days after which answers may be removed; never if unset."
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
