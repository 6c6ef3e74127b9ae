"""Sections, sentences and problems of invented notes under every heading style."""

from __future__ import annotations

from itertools import pairwise

import pytest

from retrieval.notes.headings import SectionKind as Kind
from retrieval.notes.problems import find_problems
from retrieval.notes.sections import find_sections
from retrieval.notes.sentences import find_lines, find_sentences
from retrieval.notes.tables import row_status

STYLES = [
    (
        "CHIEF COMPLAINT\n\nCough.\n\nASSESSMENT AND PLAN\n\n1. Bronchitis.\n",
        [(Kind.COMPLAINT, "Cough."), (Kind.ASSESSMENT, "1. Bronchitis.")],
    ),
    (
        "CC: Cough\nPMH: asthma\nA/P: Bronchitis, supportive care.",
        [(Kind.COMPLAINT, "Cough"), (Kind.PAST, "asthma"), (Kind.ASSESSMENT, "Bronchitis, supportive care.")],
    ),
    (
        "## HPI\nThree days of cough.\n\n**Impression:** Bronchitis\n",
        [(Kind.PRESENT, "Three days of cough."), (Kind.ASSESSMENT, "Bronchitis")],
    ),
    (
        "S: sore throat x2d\nO: T 38.1\nA: Strep pharyngitis\nP: amoxicillin",
        [(Kind.PRESENT, "sore throat x2d"), (Kind.EXAM, "T 38.1"),
         (Kind.ASSESSMENT, "Strep pharyngitis"), (Kind.PLAN, "amoxicillin")],
    ),
    (
        "chief complaint: cough. Past medical history: asthma. Assessment and plan: Acute bronchitis.",
        [(Kind.COMPLAINT, "cough."), (Kind.PAST, "asthma."), (Kind.ASSESSMENT, "Acute bronchitis.")],
    ),
    (
        "- Chief Complaint: Rash\n- Family History: eczema\n- Diagnosis: Contact dermatitis",
        [(Kind.COMPLAINT, "Rash"), (Kind.FAMILY, "eczema"), (Kind.DIAGNOSES, "Contact dermatitis")],
    ),
    (
        "ADMISSION DATE: today\nDISCHARGE DIAGNOSES:\n1. Pneumonia\nHOSPITAL COURSE:\nTreated.\n",
        [(Kind.OTHER, "today"), (Kind.DIAGNOSES, "1. Pneumonia"), (Kind.COURSE, "Treated.")],
    ),
    ("Seen for gout. Doing well.", [(Kind.OPENING, "Seen for gout. Doing well.")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), STYLES)
def test_headings_of_every_style(text: str, expected: list[tuple[Kind, str]]) -> None:
    sections = find_sections(text).all
    found = [(section.kind, text[section.body : section.end].strip()) for section in sections]
    assert found == expected


def test_sections_cover_the_text_without_gaps() -> None:
    for text, _ in STYLES:
        sections = find_sections(text).all
        assert sections[0].start == 0
        assert sections[-1].end == len(text)
        assert all(one.end == two.start for one, two in pairwise(sections))


@pytest.mark.parametrize(
    "text",
    [
        "The history of the cough is long and the plan is to wait.",
        "HPI: his assessment of the pain is 7/10. The plan was changed.",
        "Subjective improvement was noted after the injection.",
    ],
)
def test_words_of_running_text_are_no_headings(text: str) -> None:
    assert not {s.kind for s in find_sections(text).all} & {Kind.ASSESSMENT, Kind.PLAN}


def test_a_radiologists_impression_is_a_result() -> None:
    text = "RESULTS\n\nX-ray spine.\nImpression: Disc degeneration.\n\nASSESSMENT\n\nNeck pain.\n"
    sections = find_sections(text)
    assert sections.at(text.index("Disc")).kind is Kind.RESULTS
    assert sections.at(text.index("Neck")).kind is Kind.ASSESSMENT


def test_sub_headings_of_an_examination_stay_in_it() -> None:
    text = "PHYSICAL EXAM\n\nRESPIRATORY\nClear.\nGeneral Examination: well.\n\nPLAN\n\nRest.\n"
    assert [s.kind for s in find_sections(text).all] == [Kind.EXAM, Kind.PLAN]


def test_labels_below_a_problem_are_no_sections() -> None:
    text = "ASSESSMENT AND PLAN\n\nGout.\n- Plan: colchicine.\n- Follow-up: two weeks.\n"
    assert [s.kind for s in find_sections(text).all] == [Kind.ASSESSMENT]


SENTENCES = [
    ("Seen by Dr. Lee. No fever.", ["Seen by Dr. Lee", "No fever"]),
    ("E. coli UTI; no fever", ["E. coli UTI", "no fever"]),
    ("Metformin 500 mg p.o. b.i.d. He denies pain.", ["Metformin 500 mg p.o. b.i.d", "He denies pain"]),
    ("A1c 7.1. BP 130/80.", ["A1c 7.1", "BP 130/80"]),
    ("Asthma vs. COPD. Stable.", ["Asthma vs. COPD", "Stable"]),
    ("1. Gout.\n2. Hypertension", ["Gout", "Hypertension"]),
    ("Asthma | Active | 2011", ["Asthma", "Active", "2011"]),
    ("Is this gout? Unclear.", ["Is this gout?", "Unclear"]),
    (
        "The patient came in because of a cough that had lasted\nfor two weeks. Better now.",
        ["The patient came in because of a cough that had lasted\nfor two weeks", "Better now"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_sentences(text: str, expected: list[str]) -> None:
    found = find_sentences(text)
    assert [sentence.text for sentence in found] == expected
    assert all(text[s.start : s.end] == s.text for s in found)


def test_a_list_in_one_line_is_cut_into_its_items() -> None:
    text = "1. Gout. Continue allopurinol. 2. Hypertension, stable. 3. Asthma."
    assert [line.text(text) for line in find_lines(text)] == [
        "Gout. Continue allopurinol.", "Hypertension, stable.", "Asthma.",
    ]  # fmt: skip


def test_numbers_that_do_not_count_up_cut_nothing() -> None:
    text = "Takes aspirin 81 mg and has 2 cats. 5. Not a list."
    assert len(find_lines(text)) == 1


PROBLEMS = [
    ("ASSESSMENT\n\nGout.\nHypertension, uncontrolled.\n", ["Gout", "Hypertension, uncontrolled"]),
    (
        "A/P:\n1. COPD\n- Continue tiotropium.\n- Plan: pulmonary rehab\n2. Osteoporosis: DEXA next year\n",
        ["COPD", "Osteoporosis"],
    ),
    ("A/P:\n# CHF: volume up, increase furosemide.\n# CKD stage 4: stable\n", ["CHF", "CKD stage 4"]),
    ("ASSESSMENT\n\n- Left ankle sprain\n- Asthma\n", ["Left ankle sprain", "Asthma"]),
    (
        "ASSESSMENT AND PLAN\n\nA 61-year-old man with gout presents for follow-up.\n\nGout.\n"
        "- Medical Reasoning: Stable.\n- Medical Treatment: Continue allopurinol.\n"
        "Patient Agreements: The patient agrees.\n",
        ["Gout"],
    ),
    ("PLAN\n\nStart amoxicillin 500 mg.\nReturn in two weeks.\nWe discussed the risks.\n", []),
    ("IMPRESSION: Right knee pain.", ["Right knee pain"]),
    ("GERD\n", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "titles"), PROBLEMS)
def test_titles_of_problems(text: str, titles: list[str]) -> None:
    found = find_problems(text, find_sections(text)).problems
    assert [problem.title.text for problem in found] == titles
    assert all(text[p.title.start : p.title.end] == p.title.text for p in found)


def test_what_is_said_under_a_problem_belongs_to_it() -> None:
    text = (
        "ASSESSMENT\n\nAsthma.\n- His symptoms flare in spring.\nGout.\n- Continue allopurinol.\n"
    )
    asthma, gout = find_problems(text, find_sections(text)).problems
    assert [s.text for s in asthma.body] == ["His symptoms flare in spring"]
    assert [s.text for s in gout.body] == ["Continue allopurinol"]


@pytest.mark.parametrize(
    ("text", "end", "status"),
    [
        ("Pneumonia\tResolved\t2019", 9, "resolved"),
        ("Gout | Active | 2011", 4, None),
        ("Stroke | 2014 | Historical", 6, "historical"),
        ("Gout resolved", 4, None),
    ],
)
def test_rows_of_pasted_tables(text: str, end: int, status: str | None) -> None:
    found = row_status(text, end)
    assert (found.value if found else None) == status


def test_hospital_headings_are_told() -> None:
    text = "DISCHARGE DIAGNOSES:\nGout\nHOSPITAL COURSE:\nFine.\n"
    assert find_sections(text).inpatient == ("DISCHARGE DIAGNOSES", "HOSPITAL COURSE")
    assert find_sections("ASSESSMENT\n\nGout.\n").inpatient == ()
