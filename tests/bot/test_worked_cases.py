"""Questions as coders type them, with the codes in order and the section or note that asks for it.

WORKED are the thirty worked cases across chapters; MORE covers the axes and pairings they leave
out; NEAR are neighbours of both, where one word changes the answer.
"""

from __future__ import annotations

import pytest
from answer_support import codes, question

from bot.answer import Kind, Role, Setting
from bot.assistant import Assistant

# question, codes in order, and words that some rationale or citation must hold
WORKED = [
    ("type 2 diabetes with diabetic chronic kidney disease stage 3b on insulin",
     "E11.22 N18.32 Z79.4", "use additional code” note at E11.22"),
    ("type 2 diabetes with gastroparesis", "E11.43 K31.84", "note at K31.84"),
    ("hypertension with acute on chronic systolic heart failure and CKD stage 4",
     "I13.0 I50.23 N18.4", "use additional code” note at I13.0"),
    ("hypertension, diabetes type 2 and CKD stage 3a", "I12.9 E11.22 N18.31", "I.C.9.a.2"),
    ("hypertension with end stage renal disease on dialysis", "I12.0 N18.6 Z99.2", "note at N18.6"),
    ("sepsis with acute hypoxic respiratory failure", "A41.9 R65.20 J96.01", "I.C.1.d.1.b"),
    ("septic shock due to pneumonia", "A41.9 J18.9 R65.21", "I.C.1.d.4"),
    ("sepsis following a procedure, deep incisional surgical site infection, initial encounter",
     "T81.42XA T81.44XA A41.9", "I.C.1.d.5.b"),
    ("HIV with pneumocystis pneumonia", "B20 B59", "I.C.1.a.2.a"),
    ("pneumonia due to COVID-19", "U07.1 J12.82", "code first” note at J12.82"),
    ("UTI due to E. coli", "N39.0 B96.20", "use additional code” note at N39.0"),
    ("MRSA cellulitis of left leg", "L03.116 B95.62", "B95"),
    ("lung cancer right upper lobe with brain metastasis", "C34.11 C79.31", "C79.31"),
    ("pathological fracture of left humerus due to bone metastasis, initial encounter",
     "M84.522A C79.51", "initial"),
    ("encounter for chemotherapy for colon cancer", "Z51.11 C18.9", "I.C.21.c.15"),
    ("screening for colon cancer, family history of colon cancer", "Z12.11 Z80.0", "C15-C26"),
    ("anemia in CKD stage 4", "N18.4 D63.1", "code first” note at D63.1"),
    ("cocaine abuse and cocaine dependence", "F14.20", "I.C.5.b.2"),
    ("Alzheimer's disease with late onset, dementia with agitation", "G30.1 F02.811", "G30"),
    ("left hemiparesis following cerebral infarction", "I69.354", "I.C.6.a"),
    ("COPD with acute exacerbation and pneumonia", "J44.0 J44.1 J18.9", "I.A.12.b"),
    ("moderate persistent asthma with acute exacerbation", "J45.41", "J45.41"),
    ("paroxysmal afib on eliquis", "I48.0 Z79.01", "I.C.21.c.3"),
    ("inferior STEMI", "I21.19", "I21.19"),
    ("32 weeks pregnant with gestational diabetes, diet controlled", "O24.410 Z3A.32",
     "I.C.15.a.1"),
    ("pressure ulcer of sacral region stage 4", "L89.154", "stage 4"),
    ("left intertrochanteric fracture of the femur, initial encounter", "S72.142A", "I.C.19.c"),
    ("second degree burn of right forearm, 10% TBSA, initial encounter", "T22.211A T31.10",
     "I.C.19.d.6"),
    ("intentional heroin overdose, initial encounter", "T40.1X2A", "intentional"),
    ("fell from ladder, fracture of left wrist, initial encounter", "S62.102A W11.XXXA",
     "I.C.20.a.6"),
]  # fmt: skip

MORE = [
    ("type 1 diabetes with mild nonproliferative retinopathy with macular edema, right eye",
     "E10.3211"),
    ("type 2 diabetes on Ozempic", "E11.9 Z79.85"),
    ("type 2 diabetes with hyperglycemia on insulin and metformin", "E11.65 Z79.4 Z79.84"),
    ("diabetic foot ulcer left heel with fat layer exposed, type 2 diabetes", "E11.621 L97.422"),
    ("hypertensive emergency with essential hypertension", "I16.1 I10"),
    ("severe sepsis with septic shock due to E. coli with acute kidney failure",
     "A41.51 R65.21 N17.9"),
    ("sepsis due to MRSA pneumonia", "A41.02 J15.212"),
    ("acute on chronic respiratory failure with hypoxia and hypercapnia", "J96.21 J96.22"),
    ("COVID-19 with acute respiratory distress syndrome", "U07.1 J80"),
    ("alcohol dependence with withdrawal delirium", "F10.231"),
    ("class 3 obesity BMI 45.5", "E66.813 Z68.42"),
    ("deep tissue injury of left buttock pressure", "L89.326"),
    ("severe preeclampsia third trimester 34 weeks", "O14.13 Z3A.34"),
    ("gestational diabetes on insulin at 30 weeks", "O24.414 Z3A.30"),
    ("preterm labor with preterm delivery third trimester 35 weeks, single liveborn",
     "O60.14X0 Z37.0 Z3A.35"),
    ("single liveborn infant born in hospital by cesarean", "Z38.01"),
    ("closed fracture of shaft of left tibia subsequent encounter delayed healing", "S82.202G"),
    ("malunion of left tibia fracture", "S82.202P"),
    ("ACL tear right knee, initial encounter", "S83.511A"),
    ("anterior dislocation of right shoulder, initial encounter", "S43.014A"),
    ("laceration of left index finger with foreign body, without damage to nail, initial encounter",
     "S61.221A"),
    ("age-related osteoporosis with current pathological vertebral fracture, initial encounter",
     "M80.08XA"),
    ("dog bite of right hand, initial encounter", "S61.451A W54.0XXA"),
    ("metastatic bone cancer from prostate", "C79.51 C61"),
    ("malignant melanoma of left shoulder", "C43.62"),
    ("acute myeloid leukemia in remission", "C92.01"),
    ("anemia in neoplastic disease, pancreatic cancer", "C25.9 D63.0"),
    ("cellulitis of right foot", "L03.115"),
    ("subsequent NSTEMI 2 weeks after first MI", "I22.2"),
    ("NSTEMI type 2 due to demand ischemia", "I21.A1"),
    ("acute kidney injury on CKD stage 3", "N17.9 N18.30"),
    ("BPH with urinary retention", "N40.1 R33.8"),
    ("loosening of left hip prosthesis, initial encounter", "T84.031A"),
    ("aftercare following joint replacement of right knee", "Z47.1 Z96.651"),
    ("dysphagia, oropharyngeal phase, following cerebral infarction", "I69.391 R13.12"),
    ("sepsis due to E. coli UTI with acute kidney injury", "A41.51 N39.0 N17.9"),
    ("sepsis due to E. coli with acute kidney injury", "A41.51 R65.20 N17.9"),
    ("sepsis due to pneumonia with acute hypoxic respiratory failure", "A41.9 J18.9 J96.01"),
    ("UTI due to indwelling Foley catheter, initial encounter", "T83.511A N39.0"),
    ("rash due to amoxicillin, taken as prescribed, initial encounter", "R21 T36.0X5A"),
    ("bradycardia due to metoprolol, initial encounter", "R00.1 T44.7X5A"),
    ("right radius fracture, initial encounter", "S52.91XA"),
    ("alcohol use, cocaine dependence", "F10.90 F14.20"),
    ("hypertension, heart failure not due to hypertension", "I10 I50.9"),
    ("type 2 diabetes, CKD stage 3 not due to diabetes", "E11.9 N18.30"),
    ("uncomplicated delivery", "O80 Z37.0"),
    ("liver metastases, primary unknown", "C78.7 C80.1"),
    ("primary unknown", "C80.1"),
]  # fmt: skip

NEAR = [
    ("type 2 diabetes without chronic kidney disease", "E11.9"),
    ("type 1 diabetes with CKD stage 2", "E10.22 N18.2"),
    ("type 2 diabetes, no longer on insulin", "E11.9"),
    ("hypertension, CKD stage 3a, no heart failure", "I12.9 N18.31"),
    ("hypertension with stage 5 CKD", "I12.0 N18.5"),
    ("sepsis, acute kidney failure", "A41.9 N17.9"),
    ("septic shock due to MRSA", "A41.02 R65.21"),
    ("COPD, no pneumonia", "J44.9"),
    ("asthma without exacerbation", "J45.909"),
    ("CKD stage 4 without anemia", "N18.4"),
    ("cocaine abuse", "F14.10"),
    ("lung cancer, no metastases", "C34.90"),
    ("mother had colon cancer", "Z80.0"),
    ("family history of breast cancer", "Z80.3"),
    ("MRSA carrier", "Z22.322"),
    ("atrial fibrillation on heparin drip", "I48.91"),
    ("osteoporosis without fracture", "M81.0"),
    ("pressure ulcer of left heel", "L89.629"),
    ("heroin overdose, initial encounter", "T40.1X1A"),
    ("second degree burn of right forearm, initial encounter", "T22.211A"),
    ("HIV negative", ""),
    ("sepsis due to E. coli UTI", "A41.51 N39.0"),
    ("rash due to amoxicillin, taken as prescribed", "R21"),
    ("amoxicillin resistance", "Z16.11"),
    ("liver metastases", "C78.7"),
    ("penicillin allergy", "Z88.0"),
    ("alcohol and cocaine dependence", "F10.20 F14.20"),
    ("heart failure not due to hypertension", "I50.9"),
    ("hypertension with heart failure", "I11.0 I50.9"),
]

# question, and the record below which the answer offers choices instead of guessing
OPEN = [
    ("closed fracture of right distal radius", "S52.501"),
    ("breast cancer, left", "C50.9"),
    ("fracture left femur", "S72.9"),
    ("fracture of right radius", "S52.91X"),
    ("fracture of shaft of right radius", "S52.301"),
]


@pytest.mark.parametrize(("text", "expected", "asked_by"), WORKED, ids=[c[0][:60] for c in WORKED])
def test_a_worked_case(coder: Assistant, text: str, expected: str, asked_by: str) -> None:
    answer = coder.answer(question(text))
    assert codes(answer) == expected
    assert answer.suggestions[0].role is Role.FIRST_LISTED
    said = " ".join([s.rationale for s in answer.suggestions] + [c.text for c in answer.citations])
    assert asked_by in said


@pytest.mark.parametrize(("text", "expected"), MORE, ids=[c[0][:60] for c in MORE])
def test_the_codes_in_order(coder: Assistant, text: str, expected: str) -> None:
    assert codes(coder.answer(question(text))) == expected


@pytest.mark.parametrize(("text", "expected"), NEAR, ids=[c[0][:60] for c in NEAR])
def test_a_near_miss(coder: Assistant, text: str, expected: str) -> None:
    assert codes(coder.answer(question(text))) == expected


@pytest.mark.parametrize(("text", "stem"), OPEN, ids=[c[0] for c in OPEN])
def test_what_the_text_leaves_open_is_offered(coder: Assistant, text: str, stem: str) -> None:
    answer = coder.answer(question(text))
    assert answer.kind is Kind.CLARIFICATION
    assert not answer.suggestions
    assert any(code.startswith(stem) for gap in answer.gaps for code in gap.codes)


def test_sepsis_beside_an_organ_failure_is_asked_about(coder: Assistant) -> None:
    answer = coder.answer(question("sepsis, acute kidney failure"))
    assert any("I.C.1.d.1.a.iii" in caution for caution in answer.cautions)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("sepsis due to E. coli UTI with acute kidney injury", True),
        ("sepsis due to E. coli with acute kidney injury", False),
    ],
)
def test_an_organ_failure_that_another_condition_may_cause_is_asked_about(
    coder: Assistant, text: str, asked: bool
) -> None:
    answer = coder.answer(question(text))
    assert any("I.C.1.d.1.a.iii" in caution for caution in answer.cautions) is asked


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("rash due to amoxicillin, taken as prescribed", "T36.0X5A"),
        ("rash due to amoxicillin overdose", "T36.0X1A"),
    ],
)
def test_a_drug_that_is_blamed_offers_the_episode_of_care(
    coder: Assistant, text: str, offered: str
) -> None:
    answer = coder.answer(question(text))
    assert any(offered in gap.codes for gap in answer.gaps)


def test_the_first_of_an_inpatient_stay_is_principal_and_says_why(coder: Assistant) -> None:
    answer = coder.answer(question("septic shock due to pneumonia", Setting.INPATIENT))
    first, *others = answer.suggestions
    assert (first.code, first.role) == ("A41.9", Role.PRINCIPAL)
    assert "goes before" in first.rationale
    assert {other.role for other in others} == {Role.SECONDARY}


def test_every_place_that_a_rule_fixes_names_its_rule(coder: Assistant) -> None:
    answer = coder.answer(question("fell from ladder, fracture of left wrist, initial encounter"))
    fracture, fall = answer.suggestions
    assert "IV.G" in fracture.rationale
    assert "external cause code (I.C.20.a.6)" in fall.rationale
