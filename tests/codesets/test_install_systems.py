"""Installing procedure codes, edits, and the lists that go with codes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from codesets.errors import ReleaseUnavailableError
from codesets.formats.kinds import FileKind
from codesets.formats.mce import MceFlag
from codesets.formats.ncci import MueService
from codesets.installing import Outcome, install
from codesets.inventory import inventory
from codesets.models import System
from codesets.releases import ReleaseStore
from tests.codesets.official_samples import (
    CPT_NOTICE,
    PCS_LINES,
    POA_HEAD,
    cm_index,
    hcpcs_line,
    order,
    pcs_tables,
    put,
    tree,
)

if TYPE_CHECKING:
    from pathlib import Path

PCS, HCPCS, CPT = System.ICD10PCS, System.HCPCS, System.CPT


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
