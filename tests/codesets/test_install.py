"""Installing what a person downloaded: told by content, whole or not at all, each file reported."""

from __future__ import annotations

import multiprocessing
import stat
import struct
import zipfile
from datetime import date
from typing import TYPE_CHECKING

import pytest

from codesets import installing, packaged
from codesets.errors import FormatError, ReleaseUnavailableError, StorageError
from codesets.formats.kinds import FileKind
from codesets.formats.mce import MceFlag
from codesets.formats.ncci import MueService
from codesets.formats.source import Source
from codesets.installing import FileReport, Outcome, install
from codesets.inventory import inventory
from codesets.models import System
from codesets.releases import ReleaseStore
from codesets.shelf import Shelf
from codesets.survey import hostile, survey
from tests.codesets.official_samples import (
    CM_CODES,
    CPT_NOTICE,
    PCS_LINES,
    POA_HEAD,
    cm_codes,
    cm_index,
    hcpcs_line,
    linked_home,
    order,
    pcs_tables,
    tree,
    zipped,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# A file is told by its first 60 lines; what breaks off later is a damaged file of its kind.
MORE_LINES = [(f"0DT{n // 10}{n % 10}ZZ", True, f"Resection {n}") for n in range(10, 80)]
CM, PCS, HCPCS, CPT = System.ICD10CM, System.ICD10PCS, System.HCPCS, System.CPT


@pytest.fixture
def empty(tmp_path: Path) -> ReleaseStore:
    return ReleaseStore(tmp_path / "home")


@pytest.fixture
def store_(tmp_path: Path, compiled_home: Path) -> ReleaseStore:
    """A home with the packaged releases, to install ICD-10-CM beside."""
    return ReleaseStore(linked_home(compiled_home, tmp_path / "home"))


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def outcomes(reports: list[FileReport]) -> dict[str, Outcome]:
    return {report.name: report.outcome for report in reports}


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


class TestIcd10cm:
    def test_codes_only(self, store_: ReleaseStore, inbox: Path) -> None:
        path = put(inbox, "icd10cm_codes_2024.txt", cm_codes(CM_CODES))
        (report,) = install([path], store_)
        assert (report.outcome, report.release) == (Outcome.INSTALLED, "FY2024")
        assert report.counts == {"valid": 4, "records": 5}
        release = store_.for_date(CM, date(2024, 3, 31))
        assert (release.id, release.effective_from) == ("FY2024", date(2023, 10, 1))
        assert store_.library(release).get("a00.9").title == "Cholera, unspecified"
        with pytest.raises(ReleaseUnavailableError, match="FY2024-04"):
            store_.for_date(CM, date(2024, 4, 1))

    def test_the_best_file_makes_the_release(self, store_: ReleaseStore, inbox: Path) -> None:
        lines = [("A00", False, "Cholera"), *((c, True, t) for c, t in CM_CODES.items())]
        zipped(
            {
                "d/icd10cm_codes_2024.txt": cm_codes(CM_CODES),
                "d/icd10cm_order_2024.txt": order(lines),
            },
            inbox / "2024-code-descriptions.zip",
        )
        reports = install([inbox], store_)
        assert [report.outcome for report in reports] == [Outcome.CHECKED, Outcome.INSTALLED]
        assert reports[0].detail == "Agrees with icd10cm_order_2024.txt."
        assert store_.library_for(CM, date(2023, 12, 1)).get("A00").title == "Cholera"

    def test_files_of_a_zip_that_disagree_are_refused(
        self, store_: ReleaseStore, inbox: Path
    ) -> None:
        lines = [(code, True, title) for code, title in CM_CODES.items()]
        altered = CM_CODES | {"I10": "Essential (secondary) hypertension"}
        zipped(
            {"icd10cm_codes_2024.txt": cm_codes(altered), "icd10cm_order_2024.txt": order(lines)},
            inbox / "2024.zip",
        )
        before = tree(store_.home)
        reports = install([inbox], store_)
        assert {report.outcome for report in reports} == {Outcome.REFUSED}
        for said in ("I10", CM_CODES["I10"], altered["I10"], "--replace"):
            assert said in reports[0].detail
        assert tree(store_.home) == before

    def test_an_altered_copy_does_not_take_the_place_of_the_file_before(
        self, store_: ReleaseStore, inbox: Path
    ) -> None:
        path = put(inbox, "icd10cm_codes_2024.txt", cm_codes(CM_CODES))
        install([path], store_)
        before = tree(store_.home)
        path.write_bytes(cm_codes(CM_CODES | {"A000": "Cholera due to Vibrio cholerae 02"}))
        (report,) = install([path], store_)
        assert report.outcome is Outcome.REFUSED
        assert "A00.0" in report.detail
        assert tree(store_.home) == before
        (report,) = install([path], store_, replace=True)
        assert report.outcome is Outcome.INSTALLED
        found = store_.library_for(CM, date(2024, 1, 1)).get("A00.0")
        assert found.title == "Cholera due to Vibrio cholerae 02"

    def test_an_altered_copy_of_a_packaged_release_is_refused(
        self, store_: ReleaseStore, inbox: Path
    ) -> None:
        library = store_.library_for(CM, date(2026, 9, 30))
        codes = {c.code.replace(".", ""): c.title for c in library.valid_codes()}
        path = put(inbox, "icd10cm_codes_april_2026.txt", cm_codes(codes))
        (report,) = install([path], store_)
        assert (report.outcome, report.release) == (Outcome.CHECKED, "FY2026-04")
        path.write_bytes(cm_codes(codes | {"E119": "Type 2 diabetes mellitus with complications"}))
        (report,) = install([path], store_)
        assert report.outcome is Outcome.REFUSED
        assert "E11.9" in report.detail
        assert store_.library_for(CM, date(2026, 9, 30)).meta.get("origin") is None

    def test_what_is_deleted_keeps_its_replacements(
        self, store_: ReleaseStore, inbox: Path
    ) -> None:
        before = CM_CODES | {"S301XXA": "Contusion of wall, initial", "B99": "Other disease"}
        after = CM_CODES | {
            "A0090": "Cholera, unspecified, mild",
            "A0091": "Cholera, unspecified, severe",
            "S3010XA": "Contusion of wall, unspecified, initial",
            "S3011XA": "Contusion of front wall, initial",
            "S3011XD": "Contusion of front wall, subsequent",
        }
        del after["A009"]
        put(inbox, "icd10cm_codes_2024.txt", cm_codes(before))
        put(inbox, "icd10cm_codes_april_2024.txt", cm_codes(after))
        assert set(outcomes(install([inbox], store_)).values()) == {Outcome.INSTALLED}
        library = store_.library_for(CM, date(2024, 4, 1))
        gone = library.get("A00.9")
        assert (gone.valid, gone.effective_to) == (False, date(2024, 3, 31))
        assert [c.code for c in library.replacements("A00.9")] == ["A00.90", "A00.91"]
        assert [c.code for c in library.replacements("S30.1XXA")] == ["S30.10XA", "S30.11XA"]
        assert library.get("B99").effective_to == date(2024, 3, 31)
        assert library.replacements("B99") == []
        assert library.get("A00.90").effective_from == date(2024, 4, 1)
        assert library.get("I10").effective_from is None

    def test_conversions_name_what_structure_does_not(
        self, store_: ReleaseStore, inbox: Path
    ) -> None:
        after = {c: t for c, t in CM_CODES.items() if c != "I10"} | {"I1A": "New hypertension"}
        put(inbox, "icd10cm_codes_2024.txt", cm_codes(CM_CODES))
        put(inbox, "icd10cm_codes_april_2024.txt", cm_codes(after))
        put(
            inbox,
            "conversion-2024.csv",
            b"Current code assignment,Effective,Previous Code(s) Assignment\nI1A,4/1/2024,I10\n",
        )
        install([inbox], store_)
        assert [c.code for c in store_.instead(CM, "I10", date(2024, 4, 1))] == ["I1A"]
        assert store_.instead(CM, "I10", date(2024, 3, 31)) == []
        assert store_.instead(CM, "A00.9", date(2024, 4, 1)) == []
        assert [c.wording for c in store_.conversions.previous("I1A")] == ["I10"]

    def test_addenda_need_the_release_before(self, store_: ReleaseStore, inbox: Path) -> None:
        text = (
            "Delete:      A009    Cholera, unspecified\nAdd:         A0090   Cholera, mild\n\n"
            "Codes\n  4 codes in icd10cm_order_2024.txt\n  4 codes in icd10cm_order_2025.txt\n"
            "      1 additions\n      1 deletions\n      0 revisions\n"
        )
        changes = put(inbox, "icd10cm_codes_addenda_2025.txt", text.encode())
        (report,) = install([changes], store_)
        assert report.outcome is Outcome.FAILED
        assert "2024-09-30" in report.detail
        base = put(inbox, "icd10cm_codes_april_2024.txt", cm_codes(CM_CODES))
        assert set(outcomes(install([base, changes], store_)).values()) == {Outcome.INSTALLED}
        library = store_.library_for(CM, date(2024, 10, 1))
        assert library.get("A00.90").valid
        assert [c.code for c in library.replacements("A00.9")] == ["A00.90"]

    @pytest.mark.official
    def test_the_official_addenda_are_those_packaged(
        self, store_: ReleaseStore, official: Path
    ) -> None:
        (report,) = install([official / "icd10cm_codes_addenda_2027.txt"], store_)
        assert (report.outcome, report.release) == (Outcome.CHECKED, "FY2027")

    def test_an_installed_release_is_not_compiled_over(
        self, store_: ReleaseStore, inbox: Path
    ) -> None:
        path = put(inbox, "icd10cm_codes_2027.txt", cm_codes(CM_CODES))
        install([path], store_, replace=True)
        store_.ensure_default()
        assert store_.library_for(CM, date(2026, 11, 21)).counts()["valid"] == 4


class TestProcedures:
    def test_pcs_titles_come_from_the_order_file_of_the_year(
        self, empty: ReleaseStore, inbox: Path
    ) -> None:
        tables = put(
            inbox,
            "icd10pcs_tables_2024.xml",
            pcs_tables({"0": "Open", "4": "Percutaneous Endoscopic", "8": "Via Opening"}),
        )
        install([tables], empty)
        day = date(2023, 11, 1)
        alone = empty.library_for(PCS, day).get("0DTJ8ZZ")
        assert (alone.title, alone.derived) == (
            "Resection: Appendix, Via Opening, No Device, No Qualifier",
            True,
        )
        lines = put(inbox, "icd10pcs_order_april_2024.txt", order(PCS_LINES))
        install([lines], empty)
        library = empty.library_for(PCS, day)
        titled = library.get("0DTJ0ZZ")
        assert titled.title == "Resection of Appendix, Open Approach"
        assert (titled.release, titled.text_release, titled.derived) == (
            "FY2024",
            "FY2024-04",
            False,
        )
        assert library.get("0DTJ8ZZ").derived
        assert [c.code for c in library.lineage("0DTJ0ZZ")] == ["0DT", "0DTJ0ZZ"]
        assert empty.library_for(PCS, date(2024, 5, 1)).counts()["valid"] == 2
        assert empty.pcs_tables(day).build("0DTJ", "Open", "Z", "Z") == "0DTJ0ZZ"
        with pytest.raises(ReleaseUnavailableError, match="the tables of FY2024-04"):
            empty.pcs_tables(date(2024, 5, 1))

    def test_tables_and_order_file_of_one_release_have_the_same_codes(
        self, empty: ReleaseStore, inbox: Path
    ) -> None:
        put(inbox, "icd10pcs_tables_2024.xml", pcs_tables({"0": "Open"}))
        put(inbox, "icd10pcs_order_2024.txt", order(PCS_LINES))
        reports = install([inbox], empty)
        assert {report.outcome for report in reports} == {Outcome.REFUSED}
        assert "0DTJ4ZZ" in reports[0].detail

    def test_hcpcs(self, empty: ReleaseStore, inbox: Path) -> None:
        text = (
            hcpcs_line("A0001", "Invented supply, each")
            + hcpcs_line("A0002", "Ended before the quarter", ended="20250930")
            + hcpcs_line("A0003", "Ended within the quarter", ended="20251115")
            + hcpcs_line("D0120", "Dental wording that is not ours")
            + hcpcs_line("A1", "Invented modifier", record="7")
        )
        path = put(inbox, "HCPC2025_OCT_contr.txt", text.encode())
        (report,) = install([path], empty, release="2025-10")
        assert report.counts == {"codes": 3, "valid": 2, "modifiers": 1}
        library = empty.library_for(HCPCS, date(2025, 12, 31))
        assert library.release.effective_from == date(2025, 10, 1)
        ended = library.get("a0002")
        assert (ended.valid, ended.effective_to) == (False, date(2025, 9, 30))
        assert library.get("A0003").effective_to == date(2025, 11, 15)
        assert library.details("A0001")["coverage"] == "carrier judgment"
        assert library.details("A0001")["short"] == "Invented supply, each"
        modifier = library.modifier("a1")
        assert modifier is not None
        assert modifier.title == "Invented modifier"
        assert library.find("D0120") is None
        assert not any(b"Dental" in data for name, data in tree(empty.home).items()
                       if name.endswith(".sqlite"))  # fmt: skip
        with pytest.raises(ReleaseUnavailableError, match="2026-01"):
            empty.for_date(HCPCS, date(2026, 1, 1))

    def test_cpt_needs_a_licensee(self, empty: ReleaseStore, inbox: Path) -> None:
        wording = "An invented long service wording, " * 3
        record = f"99901\t{wording}\r\n"
        long = put(inbox, "LONG_2026.txt", (CPT_NOTICE + record).encode())
        short = put(inbox, "SHORT_2026.txt", (CPT_NOTICE + "99901\tInv svc\r\n").encode())
        before = tree(empty.home) if empty.home.exists() else {}
        reports = install([long, short], empty)
        assert {report.outcome for report in reports} == {Outcome.REFUSED}
        assert tree(empty.home) == before
        reports = install([long], empty, licensee="Example Hospital")
        assert reports[0].outcome is Outcome.INSTALLED
        install([short], empty, licensee="Example Hospital")
        library = empty.library_for(CPT, date(2026, 6, 1))
        code = library.get("99901")
        assert code.title.startswith("An invented long")
        assert library.details("99901")["short"] == "Inv svc"
        assert library.details("99901")["category"] == "category-1"
        (row,) = [row for row in inventory(empty) if row.system == "cpt"]
        assert row.licensee == "Example Hospital"
        assert "Example Hospital" in row.licence
        assert row.effective_to == date(2026, 12, 31)

    def test_ncci(self, empty: ReleaseStore, inbox: Path) -> None:
        notice = "CPT codes are copyright of the AMA.\n"
        put(
            inbox,
            "ccipra-v320r0-f1.txt",
            (
                notice
                + "Column 1\tColumn 2\tprior 1996\tEffective\tDeletion\tModifier\tRationale\n"
                + "00001\t00002\t\t20200101\t*\t1\tMisuse\n"
                + "00001\t00003\t\t20200101\t20251231\t0\tStandards\n"
            ).encode(),
        )
        put(
            inbox,
            "MCR_MUE_PractitionerServices_Eff_01-01-2026.csv",
            (
                b"HCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator,"
                b"MUE Rationale\n00001,2,2 Date of Service Edit: Policy,Anatomic\n"
            ),
        )
        reports = install([inbox], empty)
        assert [(r.outcome, r.release) for r in reports] == [(Outcome.INSTALLED, "2026-01")] * 2
        edits = empty.edits
        ((edit, source),) = edits.pairs("00002", "00001", date(2026, 2, 1))
        assert (edit.column1, edit.column2, source) == (
            "00001", "00002", "ncci-ptp-practitioner-1 2026-01",
        )  # fmt: skip
        assert edits.pairs("00001", "00003", date(2026, 2, 1)) == []
        assert len(edits.pairs("00001", "00003", date(2025, 12, 31))) == 1
        limit = edits.mue("00001", MueService.PRACTITIONER, date(2026, 3, 31))
        assert limit is not None
        assert (limit[0].units, limit[1]) == (2, "2026-01")
        assert edits.mue("00001", MueService.PRACTITIONER, date(2026, 4, 1)) is None
        assert edits.mue("00001", MueService.DME_SUPPLIER, date(2026, 2, 1)) is None


class TestLists:
    def test_index_entries_lead_to_codes(self, empty: ReleaseStore, inbox: Path) -> None:
        install([put(inbox, "i.xml", cm_index())], empty)
        day = date(2026, 11, 21)

        def ways(code: str) -> list[tuple[tuple[str, ...], str, str]]:
            return [(e.path, e.printed, e.role) for e in empty.entries_for_code(code, day)]

        assert ways("a009") == [(("Cholera",), "A00.9", "code")]
        assert ways("A00.1") == [(("Cholera", "eltor"), "A00.1", "code")]
        assert ways("S52.501A") == [(("Crack, bone",), "S52.5-", "code")]
        assert ways("K77") == [(("Cyst, twofold",), "K77", "manifestation")]
        assert ways("A00.90") == []
        assert ways("S52") == []
        (entry,) = empty.entries_for_code("A00.9", day)
        assert (entry.release, entry.modifiers) == ("FY2024", ("Asiatic",))
        terms = list(empty.index_terms(FileKind.ICD10CM_INDEX, "FY2024"))
        assert [term.path for term in terms][:2] == [("Cholera",), ("Cholera", "eltor")]
        assert list(empty.index_terms(FileKind.ICD10CM_INDEX, "FY2025")) == []

    def test_attributes_that_are_absent_are_said_to_be(self, empty: ReleaseStore) -> None:
        told = empty.attributes("a009", date(2024, 1, 1))
        assert (told.code, told.poa_exempt, told.mce_flags, told.hcc) == ("A00.9", None, None, None)
        assert len(told.absent) == 3
        assert any("POA-exempt list of FY2024" in sentence for sentence in told.absent)

    def test_attributes(self, empty: ReleaseStore, inbox: Path) -> None:
        rows = [f"{n:05}\tZ{n // 100:02}.{n % 100:02}\tExempt {n}" for n in range(6000)]
        put(inbox, "poa.txt", "\n".join([POA_HEAD, *rows]).encode())
        put(
            inbox,
            "mce_v43_1.csv",
            b"code,start,end,flags\nA000,20151001,20230930,adult\nA000,20231001,,unacceptable\n"
            b"A001,20151001,,\n",
        )
        reports = install([inbox], empty)
        assert [(r.kind, r.release, r.outcome) for r in reports] == [
            (FileKind.ICD10CM_MCE_FLAGS, "v43.1", Outcome.INSTALLED),
            (FileKind.ICD10CM_POA_EXEMPT, "FY2024", Outcome.INSTALLED),
        ]
        day = date(2024, 1, 1)
        told = empty.attributes("Z00.01", day)
        assert (told.poa_exempt, told.poa_source, told.mce_flags) == (True, "FY2024", None)
        told = empty.attributes("A00.0", day)
        assert (told.poa_exempt, told.mce_flags) == (False, {MceFlag.UNACCEPTABLE})
        assert told.mce_source == "v43.1"
        assert empty.attributes("A00.0", date(2023, 9, 30)).mce_flags == {MceFlag.ADULT}
        assert empty.attributes("A00.1", day).mce_flags == frozenset()
        assert empty.attributes("A00.0", date(2024, 10, 1)).poa_exempt is None


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


def _link(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def _member(name: str, data: bytes = b"x") -> Callable[[zipfile.ZipFile], None]:
    return lambda archive: archive.writestr(zipfile.ZipInfo(name), data)


def _bomb(archive: zipfile.ZipFile) -> None:
    archive.writestr("bomb.txt", b"\0" * (40 << 20))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_member("../../etc/cron.d/x"), "out of the archive"),
        (_member("/etc/passwd"), "out of the archive"),
        (_member("a\\..\\..\\x"), "out of the archive"),
        (_member("C:\\windows\\x"), "out of the archive"),
        (lambda archive: archive.writestr(_link(zipfile.ZipInfo("l")), "/etc/passwd"), "a link"),
        (_bomb, "far more than its size"),
        (
            lambda archive: [_member(f"{n}.txt")(archive) for n in range(2001)],
            "2002 files",
        ),
    ],
)
def test_hostile_zips_are_refused_whole(
    empty: ReleaseStore, inbox: Path, make: Callable[[zipfile.ZipFile], object], said: str
) -> None:
    path = inbox / "2024.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("icd10pcs_order_2024.txt", order(PCS_LINES))
        make(archive)
    (report,) = install([path], empty)
    assert report.outcome is Outcome.FAILED
    assert said in report.detail
    assert tree(empty.home) == {}


def test_a_declared_size_that_no_official_file_has(inbox: Path) -> None:
    data = bytearray(zipped({"a.txt": b"x" * 1000}))
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 0xFFFFFFF0)
    path = put(inbox, "a.zip", bytes(data))
    assert "far more" in hostile(path) or "more than any" in hostile(path)


def test_an_undeclared_size_stops_at_what_was_declared(empty: ReleaseStore, inbox: Path) -> None:
    """The directory says 100 bytes; the data would unpack to 32 MiB."""
    data = bytearray(zipped({"icd10pcs_order_2024.txt": order(PCS_LINES) * 100_000}))
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = data.index(signature)
        data[at + offset : at + offset + 4] = struct.pack("<I", 100)
    path = put(inbox, "2024.zip", bytes(data))
    (report,) = install([path], empty)
    assert report.outcome is Outcome.FAILED
    assert tree(empty.home) == {}


def test_a_zip_in_a_zip_and_a_damaged_zip(empty: ReleaseStore, inbox: Path) -> None:
    inner = zipped({"icd10pcs_order_2024.txt": order(PCS_LINES)})
    zipped({"inner.zip": inner}, inbox / "a.zip")
    put(inbox, "b.zip", inner[: len(inner) // 2])
    put(inbox, "c.zip", b"PK\x03\x04 and then nothing")
    reports = install([inbox], empty)
    assert [report.outcome for report in reports] == [
        Outcome.UNKNOWN,
        Outcome.FAILED,
        Outcome.FAILED,
    ]
    assert "unpack it" in reports[0].detail


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


def test_the_survey_names_members_by_their_zip(inbox: Path) -> None:
    zipped({"folder/icd10pcs_order_2024.txt": order(PCS_LINES)}, inbox / "2024.zip")
    (found,) = survey([inbox])
    assert found.name == "2024.zip: icd10pcs_order_2024.txt"
    assert (found.kind, found.release) == (FileKind.ICD10PCS_ORDER, "FY2024")


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


def test_an_altered_tabular_list_does_not_replace_the_packaged_one(
    store_: ReleaseStore, inbox: Path
) -> None:
    text = packaged.tabular_path().read_text(encoding="utf-8")
    right = "<desc>Essential (primary) hypertension</desc>"
    assert text.count(right) == 1
    wrong = right.replace("primary", "secondary")
    path = inbox / "icd10cm-tabular-April-1-2026.xml"
    path.write_text(text.replace(right, wrong), encoding="utf-8")
    (report,) = install([path], store_)
    assert (report.outcome, report.release) == (Outcome.REFUSED, "FY2026-04")
    assert "I10" in report.detail
    path.write_text(text, encoding="utf-8")
    (report,) = install([path], store_)
    assert report.outcome is Outcome.INSTALLED
    library = store_.library_for(CM, date(2026, 9, 30))
    assert library.counts()["valid"] == 74_719
    assert library.notes("I10")
