"""Answers with ICD-10-PCS: every axis explained, or what the row still allows; dates strict."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from bot import lookup
from bot.answer import Kind, Question, Role, Setting
from bot.assistant import Assistant
from bot.checking import CheckRequest, check_codes
from bot.drafting.rules import RulesDrafter
from bot.pcs_answers import ProcedureDesk
from bot.pcs_reading import besides, find_procedures, says_more
from codesets.errors import ReleaseUnavailableError, UnknownCodeError
from codesets.models import System
from codesets.releases import ReleaseStore
from tests.bot.part_support import part_searcher
from tests.codesets.official_samples import linked_home

if TYPE_CHECKING:
    from pathlib import Path

    from bot.answer import Answer
    from bot.journal.store import Journal
    from codesets.procedures import ProcedureBook

pytestmark = pytest.mark.official

DAY = date(2026, 2, 21)
APRIL = date(2026, 5, 21)
LATER = date(2026, 11, 21)


@pytest.fixture(scope="module")
def book(pcs_store: ReleaseStore) -> ProcedureBook:
    return pcs_store.procedure_book(DAY)


@pytest.fixture(scope="module")
def joint(
    compiled_home: Path, pcs_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[ReleaseStore, Any]:
    """ICD-10-CM and ICD-10-PCS in one home, and a search over a few diagnoses."""
    home = linked_home(compiled_home, tmp_path_factory.mktemp("joint") / "home")
    for name in ("icd10pcs", "sources", "procedures"):
        (home / "codesets" / name).symlink_to(pcs_home / "codesets" / name)
    store = ReleaseStore(home)
    return store, part_searcher(store, tmp_path_factory.mktemp("index"), ("K80", "K81", "M17"))


def ask(
    store: ReleaseStore, journal: Journal, text: str, *names: str, day: date = DAY,
    setting: Setting = Setting.INPATIENT, searcher: Any = None,
) -> Answer:  # fmt: skip
    def none(release: Any) -> Any:
        raise AssertionError(f"{release.id} is not to be searched")

    guidelines: Any = None
    assistant = Assistant(store, searcher or none, journal, RulesDrafter(), guidelines)
    return assistant.answer(Question(text, day, setting, names))


def test_a_code_is_explained_axis_by_axis(pcs_store: ReleaseStore, journal: Journal) -> None:
    text = "laparoscopic cholecystectomy"
    answer = ask(pcs_store, journal, text, "icd10pcs")
    (found,) = answer.suggestions
    assert (found.system, found.code, found.role) == ("icd10pcs", "0FT44ZZ", Role.PROCEDURE)
    assert found.title == "Resection of Gallbladder, Percutaneous Endoscopic Approach"
    assert [axis.character for axis in found.axes] == list("0FT44ZZ")
    assert [axis.position for axis in found.axes] == list(range(1, 8))
    assert "all of a body part" in found.axes[2].definition
    assert all(axis.why for axis in found.axes[2:])
    assert [text[q.start : q.end] for q in found.evidence] == ["laparoscopic", "cholecystectomy"]
    cited = {citation.id: citation for citation in answer.citations}
    assert set(found.citations) == set(cited)
    row = next(c for c in answer.citations if ":0FT:row-" in c.id)
    assert "4 Gallbladder" in row.text
    assert row.locator.startswith("Table 0FT, row ")
    assert cited["icd10pcs:guidelines:B3.8"].locator.startswith("B3.8")
    assert any(c.locator == "Approach Percutaneous Endoscopic" for c in answer.citations)
    assert answer.releases == {"icd10pcs": "FY2026"}
    document = json.loads(json.dumps(answer.to_json()))
    assert document["suggestions"][0]["axes"][3]["label"] == "Gallbladder"


@pytest.mark.parametrize(
    ("text", "axis", "codes"),
    [
        ("appendectomy", "approach (character 5)", {"0DTJ0ZZ", "0DTJ4ZZ", "0DTJ7ZZ", "0DTJ8ZZ"}),
        ("left BKA", "qualifier (character 7)", {"0Y6J0Z1", "0Y6J0Z2", "0Y6J0Z3"}),
        ("total knee replacement, cemented", "body part (character 4)", {"0SRC0J9", "0SRD0J9"}),
        ("lumbar puncture, lumbar", "qualifier (character 7)", {"009U3ZX", "009U3ZZ"}),
    ],
)  # fmt: skip
def test_what_the_text_leaves_open_is_offered(
    pcs_store: ReleaseStore, journal: Journal, text: str, axis: str, codes: set[str]
) -> None:
    answer = ask(pcs_store, journal, text, "icd10pcs")
    assert answer.kind is Kind.CLARIFICATION
    assert answer.suggestions == ()
    (gap,) = answer.gaps
    assert gap.axis == axis
    assert set(gap.codes) == codes
    assert len(gap.options) == len(gap.codes)
    library = pcs_store.library_for(System.ICD10PCS, DAY)
    assert all(library.get(code).valid for code in gap.codes)
    assert any(citation.id.endswith(":table") for citation in answer.citations)


def test_several_open_axes_come_with_the_codes_left(
    pcs_store: ReleaseStore, journal: Journal
) -> None:
    answer = ask(pcs_store, journal, "TAH and right oophorectomy", "icd10pcs")
    assert [s.code for s in answer.suggestions] == ["0UT90ZZ"]
    assert {gap.axis for gap in answer.gaps} == {"approach (character 5) of “oophorectomy”"}
    open_table = ask(pcs_store, journal, "lysis of adhesions", "icd10pcs")
    assert open_table.kind is Kind.CLARIFICATION
    assert open_table.gaps[0].axis == "body system (character 2)"


def test_several_procedures_are_several_codes(pcs_store: ReleaseStore, journal: Journal) -> None:
    text = "CABG x3, LIMA to LAD, SVG from aorta to RCA and OM1; right chest tube"
    answer = ask(pcs_store, journal, text, "icd10pcs")
    assert [s.code for s in answer.suggestions] == ["02100Z9", "021109W", "0W9930Z"]
    assert all(text[q.start : q.end] == q.quote for s in answer.suggestions for q in s.evidence)


@pytest.mark.parametrize(
    "text",
    [
        "s/p appendectomy 2015",
        "history of CABG",
        "scheduled for laparoscopic cholecystectomy tomorrow",
        "patient refused hemodialysis",
        "acute appendicitis",
        "is the sky blue",
    ],
)
def test_what_was_not_done_now_is_not_coded(
    pcs_store: ReleaseStore, journal: Journal, text: str
) -> None:
    answer = ask(pcs_store, journal, text, "icd10pcs")
    assert answer.kind is Kind.REFUSAL
    assert answer.suggestions == ()


def test_dates_are_strict(pcs_store: ReleaseStore, journal: Journal, store: ReleaseStore) -> None:
    with pytest.raises(ReleaseUnavailableError, match="FY2027"):
        ask(pcs_store, journal, "laparoscopic cholecystectomy", "icd10pcs", day=LATER)
    with pytest.raises(ReleaseUnavailableError, match="codecite codesets install"):
        ask(store, journal, "laparoscopic cholecystectomy", "icd10pcs", day=LATER)


def test_an_april_date_uses_octobers_tables_and_says_so(
    pcs_store: ReleaseStore, journal: Journal
) -> None:
    answer = ask(pcs_store, journal, "laparoscopic cholecystectomy", "icd10pcs", day=APRIL)
    assert [s.code for s in answer.suggestions] == ["0FT44ZZ"]
    assert answer.releases == {"icd10pcs": "FY2026-04"}
    assert any("tables of FY2026-04 are not installed" in caution for caution in answer.cautions)
    quiet = ask(pcs_store, journal, "laparoscopic cholecystectomy", "icd10pcs")
    assert quiet.cautions == ()


def test_an_inpatient_question_without_a_system_gets_its_procedure(
    joint: tuple[ReleaseStore, Any], journal: Journal
) -> None:
    store, searcher = joint
    alone = ask(store, journal, "laparoscopic cholecystectomy", day=APRIL, searcher=searcher)
    assert [s.code for s in alone.suggestions] == ["0FT44ZZ"]
    assert "icd10cm" not in alone.releases
    text = "Admitted with acute cholecystitis. Underwent laparoscopic cholecystectomy."
    both = ask(store, journal, text, day=APRIL, searcher=searcher)
    assert [(s.code, s.role) for s in both.suggestions] == [
        ("K81.0", Role.PRINCIPAL), ("0FT44ZZ", Role.PROCEDURE),
    ]  # fmt: skip
    assert both.releases == {"icd10cm": "FY2026-04", "icd10pcs": "FY2026-04"}
    assert both.text == text
    assert all(text[q.start : q.end] == q.quote for s in both.suggestions for q in s.evidence)


@pytest.mark.parametrize(
    ("names", "setting", "day"),
    [
        (("icd10cm",), Setting.INPATIENT, APRIL),
        ((), Setting.OUTPATIENT, APRIL),
        ((), Setting.INPATIENT, LATER),
    ],
)
def test_elsewhere_diagnoses_stay_alone(
    joint: tuple[ReleaseStore, Any], journal: Journal, names: tuple[str, ...], setting: Setting,
    day: date,
) -> None:  # fmt: skip
    store, searcher = joint
    text = "acute cholecystitis, laparoscopic cholecystectomy"
    answer = ask(store, journal, text, *names, day=day, setting=setting, searcher=searcher)
    assert {s.system for s in answer.suggestions} == {"icd10cm"}


@pytest.mark.parametrize(
    "text",
    [
        "occlusion of vertebral artery",
        "pulmonary aspiration of gastric contents",
        "gastroparalysis",
        "neutropenia from chemotherapy",
        "pneumonia after appendectomy",
        "hypertension, blood pressure 150/90, chest X-ray normal",
        "disseminated intravascular coagulation",
        "acute cholecystitis",
    ],
)
def test_diagnoses_are_not_taken_for_procedures(pcs_store: ReleaseStore, text: str) -> None:
    searcher: Any = None
    desk = ProcedureDesk(pcs_store, searcher, RulesDrafter())
    assert desk.asked_for(text, DAY) == ()


@pytest.mark.parametrize(
    "text",
    [
        "excision of the appendix",
        "left chest X-ray",
        "acute appendicitis, laparoscopic appendectomy",
        "Respiratory failure. Intubated; on mechanical ventilation for 48 hours.",
    ],
)
def test_procedures_of_a_stay_are(pcs_store: ReleaseStore, text: str) -> None:
    searcher: Any = None
    desk = ProcedureDesk(pcs_store, searcher, RulesDrafter())
    assert desk.asked_for(text, DAY)


def test_the_words_of_procedures_are_blanked_for_the_diagnoses(book: ProcedureBook) -> None:
    text = "primary osteoarthritis of left knee, left total knee replacement cemented"
    found = find_procedures(book, text)
    assert says_more(text, found)
    rest = besides(text, found)
    assert len(rest) == len(text)
    assert "replacement" not in rest
    assert "osteoarthritis of left knee" in rest
    only = "Laparoscopic cholecystectomy performed."
    assert not says_more(only, find_procedures(book, only))


def test_a_code_is_looked_up_with_its_axes(pcs_store: ReleaseStore, journal: Journal) -> None:
    record = lookup.lookup(pcs_store, "0ft44zz", DAY)
    assert record.valid
    assert record.lineage[0].code == "0FT"
    document = record.to_json()
    assert [axis["character"] for axis in document["axes"]] == list("0FT44ZZ")
    assert document["axes"][4]["definition"].startswith("Entry, by puncture")
    answer = ask(pcs_store, journal, "what is 0FT44ZZ?")
    assert answer.headline.startswith("0FT44ZZ is valid on 2026-02-21")
    assert any(":0FT:row-" in citation.id for citation in answer.citations)


@pytest.mark.parametrize(
    ("code", "nearest"),
    [("0FT44ZX", "0FT44ZZ"), ("0DTJ3ZZ", "0DTJ0ZZ"), ("02100ZZ", "02100Z8")],
)
def test_no_row_no_code(pcs_store: ReleaseStore, journal: Journal, code: str, nearest: str) -> None:
    with pytest.raises(UnknownCodeError) as refused:
        lookup.lookup(pcs_store, code, DAY)
    library = pcs_store.library_for(System.ICD10PCS, DAY)
    assert nearest[:5] in {near[:5] for near in refused.value.nearest}
    assert all(library.get(near).valid for near in refused.value.nearest)
    assert "able " in str(refused.value)
    answer = ask(pcs_store, journal, code)
    assert answer.abstained == "unknown-code"
    assert f"{code} is not an ICD-10-PCS code of FY2026" in answer.headline


def test_without_the_release_a_code_says_what_to_install(
    store: ReleaseStore, journal: Journal
) -> None:
    answer = ask(store, journal, "0FT44ZZ", day=LATER)
    assert "form of an ICD-10-PCS code" in answer.headline
    assert "FY2027" in answer.headline
    assert "codecite codesets install" in answer.headline


@pytest.mark.parametrize(
    ("codes", "day", "setting", "rules"),
    [
        (("K80.00", "0FT44ZZ"), APRIL, Setting.INPATIENT, set()),
        (("K80.00", "0FT44ZX"), APRIL, Setting.INPATIENT, {"invalid-code"}),
        (("K80.00", "0FT44ZZ"), APRIL, Setting.OUTPATIENT, {"inpatient-procedure"}),
        (("K80.00", "0FT44ZZ"), LATER, Setting.INPATIENT, {"invalid-code"}),
    ],
)
def test_check_knows_the_release_of_the_date(
    joint: tuple[ReleaseStore, Any], codes: tuple[str, ...], day: date, setting: Setting,
    rules: set[str],
) -> None:  # fmt: skip
    result = check_codes(joint[0], CheckRequest(codes, day, setting))
    about = {f.rule for f in result.findings if codes[1] in f.codes}
    assert about == rules
    refused = [f for f in result.findings if f.rule == "invalid-code"]
    if day == LATER:
        assert not [f for f in refused if f.severity.value == "error"]
        assert "ICD-10-PCS FY2027 (October 2026) is not installed" in refused[0].message
    elif refused:
        assert "0FT44ZZ" in refused[0].fix


def test_words_that_name_no_procedure_are_searched_where_an_index_is_built(
    pcs_store: ReleaseStore, journal: Journal
) -> None:
    answer = ask(pcs_store, journal, "Hartmann", "icd10pcs")
    assert answer.kind is Kind.REFUSAL
    assert "I found no procedure" in answer.headline


def test_a_question_with_both_systems_named(
    joint: tuple[ReleaseStore, Any], journal: Journal
) -> None:
    store, searcher = joint
    names = ("icd10cm", "icd10pcs")
    text = "calculus of gallbladder with acute cholecystitis; laparoscopic cholecystectomy"
    answer = ask(store, journal, text, *names, day=APRIL, searcher=searcher)
    assert [s.code for s in answer.suggestions if s.system == "icd10pcs"] == ["0FT44ZZ"]
    assert replace(answer, suggestions=()).releases.keys() == {"icd10cm", "icd10pcs"}
