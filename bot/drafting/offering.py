"""What a model may weigh besides the rules' options: codes that were retrieved and not taken."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.drafting.case import Option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.drafting.case import Case
    from codesets.library import Library
    from retrieval.search import Candidate

MOST_OFFERED = 12
_PASSAGES = 3


def widened(case: Case, candidates: Sequence[Candidate], library: Library) -> Case:
    """``case`` with up to MOST_OFFERED valid codes that were retrieved and the rules left out.

    Each keeps the passages that found it; none of them is ``chosen``, so the rules ignore them.
    """
    known = {option.code.code for option in case.options}
    known |= {code.code for option in case.options for code in option.choices}
    more: list[Option] = []
    for candidate in candidates:
        code = library.find(candidate.resolved or candidate.code)
        if code is None or not code.valid or code.code in known:
            continue
        known.add(code.code)
        more.append(
            Option(
                id=f"m{len(more) + 1}",
                code=code,
                score=candidate.score,
                spans=(),
                passages=tuple(match.passage for match in candidate.matches[:_PASSAGES]),
                chosen=False,
            )
        )
        if len(more) == MOST_OFFERED:
            break
    return replace(case, options=(*case.options, *more))
