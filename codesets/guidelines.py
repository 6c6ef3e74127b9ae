"""The digest of the ICD-10-CM Official Guidelines: every rule in our own words, by section number.

The digest ships as data files, one a section or chapter, and was checked against the official PDF.
Where the PDF itself is installed (:mod:`codesets.official_guidelines`), its text is cited instead.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Protocol

from codesets.errors import FormatError, UnknownSectionError
from codesets.models import CodeRange
from codesets.notation import in_range, normalize, undotted
from codesets.section_numbers import display, normalize_number, section_order

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

    from codesets.models import GuidelineSection

DEFAULT_FISCAL_YEAR = "FY2026"
_WITHOUT_RULE = "without_rule.toml"


class GuidelineSetting(StrEnum):
    """The encounters a rule binds."""

    INPATIENT = "inpatient"
    OUTPATIENT = "outpatient"
    BOTH = "both"


class NoRule(StrEnum):
    """Why a section of the guidelines has no entry in the digest."""

    HEADING = "heading"
    INTRODUCTION = "introduction"
    RESERVED = "reserved"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class DigestEntry:
    """One section's rule in our own words. ``page`` is the official PDF's, as printed.

    ``codes`` are the codes and ranges the rule touches, each covering everything under it.
    """

    number: str
    title: str
    rule: str
    codes: tuple[str, ...]
    setting: GuidelineSetting
    page: int
    fiscal_year: str

    @property
    def ranges(self) -> tuple[CodeRange, ...]:
        """``codes`` as ranges; a single code is a range of one."""
        return tuple(_range(code) for code in self.codes)

    def binds(self, setting: GuidelineSetting) -> bool:
        """Whether the rule applies in ``setting``; BOTH asks for any rule at all."""
        either = GuidelineSetting.BOTH
        return setting is either or self.setting in (either, setting)


@dataclass(frozen=True, slots=True)
class DigestHeading:
    """A section without a rule of its own, and why it has none."""

    number: str
    title: str
    reason: NoRule
    page: int


@dataclass(frozen=True, slots=True)
class GuidelineCitation:
    """What an answer shows of a section: ``locator`` is its number, ``label`` says whose words."""

    locator: str
    label: str
    title: str
    text: str
    page: int
    fiscal_year: str
    official: bool


class OfficialText(Protocol):
    """The official sections of one fiscal year, as an installed PDF gave them."""

    @property
    def fiscal_year(self) -> str:
        """The year they govern, ``FY2026``."""

    def find(self, number: str) -> GuidelineSection | None:
        """The section of that number, or None."""


class Digest:
    """The entries of one fiscal year, in the order of the guidelines. Immutable once made."""

    def __init__(
        self, fiscal_year: str, entries: list[DigestEntry], headings: list[DigestHeading]
    ) -> None:
        self.fiscal_year = fiscal_year
        self.headings = tuple(sorted(headings, key=lambda item: section_order(item.number)))
        self._entries = {
            e.number: e for e in sorted(entries, key=lambda e: section_order(e.number))
        }
        self._headings = {heading.number: heading for heading in self.headings}
        self._numbers = sorted([*self._entries, *self._headings], key=section_order)
        self._ranges = [(e, r) for e in self._entries.values() for r in e.ranges]

    def __iter__(self) -> Iterator[DigestEntry]:
        return iter(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)

    def numbers(self) -> tuple[str, ...]:
        """Every section number, headings without a rule included."""
        return tuple(self._numbers)

    def find(self, number: str) -> DigestEntry | None:
        """The entry of a section, in any spelling of its number, or None."""
        found = normalize_number(number)
        return self._entries.get(found) if found else None

    def get(self, number: str) -> DigestEntry:
        """The entry of a section, in any spelling of its number.

        Raises UnknownSectionError, with the nearest sections that have an entry, when there is
        none: the number is wrong, or its section has only subsections.
        """
        found = self.find(number)
        if found is None:
            raise UnknownSectionError(number, self.fiscal_year, self._nearest(number))
        return found

    def title(self, number: str) -> str | None:
        """The short title of a section, heading or rule; None when there is no such section."""
        found = normalize_number(number) or ""
        item = self._entries.get(found) or self._headings.get(found)
        return item.title if item else None

    def parents(self, number: str) -> tuple[str, ...]:
        """The sections around this one, outermost first."""
        parts = (normalize_number(number) or "").split(".")
        return tuple(".".join(parts[:depth]) for depth in range(1, len(parts)))

    def children(self, number: str) -> tuple[str, ...]:
        """The sections directly under this one, in order, headings without a rule included."""
        parent = normalize_number(number)
        return tuple(n for n in self._numbers if parent and n.rpartition(".")[0] == parent)

    def for_setting(self, setting: GuidelineSetting) -> tuple[DigestEntry, ...]:
        """The entries that bind in a setting."""
        return tuple(entry for entry in self if entry.binds(setting))

    def sections_for(
        self, code: str, setting: GuidelineSetting = GuidelineSetting.BOTH
    ) -> tuple[DigestEntry, ...]:
        """The entries that touch an ICD-10-CM code, the narrowest first.

        A category is also touched by what touches a code under it. NotationError for a string
        that cannot be a code.
        """
        key = undotted(normalize(code))
        ranked: dict[str, tuple[int, int]] = {}
        for entry, codes in self._ranges:
            if entry.binds(setting) and _touches(key, codes):
                rank = _breadth(codes)
                ranked[entry.number] = min(rank, ranked.get(entry.number, rank))
        order = sorted(ranked, key=lambda number: (ranked[number], section_order(number)))
        return tuple(self._entries[number] for number in order)

    def _nearest(self, number: str) -> tuple[str, ...]:
        found = normalize_number(number) or ""
        while found:
            inside = [n for n in self._entries if n == found or n.startswith(f"{found}.")]
            if inside:
                return tuple(inside[:5])
            found = found.rpartition(".")[0]
        return ()


@cache
def load(fiscal_year: str = DEFAULT_FISCAL_YEAR) -> Digest:
    """The packaged digest of a fiscal year, read once.

    Raises UnknownSectionError when no digest of that year is packaged, and FormatError when a
    data file is not what it should be.
    """
    folder = files("codesets") / "data" / f"guidelines_{fiscal_year.lower()}"
    if not folder.is_dir():
        raise UnknownSectionError("any section", fiscal_year)
    entries: list[DigestEntry] = []
    headings: list[DigestHeading] = []
    for file in folder.iterdir():
        if not file.name.endswith(".toml"):
            continue
        document = tomllib.loads(file.read_text("utf-8"))
        if document.get("fiscal_year") != fiscal_year:
            raise FormatError(file.name, 1, f'fiscal_year = "{fiscal_year}"')
        for item in document["section"]:
            if file.name == _WITHOUT_RULE:
                headings.append(_heading(file, item))
            else:
                entries.append(_entry(file, item, fiscal_year))
    return Digest(fiscal_year, entries, headings)


def cite(
    number: str, official: OfficialText | None = None, digest: Digest | None = None
) -> GuidelineCitation:
    """What to show of a section: the official text where installed, else the digest's entry.

    Raises UnknownSectionError when neither has the section.
    """
    digest = digest or load()
    locator = normalize_number(number) or number
    section = official.find(locator) if official else None
    if official and section and section.text:
        label = f"Official Guidelines {official.fiscal_year}, {display(locator)}"
        return GuidelineCitation(
            locator,
            f"{label}, page {section.page_from}",
            section.title,
            section.text,
            section.page_from,
            official.fiscal_year,
            official=True,
        )
    entry = digest.get(locator)
    return GuidelineCitation(
        entry.number,
        f"digest of {display(entry.number)}",
        entry.title,
        entry.rule,
        entry.page,
        entry.fiscal_year,
        official=False,
    )


def _range(code: str) -> CodeRange:
    first, _, last = code.partition("-")
    return CodeRange(first, last or first)


def _touches(key: str, codes: CodeRange) -> bool:
    if in_range(key, codes):
        return True
    first, last = undotted(codes.first), undotted(codes.last)
    return first[: len(key)] <= key <= last[: len(key)]


def _breadth(codes: CodeRange) -> tuple[int, int]:
    """How wide a range is: within a category, within a letter, or wider; long codes first."""
    first, last = undotted(codes.first), undotted(codes.last)
    if first[:3] == last[:3]:
        return 0, -len(first)
    return (1 if first[0] == last[0] else 2), -len(first)


def _entry(file: Traversable, item: dict[str, Any], fiscal_year: str) -> DigestEntry:
    try:
        return DigestEntry(
            item["number"],
            item["title"],
            " ".join(item["rule"].split()),
            tuple(item["codes"]),
            GuidelineSetting(item["setting"]),
            item["page"],
            fiscal_year,
        )
    except (KeyError, ValueError) as error:
        raise FormatError(file.name, None, f"a whole entry {item.get('number', '')}") from error


def _heading(file: Traversable, item: dict[str, Any]) -> DigestHeading:
    try:
        return DigestHeading(item["number"], item["title"], NoRule(item["reason"]), item["page"])
    except (KeyError, ValueError) as error:
        raise FormatError(file.name, None, f"a whole heading {item.get('number', '')}") from error
