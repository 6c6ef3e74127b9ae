"""ICD-10-PCS definitions, in CMS's XML: operations, approaches, and the body part and device keys.

Under each section the file defines values of an axis: what a root operation is, with explanation
and examples; what an approach is; which anatomical terms a body part covers; which products a
device or substance value covers. A last part, the device aggregation table, says which general
device value stands for a specific one outside the body systems that distinguish it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.formats.elements import Node, Schema, read_records
from codesets.formats.source import Source, as_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

ROOT = "ICD10PCS.definitions"
_SECTION = ("section",)
_AGGREGATION = ("deviceAggregation",)
_RECORDS = (("version",), ("title",), _SECTION, _AGGREGATION)


@dataclass(frozen=True, slots=True)
class PcsDefinition:
    """What one or more values of an axis mean; ``includes`` are the terms the values cover."""

    section: str
    position: int
    axis: str
    labels: tuple[str, ...]
    definition: str | None
    explanation: str | None
    includes: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class DeviceAggregation:
    """A specific device, and the general value that stands for it in other body systems."""

    device: str
    operation: str
    body_systems: tuple[str, ...]
    parent_value: str
    parent: str
    line: int


def read_definitions(where: Path | str | Source) -> Iterator[PcsDefinition]:
    """Definitions in printed order, section by section."""
    source = as_source(where)
    schema = Schema(source)
    found = False
    for path, node in read_records(source, ROOT, _RECORDS):
        if path == _SECTION:
            found = True
            yield from _section(node, schema)
    if not found:
        raise schema.error(None, "at least one <section>")


def read_aggregations(where: Path | str | Source) -> Iterator[DeviceAggregation]:
    """The device aggregation table, in printed order."""
    source = as_source(where)
    schema = Schema(source)
    for path, node in read_records(source, ROOT, _RECORDS):
        if path != _AGGREGATION:
            continue
        schema.only(node, ("aggregate",))
        for part in node.all("aggregate"):
            schema.only(part, ("device", "operation", "bodySys", "parent"))
            parent = schema.one(part, "parent")
            yield DeviceAggregation(
                schema.one(part, "device").text,
                schema.one(part, "operation").text,
                part.texts("bodySys"),
                schema.attribute(parent, "value"),
                parent.text,
                part.line,
            )


class PcsDefinitions:
    """Definitions of one release, found by section, character position and label."""

    def __init__(self, definitions: Iterable[PcsDefinition]) -> None:
        self._found: dict[tuple[str, int, str], PcsDefinition] = {}
        for entry in definitions:
            for label in entry.labels:
                self._found.setdefault((entry.section, entry.position, label.casefold()), entry)

    def find(self, section: str, position: int, label: str) -> PcsDefinition | None:
        """What ``label`` means as character ``position`` of a code of the section."""
        return self._found.get((section, position, label.casefold()))


def _section(node: Node, schema: Schema) -> Iterator[PcsDefinition]:
    schema.only(node, ("title", "axis"))
    section = schema.attribute(node, "code")
    for axis in node.all("axis"):
        schema.only(axis, ("title", "terms"))
        position = schema.attribute(axis, "pos")
        if position not in {"3", "4", "5", "6", "7"}:
            raise schema.error(axis.line, f"an axis position 3 to 7, found {position!r}")
        for terms in axis.all("terms"):
            schema.only(terms, ("title", "definition", "explanation", "includes"))
            labels = terms.texts("title")
            if not labels:
                raise schema.error(terms.line, "at least one <title> in <terms>")
            yield PcsDefinition(
                section,
                int(position),
                schema.title(axis).text,
                labels,
                _optional(terms, "definition"),
                _optional(terms, "explanation"),
                terms.texts("includes"),
                terms.line,
            )


def _optional(node: Node, tag: str) -> str | None:
    found = node.first(tag)
    return found.text if found else None
