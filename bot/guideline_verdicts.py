"""Direct answers to what the guidelines plainly allow or forbid, and an example of a section.

A verdict stands only where the question asks for exactly what its section decides; every other
question gets the rule itself. Examples are invented and in our own words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """What section ``number`` answers to questions that ``asks`` finds, in one or two words."""

    number: str
    asks: re.Pattern[str]
    says: str


_YES_NO = re.compile(
    r"^\W*(?:so |and |please )*(?:can|could|may|should|must|do|does|is|are|will|would|am|has"
    r"|have)\b",
    re.IGNORECASE,
)
_DENYING = re.compile(r"\b(?:not|never|n't|without|avoid|instead)\b", re.IGNORECASE)
# Sections whose own subject is what is missing ("without the provider linking it").
_MAY_DENY = frozenset({"I.B.16", "I.C.9.a.7", "II.F"})
_UNCERTAIN = (
    r"probable|possible|suspected|likely|rule[- ]?out|r/o|questionable|uncertain|presumed|working"
)
_WITH_DIAGNOSIS = "Yes, where the provider documents the diagnosis it goes with."
_TABLE: tuple[tuple[str, str, str], ...] = (
    ("IV.H", rf"\b(?:{_UNCERTAIN})\b", "No."),
    ("II.H", rf"\b(?:{_UNCERTAIN})\b", "Yes, if it is still so documented at discharge."),
    ("III.C", rf"\b(?:{_UNCERTAIN})\b", "Yes, if it is still so documented at discharge."),
    ("I.C.1.d.1.a.ii", r"\burosepsis\b.*\bsepsis\b|\burosepsis\b", "No: query the provider."),
    ("I.C.1.d.1.a.i", r"\bnegative\b|\bculture", "Yes, if the provider documents sepsis."),
    ("I.C.1.d.2", r"\bprincipal\b|\bfirst\b", "No: the underlying infection comes first."),
    ("I.C.1.f.1", rf"\b(?:{_UNCERTAIN})\b", "No: only confirmed cases."),
    ("I.C.1.g.1.a", rf"\b(?:{_UNCERTAIN})\b", "No: only confirmed cases."),
    ("I.C.1.a.1", rf"\b(?:{_UNCERTAIN})\b", "No: only confirmed cases."),
    ("I.C.10.c", rf"\b(?:{_UNCERTAIN})\b.*\b(?:influenza|flu)\b", "No: only confirmed cases."),
    ("I.C.4.a.3", r"\btemporar|\bonly\b.*\b(?:stay|encounter|admission)|\bduring\b", "No."),
    ("I.C.9.a.1", r"\bassum|\bpresum|\blink|\brelat", "Yes, unless documented as unrelated."),
    ("I.C.9.a.2", r"\bassum|\bpresum|\blink|\brelat", "Yes, unless documented as unrelated."),
    ("I.C.9.b", r"\bassum|\bpresum|\blink|\brelat", "Yes, unless due to another cause."),
    ("I.C.9.a.7", r"\belevated|\bhigh|\braised", "No, not as hypertension."),
    ("I.C.9.d.2", r"\b(?:current|new|both|together)\b", "Yes, both."),
    ("I.C.12.a.4", r"\bhealed\b", "No."),
    ("I.C.15.a.1", r"\bprior|\bpreceden|\bfirst\b", "Yes."),
    ("I.C.15.a.2", r"\bnewborn|\bbaby|\binfant", "No: they are for the mother's record alone."),
    ("I.C.17", r"\badults?\b|\bany age|\blater in life", "Yes, for as long as it is present."),
    ("I.C.18.b", r"\bsymptoms?\b.*\bdiagnos", "Yes, if the symptom is not routinely part of it."),
    ("I.B.5", r"\bsymptoms?\b", "No, not those that are routinely part of the disease."),
    ("I.B.6", r"\bsymptoms?\b", "Yes, when present."),
    ("I.C.19.b.1", r"\babrasions?|\bcontusions?|\bsuperficial", "No."),
    ("I.C.19.e.5.c", r"\bprincipal|\bfirst", "No."),
    ("I.C.20.a.6", r"\bprincipal|\bfirst", "No."),
    ("I.C.20.c", r"\bevery|\beach|\bsubsequent", "No: only at the initial encounter."),
    ("I.C.20.b", r"\bevery|\beach|\bsubsequent", "No: only at the initial encounter."),
    ("I.C.21.c.7", r"\binjur|\bfracture", "No: use the injury code with its 7th character."),
    ("I.C.21.a", r"\bprincipal|\bfirst", "Yes, some of them, as the circumstances require."),
    ("I.B.12", r"\btwice|\bmore than once|\brepeat|\bsame code", "No: once an encounter."),
    ("I.B.14", r"\b(?:bmi|body mass|stage|nihss|coma|social|laterality)\b", _WITH_DIAGNOSIS),
    ("I.B.16", r"\bwithout\b|\blink", "No: the record must show cause and effect."),
    ("I.A.12.a", r"\btogether|\bboth|\bsame time", "No, unless the two are unrelated."),
    ("I.A.12.b", r"\btogether|\bboth|\bsame time", "Yes, when the patient has both."),
    ("I.A.19", r"\bcriteria\b|\bvalid", "No: the provider's statement is enough for the code."),
    ("IV.K", r"\breport|\bradiolog|\bpatholog", "Yes, where a physician has interpreted it."),
    ("III.B", r"\babnormal|\blab", "No, not until the provider states what they mean."),
    ("IV.I", r"\bchronic\b", "Yes, as often as the patient is treated for it."),
    ("II.F", r"\bcancel|\bnot (?:done|carried|performed)", "Yes, the condition stays principal."),
    ("I.C.2.n", r"\bremission\b.*\bhistory|\bhistory\b.*\bremission", "No: not as history."),
    ("I.C.5.b.2", r"\btogether|\bboth|\ball\b", "No: one code, the highest of them."),
    ("I.C.13.b", r"\bcurrent|\bacute|\binjur", "No: the injury chapter has it."),
    ("I.C.19.g.4", r"\banother|\bexternal cause|\badditional", "No."),
)  # fmt: skip
VERDICTS = tuple(Verdict(n, re.compile(asks, re.IGNORECASE), says) for n, asks, says in _TABLE)

EXAMPLES: dict[str, str] = {
    "IV.H": "“cough, probable pneumonia” at a clinic visit: R05.9 for the cough, no J18.9.",
    "II.H": "discharged with “probable pneumonia”: J18.9 as if it existed.",
    "III.C": "a stay whose final note lists “likely UTI”: N39.0 as an additional diagnosis.",
    "I.C.1.d.1.a.ii": "“urosepsis” alone has no code: ask whether sepsis or a urinary infection is "
    "meant.",
    "I.C.1.d.1.b": "sepsis with acute kidney failure from it: A41.9, R65.20, N17.9.",
    "I.C.1.d.2": "septic shock from E. coli: A41.51 first, then R65.21.",
    "I.C.1.d.4": "sepsis and pneumonia both on admission: A41.9 first, then J18.9.",
    "I.C.1.e.1.c": "a nasal swab positive for MRSA without infection: Z22.322.",
    "I.C.1.g.1.c.i": "pneumonia due to COVID-19: U07.1 first, then J12.82.",
    "I.C.1.g.1.m": "loss of smell that stayed after COVID-19: R43.0, then U09.9.",
    "I.C.2.c.1": "admitted for anemia of colon cancer: C18.9 first, then D63.0.",
    "I.C.2.c.2": "anemia from chemotherapy: D64.81 first, then the neoplasm, and T45.1X5A.",
    "I.C.2.e.2": "admitted for chemotherapy of breast cancer: Z51.11 first, then C50.-.",
    "I.C.2.m": "breast cancer removed, no treatment left: Z85.3.",
    "I.C.4.a": "type 2 diabetes with CKD stage 3a and neuropathy: E11.22, N18.31, E11.40.",
    "I.C.4.a.2": "“diabetes” without a type: E11.-.",
    "I.C.4.a.3": "type 2 diabetes on daily insulin: E11.9 and Z79.4.",
    "I.C.6.a": "left hemiplegia, handedness not documented: nondominant.",
    "I.C.9.a.1": "hypertension and heart failure: I11.0, then I50.9.",
    "I.C.9.a.2": "hypertension and CKD stage 4: I12.9, then N18.4.",
    "I.C.9.a.3": "hypertension, heart failure and CKD stage 4: I13.0, I50.9, N18.4.",
    "I.C.9.a.7": "one reading of 160/95, no hypertension diagnosed: R03.0.",
    "I.C.9.b": "CAD of native arteries with angina: I25.119.",
    "I.C.9.d.3": "a stroke years ago without deficits: Z86.73.",
    "I.C.9.e.4": "an NSTEMI three weeks after an NSTEMI: I22.2 and I21.4.",
    "I.C.9.e.5": "type 2 infarction from rapid atrial fibrillation: I48.91 first, then I21.A1.",
    "I.C.10.a.1": "COPD with pneumonia and an exacerbation: J44.0, J18.9 and J44.1.",
    "I.C.12.a.5": "a healing stage 3 sacral pressure ulcer: L89.153.",
    "I.C.15.a.3": "20 weeks: second trimester (14 weeks 0 days to less than 28 weeks 0 days).",
    "I.C.15.n.1": "full-term spontaneous vaginal delivery without complications: O80 and Z37.0.",
    "I.C.18.i": "infarction of the left middle cerebral artery, NIHSS 12: I63.-, then R29.712.",
    "I.C.19.b.1": "a laceration with an abrasion at the same place: the laceration alone.",
    "I.C.19.c": "“fracture of the distal radius”, no more said: closed and displaced.",
    "I.C.19.e.5.a": "rash from amoxicillin taken as prescribed: the rash, then T36.0X5A.",
    "I.C.19.e.5.b": "overdose of acetaminophen by accident: T39.1X1A first, then what it caused.",
    "I.C.19.e.5.c": "insulin skipped for cost, hyperglycemia: E11.65, T38.3X6A, Z91.120.",
    "I.C.20.a.6": "a fall from a ladder with a hip fracture: S72.-, then W11.XXXA.",
    "I.C.21.c.5": "a screening colonoscopy that finds a polyp: Z12.11 first, then the polyp.",
    "I.C.21.c.7": "a visit for a healing radius fracture: S52.- with 7th character D, no Z47.",
    "I.B.8": "acute on chronic bronchitis, separate codes at one level: J20.9, then J42.",
    "I.B.13": "both knees with primary osteoarthritis: M17.0 once, not two codes.",
    "I.B.14": "a dietitian writes BMI 41, the physician writes obesity: E66.- and Z68.41.",
    "I.A.12.a": "I10 has an Excludes1 note for hypertension complicating pregnancy (O10-O11, "
    "O13-O16): one of them only.",
    "I.A.12.b": "J44.1 has an Excludes2 note that names J44.0: both, when both are documented.",
    "I.A.13": "dementia in Parkinson's disease: G20.-, then F02.80.",
    "IV.K": "an outpatient film read by the radiologist as a fracture: the fracture is coded.",
    "III.B": "potassium 2.9, replaced, no diagnosis written: ask; no E87.6 from the value alone.",
    "IV.M": "clearance before hip replacement: Z01.818, then M16.-, then what is found.",
}
"""An example a section, by its number; codes are valid in FY2026 and FY2027."""


def verdict(question: str, number: str) -> str:
    """The direct answer of section ``number`` to a yes/no question; "" where it has none."""
    if not _YES_NO.match(question) or (_DENYING.search(question) and number not in _MAY_DENY):
        return ""
    for each in VERDICTS:
        if each.number == number and each.asks.search(question):
            return each.says
    return ""


def is_yes_no(question: str) -> bool:
    """Whether a question asks for yes or no.

    >>> is_yes_no("can I code probable pneumonia?"), is_yes_no("how is sepsis sequenced?")
    (True, False)
    """
    return _YES_NO.match(question) is not None
