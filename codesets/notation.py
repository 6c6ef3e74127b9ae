"""How codes are written: one printed form for every spelling, and which system a spelling is of."""

from __future__ import annotations

import re
import unicodedata

from codesets.errors import NotationError
from codesets.models import System
from codesets.references import in_range, parse_references

__all__ = [
    "detect_system",
    "dotted",
    "find_codes",
    "in_range",
    "normalize",
    "parse_references",
    "possible_systems",
    "undotted",
]

# Second character: a digit, or A in the block QA0 that FY2026 opened.
_ICD10CM = re.compile(r"(?:[A-Z][0-9]|QA)[0-9A-Z][0-9A-Z]{0,4}")
# The third character of a category is a digit, A or B (C7A, M1A, Z3A; J4B in FY2027).
_ICD10CM_STRICT = re.compile(r"(?:[A-Z][0-9]|QA)[0-9AB](?:[0-9A-Z]{1,3}|[0-9A-Z]{3}[0-9A-S])?")
_PCS = re.compile(r"(?:[0-9][0-9A-HJ-NP-Z]{6}|[BCDFGHX][0-9A-HJ-NP-Z]{6})")
_HCPCS = re.compile(r"[A-CE-V][0-9]{4}")
_CPT = re.compile(r"[0-9]{4}[0-9AFMTU]")
_DASHES = re.compile("[\\-\u00ad\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_EDGES = " \t\r\n\"'`«»“”‘’()[]{}<>,;:!?*_"

_IN_TEXT = re.compile(
    r"(?<![\w.\-])"
    r"(?:[A-Za-z][0-9]|[Qq][Aa])[0-9ABab]"
    r"(?:\.[0-9A-Za-z]{1,4}|[0-9A-Za-z]{1,4})?"
    r"(?:\.?[-–—]|\.)?"
    r"(?!\w|\.[0-9])"
)


def undotted(code: str) -> str:
    """The code without its point, as official code files write it.

    >>> undotted("E11.22")
    'E1122'
    """
    return code.replace(".", "")


def dotted(key: str) -> str:
    """An undotted ICD-10-CM code with its point after the category.

    >>> dotted("E1122"), dotted("I10")
    ('E11.22', 'I10')
    """
    return f"{key[:3]}.{key[3:]}" if len(key) > 3 else key


def normalize(text: str) -> str:
    """One ICD-10-CM code in any spelling, as the Tabular List prints it.

    Case, the point, blanks, quotes and brackets around, a full stop after, and the dash that marks
    an unfinished code (``E10.-``, with any kind of dash) do not matter.

    Raises:
        NotationError: ``text`` cannot be one ICD-10-CM code.

    >>> normalize(" e1122 "), normalize("E11.22."), normalize("E10.–"), normalize("s52.502a")
    ('E11.22', 'E11.22', 'E10', 'S52.502A')

    """
    word = unicodedata.normalize("NFKC", text).strip(_EDGES)
    word = _DASHES.sub("-", word).rstrip("-. ")
    key = re.sub(r"[\s.]", "", word).upper() if _point_in_place(word) else ""
    if not key.isascii() or _ICD10CM.fullmatch(key) is None:
        shown = text if len(text) <= 20 else f"{text[:20]}…"
        raise NotationError(
            f"{shown!r} cannot be an ICD-10-CM code: one is a letter, a digit, and one to five "
            f"more letters or digits, with a point after the third (E11.22)."
        )
    return dotted(key)


def _point_in_place(word: str) -> bool:
    """At most one point, after the third character; blanks only where a point may stand."""
    parts = [part for part in re.split(r"[.\s]+", word) if part]
    return len(parts) == 1 or (len(parts) == 2 and len(parts[0]) == 3)


def possible_systems(text: str) -> tuple[System, ...]:
    """Every system whose codes look like ``text``, the likeliest first; empty when none does.

    Only the shape is judged: ``J1100`` is both a HCPCS code and a spelling of J11.00.
    """
    word = unicodedata.normalize("NFKC", text).strip(_EDGES).rstrip("-–. ").upper()
    bare = word.replace(".", "")
    found: list[System] = []
    shaped = "." not in word or word.find(".") == 3
    if shaped and _ICD10CM_STRICT.fullmatch(bare):
        found.append(System.ICD10CM)
    if "." not in word:
        for system, pattern in (
            (System.ICD10PCS, _PCS),
            (System.HCPCS, _HCPCS),
            (System.CPT, _CPT),
        ):
            if pattern.fullmatch(word):
                found.append(system)
    if found[:2] == [System.ICD10CM, System.ICD10PCS] and not _icd10cm_tail(bare):
        found[:2] = [System.ICD10PCS, System.ICD10CM]
    return tuple(found)


def _icd10cm_tail(key: str) -> bool:
    """Whether a 7-character key ends as ICD-10-CM codes of B, C, D, F, G, H and X do."""
    return re.fullmatch(r"H[0-9]{2}[0-9X]{4}|X[0-9]{2}[0-9X]{3}[ADS]", key) is not None


def detect_system(text: str) -> System | None:
    """The system ``text`` looks like a code of, ICD-10-CM first where two share a shape.

    >>> detect_system("e11.22"), detect_system("0DTJ4ZZ"), detect_system("99213")
    (<System.ICD10CM: 'icd10cm'>, <System.ICD10PCS: 'icd10pcs'>, <System.CPT: 'cpt'>)
    """
    systems = possible_systems(text)
    return systems[0] if systems else None


def find_codes(text: str) -> list[tuple[str, int, int]]:
    """Code-shaped words of free text: the printed form, and half-open character offsets.

    Only the shape is judged; whether a release has the code is the caller's question, and some
    words of clinical text (vitamin B12, vertebra T12) have the shape of a code that no release has.
    A full stop or the dash of an unfinished code after the code is outside the offsets.

    >>> find_codes("Is e1122 or M54.5 valid with N18.-?")
    [('E11.22', 3, 8), ('M54.5', 12, 17), ('N18', 29, 32)]
    """
    found = []
    for match in _IN_TEXT.finditer(text):
        word = match.group().rstrip(".-–—")
        key = word.replace(".", "").upper()
        if _ICD10CM_STRICT.fullmatch(key):
            found.append((dotted(key), match.start(), match.start() + len(word)))
    return found
