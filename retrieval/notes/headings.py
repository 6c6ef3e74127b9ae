"""The headings of clinical notes, and what stands under each.

Names are compared in lower case without markup, numbering and the colon. Data only.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache


class SectionKind(StrEnum):
    """What a section of a note is about."""

    OPENING = "opening"
    """Text before the first heading, or of a note without headings."""
    COMPLAINT = "complaint"
    PRESENT = "present illness"
    PAST = "past history"
    SURGICAL = "surgical history"
    FAMILY = "family history"
    SOCIAL = "social history"
    MEDICATIONS = "medications"
    ALLERGIES = "allergies"
    REVIEW = "review of systems"
    VITALS = "vitals"
    EXAM = "examination"
    RESULTS = "results"
    ASSESSMENT = "assessment"
    DIAGNOSES = "diagnoses"
    PROBLEMS = "problem list"
    PLAN = "plan"
    COURSE = "hospital course"
    PROCEDURE = "procedure"
    INSTRUCTIONS = "instructions"
    OTHER = "other"


_NAMES: dict[SectionKind, str] = {
    SectionKind.COMPLAINT: """
chief complaint; chief complaints; cc; reason for visit; reason for consultation; reason for consult;
reason for encounter; reason for admission; reason for referral; presenting complaint;
presenting problem; presenting symptoms; indication; indications; indication for visit;
chief concern; visit reason; reason for evaluation; reason for call
""",
    SectionKind.PRESENT: """
history of present illness; history of the present illness; hpi; present illness; interval history;
subjective; history; clinical history; interim history; history of presenting illness;
history of presenting complaint; history of present complaint; subjective findings; s; hx;
interval events; overnight events; events overnight; brief history; history of injury;
mechanism of injury; patient history; narrative; update; interval update
""",
    SectionKind.PAST: """
past medical history; medical history; pmh; pmhx; past history; past medical hx; pmedhx; medical hx;
significant past medical history; past medical and surgical history; pmh/psh; pmhx/pshx; past medical;
past medical/surgical history; comorbidities; chronic conditions; background; past psychiatric history;
psychiatric history; obstetric history; ob history; gyn history; gynecologic history; birth history;
past ocular history; past illnesses; previous medical history; medical problems; oncologic history;
oncology history; cancer history; past obstetric history; medical conditions; pertinent medical history
""",
    SectionKind.SURGICAL: """
past surgical history; surgical history; psh; pshx; prior surgeries; previous surgeries; surgeries;
past surgeries; operations; past operations; past procedures; prior procedures; surgical hx
""",
    SectionKind.FAMILY: """
family history; family medical history; fh; fhx; fam hx; family hx; family history of illness
""",
    SectionKind.SOCIAL: """
social history; sh; shx; soc hx; social hx; personal history; habits; substance use; tobacco use;
social determinants of health; sdoh; social; personal and social history; lifestyle; employment
""",
    SectionKind.MEDICATIONS: """
medications; medication; current medications; home medications; meds; medication list;
medications on admission; admission medications; discharge medications; outpatient medications;
current meds; current outpatient medications; prescriptions; home meds; medications at home;
medications prior to admission; active medications; inpatient medications; medication reconciliation
""",
    SectionKind.ALLERGIES: """
allergies; allergy; drug allergies; medication allergies; allergies and intolerances;
allergies/intolerances; adverse reactions; nkda
""",
    SectionKind.REVIEW: """
review of systems; ros; systems review; review of symptoms; system review; pertinent ros
""",
    SectionKind.VITALS: """
vitals; vital signs; vs; vitals reviewed; vitals signs; vital signs reviewed; vitals/measurements;
measurements; objective vitals
""",
    SectionKind.EXAM: """
physical exam; physical examination; exam; examination; pe; objective; o; objective findings;
physical; mental status exam; mental status examination; mse; neurologic examination;
neurological examination; on examination; focused exam; physical findings; general examination;
clinical examination; exam findings; ophthalmic examination; discharge exam; admission exam
""",
    SectionKind.RESULTS: """
results; result; labs; laboratory; laboratory data; lab results; lab data; laboratory results; imaging;
diagnostics; diagnostic studies; diagnostic data; diagnostic results; studies; data; radiology;
imaging results; imaging studies; x-ray; x-rays; ekg; ecg; pathology; laboratory studies; test results;
laboratory findings; data reviewed; pertinent results; pertinent labs; diagnostic tests; investigations;
labs and imaging; labs/imaging; results reviewed; microbiology; echocardiogram; ct scan; mri;
pulmonary function tests; radiographs; ancillary data; tests; diagnostic imaging; recent labs
""",
    SectionKind.ASSESSMENT: """
assessment; impression; assessment and plan; assessment & plan; assessment/plan; a/p; a&p; ap;
a and p; assessment and recommendations; impression and plan; impression/plan; impression & plan;
assessment and treatment plan; clinical impression; clinical impressions; a; assessments;
assessment & recommendations; impressions; imp; medical decision making; mdm; summary and plan;
assessment/recommendations; problem-based assessment; assessment plan; impression/recommendations;
impression and recommendations; ed course and mdm; provisional assessment; clinical assessment;
assessment and plan of care; problems addressed; problems addressed today; problems addressed this visit;
conditions addressed; issues addressed; summary; discussion; overall impression
""",
    SectionKind.DIAGNOSES: """
diagnosis; diagnoses; dx; final diagnosis; final diagnoses; discharge diagnosis; discharge diagnoses;
principal diagnosis; primary diagnosis; secondary diagnosis; secondary diagnoses; visit diagnoses;
visit diagnosis; encounter diagnosis; encounter diagnoses; preoperative diagnosis;
postoperative diagnosis; pre-operative diagnosis; post-operative diagnosis; preop diagnosis;
postop diagnosis; principal discharge diagnosis; final impression; ed diagnosis; ed diagnoses;
diagnosis at discharge; other diagnoses; additional diagnoses; working diagnosis; clinical diagnosis;
discharge dx; final dx; diagnostic impression; billing diagnoses; active diagnoses; dx list;
comorbid diagnoses; associated diagnoses; diagnoses addressed
""",
    SectionKind.PROBLEMS: """
problem list; active problem list; active problems; problems; patient active problem list;
current problems; chronic problems; problem list/past medical history; ongoing problems;
active medical problems; active issues; active problem; resolved problems; inactive problems
""",
    SectionKind.PLAN: """
plan; treatment plan; plan of care; recommendations; plan and recommendations; p; treatment;
management; orders; plan/recommendations; management plan; recommendation; plan of treatment; medical plan;
orders placed; plan of action; discharge plan; treatment and plan
""",
    SectionKind.COURSE: """
hospital course; brief hospital course; course in hospital; ed course; emergency department course;
clinical course; hospital course by problem; hospital course by system; course; course of illness;
summary of hospital course; hospital summary; clinic course; icu course; treatment course;
admission course; summary of hospitalization
""",
    SectionKind.PROCEDURE: """
procedure; procedures; procedures performed; procedure performed; operations performed;
operative procedure; procedure note; operation; procedures this admission; description of procedure;
operative findings; findings; anesthesia; technique; estimated blood loss; complications
""",
    SectionKind.INSTRUCTIONS: """
instructions; patient instructions; follow-up; follow up; followup; disposition; discharge instructions;
follow-up instructions; return precautions; patient education; education; counseling; patient agreements;
follow up instructions; discharge disposition; condition at discharge; discharge condition; activity; diet;
health maintenance; preventive care; immunizations; immunization history; consultations; consults;
prognosis; goals; code status; follow-up plan; disposition and follow-up; attestation; signature; time spent
""",
    SectionKind.OTHER: """
patient information; demographics; date of service; date; provider; admission date; discharge date;
attending; referring physician; insurance; encounter information; interpreter
""",
}

TELLING = frozenset(
    {SectionKind.PRESENT, SectionKind.COMPLAINT, SectionKind.OPENING, SectionKind.COURSE}
)
"""Sections that tell what happened."""

INPATIENT_HEADINGS = frozenset(
    {
        "hospital course", "brief hospital course", "course in hospital", "discharge diagnosis",
        "discharge diagnoses", "principal discharge diagnosis", "discharge medications",
        "medications on admission", "admission medications", "hospital course by problem",
        "hospital course by system", "summary of hospital course", "admission date",
        "discharge date", "discharge condition", "condition at discharge", "discharge disposition",
        "icu course", "discharge dx", "diagnosis at discharge", "hospital summary",
        "overnight events", "events overnight", "discharge exam", "inpatient medications",
        "summary of hospitalization", "procedures this admission", "reason for admission",
        "discharge plan",
    }
)  # fmt: skip

SOAP = frozenset({"s", "o", "a", "p"})
"""Single letters, headings only where at least two of them stand."""


@cache
def names() -> dict[str, SectionKind]:
    """Every known heading, normalised, with its kind."""
    return {
        " ".join(name.split()): kind
        for kind, listed in _NAMES.items()
        for name in listed.split(";")
        if name.strip()
    }


@cache
def pattern() -> str:
    """An alternation of every known heading of more than one letter, the longest first."""
    longest = sorted((name for name in names() if len(name) > 1), key=lambda n: (-len(n), n))
    return "|".join(r"\s+".join(re.escape(part) for part in name.split()) for name in longest)
