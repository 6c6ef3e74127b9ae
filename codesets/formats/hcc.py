"""CMS-HCC and RxHCC: which diagnoses fall into which payment category, model by model.

CMS's table has one column a model with the category, then one column a model that says whether the
code counts for payment in the year named. A code that falls into two categories of a model repeats
on a second line, with dashes for the models that have nothing to add.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.errors import FormatError
from codesets.formats.source import Source, as_source, rows
from codesets.notation import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CATEGORY = re.compile(r"(CMS-HCC|RxHCC)( ESRD)? Model Category (V[0-9]+)")
_PAYMENT = re.compile(
    r"(CMS-HCC|RxHCC)( ESRD)? Model Category (V[0-9]+) for ([0-9]{4}) Payment Year"
)
_CODE = re.compile(r"[A-Z](?:[0-9][0-9A-Z]|[A-Z][0-9])[0-9A-Z]{0,4}")
_NOTICE = 10


@dataclass(frozen=True, slots=True)
class HccModel:
    """One risk-adjustment model: ``CMS-HCC`` or ``RxHCC``, its version, for dialysis or not."""

    family: str
    version: str
    esrd: bool


@dataclass(frozen=True, slots=True)
class HccMapping:
    """One diagnosis in one category of one model.

    ``pays`` says whether it counts for payment in ``payment_year``, the year the columns name.
    """

    code: str
    title: str
    model: HccModel
    category: int
    pays: bool
    payment_year: int
    line: int


@dataclass(frozen=True, slots=True)
class _Column:
    model: HccModel
    category: int
    payment: int
    year: int


def read_hcc(where: Path | str | Source) -> Iterator[HccMapping]:
    """Mappings in file order, one for each code, model and category; codes dotted.

    FormatError when no heading names the models, a category is no number, or a code's payment
    column says neither yes nor no.
    """
    source = as_source(where)
    table = rows(source)
    columns = _heading(source, table)
    begun = False
    for number, row in table:
        if not any(row):
            if begun:
                # Notes and the source stand below a blank row.
                return
            continue
        begun = True
        if len(row) < 2 + 2 * len(columns) or not _CODE.fullmatch(row[0]):
            raise FormatError(
                str(source), number, f"an ICD-10-CM code and its categories, found {row[:2]}"
            )
        yield from _mappings(source, number, row, columns)
    expected = "the notes below the table" if begun else "at least one code below the heading"
    raise FormatError(str(source), None, f"{expected} (the file may be cut short)")


def _heading(source: Source, table: Iterator[tuple[int, tuple[str, ...]]]) -> list[_Column]:
    for number, row in table:
        names = [" ".join(name.split()) for name in row]
        if names[:2] == ["Diagnosis Code", "Description"]:
            return _columns(source, number, names)
        if number > _NOTICE:
            break
    raise FormatError(str(source), None, "a heading that begins Diagnosis Code, Description")


def _columns(source: Source, number: int, names: list[str]) -> list[_Column]:
    payments: dict[HccModel, tuple[int, int]] = {}
    categories: dict[HccModel, int] = {}
    for at, name in enumerate(names):
        if match := _PAYMENT.fullmatch(name):
            payments[_model(match)] = (at, int(match.group(4)))
        elif match := _CATEGORY.fullmatch(name):
            categories[_model(match)] = at
        elif at > 1 and name:
            raise FormatError(str(source), number, f"a model in every column, found {name!r}")
    if not categories or categories.keys() != payments.keys():
        raise FormatError(str(source), number, "a category and a payment column for each model")
    return [_Column(model, at, *payments[model]) for model, at in categories.items()]


def _model(match: re.Match[str]) -> HccModel:
    return HccModel(match.group(1), match.group(3), match.group(2) is not None)


def _mappings(
    source: Source, number: int, row: tuple[str, ...], columns: list[_Column]
) -> Iterator[HccMapping]:
    for column in columns:
        category, pays = row[column.category], row[column.payment]
        if pays not in ("Yes", "No", "--"):
            raise FormatError(str(source), number, f"Yes, No or --, found {pays!r}")
        if category in ("", "--"):
            continue
        if not category.isdigit():
            raise FormatError(str(source), number, f"a category number, found {category!r}")
        yield HccMapping(
            dotted(row[0]), row[1], column.model, int(category), pays == "Yes", column.year, number
        )
