"""The extent of body surface that a burn involves (T31), from the share a text states.

T31 is added to the codes of the burned sites when the extent is known (I.C.19.d.6). Its fourth
character is the tens of the whole share, its fifth the tens of the share burned to the third
degree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codesets.library import Library
    from codesets.models import Code

_SURFACE = r"(?:total )?(?:body surface(?: area)?|TBSA|BSA)"
_SHARE = r"(\d{1,3})(?:\.\d+)?\s*(?:%|percent)"
_TOTAL = re.compile(
    rf"{_SHARE}\s*(?:of (?:the |his |her )?)?{_SURFACE}\b|\b{_SURFACE}\s*(?:of|:|=|is)?\s*{_SHARE}",
    re.IGNORECASE,
)
_THIRD = re.compile(
    rf"{_SHARE}\s*(?:TBSA |BSA )?(?:is |was |are |being )?(?:third[- ]degree|3rd[- ]degree|"
    rf"full[- ]thickness)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Extent:
    """The T31 code, the offsets of the words that state the share, and one plain sentence."""

    code: Code
    spans: tuple[tuple[int, int], ...]
    reason: str


def burn_extent(library: Library, text: str) -> Extent | None:
    """The code for the share of body surface ``text`` states; None where it states none."""
    total = _TOTAL.search(text)
    if total is None:
        return None
    third = _THIRD.search(text)
    whole = int(total[1] or total[2])
    deep = int(third[1]) if third else 0
    if whole > 100 or deep > whole:
        return None
    tens = min(whole // 10, 9)
    name = "T31.0" if tens == 0 else f"T31.{tens}{min(deep // 10, 9)}"
    code = library.find(name)
    if code is None or not code.valid:
        return None
    spans = [(total.start(), total.end())]
    if third is not None:
        spans.append((third.start(), third.end()))
    reason = (
        f"The burns involve {whole} % of the body surface, {deep} % of it to the third degree as "
        f"far as stated; the extent is coded beside the sites (I.C.19.d.6)."
    )
    return Extent(code, tuple(spans), reason)
