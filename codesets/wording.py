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
from codesets.wordlists import is_head, is_plain, level, lists, word_class

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_WORD = re.compile(
    r"\b[a-zA-Z]/[a-zA-Z]\b|\d+(?:\.\d+)?[a-dA-D]?(?![\w])|[^\W\d_]+(?:['’][^\W\d_]+)?|\d+[a-z]*"
)
_CLAUSE_END = re.compile(r"[,;:()\[\]•]|--|—|–\s")
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)|\n")
_VALUE = re.compile(r"(\d{1,3}[a-d]?|i{1,3}[a-d]?|iv[a-d]?|vi{0,3}|ix|x)")
_ROMAN = {
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    "v": 5,
    "vi": 6,
    "vii": 7,
    "viii": 8,
    "ix": 9,
    "x": 10,
}
_ORDINALS = {
    "first": "1", "1st": "1", "second": "2", "2nd": "2", "third": "3", "3rd": "3", "fourth": "4",
    "4th": "4",
}  # fmt: skip
_MEASURED = frozenset({"stage", "grade", "class", "type", "category", "gustilo", "fetus", "level"})
_ORDERED = frozenset({"trimester", "degree"})
# Scales of their own: "NYHA class III" is not the class of an obesity.
_OTHER_SCALES = frozenset(
    {"nyha", "killip", "asa", "ccs", "mallampati", "pugh", "forrester", "who"}
)
_JOINING = frozenset({"and", "or", "to", ","})


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


@dataclass(slots=True)
class _Draft:
    """A word while it is being read."""

    surface: str
    base: str
    start: int
    end: int
    clause: int
    sentence: int
    forms: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    covered: bool = False
    negates: bool = False


def _cut(text: str) -> list[_Draft]:
    """Words with offsets, and the clause and sentence each stands in."""
    drafts: list[_Draft] = []
    clause = sentence = last = 0
    for match in _WORD.finditer(text):
        between = text[last : match.start()]
        if drafts and between and not between.isspace():
            initial = len(drafts[-1].surface) == 1 and between == ". "  # as in "E. coli"
            if not initial and (_SENTENCE_END.search(between + " ") or "\n" in between):
                sentence += 1
                clause += 1
            elif _CLAUSE_END.search(between):
                clause += 1
        elif "\n" in between and drafts:
            sentence += 1
            clause += 1
        surface = match.group()
        drafts.append(_Draft(surface, level(surface), match.start(), match.end(), clause, sentence))
        last = match.end()
    return drafts


def _bind(drafts: list[_Draft]) -> list[_Draft]:
    """Tie values to what they measure: ``stage III`` and ``first trimester`` become one word."""
    bound: list[_Draft] = []
    index = 0
    while index < len(drafts):
        word = drafts[index]
        following = drafts[index + 1] if index + 1 < len(drafts) else None
        if word.base in _ORDINALS and following is not None and following.base in _ORDERED:
            bound.append(_joined(word, following, f"{following.base}={_ORDINALS[word.base]}"))
            index += 2
            continue
        scale = drafts[index - 1].base if index else ""
        if word.base in _MEASURED and following is not None and scale not in _OTHER_SCALES:
            index = _bind_values(drafts, index, bound)
            continue
        bound.append(word)
        index += 1
    return bound


def _bind_values(drafts: list[_Draft], index: int, bound: list[_Draft]) -> int:
    """Read ``type I or II`` from ``index``; where reading goes on."""
    word = drafts[index]
    name = "type" if word.base == "gustilo" else word.base
    position = index + 1
    if word.base == "gustilo" and drafts[position].base == "type":
        position += 1
    if position >= len(drafts) or (value := _value(drafts[position].surface)) is None:
        bound.append(word)
        return index + 1
    bound.append(_joined(word, drafts[position], f"{name}={value}"))
    position += 1
    while position < len(drafts):
        step = 1 if drafts[position].base in _JOINING else 0
        if position + step >= len(drafts):
            break
        if drafts[position].base == "through":
            position = _bind_run(drafts, position, name, value, bound)
            break
        surface = drafts[position + step].surface
        near = drafts[position + step].sentence == word.sentence
        value = _value(surface) if near and (step or surface[:1].isupper()) else None
        if value is None or (len(surface) == 1 and surface.isdigit() and not step):
            break
        bound += drafts[position : position + step]
        bound.append(_joined(drafts[position + step], drafts[position + step], f"{name}={value}"))
        position += step + 1
    return position


def _bind_run(drafts: list[_Draft], position: int, name: str, low: str, bound: list[_Draft]) -> int:
    """Read ``through stage 4`` after ``stage 1``: every value between, 3a and 3b among them."""
    end = (
        position + 2
        if position + 1 < len(drafts) and drafts[position + 1].base == name
        else (position + 1)
    )
    high = _value(drafts[end].surface) if end < len(drafts) else None
    if high is None or not (low.isdigit() and high.isdigit()):
        return position
    values = [f"{n}{letter}" for n in range(int(low), int(high) + 1) for letter in ("", "a", "b")]
    bound[-1].forms = tuple(f"{name}={value}" for value in values)
    return end + 1


def _value(surface: str) -> str | None:
    """``IIIa`` as ``3a``; None for what is no value of a scale."""
    word = surface.casefold()
    if not _VALUE.fullmatch(word):
        return None
    if word[0].isdigit():
        return word
    letter = word[-1] if word[-1] in "abcd" and word[:-1] in _ROMAN else ""
    return f"{_ROMAN[word.removesuffix(letter)]}{letter}"


def _joined(first: _Draft, last: _Draft, form: str) -> _Draft:
    draft = _Draft(
        f"{first.surface} {last.surface}" if first is not last else first.surface,
        form, first.start, last.end, first.clause, first.sentence,
    )  # fmt: skip
    draft.forms = (form,)
    return draft


def _rewrite(drafts: list[_Draft]) -> None:
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


def _finish(drafts: list[_Draft], title: bool = False) -> tuple[Word, ...]:
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


def _ends_in_title(drafts: Sequence[_Draft], index: int) -> bool:
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


def _is_mention(drafts: Sequence[_Draft], index: int) -> bool:
    """Whether a "not" denies nothing: "not only", "no longer", "not elsewhere classified"."""
    following = drafts[index + 1].base if index + 1 < len(drafts) else ""
    return following in ("only", "elsewhere", "longer", "otherwise", "applicable")


@lru_cache(maxsize=65_536)
def read_title(title: str) -> tuple[Word, ...]:
    """The words of a title or a note, canonical."""
    drafts = _bind(_cut(title))
    _rewrite(drafts)
    return _finish(drafts, title=True)


@lru_cache(maxsize=64)
def read_text(text: str) -> tuple[Word, ...]:
    """The words of a clinician's text: as a title's, and what short forms and lay words stand for.

    >>> [word.forms for word in read_text("CKD IIIa")][0][:3]
    ('ckd', 'chronic', 'kidney')
    """
    drafts = _bind(_split_scale(_cut(text)))
    _rewrite(drafts)
    _imply(drafts)
    _expand_short_forms(text, drafts)
    return _finish(drafts)


def _split_scale(drafts: list[_Draft]) -> list[_Draft]:
    """``CKD 3a`` says a stage without the word; ``T2DM`` a type."""
    found: list[_Draft] = []
    for index, draft in enumerate(drafts):
        previous = drafts[index - 1].base if index else ""
        value = _value(draft.surface) if previous in ("ckd", "esrd") else None
        if value is not None:
            draft.forms = (f"stage={value}",)
        found.append(draft)
    return found


def _imply(drafts: list[_Draft]) -> None:
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
                _add(draft, _canonical_forms(" ".join(added)))
                draft.end = max(draft.end, window[-1].end)
        if draft.base in ("left", "right"):
            _add(draft, ("unilateral",))


def _expand_short_forms(text: str, drafts: list[_Draft]) -> None:
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
                    _add(draft, _unguessed(_canonical_forms(wording)))
                draft.end = max(draft.end, end)
                break


def _unguessed(forms: tuple[str, ...]) -> Iterable[str]:
    """What a short form or lay term stands for, without an intent that nobody stated.

    "Heroin overdose" is looked up under accidental poisoning and may have been intentional.
    """
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


def _add(draft: _Draft, forms: Iterable[str]) -> None:
    draft.own = draft.own or draft.forms
    draft.forms = tuple(dict.fromkeys((*draft.forms, *forms)))


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
