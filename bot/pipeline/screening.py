"""What is taken at all, its identifiers removed before anything is stored or searched."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot import messages
from bot.config import PhiPolicy
from retrieval.notes.language import foreign_language

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.answer import Answer
    from bot.phi import Screened
    from bot.pipeline.work import Work

MAX_CHARACTERS = 150_000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def screened(work: Work, policy: PhiPolicy, redact: Callable[[str], Screened]) -> Answer | None:
    """Put the cleaned and redacted text into ``work``; a refusal when it cannot be taken."""
    raw = _CONTROL.sub(" ", work.question.text.replace("\r\n", "\n").replace("\r", "\n"))
    raw = raw.strip()
    too_long = messages.TOO_LONG.format(length=len(raw), limit=MAX_CHARACTERS)
    if len(raw) > 4 * MAX_CHARACTERS:  # not screened either, so not kept
        return work.refusal(too_long)
    work.text = raw
    if policy is not PhiPolicy.ALLOW:
        work.text = ""
        found = redact(raw)
        work.redactions = len(found.redactions)
        if work.redactions and policy is PhiPolicy.REFUSE:
            return work.refusal(messages.PHI_REFUSED.format(count=work.redactions))
        work.text = found.text
    work.step("screen")
    if len(raw) > MAX_CHARACTERS:
        return work.refusal(too_long)
    if not any(character.isalnum() for character in work.text):
        return work.refusal(messages.EMPTY)
    if (language := foreign_language(work.text)) is not None:
        return work.refusal(messages.NOT_ENGLISH.format(language=language))
    return None
