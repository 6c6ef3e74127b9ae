"""Which system a question is of, and what is said of codes that are not ICD-10-CM."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot import systems
from bot.answer import Answer, Kind, Question, Role, Setting, Suggestion
from bot.assistant import Assistant
from bot.drafting.rules import RulesDrafter
from bot.errors import QuestionError
from bot.journal.store import Journal
from codesets.errors import ReleaseUnavailableError
from codesets.models import Release, System
from codesets.releases import ReleaseStore
from retrieval.search import Searcher
from tests.bot.part_support import part_searcher

DAY = date(2025, 10, 15)
LATER = date(2026, 11, 21)
HCPCS_PART = ("E139", "J188", "K081", "K082")


def question(text: str, *names: str, day: date = DAY) -> Question:
    return Question(text, day, Setting.OUTPATIENT, names or ("icd10cm",))


def assistant(store: ReleaseStore, journal: Journal, searcher: Any = None) -> Assistant:
    def none(release: Release) -> Searcher:
        raise AssertionError(f"{release.id} is not to be searched")

    guidelines: Any = None
    return Assistant(store, searcher or none, journal, RulesDrafter(), guidelines)


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (("icd10cm",), (System.ICD10CM,)),
        (("icd10cm", "hcpcs"), (System.ICD10CM, System.HCPCS)),
        (("HCPCS", "hcpcs"), (System.HCPCS,)),
        ((), (System.ICD10CM,)),
    ],
)
def test_systems_are_those_the_question_names(
    names: tuple[str, ...], found: tuple[System, ...]
) -> None:
    assert systems.asked(replace(question("x"), systems=names)) == found


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("knee brace L1833", ("L1833",)),
        ("E0143 walker", ("E0143",)),
        ("left knee osteoarthritis, brace L1833", ()),  # a condition is coded first
        ("M1711 both knees", ("M1711",)),  # looked up as a diagnosis where it is one
        ("L5 radiculopathy", ()),
    ],
)
def test_a_code_beside_words_that_name_no_condition(text: str, codes: tuple[str, ...]) -> None:
    assert systems.written_hcpcs(text) == codes


def test_an_unknown_system_is_refused_by_name() -> None:
    with pytest.raises(QuestionError, match="icd11 is not a code system"):
        systems.asked(question("x", "icd11"))


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("J1885", ("J1885",)),
        ("j1885", ("J1885",)),
        ("what is J1885?", ("J1885",)),
        ("J1885 vs J0696", ("J1885", "J0696")),
        ("is CPT 99213 still valid", ("99213",)),
        ("0001F", ("0001F",)),
        ("0FT44ZZ", ("0FT44ZZ",)),
        ("is icd-10-pcs 0dtj4zz valid?", ("0DTJ4ZZ",)),
        ("XW03331", ("XW03331",)),
        ("0FT44Z", ()),
        ("0FT44IZ", ()),
        ("S52501A", ()),
        ("E11.22", ()),
        ("D0120", ()),
        ("W1234", ()),
        ("J188", ()),
        ("J18851", ()),
        ("ketorolac J1885 30 mg", ()),
        ("seen 12345 times for pain", ()),
        ("60614-1234", ()),
        ("$10000", ()),
        ("diabetes", ()),
    ],
)
def test_codes_of_procedures(text: str, codes: tuple[str, ...]) -> None:
    assert systems.procedure_codes(text) == codes


def test_a_cpt_code_is_known_by_its_shape_and_needs_the_customers_files(
    store: ReleaseStore, journal: Journal
) -> None:
    answer = assistant(store, journal).answer(question("CPT 99213", day=LATER))
    assert answer.kind is Kind.LOOKUP
    assert "CPT is the AMA's" in answer.headline
    assert "codecite codesets install PATH --licensee NAME" in answer.headline
    assert answer.suggestions == ()


def test_a_hcpcs_code_without_a_release_says_which_and_how(
    store: ReleaseStore, journal: Journal
) -> None:
    answer = assistant(store, journal).answer(question("J1885", day=LATER))
    assert answer.abstained
    assert "HCPCS Level II" in answer.headline
    assert "2026-10 (October 2026 update)" in answer.headline
    assert "codecite codesets install" in answer.headline


def test_a_code_of_icd10cm_without_its_point_stays_one(
    store: ReleaseStore, journal: Journal
) -> None:
    answer = assistant(store, journal).answer(question("E1122", day=LATER))
    assert answer.headline.startswith("E11.22 is valid on 2026-11-21")


def test_words_asked_of_hcpcs_without_a_release_are_an_error(
    store: ReleaseStore, journal: Journal
) -> None:
    with pytest.raises(ReleaseUnavailableError, match="2026-10"):
        assistant(store, journal).answer(question("ketorolac", "hcpcs", day=LATER))


def test_beside_diagnoses_a_missing_hcpcs_release_is_said_and_costs_nothing_else(
    store: ReleaseStore, journal: Journal, tmp_path: Path
) -> None:
    searcher = part_searcher(store, tmp_path, ("I10", "E11."))
    asked = question("essential hypertension", "icd10cm", "hcpcs", day=LATER)
    answer = assistant(store, journal, searcher).answer(asked)
    assert [suggestion.code for suggestion in answer.suggestions] == ["I10"]
    assert answer.releases == {"icd10cm": "FY2027"}
    assert any("2026-10 (October 2026 update)" in caution for caution in answer.cautions)


def _answer(**changes: Any) -> Answer:
    blank = Answer("x", Kind.SUGGESTION, Setting.OUTPATIENT, DAY, {}, "headline")
    return replace(blank, **changes)


def _suggestion(system: str, code: str) -> Suggestion:
    return Suggestion(system, code, code, True, Role.FIRST_LISTED, "")


def test_two_answers_as_one() -> None:
    diagnosis = _answer(suggestions=(_suggestion("icd10cm", "M54.50"),), releases={"icd10cm": "A"})
    drug = _answer(suggestions=(_suggestion("hcpcs", "J1885"),), releases={"hcpcs": "B"})
    nothing = _answer(kind=Kind.REFUSAL, headline="nothing found", abstained="nothing found")
    both = systems.joined(diagnosis, drug)
    assert [(s.code, s.role) for s in both.suggestions] == [
        ("M54.50", Role.FIRST_LISTED),
        ("J1885", Role.SECONDARY),
    ]
    assert both.releases == {"icd10cm": "A", "hcpcs": "B"}
    only_drug = systems.joined(nothing, drug)
    assert [(s.code, s.role) for s in only_drug.suggestions] == [("J1885", Role.FIRST_LISTED)]
    assert only_drug.abstained is None
    only_diagnosis = systems.joined(diagnosis, nothing)
    assert only_diagnosis.suggestions == diagnosis.suggestions
    assert "nothing found" in only_diagnosis.cautions


@pytest.fixture(scope="module")
def official_searcher(
    hcpcs_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[ReleaseStore, Any]:
    """The installed release, and a search over a few of its codes."""
    store = ReleaseStore(hcpcs_home)
    searcher = part_searcher(store, tmp_path_factory.mktemp("index"), HCPCS_PART)
    return store, searcher


@pytest.mark.official
@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("ketorolac 30 mg IM", ["J1885"]),
        ("Keytruda 200 mg and Zofran 8 mg IV", ["J9271", "J2405"]),
        ("cabotegravir and rilpivirine", ["J0741"]),
        ("oxygen concentrator", ["E1390"]),
    ],
)
def test_codes_for_what_a_text_names(
    official_searcher: tuple[ReleaseStore, Any], journal: Journal, text: str, codes: list[str]
) -> None:
    store, searcher = official_searcher
    answer = assistant(store, journal, searcher).answer(question(text, "hcpcs"))
    assert [suggestion.code for suggestion in answer.suggestions] == codes
    assert answer.releases == {"hcpcs": "2025-10"}
    cited = {citation.id for citation in answer.citations}
    for suggestion in answer.suggestions:
        assert suggestion.system == "hcpcs"
        assert suggestion.citations
        assert cited.issuperset(suggestion.citations)
        assert suggestion.evidence
        assert all(text[q.start : q.end] == q.quote for q in suggestion.evidence)
    assert all(citation.release == "2025-10" for citation in answer.citations)


@pytest.mark.official
def test_a_form_that_decides_and_is_not_said_is_a_gap(
    official_searcher: tuple[ReleaseStore, Any], journal: Journal
) -> None:
    store, searcher = official_searcher
    open_ended = assistant(store, journal, searcher).answer(question("Procrit", "hcpcs"))
    assert open_ended.suggestions[0].code == "J0885"
    assert {code for gap in open_ended.gaps for code in gap.codes} == {"J0885", "Q4081"}
    said = assistant(store, journal, searcher).answer(
        question("Procrit for ESRD on dialysis", "hcpcs")
    )
    assert said.suggestions[0].code == "Q4081"
    assert said.gaps == ()


@pytest.mark.official
def test_a_suffix_that_no_product_has_is_asked_about(
    official_searcher: tuple[ReleaseStore, Any], journal: Journal
) -> None:
    store, searcher = official_searcher
    answer = assistant(store, journal, searcher).answer(question("bevacizumab-zzzz", "hcpcs"))
    assert answer.kind is Kind.CLARIFICATION
    assert answer.suggestions == ()
    assert "J9035" in answer.gaps[0].codes


@pytest.mark.official
def test_descriptions_that_fit_alike_are_a_choice(
    official_searcher: tuple[ReleaseStore, Any], journal: Journal
) -> None:
    store, searcher = official_searcher
    answer = assistant(store, journal, searcher).answer(question("power wheelchair", "hcpcs"))
    assert answer.kind is Kind.CLARIFICATION
    assert answer.suggestions == ()
    offered = answer.gaps[0].codes
    assert len(offered) > 1
    assert set(offered) == {citation.locator for citation in answer.citations}


@pytest.mark.official
@pytest.mark.parametrize("text", ["is the sky blue", "qwertyuiop"])
def test_what_has_no_code_gets_none(
    official_searcher: tuple[ReleaseStore, Any], journal: Journal, text: str
) -> None:
    store, searcher = official_searcher
    answer = assistant(store, journal, searcher).answer(question(text, "hcpcs"))
    assert answer.kind is Kind.REFUSAL
    assert answer.suggestions == ()


@pytest.mark.official
def test_codes_are_looked_up_with_their_dates(
    official_searcher: tuple[ReleaseStore, Any], journal: Journal
) -> None:
    store, _ = official_searcher
    answer = assistant(store, journal).answer(question("J1885", "hcpcs"))
    assert answer.headline.startswith("J1885 is valid on 2025-10-15")
    assert answer.citations[0].id == "hcpcs:2025-10:J1885:title"
    ended = assistant(store, journal).answer(question("A4397", "hcpcs"))
    assert "it was valid until 2021-12-31" in ended.headline
    unknown = assistant(store, journal).answer(question("J9998", "hcpcs"))
    assert unknown.abstained
    assert "J9998 is not a HCPCS code" in unknown.headline


@pytest.mark.official
def test_a_code_written_beside_its_drug_is_the_one_billed(
    official_searcher: tuple[ReleaseStore, Any], journal: Journal
) -> None:
    store, searcher = official_searcher
    asking = assistant(store, journal, searcher)
    answer = asking.answer(question("J1885 30 mg IM toradol units"))
    assert [each.code for each in answer.suggestions] == ["J1885"]
    assert "bill 2 units" in answer.headline


@pytest.mark.official
def test_a_code_and_a_drug_that_differ_are_asked_about(
    official_searcher: tuple[ReleaseStore, Any], journal: Journal
) -> None:
    store, searcher = official_searcher
    answer = assistant(store, journal, searcher).answer(question("J1885 ceftriaxone 1 g"))
    assert answer.suggestions == ()
    assert answer.gaps[0].codes == ("J1885", "J0696")
    assert any("J1885" in caution and "J0696" in caution for caution in answer.cautions)
