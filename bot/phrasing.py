"""Words of a phrase, by what a code could say of them: conditions, parts, qualifiers, the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codesets.abbreviations import Expansion, expand
from codesets.wording import is_head, is_plain, lists, read_text, word_class

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from codesets.wording import Word

# Words of a title that the text must say: the condition at another time, or in another person.
KINDS = frozenset({"subsequent", "sequela", "history", "newborn", "carrier", "family", "traumatic"})
# Words that say where, when or how a patient is cared for; no code is needed to account for them.
_UNCODED = frozenset(
    [
        "patient",
        "pt",
        "ppd",
        "packs",
        "counseled",
        "counselled",
        "year",
        "old",
        "male",
        "female",
        "man",
        "woman",
        "boy",
        "girl",
        "presents",
        "presented",
        "presenting",
        "complains",
        "complaint",
        "reports",
        "evaluation",
        "management",
        "treated",
        "treatment",
        "follow",
        "up",
        "followup",
        "visit",
        "seen",
        "today",
        "history",
        "diagnosis",
        "diagnosed",
        "diagnoses",
        "code",
        "codes",
        "icd",
        "icd10",
        "cm",
        "what",
        "which",
        "best",
        "correct",
        "right",
        "assign",
        "coding",
        "coded",
        "bill",
        "billing",
        "record",
        "note",
        "documented",
        "stable",
        "continue",
        "currently",
        "current",
        "known",
        "encounter",
        "initial",
        "subsequent",
        "taken",
        "correctly",
        "properly",
        "prescribed",
        "directed",
        "active",
    ]
)


# Adjectives that say how a condition is, and alone name none.
_ADJECTIVES = frozenset(
    [
        "asymptomatic",
        "nontraumatic",
        "mechanical",
        "normal",
        "abnormal",
        "new",
        "spontaneous",
        "complete",
        "incomplete",
        "partial",
        "idiopathic",
        "acquired",
        "benign",
        "intermittent",
        "persistent",
        "continuous",
        "single",
        "multiple",
        "focal",
        "diffuse",
        "localized",
        "generalized",
    ]
)
# Words between two conditions of one phrase.
_JOINS = frozenset({"with", "and", "due", "from", "causing", "complicated", "following", "plus"})


def undecided(text: str) -> dict[str, Expansion]:
    """Abbreviations of several meanings that the text does not decide, by how they are written."""
    return {
        each.surface: each for each in expand(text) if not each.decided and len(each.meanings) > 1
    }


def means(word: Word) -> bool:
    """Whether a word carries something that a code could say."""
    if word.surface.isdigit() and "pack" in word.forms:
        return False  # "1 ppd" is an amount, of what is not said
    return not (word.surface.casefold() in _UNCODED or all(is_plain(f) for f in word.forms))


def said_in(context: str) -> set[str]:
    """The forms of every word a text asserts."""
    return {form for word in read_text(context) if not word.negated for form in word.forms}


def is_head_word(word: Word) -> bool:
    """Whether a word names a body part or a condition and is not denied."""
    return not word.negated and means(word) and any(is_head(form) for form in word.forms)


def names_condition(word: Word) -> bool:
    """Whether a word names a condition: a body part, a side or a degree alone names none."""
    return not word.negated and means(word) and any(_names(form) for form in word.forms)


def _names(form: str) -> bool:
    return is_head(form) and form not in lists().body


def tells(word: Word) -> bool:
    """Whether a phrase of this word could be coded: more than a part, a side or a degree."""
    # What a part belongs to ("ankle" is of the lower limb) makes it no more than a part.
    return names_condition(word) or any(
        not is_plain(form)
        and word_class(form) is None
        and form not in lists().body
        and form not in _ADJECTIVES
        for form in word.own
    )


def says_itself(word: Word) -> bool:
    """Whether a word is more than a qualifier of whatever it stands before ("primary", "left")."""
    return any(word_class(form) is None for form in word.own)


def bare(run: Sequence[Word]) -> list[Word]:
    """A run of words without the joining words at its ends."""
    stop = lists().stop | _UNCODED
    kept = [n for n, word in enumerate(run) if not stop.issuperset(word.forms)]
    return list(run[kept[0] : kept[-1] + 1]) if kept else []


def parts_of(run: Sequence[Word]) -> list[Sequence[Word]]:
    """The pieces of a run between the words that join conditions; none where nothing joins."""
    parts: list[list[Word]] = [[]]
    for place, (before, word) in enumerate(zip([None, *run], run, strict=False)):
        joins = word.surface.casefold() in _JOINS
        if joins and word.surface.casefold() == "from":
            # "Fall from bed" is one event; "bleeding from ulcer" names two conditions.
            joins = any(names_condition(after) for after in run[place:])
        if joins or (before and before.clause != word.clause):
            parts.append([])
        if not joins:
            parts[-1].append(word)
    found = [kept for part in parts if (kept := bare(part))]
    return list(found) if len(found) > 1 else []


def with_modifiers(run: Sequence[Word], own: Sequence[Word]) -> Sequence[Word]:
    """A run with the words straight before it that qualify it and name no condition themselves."""
    at = next(number for number, word in enumerate(own) if word.start == run[0].start)
    first = at
    while first and own[first - 1].clause == run[0].clause:
        before = own[first - 1]
        named = any(_names(form) for form in before.own)
        if named or before.negated or lists().stop.issuperset(before.own):
            break
        first -= 1
    return [*own[first:at], *run]


def merged(spans: Iterable[tuple[int, int]], text: str) -> tuple[tuple[int, int], ...]:
    """Overlapping spans, and spans with only blanks between them, as one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(set(spans)):
        if merged and (start <= merged[-1][1] or text[merged[-1][1] : start].isspace()):
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
