"""The chat model that a deployment's settings ask for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bot.config import PhiPolicy
from bot.drafting.chat import ChatModel, Limits
from bot.drafting.connecting import ModelSettings, connect
from bot.errors import ConfigurationError

if TYPE_CHECKING:
    from bot.config import Settings


def chat_model(settings: Settings) -> ChatModel | None:
    """The chat model that is configured, not yet connected; None where there is none.

    Raises ConfigurationError where identifiers would reach a model elsewhere that was not allowed
    to see them, or a limit in dollars has no prices to be reckoned with.
    """
    if settings.model is None:
        return None
    if settings.model_dollars is not None and None in (
        settings.model_price_in,
        settings.model_price_out,
    ):
        raise ConfigurationError(
            "CODECITE_MODEL_DOLLARS needs CODECITE_MODEL_PRICE_IN and CODECITE_MODEL_PRICE_OUT."
        )
    limits = Limits(
        seconds=settings.model_seconds,
        input_tokens=settings.model_input_tokens,
        output_tokens=settings.model_output_tokens,
        dollars=settings.model_dollars,
        price_in=settings.model_price_in,
        price_out=settings.model_price_out,
    )
    key = settings.model_key.get_secret_value() if settings.model_key is not None else None
    chosen = ModelSettings(settings.model, settings.model_url, key, limits)
    if settings.phi is PhiPolicy.ALLOW and not chosen.is_local and not settings.model_phi:
        raise ConfigurationError(
            "CODECITE_PHI=allow would send identifiers to a model elsewhere. Set "
            "CODECITE_MODEL_PHI=true if your agreement covers that, or CODECITE_PHI=redact."
        )
    return ChatModel(chosen.name, limits, partial(connect, chosen))
