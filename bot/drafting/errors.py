"""What can go wrong with a chat model.

ModelError                 the model gave nothing usable; the rules answer instead
├── ModelTimeoutError      not within the time an answer may take
├── ModelBudgetError       the question would cost more tokens or money than an answer may
├── ModelRefusedError      the model declined, or was cut off
├── ModelReplyError        the reply does not follow the schema
├── ModelUnavailableError  the provider failed, limited or could not be reached
└── ModelRestingError      too many failures in a row; it is not asked for a while

Messages name the model and the reason and never a word of the question or of the reply.
"""

from __future__ import annotations


class ModelError(Exception):
    """The model gave nothing usable. ``outcome`` is the short name that is journalled."""

    outcome = "failed"


class ModelTimeoutError(ModelError):
    """No reply within the time that an answer may take."""

    outcome = "timeout"


class ModelBudgetError(ModelError):
    """The question would cost more tokens or money than one answer may."""

    outcome = "over-budget"


class ModelRefusedError(ModelError):
    """The model declined to answer, or its reply was cut off."""

    outcome = "refused"


class ModelReplyError(ModelError):
    """The reply does not follow the schema."""

    outcome = "unreadable"


class ModelUnavailableError(ModelError):
    """The provider failed, limited the rate, or could not be reached."""

    outcome = "unavailable"


class ModelRestingError(ModelError):
    """Too many failures in a row; the model is left alone for a while."""

    outcome = "resting"
