"""The default drafter: deterministic sentences built from what the resolution found."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.answer import Role, Setting
from bot.drafting.case import Draft, DraftItem
from codesets.models import NoteKind, System

if TYPE_CHECKING:
    from bot.drafting.case import Case, Option

_SEQUENCE = {
    NoteKind.USE_ADDITIONAL: "use additional code",
    NoteKind.CODE_FIRST: "code first",
    NoteKind.CODE_ALSO: "code also",
}


_STATUS = re.compile(r"Z(?:1[4-9]|2[12]|6[6-8]|7[7-9]|8\d|9\d)")
_BESIDE = re.compile(r"[V-Z]")
_EFFECT = re.compile(r"T(?:3[6-9]|4\d|50)")
"""Adverse effects of drugs, which follow their nature (I.C.19.e.5.a)."""


class RulesDrafter:
    """Keeps the order of the case, except where a note fixes the sequence (I.A.13)."""

    name = "rules"
    weighs_more = False

    def draft(self, case: Case) -> Draft:
        """Every final option becomes a suggestion; the first one leads the claim."""
        ordered = sequenced([o for o in case.options if o.final and o.chosen])
        lead = Role.PRINCIPAL if case.setting is Setting.INPATIENT else Role.FIRST_LISTED
        if ordered and goes_after_open(case, ordered[0]):
            lead = Role.SECONDARY
        return Draft(
            tuple(
                DraftItem(
                    option_id=option.id,
                    role=Role.SECONDARY if position else lead,
                    rationale=rationale(case, option),
                    quotes=tuple((s, e, case.text[s:e]) for s, e in option.spans),
                    citations=tuple(passage.id for passage in option.passages),
                )
                for position, option in enumerate(ordered)
            )
        )


def goes_after_open(case: Case, first: Option) -> bool:
    """Whether a code that still lacks a character goes before all that are suggested.

    What a note adds follows its asker, and a status or history the condition (I.C.21.c.3).
    """
    for other in case.options:
        if other.final or not other.chosen or _EFFECT.match(other.code.code):
            continue
        if first.companion_of == other.id:
            return first.asked_by is None or first.asked_by.kind is not NoteKind.CODE_FIRST
        if _STATUS.match(first.code.code) and not _BESIDE.match(other.code.code):
            return True
    return False


def sequenced(options: list[Option]) -> list[Option]:
    """Companions follow what asked for them; what a code-first note names goes before (I.A.13).

    Options that have their places are in order already.
    """
    if any(option.place for option in options):
        return options
    ordered: list[Option] = []
    for option in options:
        if option.companion_of is not None:
            continue
        companions = [o for o in options if o.companion_of == option.id]
        before = [o for o in companions if o.asked_by and o.asked_by.kind is NoteKind.CODE_FIRST]
        ordered += [*before, option, *(o for o in companions if o not in before)]
    # A companion whose asker was not final still stands on its own words.
    ordered += [option for option in options if option not in ordered]
    return ordered


def rationale(case: Case, option: Option) -> str:
    """Why ``option`` fits, in plain sentences made of the text and the official records."""
    words = _quoted(case, option)
    sentences = []
    if words:
        sentences.append(f"The text says {words}.")
    sentences += option.reasons
    if option.asked_by is not None:
        verb = _SEQUENCE.get(option.asked_by.kind, "note")
        asker = case.option(option.companion_of or "")
        beside = f" beside {asker.code.code}" if asker else ""
        sentences.append(
            f"The “{verb}” note at {option.asked_by.owner} asks for it{beside}: "
            f"“{option.asked_by.text}”."
        )
    elif option.passages:
        sentences.append(_support(option))
    if option.place:
        sentences.append(option.place)
    return " ".join(sentences)


def _support(option: Option) -> str:
    passage = option.passages[0]
    if option.code.system is System.ICD10PCS:
        return f"That is the ICD-10-PCS title of {passage.code}: “{passage.text}”."
    if option.code.system is System.CPT:
        return f"That is the wording of {passage.code} in your licensed CPT files."
    if option.code.system is System.HCPCS:
        return f"That is the HCPCS descriptor of {passage.code}: “{passage.text}”."
    if passage.code == option.code.code and passage.kind == "title":
        return f"That is the Tabular title of {passage.code}: “{passage.text}”."
    what = {
        "title": "Tabular title",
        "inclusion": "inclusion term",
        "inclusion-term": "inclusion term",
        "index": "Alphabetic Index entry",
    }.get(passage.kind, "entry")
    return f"It rests on the {what} “{passage.text}” ({passage.code})."


def _quoted(case: Case, option: Option) -> str:
    phrases = list(dict.fromkeys(case.text[start:end] for start, end in option.spans))
    quoted = [f"“{phrase}”" for phrase in phrases[:6]]
    if len(quoted) > 1:
        return f"{', '.join(quoted[:-1])} and {quoted[-1]}"
    return "".join(quoted)
