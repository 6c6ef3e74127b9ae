"""Strict dates over many releases: boundaries, updates, quarters, years, and what is missing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from codesets.errors import CodesetError, ReleaseUnavailableError
from codesets.installing import install
from codesets.models import System
from codesets.periods import fiscal_year, list_period, release_needed, release_period
from codesets.releases import ReleaseStore
from tests.codesets.official_samples import (
    CM_CODES,
    CPT_NOTICE,
    PCS_LINES,
    cm_codes,
    hcpcs_line,
    linked_home,
    order,
)

if TYPE_CHECKING:
    from pathlib import Path

CM, PCS, HCPCS, CPT = System.ICD10CM, System.ICD10PCS, System.HCPCS, System.CPT


@pytest.mark.parametrize(
    ("system", "release", "first", "last"),
    [
        (CM, "FY2027", date(2026, 10, 1), date(2027, 3, 31)),
        (CM, "FY2026-04", date(2026, 4, 1), date(2026, 9, 30)),
        (PCS, "FY2026", date(2025, 10, 1), date(2026, 3, 31)),
        (HCPCS, "2026-01", date(2026, 1, 1), date(2026, 3, 31)),
        (HCPCS, "2026-04", date(2026, 4, 1), date(2026, 6, 30)),
        (HCPCS, "2026-07", date(2026, 7, 1), date(2026, 9, 30)),
        (HCPCS, "2025-10", date(2025, 10, 1), date(2025, 12, 31)),
        (CPT, "2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_the_dates_of_a_release(system: System, release: str, first: date, last: date) -> None:
    period = release_period(system, release)
    assert (period.first, period.last) == (first, last)
    for day in (first, last):
        assert release_needed(system, day).split(" ")[0] == release
    assert release_needed(system, last + timedelta(days=1)).split(" ")[0] != release


@pytest.mark.parametrize(
    ("system", "release"),
    [
        (CM, "2026"), (CM, "FY26"), (CM, "FY2026-10"), (CM, "fy2026"), (CM, ""),
        (HCPCS, "2026-02"), (HCPCS, "FY2026"), (HCPCS, "2026"), (CPT, "2026-01"), (CPT, "FY2026"),
    ],
)  # fmt: skip
def test_what_is_no_release(system: System, release: str) -> None:
    with pytest.raises(CodesetError, match="write it like"):
        release_period(system, release)


@pytest.mark.parametrize(
    ("release", "first", "last"),
    [
        ("FY2026", date(2025, 10, 1), date(2026, 9, 30)),
        ("FY2026-04", date(2026, 4, 1), date(2026, 9, 30)),
        ("PY2026", date(2025, 1, 1), date(2025, 12, 31)),
        ("2026-04", date(2026, 4, 1), date(2026, 6, 30)),
    ],
)
def test_the_dates_of_a_list(release: str, first: date, last: date) -> None:
    period = list_period(release)
    assert period is not None
    assert (period.first, period.last) == (first, last)


def test_an_edition_without_dates() -> None:
    assert list_period("v43.1") is None
    assert [fiscal_year(r) for r in ("FY2026", "FY2026-04", "2026-04")] == [
        "FY2026", "FY2026", None,
    ]  # fmt: skip


@pytest.fixture
def several(tmp_path: Path, compiled_home: Path) -> ReleaseStore:
    """Beside FY2026-04 and FY2027: FY2025-04 and FY2026, one of each other system."""
    store = ReleaseStore(linked_home(compiled_home, tmp_path / "home"))
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "icd10cm_codes_april_2025.txt").write_bytes(cm_codes(CM_CODES | {"B99": "Other"}))
    (inbox / "icd10cm_codes_2026.txt").write_bytes(cm_codes(CM_CODES))
    (inbox / "icd10pcs_order_2026.txt").write_bytes(order(PCS_LINES))
    (inbox / "HCPC2025_q4.txt").write_bytes(hcpcs_line("A0001", "Invented supply").encode())
    install([inbox], store)
    cpt = tmp_path / "SHORT_2026.txt"
    cpt.write_text(CPT_NOTICE + "99901\tInv svc\r\n")
    install([cpt], store, licensee="Example Hospital")
    return store


@pytest.mark.parametrize(
    ("system", "day", "release"),
    [
        (CM, date(2025, 4, 1), "FY2025-04"),
        (CM, date(2025, 9, 30), "FY2025-04"),
        (CM, date(2025, 10, 1), "FY2026"),
        (CM, date(2026, 3, 31), "FY2026"),
        (CM, date(2026, 4, 1), "FY2026-04"),
        (CM, date(2026, 9, 30), "FY2026-04"),
        (CM, date(2026, 10, 1), "FY2027"),
        (CM, date(2027, 3, 31), "FY2027"),
        (PCS, date(2026, 3, 31), "FY2026"),
        (HCPCS, date(2025, 10, 1), "2025-10"),
        (HCPCS, date(2025, 12, 31), "2025-10"),
        (CPT, date(2026, 1, 1), "2026"),
        (CPT, date(2026, 12, 31), "2026"),
    ],
)
def test_each_day_has_its_release(
    several: ReleaseStore, system: System, day: date, release: str
) -> None:
    assert several.for_date(system, day).id == release


@pytest.mark.parametrize(
    ("system", "day", "needed"),
    [
        (CM, date(2025, 3, 31), "FY2025 (October 2024)"),
        (CM, date(2027, 4, 1), "FY2027-04 (April 2027 update)"),
        (PCS, date(2025, 9, 30), "FY2025-04 (April 2025 update)"),
        (PCS, date(2026, 4, 1), "FY2026-04 (April 2026 update)"),
        (HCPCS, date(2025, 9, 30), "2025-07 (July 2025 update)"),
        (HCPCS, date(2026, 1, 1), "2026-01 (January 2026 update)"),
        (CPT, date(2025, 12, 31), "2025 (CPT 2025)"),
        (CPT, date(2027, 1, 1), "2027 (CPT 2027)"),
    ],
)
def test_a_day_nothing_covers(
    several: ReleaseStore, system: System, day: date, needed: str
) -> None:
    with pytest.raises(ReleaseUnavailableError) as error:
        several.for_date(system, day)
    assert error.value.needed == needed
    assert "codecite codesets update" in str(error.value)


def test_validity_over_several_releases(several: ReleaseStore) -> None:
    (whole,) = several.validity(CM, "I10")
    assert (whole.first_day, whole.last_day) == (date(2025, 4, 1), date(2027, 3, 31))
    assert whole.releases == ("FY2025-04", "FY2026", "FY2026-04", "FY2027")
    (ended,) = several.validity(CM, "B99")
    assert ended.last_day == date(2025, 9, 30)
    # D69.1 is in none of the invented releases, so only FY2026-04 speaks for it.
    (old,) = several.validity(CM, "D69.1")
    (new,) = several.validity(CM, "D69.11")
    assert (old.first_day, old.last_day) == (date(2026, 4, 1), date(2026, 9, 30))
    assert (new.first_day, new.last_day) == (date(2026, 10, 1), date(2027, 3, 31))
    assert [r.id for r, _ in several.everywhere("99901")] == ["2026"]


@pytest.mark.official
def test_official_releases_by_date(tmp_path: Path, compiled_home: Path, official: Path) -> None:
    store = ReleaseStore(linked_home(compiled_home, tmp_path / "home"))
    install([official / "icd10cm_codes_2026.txt", official / "2025-conversion-table.zip"], store)
    counts = {
        day: store.library_for(CM, day).counts()["valid"]
        for day in (date(2025, 10, 1), date(2026, 3, 31), date(2026, 9, 30), date(2026, 10, 1))
    }
    assert list(counts.values()) == [74_719, 74_719, 74_719, 74_879]
    spans = {code: store.validity(CM, code) for code in ("D69.1", "D69.11")}
    assert [s.last_day for s in spans["D69.1"]] == [date(2026, 9, 30)]
    assert [s.first_day for s in spans["D69.11"]] == [date(2026, 10, 1)]
    assert [c.code for c in store.instead(CM, "D69.1", date(2026, 10, 1))] == ["D69.11", "D69.19"]
