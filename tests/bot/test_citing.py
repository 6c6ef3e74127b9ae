"""What a person reads for a citation: where a note stands, never the id of a passage."""

from __future__ import annotations

import pytest

from bot.citing import readable


@pytest.mark.parametrize(
    ("citation", "read"),
    [
        ("icd10cm:FY2026-04:N18:code-first-2", "note at N18"),
        ("icd10cm:FY2026-04:E11.22:use-additional-1", "note at E11.22"),
        ("icd10cm:FY2026-04:E11.22:title", "title of E11.22"),
        ("I.C.9.a.2", "I.C.9.a.2"),
        ("NCCI 2026-10: edit 1", "NCCI 2026-10: edit 1"),
    ],
)
def test_a_citation_is_read(citation: str, read: str) -> None:
    assert readable(citation) == read
