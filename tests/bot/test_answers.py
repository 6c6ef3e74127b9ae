"""Questions a newcomer asks, answered by the whole pipeline on the whole release."""

from __future__ import annotations

import json
from datetime import date

import pytest
from answer_support import question
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.answer import Kind, Role, Setting
from bot.assistant import Assistant
from bot.journal.records import Status
from bot.journal.store import Journal
from bot.pipeline.screening import MAX_CHARACTERS
from codesets.errors import ReleaseUnavailableError
from codesets.library import Library
from retrieval.passages import resolve_citation

FIRST = [
    ("type 2 diabetes with diabetic CKD stage 3a, on long-term insulin", "E11.22"),
    ("essential hypertension", "I10"),
    ("pneumonia", "J18.9"),
    ("AKI", "N17.9"),
    ("UTI", "N39.0"),
    ("left knee osteoarthritis", "M17.12"),
    ("acute on chronic systolic heart failure", "I50.23"),
    ("type 2 diabetes", "E11.9"),
    ("low back pain", "M54.50"),
    ("NSTEMI", "I21.4"),
    ("hypothyroidism", "E03.9"),
    ("hyperlipidemia", "E78.5"),
    ("GERD", "K21.9"),
    ("asthma", "J45.909"),
    ("pressure ulcer of sacrum stage 3", "L89.153"),
    ("migraine without aura, intractable", "G43.019"),
    ("iron deficiency anemia due to chronic blood loss", "D50.0"),
    ("major depressive disorder, recurrent, moderate", "F33.1"),
    ("history of breast cancer", "Z85.3"),
    ("hypertension", "I10"),
    ("HTN", "I10"),
    ("diabetes", "E11.9"),
    ("CHF", "I50.9"),
    ("pt with CAD", "I25.10"),
    ("atrial fibrillation", "I48.91"),
    ("right hip fracture, initial encounter", "S72.001A"),
    ("chronic kidney disease stage 3a", "N18.31"),
    ("stroke", "I63.9"),
    ("depression", "F32.A"),
    ("PNEUMONIA", "J18.9"),
    ("  uti \n", "N39.0"),
]
ALL_CODES = [
    (
        "type 2 diabetes with diabetic CKD stage 3a, on long-term insulin",
        ["E11.22", "N18.31", "Z79.4"],
    ),
    ("obesity BMI 41", ["E66.9", "Z68.41"]),
    ("22 weeks pregnant with gestational diabetes", ["O24.419", "Z3A.22"]),
    ("ESRD on dialysis", ["N18.6", "Z99.2"]),
    ("COPD exacerbation", ["J44.1"]),
    ("hypertension and gout", ["I10", "M10.9"]),
    ("hypertension and CKD stage 3a", ["I12.9", "N18.31"]),
    ("heart failure with hypertension", ["I11.0", "I50.9"]),
    ("UTI due to E. coli", ["N39.0", "B96.20"]),
    ("dementia due to Alzheimer disease", ["G30.9", "F02.80"]),
]
# Words that must not lead to the code beside them: detail the text does not give.
NEVER = [
    ("type 2 diabetes", "E11.22"),
    ("obesity BMI 41", "E66.813"),
    ("pneumonia", "J15.9"),
    ("BP 152/94 in clinic today", "I10"),
    ("knee osteoarthritis", "M17.12"),
    ("denies chest pain", "R07.9"),
    ("no evidence of pneumonia", "J18.9"),
    ("mother had breast cancer", "C50.919"),
]
REFUSED = [
    "how do I bake bread",
    "what is the best pizza in Naples",
    "write me a python function",
    "😀",
    "",
    "   \n\t ",
    "\x00\x01\x02",
    "?!…",
]


@pytest.mark.parametrize(("text", "code"), FIRST)
def test_the_first_suggestion(assistant: Assistant, text: str, code: str) -> None:
    answer = assistant.answer(question(text))
    assert answer.kind is Kind.SUGGESTION
    assert answer.suggestions[0].code == code
    assert answer.suggestions[0].role is Role.FIRST_LISTED


@pytest.mark.parametrize(("text", "codes"), ALL_CODES)
def test_every_code_in_its_order(assistant: Assistant, text: str, codes: list[str]) -> None:
    answer = assistant.answer(question(text))
    assert [suggestion.code for suggestion in answer.suggestions] == codes


@pytest.mark.parametrize(("text", "code"), NEVER)
def test_detail_is_never_inferred(assistant: Assistant, text: str, code: str) -> None:
    answer = assistant.answer(question(text))
    assert code not in [suggestion.code for suggestion in answer.suggestions]


@pytest.mark.parametrize("text", REFUSED)
def test_nothing_codable_is_refused_kindly(
    assistant: Assistant, journal: Journal, text: str
) -> None:
    answer = assistant.answer(question(text))
    assert answer.kind is Kind.REFUSAL
    assert answer.suggestions == ()
    assert "for example" in answer.headline
    assert "\n" not in answer.headline
    assert journal.get(answer.exchange_id).status is Status.REFUSED


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("MS", ["G35.D", "I05.0"]),
        ("PE", ["I26.99", "J90"]),
        ("patient has CP", ["R07.9", "G80.9"]),
        ("wheelchair for MS patient", ["G35.D", "I05.0"]),
        ("severe AS", ["I35.0", "M45.9"]),
    ],
)
def test_no_code_rests_on_an_abbreviation_of_several_meanings(
    assistant: Assistant, text: str, codes: list[str]
) -> None:
    answer = assistant.answer(question(text))
    assert answer.suggestions == ()
    assert answer.kind is Kind.CLARIFICATION
    assert "may mean" in answer.headline
    gap = next(gap for gap in answer.gaps if gap.axis.startswith("meaning of"))
    assert set(codes) <= set(gap.codes)
    assert len(gap.options) == len(gap.codes)


def test_what_is_said_beside_an_open_abbreviation_is_coded(assistant: Assistant) -> None:
    answer = assistant.answer(question("type 2 diabetes, MS"))
    assert [suggestion.code for suggestion in answer.suggestions] == ["E11.9"]
    assert any("may mean" in caution for caution in answer.cautions)


@pytest.mark.parametrize(
    ("text", "code"), [("pt with CAD", "I25.10"), ("AF", "I48.91"), ("DM", "E11.9")]
)
def test_a_meaning_that_practically_always_holds_stands_and_is_told(
    assistant: Assistant, text: str, code: str
) -> None:
    answer = assistant.answer(question(text))
    assert [suggestion.code for suggestion in answer.suggestions] == [code]
    assert sum("may mean" in caution for caution in answer.cautions) == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [("acute PE", "I26.99"), ("MS on copaxone", "G35.D")],
)
def test_words_beside_it_decide_an_abbreviation(assistant: Assistant, text: str, code: str) -> None:
    assert code in [suggestion.code for suggestion in assistant.answer(question(text)).suggestions]


def test_context_decides_an_abbreviation(assistant: Assistant) -> None:
    answer = assistant.answer(question("relapsing MS on interferon, followed by neurology"))
    assert not any("may mean" in caution for caution in answer.cautions)


def test_codes_that_exclude_each_other_are_flagged(assistant: Assistant) -> None:
    answer = assistant.answer(question("E11.9, E10.9"))
    assert answer.kind is Kind.CHECK
    assert any("Excludes1" in caution for caution in answer.cautions)
    assert answer.headline.startswith("Not as listed: 1 error")


def test_the_fracture_question(assistant: Assistant, library: Library) -> None:
    answer = assistant.answer(question("closed fracture of distal left radius, initial encounter"))
    code = answer.suggestions[0].code
    assert code.startswith("S52.5")
    assert code.endswith("A")
    assert "left radius" in library.get(code).title
    gaps = [gap for gap in answer.gaps if "fracture" in gap.axis]
    assert any("Colles" in option for gap in gaps for option in gap.options)


def test_the_missing_organism_is_a_gap(assistant: Assistant) -> None:
    assert [gap.axis for gap in assistant.answer(question("pneumonia")).gaps] == ["organism"]


def test_a_missing_encounter_is_a_choice_and_no_guess(assistant: Assistant) -> None:
    answer = assistant.answer(question("fracture of distal left radius"))
    assert answer.kind is Kind.CLARIFICATION
    assert answer.suggestions == ()
    episode = next(gap for gap in answer.gaps if gap.axis == "episode of care")
    assert "S52.502A" in episode.codes


def test_an_invalid_code_is_looked_up_with_what_to_use(assistant: Assistant) -> None:
    answer = assistant.answer(question("M54.5"))
    assert answer.kind is Kind.LOOKUP
    assert "not valid" in answer.headline
    assert answer.gaps[0].codes == ("M54.50", "M54.51", "M54.59")


@pytest.mark.parametrize("spelling", ["E11.22", "e1122", " E1122.", "what is E11.22?"])
def test_a_code_in_any_spelling(assistant: Assistant, spelling: str) -> None:
    answer = assistant.answer(question(spelling))
    assert answer.kind is Kind.LOOKUP
    assert answer.headline.startswith("E11.22 is valid on 2026-11-21")


def test_what_a_code_excludes_is_quoted_with_inherited_notes(
    assistant: Assistant, library: Library
) -> None:
    answer = assistant.answer(question("what does E11.9 exclude?"))
    assert answer.kind is Kind.LOOKUP
    texts = [citation.text for citation in answer.citations]
    owed = [n.text for n in library.notes("E11.9") if n.kind.value.startswith("excludes")]
    assert len(owed) >= 8
    assert set(owed) <= set(texts)
    assert any(citation.locator.startswith("E11,") for citation in answer.citations)


def test_the_date_of_service_picks_the_release(assistant: Assistant) -> None:
    before = assistant.answer(question("D69.1", day=date(2026, 9, 30)))
    after = assistant.answer(question("D69.1"))
    assert before.headline.startswith("D69.1 is valid on 2026-09-30")
    assert before.releases == {"icd10cm": "FY2026-04"}
    assert "D69.11" in after.headline
    assert after.releases == {"icd10cm": "FY2027"}


def test_a_date_nothing_governs_is_refused(assistant: Assistant) -> None:
    with pytest.raises(ReleaseUnavailableError, match="codesets update"):
        assistant.answer(question("gout", day=date(2019, 1, 1)))


def test_uncertainty_depends_on_the_setting(assistant: Assistant) -> None:
    outpatient = assistant.answer(question("probable pneumonia"))
    inpatient = assistant.answer(question("probable pneumonia", Setting.INPATIENT))
    assert outpatient.suggestions == ()
    assert any("IV.H" in caution for caution in outpatient.cautions)
    assert [s.code for s in inpatient.suggestions] == ["J18.9"]
    assert inpatient.suggestions[0].role is Role.PRINCIPAL
    assert any("II.H" in caution for caution in inpatient.cautions)


def test_a_text_over_the_limit_is_refused_and_kept(assistant: Assistant, journal: Journal) -> None:
    answer = assistant.answer(question("gout " * 40_000))
    assert answer.kind is Kind.REFUSAL
    assert f"{MAX_CHARACTERS:,}" in answer.headline
    assert len(journal.get(answer.exchange_id).text) > MAX_CHARACTERS


def test_identifiers_leave_before_anything_is_kept(assistant: Assistant, journal: Journal) -> None:
    answer = assistant.answer(question("Mr. Zebulon Quartermain, MRN 7788990, has gout"))
    kept = json.dumps(journal.get(answer.exchange_id).to_json())
    assert answer.redactions == 2
    assert answer.suggestions[0].code == "M10.9"
    for planted in ("Zebulon", "Quartermain", "7788990"):
        assert planted not in kept
        assert planted not in json.dumps(answer.to_json())


def test_the_document_follows_the_contract(assistant: Assistant) -> None:
    document = assistant.answer(question("obesity BMI 41")).to_json()
    assert set(document) >= {
        "exchange_id", "kind", "setting", "date", "releases", "suggestions", "citations",
        "cautions", "gaps", "abstained", "redactions", "drafter", "timings_ms",
    }  # fmt: skip
    assert document["kind"] == "suggestion"
    assert document["date"] == "2026-11-21"
    assert document["drafter"] == "rules"
    assert document["abstained"] is None
    assert document["timings_ms"]["total"] > 0
    first = document["suggestions"][0]
    assert set(first) >= {
        "system", "code", "title", "valid", "role", "rationale", "evidence", "citations",
        "findings", "alternatives",
    }  # fmt: skip
    assert set(first["evidence"][0]) == {"quote", "start", "end"}
    assert set(document["citations"][0]) == {"id", "source", "release", "locator", "text"}
    assert json.loads(json.dumps(document)) == document


@pytest.mark.parametrize("text", [text for text, _ in FIRST] + [text for text, _ in ALL_CODES])
def test_every_answer_rests_on_what_can_be_opened(
    assistant: Assistant, library: Library, text: str
) -> None:
    answer = assistant.answer(question(text))
    cited = {citation.id: citation for citation in answer.citations}
    for suggestion in answer.suggestions:
        assert library.get(suggestion.code).valid
        assert suggestion.evidence
        assert suggestion.rationale
        for quote in suggestion.evidence:
            assert answer.text[quote.start : quote.end] == quote.quote
        for name in suggestion.citations:
            passage = resolve_citation(library, name)
            assert passage is not None
            assert passage.text == cited[name].text


def test_an_exchange_is_journalled_whole(assistant: Assistant, journal: Journal) -> None:
    answer = assistant.answer(question("obesity BMI 41"))
    kept = journal.get(answer.exchange_id)
    assert kept.text == "obesity BMI 41"
    assert kept.answer == answer.to_json()
    assert kept.candidates[0].passages[0].id.startswith("icd10cm:")
    assert kept.releases == {"icd10cm": "FY2027"}
    assert kept.index_fingerprint
    assert kept.prompt_fingerprint.startswith("v1:")
    assert kept.timings_ms["retrieve"] > 0


def test_the_same_question_gets_the_same_answer(assistant: Assistant) -> None:
    def stable(text: str) -> dict[str, object]:
        document = assistant.answer(question(text)).to_json()
        return {k: v for k, v in document.items() if k not in ("exchange_id", "timings_ms")}

    text = "type 2 diabetes with diabetic CKD stage 3a, hypertension and gout"
    assert stable(text) == stable(text)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=120))
def test_no_text_breaks_the_pipeline(assistant: Assistant, text: str) -> None:
    answer = assistant.answer(question(text))
    for suggestion in answer.suggestions:
        for quote in suggestion.evidence:
            assert answer.text[quote.start : quote.end] == quote.quote
