"""Notes through the whole pipeline: what is coded, what is not and why, exact quotes, repeatability."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from answer_support import TODAY, question
from note_samples import CLINIC, COMBINED, DISCHARGE, SAMPLES, UNCERTAIN, Sample

from bot.answer import Kind, Question, Setting
from bot.notes.causes import external_causes
from bot.notes.combining import drops, integral_to, merges
from bot.notes.history import operation_code, past_code
from retrieval.notes.sentences import find_sentences

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from codesets.library import Library


def note(text: str) -> Question:
    """A note for which no setting was given."""
    return Question(text, TODAY, door="test", infer_setting=True)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_worked_notes(assistant: Assistant, sample: Sample) -> None:
    answer = assistant.answer(note(sample.text))
    codes = [suggestion.code for suggestion in answer.suggestions]
    assert [code for code in sample.codes if code not in codes] == []
    assert [code for code in codes if code in sample.never] == []
    for words, reason in sample.rejected:
        assert any(
            words.casefold() in each.quote.casefold()
            and (reason in each.reason or reason in each.codes)
            for each in answer.rejected
        ), (words, reason)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_every_quote_is_in_the_note_at_its_place(assistant: Assistant, sample: Sample) -> None:
    answer = assistant.answer(note(sample.text))
    quotes = [quote for suggestion in answer.suggestions for quote in suggestion.evidence]
    assert all(suggestion.evidence for suggestion in answer.suggestions)
    for quote in (*quotes, *answer.rejected):
        assert answer.text[quote.start : quote.end] == quote.quote


def test_the_same_note_gives_the_same_answer(assistant: Assistant) -> None:
    one, two = (assistant.answer(note(COMBINED.text)) for _ in range(2))
    assert one.suggestions == two.suggestions
    assert one.rejected == two.rejected
    assert one.gaps == two.gaps


def test_rejected_mentions_are_in_the_document(assistant: Assistant) -> None:
    document = assistant.answer(note(CLINIC.text)).to_json()
    stroke = next(each for each in document["rejected"] if each["quote"] == "stroke")
    assert set(stroke) == {"quote", "start", "end", "reason", "codes"}
    assert stroke["codes"][0] == "Z86.73"
    assert assistant.answer(question("type 2 diabetes")).to_json()["rejected"] == []


def test_the_setting_is_inferred_only_where_none_was_given(assistant: Assistant) -> None:
    inferred = assistant.answer(note(DISCHARGE.text))
    assert inferred.setting is Setting.INPATIENT
    assert any("No setting was given" in caution for caution in inferred.cautions)
    given = assistant.answer(question(DISCHARGE.text, Setting.OUTPATIENT))
    assert given.setting is Setting.OUTPATIENT
    assert any("hospital stay" in caution for caution in given.cautions)
    assert "J15.69" not in [suggestion.code for suggestion in given.suggestions]


def test_a_suspected_diagnosis_is_coded_for_an_inpatient(assistant: Assistant) -> None:
    answer = assistant.answer(question(UNCERTAIN.text, Setting.INPATIENT))
    assert "I20.0" in [suggestion.code for suggestion in answer.suggestions]


def test_a_note_in_another_language_is_refused(assistant: Assistant) -> None:
    text = (
        "Motivo de consulta: dolor.\nEl paciente refiere dolor en el pecho desde hace dos días, "
        "sin fiebre ni tos. Antecedentes de diabetes."
    )
    answer = assistant.answer(note(text))
    assert answer.kind is Kind.REFUSAL
    assert "Spanish" in answer.headline
    assert answer.suggestions == ()


def test_a_very_long_note_is_answered(assistant: Assistant) -> None:
    filler = "He slept well, ate his meals and walked in the hall with the nurse today. " * 1300
    text = f"HISTORY OF PRESENT ILLNESS\n\n{filler}\n\nASSESSMENT\n\n1. Gout.\n"
    assert len(text.split()) > 19_000
    answer = assistant.answer(note(text[:149_000]))
    assert answer.kind in (Kind.SUGGESTION, Kind.REFUSAL)
    short = f"HISTORY OF PRESENT ILLNESS\n\n{filler[:90_000]}\n\nASSESSMENT\n\n1. Gout.\n"
    assert [s.code for s in assistant.answer(note(short)).suggestions] == ["M10.9"]


def test_two_mentions_of_one_condition_are_one_code(assistant: Assistant) -> None:
    text = "ASSESSMENT\n\n1. Hypertension.\n2. HTN, stable.\n3. Essential hypertension.\n"
    assert [s.code for s in assistant.answer(note(text)).suggestions] == ["I10"]


@pytest.mark.parametrize(
    ("code", "past"),
    [("I63.9", "Z86.73"), ("C50.912", "Z85.3"), ("I21.9", "I25.2"), ("N20.0", "Z87.442"),
     ("J18.9", "Z87.01"), ("F17.210", "Z87.891"), ("I82.401", "Z86.718"), ("C43.9", "Z85.820"),
     ("E11.9", None), ("I10", None), ("J44.9", None), ("I48.91", None), ("Z79.4", None)],
)  # fmt: skip
def test_what_is_past_has_its_own_code(library: Library, code: str, past: str | None) -> None:
    assert past_code(code) == past
    assert past is None or library.get(past).valid


@pytest.mark.parametrize(
    ("text", "code"),
    [("s/p left total knee replacement", "Z96.652"), ("status post CABG", "Z95.1"),
     ("bilateral mastectomy", "Z90.13"), ("kidney transplant in 2015", "Z94.0"),
     ("right BKA", "Z89.511"), ("gastric bypass", "Z98.84"), ("carotid endarterectomy", "Z98.890"),
     ("knee pain", None), ("hypertension", None)],
)  # fmt: skip
def test_operations_had(library: Library, text: str, code: str | None) -> None:
    found = operation_code(text)
    assert (found[0] if found else None) == code
    assert found is None or library.get(found[0]).valid


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("She slipped and fell on ice while taking out the garbage.", ["W00.0XXA"]),
        ("He was rear-ended in a motor vehicle accident.", ["V89.2XXA"]),
        ("He fell off a ladder at work.", ["W11.XXXA"]),
        ("She fell while playing volleyball.", ["W19.XXXA", "Y93.68"]),
        ("He dropped a brick on his right foot.", ["W20.8XXA"]),
        ("The dog bit her hand; she was bitten by her dog.", ["W54.0XXA"]),
        ("She hurt her back lifting a heavy box.", ["X50.0XXA"]),
        ("He enjoys tennis and running.", []),
        ("He fell 10 years ago.", []),
        ("Her cough began last week.", []),
    ],
)
def test_external_causes(library: Library, text: str, codes: list[str]) -> None:
    found = external_causes(find_sentences(text))
    assert [cause.code for cause in found] == codes
    assert all(library.get(cause.code).valid for cause in found)
    assert all(0 <= cause.start < cause.end <= len(text) for cause in found)


@pytest.mark.parametrize(
    ("codes", "merged"),
    [
        (("I10", "I50.9"), ["I11.0"]),
        (("I10", "N18.31"), ["I12.9"]),
        (("I10", "N18.6"), ["I12.0"]),
        (("I10", "I50.33", "N18.4"), ["I13.0"]),
        (("E11.9", "N18.30"), ["E11.22"]),
        (("E11.9", "G62.9"), ["E11.42"]),
        (("I25.10", "I20.9"), ["I25.119"]),
        (("J44.9", "J18.9"), ["J44.0"]),
        (("I10", "E11.9"), []),
        (("I10", "N20.0"), []),
        (("N18.30",), []),
    ],
)
def test_combinations(library: Library, codes: tuple[str, ...], merged: list[str]) -> None:
    assert [merge.code for merge in merges(codes, library)] == merged


@pytest.mark.parametrize(
    ("code", "others", "explained"),
    [("R05.9", ("J18.9",), "J18.9"), ("M25.561", ("S83.411A",), "S83.411A"), ("R10.9", ("N20.0",), "N20.0"),
     ("R05.9", ("I10",), ""), ("M25.561", ("S93.401A",), ""), ("R51.9", ("E11.9",), "")],
)  # fmt: skip
def test_symptoms_belong_to_their_disease(
    code: str, others: tuple[str, ...], explained: str
) -> None:
    assert integral_to(code, others) == explained


def test_a_code_that_another_says_is_dropped(library: Library) -> None:
    assert [d.code for d in drops(("E11.9", "E11.621", "L97.419"), library)] == ["E11.9"]
    assert drops(("I10", "E11.9"), library) == []
