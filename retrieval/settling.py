"""From a code that was found to the valid code that an answer would assign.

What was found may be a category: then the text chooses below it, and where the text says no more
the classification's own default stands ("unspecified", NOS). A code is never left for a wider one
because the Tabular words it differently from the passage that was found: choosing between codes is
the ranker's business, and going up from what it chose lost six in a hundred disease names.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from codesets.errors import CodesetError
from codesets.models import Level
from codesets.notation import undotted
from codesets.resolution import resolve
from retrieval.words import WEAK, terms

if TYPE_CHECKING:
    from codesets.library import Library
    from codesets.models import Code
    from codesets.resolution import Resolution

_OPEN = re.compile(r"\bunspecified\b|\bnot (?:otherwise )?specified\b", re.IGNORECASE)
_WITH_SOMETHING = re.compile(
    r"\bwith unspecified\b.*\b(?:complications?|disorders?|manifestations?)\b", re.IGNORECASE
)
"""Says that there is a complication, only not which: E11.8, F17.209. No default of a plain name."""
_NOS = re.compile(r"\bNOS\b")
_OTHER = re.compile(r"^other\b|\bother specified\b", re.IGNORECASE)
_WITHOUT = re.compile(r"\bwithout\b|\buncomplicated\b", re.IGNORECASE)
_DEPTH = 6


class Settled(NamedTuple):
    """The code reached; ``chosen`` is False where the text left a choice that a default filled."""

    code: str
    chosen: bool


def settle(library: Library, code: str, text: str) -> Settled:
    """The valid code for ``text`` at or below ``code``, a record that was found for it.

    A code that is its parent's default ("unspecified") gives way to a sibling whose words the text
    says; otherwise a neighbour of ``code`` is a candidate of its own, and this never goes up.
    """
    record = library.find(code)
    if record is None:
        return Settled(code, True)
    if not _adds(text, record.title):
        return Settled(default_below(library, code), True)
    if record.valid:
        above = record.parent if _OPEN.search(record.title) else None
        return Settled(_said_below(library, above, text) or code, True)
    try:
        reached: Resolution | None = resolve(library, code, text)
    except CodesetError:
        reached = None
    default = default_below(library, code)
    if reached is None or not undotted(reached.code.code).startswith(undotted(code)):
        return Settled(default, False)
    if reached.code.valid:
        return Settled(reached.code.code, reached.final)
    fitting = [each.code for each in reached.alternatives if each.valid]
    default = default_below(library, reached.code.code)
    if fitting and default not in fitting:
        default = _likeliest(fitting, reached)
    return Settled(default, False)


def _said_below(library: Library, code: str | None, text: str) -> str | None:
    """The valid code below the subcategory or category ``code`` that the text decides for."""
    parent = library.find(code) if code else None
    if parent is None or parent.level in (Level.CHAPTER, Level.SECTION):
        return None
    try:
        reached = resolve(library, parent.code, text)
    except CodesetError:
        return None  # nothing below it that this release knows
    below = undotted(reached.code.code).startswith(undotted(parent.code))
    return reached.code.code if below and reached.final and reached.code.valid else None


def _adds(text: str, title: str) -> bool:
    """Whether the text says anything that the title of a record does not."""
    told = set(terms(title)) | WEAK
    return any(term not in told for term in terms(text))


def _likeliest(fitting: list[str], reached: Resolution) -> str:
    """Of the codes a text leaves open, the one that says least."""
    titles = {each.code: each.title for each in reached.alternatives}
    return min(
        fitting,
        key=lambda code: (
            _OPEN.search(titles[code]) is None,
            "initial encounter" not in titles[code] and "subsequent" in titles[code],
            len(titles[code]),
            code,
        ),
    )


@lru_cache(maxsize=65_536)
def default_below(library: Library, code: str) -> str:
    """The valid code that stands for ``code`` when nothing more is said; itself when valid.

    At each step: the child called unspecified, then the one with an inclusion term NOS, the one
    "without" the details, one that is not "other"; among equals the last digit 9, then 0.
    """
    for _ in range(_DEPTH):
        record = library.find(code)
        if record is None or record.valid:
            return code
        children = library.children(code)
        if not children:
            return code
        code = min(children, key=lambda child: _place(library, child)).code
    return code


def _place(library: Library, child: Code) -> tuple[int, int, str]:
    last = child.code[-1]
    digit = {"9": 0, "0": 1, "A": 0}.get(last, 2)
    if _OPEN.search(child.title) and not _WITH_SOMETHING.search(child.title):
        return 0, digit, child.code
    if any(_NOS.search(term) for term in library.inclusion_terms(child.code)):
        return 1, digit, child.code
    if _WITHOUT.search(child.title):
        return 2, digit, child.code
    return (4 if _OTHER.search(child.title) else 3), digit, child.code
