"""Rules for whole notes: pregnancy, births, dependence, vaccines, sequelae, sides; varied notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from answer_support import TODAY
from note_varied import VARIED, Varied

from bot.answer import Question, Setting
from bot.notes.plainly import both_sides, is_chronic_pain, plainly, sex_of
from bot.notes.sequelae import sequela_in

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from codesets.library import Library


def coded(assistant: Assistant, text: str, setting: Setting = Setting.OUTPATIENT) -> list[str]:
    answer = assistant.answer(Question(text, TODAY, setting, door="test"))
    return [suggestion.code for suggestion in answer.suggestions]


def test_varied_notes_together(assistant: Assistant) -> None:
    """As a whole, so that a change elsewhere which moves one code does not hide behind the rest."""
    hits = said = wanted = 0
    for note in VARIED:
        codes = set(coded(assistant, note.text, Setting(note.setting)))
        hits, said, wanted = (
            hits + len(codes & set(note.codes)), said + len(codes), wanted + len(note.codes)
        )  # fmt: skip
    assert 2 * hits / (said + wanted) >= 0.93


@pytest.mark.parametrize(
    "note",
    [n for n in VARIED if n.name in (
        "discharge summary, heart failure", "problem list with codes on lines of their own",
        "obstetric visit with a urinary infection", "newborn record", "delivery", "burn scar",
        "wound clinic",
    )],
    ids=lambda note: note.name,
)  # fmt: skip
def test_notes_that_must_be_whole(assistant: Assistant, note: Varied) -> None:
    assert set(coded(assistant, note.text, Setting(note.setting))) == set(note.codes)


@pytest.mark.parametrize(
    ("age", "codes"),
    [
        ("13w6d", {"O23.41", "Z3A.13"}),
        ("14w0d", {"O23.42", "Z3A.14"}),
        ("20 weeks gestation", {"O23.42", "Z3A.20"}),
        ("27w6d", {"O23.42", "Z3A.27"}),
        ("28 weeks pregnant", {"O23.43", "Z3A.28"}),
        ("6 weeks pregnant", {"O23.41", "Z3A.01"}),
    ],
)
def test_weeks_decide_the_trimester(assistant: Assistant, age: str, codes: set[str]) -> None:
    text = f"HPI: 26 yo G2P1 at {age} with dysuria.\n\nASSESSMENT:\n1. UTI in pregnancy\n"
    assert set(coded(assistant, text)) == codes


@pytest.mark.parametrize(
    "said",
    ["return in 4 weeks", "previous pregnancy delivered at 37 weeks", "symptoms for 3 weeks"],
)
def test_other_weeks_are_no_gestation(assistant: Assistant, said: str) -> None:
    text = f"HPI: 26 yo pregnant woman with dysuria, {said}.\n\nASSESSMENT:\n1. UTI in pregnancy\n"
    assert set(coded(assistant, text)) == {"O23.40"}


@pytest.mark.parametrize(
    ("text", "code", "there"),
    [
        ("NEWBORN NURSERY NOTE\nTerm infant born via cesarean section.\nASSESSMENT:\n1. Neonatal jaundice\n", "Z38.01", True),
        ("NEWBORN ADMISSION H&P\nTerm female infant born by spontaneous vaginal delivery.\nASSESSMENT:\n1. Newborn\n2. Neonatal jaundice\n", "Z38.00", True),
        ("NEWBORN ADMISSION H&P\nInfant born vaginally at an outside hospital and transferred in.\nASSESSMENT:\n1. Neonatal jaundice\n", "Z38.00", False),
        ("WEIGHT CHECK\n10-day-old infant born vaginally at 39 weeks.\nASSESSMENT:\n1. Slow weight gain\n", "Z38.00", False),
        ("HPI: COPD on 2 L home oxygen.\nASSESSMENT:\n1. Chronic hypoxic respiratory failure\n", "Z99.81", True),
        ("HPI: COPD, no home oxygen.\nASSESSMENT:\n1. Chronic hypoxic respiratory failure\n", "Z99.81", False),
        ("HPI: On home oxygen.\nASSESSMENT:\n1. Gout\n", "Z99.81", False),
        ("HPI: On hemodialysis MWF.\nASSESSMENT:\n1. ESRD\n", "Z99.2", True),
        ("ASSESSMENT:\n1. Gout\nPLAN:\nFlu shot given.\n", "Z23", True),
        ("ASSESSMENT:\n1. Gout\nPLAN:\nDeclined flu shot.\n", "Z23", False),
        ("ASSESSMENT:\n1. Gout\nPLAN:\nFlu shot next month.\n", "Z23", False),
        ("ASSESSMENT:\n1. Nicotine dependence, cigarettes\n2. Tobacco use\n", "Z72.0", False),
        ("ASSESSMENT:\n1. Chronic low back pain\n", "G89.29", True),
        ("ASSESSMENT:\n1. Low back pain\n", "G89.29", False),
        ("ASSESSMENT:\n1. CAD s/p CABG - no angina\n", "I25.10", True),
        ("ASSESSMENT:\n1. CAD s/p CABG - no angina\n", "Z95.1", True),
        ("ASSESSMENT: Gout. Hypertension.\n\nPLAN: Rest.\n", "I10", True),
        ("ASSESSMENT:\n1. Gout\nPLAN:\nSuture removal in 10 days.\n", "Z48.02", False),
        ("ASSESSMENT:\n1. Routine postoperative aftercare, s/p laparoscopic cholecystectomy\n", "Z48.815", True),
    ],
)  # fmt: skip
def test_what_a_note_documents_beside_its_problems(
    assistant: Assistant, text: str, code: str, there: bool
) -> None:
    assert (code in coded(assistant, text)) == there


def test_insulin_for_a_while_is_no_long_term_use(assistant: Assistant) -> None:
    stay = (
        "DISCHARGE DIAGNOSES:\n1. Type 2 diabetes with hyperglycemia\n\nHOSPITAL COURSE:\n{said}\n"
    )
    for said, there in (("Insulin drip, then lispro correction.", False),
                        ("On long-term insulin glargine at home.", True)):  # fmt: skip
        codes = coded(assistant, stay.format(said=said), Setting.INPATIENT)
        assert ("Z79.4" in codes) == there


@pytest.mark.parametrize(
    ("phrase", "title", "injury"),
    [
        ("late effect of crush injury of the left hand", "x", "crush injury of the left hand"),
        ("sequela of burn", "Scar of the left hand, sequela of burn", "burn of left hand"),
        (
            "Burn scar of the right forearm",
            "Burn scar of the right forearm",
            "burn of right forearm",
        ),
        ("aphasia following stroke", "aphasia following stroke", None),
        ("late effect of stroke", "late effect of stroke", None),
        ("Second degree burn of the right forearm", "x", None),
        ("Surgical scar", "Surgical scar", None),
    ],
)
def test_sequelae(phrase: str, title: str, injury: str | None) -> None:
    found = sequela_in(phrase, title)
    assert (found.injury if found else None) == injury


def test_both_sides_where_no_code_says_both(library: Library) -> None:
    assert both_sides(library, "M77.00", "medial epicondylitis, bilateral") == ("M77.01", "M77.02")
    assert both_sides(library, "M77.00", "medial epicondylitis") == ()
    assert both_sides(library, "M17.9", "bilateral osteoarthritis of the knees") == ()
    assert both_sides(library, "I10", "bilateral hypertension") == ()


def test_words_of_the_index() -> None:
    assert plainly("infertility", "female") == "female infertility"
    assert plainly("hypogonadotropic hypogonadism", "male") == "hypogonadotropic hypogonadism"
    assert plainly("knee pain", "male") == "knee pain"
    assert sex_of("Seen today: 59-year-old established male patient.") == "male"
    assert sex_of("A 36 y/o F with pain") == "female"
    assert sex_of("Her mother is 80.") == ""
    assert is_chronic_pain("M54.50", "Chronic low back pain")
    assert not is_chronic_pain("M54.50", "Low back pain, chronic kidney disease")
    assert not is_chronic_pain("M17.0", "Chronic pain of arthritis")
