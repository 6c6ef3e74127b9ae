"""Citations of rules as a person reads them: a section as it is, a note by where it stands."""

from __future__ import annotations

import re

_PASSAGE = re.compile(r"[\w-]+:[^:\s]+:(?P<owner>[^:\s]+):(?P<kind>[a-z0-9]+)[\w-]*")


def readable(citation: str) -> str:
    """A citation without the spelling of passage ids.

    >>> readable("icd10cm:FY2026-04:N18:code-first-2"), readable("I.C.9.a.2")
    ('note at N18', 'I.C.9.a.2')
    """
    passage = _PASSAGE.fullmatch(citation)
    if passage is None:
        return citation
    what = "title of" if passage["kind"] == "title" else "note at"
    return f"{what} {passage['owner']}"
