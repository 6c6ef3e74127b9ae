"""Amounts of a drug as people and descriptors write them: numbers, units, and the same in print.

All arithmetic is in exact fractions of a base unit.
"""

from __future__ import annotations

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


NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
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
UNIT = "|".join(words for _, words in _UNIT_WORDS)
_SCALES = {"million": 10**6, "billion": 10**9, "thousand": 10**3, "k": 10**3, "m": 10**6}
_SCALE = (
    r"(?:\s?-?(?P<scale{0}>million|billion|thousand)|(?P<short{0}>[km])(?=\s*(?:units?|iu|u)\b))"
)
END = r"(?![\w%])"


def pattern_of(name: str) -> str:
    """The pattern of an amount whose groups end in ``name``."""
    scale = _SCALE.format(name)
    return rf"(?P<number{name}>{NUMBER})(?:{scale})?\s?-?\s?(?P<unit{name}>{UNIT}){END}"


ONE_AMOUNT = re.compile(rf"(?<![\w.-]){pattern_of('')}", re.IGNORECASE)


def show(value: Fraction, dimension: Dimension) -> str:
    """An amount as a person writes it.

    >>> show(Fraction(2500), Dimension.MASS), show(Fraction(1200000), Dimension.UNITS)
    ('2.5 mg', '1,200,000 units')
    """
    if dimension is Dimension.MASS:
        for name, size in (("g", 1_000_000), ("mg", 1000), ("mcg", 1)):
            if value >= size * (5 if name == "g" else 1) or name == "mcg":
                return f"{number_text(value / size)} {name}"
    if dimension is Dimension.ACTIVITY and value >= 1000:
        return f"{number_text(value / 1000)} mCi"
    return f"{number_text(value)} {dimension.value}"


def read_amount(match: re.Match[str], name: str) -> Amount:
    """The amount that ``pattern_of(name)`` matched."""
    unit, dimension, size = unit_of(match[f"unit{name}"])
    scale = (match[f"scale{name}"] or match[f"short{name}"] or "").strip().casefold()
    value = fraction(match[f"number{name}"]) * size * _SCALES.get(scale, 1)
    number = match[f"number{name}"]
    label = {"ml": "mL", "meq": "mEq", "uci": "uCi", "mci": "mCi"}.get(unit, unit)
    return Amount(value, dimension, f"{number}{' ' + scale if scale else ''} {label}")


def unit_of(word: str) -> tuple[str, Dimension, Fraction]:
    """A unit's short name, what it measures, and its size in base units. Raises DoseError."""
    for name, words in _UNIT_WORDS:
        if re.fullmatch(words, word, re.IGNORECASE):
            return name, *_UNIT_NAMES[name]
    raise DoseError(f"{word} is not a unit of dose.")


def fraction(number: str) -> Fraction:
    """A number as written, with its commas or its bare point."""
    plain = number.replace(",", "")
    return Fraction(f"0{plain}" if plain.startswith(".") else plain)


def number_text(value: Fraction) -> str:
    """A number as a person writes it."""
    if value.denominator == 1:
        return f"{value.numerator:,}"
    return f"{float(value):,.4f}".rstrip("0").rstrip(".")


def folded(text: str) -> str:
    """A text in one spelling of micro, dashes and blanks."""
    plain = text.replace("µ", "mc").replace("μ", "mc").replace("\u2013", "-").replace("\u2014", "-")
    plain = re.sub(r"\bmcgr?\b", "mcg", plain)
    return " ".join(plain.split())


def amount_of(value: Fraction, dimension: Dimension) -> Amount:
    """An amount that was worked out, written as a person would."""
    return Amount(value, dimension, show(value, dimension))
