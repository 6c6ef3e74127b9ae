"""The sentences that say how a code was reached, and the spans they quote."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from codesets.branches import Branch
    from codesets.wording import Word


def spans_of(
    text: str, words: Sequence[Word], indexes: Iterable[int]
) -> tuple[tuple[int, int], ...]:
    """Half-open character offsets of the words, neighbours joined over one small word."""
    spans: list[tuple[int, int]] = []
    for index in sorted(indexes):
        word = words[index]
        if spans and _runs_on(text[spans[-1][1] : word.start]):
            spans[-1] = (spans[-1][0], max(spans[-1][1], word.end))
        else:
            spans.append((word.start, word.end))
    return tuple(spans)


def _runs_on(between: str) -> bool:
    """Whether nothing, or one small word, stands between two words that decided."""
    word = between.strip(" -‐‑").casefold()
    return word in ("", "of", "on", "the", "with", "of the") and len(between) <= 8


def listed(quotes: Sequence[str]) -> str:
    """``'a', 'b' and 'c'``."""
    return quotes[0] if len(quotes) == 1 else ", ".join(quotes[:-1]) + f" and {quotes[-1]}"


def rivals(target: Branch) -> str:
    """The sides that a chosen side was chosen over, for the sentence that explains it."""
    if target.parent is None:
        return ""
    labels: list[str] = []
    for child in target.parent.children:
        if child is target:
            continue
        sides = [form for form in ("right", "left", "bilateral") if form in child.title.forms]
        labels += sides or (["unspecified"] if child.title.unspecified else [])
    mine = any(form in target.title.forms for form in ("right", "left", "bilateral"))
    unique = list(dict.fromkeys(labels))
    if not mine or not unique or len(unique) > 3:
        return ""
    return unique[0] if len(unique) == 1 else ", ".join(unique[:-1]) + f" and {unique[-1]}"


def default_step(parent: Branch, child: Branch, why: str) -> str:
    """Why a default stands."""
    reason = "the choice for a text that says no more" if why == "unspecified" else "the NOS choice"
    return (
        f"Nothing further is said under {parent.code.code}, so {child.code.code} "
        f"({child.code.title}) stands: {reason}."
    )


_ASSUMPTIONS = {
    "displaced": "A fracture not indicated as displaced or nondisplaced is coded as displaced "
    "(Official Guidelines I.C.19.c, note at the category).",
    "closed": "A fracture not indicated as open or closed is coded as closed (Official Guidelines "
    "I.C.19.c, note at the category).",
    "primary": "Where a side or joint is named without an origin, the classification's default is "
    "the primary form (Alphabetic Index).",
    "dominant": "Dominance is not stated: a right side affected is taken as dominant (Official "
    "Guidelines I.C.6.a).",
    "nondominant": "Dominance is not stated: a left side affected is taken as nondominant "
    "(Official Guidelines I.C.6.a).",
    "accidental": "No intent is stated, so the toxic effect is coded as accidental (note at "
    "T51-T65).",
    "routine healing": "No delayed healing, nonunion or malunion is stated, so healing is routine.",
    "type I or II": "An open fracture without a stated Gustilo type takes the character of type I "
    "or II.",
}


def assumption(form: str) -> str:
    """The convention that supplied a word the text does not say."""
    return _ASSUMPTIONS.get(form, f"'{form}' is the classification's default.")
