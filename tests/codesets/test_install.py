"""Installing what a person downloaded: told by content, whole or not at all, each file reported."""

from __future__ import annotations

import multiprocessing
from datetime import date
from typing import TYPE_CHECKING

import pytest

from codesets import installing
from codesets.errors import FormatError, StorageError
from codesets.formats.kinds import FileKind
from codesets.formats.source import Source
from codesets.installing import Outcome, install
from codesets.inventory import inventory
from codesets.models import System
from codesets.releases import ReleaseStore
from codesets.shelf import Shelf
from tests.codesets.official_samples import (
    CPT_NOTICE,
    PCS_LINES,
    cm_index,
    linked_home,
    order,
    outcomes,
    put,
    tree,
)

if TYPE_CHECKING:
    from pathlib import Path

# A file is told by its first 60 lines; what breaks off later is a damaged file of its kind.
MORE_LINES = [(f"0DT{n // 10}{n % 10}ZZ", True, f"Resection {n}") for n in range(10, 80)]
PCS = System.ICD10PCS


def test_a_folder_of_everything(empty: ReleaseStore, inbox: Path) -> None:
    put(inbox, "whatever.dat", order(PCS_LINES))
    put(inbox, "2024-index.xml", cm_index())
    put(inbox, "holiday.txt", b"We went to the sea.\n")
    put(inbox, "broken.xml", b"<?xml version='1.0'?><ICD10CM.index><version>2024</version><oops>")
    put(inbox, "cpt.txt", (CPT_NOTICE + "99901\tInvented service\r\n").encode())
    (inbox / ".hidden").write_bytes(order(PCS_LINES))
    (inbox / "loop").symlink_to(inbox)
    seen: list[tuple[str, int, int]] = []
    reports = install([inbox], empty, release=None, progress=lambda *stage: seen.append(stage))
    assert outcomes(reports) == {
        "2024-index.xml": Outcome.INSTALLED,
        "broken.xml": Outcome.FAILED,
        "cpt.txt": Outcome.REFUSED,
        "holiday.txt": Outcome.UNKNOWN,
        "whatever.dat": Outcome.FAILED,
    }
    told = {report.name: report for report in reports}
    assert "--licensee" in told["cpt.txt"].detail
    assert "--release" in told["whatever.dat"].detail
    assert "broken.xml" in told["broken.xml"].detail
    assert "left alone" in told["holiday.txt"].detail
    assert told["2024-index.xml"].counts == {"terms": 4, "main terms": 3, "codes": 5}
    assert all(0 <= done <= total for _, done, total in seen)
    assert [(row.system, row.what, row.release) for row in inventory(empty)] == [
        ("icd10cm", "index", "FY2024")
    ]


def test_paths_that_are_not_there(empty: ReleaseStore, tmp_path: Path) -> None:
    (report,) = install([tmp_path / "nowhere.zip"], empty)
    assert (report.outcome, report.detail) == (Outcome.UNKNOWN, "There is no such file.")


def test_a_second_time_nothing_changes(empty: ReleaseStore, inbox: Path) -> None:
    path = put(inbox, "icd10pcs_order_2024.txt", order(PCS_LINES))
    assert outcomes(install([path], empty)) == {path.name: Outcome.INSTALLED}
    before = tree(empty.home)
    assert outcomes(install([path], empty)) == {path.name: Outcome.UNCHANGED}
    assert tree(empty.home) == before
    empty.path(PCS, "FY2024").unlink()
    assert outcomes(install([path], empty)) == {path.name: Outcome.INSTALLED}
    assert tree(empty.home) == before


class TestConsistency:
    def test_one_that_fails_leaves_what_was_there(self, empty: ReleaseStore, inbox: Path) -> None:
        good = put(inbox, "icd10pcs_order_2024.txt", order([*PCS_LINES, *MORE_LINES]))
        install([good], empty)
        before = tree(empty.home)
        good.write_bytes(order([*PCS_LINES, *MORE_LINES]) + b"00099 0DTJ")
        index = put(inbox, "index.xml", cm_index("not a code"))
        other = put(inbox, "icd10pcs_order_2025.txt", order(PCS_LINES))
        told = outcomes(install([inbox], empty))
        assert told == {
            good.name: Outcome.FAILED,
            index.name: Outcome.FAILED,
            other.name: Outcome.INSTALLED,
        }
        after = tree(empty.home)
        assert {name: after[name] for name in before} == before
        assert len(after) == len(before) + 2

    def test_a_full_disk(
        self, empty: ReleaseStore, inbox: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = put(inbox, "icd10pcs_order_2024.txt", order(PCS_LINES))
        install([path], empty)
        before = tree(empty.home)

        def full(*_: object, **__: object) -> None:
            raise OSError(28, "No space left on device")

        path.write_bytes(order([*PCS_LINES, ("0DTJ8ZZ", True, "Resection, Via Opening")]))
        monkeypatch.setattr(installing, "write_release", full)
        (report,) = install([path], empty, replace=True)
        assert report.outcome is Outcome.FAILED
        assert "No space left on device" in report.detail
        assert tree(empty.home) == before

    def test_two_at_once(self, empty: ReleaseStore, inbox: Path) -> None:
        context = multiprocessing.get_context("spawn")
        held, release = context.Event(), context.Event()
        holder = context.Process(target=_hold, args=(str(empty.home), held, release))
        holder.start()
        try:
            assert held.wait(30)
            with pytest.raises(StorageError, match="at work"):
                install([inbox], empty)
        finally:
            release.set()
            holder.join(30)
        assert install([inbox], empty) == []

    def test_a_reader_of_the_old_release_keeps_it(self, empty: ReleaseStore, inbox: Path) -> None:
        path = put(inbox, "icd10pcs_order_2024.txt", order(PCS_LINES))
        install([path], empty)
        old = empty.library_for(PCS, date(2024, 1, 1))
        path.write_bytes(order([*PCS_LINES, ("0DTJ8ZZ", True, "Resection, Via Opening")]))
        install([path], empty, replace=True)
        assert old.find("0DTJ8ZZ") is None
        assert old.get("0DTJ0ZZ").valid
        assert empty.library_for(PCS, date(2024, 1, 1)).get("0DTJ8ZZ").valid


def _hold(home: str, held: object, release: object) -> None:
    from pathlib import Path

    with installing._alone(Path(home) / "codesets"):
        held.set()  # type: ignore[attr-defined]  # a multiprocessing event
        release.wait(60)  # type: ignore[attr-defined]  # likewise


def test_kept_files_are_checked(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    source = put(tmp_path, "official name.txt", b"text")
    kept = shelf.keep(shelf.stage(Source(source), "icd10cm-codes", "FY2024", ""))
    assert (kept.name, kept.size, kept.kind) == ("official name.txt", 4, FileKind.ICD10CM_CODES)
    kept.verify()
    assert [found.sha256 for found in shelf.all()] == [kept.sha256]
    data = bytearray(kept.path.read_bytes())
    data[40] ^= 0xFF
    kept.path.write_bytes(bytes(data))
    with pytest.raises(StorageError, match="not the file that was installed"):
        kept.verify()
    kept.path.write_bytes(b"nothing of ours")
    assert shelf.find("icd10cm-codes", "FY2024") is None
    with pytest.raises(FormatError):
        shelf.stage(Source(kept.path, "gone.txt"), "icd10cm-codes", "FY2024")
    assert [path.name for path in kept.path.parent.iterdir()] == ["FY2024.zip"]


@pytest.mark.official
@pytest.mark.slow
def test_everything_official(tmp_path: Path, compiled_home: Path, official: Path) -> None:
    store = ReleaseStore(linked_home(compiled_home, tmp_path / "home"))
    reports = install([official], store)
    assert not [r for r in reports if r.outcome in (Outcome.FAILED, Outcome.REFUSED)]
    counts = {(row.system, row.what, row.release): row.counts for row in inventory(store)}
    assert counts["hcpcs", "codes", "2025-10"] == {
        "codes": 8463, "valid": 7258, "modifiers": 383,
    }  # fmt: skip
    assert counts["icd10cm", "codes", "FY2025-04"] == {"valid": 74_260, "records": 97_584}
    assert counts["icd10cm", "codes", "FY2026"]["valid"] == 74_719
    assert counts["icd10cm", "codes", "FY2027"]["valid"] == 74_879
    assert counts["icd10pcs", "codes", "FY2026"]["valid"] == 79_115
    assert counts["icd10pcs", "codes", "FY2026-04"] == {"valid": 79_193, "records": 80_110}
    assert counts["icd10cm", "index", "FY2025"] == {
        "terms": 81_024, "main terms": 8100, "codes": 62_721,
    }  # fmt: skip
    assert counts["icd10cm", "poa-exempt", "FY2026"] == {"codes": 38_349}
    assert counts["icd10cm", "hcc", "PY2025"]["V28 codes"] == 7903
    assert counts["icd10pcs", "index", "FY2025"]["main terms"] == 3215
    again = install([official], store)
    assert Outcome.INSTALLED not in {report.outcome for report in again}
