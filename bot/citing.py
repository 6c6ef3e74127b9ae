"""Citations: of a passage as an answer carries them, of a rule as a person reads them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.answer import Citation

if TYPE_CHECKING:
    from retrieval.passages import Passage

_PASSAGE = re.compile(r"[\w-]+:[^:\s]+:(?P<owner>[^:\s]+):(?P<kind>[a-z0-9]+)[\w-]*")


def cite(passage: Passage) -> Citation:
    """A passage as an answer cites it."""
    return Citation(passage.id, passage.source, passage.release, passage.locator, passage.text)


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
