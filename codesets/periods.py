"""The dates a release's id stands for, and which release a date needs.

ICD-10-CM and ICD-10-PCS change on October 1 (``FY2027``) and April 1 (``FY2026-04``), HCPCS every
quarter (``2025-10``), CPT every calendar year (``2026``). Lists that CMS publishes once a fiscal
year hold for all of it; HCC mappings (``PY2026``) are about the year of service before the payment
year.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from codesets.errors import CodesetError
from codesets.models import System

if TYPE_CHECKING:
    from collections.abc import Callable

_MONTHS = ("January", "April", "July", "October")


@dataclass(frozen=True, slots=True)
class Period:
    """Dates of service from ``first`` to ``last``, both included."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Whether ``day`` is one of them."""
        return self.first <= day <= self.last


def release_period(system: System, release: str) -> Period:
    """The dates that a release of ``system`` governs.

    Raises:
        CodesetError: ``release`` is not how a release of this system is written.

    >>> p = release_period(System.ICD10CM, "FY2026-04")
    >>> p.first.isoformat(), p.last.isoformat()
    ('2026-04-01', '2026-09-30')
    >>> release_period(System.HCPCS, "2025-10").last.isoformat()
    '2025-12-31'

    """
    if system in (System.ICD10CM, System.ICD10PCS):
        return _match(release, _FISCAL, "FY2027 or FY2026-04")
    if system is System.HCPCS:
        return _match(release, _QUARTER, "2025-10 (the first month of its quarter)")
    return _match(release, _YEAR, "2026")


def list_period(release: str) -> Period | None:
    """The dates that a yearly list, an index or a mapping is for; None where its id says none.

    >>> list_period("FY2026").last.isoformat(), list_period("PY2025").first.isoformat()
    ('2026-09-30', '2024-01-01')
    >>> list_period("v43.1") is None
    True
    """
    if match := re.fullmatch(r"FY(20[0-9]{2})", release):
        year = int(match.group(1))
        return Period(date(year - 1, 10, 1), date(year, 9, 30))
    if match := re.fullmatch(r"PY(20[0-9]{2})", release):
        year = int(match.group(1)) - 1
        return Period(date(year, 1, 1), date(year, 12, 31))
    for read, pattern in (_FISCAL, _QUARTER, _YEAR):
        if match := re.fullmatch(pattern, release):
            return read(match)
    return None


def fiscal_year(release: str) -> str | None:
    """``FY2026`` for ``FY2026`` and ``FY2026-04``; None for other ids."""
    match = re.fullmatch(r"(FY20[0-9]{2})(?:-04)?", release)
    return match.group(1) if match else None


def release_needed(system: System, day: date) -> str:
    """The name of the release that governs ``system`` on ``day``, installed or not.

    ICD-10-CM and ICD-10-PCS change on October 1 and April 1, HCPCS every quarter, CPT every year.
    """
    if system in (System.ICD10CM, System.ICD10PCS):
        year = day.year + (day.month >= 10)
        if 4 <= day.month <= 9:
            return f"FY{year}-04 (April {year} update)"
        return f"FY{year} (October {year - 1})"
    if system is System.HCPCS:
        quarter = (day.month - 1) // 3
        return f"{day.year}-{quarter * 3 + 1:02d} ({_MONTHS[quarter]} {day.year} update)"
    return f"{day.year} (CPT {day.year})"


def _half_year(match: re.Match[str]) -> Period:
    year = int(match.group(1))
    if match.group(2):
        return Period(date(year, 4, 1), date(year, 9, 30))
    return Period(date(year - 1, 10, 1), date(year, 3, 31))


def _quarter(match: re.Match[str]) -> Period:
    first = date(int(match.group(1)), int(match.group(2)), 1)
    after = (first + timedelta(days=100)).replace(day=1)
    return Period(first, after - timedelta(days=1))


def _year(match: re.Match[str]) -> Period:
    year = int(match.group(1))
    return Period(date(year, 1, 1), date(year, 12, 31))


_Reader = tuple["Callable[[re.Match[str]], Period]", str]
_FISCAL: _Reader = (_half_year, r"FY(20[0-9]{2})(-04)?")
_QUARTER: _Reader = (_quarter, r"(20[0-9]{2})-(01|04|07|10)")
_YEAR: _Reader = (_year, r"(20[0-9]{2})")


def _match(release: str, reader: _Reader, example: str) -> Period:
    read, pattern = reader
    match = re.fullmatch(pattern, release)
    if match is None:
        raise CodesetError(f"{release} is not a release: write it like {example}.")
    return read(match)
