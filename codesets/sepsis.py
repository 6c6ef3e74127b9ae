"""Severe sepsis: sepsis with an acute organ dysfunction that belongs to it (I.C.1.d.1.b).

The "use additional code" list at R65.2 says which conditions are acute organ dysfunctions. Where
the words tie one to the sepsis, R65.20 is added; where the record only lists both, the guideline
has the provider asked (I.C.1.d.1.a.iii), and so does the answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.models import NoteKind
from codesets.notation import in_range
from codesets.wording import is_head, lists, read_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codesets.library import Library
    from codesets.models import Code, Note

_SEVERE = "R65.2"
_WITHOUT_SHOCK = "R65.20"
_WITH_SHOCK = "R65.21"
_SHOCK = re.compile(r"(?<!no )(?<!without )\bseptic shock\b", re.IGNORECASE)
_SEPSIS = ("A40", "A41", "A02.1", "A22.7", "A26.7", "A32.7", "A42.7", "B37.7", "T81.44", "O85")
_TIED = re.compile(
    r"\bsepsis\b(?P<between>(?:[^.;\n]|\. (?=[a-z])){0,40}?)\b"
    r"(?:with|causing|complicated by|resulting in|leading to)\b"
    r"|\b(?:due to|secondary to|from|in the setting of|caused by) (?:\w+ ){0,3}?sepsis\b"
    r"|\bsep(?:sis|tic)[- ](?:induced|associated|related)\b|\bsevere sepsis\b|\bseptic shock\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Severe:
    """The severe-sepsis code to add, the codes it rests on, and the note that ties them."""

    code: Code
    rests_on: tuple[str, ...]
    reason: str
    note: Note


def severe_sepsis(library: Library, codes: Sequence[str], text: str) -> Severe | str | None:
    """What to add beside ``codes``; a sentence where the record has to be asked; None otherwise."""
    sepsis = [code for code in codes if code.startswith(_SEPSIS)]
    if not sepsis or any(code.startswith(_SEVERE) for code in codes):
        return None
    shock = _SHOCK.search(text) is not None
    record = library.find(_WITH_SHOCK if shock else _WITHOUT_SHOCK)
    if record is None or not record.valid:
        return None
    if shock:
        return _shock(library, record, sepsis[0])
    for note in library.notes(_SEVERE):
        if note.kind is not NoteKind.USE_ADDITIONAL or note.owner != _SEVERE:
            continue
        organs = [c for c in codes if any(in_range(c, reference) for reference in note.references)]
        if not organs:
            continue
        if not _is_tied(text):
            return (
                f"{sepsis[0]} and {organs[0]} stand side by side. If the record ties the organ "
                f"dysfunction to the sepsis, {record.code} is added; where it is not clear, "
                f"the provider is asked (I.C.1.d.1.a.iii)."
            )
        reason = (
            f"Sepsis with an acute organ dysfunction ({', '.join(organs)}) is severe sepsis "
            f"(I.C.1.d.1.b); the note at {note.owner} lists it."
        )
        return Severe(record, (sepsis[0], *organs), reason, note)
    return None


def _is_tied(text: str) -> bool:
    """Whether the words tie an organ dysfunction to the sepsis.

    In "sepsis due to pneumonia with kidney failure" the failure may be of either.
    """
    return any(
        not any(
            is_head(form) and form not in lists().body
            for word in read_text(found["between"] or "")
            for form in word.forms
            if lists().organisms.isdisjoint(word.forms)
        )
        for found in _TIED.finditer(text)
    )


def _shock(library: Library, record: Code, sepsis: str) -> Severe | None:
    """Septic shock is severe sepsis; the systemic infection goes before it (I.C.1.d.2)."""
    for note in library.notes(_SEVERE):
        if note.kind is NoteKind.CODE_FIRST and note.owner == _SEVERE:
            reason = (
                "Septic shock is severe sepsis: its code follows that of the systemic infection "
                "(I.C.1.d.2)."
            )
            return Severe(record, (sepsis,), reason, note)
    return None
