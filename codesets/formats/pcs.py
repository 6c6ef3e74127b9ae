"""ICD-10-PCS tables, in CMS's XML: build a code, explain a code, expand every code.

A table is named by the first three characters (section, body system, operation). Each of its rows
allows any combination of its values for characters 4 to 7; a code is valid when some single row
allows all four (ICD-10-PCS Official Guidelines, A9).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import prod
from typing import TYPE_CHECKING

from codesets.errors import AxisError, NotationError
from codesets.formats.elements import Node, Schema, read_records
from codesets.formats.source import Source, as_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from codesets.formats.pcs_definitions import PcsDefinitions

ROOT = "ICD10PCS.tabular"
_TABLE = ("pcsTable",)
_RECORDS = (("version",), ("title",), _TABLE)
# I and O are left out so that they are not taken for 1 and 0.
_CHARACTERS = frozenset("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ")
_LENGTH = 7


@dataclass(frozen=True, slots=True)
class PcsValue:
    """One value of an axis: its character and its label."""

    character: str
    label: str

    def __str__(self) -> str:
        return f"{self.character} {self.label}"


@dataclass(frozen=True, slots=True)
class PcsAxis:
    """One character position (1 to 7) of a table or row, with the values it allows there."""

    position: int
    title: str
    values: tuple[PcsValue, ...]
    definition: str | None = None

    def value(self, character: str) -> PcsValue | None:
        """The value with this character."""
        return next((value for value in self.values if value.character == character), None)


@dataclass(frozen=True, slots=True)
class PcsRow:
    """One row: characters 4 to 7, every combination of which is a valid code."""

    axes: tuple[PcsAxis, ...]
    line: int

    def size(self) -> int:
        """How many codes the row allows."""
        return prod(len(axis.values) for axis in self.axes)


@dataclass(frozen=True, slots=True)
class PcsTable:
    """One table. ``axes`` are its first three characters, each with a single value."""

    axes: tuple[PcsAxis, ...]
    rows: tuple[PcsRow, ...]
    line: int

    @property
    def prefix(self) -> str:
        """The three characters that name the table."""
        return "".join(axis.values[0].character for axis in self.axes)

    def expand(self) -> Iterator[str]:
        """Every valid code of the table, row by row."""
        prefix = self.prefix
        for row in self.rows:
            for values in product(*([v.character for v in axis.values] for axis in row.axes)):
                yield prefix + "".join(values)


@dataclass(frozen=True, slots=True)
class PcsChoice:
    """What one character of a code says. ``includes`` are the anatomical or device key's terms."""

    position: int
    axis: str
    character: str
    label: str
    definition: str | None = None
    explanation: str | None = None
    includes: tuple[str, ...] = ()


def read_tables(where: Path | str | Source) -> Iterator[PcsTable]:
    """Tables in printed order.

    FormatError where an axis does not hold the number of values, or a row the number of codes,
    that the file declares for it.
    """
    source = as_source(where)
    schema = Schema(source)
    found = False
    for path, node in read_records(source, ROOT, _RECORDS):
        if path == _TABLE:
            found = True
            yield _table(node, schema)
    if not found:
        raise schema.error(None, "at least one <pcsTable>")


class PcsTables:
    """The tables of one release, to build and explain codes with."""

    def __init__(self, tables: Iterable[PcsTable]) -> None:
        self._tables = {table.prefix: table for table in tables}

    def __len__(self) -> int:
        return len(self._tables)

    def __iter__(self) -> Iterator[PcsTable]:
        return iter(self._tables.values())

    def codes(self) -> Iterator[str]:
        """Every valid code, table by table."""
        for table in self:
            yield from table.expand()

    def options(self, prefix: str) -> PcsAxis:
        """What may follow ``prefix`` (0 to 6 characters), with the axis's title.

        AxisError, naming the axis, when the prefix itself is not allowed; NotationError when it
        cannot begin a code.
        """
        prefix = _characters(prefix)
        if len(prefix) >= _LENGTH:
            raise NotationError(f"{prefix} has no character left to choose: a code has {_LENGTH}.")
        for position in range(1, len(prefix) + 1):
            self._require(prefix, position)
        return self._following(prefix)

    def build(self, prefix: str, *choices: str) -> str:
        """The code that begins with ``prefix``, each choice (character or label) in its turn.

        AxisError names the first axis that does not allow its choice, and what it does allow.
        NotationError when there are more or fewer characters than a code has.
        """
        code = _characters(prefix)
        for choice in choices:
            axis = self.options(code)
            code += self._pick(code, axis, choice)
        if len(code) != _LENGTH:
            raise NotationError(f"{code} has {len(code)} characters, an ICD-10-PCS code {_LENGTH}.")
        self._check(code)
        return code

    def explain(
        self, code: str, definitions: PcsDefinitions | None = None
    ) -> tuple[PcsChoice, ...]:
        """What each of the seven characters says, with definitions where they are given.

        AxisError names the first axis that does not allow its character.
        """
        code = _characters(code)
        if len(code) != _LENGTH:
            raise NotationError(f"{code} has {len(code)} characters, an ICD-10-PCS code {_LENGTH}.")
        choices = []
        for position in range(1, _LENGTH + 1):
            axis, value = self._require(code, position)
            entry = definitions.find(code[0], position, value.label) if definitions else None
            choices.append(
                PcsChoice(
                    position,
                    axis.title,
                    value.character,
                    value.label,
                    axis.definition or (entry.definition if entry else None),
                    entry.explanation if entry else None,
                    entry.includes if entry else (),
                )
            )
        return tuple(choices)

    def is_valid(self, code: str) -> bool:
        """Whether a row allows the code."""
        try:
            self.explain(code)
        except (AxisError, NotationError):
            return False  # no row allows it, or it is no code at all
        return True

    def _check(self, code: str) -> None:
        for position in range(1, _LENGTH + 1):
            self._require(code, position)

    def _require(self, code: str, position: int) -> tuple[PcsAxis, PcsValue]:
        axis = self._following(code[: position - 1])
        value = axis.value(code[position - 1])
        if value is None:
            raise AxisError(
                code, position, axis.title, code[position - 1], tuple(str(v) for v in axis.values)
            )
        return axis, value

    def _following(self, prefix: str) -> PcsAxis:
        """The values that some code beginning with the (allowed) prefix has next."""
        if len(prefix) < 3:
            axes = [t.axes[len(prefix)] for t in self if t.prefix.startswith(prefix)]
        else:
            rows = self._tables[prefix[:3]].rows
            axes = [row.axes[len(prefix) - 3] for row in rows if _allows(row, prefix[3:])]
        values = {value.character: value for axis in axes for value in axis.values}
        definitions = {axis.definition for axis in axes}
        return PcsAxis(
            len(prefix) + 1,
            axes[0].title,
            tuple(values[character] for character in sorted(values)),
            definitions.pop() if len(definitions) == 1 else None,
        )

    @staticmethod
    def _pick(code: str, axis: PcsAxis, choice: str) -> str:
        wanted = choice.strip().casefold()
        for value in axis.values:
            if wanted in (value.character.casefold(), value.label.casefold()):
                return value.character
        raise AxisError(
            code, axis.position, axis.title, choice.strip(), tuple(str(v) for v in axis.values)
        )


def _allows(row: PcsRow, characters: str) -> bool:
    return all(axis.value(c) for axis, c in zip(row.axes, characters, strict=False))


def _characters(text: str) -> str:
    code = text.strip().upper().replace(".", "")
    wrong = sorted(set(code) - _CHARACTERS)
    if wrong or len(code) > _LENGTH:
        raise NotationError(
            f"{text.strip()[:20]!r} is not an ICD-10-PCS code: seven characters, digits and "
            "letters without I and O."
        )
    return code


def _table(node: Node, schema: Schema) -> PcsTable:
    schema.only(node, ("axis", "pcsRow"))
    axes = tuple(_axis(axis, schema) for axis in node.all("axis"))
    if [axis.position for axis in axes] != [1, 2, 3] or any(len(a.values) != 1 for a in axes):
        raise schema.error(node.line, "axes 1, 2 and 3 with one value each in <pcsTable>")
    rows = tuple(_row(row, schema) for row in node.all("pcsRow"))
    if not rows:
        raise schema.error(node.line, "at least one <pcsRow> in <pcsTable>")
    return PcsTable(axes, rows, node.line)


def _row(node: Node, schema: Schema) -> PcsRow:
    schema.only(node, ("axis",))
    row = PcsRow(tuple(_axis(axis, schema) for axis in node.all("axis")), node.line)
    if [axis.position for axis in row.axes] != [4, 5, 6, 7]:
        raise schema.error(node.line, "axes 4, 5, 6 and 7 in <pcsRow>")
    declared = schema.attribute(node, "codes")
    if declared != str(row.size()):
        raise schema.error(node.line, f"{declared} codes in this row, found {row.size()}")
    return row


def _axis(node: Node, schema: Schema) -> PcsAxis:
    schema.only(node, ("title", "label", "definition"))
    position = schema.attribute(node, "pos")
    if position not in {"1", "2", "3", "4", "5", "6", "7"}:
        raise schema.error(node.line, f"an axis position 1 to 7, found {position!r}")
    values = []
    for label in node.all("label"):
        character = schema.attribute(label, "code")
        if len(character) != 1 or character not in _CHARACTERS:
            raise schema.error(label.line, f"one ICD-10-PCS character, found {character!r}")
        values.append(PcsValue(character, label.text))
    declared = schema.attribute(node, "values")
    if declared != str(len(values)):
        raise schema.error(node.line, f"{declared} labels on this axis, found {len(values)}")
    definition = node.first("definition")
    return PcsAxis(
        int(position),
        schema.title(node).text,
        tuple(values),
        definition.text if definition else None,
    )
