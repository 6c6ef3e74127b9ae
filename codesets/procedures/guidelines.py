"""Sections of the ICD-10-PCS Official Guidelines in our own words, and those a code rests on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from codesets.procedures.lexicon import read_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

_BY_OPERATION = {
    "Excision": ("B3.8",),
    "Resection": ("B3.8",),
    "Bypass": ("B3.6a",),
    "Control": ("B3.7",),
    "Fusion": ("B3.10a",),
    "Inspection": ("B3.11a",),
    "Occlusion": ("B3.12",),
    "Restriction": ("B3.12",),
    "Release": ("B3.13",),
    "Division": ("B3.14",),
    "Reposition": ("B3.15",),
    "Transplantation": ("B3.16",),
    "Replacement": ("B3.18",),
}


@dataclass(frozen=True, slots=True)
class ProcedureGuideline:
    """One section: its number as coders cite it, its heading and its rule, in our words."""

    number: str
    title: str
    text: str


@cache
def guidelines() -> dict[str, ProcedureGuideline]:
    """Every section, by number."""
    found = read_rows("guidelines.tsv", ("number", "title", "text"))
    return {number: ProcedureGuideline(number, title, text) for number, title, text in found}


def guidelines_for(table: str, labels: Mapping[int, str]) -> tuple[ProcedureGuideline, ...]:
    """The sections that decide a code of ``table``, whose axes have these labels by position.

    Positions without a choice are left out of ``labels``.

    >>> [g.number for g in guidelines_for("0FT", {3: "Resection", 4: "Gallbladder"})]
    ['B3.8']
    """
    numbers: list[str] = []
    operation = labels.get(3, "")
    part, device, qualifier = (labels.get(position, "") for position in (4, 6, 7))
    coronary = part.startswith("Coronary Artery")
    if table[:1] == "1":
        numbers.append("C1")
    if qualifier == "Diagnostic":
        numbers.append("B3.4a")
    elif operation == "Bypass" and coronary:
        numbers += ["B3.6b", "B3.6c"]
    elif table[:1] in ("0", "X"):
        numbers += _BY_OPERATION.get(operation, ())
    if coronary and operation != "Bypass":
        numbers.append("B4.4")
    if operation == "Fusion" and device:
        numbers.append("B3.10c")
    if table[:1] == "0" and device == "Drainage Device":
        numbers.append("B6.2")
    elif table[:1] == "0" and device and not device.startswith("No "):
        numbers.append("B6.1a")
    if "Bilateral" in part:
        numbers.append("B4.3")
    known = guidelines()
    return tuple(known[number] for number in dict.fromkeys(numbers))
