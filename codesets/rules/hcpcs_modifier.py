"""A HCPCS code without the modifier its payment category needs, or with one that does not exist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.rules.hcpcs_terminated import edition
from codesets.rules.records import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from codesets.library import Library
    from codesets.models import Code, Modifier
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
        yield from _unknown(claim, claim.hcpcs, entry)
        record = claim.hcpcs.find(entry.code)
        if record is not None and record.valid:
            yield from _needed(claim, claim.hcpcs, entry, record)


def _needed(claim: Claim, hcpcs: Library, entry: Procedure, record: Code) -> Iterator[RuleFinding]:
    details = hcpcs.details(record.code)
    prices = details.get("pricing", "").split(", ")
    needs = [_NEEDED[price] for price in prices if price in _NEEDED]
    if not needs or any(need.modifiers.intersection(entry.modifiers) for need in needs):
        return
    allowed = sorted(needs[0].modifiers)
    yield RuleFinding(
        ID,
        Severity.WARNING,
        (record.code,),
        f"{record.code} ({details.get('short', record.title)}) is {needs[0].what} and needs one of "
        f"the modifiers {', '.join(allowed)}.",
        claim.cite_title(record),
        f"Add the modifier that fits, such as {record.code}-{allowed[0]}.",
    )


def _unknown(claim: Claim, hcpcs: Library, entry: Procedure) -> Iterator[RuleFinding]:
    """Level II modifiers (a letter first) that are not in force on the day."""
    for modifier in entry.modifiers:
        if not modifier[0].isalpha():
            continue
        known = hcpcs.modifier(modifier)
        if known is not None and _in_force(known, claim.day):
            continue
        yield RuleFinding(
            ID,
            Severity.ERROR,
            (entry.code,),
            f"{modifier} on {entry.code} is not a modifier in force in {edition(hcpcs)}.",
            edition(hcpcs),
            f"Check the modifier of {entry.code}.",
        )


def _in_force(modifier: Modifier, day: date) -> bool:
    begun = modifier.effective_from is None or modifier.effective_from <= day
    return begun and (modifier.effective_to is None or day <= modifier.effective_to)


RULE = Rule(
    ID,
    Severity.WARNING,
    "HCPCS Level II record: pricing indicator",
    "Equipment and surgical dressings carry the modifier they need, and every modifier exists.",
    "a walker (pricing indicator 32) without NU, RR or UE",
    find,
)
