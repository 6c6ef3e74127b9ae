"""Recognise the official XML files by their root element, title and heading."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, cast

from codesets.formats.kinds import FileKind, Guess
from codesets.formats.xmlstream import End, Start, stream

if TYPE_CHECKING:
    from codesets.formats.source import Source

_ROOTS = {
    "ICD10CM.tabular": FileKind.ICD10CM_TABULAR,
    "ICD10PCS.tabular": FileKind.ICD10PCS_TABLES,
    "ICD10PCS.definitions": FileKind.ICD10PCS_DEFINITIONS,
    "ICD10PCS.index": FileKind.ICD10PCS_INDEX,
}
_INDEX = "ICD10CM.index"
_HEADS = {
    "Substance": FileKind.ICD10CM_DRUG_TABLE,
    "Neoplasm": FileKind.ICD10CM_NEOPLASM_TABLE,
}


def guess(source: Source) -> Guess:
    """The kind and fiscal year of an XML file. FormatError when it is no well-formed XML."""
    root = ""
    kind = FileKind.UNKNOWN
    release: str | None = None
    with source.open() as file:
        for event in stream(cast("BinaryIO", file), str(source)):
            if isinstance(event, Start):
                if not root:
                    root = event.tag
                    kind = _ROOTS.get(root, FileKind.UNKNOWN)
                    if kind is FileKind.UNKNOWN and root != _INDEX:
                        return Guess(kind)
                continue
            if event.tag == "version" and event.text.isdigit():
                release = f"FY{event.text}"
            elif kind is FileKind.UNKNOWN:
                kind = _index_kind(event)
            if kind is not FileKind.UNKNOWN and release is not None:
                return Guess(kind, release)
            if event.tag in ("mainTerm", "chapter", "pcsTable", "section"):
                break
    return Guess(kind, release)


def _index_kind(event: End) -> FileKind:
    """The kind of index that its title, or the first column of its table, names."""
    if event.tag == "head":
        return _HEADS.get(event.text, FileKind.UNKNOWN)
    if event.tag == "title" and "EXTERNAL CAUSE" in event.text.upper():
        return FileKind.ICD10CM_EXTERNAL_CAUSE_INDEX
    if event.tag == "title" and "INDEX TO DISEASES" in event.text.upper():
        return FileKind.ICD10CM_INDEX
    return FileKind.UNKNOWN
