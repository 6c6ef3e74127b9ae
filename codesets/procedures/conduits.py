"""Coronary bypasses told apart by their conduits: each conduit is a code of its own.

ICD-10-PCS guideline B3.6c: "CABG x3, LIMA to LAD, SVG to RCA and OM" is one artery from the left
internal mammary and two from the aorta with a vein. The text is read once a conduit, the words of
the other conduits and of the count of all of them blanked, so that offsets stay as they are.
"""

from __future__ import annotations

import re

_BYPASS = re.compile(
    r"\b(?:CABG|coronary (?:artery )?bypass|aorto-?coronary bypass|bypass graft)", re.IGNORECASE
)
_CONDUITS = {
    "left mammary": r"\bLIMA\b|\bleft internal (?:mammary|thoracic)(?: artery)?",
    "right mammary": r"\bRIMA\b|\bright internal (?:mammary|thoracic)(?: artery)?",
    "vein": r"\bSVGs?\b|\b(?:reversed )?(?:greater |great )?saphenous vein(?: grafts?)?"
    r"|\bvein grafts?\b",
    "radial": r"\bradial artery(?: grafts?)?|\bradial grafts?\b",
}
_ANY = re.compile(
    "|".join(f"(?P<c{n}>{pattern})" for n, pattern in enumerate(_CONDUITS.values())), re.IGNORECASE
)
_COUNT = re.compile(
    r"\bx\s?[1-9]\b|\b(?:[1-9]|two|three|four|five|double|triple|quadruple|quintuple)"
    r"[ -]?(?:vessel|way)s?\b|\b(?:double|triple|quadruple|quintuple)\b",
    re.IGNORECASE,
)


def parts_by_conduit(text: str) -> tuple[str, ...]:
    """``text`` once for each conduit of a coronary bypass; by itself where it names no two kinds.

    >>> [" ".join(p.split()) for p in parts_by_conduit("CABG x2, LIMA to LAD, SVG to RCA")]
    ['CABG , LIMA to LAD,', 'CABG , SVG to RCA']
    """
    if _BYPASS.search(text) is None:
        return (text,)
    found = list(_ANY.finditer(text))
    kinds = list(dict.fromkeys(match.lastgroup for match in found))
    if len(kinds) < 2:
        return (text,)
    # A conduit's words run to the next conduit, or to the end of what is said.
    stretches = [
        (match.lastgroup, match.start(), after.start() if after is not None else len(text))
        for match, after in zip(found, [*found[1:], None], strict=True)
    ]
    plain = _blanked(text, [match.span() for match in _COUNT.finditer(text)])
    return tuple(
        _blanked(plain, [(start, end) for kind, start, end in stretches if kind != wanted])
        for wanted in kinds
    )


def _blanked(text: str, spans: list[tuple[int, int]]) -> str:
    characters = list(text)
    for start, end in spans:
        characters[start:end] = " " * (end - start)
    return "".join(characters)
