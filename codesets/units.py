"""Billing units of a drug: from the dose ordered and what one unit of the descriptor is.

A unit is billed for every started billing unit (Medicare Claims Processing Manual, chapter 17,
section 10): 2.5 mg at 1 mg a unit are 3 units. All arithmetic is in exact fractions. What was
discarded of a single-dose container is counted in whole units beyond those billed (section 40).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from codesets.amounts import (
    END,
    ONE_AMOUNT,
    UNIT,
    Amount,
    Dimension,
    amount_of,
    folded,
    number_text,
    pattern_of,
    read_amount,
    show,
    unit_of,
)
from codesets.errors import DoseError

if TYPE_CHECKING:
    from codesets.doses import Order


@dataclass(frozen=True, slots=True)
class BillingUnit:
    """One unit of a descriptor: an amount of each component, mostly one."""

    components: tuple[Amount, ...]

    @property
    def shown(self) -> str:
        """As the descriptor prints it."""
        return " and ".join(component.shown for component in self.components)


@dataclass(frozen=True, slots=True)
class Units:
    """Units to bill, units discarded (None where the text does not say), and the arithmetic."""

    count: int
    discarded: int | None
    steps: tuple[str, ...]


_TOTAL = re.compile(rf"\((?P<inner>{pattern_of('')})\)\s*$", re.IGNORECASE)
_ALONE = re.compile(rf"\bper\s+(?P<unit>{UNIT}){END}", re.IGNORECASE)
_LIMIT = re.compile(r"\b(?:greater than|less than|over|at least|minimum)\b", re.IGNORECASE)


def billing_unit(title: str) -> BillingUnit | None:
    """What one unit of a descriptor is; None where it is not an amount ("per study dose").

    >>> billing_unit("Injection, ketorolac tromethamine, per 15 mg").shown
    '15 mg'
    >>> billing_unit("Injection, ceftolozane 50 mg and tazobactam 25 mg").shown
    '50 mg and 25 mg'
    """
    text = folded(title)
    if _LIMIT.search(text):
        return None
    if (total := _TOTAL.search(text)) is not None:
        return BillingUnit((read_amount(total, ""),))
    if re.search(r"mg/ml|microcuries, up to|millicuries, up to", text):
        per = [
            read_amount(m, "") for m in ONE_AMOUNT.finditer(re.sub(r"[\d.,-]+ ?mg/ml", " ", text))
        ]
        alone = [a for a in per if a.dimension is Dimension.VOLUME] or _alone(text)
        if "curies, up to" in text:
            alone = per[:1]
        return BillingUnit(tuple(alone[:1])) if alone else None
    found = [read_amount(match, "") for match in ONE_AMOUNT.finditer(text)]
    doses = [each for each in found if each.dimension is not Dimension.VOLUME]
    volumes = [each for each in found if each.dimension is Dimension.VOLUME]
    if doses and volumes:
        return BillingUnit(tuple(volumes[:1]))
    components = tuple(doses or volumes or _alone(text))
    if not components or len({each.dimension for each in components}) > 1:
        return None
    return BillingUnit(components)


def bill(unit: BillingUnit, order: Order) -> Units:
    """The units to bill for ``order``.

    Raises DoseError when no dose is stated, or dose and unit measure different things and no
    strength connects them.
    """
    if not order.amounts:
        raise DoseError("The text states no dose, so no units can be counted.")
    wanted = unit.components[0].dimension
    amounts = tuple(_in(wanted, amount, order.strength) for amount in order.amounts)
    steps = list(order.steps)
    if len(unit.components) > 1 and len(amounts) == len(unit.components):
        pairs = list(
            zip(
                sorted(amounts, key=lambda a: -a.value),
                sorted(unit.components, key=lambda a: -a.value),
                strict=True,
            )
        )
        counts = [_started(a.value, u.value) for a, u in pairs]
        steps += [f"{a.shown} / {u.shown}: {n}" for (a, u), n in zip(pairs, counts, strict=True)]
        return Units(max(counts), None, tuple(steps))
    one = sum((component.value for component in unit.components), Fraction(0))
    given = sum((amount.value for amount in amounts), Fraction(0))
    if given <= 0:
        raise DoseError("The dose stated is nothing, so there is no unit to bill.")
    count = _started(given, one)
    exact = given / one
    shown = show(given, wanted)
    each = show(one, wanted)
    more = f", rounded up to {count}" if exact.denominator != 1 else ""
    steps.append(f"{shown} at {each} a unit = {number_text(exact)} {_units(exact)}{more}")
    discarded = _discarded(order, given, count, one, wanted, steps)
    return Units(count, discarded, tuple(steps))


def _discarded(
    order: Order, given: Fraction, count: int, one: Fraction, wanted: Dimension, steps: list[str]
) -> int | None:
    if order.no_waste:
        return 0
    if order.wasted is None and order.container is None:
        return None
    if order.wasted is not None:
        whole = given + _in(wanted, order.wasted, order.strength).value
    else:
        held = order.container
        whole = _in(wanted, held, order.strength).value if held is not None else given
    if whole < given:
        raise DoseError("The dose is more than the containers named hold.")
    left = max(_started(whole, one) - count, 0)
    if whole > given:
        steps.append(
            f"{show(whole, wanted)} opened, {show(whole - given, wanted)} discarded: "
            f"{left} whole {'unit' if left == 1 else 'units'} beyond those billed"
        )
    return left


def _started(amount: Fraction, one: Fraction) -> int:
    return math.ceil(amount / one)


def _in(wanted: Dimension, amount: Amount, strength: tuple[Amount, Amount] | None) -> Amount:
    """``amount`` in the wanted dimension, through the strength where they differ."""
    if amount.dimension is wanted:
        return amount
    if strength is not None:
        drug, volume = strength
        if amount.dimension is Dimension.VOLUME and drug.dimension is wanted:
            value = amount.value * drug.value / volume.value
            return amount_of(value, wanted)
        if amount.dimension is drug.dimension and wanted is Dimension.VOLUME:
            value = amount.value * volume.value / drug.value
            return amount_of(value, wanted)
    raise DoseError(
        f"The descriptor counts in {wanted.value} and the dose is in {amount.dimension.value}: "
        "say the strength (amount in a mL)."
    )


def _alone(text: str) -> list[Amount]:
    """The unit of "per milligram"."""
    match = _ALONE.search(text)
    if match is None:
        return []
    name, dimension, size = unit_of(match["unit"])
    return [Amount(size, dimension, f"1 {name}")]


def _units(value: Fraction) -> str:
    return "unit" if value == 1 else "units"
