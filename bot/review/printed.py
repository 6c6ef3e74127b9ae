"""Which system a code as it is printed belongs to."""

from __future__ import annotations

import re

from codesets.models import System
from codesets.notation import detect_system

_HCPCS = re.compile(r"[A-CE-V][0-9]{4}")


def system_of(code: str) -> System:
    """The system of a stored code.

    Codes of ICD-10-CM are stored with their point: a letter and four digits without are HCPCS.

    >>> [system_of(code).value for code in ("E11.22", "I10", "J1885", "0DTJ4ZZ", "99213")]
    ['icd10cm', 'icd10cm', 'hcpcs', 'icd10pcs', 'cpt']
    """
    if _HCPCS.fullmatch(code):
        return System.HCPCS
    return detect_system(code) or System.ICD10CM
