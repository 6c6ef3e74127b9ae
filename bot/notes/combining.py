"""Codes of one note taken together: combinations, what one code already says, integral symptoms.

Hypertension with heart or kidney disease and diabetes with its complications are presumed related
(I.A.15, I.C.9.a); a symptom that belongs to a confirmed disease is not coded beside it (I.B.5); of
two codes of one condition the one that says more stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from codesets.notation import undotted
from codesets.references import in_range
from codesets.rules.lists import integral_symptoms

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codesets.library import Library


@dataclass(frozen=True, slots=True)
class Merge:
    """Codes ``gone`` give way to ``code``, for a reason that names the rule."""

    gone: tuple[str, ...]
    code: str
    reason: str
    words_of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drop:
    """``code`` is not coded, and why."""

    code: str
    reason: str


_HEART = re.compile(r"I50|I51\.[4-7]|I51\.8[19]|I51\.9")
_DIABETIC: tuple[tuple[str, str, bool, str], ...] = (
    (r"N18", "22", True, "chronic kidney disease"),
    (r"N08|N05|N28\.9", "21", False, "nephropathy"),
    (r"G62\.9|G63|G60\.9|G62\.89", "42", False, "polyneuropathy"),
    (r"G99\.0|G90\.9", "43", False, "autonomic neuropathy"),
    (r"K31\.84", "43", True, "gastroparesis"),
    (r"H35\.0[0-9]?|H36", "319", False, "retinopathy"),
    (r"I73\.9|I70\.20", "51", False, "peripheral angiopathy"),
    (r"L97\.[45]", "621", True, "foot ulcer"),
    (r"L97\.(?![45])|L98\.49", "622", True, "skin ulcer"),
    (r"I96", "52", False, "gangrene"),
    (r"M14\.6", "610", False, "neuropathic arthropathy"),
    (r"R73\.9", "65", False, "hyperglycemia"),
    (r"E16\.[12]", "649", False, "hypoglycemia"),
)  # fmt: skip
_SIMPLE: tuple[tuple[str, str, str, bool, str], ...] = (
    (r"I25\.10", r"I20\.9|I20\.89", "I25.119", False, "angina with coronary atherosclerosis is presumed due to it (I.C.9.b)"),
    (r"I25\.10", r"I20\.0", "I25.110", False, "unstable angina with coronary atherosclerosis is presumed due to it (I.C.9.b)"),
    (r"J44\.9", r"J1[2-8]|J20|J22", "J44.0", True, "COPD with an acute lower respiratory infection is one code beside the infection"),
    (r"N13\.30", r"N20\.[0129]", "N13.2", False, "hydronephrosis with a calculus of the kidney or ureter is one code"),
    (r"M81\.0", r"M84\.4", "M80.08XA", False, "a fracture in osteoporosis is presumed osteoporotic (I.C.13.d)"),
)  # fmt: skip
_WITHOUT = re.compile(r"E(?:08|09|10|11|13)\.9$")


def merges(codes: Sequence[str], library: Library) -> list[Merge]:
    """What the codes of one note combine into, in the order to apply."""
    found: list[Merge] = []
    found += _hypertension(codes)
    found += _diabetes(codes)
    for one, other, code, keep, why in _SIMPLE:
        first = [c for c in codes if re.match(one, c)]
        second = [c for c in codes if re.match(other, c)]
        if first and second:
            gone = (first[0],) if keep else (first[0], second[0])
            found.append(Merge(gone, code, f"{why[0].upper()}{why[1:]}.", (first[0], second[0])))
    return [m for m in found if (record := library.find(m.code)) is not None and record.valid]


def _hypertension(codes: Sequence[str]) -> list[Merge]:
    if "I10" not in codes:
        return []
    heart = [c for c in codes if _HEART.match(c)]
    kidney = [c for c in codes if c.startswith("N18") and c != "N18.0"]
    failing = any(c.startswith("I50") for c in heart)
    severe = any(c in ("N18.5", "N18.6") for c in kidney)
    gone = ["I10", *(c for c in heart if not c.startswith("I50"))]
    if heart and kidney:
        code = {(True, False): "I13.0", (True, True): "I13.2",
                (False, False): "I13.10", (False, True): "I13.11"}[failing, severe]  # fmt: skip
        why = "Hypertension with heart and kidney disease is one code (I.C.9.a.3)."
        return [Merge(tuple(gone), code, why, ("I10", *heart, *kidney))]
    if heart:
        why = "Hypertension with heart disease is presumed hypertensive heart disease (I.C.9.a.1)."
        return [Merge(tuple(gone), "I11.0" if failing else "I11.9", why, ("I10", *heart))]
    if kidney:
        why = "Hypertension with chronic kidney disease is presumed related (I.C.9.a.2)."
        return [Merge(("I10",), "I12.0" if severe else "I12.9", why, ("I10", *kidney))]
    return []


def _diabetes(codes: Sequence[str]) -> list[Merge]:
    own = [c for c in codes if _WITHOUT.match(c) or re.match(r"E(?:08|09|10|11|13)\.", c)]
    if not own:
        return []
    kind = own[0][:3]
    found = []
    for pattern, suffix, keep, name in _DIABETIC:
        others = [c for c in codes if re.match(pattern, c)]
        code = f"{kind}.{suffix}"
        if not others:
            continue
        gone = [] if keep else others
        gone += [c for c in own if _WITHOUT.match(c)]
        if code in codes:
            gone = [g for g in gone if g != code]
        why = f"Diabetes with {name} is presumed diabetic unless the note says otherwise (I.A.15)."
        found.append(Merge(tuple(gone), code, why, (own[0], *others)))
    return found


def drops(codes: Sequence[str], library: Library) -> list[Drop]:
    """Codes that another code of the note already says, or that belong to its disease."""
    found: dict[str, Drop] = {}
    for code in codes:
        reason = _said_already(code, codes, library) or _integral(code, codes)
        if reason:
            found[code] = Drop(code, reason)
    return list(found.values())


def _said_already(code: str, codes: Sequence[str], library: Library) -> str:
    """Whether a code of the same condition says more than ``code``."""
    for other in codes:
        if other == code:
            continue
        if (
            _WITHOUT.match(code)
            and re.match(r"E(?:08|09|10|11|13)\.", other)
            and not _WITHOUT.match(other)
        ):
            return f"{other} already says the diabetes and its complication."
        if code == "Z72.0" and other.startswith("F17."):
            return f"{other} says the use of tobacco; Z72.0 is excluded beside it."
        if code == "I10" and re.match(r"I1[1-36]\.|I16", other) and other[:3] != "I16":
            return f"{other} already says the hypertension."
        mine, more = library.get(code), library.get(other)
        near = 4 if code[0] in "ST" else 3
        same = undotted(code)[:near] == undotted(other)[:near]
        if same and _is_open(mine.title) and not _is_open(more.title):
            return f"{other} says the same condition with more detail."
    return ""


def _is_open(title: str) -> bool:
    return bool(re.search(r"\bunspecified\b", title, re.IGNORECASE))


_REGIONS: tuple[tuple[str, str, str], ...] = (
    (r"M25\.56|M79\.66", r"S8[0-9]|M17|M23|M22", "pain of the knee or leg"),
    (r"M25\.57|M79\.67", r"S9[0-9]|S82|M72\.2|M76|M77\.[3-5]|M20|M10", "pain of the ankle or foot"),
    (r"M25\.51|M79\.62", r"S4[0-9]|M75|M19\.01", "pain of the shoulder or upper arm"),
    (r"M25\.52|M79\.63", r"S5[0-9]|M77\.[01]|M70\.2", "pain of the elbow or forearm"),
    (r"M25\.53|M25\.54|M79\.64", r"S[56][0-9]|G56\.0|M65|M18|M67", "pain of the wrist or hand"),
    (r"M25\.55", r"S7[0-9]|M16|M70\.[67]", "pain of the hip"),
    (r"M54\.[59]|M54\.50", r"S3[0-9]|M51|M48|M54\.[134]|M47|N20|N10", "pain of the back"),
    (r"M54\.2", r"S1[0-9]|M50|M54\.12", "pain of the neck"),
    (r"R10", r"K[2-9]|N13|N20|N39|N10|N8[0-9]", "abdominal pain"),
    (r"R07\.89|R07\.9|R07\.2", r"I20|I21|I25\.11|K21|R07\.1|S2[0-9]", "chest pain"),
    (r"R51\.9|R51", r"G4[34]|S06|I1[056]|J01|J32", "headache"),
    (r"R05|R06\.0|R06\.2", r"J[0-9]|I50|U07", "cough or breathlessness"),
    (r"R42", r"H81|G43|I95|D64", "dizziness"),
    (r"R53\.83", r"E03|D5|D6|I50|F32|F33|G47|N18|B27|E86", "fatigue"),
    (r"R60", r"I50|N18|N04|I87|K74|L03|I83", "edema"),
    (r"R30|R35|R31|R39\.1", r"N[0-4]|N20|C67|D41", "a urinary symptom"),
    (r"R11|R19\.7", r"K[2-9]|A0|N13|N20|N10|G43|E86|R10", "nausea, vomiting or diarrhea"),
    (r"R73\.9|R73\.09", r"E0[89]|E1[013]", "a raised glucose"),
    (r"R03\.0", r"I1[0-6]", "a raised blood pressure"),
    (r"R13", r"K2[0-2]|C15|K44", "difficulty in swallowing"),
    (r"R52", r"[A-QS-T]", "pain without a place"),
    (r"R21|L29|R23", r"L[0-9]|B0|B3|T78", "a rash or itching"),
    (r"R50", r"A|B|J[0-2]|N10|N39|K5|L03|U07|H66", "fever"),
    (r"M79\.6|M79\.1", r"S|M", "limb or muscle pain"),
    (r"R01\.1", r"I3[4-7]|I0[5-8]|Q2|I35", "a murmur"),
)  # fmt: skip


@cache
def _ranges() -> tuple[tuple[str, Callable[[str], bool], Callable[[str], bool]], ...]:
    return tuple(
        (
            known.name,
            lambda code, wanted=known.symptom: any(in_range(code, each) for each in wanted),
            lambda code, wanted=known.diagnoses: any(in_range(code, each) for each in wanted),
        )
        for known in integral_symptoms()
    )


def integral_to(code: str, codes: Sequence[str]) -> str:
    """The code of ``codes`` that symptom ``code`` belongs to; "" where it stands alone."""
    for _, is_symptom, explains in _ranges():
        if is_symptom(code):
            for other in codes:
                if other != code and explains(other):
                    return other
    for symptom, diseases, _ in _REGIONS:
        if re.match(symptom, code):
            for other in codes:
                if other != code and other[0] != "R" and re.match(diseases, other):
                    return other
    return ""


def _integral(code: str, codes: Sequence[str]) -> str:
    other = integral_to(code, codes)
    return f"A symptom that belongs to {other} is not coded beside it (I.B.5)." if other else ""
