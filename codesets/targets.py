"""How each kind of list that stands beside the releases is compiled."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from codesets import attributes, conversions, edits, indexes, official_guidelines, packaged
from codesets.formats.kinds import FileKind
from codesets.formats.pcs_definitions import read_aggregations, read_definitions
from codesets.periods import list_period

if TYPE_CHECKING:
    from collections.abc import Callable

    from codesets.shelf import KeptSource

    Progress = Callable[[str, int, int], None]

NCCI = (
    "NCCI edits: CMS. They name CPT codes, which are the AMA's; downloaded under its click-through "
    "licence."
)
_EDITS = frozenset({FileKind.NCCI_PTP, FileKind.NCCI_MUE, FileKind.NCCI_ADD_ONS})


def licence_of(kind: FileKind) -> str:
    """Under what terms the content of a list is used."""
    return NCCI if kind in _EDITS else packaged.LICENCE


def list_path(folder: Path, slot: str, release: str, kind: FileKind) -> Path | None:
    """Where a list's compiled file belongs; None where the kept file itself is read."""
    if kind in indexes.KINDS:
        return indexes.index_path(folder, kind, release)
    if kind in attributes.KINDS:
        return attributes.attributes_path(folder, kind, release)
    if kind is FileKind.ICD10CM_CONVERSION:
        return conversions.conversions_path(folder, release)
    if kind in _EDITS:
        return edits.edits_path(folder, slot, release)
    if kind is FileKind.ICD10CM_GUIDELINES:
        return official_guidelines.compiled_path(folder.parent, release.removesuffix("-04"))
    return None


def compile_list(
    kept: KeptSource, folder: Path, progress: Progress | None = None
) -> dict[str, int]:
    """Compile one list into its place and return its counts.

    Raises:
        FormatError: the file departs from its format; what was there stays.

    """
    kind, source = kept.kind, kept.source
    path = list_path(folder, kept.slot, kept.release, kind)
    if path is None:
        return {
            "definitions": sum(1 for _ in read_definitions(source)),
            "aggregations": sum(1 for _ in read_aggregations(source)),
        }
    if kind is FileKind.ICD10CM_GUIDELINES:
        return _guidelines(kept, folder.parent, progress)
    meta = _meta(kept)
    if kind in indexes.KINDS:
        return indexes.compile_index(kind, source, path, meta)
    if kind in attributes.KINDS:
        return attributes.compile_attributes(kind, source, path, meta)
    if kind in _EDITS:
        return edits.compile_edits(kind, source, path, meta)
    return conversions.compile_conversions(source, path, meta)


def _meta(kept: KeptSource) -> dict[str, str]:
    period = list_period(kept.release)
    return {
        "kind": kept.kind.value,
        "slot": kept.slot,
        "release": kept.release,
        "effective_from": period.first.isoformat() if period else "",
        "effective_to": period.last.isoformat() if period else "",
        "source": kept.name,
        "sha256": kept.sha256,
        "licence": licence_of(kept.kind),
    }


def _guidelines(kept: KeptSource, home: Path, progress: Progress | None) -> dict[str, int]:
    """The reader of PDFs needs a file of its own on disk."""
    with tempfile.TemporaryDirectory() as folder, kept.source.open() as stream:
        path = Path(folder) / "guidelines.pdf"
        path.write_bytes(stream.read())
        return {"sections": len(official_guidelines.install(path, home, progress))}
