"""The ICD-10-CM Table of Drugs and Chemicals and Neoplasm Table, in CDC/NCHS's XML.

Both are indexes whose terms carry six cells, one a column; the heading names the columns and is
checked word for word, so that a table with its columns in another order is refused and not misread.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from codesets.formats.index import ROOT
from codesets.formats.source import Source, as_source
from codesets.formats.terms import identify, modifiers, plain_title
from codesets.formats.walking import Placed, TermReader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from codesets.formats.elements import Node

_PARTS = frozenset({"title", "cell", "see", "seeAlso", "manif", "note", "term"})
_CODE = re.compile(r"[A-Z](?:[0-9][0-9A-Z]|[A-Z][0-9])(?:\.(?:[0-9A-Z]{1,4})?)?-?")
_NO_CODE = frozenset({"", "-", "--", "—", "–"})


class DrugColumn(StrEnum):
    """Columns of the Table of Drugs and Chemicals, in printed order (Guidelines I.C.19.e)."""

    ACCIDENTAL = "poisoning-accidental"
    SELF_HARM = "poisoning-intentional-self-harm"
    ASSAULT = "poisoning-assault"
    UNDETERMINED = "poisoning-undetermined"
    ADVERSE_EFFECT = "adverse-effect"
    UNDERDOSING = "underdosing"


class NeoplasmColumn(StrEnum):
    """Columns of the Neoplasm Table, in printed order (Guidelines I.C.2)."""

    MALIGNANT_PRIMARY = "malignant-primary"
    MALIGNANT_SECONDARY = "malignant-secondary"
    IN_SITU = "in-situ"
    BENIGN = "benign"
    UNCERTAIN = "uncertain-behavior"
    UNSPECIFIED = "unspecified-behavior"


class SiteMark(StrEnum):
    """Signs that the Neoplasm Table prints after a site, in the editions that carry them.

    ``SKIN`` (``*``): squamous cell and epidermoid carcinomas of the site go to malignant neoplasm
    of skin of that site, papillomas to benign neoplasm of skin. ``BONE`` (``◊``): a carcinoma or
    adenocarcinoma there, unless intraosseous or odontogenic, is taken as metastatic from an
    unspecified primary site.
    """

    SKIN = "*"
    BONE = "◊"


_DRUG_HEADS = (
    "Substance",
    "Poisoning Accidental (unintentional)",
    "Poisoning Intentional self-harm",
    "Poisoning Assault",
    "Poisoning Undetermined",
    "Adverse effect",
    "Underdosing",
)
_NEOPLASM_HEADS = (
    "Neoplasm",
    "Malignant Primary",
    "Malignant Secondary",
    "Ca in situ",
    "Benign",
    "Uncertain Behavior",
    "Unspecified Behavior",
)
# Editions differ in the signs' exact characters.
_MARKS = {"*": SiteMark.SKIN, "◊": SiteMark.BONE, "◇": SiteMark.BONE, "♦": SiteMark.BONE}


@dataclass(frozen=True, slots=True)
class _TableTerm(Placed):
    """What terms of both tables have; ``cells`` are as printed, None where no code applies.

    ``path``, ``modifiers``, ``see``, ``see_also``, ``order`` and ``line`` are as in ``IndexTerm``.
    A code ending in ``-`` needs more characters.
    """

    id: str
    letter: str
    path: tuple[str, ...]
    modifiers: tuple[str, ...]
    cells: tuple[str | None, ...]
    see: tuple[str, ...]
    see_also: tuple[str, ...]
    order: int
    line: int


@dataclass(frozen=True, slots=True)
class DrugTerm(_TableTerm):
    """One substance of the Table of Drugs and Chemicals, with its six codes."""

    def code(self, column: DrugColumn) -> str | None:
        """The code of a column as printed; None where the table gives none."""
        return self.cells[list(DrugColumn).index(column)]


@dataclass(frozen=True, slots=True)
class NeoplasmTerm(_TableTerm):
    """One site of the Neoplasm Table, with its six codes and any marks."""

    marks: tuple[SiteMark, ...] = ()

    def code(self, column: NeoplasmColumn) -> str | None:
        """The code of a column as printed; None where the table gives none."""
        return self.cells[list(NeoplasmColumn).index(column)]

    @property
    def is_note(self) -> bool:
        """Whether this entry is an instruction printed among the sites."""
        return self.title.startswith("Note:")


def read_drugs(where: Path | str | Source) -> Iterator[DrugTerm]:
    """Substances in printed order, a main term before its subterms.

    FormatError for another table, other columns, or a cell that is neither a code nor a dash.
    """
    reader = _Reader(as_source(where), _DRUG_HEADS)
    for term in reader.read():
        yield DrugTerm(
            term.id,
            term.letter,
            term.path,
            term.modifiers,
            term.cells,
            term.see,
            term.see_also,
            term.order,
            term.line,
        )


def read_neoplasms(where: Path | str | Source) -> Iterator[NeoplasmTerm]:
    """Sites in printed order below the one main term, with marks taken out of their titles.

    FormatError for another table, other columns, or a cell that is not a code.
    """
    reader = _Reader(as_source(where), _NEOPLASM_HEADS)
    for term in reader.read():
        marks = tuple(dict.fromkeys(_MARKS[sign] for sign in term.title if sign in _MARKS))
        yield NeoplasmTerm(
            term.id,
            term.letter,
            tuple(_unmarked(title) for title in term.path),
            term.modifiers,
            term.cells,
            term.see,
            term.see_also,
            term.order,
            term.line,
            marks,
        )


def _unmarked(title: str) -> str:
    return "".join(sign for sign in title if sign not in _MARKS).strip()


class _Reader(TermReader[_TableTerm]):
    root = ROOT
    heading = (("indexHeading",),)

    def __init__(self, source: Source, heads: tuple[str, ...]) -> None:
        super().__init__(source)
        self._heads = heads
        self._headed = False

    def check_heading(self, node: Node) -> None:
        heads = node.all("head")
        found = tuple(head.text for head in heads)
        columns = tuple(self.schema.attribute(head, "col") for head in heads)
        if found != self._heads or columns != ("1", "2", "3", "4", "5", "6", "7"):
            raise self.schema.error(node.line, f"the columns {', '.join(self._heads)}")
        self._headed = True

    def term(self, node: Node, above: tuple[str, ...]) -> Iterator[_TableTerm]:
        if not self._headed:
            raise self.schema.error(node.line, "<indexHeading> before the first term")
        self.schema.only(node, _PARTS)
        title = self.schema.title(node)
        self.schema.only(title, ("nemod",))
        path = (*above, plain_title(title, node.texts("manif")))
        yield _TableTerm(
            id=identify(path, self.seen),
            letter=self.letter,
            path=path,
            modifiers=modifiers(title),
            cells=self._cells(node),
            see=node.texts("see"),
            see_also=node.texts("seeAlso"),
            order=self.order,
            line=node.line,
        )
        yield from self.below(node.all("term"), path)

    def _cells(self, node: Node) -> tuple[str | None, ...]:
        cells: list[str | None] = [None] * 6
        last = 1
        for cell in node.all("cell"):
            column = self.schema.attribute(cell, "col")
            if column not in {"2", "3", "4", "5", "6", "7"} or int(column) <= last:
                raise self.schema.error(cell.line, f"columns 2 to 7 in order, found {column!r}")
            last = int(column)
            text = cell.text
            if text in _NO_CODE:
                continue
            if not _CODE.fullmatch(text):
                raise self.schema.error(cell.line, f"an ICD-10-CM code or a dash, found {text!r}")
            cells[last - 2] = text
        return tuple(cells)
