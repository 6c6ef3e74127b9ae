"""Invented notes in the formats that notes come in. No person, no real record."""

from __future__ import annotations

from typing import NamedTuple


class Sample(NamedTuple):
    """A note, codes it must give, codes it must not, and words of reasons for what it leaves out.

    ``rejected`` pairs the words left out with a part of the reason or a code that is listed.
    """

    name: str
    text: str
    codes: tuple[str, ...]
    never: tuple[str, ...] = ()
    rejected: tuple[tuple[str, str], ...] = ()


CLINIC = Sample(
    "problem-oriented clinic note",
    """CHIEF COMPLAINT
Follow-up of blood pressure.

HISTORY OF PRESENT ILLNESS
A 63-year-old woman returns for her chronic conditions. She denies chest pain or palpitations.
Past medical history significant for stroke in 2014 without residual deficit.

FAMILY HISTORY
Mother with breast cancer. Father died of colon cancer.

REVIEW OF SYSTEMS
Respiratory: Denies shortness of breath.
Musculoskeletal: Reports mild knee pain.

ASSESSMENT AND PLAN
1. Hypertension.
- Medical Reasoning: Well controlled.
- Medical Treatment: Continue lisinopril 20 mg daily.
2. Type 2 diabetes mellitus with stage 3a chronic kidney disease.
- Continue metformin. A1c 7.1.
3. Hypothyroidism, stable.
- Continue levothyroxine.
""",
    ("E11.22", "N18.31", "I12.9", "E03.9"),
    ("I10", "I63.9", "C50.919", "C18.9", "E11.9"),
    (
        ("stroke", "Z86.73"),
        ("breast cancer", "relative"),
        ("chest pain", "denied"),
        ("colon cancer", "relative"),
    ),
)
SOAP = Sample(
    "SOAP with letters",
    """S: 24 yo F c/o sore throat x2d, fever at home. No cough. Roommate has mono.
O: T 38.4, tonsillar exudate, anterior cervical nodes tender. Rapid strep positive.
A: Strep pharyngitis
P: Amoxicillin 500 mg bid x10 days. Return if trouble swallowing.
""",
    ("J02.0",),
    ("R50.9", "R05.9", "B27.90"),
    (("mono", "someone else"), ("cough", "denied")),
)
INJURY = Sample(
    "urgent care injury",
    """CC: Left wrist pain

HPI: 41 y/o man slipped and fell on the ice this morning and landed on his outstretched left hand.
Denies head injury or loss of consciousness. He has a history of asthma as a child.

EXAM: Left wrist swollen and tender over the distal radius. No open wound.

IMAGING: X-ray left wrist: fracture of the distal radius, extra-articular.

IMPRESSION: Closed fracture of the lower end of the left radius.

PLAN: Splint, ibuprofen 600 mg, orthopedics in one week.
""",
    ("S52.502A", "W00.0XXA"),
    ("M25.532", "S06.9X9A", "R40.20"),
    (("head injury", "denied"),),
)
UNCERTAIN = Sample(
    "symptom with a suspected diagnosis",
    """## HPI
Patient is a 55-year-old with three days of chest pain on exertion.

## Assessment & Plan
- Chest pain, possible unstable angina. Stress test ordered, rule out coronary artery disease.
- Tobacco use: smokes 1 pack of cigarettes per day, counseled.
""",
    ("R07.9",),
    ("I20.0", "I25.10", "I20.9"),
    (("unstable angina", "uncertain"),),
)
DICTATED = Sample(
    "dictation without line breaks",
    "Chief complaint: cough. History of present illness: this is a 70-year-old man with one week of "
    "productive cough and wheezing. He denies hemoptysis. Past medical history: COPD, benign prostatic "
    "hyperplasia. Social history: former smoker, quit in 2010. Exam: diffuse wheezes. Chest x-ray without "
    "infiltrate. Assessment and plan: 1. Acute exacerbation of COPD. Start prednisone 40 mg and "
    "azithromycin. 2. Essential hypertension, continue amlodipine.",
    ("J44.1", "I10"),
    ("R05.9", "R06.2", "J18.9", "R04.2"),
    (("hemoptysis", "denied"), ("benign prostatic hyperplasia", "history")),
)
HISTORY = Sample(
    "what is over is coded as over",
    """REASON FOR VISIT: Surveillance after breast cancer.

ASSESSMENT:
1. History of left breast cancer, s/p lumpectomy and radiation 2016, no evidence of recurrence.
2. Osteoporosis, on alendronate.
3. Status post right total knee replacement, doing well.

PLAN: Mammogram in six months. Continue alendronate.
""",
    ("Z85.3", "M81.0", "Z96.651"),
    ("C50.912", "C50.919"),
)
DISCHARGE = Sample(
    "hospital stay",
    """DISCHARGE SUMMARY

ADMISSION DATE: [DATE-1]
DISCHARGE DATE: [DATE-2]

DISCHARGE DIAGNOSES:
1. Probable gram-negative pneumonia
2. Acute hypoxic respiratory failure
3. Type 2 diabetes mellitus, on long-term insulin
4. Acute kidney injury, resolved

HOSPITAL COURSE:
The patient was admitted with fever and cough. She was treated with cefepime. Pulmonary embolism was
ruled out by CT. Creatinine returned to baseline with fluids.

DISCHARGE MEDICATIONS:
Insulin glargine 20 units nightly
""",
    ("J15.69", "J96.01", "E11.9", "Z79.4"),
    ("I26.99", "R50.9", "R05.9"),
    (("Pulmonary embolism", "denied"),),
)
TABLE = Sample(
    "problem list pasted as a table",
    """Active Problem List
Problem\tStatus\tOnset
Essential hypertension\tActive\t2012
Mixed hyperlipidemia\tActive\t2015
Community acquired pneumonia\tResolved\t2019

Plan: Continue atorvastatin and losartan. Recheck lipids in 6 months.
""",
    ("I10", "E78.2"),
    ("J18.9", "J15.9"),
    (("pneumonia", "resolved"),),
)
SOCIAL = Sample(
    "social determinants and a denial",
    """HPI: 38-year-old man here for refill of his asthma inhaler. Wheezing twice a week. He is
homeless and sleeps in his car. He cannot afford his inhaler. Denies alcohol use.

Assessment:
Mild persistent asthma.
Plan: Budesonide inhaler, social work referral.
""",
    ("J45.30", "Z59.02"),
    ("F10.90", "R06.2"),
)
REASON = Sample(
    "no diagnosis made",
    """CHIEF COMPLAINT: Dizziness and fatigue.

HISTORY OF PRESENT ILLNESS: Two weeks of dizziness when standing, with fatigue. No syncope.

EXAM: Normal neurologic examination.

PLAN: Orthostatic vitals, CBC and TSH. Follow up in two weeks.
""",
    ("R42", "R53.83"),
    ("R55",),
    (("syncope", "denied"),),
)
COMBINED = Sample(
    "heart failure with hypertension, abbreviations and a comma list",
    """A/P: 74M with HTN, HFpEF, CKD4 and DM2 on insulin here for follow-up.
# Acute on chronic diastolic CHF: volume up, increase furosemide to 40 mg BID.
# HTN: above goal, add hydralazine.
# CKD stage 4: stable, avoid NSAIDs.
# DM2: continue glargine 20 units.
# Possible UTI: send urine culture.
""",
    ("I13.0", "I50.33", "N18.4", "E11.22", "Z79.4"),
    ("I10", "E11.9", "N39.0"),
    (("UTI", "uncertain"),),
)
PROCEDURE_VISIT = Sample(
    "screening that is only planned",
    """Assessment/Plan
GERD - well controlled on omeprazole, continue.
Colonoscopy - overdue, will schedule.
Health maintenance: flu shot given today.
Obesity, BMI 36.2: diet and exercise counseling.
""",
    ("K21.9", "E66.9"),
    ("Z12.11",),
)
SAMPLES = (
    CLINIC, SOAP, INJURY, UNCERTAIN, DICTATED, HISTORY, DISCHARGE, TABLE, SOCIAL, REASON, COMBINED,
    PROCEDURE_VISIT,
)  # fmt: skip
