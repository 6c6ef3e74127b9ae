"""Synonym pairs from official files: the wordings a coder may meet, and the title of their code.

Sources: inclusion terms of the Tabular List; paths of the Alphabetic Index and of the External
Cause Index, with their ``see`` references followed; the Neoplasm Table; the Table of Drugs and
Chemicals. Our own abbreviation table adds shortened forms. No labelled row of any evaluation is
read.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from codesets.abbreviations import Kind, all_meanings
from codesets.formats.index import read_index
from codesets.formats.tables import DrugColumn, NeoplasmColumn, read_drugs, read_neoplasms
from codesets.formats.tabular import read_tabular
from codesets.models import NoteKind
from retrieval.training.phrasing import printed, steps_of, worded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from codesets.formats.tabular import Tabular
    from codesets.models import IndexTerm


class PairSource(StrEnum):
    """Which official file a pair comes from."""

    INCLUSION_TERM = "inclusion-term"
    INDEX = "index"
    EXTERNAL_CAUSE = "external-cause"
    NEOPLASM = "neoplasm"
    DRUG = "drug"


@dataclass(frozen=True, slots=True)
class Pair:
    """``wordings`` say one thing in several ways; ``title`` is the official title of its ``code``.

    ``code`` is undotted. Training takes one wording an epoch.
    """

    wordings: tuple[str, ...]
    title: str
    code: str
    source: PairSource


@dataclass(frozen=True, slots=True)
class OfficialFiles:
    """Where the official files lie."""

    tabular: Path
    index: Path
    external_causes: Path
    neoplasms: Path
    drugs: Path

    def paths(self) -> tuple[Path, ...]:
        """Every file, in a fixed order."""
        return (self.tabular, self.index, self.external_causes, self.neoplasms, self.drugs)


def official_pairs(files: OfficialFiles) -> list[Pair]:
    """Every pair, in the files' order, each first wording and code once. Raises FormatError."""
    book = read_tabular(files.tabular)
    titles = {record.code: record.title for record in book.records if record.element == "diag"}
    shorten = _Shortener()
    found: dict[tuple[str, str], Pair] = {}
    for pair in (
        *_inclusions(book),
        *_index_paths(list(read_index(files.index)), titles, PairSource.INDEX),
        *_index_paths(list(read_index(files.external_causes)), titles, PairSource.EXTERNAL_CAUSE),
        *_neoplasm_sites(files.neoplasms, titles),
        *_drugs(files.drugs, titles),
    ):
        forms = {form.casefold(): form for form in pair.wordings if form}
        forms.pop(pair.title.casefold(), None)
        if forms:
            wordings = tuple(forms.values())
            if pair.source is not PairSource.DRUG and (short := shorten(wordings[-1])):
                wordings = (*wordings, short)
            whole = Pair(wordings, pair.title, pair.code, pair.source)
            found.setdefault((wordings[0].casefold(), pair.code), whole)
    return list(found.values())


def _inclusions(book: Tabular) -> Iterator[Pair]:
    for record in book.records:
        for note in record.notes:
            if record.element == "diag" and note.kind is NoteKind.INCLUSION_TERM:
                code = record.code.replace(".", "")
                yield Pair((note.text,), record.title, code, PairSource.INCLUSION_TERM)


def _index_paths(
    terms: list[IndexTerm], titles: dict[str, str], source: PairSource
) -> Iterator[Pair]:
    by_path = _lookup(terms)
    for term in terms:
        code = term.code or _referred(term, by_path)
        if code in titles:
            forms = (printed(term.path), worded(term.path, term.modifiers))
            yield Pair(forms, titles[code], code.replace(".", ""), source)


def _lookup(terms: list[IndexTerm]) -> dict[tuple[str, ...], str]:
    """Codes by path, each step in its first form and in full: references use either."""
    found: dict[tuple[str, ...], str] = {}
    for term in terms:
        if term.code:
            full = tuple(part for step in term.path for part in steps_of(step))
            short = tuple(steps_of(step)[0] for step in term.path if steps_of(step))
            found.setdefault(full, term.code)
            found.setdefault(short, term.code)
    return found


def _referred(term: IndexTerm, by_path: dict[tuple[str, ...], str]) -> str:
    """The code of the very path that a ``see`` names; nothing when it names no coded one."""
    for reference in term.see:
        code = by_path.get(steps_of(reference))
        if code:
            return code
    return ""


def _neoplasm_sites(path: Path, titles: dict[str, str]) -> Iterator[Pair]:
    for term in read_neoplasms(path):
        site = " ".join(reversed(term.path[1:]))
        if not site or term.is_note:
            continue
        for column, (noun, formal) in _NEOPLASM.items():
            name = (term.code(column) or "").rstrip("-").rstrip(".")
            if name in titles:
                forms = (f"{site} {noun}", f"{formal} of {', '.join(term.path[1:])}")
                yield Pair(forms, titles[name], name.replace(".", ""), PairSource.NEOPLASM)


_NEOPLASM = {
    NeoplasmColumn.MALIGNANT_PRIMARY: ("cancer", "malignant neoplasm"),
    NeoplasmColumn.MALIGNANT_SECONDARY: ("metastasis", "secondary malignant neoplasm"),
    NeoplasmColumn.IN_SITU: ("carcinoma in situ", "in situ neoplasm"),
    NeoplasmColumn.BENIGN: ("benign tumor", "benign neoplasm"),
    NeoplasmColumn.UNCERTAIN: (
        "neoplasm of uncertain behavior", "borderline tumor",
    ),
    NeoplasmColumn.UNSPECIFIED: (
        "neoplasm, unspecified behavior", "tumor",
    ),
}  # fmt: skip


def _drugs(path: Path, titles: dict[str, str]) -> Iterator[Pair]:
    """One column a substance, taken in turn: the six titles differ only in the circumstance."""
    turn = list(_DRUG)
    for number, term in enumerate(read_drugs(path)):
        column = turn[number % len(turn)]
        name = (term.code(column) or "").rstrip("-").rstrip(".")
        if name in titles:
            substance = printed(term.path)
            forms = tuple(form.format(substance) for form in _DRUG[column])
            yield Pair(forms, titles[name], name.replace(".", ""), PairSource.DRUG)


_DRUG = {
    DrugColumn.ACCIDENTAL: ("{} poisoning", "accidental overdose of {}"),
    DrugColumn.ADVERSE_EFFECT: ("adverse effect of {}", "reaction to {}, correctly taken"),
    DrugColumn.SELF_HARM: ("intentional overdose of {}", "suicide attempt with {}"),
    DrugColumn.UNDERDOSING: ("underdosing of {}", "took less {} than prescribed"),
}


class _Shortener:
    """Puts an abbreviation of our own table where its meaning is spelled out."""

    def __init__(self) -> None:
        self._short: dict[tuple[str, ...], str] = {}
        for spoken, abbreviation in _shortenable():
            self._short.setdefault(tuple(spoken.casefold().split()), abbreviation)
        self._longest = max(map(len, self._short))

    def __call__(self, text: str) -> str:
        """The shortened text, or nothing when no words of it are ever abbreviated."""
        words = text.split()
        plain = [word.casefold().strip(",;()") for word in words]
        done: list[str] = []
        at = 0
        while at < len(words):
            for size in range(min(self._longest, len(words) - at), 0, -1):
                short = self._short.get(tuple(plain[at : at + size]))
                if short:
                    done.append(short)
                    at += size
                    break
            else:
                done.append(words[at])
                at += 1
        return " ".join(done) if len(done) < len(words) or done != words else ""


def _shortenable() -> Iterator[tuple[str, str]]:
    """(what is said, its abbreviation), conditions, symptoms and states, in the table's order."""
    for meaning in all_meanings():
        if meaning.kind in (Kind.CONDITION, Kind.SYMPTOM, Kind.STATUS):
            yield meaning.spoken, meaning.abbreviation
