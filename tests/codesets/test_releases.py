"""Which release governs on a date, and the compiled files that stand behind it."""

from __future__ import annotations

import multiprocessing
import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from codesets import packaged
from codesets.compile import write_release
from codesets.draft import Draft
from codesets.errors import ReleaseUnavailableError, StorageError
from codesets.formats.order import CodeLine
from codesets.models import Release, System
from codesets.releases import ReleaseStore, Validity, release_needed

if TYPE_CHECKING:
    from codesets.library import Library

CM = System.ICD10CM


def test_the_default_install(store: ReleaseStore) -> None:
    assert [(r.system, r.id, r.effective_from, r.effective_to) for r in store.installed()] == [
        (CM, "FY2026-04", date(2026, 4, 1), date(2026, 9, 30)),
        (CM, "FY2027", date(2026, 10, 1), date(2027, 3, 31)),
    ]


@pytest.mark.parametrize(
    ("day", "release", "valid"),
    [
        (date(2026, 4, 1), "FY2026-04", 74_719),
        (date(2026, 9, 30), "FY2026-04", 74_719),
        (date(2026, 10, 1), "FY2027", 74_879),
        (date(2026, 11, 21), "FY2027", 74_879),
        (date(2027, 3, 31), "FY2027", 74_879),
    ],
)
def test_a_date_has_one_release(store: ReleaseStore, day: date, release: str, valid: int) -> None:
    assert store.for_date(CM, day).id == release
    assert store.library_for(CM, day).counts()["valid"] == valid


@pytest.mark.parametrize(
    ("system", "day", "needed"),
    [
        (CM, date(2026, 3, 31), "FY2026 (October 2025)"),
        (CM, date(2025, 10, 1), "FY2026 (October 2025)"),
        (CM, date(2025, 9, 30), "FY2025-04 (April 2025 update)"),
        (CM, date(2027, 4, 1), "FY2027-04 (April 2027 update)"),
        (CM, date(2027, 10, 1), "FY2028 (October 2027)"),
        (System.ICD10PCS, date(2026, 11, 21), "FY2027 (October 2026)"),
        (System.HCPCS, date(2026, 11, 21), "2026-10 (October 2026 update)"),
        (System.HCPCS, date(2026, 1, 1), "2026-01 (January 2026 update)"),
        (System.CPT, date(2026, 11, 21), "2026 (CPT 2026)"),
    ],
)
def test_a_date_nothing_covers_names_what_is_needed(
    store: ReleaseStore, system: System, day: date, needed: str
) -> None:
    assert release_needed(system, day) == needed
    with pytest.raises(ReleaseUnavailableError) as error:
        store.for_date(system, day)
    assert error.value.needed == needed
    assert needed in str(error.value)
    assert "codecite codesets" in str(error.value)


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("D69.1", True, False),
        ("D69.11", None, True),
        ("T52.8X1A", True, False),
        ("T52.811A", None, True),
        ("E11.22", True, True),
        ("E11.2", False, False),
        ("QA1.71", None, True),
        ("Z99.999", None, None),
    ],
)
def test_validity_turns_on_the_first_of_october(
    store: ReleaseStore, code: str, before: bool | None, after: bool | None
) -> None:
    found = [
        store.library_for(CM, day).find(code) for day in (date(2026, 9, 30), date(2026, 10, 1))
    ]
    assert [record.valid if record else None for record in found] == [before, after]


def test_a_code_everywhere(store: ReleaseStore) -> None:
    everywhere = [(r.id, c.valid, c.title) for r, c in store.everywhere("z2914")]
    assert everywhere == [
        ("FY2026-04", True, "Encounter for prophylactic rabies immune globin"),
        ("FY2027", True, "Encounter for prophylactic rabies immune globulin"),
    ]
    assert [r.id for r, _ in store.everywhere("D69.11")] == ["FY2027"]
    assert store.everywhere("no code") == []


def test_spans_of_validity(store: ReleaseStore) -> None:
    assert store.validity(CM, "D69.1") == [
        Validity(date(2026, 4, 1), date(2026, 9, 30), ("FY2026-04",))
    ]
    assert store.validity(CM, "D69.11") == [
        Validity(date(2026, 10, 1), date(2027, 3, 31), ("FY2027",))
    ]
    assert store.validity(CM, "i10") == [
        Validity(date(2026, 4, 1), date(2027, 3, 31), ("FY2026-04", "FY2027"))
    ]
    assert store.validity(CM, "E11") == []


@pytest.mark.parametrize(
    ("code", "day", "instead"),
    [
        ("D69.1", date(2026, 10, 1), ["D69.11", "D69.19"]),
        ("D69.11", date(2026, 9, 30), ["D69.1"]),
        ("T52.821D", date(2026, 9, 30), ["T52.8X1D"]),
        ("K6A.01", date(2026, 9, 30), []),
        ("D69.1", date(2026, 9, 30), []),
        ("E11.22", date(2026, 10, 1), []),
    ],
)
def test_what_stands_for_a_code_on_a_day(
    store: ReleaseStore, code: str, day: date, instead: list[str]
) -> None:
    assert [record.code for record in store.instead(CM, code, day)] == instead


@pytest.fixture
def home(tmp_path: Path, compiled_home: Path) -> Path:
    """A home of its own with the compiled releases copied in."""
    shutil.copytree(compiled_home, tmp_path / "home")
    return tmp_path / "home"


def test_what_is_ready_is_left_alone(home: Path) -> None:
    store = ReleaseStore(home)
    files = [store.path(CM, release) for release in ("FY2026-04", "FY2027")]
    before = [path.stat().st_ino for path in files]
    stages: list[str] = []
    store.ensure_default(lambda stage, done, total: stages.append(stage))
    assert [path.stat().st_ino for path in files] == before
    assert stages == []


@pytest.mark.parametrize("damage", ["missing", "cut", "other sources"])
def test_what_cannot_be_used_is_compiled_again(home: Path, damage: str) -> None:
    store = ReleaseStore(home)
    path = store.path(CM, "FY2027")
    if damage == "missing":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[:100_000])
    else:
        draft = Draft.from_lines([CodeLine("A00", True, "One", "", 1)], "FY2027", CM)
        release = Release(CM, "FY2027", date(2026, 10, 1), date(2027, 3, 31), "old", "")
        write_release(draft, release, "other", path)
    kept = store.path(CM, "FY2026-04").stat().st_ino
    stages: list[tuple[str, int, int]] = []
    store.ensure_default(lambda *stage: stages.append(stage))
    assert store.library_for(CM, date(2026, 10, 1)).counts()["valid"] == 74_879
    assert store.path(CM, "FY2026-04").stat().st_ino == kept
    assert {stage for stage, _, _ in stages} == {"icd10cm Tabular List", "icd10cm FY2027"}
    assert all(0 <= done <= total for _, done, total in stages)
    store.close()


def test_an_unusable_file_is_not_installed(home: Path) -> None:
    store = ReleaseStore(home)
    release = store.for_date(CM, date(2026, 11, 21))
    store.close()
    store.path(CM, "FY2027").write_bytes(b"not a database")
    assert [r.id for r in store.installed()] == ["FY2026-04"]
    with pytest.raises(StorageError, match="damaged"):
        store.library(release)
    store.close()


def test_an_empty_home_has_nothing(tmp_path: Path) -> None:
    store = ReleaseStore(tmp_path / "nothing")
    assert store.installed() == []
    with pytest.raises(ReleaseUnavailableError):
        store.for_date(CM, date(2026, 11, 21))
    assert not (tmp_path / "nothing").exists()


def test_a_later_release_wins_where_two_cover_a_day(home: Path) -> None:
    store = ReleaseStore(home)
    draft = Draft.from_lines([CodeLine("A00", True, "One", "", 1)], "FY2027-X", CM)
    release = Release(CM, "FY2027-X", date(2027, 2, 1), date(2027, 6, 30), "test", "none")
    write_release(draft, release, "x", store.path(CM, release.id))
    assert store.for_date(CM, date(2027, 1, 31)).id == "FY2027"
    assert store.for_date(CM, date(2027, 2, 1)).id == "FY2027-X"
    assert store.for_date(CM, date(2027, 4, 1)).id == "FY2027-X"
    store.close()


def _compile(path: str) -> None:
    draft = Draft.from_lines([CodeLine("A00", True, "One", "", 1)], "FY2027", CM)
    release = Release(CM, "FY2027", date(2026, 10, 1), None, "test", "none")
    for _ in range(5):
        write_release(draft, release, "x", Path(path))


def test_two_processes_compile_at_once(tmp_path: Path) -> None:
    store = ReleaseStore(tmp_path)
    path = store.path(CM, "FY2027")
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_compile, args=(str(path),)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0]
    assert [found.name for found in path.parent.iterdir()] == ["FY2027.sqlite"]
    library = store.library_for(CM, date(2026, 10, 1))
    library.verify()
    store.close()


def test_an_open_library_survives_the_replacement_of_its_file(home: Path) -> None:
    store = ReleaseStore(home)
    library: Library = store.library_for(CM, date(2026, 11, 21))
    _compile(str(store.path(CM, "FY2027")))
    assert library.get("E11.22").valid
    store.close()


def test_the_package_is_found_without_importing_it() -> None:
    assert packaged.tabular_path().stat().st_size > 9_000_000
