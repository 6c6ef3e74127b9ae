"""Synonym pairs from official files: a wording a coder may meet, and the title of its code.

Three sources: inclusion terms of the Tabular List, paths of the Alphabetic Index (with their
``see`` references followed), and the Neoplasm Table. No labelled row of any evaluation is read.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.formats.index import read_index
from codesets.formats.tables import NeoplasmColumn, read_neoplasms
from codesets.formats.tabular import read_tabular
from codesets.models import NoteKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from codesets.formats.tabular import Tabular
    from codesets.models import IndexTerm

_NOISE = re.compile(r"\b(?:NEC|NOS)\b|\s*[-–—]\s*$")


@dataclass(frozen=True, slots=True)
class Pair:
    """``wording`` names what ``title`` is the official title of; ``code`` is undotted."""

    wording: str
    title: str
    code: str


def official_pairs(tabular: Path, index: Path, neoplasms: Path) -> list[Pair]:
    """Every pair, in the files' order, each wording and code once. Raises FormatError."""
    book = read_tabular(tabular)
    titles = {record.code: record.title for record in book.records if record.element == "diag"}
    found: dict[tuple[str, str], Pair] = {}
    for pair in (
        *_inclusions(book),
        *_index_paths(list(read_index(index)), titles),
        *_neoplasm_sites(neoplasms, titles),
    ):
        if pair.wording.casefold() != pair.title.casefold():
            found.setdefault((pair.wording.casefold(), pair.code), pair)
    return list(found.values())


def _inclusions(book: Tabular) -> Iterator[Pair]:
    for record in book.records:
        for note in record.notes:
            if record.element == "diag" and note.kind is NoteKind.INCLUSION_TERM:
                yield Pair(note.text, record.title, record.code.replace(".", ""))


def _index_paths(terms: list[IndexTerm], titles: dict[str, str]) -> Iterator[Pair]:
    by_path = {_key(term.path): term for term in terms}
    for term in terms:
        code = term.code or _referred(term, by_path)
        if code in titles:
            yield Pair(phrase(term.path, term.modifiers), titles[code], code.replace(".", ""))


def _referred(term: IndexTerm, by_path: dict[tuple[str, ...], IndexTerm]) -> str:
    """The code behind a ``see``: the path it names, or the start of it."""
    for reference in term.see:
        steps = _key(tuple(re.split(r",\s*", reference)))
        for length in range(len(steps), 0, -1):
            target = by_path.get(steps[:length])
            if target is not None and target.code:
                return target.code
    return ""


def _key(path: Iterable[str]) -> tuple[str, ...]:
    return tuple(step.casefold().strip() for step in path)


def phrase(path: tuple[str, ...], modifiers: tuple[str, ...] = ()) -> str:
    """An index path in one of the ways people word it, chosen by its own hash.

    Printed order with commas ("Fracture, radius, lower end"), or subterms before the main term as
    in running text ("lower end radius fracture"); now and then with a nonessential modifier.

    >>> phrase(("Abasia",))
    'Abasia'
    """
    steps = [_NOISE.sub("", step).strip(" ,") for step in path]
    steps = [step for step in steps if step]
    choice = int(hashlib.sha256("|".join(path).encode()).hexdigest()[:4], 16)
    if modifiers and choice % 5 == 0:
        steps.append(modifiers[choice % len(modifiers)])
    if len(steps) > 1 and choice % 3:
        steps[0] = steps[0].split(",")[0]  # "Anomaly, anomalous": running text uses one form
        linked = re.match(r"(?:with|due to|in|following|without|from|by)\b", steps[-1])
        if linked:
            return " ".join([*reversed(steps[1:-1]), steps[0], steps[-1]])
        return " ".join(reversed(steps))
    return ", ".join(steps)


def _neoplasm_sites(path: Path, titles: dict[str, str]) -> Iterator[Pair]:
    for term in read_neoplasms(path):
        site = " ".join(reversed(term.path[1:]))
        if not site or term.is_note:
            continue
        for column, wording in _NEOPLASM.items():
            name = (term.code(column) or "").rstrip("-").rstrip(".")
            if name in titles:
                yield Pair(f"{site} {wording}", titles[name], name.replace(".", ""))


_NEOPLASM = {
    NeoplasmColumn.MALIGNANT_PRIMARY: "cancer",
    NeoplasmColumn.MALIGNANT_SECONDARY: "metastasis",
    NeoplasmColumn.IN_SITU: "carcinoma in situ",
    NeoplasmColumn.BENIGN: "benign tumor",
    NeoplasmColumn.UNCERTAIN: "neoplasm of uncertain behavior",
    NeoplasmColumn.UNSPECIFIED: "neoplasm, unspecified behavior",
}
