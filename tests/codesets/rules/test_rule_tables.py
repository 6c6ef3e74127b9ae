"""Every rule over the release alone: lists that make it fire, and near-misses that must not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.checking import rules_table
from codesets.guidelines import GuidelineSetting
from codesets.rules.engine import RULES
from codesets.rules.records import Sex
from tests.codesets.rules.rule_support import runner
from tests.codesets.rules.test_rule_lists import CASES as LISTED

if TYPE_CHECKING:
    from codesets.library import Library
    from codesets.releases import ReleaseStore
    from tests.codesets.rules.rule_support import Run

INPATIENT = {"setting": GuidelineSetting.INPATIENT}
FEMALE, MALE = {"sex": Sex.FEMALE}, {"sex": Sex.MALE}

Case = str | tuple[str, dict[str, Any]]


@pytest.fixture(scope="module")
def run(library: Library, store: ReleaseStore) -> Run:
    return runner(library, store)


def text(words: str, **more: Any) -> dict[str, Any]:
    return {"text": words, **more}


def age(years: float) -> dict[str, Any]:
    return {"age": years}


FIRES: dict[str, tuple[Case, ...]] = {
    "invalid-code": ("E11", "E11.2", "I10.9", "ABC", "C88.4", "E11.999", "A00-A09", "4", "Z99.9X"),
    "seventh-character": (
        "S52.501", "S52.501Z", "W19.A", "T36.0X1", "O36.011X", "S06.0X0", "M80.08X", "S82.101T",
    ),
    "duplicate": ("I10 I10", "E11.9 I10 e119", "E11.9 E11.9 E11.9", "E11 E11", "s52501a S52.501A"),
    "parent-with-child": (
        "E11.2 E11.22", "E11 E11.22", "S52.501 S52.501A", "M17 M17.11", "I50.2 I10 I50.22",
    ),
    "manifestation-first": (
        "F02.80 G30.9", "D63.1 N18.4", "H42 E11.39", "M36.0 C50.911", "D63.0 C18.9", "G73.1 C34.90",
        "I43 E85.4", "F02.80",
    ),
    "external-cause-first": (
        "W19.XXXA S52.501A", "V43.52XA S06.0X0A", "Y92.009 S01.01XA", "X58.XXXA", "Y93.01 S93.401A",
    ),
    "unacceptable-principal": (
        "B96.20 N39.0", "B95.61 L03.115", "Z68.41 E66.813", "Z37.0 O80", "Z3A.20 O24.410",
        "Z16.12 N39.0", "R65.20 A41.9", "T46.5X6A I10", "Z59.00 F32.9", "Z33.1 J06.9", "O94 N82.0",
        "R65.10 T79.4XXA", ("B97.29 J12.89", INPATIENT),
    ),
    "first-listed-only": (
        "I10 Z00.00", "C50.911 Z51.11", "I10 E11.9 Z01.810", "O24.410 Z38.00", "J06.9 Z02.0",
    ),
    "code-first": (
        "N18.4 I12.9", "F02.80 G30.9", "N18.31 E11.22", "I50.22 I11.0", "D63.1", "I10 D63.1",
        "J12.82", "L97.512 E11.621", "R65.20 A41.9", "Z91.128 T46.5X6A", "I25.82", "T20.40XA",
    ),
    "excludes1": (
        "E11.9 E10.9", "E10.9 E11.9", "I10 O10.011", "J45.20 R06.2", "N39.0 N30.00", "R73.9 E11.9",
        "J18.9 P23.0", "F45.8 G47.63", "M54.50 M51.26", "S52.501A S62.001A M84.331A", "J45.20 J60",
        "E11.9 E13.9", "K21.9 P78.83",
    ),
    "excludes2": ("J44.9 J47.9", "L89.153 L97.511", "I10 H35.031", "E66.9 E23.6", "I10 I67.2"),
    "age-conflict": (
        ("Z68.54 E66.9", age(45)), ("E66.9 Z68.41", age(12)), ("O24.410", age(70)),
        ("Z38.00", age(3)), ("Z00.00", age(5)), ("Z00.129", age(30)), ("T74.12XA", age(40)),
        ("H25.11", age(10)), ("T74.11XA", age(8)), ("O80 Z37.0", age(8)),
    ),
    "sex-conflict": (
        ("N40.1", FEMALE), ("O24.410", MALE), ("C61", FEMALE), ("C53.9", MALE), ("N80.00", MALE),
        ("Z34.01", MALE), ("C50.021", FEMALE), ("N76.0", MALE), ("Z12.5", FEMALE),
        ("Z3A.20", MALE), ("B26.0", FEMALE), ("Q53.10", FEMALE),
    ),
    "outcome-of-delivery": (
        "O80", "O70.1", "O24.420", "O80 Z37.1", "Z37.0 Z38.00", "I10 Z37.0", "O76", "O99.42",
    ),
    "z3a-missing": (
        "O24.410", "O80 Z37.0", "O13.3", "O99.011", "O30.001", "O02.1 Z3A.08", "O26.851",
    ),
    "combination-available": (
        "I10 N18.31", "I10 I50.22", "I10 I50.22 N18.4", "I11.0 I50.22 N18.4", "I12.9 N18.4 I50.9",
        "E11.9 N18.31", "E10.9 L97.512", "E11.65 G62.9", "E11.9 K31.84", "J44.9 J18.9",
        "J96.01 J96.11", "I50.21 I50.22", "I50.22 I50.32", "I25.10 I20.9", "K80.20 K81.0",
        "M81.0 M84.48XA", "N40.0 R35.0", "K70.30 R18.8", "N30.00 R31.0", "J10.1 J18.9",
    ),
    "with-without-conflict": (
        "E11.9 E11.22", "J45.20 J45.21", "K25.3 K25.0", "N30.00 N30.01", "F10.20 F10.231",
        "H35.3111 H35.3111 E10.9 E10.21", "G43.009 G43.109", "R65.20 R65.21", "K57.30 K57.31",
        "E11.3291 E11.3211",
    ),
    "laterality-conflict": (
        "M17.11 M17.12", "M17.0 M17.11", "M17.10 M17.11", "H25.11 H25.12", "H25.13 H25.12",
        "C50.911 C50.919", "H40.1110 H40.1120",
        ("M17.11", text("Left knee osteoarthritis, injected today.")),
        ("S52.502A", text("Closed fracture of the right distal radius.")),
        ("H66.91", text("Otitis media of the left ear")),
    ),
    "unspecified-with-specific": (
        "I50.9 I50.22", "M54.50 M54.51", "N18.9 N18.31", "C50.911 C50.411", "J45.909 J45.20",
        "S52.501A S52.571A", ("M54.50", text("vertebrogenic low back pain")),
        ("I50.9", text("chronic systolic heart failure, stable")),
        ("N18.9", text("CKD stage 3a")),
    ),
    "integral-symptom": (
        "J18.9 R05.9", "J45.20 R06.2", "I21.4 R07.9", "K35.80 R10.31", "G40.909 R56.9",
        "I50.22 R60.0", "A09 R19.7", "I10 R03.0", "N39.0 R30.0", "M17.11 M25.561", "K21.9 R12",
    ),
    "inpatient-procedure": (
        "K35.80 0DTJ4ZZ", "0FT44ZZ", "I25.10 02100Z9 021109W", "J96.01 5a1955z", "O80 10E0XZZ",
    ),
    "uncertain-diagnosis": (
        ("J18.9", text("Probable pneumonia. Cough for three days.")),
        ("J18.9", text("Pneumonia, likely.")),
        ("I26.99", text("Shortness of breath, rule out pulmonary embolism.")),
        ("K35.80", text("Suspected acute appendicitis.")),
        ("J18.9", text("Findings consistent with pneumonia", **INPATIENT)),
        ("U07.1", text("suspected COVID-19", **INPATIENT)),
        ("B20", text("possible HIV disease", **INPATIENT)),
        ("I21.4", text("Chest pain, r/o NSTEMI")),
    ),
    "missing-additional-code": (
        "E11.22", "I12.9", "I11.0", "I13.0 I50.22", "I83.012", "N39.0", "E66.9", "E11.9", "N18.6",
        ("E11.22 N18.31", text("type 2 diabetes with CKD stage 3a on long-term insulin")),
        ("I11.0", text("Hypertensive heart disease with chronic systolic heart failure")),
    ),
}  # fmt: skip

SILENT: dict[str, tuple[Case, ...]] = {
    "invalid-code": ("E11.9", "I10", "e1122", "S52.501A", "W19.XXXA", "99213", "A00.0", "Z3A.08"),
    "seventh-character": (
        "S52.501A", "W19.XXXA", "I10", "E11", "O36.0110", "M80.08XA", "T36.0X1A", "S06.0X0A",
    ),
    "duplicate": ("E11.9 I10", "M17.11 M17.12", "E11.9", "E11.9 E11.22", "S52.501A S52.501D"),
    "parent-with-child": (
        "E11.2 E10.22", "E11.22 E11.21", "S52.501A S52.502A", "I10 I11", "E11.2 E11.2",
    ),
    "manifestation-first": (
        "G30.9 F02.80", "N18.4 D63.1", "E11.39 H42", "C18.9 D63.0", "F03.90", "D64.9", "B96.20",
        "Q28.8",
    ),
    "external-cause-first": (
        "S52.501A W19.XXXA", "S06.0X0A V43.52XA", "Z59.00", "T36.0X1A", "T75.1XXA", "Z91.81",
    ),
    "unacceptable-principal": (
        "N39.0 B96.20", "E66.813 Z68.41", "O80 Z37.0 Z3A.39", "A41.9 R65.20", "I10 T46.5X6A",
        "T46.5X1A I10", "Z34.01", "W19.XXXA S52.501A", "Z38.00", "Z51.11 C50.911", "R29.6",
    ),
    "first-listed-only": (
        "Z00.00 I10", "Z51.11 C50.911", "Z51.0 Z51.11", "I10 Z79.4", "Z00.00 Z01.419", "I10 Z00.6",
        "I10 Z52.9",
    ),
    "code-first": (
        "I12.9 N18.4", "G30.9 F02.80", "E11.22 N18.31", "I11.0 I50.22", "N18.4 D63.1",
        "U07.1 J12.82", "A41.9 R65.20", "I50.22", "L97.512", "N18.4", "E11.22 I12.9 N18.31",
        "T46.5X6A Z91.128", "I25.10 I25.82",
    ),
    "excludes1": (
        "E11.9 I10", "E11.22 N18.31", "J44.1 J18.9", "I12.9 N18.4", "E10.9 I10", "J44.9 J45.20",
        "M54.50 M54.6", "I69.351 I63.9", "L89.153 L97.511", "F45.8 G47.33", "S52.501A S62.001A",
        "G72.0 T46.6X5A", "D72.110 D72.10",
    ),
    "excludes2": ("E11.9 E10.9", "I10 E11.9", "J44.9", "J47.9 I10", "O24.410 A34"),
    "age-conflict": (
        ("Z68.54 E66.9", age(12)), ("E66.9 Z68.41", age(45)), ("O24.410", age(30)),
        ("Z38.00", age(0)), ("Z00.00", age(40)), ("P07.18", age(40)), ("Z68.54", {}),
        ("Z68.54", age(19)), ("Z68.1", age(20)), ("Q21.0", age(50)), ("Z62.810", age(50)),
    ),
    "sex-conflict": (
        ("N40.1", MALE), ("O24.410", FEMALE), ("N39.0", MALE), ("Z80.41", MALE), ("N40.1", {}),
        ("C50.911", FEMALE), ("Z80.42", FEMALE), ("P01.9", MALE), ("E87.8", FEMALE),
        ("Q95.0", FEMALE), ("T50.3X1A", FEMALE), ("I11.9", MALE), ("M54.2", MALE),
    ),
    "outcome-of-delivery": (
        "O80 Z37.0 Z3A.39", "Z38.00", "O24.410 Z3A.20", "O60.02 Z3A.30", "O03.4", "O86.11",
        "O70.1 Z37.0",
    ),
    "z3a-missing": (
        "O24.410 Z3A.20", "O02.1", "O03.4", "O86.11", "O90.6", "Z34.01", "O91.22", "O00.101",
        "Z33.2", "O94 N82.0", "O87.2",
    ),
    "combination-available": (
        "I12.9 N18.31", "I11.0 I50.22", "I13.0 I50.22 N18.4", "E11.22 N18.31", "I10 N17.9",
        "J44.0 J18.9", "J44.9 J06.9", "I10 I51.0", "E11.22 N18.31 I12.9", "I10 I25.10",
        "E11.9 L97.111", "J96.21", "M81.0 S72.001A", "I15.0 N18.4",
    ),
    "with-without-conflict": (
        "E11.22 E11.42", "E10.9 E11.22", "J45.20 J44.1", "K25.3 K26.0", "N30.01 N39.0",
        "H35.3111 H35.3122", "E11.9 I10", "E11.3291 E11.3212", "F10.20 F11.23", "I83.93 I87.2",
    ),
    "laterality-conflict": (
        "M17.11 M16.12", "M17.0", "S52.501A S52.502A", "L97.511 L97.521", "C50.911 C50.912",
        ("M17.11", text("Right knee osteoarthritis")),
        ("M17.11", text("Osteoarthritis of both knees, left worse")),
        ("M17.11", text("Knee osteoarthritis")),
        ("I50.1", text("Right ventricular failure")),
        ("M17.11 I63.512", text("right knee pain and left MCA stroke")),
    ),
    "unspecified-with-specific": (
        "I50.22 I50.32", "I50.9 I10", "M54.50 M54.2", "C50.911 C50.412", "J18.9 J44.9",
        "S01.90XA S01.01XA", ("M54.50", text("low back pain")),
        ("N18.9", text("chronic kidney disease")), ("I50.9", text("heart failure")),
        ("E11.22", text("type 2 diabetes with CKD")),
    ),
    "integral-symptom": (
        "J18.9 R07.9", "R05.9", "I10 R51.9", "R07.9 I10", "G40.909 R51.9", "K21.9 R10.9",
        "E11.9 R05.9", "M54.50 M25.561", "J18.9 R31.9", "J18.9 J44.9", "D64.9 R53.83",
    ),
    "inpatient-procedure": (
        ("K35.80 0DTJ4ZZ", INPATIENT), "K35.80", "99213", "J1885", "S52.501A W19.XXXA", "H40.1110",
        "S52501A", ("O80 10E0XZZ", INPATIENT),
    ),
    "uncertain-diagnosis": (
        ("J18.9", text("Pneumonia confirmed on chest x-ray. Possible pulmonary embolism.")),
        ("J18.9", text("Pneumonia.")),
        ("I10", text("Hypertension, suspected sleep apnea")),
        ("R05.9", text("Cough, probable pneumonia")),
        ("J18.9", {}),
        ("J18.9", text("Pneumonia, unlikely to need admission.")),
        ("E11.9", text("Type 2 diabetes. Rule out UTI.")),
        ("U07.1", text("COVID-19, tested positive")),
    ),
    "missing-additional-code": (
        "E11.22 N18.31 Z79.4", "I12.9 N18.4", "I11.0 I50.22", "N39.0 B96.20", "E66.9 Z68.35",
        "I10", "J44.9", "O80 Z37.0", "N18.31", "L97.512",
        ("E11.22 N18.31 Z79.4", text("type 2 diabetes with CKD stage 3a on long-term insulin")),
    ),
}  # fmt: skip


def cases(table: dict[str, tuple[Case, ...]]) -> list[Any]:
    return [
        pytest.param(rule, *((case, {}) if isinstance(case, str) else case), id=f"{rule}-{number}")
        for rule, listed in table.items()
        for number, case in enumerate(listed)
    ]


@pytest.mark.parametrize(("rule", "codes", "options"), cases(FIRES))
def test_fires(run: Run, rule: str, codes: str, options: dict[str, Any]) -> None:
    found = [finding for finding in run(codes, **options) if finding.rule == rule]
    assert found, [finding.rule for finding in run(codes, **options)]
    for finding in found:
        assert finding.codes
        assert finding.message.endswith((".", "?"))
        assert finding.citation


@pytest.mark.parametrize(("rule", "codes", "options"), cases(SILENT))
def test_near_misses_stay_silent(run: Run, rule: str, codes: str, options: dict[str, Any]) -> None:
    assert [f.message for f in run(codes, **options) if f.rule == rule] == []


def test_every_rule_has_five_cases_that_fire_and_five_that_do_not() -> None:
    ids = {rule.id for rule in RULES}
    assert ids == set(FIRES) | set(LISTED)
    assert set(FIRES) == set(SILENT)
    counts = {rule: (len(FIRES[rule]), len(SILENT[rule])) for rule in FIRES} | LISTED
    assert {rule: count for rule, count in counts.items() if min(count) < 5} == {}


def test_every_rule_is_listed_with_its_section_and_an_example() -> None:
    rows = rules_table()
    assert [row["id"] for row in rows] == [rule.id for rule in RULES]
    for row in rows:
        assert row["section"], row["id"]
        assert row["description"].endswith("."), row["id"]
        assert row["example"], row["id"]
        assert row["severity"] in {"error", "warning", "information"}
