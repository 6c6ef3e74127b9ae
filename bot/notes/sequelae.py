"""Injuries and burns that are over and have left something: the residual first, then the 7th S.

"Hypertrophic scar of the right forearm, sequela of third degree burn" and "burn scar of the right
forearm" name two things: what is there now, and the injury that caused it (I.B.10, I.C.19.a).
"""

from __future__ import annotations

import re
from typing import NamedTuple

_OF = re.compile(
    r"\b(?:sequelae?|late effects?|residuals?) (?:of|from)\b|\b(?:due to|from|after) (?:an? |the )?"
    r"(?:old|prior|previous|remote)\b",
    re.IGNORECASE,
)
_BURN_SCAR = re.compile(
    r"\bburn(?:s|ed)? (?:scars?|contractures?)\b"
    r"|\b(?:scars?|scarring|contractures?)\b.{0,40}\b(?:from|due to|after|secondary to)\b.{0,30}\bburns?\b",
    re.IGNORECASE,
)
_INJURY = re.compile(
    r"\b(?:burns?|fractures?|injur(?:y|ies)|lacerations?|sprains?|wounds?|trauma|crush\w*|dislocations?"
    r"|contusions?|frostbite|amputations?|tear)\b",
    re.IGNORECASE,
)
_SITE = re.compile(
    r"\b(?:of|on|to|over|in) (?:the |his |her |their )?(?P<site>(?:right|left|both|bilateral) [a-z ]{3,30}?)"
    r"(?=\s*(?:[,.;(]|$|\b(?:due|from|after|with|secondary|sequela)\b))",
    re.IGNORECASE,
)
_SCAR = re.compile(r"\b(?:scars?|scarring|contractures?)\b", re.IGNORECASE)


class Sequela(NamedTuple):
    """What is there now ("" where the phrase does not say), and the injury that caused it."""

    residual: str
    injury: str


def sequela_in(phrase: str, title: str) -> Sequela | None:
    """The residual and the injury of a phrase about a sequela; None where it is about none.

    ``title`` is the whole line, which may name the place.

    >>> sequela_in("sequela of third degree burn", "Scar of the left hand, sequela of third degree burn")
    Sequela(residual='', injury='third degree burn of left hand')
    >>> sequela_in("Burn scar of the right forearm", "Burn scar of the right forearm")
    Sequela(residual='scar of the right forearm', injury='burn of right forearm')
    """
    match = _OF.search(phrase)
    if match is not None and _INJURY.search(phrase, match.end()):
        injury = phrase[match.end() :].strip(" ,.;:")
        return Sequela(phrase[: match.start()].strip(" ,.;:-"), _placed(injury, title))
    if _BURN_SCAR.search(phrase) is None:
        return None
    degree = re.search(r"\b(?:first|second|third)[- ]degree\b|\bfull[- ]thickness\b", phrase, re.I)
    burn = f"{degree.group()} burn" if degree else "burn"
    residual = re.split(r"\b(?:from|due to|after|secondary to)\b", phrase)[0]
    residual = re.sub(r"\b(?:(?:first|second|third)[- ]degree )?burns? ?", "", residual, flags=re.I)
    return Sequela(residual.strip(" ,.;:-"), _placed(burn, title))


def _placed(injury: str, title: str) -> str:
    """An injury with the place that the line gives, unless its own words give one."""
    if _SITE.search(injury) or re.search(r"\b(?:left|right|of)\b", injury, re.IGNORECASE):
        return injury
    site = _SITE.search(title)
    return f"{injury} of {site['site'].strip().casefold()}" if site else injury
