"""Words as titles, notes and clinicians write them, brought to one form.

``read_title`` and ``read_text`` cut a string into words with offsets and give each its canonical
forms: spelling, number and adjective are levelled ("diabetic" is read as "diabetes", "renal" as
"kidney", "lower end" as "distal"), a value is tied to what it measures ("stage IIIa" is
``stage=3a``), and a negation marks the words it covers. A text also says what its abbreviations
and lay words stand for. The lists are in ``data/wording.toml``; none of them names a code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from codesets.abbreviations import expand, find_drugs, find_lay_terms, lay
from codesets.adverse import blamed_drugs
from codesets.late_effects import late_effect
from codesets.word_drafts import Draft, add_forms, bind, cut, split_scale
from codesets.wordlists import is_head, is_plain, level, lists, word_class

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a reading.

    ``forms`` are the canonical forms it stands for, ``own`` those that are the word itself;
    ``start`` and ``end`` are character offsets. ``negated`` says a negation covers it; ``past``
    that "history of" or "former" does. ``clause`` and ``sentence`` count from 0.
    """

    surface: str
    forms: tuple[str, ...]
    start: int
    end: int
    negated: bool = False
    past: bool = False
    clause: int = 0
    sentence: int = 0
    own: tuple[str, ...] = ()


def _rewrite(drafts: list[Draft]) -> None:
    """Give each word its canonical forms by the table of equal wordings, the longest first."""
    same = lists().same
    index = 0
    while index < len(drafts):
        for width in (3, 2, 1):
            window = drafts[index : index + width]
            words = same.get(tuple(word.base for word in window)) if len(window) == width else None
            if words is None or window[0].clause != window[-1].clause:
                continue
            if words[0] == "no":
                window[0].negates = True
                words = words[1:]
            window[0].forms = words
            window[0].end = window[-1].end
            for word in window[1:]:
                word.covered = True
            index += width
            break
        else:
            if not drafts[index].forms:
                drafts[index].forms = (drafts[index].base,)
            index += 1


def _finish(drafts: list[Draft], title: bool = False) -> tuple[Word, ...]:
    """Spread negations and pasts over the words they cover."""
    known = lists()
    words: list[Word] = []
    negated = past = False
    clause = sentence = -1
    far = False
    for index, draft in enumerate(drafts):
        if draft.sentence != sentence:
            negated = past = far = False
        elif draft.clause != clause:
            negated = negated and far
            past = False
        clause, sentence = draft.clause, draft.sentence
        if draft.covered:
            continue
        base = draft.surface.casefold()
        if base in ("with", "and", "on", "but", "now", "presents", "has"):
            past = False
        if base in known.negation_end or (title and negated and _ends_in_title(drafts, index)):
            negated = far = False
        if base in known.negation and not _is_mention(drafts, index):
            negated, far = True, base in ("denies", "denied")
        if base in ("former", "previous", "prior", "ex", "quit", "h/o", "history", "hx"):
            past = True
        words.append(
            Word(
                draft.surface, draft.forms, draft.start, draft.end,
                negated or draft.negates, past, draft.clause, draft.sentence,
                draft.own or draft.forms,
            )
        )  # fmt: skip
    return tuple(words)


def _ends_in_title(drafts: Sequence[Draft], index: int) -> bool:
    """Whether a title's "without" ends here.

    "without complications in remission" denies no remission, and "without foreign body of left
    index finger" no finger.
    """
    base = drafts[index].base
    if base == "in":
        return True
    if base != "of" or index + 1 >= len(drafts):
        return False
    before = [draft for draft in drafts[:index] if not draft.covered]
    return (bool(before) and "foreignbody" in before[-1].forms) or drafts[index + 1].base in (
        "left",
        "right",
        "bilateral",
        "unspecified",
    )


def _is_mention(drafts: Sequence[Draft], index: int) -> bool:
    """Whether a "not" denies nothing: "not only", "no longer", "not elsewhere classified"."""
    following = drafts[index + 1].base if index + 1 < len(drafts) else ""
    return following in ("only", "elsewhere", "longer", "otherwise", "applicable")


@lru_cache(maxsize=65_536)
def read_title(title: str) -> tuple[Word, ...]:
    """The words of a title or a note, canonical."""
    drafts = bind(cut(title))
    _rewrite(drafts)
    return _finish(drafts, title=True)


@lru_cache(maxsize=64)
def read_text(text: str) -> tuple[Word, ...]:
    """The words of a clinician's text: as a title's, and what short forms and lay words stand for.

    >>> [word.forms for word in read_text("CKD IIIa")][0][:3]
    ('ckd', 'chronic', 'kidney')
    """
    drafts = bind(split_scale(cut(text)))
    _rewrite(drafts)
    _imply(drafts)
    _expand_short_forms(text, drafts)
    return _finish(drafts)


def _imply(drafts: list[Draft]) -> None:
    """Add what the listed phrases say in other words."""
    implies = lists().implies
    for index, draft in enumerate(drafts):
        for width in (3, 2, 1):
            window = drafts[index : index + width]
            if len(window) < width or window[0].clause != window[-1].clause:
                continue
            added = implies.get(tuple(word.base for word in window))
            if added is None and width == 1 and len(draft.forms) == 1 and not draft.covered:
                added = implies.get(draft.forms)
            if added is not None:
                add_forms(draft, _canonical_forms(" ".join(added)))
                draft.end = max(draft.end, window[-1].end)
        if draft.forms[:1] in (("left",), ("right",)):
            add_forms(draft, ("unilateral",))


def _expand_short_forms(text: str, drafts: list[Draft]) -> None:
    """Add the wording of abbreviations and lay terms to the words they were written with."""
    found: list[tuple[int, int, Iterable[str]]] = []
    for short in expand(text):
        # The candidate category picks among readings the context leaves undecided.
        likely = short.meanings[:1] if short.decided else short.meanings[:2]
        wordings = [wording for m in likely for wording in (m.spoken, m.index_wording)]
        found.append((short.start, short.end, wordings))
    found += [
        (match.start, match.end, (match.term.index_wording,))
        for match in find_lay_terms(text)
        if "unspecified" not in match.term.index_wording.casefold()
    ]
    old = late_effect(text)
    found += [(*old, ("sequela",))] if old is not None else []
    found += [(blame.start, blame.end, ("drug induced",)) for blame in blamed_drugs(text)]
    harmed = _HARMED.search(text) is not None
    for drug in find_drugs(text):
        # Named alone, "amoxicillin" says nothing of penicillins as a cause.
        listed = drug.drugs[:1] if harmed else ()
        wordings = [wording for d in listed for wording in _drug_wordings(d.generic)]
        classes = [d.drug_class for d in drug.drugs[:1]]
        found.append((drug.start, drug.end, [*classes, *wordings]))
    for start, end, added in found:
        for draft in drafts:
            if draft.start <= start < draft.end or start <= draft.start < end:
                for wording in added:
                    add_forms(draft, _unguessed(_canonical_forms(wording)))
                draft.end = max(draft.end, end)
                break


def _unguessed(forms: tuple[str, ...]) -> Iterable[str]:
    """What a short form or lay term stands for, without an intent that nobody stated.

    "Heroin overdose" is looked up under accidental poisoning and may have been intentional.
    """
    if "significance" in forms:
        return forms  # "of undetermined significance" speaks of no intent
    return (form for form in forms if word_class(form) != "intent" and form != "unintentional")


_HARMED = re.compile(
    r"\b(?:overdos|poison|toxic|ingest|underdos|(?:adverse|side) (?:effect|reaction))",
    re.IGNORECASE,
)
_OF_DRUGS = re.compile(r"^Poisoning by, adverse effect of and underdosing of ", re.IGNORECASE)


@lru_cache(maxsize=1_024)
def _drug_wordings(generic: str) -> tuple[str, ...]:
    """A drug's generic name, and the class of it that T36 to T50 print, where it is known."""
    listed = lay(f"{generic} poisoning")
    return (generic, *(_OF_DRUGS.sub("", term.index_wording) for term in listed[:1]))


@lru_cache(maxsize=8_192)
def _canonical_forms(wording: str) -> tuple[str, ...]:
    """The meaningful forms of a wording, negated ones left out."""
    if "=" in wording:
        return tuple(wording.split())
    stop = lists().stop
    return tuple(
        form
        for word in read_title(wording)
        if not word.negated
        for form in word.forms
        if form not in stop
    )


__all__ = [
    "Word",
    "is_head",
    "is_plain",
    "level",
    "lists",
    "read_text",
    "read_title",
    "word_class",
]
