"""Conditions that a text says are due to an older one: late effects (Official Guidelines I.B.10).

"Hemiparesis due to old stroke" is no stroke of today: the residual condition is coded, as a sequela
of what caused it.
"""

from __future__ import annotations

import re

_OLD = re.compile(
    r"\b(?P<joint>(?:due|secondary) to|2/2|from|after|following|because of|since)\s+"
    r"(?:an?\s+|the\s+|her\s+|his\s+)?"
    r"(?P<old>(?:very )?(?:old|prior|previous|remote|past|healed|history of|h/o|hx of))\s+"
    r"(?=[\w' -]{0,40}?(?:stroke|cva|infarct\w*|ha?emorrhage|burns?|fractures?|fx|injur\w+|trauma"
    r"|wounds?|lacerations?|dislocations?|crush\w*|amputation|tbi|polio\w*|mening\w+|enceph\w+)\b)",
    re.IGNORECASE,
)


def late_effect(text: str) -> tuple[int, int] | None:
    """Half-open offsets of the words that call a cause old; None where none is.

    >>> text = "right hemiparesis due to old stroke"
    >>> text[slice(*late_effect(text))]
    'old'
    >>> late_effect("old stroke") is None, late_effect("weakness due to stroke") is None
    (True, True)
    """
    match = _OLD.search(text)
    return match.span("old") if match is not None else None


def as_sequela(text: str) -> str | None:
    """``text`` with its old cause as titles of sequelae word it; None where it names none.

    >>> as_sequela("right hemiparesis due to old stroke")
    'right hemiparesis following stroke'
    """
    match = _OLD.search(text)
    return f"{text[: match.start()]}following {text[match.end() :]}" if match is not None else None
