"""Whether a description is near enough to a question to be suggested, and what rivals it.

For the systems that have no index of terms: where several are as near, the answer asks which.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.answer import Kind
from bot.citing import cite
from retrieval.passages import title_passage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.answer import Answer, Gap
    from codesets.library import Library
    from retrieval.search import Candidate

NEAR = 0.62
"""Cosine from which a description may stand for words it does not repeat."""
COVERED = 0.6
"""Share of the question's words, by their rarity, that a description must else repeat."""
SAID = 0.9
"""Share of a descriptor's own words from which a question says it whole."""
MARGIN = 0.05
"""How near another description must come to the best for the words not to decide."""
WIDE = 0.25
"""The same where the best says a kind of the thing that the words do not."""
MOST_RIVALS = 5
_SPECIAL = re.compile(
    r"\b(?:powered|battery|electric|custom|heavy duty|pediatric|dialysis|institutional|portable"
    r"|rental|used with|accessory|addition|initiation|dme|disposable|replacement)\b",
    re.IGNORECASE,
)
"""What makes an item a special or an accessory one."""


def is_near(candidate: Candidate) -> bool:
    """Whether a description is near enough to the words to be spoken of at all."""
    closest = max((match.dense_score for match in candidate.matches), default=0.0)
    covered = max((match.covered for match in candidate.matches), default=0.0)
    return closest >= NEAR or covered >= COVERED


def rivals(found: Sequence[Candidate], text: str = "", title: str = "") -> tuple[str, ...]:
    """Codes that the words fit about as well as the first; none where they say it whole.

    A first whose ``title`` is special in a way the ``text`` does not say ("powered", "for
    dialysis") has to be told from all that are near.
    """
    best = found[0]
    unsaid = [word for word in _SPECIAL.findall(title) if word.casefold() not in text.casefold()]
    if not unsaid and max((match.said for match in best.matches), default=0.0) >= SAID:
        return ()
    margin = WIDE if unsaid else MARGIN
    near = (other for other in found[1:] if other.score >= best.score - margin)
    return tuple(other.code for other in near)[:MOST_RIVALS]


def asking_which(
    answer: Answer, gaps: tuple[Gap, ...], library: Library, which: str, nothing: str
) -> Answer:
    """An answer without a suggestion: the choice between codes as near, else ``nothing``.

    ``which`` is the headline that asks, with a place for ``codes``.
    """
    if not gaps:
        return replace(answer, headline=nothing, abstained=nothing)
    codes, source = gaps[0].codes, library.release.source
    headline = which.format(codes=", ".join(codes))
    return replace(
        answer, kind=Kind.CLARIFICATION, headline=headline, abstained=headline, gaps=gaps,
        citations=tuple(cite(title_passage(library.get(code), source)) for code in codes),
    )  # fmt: skip
