"""Rules that ask installed tables: real files in their layouts, installed into a real home."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from codesets.guidelines import GuidelineSetting
from codesets.installing import Outcome, install
from codesets.models import System
from codesets.releases import ReleaseStore
from codesets.rules.engine import check
from tests.codesets.official_samples import hcpcs_line, linked_home, poa_list

if TYPE_CHECKING:
    from pathlib import Path

    from codesets.rules.records import RuleFinding

DAY = date(2026, 11, 21)
EDITS_DAY = date(2026, 2, 1)
HCPCS_DAY = date(2026, 11, 21)
NOTICE = "CPT codes and other data are copyright of the American Medical Association, 2026."
PTP = """Column1/Column2 Edits
Column 1\tColumn 2\t*=in existence prior to 1996\tEffective Date\tDeletion Date\tModifier\tRationale
99991\t99992\t\t20200101\t*\t0\tInvented
99991\t99993\t\t20200101\t*\t1\tInvented
99994\t99991\t\t20200101\t*\t1\tInvented
99991\t99995\t\t20200101\t20241231\t0\tInvented
99991\t99996\t\t20200101\t*\t9\tInvented
99997\t99998\t\t20200101\t*\t0\tInvented
99991\tJ1885\t\t20200101\t*\t0\tInvented
"""
MUE = """HCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale
99991,1,3 Date of Service Edit: Clinical,Clinical: Data
99992,2,2 Date of Service Edit: Policy,CMS Policy
99993,2,1 Line Edit,CMS Policy
J1885,8,3 Date of Service Edit: Clinical,Clinical: Data
99995,0,2 Date of Service Edit: Policy,CMS Policy
"""
MCE = """code,start,end,flags
R7303,20151001,,unacceptable
Z5189,20151001,,reqsdx
I10,20151001,,qadm
O24410,20151001,,maternity
P071,20151001,,newborn
P0718,20151001,,newborn
E119,20151001,,adult
E0842,20151001,,manifestation
N401,20151001,20240930,male
J189,20151001,,
"""


PAIRS = [
    ("99991 99992", "error"),
    ("99992 99991", "error"),
    ("99991 99993", "error"),
    ("99991 99993-59", "information"),
    ("99994-25 99991", "information"),
    ("99997 99998 I10", "error"),
    ("99991 99992-59", "error"),
    ("99991 J1885", "error"),
]
NO_PAIRS = ["99991", "99991 99995", "99991 99996", "99992 99993", "99991 I10", "99991 99997"]
OVER = ["99991x2", "99992x3", "99993x3", "J1885x9", "99995", "99991 99991-59", "J1885*20"]
WITHIN = ["99991", "99992x2", "99993x2 99993-59x2", "J1885x8", "99998x50", "I10"]
NOT_REPORTABLE = [
    ("J1886", "error", "2025-12-31 was its last day"),
    ("J1887", "error", "from 2026-12-01 only"),
    ("L9999-RT", "error", "not a code of HCPCS Level II 2026-10"),
    ("A9270", "warning", "is not covered"),
    ("A9282", "warning", "by statute"),
    ("G0008", "warning", "not payable"),
]
REPORTABLE = ["J1885", "E0143-NU", "99213", "I10", "J1885-RTx2", "A6021-A1"]
UNMODIFIED = ["E0143", "E0260", "E0450", "A6021", "E0450-NU", "J1885-QQ", "J1885-ZZ", "E0143-RT"]
MODIFIED = ["E0143-NU", "E0260-RR", "E0450-RR", "A6021-A1", "J1885", "J1885-RT", "99213-25"]
POA = [
    ("E11.9 Z79.4", "inpatient", ("Z79.4",)),
    ("O80 Z37.0 Z79.4", "inpatient", ("Z37.0", "Z79.4")),
    ("Z85.3", "inpatient", ("Z85.3",)),
    ("I10 Z85.3 Z79.4", "inpatient", ("Z85.3", "Z79.4")),
    ("Z79.4 Z79.4", "inpatient", ("Z79.4",)),
    ("E11.9 Z79.4", "outpatient", None),
    ("E11.9 I10", "inpatient", None),
    ("Z79.84", "inpatient", None),
    ("Z79", "inpatient", None),
    ("Z37.1", "inpatient", None),
]
CASES: dict[str, tuple[int, int]] = {
    "ncci-ptp": (len(PAIRS), len(NO_PAIRS)),
    "mue": (len(OVER), len(WITHIN)),
    "hcpcs-terminated": (len(NOT_REPORTABLE), len(REPORTABLE)),
    "hcpcs-modifier": (len(UNMODIFIED), len(MODIFIED)),
    "poa-exempt": (sum(bool(row[2]) for row in POA), sum(not row[2] for row in POA)),
}
"""How many cases of each rule here fire, and how many stay silent."""


def hcpcs(code: str, long: str, price: str = "", coverage: str = "C", **dates: str) -> str:
    line = hcpcs_line(code, long, **dates)
    return line[:119] + price.ljust(2) + line[121:229] + coverage + line[230:]


@pytest.fixture(scope="module")
def installed(compiled_home: Path, tmp_path_factory: pytest.TempPathFactory) -> ReleaseStore:
    """The packaged releases with small lists, edits and a HCPCS quarter beside them."""
    folder = tmp_path_factory.mktemp("lists")
    store = ReleaseStore(linked_home(compiled_home, folder / "home"))
    inbox = folder / "inbox"
    inbox.mkdir()
    (inbox / "ccipra-v321r0-f1.txt").write_text(f"{NOTICE}\n{PTP}", encoding="utf-8")
    (inbox / "mue.csv").write_text(f'"{NOTICE}"\n{MUE}', encoding="utf-8")
    (inbox / "mce_v43_1_icd10dx_flags.csv").write_text(MCE, encoding="utf-8")
    lines = [
        hcpcs("J1885", "Injection, invented drug, per 15 mg"),
        hcpcs("J1886", "Injection, ended drug", ended="20251231"),
        hcpcs("J1887", "Injection, later drug", added="20261201"),
        hcpcs("E0143", "Invented walker", price="32"),
        hcpcs("E0260", "Invented bed", price="36"),
        hcpcs("E0450", "Invented ventilator", price="31"),
        hcpcs("A6021", "Invented dressing", price="35"),
        hcpcs("A9270", "Invented item", coverage="M"),
        hcpcs("A9282", "Invented wig", coverage="S"),
        hcpcs("G0008", "Invented service", coverage="I"),
        hcpcs("NU", "New equipment", record="7"),
        hcpcs("RR", "Rental", record="7"),
        hcpcs("A1", "Dressing for one wound", record="7"),
        hcpcs("RT", "Right side", record="7"),
        hcpcs("QQ", "Ended modifier", record="7", ended="20201231"),
    ]
    (inbox / "HCPC2026_OCT_ANWEB.txt").write_text("".join(lines), encoding="ascii")
    for name, release in (
        ("ccipra-v321r0-f1.txt", "2026-01"),
        ("mue.csv", "2026-01"),
        ("mce_v43_1_icd10dx_flags.csv", None),
        ("HCPC2026_OCT_ANWEB.txt", "2026-10"),
    ):
        (report,) = install([inbox / name], store, release=release)
        assert report.outcome is Outcome.INSTALLED, report
    return store


def found(
    store: ReleaseStore,
    rule: str,
    codes: str,
    *,
    day: date = DAY,
    setting: GuidelineSetting = GuidelineSetting.OUTPATIENT,
    **options: object,
) -> list[RuleFinding]:
    listed = check(
        store.library_for(System.ICD10CM, DAY),
        codes.split(),
        day=DAY,
        setting=setting,
        attributes=store,
        hcpcs=store.library_for(System.HCPCS, HCPCS_DAY),
        ncci=_OnDay(store, day),
        **options,  # type: ignore[arg-type]  # age and sex, as the caller names them
    )
    return [finding for finding in listed if finding.rule == rule]


class _OnDay:
    """The installed edits asked about the quarter that the sample tables are for."""

    def __init__(self, store: ReleaseStore, day: date) -> None:
        self._edits, self._day = store.edits, day

    def pairs(self, first: str, second: str, day: date) -> object:
        return self._edits.pairs(first, second, self._day)

    def mue(self, code: str, service: object, day: date) -> object:
        return self._edits.mue(code, service, self._day)  # type: ignore[arg-type]  # passed on


@pytest.mark.parametrize(
    ("codes", "severity"),
    PAIRS,
)
def test_ptp_pairs(installed: ReleaseStore, codes: str, severity: str) -> None:
    (finding,) = found(installed, "ncci-ptp", codes, day=EDITS_DAY)
    assert finding.severity.value == severity
    assert "2026-01" in finding.citation


@pytest.mark.parametrize("codes", NO_PAIRS)
def test_no_pair(installed: ReleaseStore, codes: str) -> None:
    assert found(installed, "ncci-ptp", codes, day=EDITS_DAY) == []


@pytest.mark.parametrize("codes", OVER)
def test_units_over_the_limit(installed: ReleaseStore, codes: str) -> None:
    (finding,) = found(installed, "mue", codes, day=EDITS_DAY)
    assert finding.severity.value == "error"


@pytest.mark.parametrize("codes", WITHIN)
def test_units_within_the_limit(installed: ReleaseStore, codes: str) -> None:
    assert found(installed, "mue", codes, day=EDITS_DAY) == []


def test_units_have_no_limit_for_inpatients_or_another_quarter(installed: ReleaseStore) -> None:
    inpatient = GuidelineSetting.INPATIENT
    assert found(installed, "mue", "99991x9", day=EDITS_DAY, setting=inpatient) == []
    assert found(installed, "mue", "99991x9", day=date(2026, 11, 21)) == []


@pytest.mark.parametrize(
    ("codes", "severity", "words"),
    NOT_REPORTABLE,
)
def test_hcpcs_not_reportable(
    installed: ReleaseStore, codes: str, severity: str, words: str
) -> None:
    (finding,) = found(installed, "hcpcs-terminated", codes)
    assert finding.severity.value == severity
    assert words in finding.message


@pytest.mark.parametrize("codes", REPORTABLE)
def test_hcpcs_reportable(installed: ReleaseStore, codes: str) -> None:
    assert found(installed, "hcpcs-terminated", codes) == []


@pytest.mark.parametrize("codes", UNMODIFIED)
def test_modifier_wanted(installed: ReleaseStore, codes: str) -> None:
    assert found(installed, "hcpcs-modifier", codes)


@pytest.mark.parametrize("codes", MODIFIED)
def test_modifier_in_place(installed: ReleaseStore, codes: str) -> None:
    assert found(installed, "hcpcs-modifier", codes) == []


def test_an_icd10cm_code_is_not_taken_for_hcpcs(installed: ReleaseStore) -> None:
    """E0143 and J1100 have both shapes: the first is HCPCS here, the second ICD-10-CM J11.00."""
    assert found(installed, "invalid-code", "E0143-NU") == []
    assert found(installed, "invalid-code", "J1100") == []
    assert found(installed, "hcpcs-terminated", "J1100") == []


@pytest.mark.parametrize(
    ("rule", "codes", "options", "fires"),
    [
        ("unacceptable-principal", "R73.03 I10", {"setting": "inpatient"}, True),
        ("unacceptable-principal", "R73.03 I10", {"setting": "outpatient"}, False),
        ("unacceptable-principal", "I10 R73.03", {"setting": "inpatient"}, True),  # questionable
        ("unacceptable-principal", "J18.9", {"setting": "inpatient"}, False),
        ("unacceptable-principal", "Z51.89", {"setting": "inpatient"}, True),
        ("unacceptable-principal", "Z51.89 I10", {"setting": "inpatient"}, False),
        ("manifestation-first", "E08.42", {"setting": "inpatient"}, True),
        ("manifestation-first", "J18.9", {"setting": "inpatient"}, False),
        ("age-conflict", "E11.9", {"age": 9}, True),
        ("age-conflict", "E11.9", {"age": 15}, False),
        ("age-conflict", "P07.18", {"age": 0.5}, False),
        ("age-conflict", "P07.18", {"age": 4}, True),
        ("age-conflict", "O24.410", {"age": 65}, True),
    ],
)
def test_editor_flags(
    installed: ReleaseStore, rule: str, codes: str, options: dict[str, object], fires: bool
) -> None:
    setting = GuidelineSetting(options.pop("setting", "outpatient"))
    findings = found(installed, rule, codes, setting=setting, **options)
    assert bool(findings) is fires
    assert all(finding.citation == "Medicare Code Editor v43.1" for finding in findings)


@pytest.fixture(scope="module")
def with_poa(compiled_home: Path, tmp_path_factory: pytest.TempPathFactory) -> ReleaseStore:
    folder = tmp_path_factory.mktemp("poa")
    store = ReleaseStore(linked_home(compiled_home, folder / "home"))
    path = folder / "POAexemptCodesFY27.txt"
    path.write_text(poa_list("Z79.4", "Z37.0", "Z85.3"), encoding="utf-8")
    (report,) = install([path], store)
    assert report.outcome is Outcome.INSTALLED, report
    return store


@pytest.mark.parametrize(
    ("codes", "setting", "exempt"),
    POA,
)
def test_poa_exempt(
    with_poa: ReleaseStore, codes: str, setting: str, exempt: tuple[str, ...] | None
) -> None:
    findings = check(
        with_poa.library_for(System.ICD10CM, DAY),
        codes.split(),
        day=DAY,
        setting=GuidelineSetting(setting),
        attributes=with_poa,
    )
    named = [finding.codes for finding in findings if finding.rule == "poa-exempt"]
    assert named == ([exempt] if exempt else [])


def test_poa_says_nothing_where_no_list_is_installed(store: ReleaseStore) -> None:
    findings = check(
        store.library_for(System.ICD10CM, DAY),
        ["E11.9", "Z79.4"],
        day=DAY,
        setting=GuidelineSetting.INPATIENT,
        attributes=store,
    )
    assert [finding for finding in findings if finding.rule == "poa-exempt"] == []
