"""The three forms of a provider query: multiple choice, yes/no where it is allowed, and open.

Every form has a patient-neutral header, the clinical indicators as the record words them, one
question, and a closing line that asks for the provider's own judgment. What is built here passes
``bot.queries.checking``; where it would not, it is not built.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from bot.errors import AssistantError
from bot.queries.checking import check

if TYPE_CHECKING:
    from collections.abc import Sequence

HEADER = "Documentation clarification"
INDICATORS = "Clinical indicators in the record:"
OTHER = "Other (please specify)"
UNDETERMINED = "Unable to determine"
CLOSING = (
    "Please answer from your independent clinical judgment and document your response in the "
    "medical record."
)


class QueryRefusedError(AssistantError):
    """The query would not be compliant; the message gives every reason."""


class Form(StrEnum):
    """How a query asks."""

    MULTIPLE_CHOICE = "multiple-choice"
    YES_NO = "yes-no"
    OPEN = "open"


class Purpose(StrEnum):
    """What a yes/no query may ask; nothing else is a yes/no question."""

    SUBSTANTIATE = "substantiate"
    PRESENT_ON_ADMISSION = "poa"
    CAUSE = "cause"


_ASKED = {
    Purpose.SUBSTANTIATE: "Do you agree with the finding of “{one}” documented in the report?",
    Purpose.PRESENT_ON_ADMISSION: "Was the documented “{one}” present on admission?",
    Purpose.CAUSE: "Is the documented “{one}” due to the documented “{other}”?",
}
_SHORTEST = 2


def multiple_choice(axis: str, options: Sequence[str], indicators: Sequence[str]) -> str:
    """A query with every option the codes allow, "other" and "unable to determine".

    Raises QueryRefusedError, as all of these do, where the result would not be compliant.
    """
    question = f"Based on your clinical judgment, can the following be further specified: {axis}?"
    kept = [o for o in options if o.casefold() not in ("other", "unspecified", "unknown")]
    return _whole(indicators, question, (*kept, OTHER, UNDETERMINED))


def yes_no(purpose: Purpose, one: str, other: str, indicators: Sequence[str]) -> str:
    """A yes/no query about ``one`` (and ``other`` as its cause), both words of the record."""
    record = " ".join(indicators).casefold()
    wanted = [one, other] if purpose is Purpose.CAUSE else [one]
    for words in wanted:
        if len(words.strip()) < _SHORTEST or words.casefold() not in record:
            raise QueryRefusedError(
                f"“{words}” does not stand in the indicators: a yes/no query may only be about "
                "what is documented. Ask an open or a multiple-choice question."
            )
    question = _ASKED[purpose].format(one=one, other=other)
    return _whole(indicators, question, ("Yes", "No", OTHER, UNDETERMINED))


def open_ended(indicators: Sequence[str], subject: str = "") -> str:
    """A query that names no diagnosis: which condition, if any, do the indicators stand for."""
    question = (
        f"Please clarify the {subject}, if known."
        if subject
        else "What diagnosis, if any, do these findings and their treatment represent?"
    )
    return _whole(indicators, question, ())


def _whole(indicators: Sequence[str], question: str, options: Sequence[str]) -> str:
    lines = [HEADER, "", INDICATORS, *(f"- “{indicator}”" for indicator in indicators)]
    lines += ["", question, *(f"[ ] {option}" for option in options), "", CLOSING]
    text = "\n".join(lines)
    refuse(text)
    return text


def refuse(text: str) -> None:
    """Raise QueryRefusedError with every reason where ``text`` is not compliant."""
    found = check(text)
    if found:
        raise QueryRefusedError(" ".join(f"{each.reason} [{each.rule}]" for each in found))
