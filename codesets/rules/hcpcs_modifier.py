"""A HCPCS code without the modifier its payment category needs, or with one that does not exist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.formats.hcpcs import HcpcsKind, HcpcsStatus
from codesets.rules.records import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codesets.formats.hcpcs import HcpcsCode
    from codesets.rules.claim import Claim, Procedure

ID = "hcpcs-modifier"


@dataclass(frozen=True, slots=True)
class _Need:
    """What a payment category of durable equipment asks for: one of these modifiers."""

    what: str
    modifiers: frozenset[str]


_BOUGHT_OR_RENTED = frozenset({"NU", "RR", "UE"})
# Pricing indicator codes of the HCPCS record and the modifiers Medicare's equipment contractors
# require with them: new, rented or used equipment; the number of wounds for a surgical dressing.
_NEEDED = {
    "31": _Need("frequently serviced equipment", frozenset({"RR"})),
    "32": _Need("inexpensive or routinely purchased equipment", _BOUGHT_OR_RENTED),
    "35": _Need("a surgical dressing", frozenset(f"A{n}" for n in range(1, 10))),
    "36": _Need("capped rental equipment", _BOUGHT_OR_RENTED),
}


def find(claim: Claim) -> Iterator[RuleFinding]:
    """Findings for each listed code that the installed HCPCS release knows, and its modifiers."""
    if claim.hcpcs is None:
        return
    for entry in claim.procedures:
        code = claim.hcpcs.find(entry.code)
        yield from _unknown(claim, entry)
        if code is not None and code.status(claim.day) is HcpcsStatus.ACTIVE:
            yield from _needed(claim, entry, code)


def _needed(claim: Claim, entry: Procedure, code: HcpcsCode) -> Iterator[RuleFinding]:
    needs = [_NEEDED[price] for price in code.pricing if price in _NEEDED]
    if not needs or any(need.modifiers.intersection(entry.modifiers) for need in needs):
        return
    need = needs[0]
    allowed = sorted(need.modifiers)
    yield RuleFinding(
        ID,
        Severity.WARNING,
        (entry.code,),
        f"{entry.code} ({code.short}) is {need.what} and needs one of the modifiers "
        f"{', '.join(allowed)}.",
        claim.hcpcs.edition() if claim.hcpcs is not None else "",
        f"Add the modifier that fits, such as {entry.code}-{allowed[0]}.",
    )


def _unknown(claim: Claim, entry: Procedure) -> Iterator[RuleFinding]:
    """Level II modifiers (a letter first) that the release does not have in force."""
    if claim.hcpcs is None:
        return
    for modifier in entry.modifiers:
        if not modifier[0].isalpha():
            continue
        record = claim.hcpcs.find(modifier)
        known = record is not None and record.kind is HcpcsKind.MODIFIER
        if known and record is not None and record.status(claim.day) is HcpcsStatus.ACTIVE:
            continue
        yield RuleFinding(
            ID,
            Severity.ERROR,
            (entry.code,),
            f"{modifier} on {entry.code} is not a modifier in force in {claim.hcpcs.edition()}.",
            claim.hcpcs.edition(),
            f"Check the modifier of {entry.code}.",
        )


RULE = Rule(
    ID,
    Severity.WARNING,
    "HCPCS Level II record: pricing indicator",
    "Equipment and surgical dressings carry the modifier they need, and every modifier exists.",
    "a walker (pricing indicator 32) without NU, RR or UE",
    find,
)
