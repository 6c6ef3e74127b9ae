"""What can go wrong at the leads' desk.

ReviewError
├── NotPermittedError      the person's role does not allow it
├── AlreadyClaimedError    somebody else is at it (says until when)
├── NotYoursError          only who has claimed it can do that
├── ClosedCaseError        it is decided; a second review opens it again
├── VerdictError           the verdict does not fit the answer or the code set
├── PolicyError            the policy cannot be made, approved or withdrawn so
├── UnknownPolicyError     no policy has this number
└── HandOffError           there is nothing to hand off, or not in this form

Each message is one sentence for a person and never carries text of a question.
"""

from __future__ import annotations

from bot.errors import AssistantError


class ReviewError(AssistantError):
    """Base of this package's errors."""


class NotPermittedError(ReviewError):
    """The person's role does not allow it."""


class AlreadyClaimedError(ReviewError):
    """Somebody else has claimed the exchange."""


class NotYoursError(ReviewError):
    """Only who has claimed it can do that."""


class ClosedCaseError(ReviewError):
    """The exchange is decided."""


class VerdictError(ReviewError):
    """The verdict does not fit."""


class PolicyError(ReviewError):
    """The policy cannot be made, approved or withdrawn so."""


class UnknownPolicyError(ReviewError):
    """No policy has this number."""


class HandOffError(ReviewError):
    """There is nothing to hand off, or not in this form."""
