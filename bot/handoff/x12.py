"""The HI segments of an X12 837 claim (005010X222A1 professional, 005010X223A2 institutional).

Diagnoses are written without their point. Professional: up to 12, the first qualified ABK, the
others ABF. Institutional: the principal diagnosis ABK in a segment of its own, external causes
(V00 to Y99) ABN, others ABF, twelve a segment and at most 24; principal procedure BBR, others BBQ,
with their date. HCPCS and CPT codes belong to the service lines (SV1, SV2), not to HI.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from bot.review.errors import HandOffError
from codesets.models import System
from codesets.notation import undotted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.handoff.accepted import AcceptedCode, HandOff

ELEMENT, COMPONENT, SEGMENT = "*", ":", "~"
_A_SEGMENT = 12
_MOST_PROFESSIONAL = 12
_MOST_OTHER = 24
_MOST_CAUSES = 12
_EXTERNAL = "VWXY"


class Claim(StrEnum):
    """Which 837 the segments are for."""

    PROFESSIONAL = "837p"
    INSTITUTIONAL = "837i"


def segments(given: HandOff, claim: Claim) -> str:
    """The HI segments, one a line. Raises HandOffError where the claim cannot hold the codes."""
    diagnoses = given.of(System.ICD10CM)
    if not diagnoses:
        raise HandOffError("An 837 needs a diagnosis, and none was accepted.")
    if diagnoses[0].code[0] in _EXTERNAL:
        raise HandOffError(f"{diagnoses[0].code} is an external cause and cannot come first.")
    if claim is Claim.PROFESSIONAL:
        return _professional(diagnoses)
    return _institutional(given, diagnoses)


def _professional(diagnoses: Sequence[AcceptedCode]) -> str:
    if len(diagnoses) > _MOST_PROFESSIONAL:
        raise HandOffError(
            f"An 837P holds {_MOST_PROFESSIONAL} diagnoses and {len(diagnoses)} were accepted."
        )
    return _segment(
        [_element("ABF" if place else "ABK", each) for place, each in enumerate(diagnoses)]
    )


def _institutional(given: HandOff, diagnoses: Sequence[AcceptedCode]) -> str:
    causes = [each for each in diagnoses if each.code[0] in _EXTERNAL]
    others = [each for each in diagnoses[1:] if each not in causes]
    if len(others) > _MOST_OTHER or len(causes) > _MOST_CAUSES:
        raise HandOffError(
            f"An 837I holds {_MOST_OTHER} other diagnoses and {_MOST_CAUSES} external causes."
        )
    day = f"{given.day:%Y%m%d}"
    procedures = given.of(System.ICD10PCS)
    if len(procedures) > 1 + _MOST_OTHER:
        raise HandOffError(f"An 837I holds {1 + _MOST_OTHER} procedures.")
    lines = [_segment([_element("ABK", diagnoses[0])])]
    lines += _split([_element("ABN", each) for each in causes])
    lines += _split([_element("ABF", each) for each in others])
    dated = [
        COMPONENT.join(("BBQ" if place else "BBR", each.code, "D8", day))
        for place, each in enumerate(procedures)
    ]
    lines += [_segment(dated[:1])] if dated else []
    lines += _split(dated[1:])
    return "\n".join(lines)


def _element(qualifier: str, each: AcceptedCode) -> str:
    return f"{qualifier}{COMPONENT}{undotted(each.code)}"


def _split(elements: Sequence[str]) -> list[str]:
    return [
        _segment(elements[start : start + _A_SEGMENT])
        for start in range(0, len(elements), _A_SEGMENT)
    ]


def _segment(elements: Sequence[str]) -> str:
    return ELEMENT.join(("HI", *elements)) + SEGMENT
