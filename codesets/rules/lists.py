"""The small tables of the rules: what guidelines name by code, read once from the package."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from codesets.models import CodeRange
from codesets.notation import parse_references

_PARSED = "with "


@dataclass(frozen=True, slots=True)
class Listed:
    """Codes that one guideline section names, and why, as a clause that ends a sentence."""

    section: str
    why: str
    ranges: tuple[CodeRange, ...]


@dataclass(frozen=True, slots=True)
class Combination:
    """Codes that are one combination code together.

    ``parts``: each needs a listed code of its own. ``instead`` is the combination; ``replaced``
    counts the parts, from 0, whose place it takes. ``unless``: a listed code of these ranges
    already says it. ``only_without``: it takes the place only of codes "without" something, and
    is added to others.
    """

    section: str
    message: str
    parts: tuple[tuple[CodeRange, ...], ...]
    replaced: tuple[int, ...]
    instead: tuple[CodeRange, ...]
    unless: tuple[CodeRange, ...]
    only_without: bool


@dataclass(frozen=True, slots=True)
class Order:
    """Codes that go before others by a guideline section, unless a listed code decides it."""

    section: str
    why: str
    first: tuple[CodeRange, ...]
    then: tuple[CodeRange, ...]
    unless: tuple[CodeRange, ...]


@dataclass(frozen=True, slots=True)
class Integral:
    """A symptom and diagnoses of which it is a routine part."""

    symptom: tuple[CodeRange, ...]
    name: str
    diagnoses: tuple[CodeRange, ...]


def ranges(written: list[str]) -> tuple[CodeRange, ...]:
    """``["I10", "I50-I52", "T36-T50 with fifth or sixth character 6"]`` as ranges.

    >>> ranges(["Z55-Z65"])
    (CodeRange(first='Z55', last='Z65', condition=None),)
    """
    found: list[CodeRange] = []
    for item in written:
        if _PARSED in item:
            found += parse_references(f"({item})")
        else:
            first, _, last = item.partition("-")
            found.append(CodeRange(first, last or first))
    return tuple(found)


@cache
def guideline_list(name: str) -> tuple[Listed, ...]:
    """The entries of one kind: ``secondary_only``, ``first_only``, ``confirmed_only``."""
    return tuple(
        Listed(item["section"], item["why"], ranges(item["codes"]))
        for item in _document("guideline_lists.toml")[name]
    )


@cache
def guideline_order() -> tuple[Order, ...]:
    """The orders that guidelines fix where no note names the codes, surest first."""
    return tuple(
        Order(
            item["section"],
            item["why"],
            ranges(item["first"]),
            ranges(item["then"]),
            ranges(item.get("unless", [])),
        )
        for item in _document("guideline_lists.toml")["order"]
    )


@cache
def combinations() -> tuple[Combination, ...]:
    """Every combination, those of more parts first."""
    found = [
        Combination(
            item["section"],
            item["message"],
            tuple(ranges(part) for part in item["parts"]),
            tuple(item.get("replaced", range(len(item["parts"])))),
            ranges(item["instead"]),
            ranges(item.get("unless", [])),
            item.get("only_without", False),
        )
        for item in _document("combinations.toml")["combination"]
    ]
    return tuple(sorted(found, key=lambda item: -len(item.parts)))


@cache
def integral_symptoms() -> tuple[Integral, ...]:
    """Symptoms by the diagnoses they belong to."""
    return tuple(
        Integral(ranges(item["symptom"]), item["name"], ranges(item["diagnoses"]))
        for item in _document("integral_symptoms.toml")["integral"]
    )


def _document(name: str) -> dict[str, Any]:
    return tomllib.loads((files("codesets.rules") / "data" / name).read_text("utf-8"))
