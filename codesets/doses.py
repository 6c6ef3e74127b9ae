"""The dose of a text: what is given, what the containers held, what was discarded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from codesets.amounts import (
    NUMBER,
    ONE_AMOUNT,
    UNIT,
    Amount,
    Dimension,
    amount_of,
    folded,
    fraction,
    number_text,
    pattern_of,
    read_amount,
    show,
    unit_of,
)
from codesets.errors import DoseError


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
    rf"(?<![\w.-]){pattern_of('')}\s?(?:/|per|in)\s?(?P<volume>{NUMBER})?\s?(?:mls?|ccs?)\b",
    re.IGNORECASE,
)
_PERCENT = re.compile(rf"(?<![\w.])(?P<percent>{NUMBER})\s?%", re.IGNORECASE)
_U_STRENGTH = re.compile(r"\bu-?(100|200|300|500)\b", re.IGNORECASE)
_PER_WEIGHT = re.compile(
    rf"(?<![\w.-]){pattern_of('')}\s?(?:/|per)\s?"
    r"(?P<by>kg|kilograms?|m2|m²|square meters?)(?![\w])",
    re.IGNORECASE,
)
_WEIGHT = re.compile(
    rf"(?<![\w.-])(?P<number>{NUMBER})\s?-?\s?(?P<unit>kgs?|kilograms?|lbs?|pounds?|m2|m²"
    r"|square meters?)(?![\w])",
    re.IGNORECASE,
)
_KG_A_POUND = Fraction("0.45359237")
_WASTED = re.compile(
    rf"\b(?:wast(?:ed?|age)|discard(?:ed|ing|s)?|threw away|thrown away)(?: of| was| is|:)?"
    rf"(?: the remaining)?\s+{pattern_of('')}"
    rf"|(?<![\w.-]){pattern_of('2')}\s+(?:(?:was|were|is|of (?:it|the drug))\s+)?"
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
    rf"(?:{_HOLDER}\s+(?:of|with|containing)\s+)?{pattern_of('')}"
    rf"(?:\s?/\s?(?P<volume>{NUMBER})?\s?mls?)?\s*-?(?:{_HOLDER})?",
    re.IGNORECASE,
)
_TIMES = re.compile(
    rf"(?<![\w.-]){_COUNT}\s*(?:x|×|\*|times)\s*{pattern_of('')}"
    rf"|(?<![\w.-]){pattern_of('2')}(?:\s?/\s?{NUMBER}?\s?mls?)?\s*(?:x|×|\*|times)\s*"
    r"(?P<times>\d{1,2})\b(?!\s*(?:days?|weeks?|d\b|hours?|hrs?|h\b|mins?|months?))"
    rf"|\b(?P<holders>\d{{1,2}}|{'|'.join(_WORD_COUNTS)})\s+{_HOLDER}\s+(?:of\s+)?{pattern_of('3')}"
    rf"|\b(?P<before>\d{{1,2}}|two|three|four|five|six)\s+{pattern_of('4')}\s+{_HOLDER}",
    re.IGNORECASE,
)
_COMBINED = re.compile(
    rf"(?<![\w.-])(?P<first>{NUMBER})\s?(?:{UNIT})?\s?[/-]\s?(?P<second>{NUMBER})\s?"
    r"(?P<both>mg|mcg|g|gm)\b(?!\s?/)",
    re.IGNORECASE,
)


def read_order(text: str) -> Order:
    """The dose of a text: given, per container, discarded.

    >>> [a.shown for a in read_order("albuterol neb 2.5 mg/3 mL").amounts]
    ['2.5 mg']
    >>> read_order("3 mL of 0.083% albuterol").steps
    ('3 mL of 0.083% hold 2.49 mg',)
    """
    rest = folded(text)
    steps: list[str] = []
    no_waste = _NO_WASTE.search(rest) is not None
    rest = _NO_WASTE.sub(" ", rest)
    wasted = None
    if (match := _WASTED.search(rest)) is not None:
        wasted = read_amount(match, "" if match["number"] else "2")
        rest = _cut(rest, match)
    container, rest = _container(rest)
    weighed, rest = _by_weight(rest, steps)
    multiplied, rest = _multiplied(rest, steps)
    strength, rest = _strength(rest)
    amounts = list(weighed or multiplied)
    if not amounts:
        amounts, rest = _combined(rest)
    if not amounts:
        amounts = [read_amount(match, "") for match in ONE_AMOUNT.finditer(rest)]
    amounts = _of_one_kind(amounts)
    whole = strength is not None and strength[1].value != 1
    if not amounts and strength is not None and whole:
        amounts = [strength[0]]
    if not amounts and container is not None and (no_waste or wasted is not None):
        given = container.value - (wasted.value if wasted else 0)
        amounts = [amount_of(given, container.dimension)]
    order = Order(tuple(amounts), strength, container, wasted, no_waste, tuple(steps))
    return _dissolved(order)


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
    amount = read_amount(match, "")
    count = _count(match["count"])
    value = amount.value * count
    return amount_of(value, amount.dimension), _cut(text, match)


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
        size = fraction(weight["number"])
        if unit.startswith(("lb", "pound")):
            size *= _KG_A_POUND
        dose = read_amount(match, "")
        value = dose.value * size
        steps.append(f"{match.group()} × {weight.group()} = {show(value, dose.dimension)}")
        return [amount_of(value, dose.dimension)], _cut(rest, weight)
    raise DoseError("The dose is by weight or body surface, which the text does not state.")


def _multiplied(text: str, steps: list[str]) -> tuple[list[Amount], str]:
    match = _TIMES.search(text)
    if match is None:
        return [], text
    for name, times in (("", "count"), ("2", "times"), ("3", "holders"), ("4", "before")):
        if match[f"number{name}"]:
            count, amount = _count(match[times]), read_amount(match, name)
            value = amount.value * count
            if count > 1:
                steps.append(f"{count} × {amount.shown} = {show(value, amount.dimension)}")
            found = amount_of(value, amount.dimension)
            # "2 x 3 mL of 0.083%" keeps its strength for later.
            return [found], _cut(text, match)
    return [], text


def _strength(text: str) -> tuple[tuple[Amount, Amount] | None, str]:
    if (match := _STRENGTH.search(text)) is not None:
        size = fraction(match["volume"]) if match["volume"] else Fraction(1)
        drug = read_amount(match, "")
        if drug.dimension is not Dimension.VOLUME and size:
            volume = Amount(size, Dimension.VOLUME, f"{number_text(size)} mL")
            return (drug, volume), _cut(text, match)
    if (match := _PERCENT.search(text)) is not None:
        value = fraction(match["percent"]) * 10_000  # 1% is 10 mg in a mL
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
    _, dimension, size = unit_of(match["both"])
    values = [fraction(match[name]) * size for name in ("first", "second")]
    return [amount_of(value, dimension) for value in values], _cut(text, match)


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


def _count(word: str | None) -> int:
    if not word:
        return 1
    return int(word) if word.isdigit() else _WORD_COUNTS[word.casefold()]


def _cut(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} ; {text[match.end() :]}"
