"""A question that names a cause, as titles word causes: one more wording to search.

A diabetes due to another disease is one "due to underlying condition" (E08, I.C.4.a.6); what is due
to an old stroke or injury is its sequela (I.B.10).
"""

from __future__ import annotations

import re

from codesets.adverse import blamed_drugs
from codesets.late_effects import as_sequela

_DIABETES = re.compile(
    r"\b(?:secondary )?diabetes(?: mellitus)? (?:due|secondary) to (?P<cause>[^,;.]+)"
    r"|\b(?P<other>pancreatogenic|pancreatogenous|type 3c) diabetes\b",
    re.IGNORECASE,
)
# Those are E13, or E09 (I.C.4.a.6.b).
_NO_CONDITION = re.compile(
    r"pancreatectomy|resection|surg|procedure|genetic|gene\b|monogenic|mody|drug|medication|steroid"
    r"|toxi|chemical|insulin",
    re.IGNORECASE,
)


def by_cause(text: str) -> tuple[tuple[str, str], ...]:
    """Wordings of ``text`` by its cause, each with a reason; mostly none.

    >>> by_cause("secondary diabetes due to chronic pancreatitis")[0][0]
    'diabetes mellitus due to underlying condition'
    """
    found = []
    diabetes = _DIABETES.search(text)
    other = diabetes is not None and not _NO_CONDITION.search(diabetes["cause"] or "")
    if other and not blamed_drugs(text):
        reason = "diabetes due to a disease = due to underlying condition"
        found.append(("diabetes mellitus due to underlying condition", reason))
    later = as_sequela(text)
    if later is not None:
        found.append((later, "due to an old cause = sequela"))
    return tuple(found)
