"""Short forms of several meanings: where the text does not decide, the reader is asked.

"MS" alone may be multiple sclerosis or mitral stenosis. A code that rests on such a form and on
nothing beside it would be a guess, so it is no suggestion: each meaning is offered with the code it
leads to. Of the forms in ``STANDS`` one meaning is what practically every record means; it is taken
and the others are named.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bot import messages
from bot.answer import Gap
from bot.phrasing import is_head_word, undecided
from codesets.abbreviations import Kind
from codesets.wording import read_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bot.drafting.case import Option
    from codesets.abbreviations import Expansion
    from retrieval.search import Candidate

    Search = Callable[[str], Sequence[Candidate]]

STANDS = frozenset(
    {
        "AAA", "ADHD", "AF", "AKI", "ALS", "BPH", "CAD", "CF", "CHF", "COPD", "CVA", "DM", "DVT",
        "ESRD", "GERD", "HCC", "HLD", "ICH", "MDD", "MI", "OA", "OCD", "OSA", "PDA", "PVD", "SBO",
        "SDH", "SLE", "SVT", "TB", "UC", "VF", "VT",
    }
)  # fmt: skip
"""Forms whose first meaning is meant practically always where a condition is asked for."""
CONDITIONS = frozenset({Kind.CONDITION, Kind.SYMPTOM, Kind.STATUS})
"""Kinds of meaning that a diagnosis code can say."""
_MOST = 5


_NEAR = 0.5
"""Score of a search from which its entry is near enough to be offered for a choice."""
_MOST_NEAR = 4
_STEM = 6
"""Letters by which a word of the text and of an entry are taken for one."""


class Asked(NamedTuple):
    """What is left of the options, and what has to be asked: a gap and a sentence a short form."""

    options: list[Option]
    gaps: tuple[Gap, ...]
    sentences: tuple[str, ...]


def ask_meanings(text: str, options: Sequence[Option], search: Search) -> Asked:
    """Take back the options that rest on an undecided short form alone, and ask what it means."""
    kept = list(options)
    gaps: list[Gap] = []
    sentences: list[str] = []
    for token, each in undecided(text).items():
        if stands(token):
            continue
        places = _places(text, token)
        guessed = {option.id for option in kept if _rests_on(text, option, places)}
        if not guessed and sum(m.kind in CONDITIONS for m in each.meanings) < 2:
            continue  # one condition among them, which nothing was coded for
        kept = [o for o in kept if o.id not in guessed and o.companion_of not in guessed]
        gap = _gap(token, each, search)
        if gap is not None:
            gaps.append(gap)
        spoken = " or ".join(meaning.spoken for meaning in each.meanings[:_MOST])
        sentences.append(messages.MEANING_ASKED.format(token=token, meanings=spoken))
    return Asked(kept, tuple(gaps), tuple(sentences))


def nearest(text: str, candidates: Sequence[Candidate], title: Callable[[str], str]) -> Gap | None:
    """The entries nearest to a text whose words carry no code, to choose from; None without any.

    Each shares the beginning of a longer word with the text: "hello" is no HELLP syndrome.
    """
    stems = {word[:_STEM] for word in re.findall(rf"[a-z]{{{_STEM},}}", text.casefold())}
    near = [
        each.resolved or each.code
        for each in candidates
        if each.score >= _NEAR
        and any(stem in match.passage.text.casefold() for match in each.matches for stem in stems)
    ]
    codes = tuple(dict.fromkeys(near))[:_MOST_NEAR]
    if not codes:
        return None
    return Gap(messages.NEAREST_AXIS, tuple(title(code) for code in codes), codes)


def stands(token: str) -> bool:
    """Whether the first meaning of a short form may be taken where nothing decides."""
    return token.rstrip("s").upper() in STANDS


def _places(text: str, token: str) -> list[tuple[int, int]]:
    """Where the token stands."""
    found, at = [], text.find(token)
    while at >= 0:
        found.append((at, at + len(token)))
        at = text.find(token, at + len(token))
    return found


def _rests_on(text: str, option: Option, places: Iterable[tuple[int, int]]) -> bool:
    """Whether the words that carry an option name a body part or condition only by the token.

    A side or a degree beside it ("acute PE") says nothing of which meaning it has.
    """
    spans, known = option.spans, tuple(places)
    if not any(start < e and s < end for s, e in spans for start, end in known):
        return False
    return not any(
        is_head_word(word)
        for word in read_text(text)
        if any(s <= word.start < e for s, e in spans)
        and not any(start <= word.start < end for start, end in known)
    )


def _gap(token: str, each: Expansion, search: Search) -> Gap | None:
    """The meanings that are conditions, each with the code it leads to by itself."""
    options: list[str] = []
    codes: list[str] = []
    for meaning in each.meanings:
        if meaning.kind not in CONDITIONS or len(options) == _MOST:
            continue
        found = search(meaning.index_wording)
        code = (found[0].resolved or found[0].code) if found else ""
        if code and code not in codes:
            options.append(meaning.spoken)
            codes.append(code)
    if not options:
        return None
    axis = messages.MEANING_AXIS.format(token=token)
    return Gap(axis, tuple(options), tuple(codes))


__all__ = ["CONDITIONS", "STANDS", "Asked", "ask_meanings", "nearest", "stands"]
