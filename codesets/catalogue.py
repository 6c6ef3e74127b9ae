"""The publishers' catalogue pages: which official files they offer, told from their links.

CMS names its downloads by year (``2027-code-descriptions-tabular-order.zip``) and moves them about,
so no file's address is written here: the links of three pages are read, and a file is known by the
words of its name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from html.parser import HTMLParser
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from codesets.models import System
from codesets.periods import Period, list_period, release_period

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

CMS = "https://www.cms.gov"
_ICD10 = "/medicare/coding-billing/icd-10-codes"
_HCPCS = "/medicare/coding-billing/healthcare-common-procedure-system/quarterly-update"
# Pages below the publisher's address, and the systems whose files they list.
PAGES: tuple[tuple[str, frozenset[System]], ...] = (
    (_ICD10, frozenset({System.ICD10CM, System.ICD10PCS})),
    (
        f"{_ICD10}/icd-10-cm-icd-10-pcs-gem-archive",
        frozenset({System.ICD10CM, System.ICD10PCS}),
    ),
    (_HCPCS, frozenset({System.HCPCS})),
)
_MONTHS = {"january": "01", "april": "04", "july": "07", "october": "10"}
_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})(?![0-9])")
_SHORT_YEAR = re.compile(r"fy[-_ ]?([0-9]{2})(?![0-9])")


class Purpose(StrEnum):
    """What a download holds."""

    CM_TABLES = "ICD-10-CM Tabular List and indexes"
    CM_CODES = "ICD-10-CM codes and titles"
    CM_GUIDELINES = "ICD-10-CM Official Guidelines"
    CM_CONVERSION = "ICD-10-CM conversion table"
    CM_POA = "POA-exempt list"
    PCS_TABLES = "ICD-10-PCS tables and index"
    PCS_ORDER = "ICD-10-PCS codes and titles"
    HCPCS = "HCPCS Level II"


# Words a name must have, words it must not have, and the ending. The first that fits is it.
_NAMES: tuple[tuple[Purpose, tuple[str, ...], tuple[str, ...], str], ...] = (
    (Purpose.PCS_ORDER, ("pcs", "order"), ("addend",), ".zip"),
    (Purpose.PCS_TABLES, ("pcs", "tables"), ("addend", "conversion"), ".zip"),
    (Purpose.HCPCS, ("alpha", "numeric", "hcpcs"), (), ".zip"),
    (Purpose.CM_TABLES, ("code", "tables", "index"), ("pcs", "addend"), ".zip"),
    (Purpose.CM_CODES, ("code", "descriptions"), ("pcs", "addend"), ".zip"),
    (Purpose.CM_CONVERSION, ("conversion", "table"), ("pcs",), ".zip"),
    (Purpose.CM_POA, ("poa", "exempt"), ("pcs",), ".zip"),
    (Purpose.CM_GUIDELINES, ("icd-10-cm", "guidelines"), ("pcs",), ".pdf"),
)
_SYSTEMS = {
    Purpose.PCS_ORDER: System.ICD10PCS,
    Purpose.PCS_TABLES: System.ICD10PCS,
    Purpose.HCPCS: System.HCPCS,
}
# Published once a fiscal year, for all of it.
_YEARLY = frozenset({Purpose.CM_GUIDELINES, Purpose.CM_CONVERSION, Purpose.CM_POA})


@dataclass(frozen=True, slots=True)
class Offer:
    """One official file that a catalogue page links to, and the release its name tells."""

    purpose: Purpose
    release: str
    url: str

    @property
    def name(self) -> str:
        """The file's name in its address."""
        return file_name(self.url)

    @property
    def system(self) -> System:
        """The code system it is about."""
        return _SYSTEMS.get(self.purpose, System.ICD10CM)

    @property
    def period(self) -> Period:
        """The dates of service it is for."""
        yearly = list_period(self.release) if self.purpose in _YEARLY else None
        return yearly or release_period(self.system, self.release)


def links(html: str, page: str) -> list[str]:
    """The addresses a page links to, made whole against ``page``, each once, in page order."""
    parser = _Links()
    parser.feed(html)
    parser.close()
    base = urljoin(page, parser.base) if parser.base else page
    found = (urldefrag(urljoin(base, href)).url for href in parser.found)
    return list(dict.fromkeys(url for url in found if urlsplit(url).scheme in ("http", "https")))


def offers(addresses: Iterable[str]) -> list[Offer]:
    """The official files among addresses, by the words of their names; others are passed over."""
    found = (offer(address) for address in addresses)
    return [one for one in found if one is not None]


def offer(url: str) -> Offer | None:
    """What a file's name says it is, or None.

    >>> offer("https://x/files/zip/2027-code-tables-tabular-index.zip").purpose.name
    'CM_TABLES'
    >>> offer("https://x/files/zip/october-2025-alpha-numeric-hcpcs-file.zip").release
    '2025-10'
    >>> offer("https://x/files/zip/2025-code-descriptions-tabular-order-april.zip").release
    'FY2025-04'
    >>> offer("https://x/files/document/fy-2027-icd-10-cm-coding-guidelines.pdf").release
    'FY2027'
    >>> offer("https://x/files/zip/2027-addendum.zip") is None
    True
    """
    name = file_name(url).lower()
    words = re.sub(r"[\s_]+", "-", name)
    for purpose, wanted, unwanted, ending in _NAMES:
        if (
            name.endswith(ending)
            and all(word in words for word in wanted)
            and not any(word in words for word in unwanted)
        ):
            release = _release(purpose, words)
            return Offer(purpose, release, url) if release is not None else None
    return None


def file_name(url: str) -> str:
    """The last part of an address, decoded."""
    return PurePosixPath(unquote(urlsplit(url).path)).name


def current(found: Iterable[Offer], today: date, systems: frozenset[System]) -> list[Offer]:
    """Of each purpose, the files for today and later; where there are none, the latest.

    The first offer of a release is taken: pages list the newest edition first. Empty ``systems``
    means all of them.
    """
    chosen: list[Offer] = []
    for purpose in Purpose:
        of_purpose: dict[str, Offer] = {}
        for one in found:
            if one.purpose is purpose and (not systems or one.system in systems):
                of_purpose.setdefault(one.release, one)
        ordered = sorted(of_purpose.values(), key=lambda one: one.period.first)
        chosen += [one for one in ordered if one.period.last >= today] or ordered[-1:]
    return chosen


def _release(purpose: Purpose, words: str) -> str | None:
    year = _YEAR.search(words)
    short = _SHORT_YEAR.search(words)
    number = year.group(1) if year else f"20{short.group(1)}" if short else None
    if number is None:
        return None
    if purpose is Purpose.HCPCS:
        month = next((digits for name, digits in _MONTHS.items() if name in words), None)
        return f"{number}-{month}" if month is not None else None
    april = purpose not in _YEARLY and re.search(r"(?<![a-z])apr(il)?(?![a-z])", words)
    return f"FY{number}-04" if april else f"FY{number}"


class _Links(HTMLParser):
    """Collects what ``a`` elements point at, and the page's ``base``."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.base = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the address of a link."""
        href = dict(attrs).get("href")
        if href and tag == "a":
            self.found.append(href.strip())
        elif href and tag == "base" and not self.base:
            self.base = href.strip()
