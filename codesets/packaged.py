"""The releases that an installation carries in its packages, and how to make each of them."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from datetime import date
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from codesets.errors import FormatError, StorageError
from codesets.formats.addenda import Addenda, Revision
from codesets.models import Release, System

LICENCE = "Public domain (United States government work: CDC/NCHS and CMS)"
TABULAR = Release(
    System.ICD10CM,
    "FY2026-04",
    date(2026, 4, 1),
    date(2026, 9, 30),
    "ICD-10-CM Tabular List of Diseases and Injuries, April 1, 2026 (CDC/NCHS)",
    LICENCE,
)
_TABULAR_FILE = "icd10c-tabular-April-1-2026.xml"
_ADDENDA_FILE = "icd10cm-fy2027.toml"


@dataclass(frozen=True, slots=True)
class PackagedAddenda:
    """An addenda data file: the release it makes, the one it changes, and the changes."""

    release: Release
    base: str
    addenda: Addenda
    path: Path


def tabular_path() -> Path:
    """The Tabular List XML inside the package ``simple-icd-10-cm``.

    The package is located without importing it: its import parses this file for its own use.

    Raises:
        StorageError: the package is missing, or no longer carries this file.

    """
    spec = find_spec("simple_icd_10_cm")
    folders = (spec.submodule_search_locations if spec is not None else None) or []
    paths = [Path(folder) / "data" / _TABULAR_FILE for folder in folders]
    path = next((path for path in paths if path.is_file()), None)
    if path is None:
        raise StorageError(
            f"The package simple-icd-10-cm 1.5.0 with {_TABULAR_FILE} is not installed. "
            f"Run `pip install simple-icd-10-cm==1.5.0`."
        )
    return path


def addenda_path() -> Path:
    """Our data file of the FY2027 changes."""
    return Path(str(resources.files("codesets") / "data" / _ADDENDA_FILE))


def read_packaged_addenda(path: Path) -> PackagedAddenda:
    """Read an addenda data file (TOML: release, add, delete, revise and what we derived).

    Raises:
        FormatError: the file lacks a table or value, or its counts do not agree with its changes.

    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        head = document["release"]
        release = Release(
            System.ICD10CM,
            head["id"],
            head["effective_from"],
            head["effective_to"],
            head["source"],
            LICENCE,
        )
        addenda = _addenda(document)
        base = head["base"]
    except (KeyError, TypeError, ValueError) as error:
        raise FormatError(path, None, f"an addenda data file ({error})") from None
    total = addenda.codes_before + len(addenda.added) - len(addenda.deleted)
    if total != addenda.codes_after:
        raise FormatError(path, None, f"changes that make {addenda.codes_after} codes, not {total}")
    return PackagedAddenda(release, base, addenda, path)


def _addenda(document: dict[str, Any]) -> Addenda:
    return Addenda(
        added=dict(document["add"]),
        deleted=dict(document["delete"]),
        revised={code: Revision(*pair) for code, pair in document["revise"].items()},
        codes_before=int(document["release"]["codes_before"]),
        codes_after=int(document["release"]["codes_after"]),
        replacements={code: tuple(new) for code, new in document["replacements"].items()},
        parents=dict(document["parents"]),
        moved_terms=tuple((move["code"], move["term"]) for move in document["moved_terms"]),
    )


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
