"""Installing ICD-10-CM: the best file makes a release; copies that say otherwise are refused."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from codesets import packaged
from codesets.errors import ReleaseUnavailableError
from codesets.installing import Outcome, install
from codesets.models import System
from codesets.releases import ReleaseStore
from tests.codesets.official_samples import CM_CODES, cm_codes, order, outcomes, put, tree, zipped

if TYPE_CHECKING:
    from pathlib import Path

CM = System.ICD10CM


class TestIcd10cm:
    def test_codes_only(self, beside: ReleaseStore, inbox: Path) -> None:
        path = put(inbox, "icd10cm_codes_2024.txt", cm_codes(CM_CODES))
        (report,) = install([path], beside)
        assert (report.outcome, report.release) == (Outcome.INSTALLED, "FY2024")
        assert report.counts == {"valid": 4, "records": 5}
        release = beside.for_date(CM, date(2024, 3, 31))
        assert (release.id, release.effective_from) == ("FY2024", date(2023, 10, 1))
        assert beside.library(release).get("a00.9").title == "Cholera, unspecified"
        with pytest.raises(ReleaseUnavailableError, match="FY2024-04"):
            beside.for_date(CM, date(2024, 4, 1))

    def test_the_best_file_makes_the_release(self, beside: ReleaseStore, inbox: Path) -> None:
        lines = [("A00", False, "Cholera"), *((c, True, t) for c, t in CM_CODES.items())]
        zipped(
            {
                "d/icd10cm_codes_2024.txt": cm_codes(CM_CODES),
                "d/icd10cm_order_2024.txt": order(lines),
            },
            inbox / "2024-code-descriptions.zip",
        )
        reports = install([inbox], beside)
        assert [report.outcome for report in reports] == [Outcome.CHECKED, Outcome.INSTALLED]
        assert reports[0].detail == "Agrees with icd10cm_order_2024.txt."
        assert beside.library_for(CM, date(2023, 12, 1)).get("A00").title == "Cholera"

    def test_files_of_a_zip_that_disagree_are_refused(
        self, beside: ReleaseStore, inbox: Path
    ) -> None:
        lines = [(code, True, title) for code, title in CM_CODES.items()]
        altered = CM_CODES | {"I10": "Essential (secondary) hypertension"}
        zipped(
            {"icd10cm_codes_2024.txt": cm_codes(altered), "icd10cm_order_2024.txt": order(lines)},
            inbox / "2024.zip",
        )
        before = tree(beside.home)
        reports = install([inbox], beside)
        assert {report.outcome for report in reports} == {Outcome.REFUSED}
        for said in ("I10", CM_CODES["I10"], altered["I10"], "--replace"):
            assert said in reports[0].detail
        assert tree(beside.home) == before

    def test_an_altered_copy_does_not_take_the_place_of_the_file_before(
        self, beside: ReleaseStore, inbox: Path
    ) -> None:
        path = put(inbox, "icd10cm_codes_2024.txt", cm_codes(CM_CODES))
        install([path], beside)
        before = tree(beside.home)
        path.write_bytes(cm_codes(CM_CODES | {"A000": "Cholera due to Vibrio cholerae 02"}))
        (report,) = install([path], beside)
        assert report.outcome is Outcome.REFUSED
        assert "A00.0" in report.detail
        assert tree(beside.home) == before
        (report,) = install([path], beside, replace=True)
        assert report.outcome is Outcome.INSTALLED
        found = beside.library_for(CM, date(2024, 1, 1)).get("A00.0")
        assert found.title == "Cholera due to Vibrio cholerae 02"

    def test_an_altered_copy_of_a_packaged_release_is_refused(
        self, beside: ReleaseStore, inbox: Path
    ) -> None:
        library = beside.library_for(CM, date(2026, 9, 30))
        codes = {c.code.replace(".", ""): c.title for c in library.valid_codes()}
        path = put(inbox, "icd10cm_codes_april_2026.txt", cm_codes(codes))
        (report,) = install([path], beside)
        assert (report.outcome, report.release) == (Outcome.CHECKED, "FY2026-04")
        path.write_bytes(cm_codes(codes | {"E119": "Type 2 diabetes mellitus with complications"}))
        (report,) = install([path], beside)
        assert report.outcome is Outcome.REFUSED
        assert "E11.9" in report.detail
        assert beside.library_for(CM, date(2026, 9, 30)).meta.get("origin") is None

    def test_what_is_deleted_keeps_its_replacements(
        self, beside: ReleaseStore, inbox: Path
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
        assert set(outcomes(install([inbox], beside)).values()) == {Outcome.INSTALLED}
        library = beside.library_for(CM, date(2024, 4, 1))
        gone = library.get("A00.9")
        assert (gone.valid, gone.effective_to) == (False, date(2024, 3, 31))
        assert [c.code for c in library.replacements("A00.9")] == ["A00.90", "A00.91"]
        assert [c.code for c in library.replacements("S30.1XXA")] == ["S30.10XA", "S30.11XA"]
        assert library.get("B99").effective_to == date(2024, 3, 31)
        assert library.replacements("B99") == []
        assert library.get("A00.90").effective_from == date(2024, 4, 1)
        assert library.get("I10").effective_from is None

    def test_conversions_name_what_structure_does_not(
        self, beside: ReleaseStore, inbox: Path
    ) -> None:
        after = {c: t for c, t in CM_CODES.items() if c != "I10"} | {"I1A": "New hypertension"}
        put(inbox, "icd10cm_codes_2024.txt", cm_codes(CM_CODES))
        put(inbox, "icd10cm_codes_april_2024.txt", cm_codes(after))
        put(
            inbox,
            "conversion-2024.csv",
            b"Current code assignment,Effective,Previous Code(s) Assignment\nI1A,4/1/2024,I10\n",
        )
        install([inbox], beside)
        assert [c.code for c in beside.instead(CM, "I10", date(2024, 4, 1))] == ["I1A"]
        assert beside.instead(CM, "I10", date(2024, 3, 31)) == []
        assert beside.instead(CM, "A00.9", date(2024, 4, 1)) == []
        assert [c.wording for c in beside.conversions.previous("I1A")] == ["I10"]

    def test_addenda_need_the_release_before(self, beside: ReleaseStore, inbox: Path) -> None:
        text = (
            "Delete:      A009    Cholera, unspecified\nAdd:         A0090   Cholera, mild\n\n"
            "Codes\n  4 codes in icd10cm_order_2024.txt\n  4 codes in icd10cm_order_2025.txt\n"
            "      1 additions\n      1 deletions\n      0 revisions\n"
        )
        changes = put(inbox, "icd10cm_codes_addenda_2025.txt", text.encode())
        (report,) = install([changes], beside)
        assert report.outcome is Outcome.FAILED
        assert "2024-09-30" in report.detail
        base = put(inbox, "icd10cm_codes_april_2024.txt", cm_codes(CM_CODES))
        assert set(outcomes(install([base, changes], beside)).values()) == {Outcome.INSTALLED}
        library = beside.library_for(CM, date(2024, 10, 1))
        assert library.get("A00.90").valid
        assert [c.code for c in library.replacements("A00.9")] == ["A00.90"]

    @pytest.mark.official
    def test_the_official_addenda_are_those_packaged(
        self, beside: ReleaseStore, official: Path
    ) -> None:
        (report,) = install([official / "icd10cm_codes_addenda_2027.txt"], beside)
        assert (report.outcome, report.release) == (Outcome.CHECKED, "FY2027")

    def test_an_installed_release_is_not_compiled_over(
        self, beside: ReleaseStore, inbox: Path
    ) -> None:
        path = put(inbox, "icd10cm_codes_2027.txt", cm_codes(CM_CODES))
        install([path], beside, replace=True)
        beside.ensure_default()
        assert beside.library_for(CM, date(2026, 11, 21)).counts()["valid"] == 4


def test_an_altered_tabular_list_does_not_replace_the_packaged_one(
    beside: ReleaseStore, inbox: Path
) -> None:
    text = packaged.tabular_path().read_text(encoding="utf-8")
    right = "<desc>Essential (primary) hypertension</desc>"
    assert text.count(right) == 1
    wrong = right.replace("primary", "secondary")
    path = inbox / "icd10cm-tabular-April-1-2026.xml"
    path.write_text(text.replace(right, wrong), encoding="utf-8")
    (report,) = install([path], beside)
    assert (report.outcome, report.release) == (Outcome.REFUSED, "FY2026-04")
    assert "I10" in report.detail
    path.write_text(text, encoding="utf-8")
    (report,) = install([path], beside)
    assert report.outcome is Outcome.INSTALLED
    library = beside.library_for(CM, date(2026, 9, 30))
    assert library.counts()["valid"] == 74_719
    assert library.notes("I10")
