"""Conditions of the past and operations had, as the Z codes that say so (I.C.21.c.3 and c.4).

A condition that is over and no longer treated is no diagnosis of this encounter; Z85 to Z87 say
that it was. Some conditions do not end: "history of diabetes" is how people write diabetes.
The longest prefix of the active condition's code decides.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from codesets.notation import undotted

LASTING = re.compile(
    r"^(?:E0[89]|E1[013]|I1[0-6]|I25|I48|I50|I42|J44|J45(?!.*child)|N18|E78|E0[0-7]|E66|K21|M05|M06|M32|G20|G35|G40"
    r"|B20|B18|F20|F25|F31|F0[0-3]|K50|K51|G30|D57|Q|I73|I70|M15|M16|M17|M19|M81|N40|G47\.3|E28\.2|L40|H40|F84|F90"
    r"|M1A|K70|K74|E84|D66|D67|G80|G71|I34|I35|F11\.2|F10\.2)"
)
"""Conditions that "history of" does not end: they are lifelong or are treated until it is said."""

_PAST: dict[str, str] = {
    "A15": "Z86.11", "B90": "Z86.11", "A": "Z86.19", "B": "Z86.19", "U071": "Z86.16", "A4902": "Z86.14",
    "B9562": "Z86.14", "A80": "Z86.12", "B50": "Z86.13", "B51": "Z86.13", "B52": "Z86.13",
    "B54": "Z86.13",
    "C": "Z85.9", "C0": "Z85.819", "C10": "Z85.818", "C11": "Z85.818", "C12": "Z85.818", "C13": "Z85.818",
    "C14": "Z85.819", "C01": "Z85.810", "C02": "Z85.810", "C15": "Z85.01", "C16": "Z85.028",
    "C17": "Z85.068", "C18": "Z85.038", "C19": "Z85.048", "C20": "Z85.048", "C21": "Z85.048",
    "C22": "Z85.05", "C23": "Z85.09", "C24": "Z85.09", "C25": "Z85.07", "C26": "Z85.00", "C30": "Z85.22",
    "C31": "Z85.22", "C32": "Z85.21", "C33": "Z85.12", "C34": "Z85.118", "C37": "Z85.238",
    "C38": "Z85.29", "C40": "Z85.830", "C41": "Z85.830", "C43": "Z85.820", "C44": "Z85.828",
    "C4A": "Z85.821", "C46": "Z85.89", "C47": "Z85.831", "C49": "Z85.831", "C50": "Z85.3",
    "C51": "Z85.44", "C52": "Z85.44", "C53": "Z85.41", "C54": "Z85.42", "C55": "Z85.42", "C56": "Z85.43",
    "C57": "Z85.44", "C60": "Z85.49", "C61": "Z85.46", "C62": "Z85.47", "C63": "Z85.48",
    "C64": "Z85.528", "C65": "Z85.53", "C66": "Z85.54", "C67": "Z85.51", "C68": "Z85.59",
    "C69": "Z85.840", "C70": "Z85.841", "C71": "Z85.841", "C72": "Z85.848", "C73": "Z85.850",
    "C74": "Z85.858", "C75": "Z85.858", "C76": "Z85.89", "C80": "Z85.9", "C81": "Z85.71", "C82": "Z85.72",
    "C83": "Z85.72", "C84": "Z85.72", "C85": "Z85.72", "C86": "Z85.72", "C90": "Z85.79",
    "C91": "Z85.6", "C92": "Z85.6", "C93": "Z85.6", "C94": "Z85.6", "C95": "Z85.6",
    "D0": "Z86.008", "D03": "Z86.006", "D05": "Z86.000", "D06": "Z86.001", "D12": "Z86.0100",
    "D1": "Z86.018", "D2": "Z86.018", "D3": "Z86.018", "D37": "Z86.03", "D38": "Z86.03", "D39": "Z86.03", "D4": "Z86.03", "D32": "Z86.011", "K635": "Z86.0100",
    "D5": "Z86.2", "D6": "Z86.2", "D7": "Z86.2", "D8": "Z86.2", "E": "Z86.39", "E10621": "Z86.31",
    "E11621": "Z86.31", "O244": "Z86.32", "F": "Z86.59", "F17": "Z87.891", "F10": "F10.21", "F43": "Z86.59",
    "G": "Z86.69", "H": "Z86.69", "G45": "Z86.73", "I63": "Z86.73", "I60": "Z86.79", "I61": "Z86.79",
    "I": "Z86.79", "I21": "I25.2", "I22": "I25.2", "I26": "Z86.711", "I82": "Z86.718", "I80": "Z86.72",
    "I46": "Z86.74", "J": "Z87.09", "J1": "Z87.01", "J10": "Z87.09", "J11": "Z87.09", "J12": "Z87.01", "J18": "Z87.01", "J0": "Z87.09",
    "J2": "Z87.09", "K": "Z87.19", "K25": "Z87.11", "K26": "Z87.11", "K27": "Z87.11", "K28": "Z87.11",
    "L": "Z87.2", "M": "Z87.39", "M8": "Z87.39", "M80": "Z87.310", "M844": "Z87.311", "N": "Z87.448",
    "N20": "Z87.442", "N390": "Z87.440", "N30": "Z87.440", "N04": "Z87.441", "N4": "Z87.438",
    "N6": "Z87.898", "N7": "Z87.42", "N8": "Z87.42", "N9": "Z87.42", "N87": "Z87.410", "O": "Z87.59",
    "O60": "Z87.51", "Q": "Z87.798", "R": "Z87.898", "S": "Z87.828", "S06": "Z87.820", "T": "Z87.828",
    "Z87": "Z87.898",
}  # fmt: skip


class Had(NamedTuple):
    """An operation or device that a patient has had: the words, the code, and sides if it has."""

    words: str
    code: str
    sided: dict[str, str]


def _had(words: str, code: str, **sided: str) -> Had:
    return Had(words, code, sided)


_OPERATIONS: tuple[Had, ...] = (
    _had(r"(?:gastric bypass|bariatric surgery|sleeve gastrectomy|roux-en-y(?: gastric bypass)?|gastric sleeve|lap[- ]band)", "Z98.84"),
    _had(r"kidney transplant(?:ation)?|renal transplant(?:ation)?|transplanted kidney", "Z94.0"),
    _had(r"heart transplant(?:ation)?|cardiac transplant(?:ation)?", "Z94.1"),
    _had(r"lung transplant(?:ation)?", "Z94.2"),
    _had(r"liver transplant(?:ation)?", "Z94.4"),
    _had(r"corneal transplant(?:ation)?", "Z94.7"),
    _had(r"bone marrow transplant(?:ation)?", "Z94.81"),
    _had(r"stem cell transplant(?:ation)?", "Z94.84"),
    _had(r"pacemaker", "Z95.0"),
    _had(r"(?:coronary(?: artery)? )bypass(?: graft(?:ing)?| surgery)?|bypass graft(?:ing)?|CABG", "Z95.1"),
    _had(r"(?:prosthetic|mechanical|metallic) (?:heart |aortic |mitral )?valve|(?:aortic|mitral|heart) valve replacement|[AM]VR|TAVR", "Z95.2"),
    _had(r"(?:coronary |drug[- ]eluting |cardiac |LAD |RCA )*stent(?:s|ing)?(?: placement)?|coronary angioplasty with stent", "Z95.5"),
    _had(r"AICD|ICD placement|implantable cardioverter|(?:cardiac )?defibrillator", "Z95.810"),
    _had(r"aortic (?:aneurysm )?(?:stent )?(?:graft|endograft)|EVAR", "Z95.828"),
    _had(r"(?:total )?hip (?:replacement|arthroplasty)|THA|THR", "Z96.649", right="Z96.641", left="Z96.642", bilateral="Z96.643"),
    _had(r"(?:total )?knee (?:replacement|arthroplasty)|TKA|TKR", "Z96.659", right="Z96.651", left="Z96.652", bilateral="Z96.653"),
    _had(r"(?:total |reverse )*shoulder (?:replacement|arthroplasty)", "Z96.619", right="Z96.611", left="Z96.612"),
    _had(r"intraocular lens|pseudophakia|cataract (?:surgery|extraction|removal)", "Z96.1"),
    _had(r"appendectomy|cholecystectomy|colectomy|sigmoidectomy|pancreatectomy", "Z90.49"),
    _had(r"gastrectomy", "Z90.3"),
    _had(r"pneumonectomy|lobectomy of (?:the )?lung|lung lobectomy", "Z90.2"),
    _had(r"nephrectomy", "Z90.5"),
    _had(r"splenectomy", "Z90.81"),
    _had(r"(?:total (?:abdominal |vaginal |laparoscopic )*)?hysterectomy|TAH(?:[-/ ]?BSO)?", "Z90.710"),
    _had(r"mastectomy", "Z90.10", right="Z90.11", left="Z90.12", bilateral="Z90.13"),
    _had(r"prostatectomy", "Z90.79"),
    _had(r"cystectomy", "Z90.6"),
    _had(r"oophorectomy", "Z90.721", bilateral="Z90.722"),
    _had(r"orchiectomy", "Z90.79"),
    _had(r"tubal ligation|BTL", "Z98.51"),
    _had(r"vasectomy", "Z98.52"),
    _had(r"(?:c(?:a?esarean)?[- ]section|cesarean delivery)", "Z98.891"),
    _had(r"(?:lumbar|cervical|spinal|thoracic) fusion|ACDF", "Z98.1"),
    _had(r"colostomy", "Z93.3"),
    _had(r"ileostomy", "Z93.2"),
    _had(r"tracheostomy", "Z93.0"),
    _had(r"gastrostomy|PEG tube|G[- ]tube", "Z93.1"),
    _had(r"below[- ](?:the[- ])?knee amputation|BKA", "Z89.519", right="Z89.511", left="Z89.512"),
    _had(r"above[- ](?:the[- ])?knee amputation|AKA", "Z89.619", right="Z89.611", left="Z89.612"),
    _had(r"(?:great toe|hallux) amputation", "Z89.419", right="Z89.411", left="Z89.412"),
    _had(r"(?:hemo|peritoneal )?dialysis", "Z99.2"),
    _had(r"(?:home |supplemental )oxygen|oxygen dependen(?:t|ce)", "Z99.81"),
    _had(r"(?:aortic )?aneurysm repair", "Z86.79"),
)  # fmt: skip
_PATTERNS = tuple((re.compile(rf"\b(?:{had.words})\b", re.IGNORECASE), had) for had in _OPERATIONS)
_SIDE = re.compile(r"\b(right|left|bilateral(?:ly)?|rt|lt)\b", re.IGNORECASE)


def past_code(code: str, text: str = "") -> str | None:
    """The code that says the condition ``code`` is past; None for one that does not end.

    >>> past_code("I63.9"), past_code("C50.912"), past_code("E11.9")
    ('Z86.73', 'Z85.3', None)
    """
    if LASTING.match(code):
        return None
    if code[0] in "ST" and re.search(r"\bfractures?d?\b", text, re.IGNORECASE):
        return "Z87.81"
    if code[0] in "VWXYZ":
        return None
    stem = undotted(code)
    for length in range(len(stem), 0, -1):
        if stem[:length] in _PAST:
            return _PAST[stem[:length]]
    return None


_PROCEDURE = re.compile(
    r"\b\w{3,}(?:plasty|ectomy|otomy|oscopy|orrhaphy|desis)\b|\b(?:surgery|repair|reconstruction|fixation"
    r"|replacement|release|debridement|excision|implantation|ablation|bypass|operation)\b",
    re.IGNORECASE,
)


def operation_code(text: str) -> tuple[str, int, int] | None:
    """The status code of an operation or device named in ``text``, and where it is named.

    >>> operation_code("s/p left total knee replacement")[0], operation_code("hip pain")
    ('Z96.652', None)
    """
    for pattern, had in _PATTERNS:
        match = pattern.search(text)
        if match is None:
            continue
        side = _SIDE.search(text)
        if side is not None and had.sided:
            name = {"rt": "right", "lt": "left"}.get(
                side.group().casefold(), side.group().casefold()
            )
            return had.sided.get(name.removesuffix("ly"), had.code), match.start(), match.end()
        return had.code, match.start(), match.end()
    match = _PROCEDURE.search(text)
    return ("Z98.890", match.start(), match.end()) if match else None
