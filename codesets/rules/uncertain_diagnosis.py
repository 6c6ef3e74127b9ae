"""A diagnosis the text only suspects, coded as if it were established, by setting."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.asks import is_needed
from codesets.branches import tree_of
from codesets.notation import in_range
from codesets.rules.lists import guideline_list
from codesets.rules.records import Rule, RuleFinding, Severity
from codesets.wording import read_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codesets.asks import Ask
    from codesets.rules.claim import Claim, Diagnosis
    from codesets.rules.lists import Listed
    from codesets.wording import Word

ID = "uncertain-diagnosis"
# The words of II.H and IV.H, and others used the same way.
_CUE = re.compile(
    r"\b(?:probabl[ey]|possibl[ey]|suspect(?:ed)?|suspicio(?:n|us) (?:of|for)|likely|questionable|"
    r"rule[- ]out|r/o|to be ruled out|compatible with|consistent with|working diagnosis(?: of)?|"
    r"concern(?:ing)? for|presum(?:ed|ptive))(?!\w)|\?(?=\s?[a-z])",
    re.IGNORECASE,
)
_TRAILING = re.compile(r"\s*(?:[.,;:)\n]|$)")
_BREAK = re.compile(r"[.;:\n](?!\d)|,|\b(?:but|however|who|with known|history of)\b", re.IGNORECASE)
_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class _Scope:
    start: int
    end: int
    cue: str


def find(claim: Claim) -> Iterator[RuleFinding]:
    """One finding for each listed diagnosis that the text names only as uncertain."""
    scopes = _scopes(claim.text) if claim.text else []
    if not scopes:
        return
    words = read_text(claim.text or "")
    for entry in claim.diagnoses:
        if entry.code[0] in "VWXYZ" and not _confirmed_only(entry):
            continue
        scope = _only_uncertain(claim, entry, words, scopes)
        if scope is not None:
            yield _finding(claim, entry, scope)


def _finding(claim: Claim, entry: Diagnosis, scope: _Scope) -> RuleFinding:
    said = f"the text names {entry.code} ({entry.title}) only as “{scope.cue.lower()}”"
    confirmed = _confirmed_only(entry)
    if confirmed is not None:
        return RuleFinding(
            ID,
            Severity.ERROR,
            (entry.code,),
            f"{said[0].upper()}{said[1:]}: {confirmed.why} ({confirmed.section}).",
            confirmed.section,
            "Code the signs, symptoms or exposure instead.",
        )
    if claim.inpatient:
        return RuleFinding(
            ID,
            Severity.INFORMATION,
            (entry.code,),
            f"{said[0].upper()}{said[1:]}; for an inpatient it is coded as if established when it "
            f"is still uncertain at discharge (II.H, III.C).",
            "II.H",
        )
    return RuleFinding(
        ID,
        Severity.WARNING,
        (entry.code,),
        f"{said[0].upper()}{said[1:]}; an uncertain diagnosis is not coded for an outpatient "
        f"(IV.H).",
        "IV.H",
        "Code the symptom, sign or other reason for the visit instead.",
    )


def _confirmed_only(entry: Diagnosis) -> Listed | None:
    for listed in guideline_list("confirmed_only"):
        if any(in_range(entry.code, reference) for reference in listed.ranges):
            return listed
    return None


def _scopes(text: str) -> list[_Scope]:
    """The stretches of the text that each word of doubt covers.

    The rest of its clause, or the clause before it where it ends one ("pneumonia, likely").
    """
    found = []
    for cue in _CUE.finditer(text):
        if _TRAILING.match(text, cue.end()) and cue.group() != "?":
            breaks = [match.end() for match in _BREAK.finditer(text, 0, cue.start())]
            start = breaks[-1] if breaks else 0
            if not text[start : cue.start()].strip():  # "pneumonia, likely"
                start = breaks[-2] if len(breaks) > 1 else 0
            found.append(_Scope(start, cue.start(), cue.group()))
        else:
            end = _BREAK.search(text, cue.end())
            found.append(_Scope(cue.end(), end.start() if end else len(text), cue.group()))
    return found


def _only_uncertain(
    claim: Claim, entry: Diagnosis, words: Sequence[Word], scopes: Sequence[_Scope]
) -> _Scope | None:
    branch = tree_of(claim.library, entry.code).find(entry.code)
    if branch is None:
        return None
    asks = (*branch.titles, *branch.terms)
    doubted = [w for w in words if any(s.start <= w.start < s.end for s in scopes)]
    certain = [w for w in words if w not in doubted and not w.negated]
    if _says(asks, certain):
        return None
    for scope in scopes:
        if _says(asks, [w for w in doubted if scope.start <= w.start < scope.end]):
            return scope
    return None


def _says(asks: Sequence[Ask], words: Sequence[Word]) -> bool:
    """Whether the words say most of what some wording asks, within one sentence."""
    by_sentence: dict[int, set[str]] = {}
    for word in words:
        by_sentence.setdefault(word.sentence, set()).update(word.forms)
    for ask in asks:
        groups = [group for group in ask.groups if is_needed(group)]
        for forms in by_sentence.values():
            met = sum(1 for group in groups if group & forms)
            if groups and met / len(groups) >= _SHARE:
                return True
    return False


RULE = Rule(
    ID,
    Severity.WARNING,
    "IV.H",
    "A diagnosis the text only suspects is not coded for outpatients, nor where it needs proof.",
    "J18.9 with the text “probable pneumonia”, outpatient",
    find,
)
