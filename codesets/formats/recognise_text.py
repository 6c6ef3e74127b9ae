"""Recognise fixed-layout text: code, order and addenda files, HCPCS records, CPT descriptors."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from codesets.formats.kinds import FileKind, Guess
from codesets.formats.source import lines

if TYPE_CHECKING:
    from codesets.formats.source import Source

_LOOK = 60
_CM_CODE = r"[A-Z](?:[0-9][0-9A-Z]|[A-Z][0-9])[0-9A-Z]{0,4}"
_PCS_CODE = r"[0-9A-HJ-NP-Z]{7}"
_CM_LINE = re.compile(rf"(?=.{{8}}\S){_CM_CODE} +\S.*")
_PCS_LINE = re.compile(rf"{_PCS_CODE} +\S.*")
_ORDER_LINE = re.compile(r"[0-9]{5} ([0-9A-Z]{3,7}) +[01] \S.*")
_CHANGE = re.compile(r"(?:Add|Delete|Revise from|Revise to): +([0-9A-Z]{3,7}) +\S")
_COUNTED = re.compile(r" *[0-9]+ (codes|headers) in icd10(cm|pcs)_order_(20[0-9]{2})\.txt")
_HCPCS_LINE = re.compile(
    r"(?:   [A-Z][A-Z0-9]|[A-Z][0-9]{4}|[0-9]{4}[0-9A-Z])[0-9]{5}[3478].{282,309}"
)
# A descriptor has no tab in it; a table of NCCI pairs, which also begins with CPT codes, has many.
_CPT_LINE = re.compile(r"[0-9]{4}[0-9FTUM](?:\t|[0-9]{2} | )[^\t\s][^\t]*")
_CPT_MODIFIER = re.compile(r"(?:[0-9][0-9A-Z]|P[1-6]|[A-Z][0-9A-Z](?=\t))[\t ]+\S.*")
_NOTICE = re.compile(r"American Medical Association|\bCPT\b")
# An addenda file without a change has its closing counts only.
_SUMMARIES = frozenset({"Codes", "Headers"})


def guess(source: Source) -> Guess:
    """The kind of a text file in which every line has the same layout; UNKNOWN for others."""
    head = [line.rstrip("\x1a \t") for _, line in islice(lines(source), _LOOK)]
    filled = [line for line in head if line]
    if not filled:
        return Guess(FileKind.UNKNOWN)
    for pattern, kind in (
        (_HCPCS_LINE, FileKind.HCPCS_CONTRACTOR),
        (_CM_LINE, FileKind.ICD10CM_CODES),
        (_PCS_LINE, FileKind.ICD10PCS_CODES),
    ):
        if all(pattern.fullmatch(line) for line in _untrimmed(source, pattern, filled)):
            return Guess(kind)
    if all(_ORDER_LINE.fullmatch(line) for line in filled):
        pcs = filled[0][6].isdigit()
        return Guess(FileKind.ICD10PCS_ORDER if pcs else FileKind.ICD10CM_ORDER)
    if _CHANGE.match(filled[0]) or _COUNTED.fullmatch(filled[0]) or filled[0] in _SUMMARIES:
        return _addenda(source)
    return _cpt(filled)


def _untrimmed(source: Source, pattern: re.Pattern[str], filled: list[str]) -> list[str]:
    """Contractor records end in filler blanks, which the other layouts do not mind losing."""
    if pattern is not _HCPCS_LINE:
        return filled
    return [line for _, line in islice(lines(source), _LOOK) if line.strip("\x1a ")]


def _addenda(source: Source) -> Guess:
    """Changes to codes or to the order file, and the release that its closing counts name."""
    changes: list[str] = []
    codes: list[str] = []
    counted: list[re.Match[str]] = []
    for _, line in lines(source):
        if match := _CHANGE.match(line):
            changes.append(line)
            codes.append(match.group(1))
        elif match := _COUNTED.fullmatch(line.rstrip()):
            counted.append(match)
    if not counted:
        return Guess(FileKind.UNKNOWN)
    release = f"FY{max(match.group(3) for match in counted)}"
    if any(match.group(2) == "pcs" for match in counted):
        return Guess(FileKind.ICD10PCS_ORDER_ADDENDA, release)
    headers = any(match.group(1) == "headers" for match in counted)
    kind = FileKind.ICD10CM_ORDER_ADDENDA if headers else FileKind.ICD10CM_CODES_ADDENDA
    return Guess(kind, release)


def _cpt(filled: list[str]) -> Guess:
    """Descriptors or modifiers below the AMA's notice; the notice must be there for modifiers."""
    noticed = any(_NOTICE.search(line) for line in filled)
    for pattern, kind in (
        (_CPT_LINE, FileKind.CPT_DESCRIPTORS),
        (_CPT_MODIFIER, FileKind.CPT_MODIFIERS),
    ):
        first = next((n for n, line in enumerate(filled) if pattern.fullmatch(line)), None)
        if first is None or not all(pattern.fullmatch(line) for line in filled[first:]):
            continue
        if noticed or (kind is FileKind.CPT_DESCRIPTORS and first == 0):
            return Guess(kind)
    heading = [set(line.lower().split("\t")) for line in filled]
    if any("cpt code" in cells and cells & {"long", "medium", "short"} for cells in heading):
        return Guess(FileKind.CPT_DESCRIPTORS)
    return Guess(FileKind.UNKNOWN)
