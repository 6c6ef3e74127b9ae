"""Installed indexes as passages: Alphabetic and External Cause Index, neoplasm and drug tables.

An entry is searched under the code it leads to in the release at hand: cross-references are
followed to the code behind them ("see", Official Guidelines I.A.15 and 16), and a code that the
release no longer has leads to what replaced it. The text is the printed path, its steps apart by
``>``, with the nonessential modifiers (I.A.7) in parentheses as printed. Ids are made of the
release of the index and the term's own id, ``icd10cm:index-FY2025:hypertension-hypertensive``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from codesets.formats.kinds import FileKind
from codesets.formats.tables import DrugColumn, DrugTerm, NeoplasmColumn, NeoplasmTerm
from codesets.indexes import Indexes
from codesets.models import IndexTerm, Level
from codesets.notation import undotted
from codesets.sealing import DIGEST
from retrieval.passages import STEP, Passage, PassageKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from codesets.indexes import IndexFile
    from codesets.library import Library

_PARTS = {
    FileKind.ICD10CM_INDEX: ("index", PassageKind.INDEX, "Alphabetic Index"),
    FileKind.ICD10CM_EXTERNAL_CAUSE_INDEX: (
        "external-causes", PassageKind.EXTERNAL_CAUSE, "External Cause Index",
    ),
    FileKind.ICD10CM_NEOPLASM_TABLE: ("neoplasms", PassageKind.NEOPLASM, "Neoplasm Table"),
    FileKind.ICD10CM_DRUG_TABLE: ("drugs", PassageKind.DRUG, "Table of Drugs and Chemicals"),
}  # fmt: skip
_MOST_REFERENCES = 4
"""A reference may lead to another reference, but hardly ever to a fourth."""
_BY = frozenset({"by site", "by type", "by drug"})
_COLUMNS = {
    NeoplasmColumn.MALIGNANT_PRIMARY: "Malignant Primary",
    NeoplasmColumn.MALIGNANT_SECONDARY: "Malignant Secondary",
    NeoplasmColumn.IN_SITU: "Ca in situ",
    NeoplasmColumn.BENIGN: "Benign",
    NeoplasmColumn.UNCERTAIN: "Uncertain Behavior",
    NeoplasmColumn.UNSPECIFIED: "Unspecified Behavior",
}
_BEHAVIORS = {
    "malignant": NeoplasmColumn.MALIGNANT_PRIMARY,
    "malignant, primary": NeoplasmColumn.MALIGNANT_PRIMARY,
    "primary": NeoplasmColumn.MALIGNANT_PRIMARY,
    "secondary": NeoplasmColumn.MALIGNANT_SECONDARY,
    "metastatic": NeoplasmColumn.MALIGNANT_SECONDARY,
    "in situ": NeoplasmColumn.IN_SITU,
    "benign": NeoplasmColumn.BENIGN,
    "uncertain behavior": NeoplasmColumn.UNCERTAIN,
    "unspecified behavior": NeoplasmColumn.UNSPECIFIED,
}


def installed_indexes(home: Path, library: Library) -> tuple[IndexFile, ...]:
    """The indexes under ``home`` that are read with the library's release, in a fixed order.

    Of each kind the latest one in print when the release takes effect; none where none is there.
    """
    if library.release.system.value != "icd10cm":
        return ()
    indexes = Indexes(home / "codesets")
    day = library.release.effective_from
    found = (indexes.for_day(kind, day) for kind in _PARTS)
    return tuple(file for file in found if file is not None)


def index_sources(files: Iterable[IndexFile]) -> dict[str, str]:
    """Each file's name, ``icd10cm-index-FY2025``, and the digest of its content."""
    return {f"{file.kind.value}-{file.release}": file.meta[DIGEST] for file in files}


def index_passages(library: Library, files: Iterable[IndexFile]) -> Iterator[Passage]:
    """A passage for every term of ``files`` that leads to a code of the release, as printed."""
    files = tuple(files)
    codes = _Codes(library)
    paths = _Paths(files)
    for file in files:
        name, kind, title = _PARTS[file.kind]
        prefix = f"{library.release.system.value}:{name}-{file.release}"
        source = f"ICD-10-CM {title}, {file.release}"
        for term in file.terms():
            for made in _entries(term, codes, paths):
                yield Passage(
                    id=f"{prefix}:{term.id}{made.part}",
                    system=library.release.system.value,
                    release=file.release,
                    code=made.code,
                    kind=kind,
                    text=made.text,
                    locator=f"{title}: {', '.join(term.path)}",
                    source=source,
                )


class _Entry(NamedTuple):
    """One passage to make of a term: what its id ends with, its code, and its text."""

    part: str
    code: str
    text: str


def _entries(
    term: IndexTerm | DrugTerm | NeoplasmTerm | object, codes: _Codes, paths: _Paths
) -> Iterator[_Entry]:
    if isinstance(term, IndexTerm):
        yield from _index_entries(term, codes, paths)
    elif isinstance(term, NeoplasmTerm) and not term.is_note:
        for column, title in _COLUMNS.items():
            code = codes.current(term.code(column))
            if code is not None:
                text = f"{printed(term.path, term.modifiers)}: {title}"
                yield _Entry(f":{column.value}", code, text)
    elif isinstance(term, DrugTerm):
        cells = [undotted(cell.rstrip("-")) for cell in term.cells if cell]
        code = codes.current(_shared(cells)) if cells else None
        if code is not None:
            given = ", ".join(
                f"{column.value.replace('-', ' ')} {term.code(column)}"
                for column in DrugColumn
                if term.code(column)
            )
            yield _Entry("", code, f"{printed(term.path, term.modifiers)}: {given}")


def _index_entries(term: IndexTerm, codes: _Codes, paths: _Paths) -> Iterator[_Entry]:
    text = printed(term.path, term.modifiers)
    found = [codes.current(code) for code in term.codes]
    if not term.codes:
        found = [codes.current(code) for code in paths.behind(term)]
    for number, code in enumerate(dict.fromkeys(filter(None, found)), 1):
        yield _Entry("" if number == 1 else f":{number}", code, text)


def printed(path: tuple[str, ...], modifiers: tuple[str, ...]) -> str:
    """A path as the index prints it, its steps apart, the last with its nonessential modifiers.

    >>> printed(("Hypertension, hypertensive",), ("benign", "essential"))
    'Hypertension, hypertensive (benign) (essential)'
    """
    return " ".join([STEP.join(path), *(f"({words})" for words in modifiers)])


class _Codes:
    """What a printed code is in the release at hand."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._known: dict[str, str | None] = {}

    def current(self, printed_code: str | None) -> str | None:
        """The record that ``printed_code`` names, or what took its place; None without one."""
        if not printed_code:
            return None
        if printed_code not in self._known:
            self._known[printed_code] = self._find(printed_code.rstrip("-").rstrip("."))
        return self._known[printed_code]

    def _find(self, name: str) -> str | None:
        key = undotted(name)
        while len(key) > 2:
            code = self._library.find(key)
            if code is not None and code.level in (Level.CHAPTER, Level.SECTION):
                return None
            if code is not None:
                return code.code
            heirs = self._library.replacements(key)
            if heirs:
                shared = _shared([undotted(heir.code) for heir in heirs])
                found = self._library.find(shared) if len(shared) > 2 else None
                return found.code if found is not None else heirs[0].code
            key = key[:-1]
        return None


class _Paths:
    """Every path of the installed indexes, to follow references by."""

    def __init__(self, files: tuple[IndexFile, ...]) -> None:
        self._terms: dict[tuple[str, ...], IndexTerm] = {}
        self._sites: dict[tuple[str, ...], NeoplasmTerm] = {}
        for file in files:
            for term in file.terms():
                if isinstance(term, IndexTerm) and file.kind is FileKind.ICD10CM_INDEX:
                    for key in _keys(term.path):
                        self._terms.setdefault(key, term)
                elif isinstance(term, NeoplasmTerm):
                    self._sites.setdefault(_key(term.path[1:]), term)

    def behind(self, term: IndexTerm) -> tuple[str, ...]:
        """The codes that the references of a term without a code lead to."""
        seen: set[str] = set()
        for _ in range(_MOST_REFERENCES):
            if term.codes or term.id in seen:
                break
            seen.add(term.id)
            target: IndexTerm | tuple[str, ...] | None = None
            for reference in term.see:
                target = self._target(reference)
                if target is not None:
                    break
            if target is None:
                return term.see_category[:1]
            if isinstance(target, tuple):
                return target
            term = target
        return term.codes[:1]

    def _target(self, reference: str) -> IndexTerm | tuple[str, ...] | None:
        steps = [step.strip() for step in reference.split(",")]
        while steps and steps[-1].casefold() in _BY:
            steps.pop()
        if not steps or steps == ["condition"]:
            return None
        if steps[0].casefold() == "neoplasm":
            return self._neoplasm([step.casefold() for step in steps[1:]])
        for end in range(len(steps), 0, -1):
            found = self._terms.get(_key(tuple(steps[:end])))
            if found is not None:
                # A path that is only found in part names a place, not the entry itself.
                return found if end == len(steps) or end > 1 else None
        return None

    def _neoplasm(self, steps: list[str]) -> tuple[str, ...] | None:
        """The cell of the Neoplasm Table: "skin, benign" is a site and a column."""
        column = next((c for words, c in _BEHAVIORS.items() if words in steps), None)
        sites = tuple(step for step in steps if step not in _BEHAVIORS)
        site = self._sites.get(sites)
        if column is None or site is None:
            return None
        cell = site.code(column)
        return (cell,) if cell else None


def _shared(codes: list[str]) -> str:
    """The characters that all codes begin with."""
    first, last = min(codes), max(codes)
    same = (one == other for one, other in zip(first, last, strict=False))
    return first[: next((place for place, equal in enumerate(same) if not equal), len(first))]


def _keys(path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The path as printed, and with each main term or subterm by its first form only."""
    yield _key(path)
    split = tuple(part for step in path for part in step.split(", "))
    yield _key(split)
    yield _key(tuple(re.split(r",\s*", step)[0] for step in path))


def _key(path: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(step.casefold().strip() for step in path)
