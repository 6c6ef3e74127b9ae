"""The engine: order of findings, dates, citations that open, and what findings say."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from codesets import guidelines
from codesets.errors import ReleaseUnavailableError
from codesets.guidelines import GuidelineSetting
from codesets.rules.engine import RULES, check, rule
from codesets.rules.lists import combinations, guideline_list, integral_symptoms
from codesets.rules.records import Severity
from retrieval.passages import resolve_citation
from tests.codesets.rules.rule_support import runner

if TYPE_CHECKING:
    from codesets.library import Library
    from codesets.releases import ReleaseStore
    from codesets.rules.records import RuleFinding
    from tests.codesets.rules.rule_support import Run

FIXED_NAMES = {
    "invalid-code", "excludes1", "seventh-character", "code-first", "manifestation-first",
    "external-cause-first", "unacceptable-principal", "age-conflict", "sex-conflict",
    "missing-additional-code", "combination-available", "duplicate", "ncci-ptp", "mue",
}  # fmt: skip
OUT = GuidelineSetting.OUTPATIENT


@pytest.fixture(scope="module")
def run(library: Library, store: ReleaseStore) -> Run:
    return runner(library, store)


def only(findings: tuple[RuleFinding, ...], name: str) -> RuleFinding:
    (found,) = [finding for finding in findings if finding.rule == name]
    return found


def test_the_registry() -> None:
    ids = [one.id for one in RULES]
    assert len(ids) == len(set(ids))
    assert set(ids) >= FIXED_NAMES
    for one in RULES:
        assert one.description.endswith(".")
        assert one.example
        assert rule(one.id) is one


@pytest.mark.parametrize("one", RULES, ids=lambda one: one.id)
def test_a_section_of_the_guidelines_exists(one: object) -> None:
    section = one.section  # type: ignore[attr-defined]  # a Rule
    if section[0] in "IP" and " " not in section:
        assert guidelines.load().title(section)


def test_sections_of_the_data_exist() -> None:
    digest = guidelines.load()
    lists = [
        listed
        for name in ("secondary_only", "first_only", "confirmed_only")
        for listed in guideline_list(name)
    ]
    for item in (*lists, *combinations()):
        assert digest.find(item.section) is not None, item.section


def test_codes_of_the_data_exist(library: Library) -> None:
    ranges = [r for known in integral_symptoms() for r in (*known.symptom, *known.diagnoses)]
    ranges += [r for c in combinations() for part in (*c.parts, c.instead, c.unless) for r in part]
    for name in ("secondary_only", "first_only", "confirmed_only"):
        ranges += [r for listed in guideline_list(name) for r in listed.ranges]
    for code in {code for r in ranges for code in (r.first, r.last)}:
        assert library.find(code) is not None, code


def test_errors_come_first(run: Run) -> None:
    severities = [f.severity for f in run("E11.9 E10.9 N18.9 N18.31 J44.9 J47.9 I10")]
    order = list(Severity)
    assert severities == sorted(severities, key=order.index)
    assert len(set(severities)) == 3


@pytest.mark.parametrize(
    "codes",
    ["E11.9 E10.9", "N18.4 I12.9", "F02.80", "E11.22", "B96.20", "E11", "J44.9 J47.9", "I10.9"],
)
def test_citations_open(run: Run, library: Library, codes: str) -> None:
    for finding in run(codes):
        if finding.citation.startswith("icd10cm:"):
            passage = resolve_citation(library, finding.citation)
            assert passage is not None, finding.citation
        else:
            assert guidelines.cite(finding.citation).text


def test_a_date_the_library_does_not_govern_is_refused(library: Library) -> None:
    with pytest.raises(ReleaseUnavailableError):
        check(library, ["I10"], day=date(2026, 9, 30), setting=OUT)


def test_excludes1_says_the_escape_and_the_note(run: Run) -> None:
    finding = only(run("E11.9 E10.9"), "excludes1")
    assert finding.severity is Severity.ERROR
    assert "unrelated" in finding.message
    assert "type 1 diabetes mellitus (E10.-)" in finding.message
    assert finding.codes == ("E11.9", "E10.9")


def test_a_pair_is_reported_once(run: Run) -> None:
    pairs = [f for f in run("E11.9 E10.9 E13.9") if f.rule == "excludes1"]
    assert len(pairs) == 3


@pytest.mark.parametrize(
    ("codes", "first", "second"),
    [
        ("S91.301A S92.001B", "S91.301A", "S92.001B"),
        ("S51.001A S52.001B", "S51.001A", "S52.001B"),
    ],
)
def test_a_condition_of_a_reference_holds(run: Run, codes: str, first: str, second: str) -> None:
    """S91 and S51 exclude *open* fractures only: a closed one (A) may stand beside the wound."""
    assert only(run(codes), "excludes1").codes == (first, second)
    closed = codes[:-1] + "A"
    assert [f for f in run(closed) if f.rule == "excludes1"] == []


def test_a_new_code_says_from_when(
    library_fy2026: Library, store: ReleaseStore, library: Library
) -> None:
    new = next(
        code.code
        for code in library.valid_codes()
        if code.effective_from == date(2026, 10, 1) and library_fy2026.find(code.code) is None
    )
    day = date(2026, 9, 30)
    findings = check(library_fy2026, [new], day=day, setting=OUT, store=store)
    finding = only(findings, "invalid-code")
    assert "valid from 2026-10-01" in finding.message
    without = only(check(library_fy2026, [new], day=day, setting=OUT), "invalid-code")
    assert "not a code of ICD-10-CM FY2026-04" in without.message


def test_a_deleted_code_names_its_last_day_and_heir(library: Library) -> None:
    old = next(code.code for code in library.retired_codes() if library.replacements(code.code))
    day = date(2026, 10, 1)
    finding = only(check(library, [old], day=day, setting=OUT), "invalid-code")
    assert "2026-09-30 was its last day" in finding.message
    assert library.replacements(old)[0].code in finding.fix


def test_text_is_never_quoted_beyond_the_words_that_matter(run: Run) -> None:
    secret = "Zebulon Quartermaine"
    words = f"{secret} has suspected pneumonia and chronic systolic heart failure, left knee."
    for finding in run("J18.9 I50.9 M17.11 E11.22", text=words):
        assert "Zebulon" not in finding.message + finding.fix
