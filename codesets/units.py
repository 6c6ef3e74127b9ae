"""Billing units of a drug: from the dose ordered and what one unit of the descriptor is.

A unit is billed for every started billing unit (Medicare Claims Processing Manual, chapter 17,
section 10): 2.5 mg at 1 mg a unit are 3 units. All arithmetic is in exact fractions. What was
discarded of a single-dose container is counted in whole units beyond those billed (section 40).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from codesets.errors import DoseError


class Dimension(StrEnum):
    """What an amount measures, named by the base unit it is kept in."""

    MASS = "mcg"
    UNITS = "units"
    VOLUME = "mL"
    EQUIVALENTS = "mEq"
    ACTIVITY = "microcuries"


@dataclass(frozen=True, slots=True)
class Amount:
    """``value`` in the base unit of ``dimension``; ``shown`` is the amount as written."""

    value: Fraction
    dimension: Dimension
    shown: str


@dataclass(frozen=True, slots=True)
class BillingUnit:
    """One unit of a descriptor: an amount of each component, mostly one."""

    components: tuple[Amount, ...]

    @property
    def shown(self) -> str:
        """As the descriptor prints it."""
        return " and ".join(component.shown for component in self.components)


@dataclass(frozen=True, slots=True)
class Order:
    """What a text says of a dose.

    ``amounts`` are what is given, one a component; ``strength`` is an amount of drug in a volume.
    ``container`` is what the opened containers hold, ``wasted`` what was discarded of it;
    ``no_waste`` says that nothing was. ``steps`` say how the dose was worked out.
    """

    amounts: tuple[Amount, ...] = ()
    strength: tuple[Amount, Amount] | None = None
    container: Amount | None = None
    wasted: Amount | None = None
    no_waste: bool = False
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Units:
    """Units to bill, units discarded (None where the text does not say), and the arithmetic."""

    count: int
    discarded: int | None
    steps: tuple[str, ...]


_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
_UNIT_NAMES: dict[str, tuple[Dimension, Fraction]] = {
    "mcg": (Dimension.MASS, Fraction(1)),
    "mg": (Dimension.MASS, Fraction(1000)),
    "g": (Dimension.MASS, Fraction(1_000_000)),
    "units": (Dimension.UNITS, Fraction(1)),
    "ml": (Dimension.VOLUME, Fraction(1)),
    "l": (Dimension.VOLUME, Fraction(1000)),
    "meq": (Dimension.EQUIVALENTS, Fraction(1)),
    "uci": (Dimension.ACTIVITY, Fraction(1)),
    "mci": (Dimension.ACTIVITY, Fraction(1000)),
}
_UNIT_WORDS = (
    ("mcg", r"mcgs?|ug|micrograms?"),
    ("mg", r"mgs?|milligrams?"),
    ("meq", r"meqs?|milliequivalents?"),
    ("mci", r"mci|millicuries?"),
    ("uci", r"uci|microcuries?"),
    ("ml", r"mls?|ccs?|milliliters?|millilitres?"),
    ("units", r"(?:international |usp |allergy )?units?|i\.?u\.?|u"),
    ("g", r"grams?|gms?|g"),
    ("l", r"liters?|litres?|l"),
)
_UNIT = "|".join(words for _, words in _UNIT_WORDS)
_SCALES = {"million": 10**6, "billion": 10**9, "thousand": 10**3, "k": 10**3, "m": 10**6}
_SCALE = (
    r"(?:\s?-?(?P<scale{0}>million|billion|thousand)|(?P<short{0}>[km])(?=\s*(?:units?|iu|u)\b))"
)
_END = r"(?![\w%])"


def _amount(name: str) -> str:
    scale = _SCALE.format(name)
    return rf"(?P<number{name}>{_NUMBER})(?:{scale})?\s?-?\s?(?P<unit{name}>{_UNIT}){_END}"


_ONE = re.compile(rf"(?<![\w.-]){_amount('')}", re.IGNORECASE)
_WORD_COUNTS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "a": 1, "an": 1, "single": 1,
}  # fmt: skip
_COUNT = rf"(?P<count>\d{{1,2}}|{'|'.join(_WORD_COUNTS)})"
_HOLDER = (
    r"(?:single[- ](?:dose|use) |multi[- ]?dose )?"
    r"(?:vials?|ampules?|ampoules?|amps?|syringes?|pens?|SDVs?|nebules?|bags?|containers?)\b"
)
_STRENGTH = re.compile(
    rf"(?<![\w.-]){_amount('')}\s?(?:/|per|in)\s?(?P<volume>{_NUMBER})?\s?(?:mls?|ccs?)\b",
    re.IGNORECASE,
)
_PERCENT = re.compile(rf"(?<![\w.])(?P<percent>{_NUMBER})\s?%", re.IGNORECASE)
_U_STRENGTH = re.compile(r"\bu-?(100|200|300|500)\b", re.IGNORECASE)
_PER_WEIGHT = re.compile(
    rf"(?<![\w.-]){_amount('')}\s?(?:/|per)\s?(?P<by>kg|kilograms?|m2|m²|square meters?)(?![\w])",
    re.IGNORECASE,
)
_WEIGHT = re.compile(
    rf"(?<![\w.-])(?P<number>{_NUMBER})\s?-?\s?(?P<unit>kgs?|kilograms?|lbs?|pounds?|m2|m²"
    r"|square meters?)(?![\w])",
    re.IGNORECASE,
)
_KG_A_POUND = Fraction("0.45359237")
_WASTED = re.compile(
    rf"\b(?:wast(?:ed?|age)|discard(?:ed|ing|s)?|threw away|thrown away)(?: of| was| is|:)?"
    rf"(?: the remaining)?\s+{_amount('')}"
    rf"|(?<![\w.-]){_amount('2')}\s+(?:(?:was|were|is|of (?:it|the drug))\s+)?"
    r"(?:wast(?:ed?|age)|discarded|thrown away)\b",
    re.IGNORECASE,
)
_NO_WASTE = re.compile(
    r"\b(?:no (?:waste|wastage|drug (?:was )?(?:wasted|discarded)|discard(?:ed)?)"
    r"|nothing (?:was )?(?:wasted|discarded|left)|none (?:was )?(?:wasted|discarded)"
    r"|(?:entire|whole|full) (?:vial|ampule|syringe|container)|without (?:waste|wastage))\b",
    re.IGNORECASE,
)
_CONTAINER = re.compile(
    rf"\b(?:from|out of|drawn from|using|used|opened)\s+(?:{_COUNT}\s+)?(?:x\s+)?"
    rf"(?:{_HOLDER}\s+(?:of|with|containing)\s+)?{_amount('')}"
    rf"(?:\s?/\s?(?P<volume>{_NUMBER})?\s?mls?)?\s*-?(?:{_HOLDER})?",
    re.IGNORECASE,
)
_TIMES = re.compile(
    rf"(?<![\w.-]){_COUNT}\s*(?:x|×|\*|times)\s*{_amount('')}"
    rf"|(?<![\w.-]){_amount('2')}(?:\s?/\s?{_NUMBER}?\s?mls?)?\s*(?:x|×|\*|times)\s*"
    r"(?P<times>\d{1,2})\b(?!\s*(?:days?|weeks?|d\b|hours?|hrs?|h\b|mins?|months?))"
    rf"|\b(?P<holders>\d{{1,2}}|{'|'.join(_WORD_COUNTS)})\s+{_HOLDER}\s+(?:of\s+)?{_amount('3')}"
    rf"|\b(?P<before>\d{{1,2}}|two|three|four|five|six)\s+{_amount('4')}\s+{_HOLDER}",
    re.IGNORECASE,
)
_COMBINED = re.compile(
    rf"(?<![\w.-])(?P<first>{_NUMBER})\s?(?:{_UNIT})?\s?[/-]\s?(?P<second>{_NUMBER})\s?"
    r"(?P<both>mg|mcg|g|gm)\b(?!\s?/)",
    re.IGNORECASE,
)
_TOTAL = re.compile(rf"\((?P<inner>{_amount('')})\)\s*$", re.IGNORECASE)
_ALONE = re.compile(rf"\bper\s+(?P<unit>{_UNIT}){_END}", re.IGNORECASE)
_LIMIT = re.compile(r"\b(?:greater than|less than|over|at least|minimum)\b", re.IGNORECASE)


def billing_unit(title: str) -> BillingUnit | None:
    """What one unit of a descriptor is; None where it is not an amount ("per study dose").

    >>> billing_unit("Injection, ketorolac tromethamine, per 15 mg").shown
    '15 mg'
    >>> billing_unit("Injection, ceftolozane 50 mg and tazobactam 25 mg").shown
    '50 mg and 25 mg'
    """
    text = _folded(title)
    if _LIMIT.search(text):
        return None
    if (total := _TOTAL.search(text)) is not None:
        return BillingUnit((_read(total, ""),))
    if re.search(r"mg/ml|microcuries, up to|millicuries, up to", text):
        per = [_read(m, "") for m in _ONE.finditer(re.sub(r"[\d.,-]+ ?mg/ml", " ", text))]
        alone = [a for a in per if a.dimension is Dimension.VOLUME] or _alone(text)
        if "curies, up to" in text:
            alone = per[:1]
        return BillingUnit(tuple(alone[:1])) if alone else None
    found = [_read(match, "") for match in _ONE.finditer(text)]
    doses = [each for each in found if each.dimension is not Dimension.VOLUME]
    volumes = [each for each in found if each.dimension is Dimension.VOLUME]
    if doses and volumes:
        return BillingUnit(tuple(volumes[:1]))
    components = tuple(doses or volumes or _alone(text))
    if not components or len({each.dimension for each in components}) > 1:
        return None
    return BillingUnit(components)


def read_order(text: str) -> Order:
    """The dose of a text: given, per container, discarded.

    >>> [a.shown for a in read_order("albuterol neb 2.5 mg/3 mL").amounts]
    ['2.5 mg']
    >>> read_order("3 mL of 0.083% albuterol").steps
    ('3 mL of 0.083% hold 2.49 mg',)
    """
    rest = _folded(text)
    steps: list[str] = []
    no_waste = _NO_WASTE.search(rest) is not None
    rest = _NO_WASTE.sub(" ", rest)
    wasted = None
    if (match := _WASTED.search(rest)) is not None:
        wasted = _read(match, "" if match["number"] else "2")
        rest = _cut(rest, match)
    container, rest = _container(rest)
    weighed, rest = _by_weight(rest, steps)
    multiplied, rest = _multiplied(rest, steps)
    strength, rest = _strength(rest)
    amounts = list(weighed or multiplied)
    if not amounts:
        amounts, rest = _combined(rest)
    if not amounts:
        amounts = [_read(match, "") for match in _ONE.finditer(rest)]
    amounts = _of_one_kind(amounts)
    whole = strength is not None and strength[1].value != 1
    if not amounts and strength is not None and whole:
        amounts = [strength[0]]
    if not amounts and container is not None and (no_waste or wasted is not None):
        given = container.value - (wasted.value if wasted else 0)
        amounts = [Amount(given, container.dimension, show(given, container.dimension))]
    order = Order(tuple(amounts), strength, container, wasted, no_waste, tuple(steps))
    return _dissolved(order)


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
    steps.append(f"{shown} at {each} a unit = {_number(exact)} {_units(exact)}{more}")
    discarded = _discarded(order, given, count, one, wanted, steps)
    return Units(count, discarded, tuple(steps))


def show(value: Fraction, dimension: Dimension) -> str:
    """An amount as a person writes it.

    >>> show(Fraction(2500), Dimension.MASS), show(Fraction(1200000), Dimension.UNITS)
    ('2.5 mg', '1,200,000 units')
    """
    if dimension is Dimension.MASS:
        for name, size in (("g", 1_000_000), ("mg", 1000), ("mcg", 1)):
            if value >= size * (5 if name == "g" else 1) or name == "mcg":
                return f"{_number(value / size)} {name}"
    if dimension is Dimension.ACTIVITY and value >= 1000:
        return f"{_number(value / 1000)} mCi"
    return f"{_number(value)} {dimension.value}"


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
            return Amount(value, wanted, show(value, wanted))
        if amount.dimension is drug.dimension and wanted is Dimension.VOLUME:
            value = amount.value * volume.value / drug.value
            return Amount(value, wanted, show(value, wanted))
    raise DoseError(
        f"The descriptor counts in {wanted.value} and the dose is in {amount.dimension.value}: "
        "say the strength (amount in a mL)."
    )


def _dissolved(order: Order) -> Order:
    """The order with a volume told as the drug it holds, where the strength is known."""
    if order.strength is None or len(order.amounts) != 1:
        return order
    (amount,) = order.amounts
    drug, volume = order.strength
    if amount.dimension is not Dimension.VOLUME:
        return order
    value = amount.value * drug.value / volume.value
    held = show(value, drug.dimension)
    step = (
        f"{amount.shown} of {drug.shown if '%' in drug.shown else _per(order.strength)} hold {held}"
    )
    kept = (*order.steps, step)
    return Order(
        (Amount(value, drug.dimension, held),), order.strength, order.container, order.wasted,
        order.no_waste, kept,
    )  # fmt: skip


def _per(strength: tuple[Amount, Amount]) -> str:
    drug, volume = strength
    return f"{drug.shown}/{volume.shown}" if volume.value != 1 else f"{drug.shown}/mL"


def _container(text: str) -> tuple[Amount | None, str]:
    match = _CONTAINER.search(text)
    if match is None or not re.search(_HOLDER, match.group(), re.IGNORECASE):
        return None, text
    amount = _read(match, "")
    count = _count(match["count"])
    value = amount.value * count
    return Amount(value, amount.dimension, show(value, amount.dimension)), _cut(text, match)


def _by_weight(text: str, steps: list[str]) -> tuple[list[Amount], str]:
    match = _PER_WEIGHT.search(text)
    if match is None:
        return [], text
    rest = _cut(text, match)
    area = match["by"].casefold().startswith(("m", "s"))
    for weight in _WEIGHT.finditer(rest):
        unit = weight["unit"].casefold()
        if unit.startswith(("m", "s")) != area:
            continue
        size = _fraction(weight["number"])
        if unit.startswith(("lb", "pound")):
            size *= _KG_A_POUND
        dose = _read(match, "")
        value = dose.value * size
        steps.append(f"{match.group()} × {weight.group()} = {show(value, dose.dimension)}")
        return [Amount(value, dose.dimension, show(value, dose.dimension))], _cut(rest, weight)
    raise DoseError("The dose is by weight or body surface, which the text does not state.")


def _multiplied(text: str, steps: list[str]) -> tuple[list[Amount], str]:
    match = _TIMES.search(text)
    if match is None:
        return [], text
    for name, times in (("", "count"), ("2", "times"), ("3", "holders"), ("4", "before")):
        if match[f"number{name}"]:
            count, amount = _count(match[times]), _read(match, name)
            value = amount.value * count
            if count > 1:
                steps.append(f"{count} × {amount.shown} = {show(value, amount.dimension)}")
            found = Amount(value, amount.dimension, show(value, amount.dimension))
            # "2 x 3 mL of 0.083%" keeps its strength for later.
            return [found], _cut(text, match)
    return [], text


def _strength(text: str) -> tuple[tuple[Amount, Amount] | None, str]:
    if (match := _STRENGTH.search(text)) is not None:
        size = _fraction(match["volume"]) if match["volume"] else Fraction(1)
        drug = _read(match, "")
        if drug.dimension is not Dimension.VOLUME and size:
            volume = Amount(size, Dimension.VOLUME, f"{_number(size)} mL")
            return (drug, volume), _cut(text, match)
    if (match := _PERCENT.search(text)) is not None:
        value = _fraction(match["percent"]) * 10_000  # 1% is 10 mg in a mL
        drug = Amount(value, Dimension.MASS, match.group().replace(" ", ""))
        return (drug, Amount(Fraction(1), Dimension.VOLUME, "1 mL")), _cut(text, match)
    if (match := _U_STRENGTH.search(text)) is not None:
        drug = Amount(Fraction(match[1]), Dimension.UNITS, f"{match[1]} units")
        return (drug, Amount(Fraction(1), Dimension.VOLUME, "1 mL")), _cut(text, match)
    return None, text


def _combined(text: str) -> tuple[list[Amount], str]:
    """The two amounts of "2.5-0.5 mg" and "800/160 mg"."""
    match = _COMBINED.search(text)
    if match is None:
        return [], text
    dimension, size = _UNIT_NAMES[_unit_name(match["both"])]
    values = [_fraction(match[name]) * size for name in ("first", "second")]
    return [Amount(value, dimension, show(value, dimension)) for value in values], _cut(text, match)


def _of_one_kind(amounts: list[Amount]) -> list[Amount]:
    """The drug's amounts; a volume beside them says in what it was given.

    The same amount in other units is said twice, not given twice: "0.5 g (500 mg)".
    """
    drug = [amount for amount in amounts if amount.dimension is not Dimension.VOLUME]
    kept = drug or amounts[:1]
    first = [amount for amount in kept if kept and amount.dimension is kept[0].dimension]
    unique: dict[Fraction, Amount] = {}
    for amount in first:
        unique.setdefault(amount.value, amount)
    return list(unique.values())


def _alone(text: str) -> list[Amount]:
    """The unit of "per milligram"."""
    match = _ALONE.search(text)
    if match is None:
        return []
    dimension, size = _UNIT_NAMES[_unit_name(match["unit"])]
    return [Amount(size, dimension, f"1 {_unit_name(match['unit'])}")]


def _read(match: re.Match[str], name: str) -> Amount:
    unit = _unit_name(match[f"unit{name}"])
    dimension, size = _UNIT_NAMES[unit]
    scale = (match[f"scale{name}"] or match[f"short{name}"] or "").strip().casefold()
    value = _fraction(match[f"number{name}"]) * size * _SCALES.get(scale, 1)
    number = match[f"number{name}"]
    label = {"ml": "mL", "meq": "mEq", "uci": "uCi", "mci": "mCi"}.get(unit, unit)
    return Amount(value, dimension, f"{number}{' ' + scale if scale else ''} {label}")


def _unit_name(word: str) -> str:
    for name, words in _UNIT_WORDS:
        if re.fullmatch(words, word, re.IGNORECASE):
            return name
    raise DoseError(f"{word} is not a unit of dose.")


def _count(word: str | None) -> int:
    if not word:
        return 1
    return int(word) if word.isdigit() else _WORD_COUNTS[word.casefold()]


def _fraction(number: str) -> Fraction:
    plain = number.replace(",", "")
    return Fraction(f"0{plain}" if plain.startswith(".") else plain)


def _number(value: Fraction) -> str:
    if value.denominator == 1:
        return f"{value.numerator:,}"
    return f"{float(value):,.4f}".rstrip("0").rstrip(".")


def _units(value: Fraction) -> str:
    return "unit" if value == 1 else "units"


def _cut(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} ; {text[match.end() :]}"


def _folded(text: str) -> str:
    plain = text.replace("µ", "mc").replace("μ", "mc").replace("\u2013", "-").replace("\u2014", "-")
    plain = re.sub(r"\bmcgr?\b", "mcg", plain)
    return " ".join(plain.split())


__all__ = ["Amount", "BillingUnit", "Dimension", "Order", "Units", "bill",
           "billing_unit", "read_order", "show"]  # fmt: skip
