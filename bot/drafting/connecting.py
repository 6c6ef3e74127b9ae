"""Which chat model is meant, and how its provider's LangChain class is set up.

Any model that LangChain's ``init_chat_model`` knows: ``openai:gpt-…``, ``azure_openai:…`` (the name
is the deployment's), ``anthropic:claude-…``, ``bedrock_converse:…``, ``ollama:…``, or any
OpenAI-compatible server by URL. Temperature 0; attempts are ours to count, so that theirs are one.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.drafting.chat import Limits
from bot.errors import ConfigurationError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_EXTRAS = {
    "anthropic": "anthropic",
    "openai": "openai",
    "azure_openai": "openai",
    "azure_ai": "openai",
    "bedrock": "bedrock",
    "bedrock_converse": "bedrock",
    "ollama": "ollama",
}
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_LOCAL_OLLAMA = "127.0.0.1:11434"
_AZURE_VERSION = "2024-10-21"
"""Azure's generally available version of its API, where ``OPENAI_API_VERSION`` names no other."""


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Which model, where, and with which key. The key is never shown."""

    name: str
    url: str | None = None
    key: str | None = field(default=None, repr=False)
    limits: Limits = field(default_factory=Limits)

    @property
    def provider(self) -> str:
        """The part before the colon, as ``init_chat_model`` names it."""
        return self.name.partition(":")[0]

    @property
    def is_local(self) -> bool:
        """Whether nothing leaves this machine: an address on loopback."""
        address = self.url
        if not address and self.provider == "ollama":
            address = os.environ.get("OLLAMA_HOST") or _LOCAL_OLLAMA  # as its package reads it
        if not address:
            return False
        whole = address if "://" in address else f"http://{address}"
        return urlsplit(whole).hostname in _LOOPBACK


def options(settings: ModelSettings) -> dict[str, Any]:
    """What ``init_chat_model`` is given beside the name, as the provider's class calls it.

    >>> options(ModelSettings("openai:gpt-4.1", "http://127.0.0.1:8000/v1"))["base_url"]
    'http://127.0.0.1:8000/v1'
    """
    limits, provider = settings.limits, settings.provider
    said: dict[str, Any] = {"temperature": 0}
    if settings.key:
        said["api_key"] = settings.key
    if settings.url:
        said["azure_endpoint" if provider == "azure_openai" else "base_url"] = settings.url
    if provider == "ollama":
        said |= {
            "num_predict": limits.output_tokens,
            "client_kwargs": {"timeout": limits.seconds},
        }
        return said
    if provider == "azure_openai" and not os.environ.get("OPENAI_API_VERSION"):
        said["api_version"] = _AZURE_VERSION
    said |= {"timeout": limits.seconds, "max_retries": 0, "max_tokens": limits.output_tokens}
    return said


def connect(settings: ModelSettings) -> BaseChatModel:
    """The LangChain model that ``settings`` name.

    Raises ConfigurationError where the name or the key does not fit or a package is missing.
    """
    from langchain.chat_models import init_chat_model

    provider, colon, _ = settings.name.partition(":")
    if not colon:
        raise ConfigurationError(
            "CODECITE_MODEL: name the provider and the model, for example openai:gpt-4.1."
        )
    try:
        model: BaseChatModel = init_chat_model(settings.name, **options(settings))
    except ImportError:
        extra = _EXTRAS.get(provider, provider)
        raise ConfigurationError(
            f"CODECITE_MODEL: {provider} needs its package; "
            f"install it with: pip install 'codecite[{extra}]'."
        ) from None
    except Exception as error:  # noqa: BLE001  # each provider has its own; none may quote the key
        raise ConfigurationError(
            f"CODECITE_MODEL: {settings.name} cannot be set up ({type(error).__name__}). Check its "
            "name, CODECITE_MODEL_URL and CODECITE_MODEL_KEY."
        ) from None
    return model
