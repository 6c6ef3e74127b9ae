"""Words of a string while they are being read: cut, and values tied to what they measure.

"Stage IIIa" becomes one word of the form ``stage=3a``, "first trimester" ``trimester=1``, and the
"L1" of a spine one vertebra.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.wordlists import level

if TYPE_CHECKING:
    from collections.abc import Iterable

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
_LUMBAR = {"1": "first", "2": "second", "3": "third", "4": "fourth", "5": "fifth"}
_MEASURED = frozenset({"stage", "grade", "class", "type", "category", "gustilo", "fetus", "level"})
_ORDERED = frozenset({"trimester", "degree"})
# Scales of their own: "NYHA class III" is not the class of an obesity.
_OTHER_SCALES = frozenset(
    {"nyha", "killip", "asa", "ccs", "mallampati", "pugh", "forrester", "who"}
)
_JOINING = frozenset({"and", "or", "to", ","})


@dataclass(slots=True)
class Draft:
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


def cut(text: str) -> list[Draft]:
    """Words with offsets, and the clause and sentence each stands in."""
    drafts: list[Draft] = []
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
        drafts.append(Draft(surface, level(surface), match.start(), match.end(), clause, sentence))
        last = match.end()
    return drafts


def bind(drafts: list[Draft]) -> list[Draft]:
    """Tie values to what they measure: ``stage III`` and ``first trimester`` become one word."""
    bound: list[Draft] = []
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


def _bind_values(drafts: list[Draft], index: int, bound: list[Draft]) -> int:
    """Read ``type I or II`` from ``index``; where reading goes on."""
    word = drafts[index]
    name = "type" if word.base == "gustilo" else word.base
    position = index + 1
    names = [name]
    if word.base == "gustilo" and drafts[position].base == "type":
        position += 1
    elif drafts[position].base in _MEASURED and drafts[position].start == word.end + 1:
        names.append(drafts[position].base)  # "Grade/stage II hemorrhoids"
        position += 1
    if position >= len(drafts) or (value := _value(drafts[position].surface)) is None:
        bound.append(word)
        return index + 1
    bound.append(_joined(word, drafts[position], f"{name}={value}"))
    if len(names) > 1:
        bound[-1].forms = tuple(f"{each}={value}" for each in names)
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


def _bind_run(drafts: list[Draft], position: int, name: str, low: str, bound: list[Draft]) -> int:
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


def _joined(first: Draft, last: Draft, form: str) -> Draft:
    draft = Draft(
        f"{first.surface} {last.surface}" if first is not last else first.surface,
        form, first.start, last.end, first.clause, first.sentence,
    )  # fmt: skip
    draft.forms = (form,)
    return draft


def split_scale(drafts: list[Draft]) -> list[Draft]:
    """``CKD 3a`` says a stage without the word; ``L1`` is a vertebra and no left side."""
    found: list[Draft] = []
    for index, draft in enumerate(drafts):
        if found and found[-1].surface == "L" and found[-1].end == draft.start:
            name = _LUMBAR.get(draft.surface)
            if name is not None:
                found[-1] = _joined(found[-1], draft, f"l{draft.surface}")
                found[-1].surface = f"L{draft.surface}"
                add_forms(found[-1], (name, "lumbar", "vertebra"))
                continue
        previous = drafts[index - 1].base if index else ""
        value = _value(draft.surface) if previous in ("ckd", "esrd") else None
        if value is not None:
            draft.forms = (f"stage={value}",)
        found.append(draft)
    return found


def add_forms(draft: Draft, forms: Iterable[str]) -> None:
    """Let ``draft`` stand for ``forms`` too; what it says itself stays its own."""
    draft.own = draft.own or draft.forms
    draft.forms = tuple(dict.fromkeys((*draft.forms, *forms)))
