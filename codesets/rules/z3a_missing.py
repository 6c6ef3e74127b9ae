"""A code of the pregnancy without the weeks of gestation, or the weeks where they do not belong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codesets.models import CodeRange
from codesets.notation import in_range
from codesets.rules.records import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codesets.rules.claim import Claim, Diagnosis

ID = "z3a-missing"
_WEEKS = CodeRange("Z3A", "Z3A")
_ABORTIVE = (CodeRange("O00", "O08"), CodeRange("Z33.2", "Z33.2"))
_AFTER = re.compile(
    r"puerper|postpartum|following delivery|lactation|breast(?!.*pregnancy)|nipple|sequelae|"
    r"obstetric death|third-stage",
    re.IGNORECASE,
)


def find(claim: Claim) -> Iterator[RuleFinding]:
    """One finding for the list: weeks missing, or weeks beside an abortive outcome."""
    weeks = claim.among((_WEEKS,))
    abortive = claim.among(_ABORTIVE)
    pregnant = [entry for entry in claim.diagnoses if _needs_weeks(claim, entry)]
    if weeks and abortive:
        yield RuleFinding(
            ID,
            Severity.WARNING,
            (weeks[0].code, abortive[0].code),
            f"{weeks[0].code} is not used with {abortive[0].code}: weeks of gestation do not apply "
            f"to a pregnancy with abortive outcome (I.C.21.c.11).",
            "I.C.21.c.11",
            f"Remove {weeks[0].code}.",
        )
    elif pregnant and not weeks and not abortive:
        yield RuleFinding(
            ID,
            Severity.WARNING,
            (pregnant[0].code,),
            f"{pregnant[0].code} ({pregnant[0].title}) has no code of Z3A beside it for the weeks "
            f"of gestation (note of chapter 15; I.C.21.c.11).",
            "I.C.21.c.11",
            "Add the code of Z3A for the completed weeks, if known.",
        )


def _needs_weeks(claim: Claim, entry: Diagnosis) -> bool:
    """Whether the code is of chapter 15 and of a pregnancy or delivery, by number and title."""
    if claim.facts.chapter(entry.code) != "15":
        return False
    if in_range(entry.code, _ABORTIVE[0]) or in_range(entry.code, CodeRange("O85", "O94")):
        return _says_pregnancy(entry)
    return not _AFTER.search(entry.title) or "pregnancy" in entry.title.lower()


def _says_pregnancy(entry: Diagnosis) -> bool:
    title = entry.title.lower()
    within = re.search(r"in pregnancy|in childbirth|trimester|complicating pregnancy", title)
    return entry.code[:3] >= "O88" and within is not None and "puerperium" not in title


RULE = Rule(
    ID,
    Severity.WARNING,
    "I.C.21.c.11",
    "A code of chapter 15 for a pregnancy or delivery has a code of Z3A beside it.",
    "O24.410: gestational diabetes without the weeks of gestation",
    find,
)
