"""Where a recognised file belongs: its slot, and its release where the content says none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from codesets.errors import CodesetError, LicenceError
from codesets.formats.cpt import read_cpt
from codesets.formats.kinds import FileKind
from codesets.formats.ncci import read_add_ons, read_mue, read_ptp
from codesets.models import System
from codesets.periods import list_period, release_period

if TYPE_CHECKING:
    from datetime import date

    from codesets.survey import Found

# Recognised, and of no use by themselves.
SPARE = {
    FileKind.ICD10CM_ORDER_ADDENDA: "Not needed: the order file carries its changes.",
    FileKind.ICD10PCS_ORDER_ADDENDA: "Not needed: the order file carries its changes.",
    FileKind.ICD10CM_POA_CHANGES: "Not needed: the whole list carries its changes.",
}
# Compiled into one release with other files of the same system and release.
RELEASE_KINDS = frozenset(
    {
        FileKind.ICD10CM_TABULAR,
        FileKind.ICD10CM_ORDER,
        FileKind.ICD10CM_CODES,
        FileKind.ICD10CM_CODES_ADDENDA,
        FileKind.ICD10PCS_TABLES,
        FileKind.ICD10PCS_ORDER,
        FileKind.ICD10PCS_CODES,
        FileKind.HCPCS_SPREADSHEET,
        FileKind.HCPCS_CONTRACTOR,
        FileKind.CPT_DESCRIPTORS,
        FileKind.CPT_MODIFIERS,
    }
)
_QUARTERS = {1: "01", 2: "04", 3: "07", 4: "10"}
_PTP_VERSION = re.compile(r"v([0-9]{2})([0-3])r[0-9]")
_PTP_PART = re.compile(r"[-_]?f([0-9])(?![0-9])")
_QUARTER_NAMED = re.compile(r"(20[0-9]{2})[-_ ]?q([1-4])")
_DAY_NAMED = re.compile(r"(?<![0-9])([01][0-9])[-_]([0-3][0-9])[-_](20[0-9]{2})(?![0-9])")
_YEAR_NAMED = re.compile(r"(?<![0-9])(20[0-9]{2})(?![0-9])")
_MCE_VERSION = re.compile(r"v([0-9]{2})(?:[._]([0-9]))?(?![0-9])")


@dataclass(frozen=True, slots=True)
class Place:
    """A file's slot and release, and the system of the release it helps to make, if it does."""

    slot: str
    release: str
    system: System | None


def place(found: Found, licensee: str, release: str | None) -> Place:
    """Where a recognised file belongs. ``release`` is what the person said it is, or None.

    Raises:
        LicenceError: a CPT file, and nobody is named as licensee.
        CodesetError: its release cannot be told, or ``release`` is not one of its system.
        FormatError: it departs from its format.

    """
    kind = found.kind
    system = kind.system if kind in RELEASE_KINDS else None
    slot = _slot(found, licensee)
    told = release or found.release or _release(found)
    if told is None:
        raise CodesetError(
            f"{found.source.name} does not say its release: install it alone with --release, for "
            f"example --release {_EXAMPLES.get(kind, 'FY2027')}."
        )
    if system is not None:
        release_period(system, told)
    elif release is not None and list_period(told) is None and kind not in _EXAMPLES:
        raise CodesetError(f"{told} is not a release: write it like FY2027 or FY2026-04.")
    return Place(slot, told, system)


_EXAMPLES = {
    FileKind.CPT_DESCRIPTORS: "2026",
    FileKind.CPT_MODIFIERS: "2026",
    FileKind.ICD10CM_MCE_FLAGS: "v43.1",
    FileKind.ICD10CM_HCC: "PY2026",
    FileKind.NCCI_PTP: "2026-01",
    FileKind.NCCI_MUE: "2026-01",
    FileKind.NCCI_ADD_ONS: "2026-01",
    FileKind.HCPCS_CONTRACTOR: "2025-10",
}


def _slot(found: Found, licensee: str) -> str:
    kind, source = found.kind, found.source
    name = source.name.lower()
    if kind.system is System.CPT and not licensee.strip():
        raise LicenceError(
            "CPT is the AMA's: install it with --licensee and the name of who holds the licence."
        )
    if kind is FileKind.CPT_DESCRIPTORS:
        wordings = {text.descriptor.value for text in islice(read_cpt(source, licensee), 4)}
        return f"{kind.value}-{wordings.pop() if len(wordings) == 1 else 'all'}"
    if kind is FileKind.NCCI_MUE:
        return f"{kind.value}-{next(read_mue(source)).service.value}"
    if kind is FileKind.NCCI_PTP:
        service = "any"
        if "ccipra" in name or "practitioner" in name:
            service = "practitioner"
        elif "ccioph" in name or "hospital" in name:
            service = "outpatient-hospital"
        part = _PTP_PART.search(name)
        return f"{kind.value}-{service}-{part.group(1) if part else '1'}"
    return kind.value


def _release(found: Found) -> str | None:
    """The release that the file's name, or the latest date in it, tells."""
    kind = found.kind
    names = f"{found.source.name} {found.source.path.name}".lower()
    if kind.system is System.CPT:
        match = _YEAR_NAMED.search(names)
        return match.group(1) if match else None
    if kind is FileKind.ICD10CM_MCE_FLAGS:
        match = _MCE_VERSION.search(names)
        return f"v{match.group(1)}.{match.group(2) or 0}" if match else None
    if kind in (FileKind.NCCI_PTP, FileKind.NCCI_MUE, FileKind.NCCI_ADD_ONS):
        return _named_quarter(names) or _dated_quarter(found)
    if kind is FileKind.HCPCS_CONTRACTOR:
        return _named_quarter(names)
    return None


def _named_quarter(names: str) -> str | None:
    if match := _PTP_VERSION.search(names):
        # Version 32.0 is January 2026: NCCI counts years from 1994 and quarters from 0.
        return f"{1994 + int(match.group(1))}-{_QUARTERS[int(match.group(2)) + 1]}"
    if match := _QUARTER_NAMED.search(names):
        return f"{match.group(1)}-{_QUARTERS[int(match.group(2))]}"
    if match := _DAY_NAMED.search(names):
        return f"{match.group(3)}-{_QUARTERS[(int(match.group(1)) + 2) // 3]}"
    return None


def _dated_quarter(found: Found) -> str | None:
    """The quarter of the latest change; unit limits carry no dates."""
    days: list[date] = []
    if found.kind is FileKind.NCCI_PTP:
        days = [edit.effective for edit in read_ptp(found.source)]
    elif found.kind is FileKind.NCCI_ADD_ONS:
        days = [edit.effective for edit in read_add_ons(found.source) if edit.effective]
    latest = max(days, default=None)
    return f"{latest.year}-{_QUARTERS[(latest.month + 2) // 3]}" if latest else None
