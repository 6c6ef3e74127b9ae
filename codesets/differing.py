"""On which axes codes differ, and what each of them says on every one of these axes.

Three places tell codes apart: the qualifiers in their titles (side, acuity, stage, trimester, ...),
the steps of the Tabular List after which their ways part, and the 7th character.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations, zip_longest
from typing import TYPE_CHECKING

from codesets.asks import asks_of
from codesets.branches import tree_of
from codesets.models import Level
from codesets.specificity import _NAMES, between, label_of, name_of, qualifiers, seventh_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codesets.branches import Branch
    from codesets.library import Library
    from codesets.models import Code

UNSPECIFIED = "unspecified"
NOT_SAID = "not named"
CONDITION = "condition"
_SEVENTH_PLACE = 8  # characters of a code with its point and a 7th character
_LEAST_SHARED = 2


@dataclass(frozen=True, slots=True)
class Difference:
    """One axis on which codes differ; ``values`` are aligned with the codes compared."""

    axis: str
    values: tuple[str, ...]


def differences(library: Library, codes: Sequence[str]) -> tuple[Difference, ...]:
    """The axes on which two or more ICD-10-CM codes differ, the widest step first.

    Raises UnknownCodeError where the release lacks one of them.
    """
    records = [library.get(code) for code in codes]
    found: dict[str, dict[str, str]] = {}
    for one, other in combinations(records, 2):
        for axis, first, second in _pair(library, one, other):
            values = found.setdefault(axis, {})
            values.setdefault(one.code, first)
            values.setdefault(other.code, second)
    return tuple(
        Difference(axis, tuple(values.get(record.code, NOT_SAID) for record in records))
        for axis, values in found.items()
    )


def _pair(library: Library, one: Code, other: Code) -> list[tuple[str, str, str]]:
    found = _by_structure(library, one, other)
    named = {axis for axis, _, _ in found}
    found += [each for each in _by_qualifiers(library, one, other) if each[0] not in named]
    found += _by_seventh(library, one, other)
    if not found and one.title != other.title:
        found = [(CONDITION, one.title, other.title)]
    return found


# --- what the titles say --------------------------------------------------------------------------


def _by_qualifiers(library: Library, one: Code, other: Code) -> list[tuple[str, str, str]]:
    titles = [_stem(library, code).title for code in (one, other)]
    said = [qualifiers(asks_of(title)[0]) for title in titles]
    found = []
    for name, axis in _NAMES.items():
        first, second = (
            _open(each.get(name), title) for each, title in zip(said, titles, strict=True)
        )
        if first != second:
            found.append(
                (axis, first or _silent(titles[0]), second or _silent(titles[1]))
            )  # a title without the qualifier leaves it open
    return found


def _open(label: str | None, title: str) -> str | None:
    """A label with what its title leaves open of it: "stage 3 unspecified"."""
    if label and re.search(rf"\b{re.escape(label)},? {UNSPECIFIED}", title, re.IGNORECASE):
        return f"{label} {UNSPECIFIED}"
    return label


def _silent(title: str) -> str:
    return UNSPECIFIED if "unspecified" in title.casefold() else NOT_SAID


# --- where the ways part --------------------------------------------------------------------------


def _by_structure(library: Library, one: Code, other: Code) -> list[tuple[str, str, str]]:
    ways = [_way(library, code) for code in (one, other)]
    if not ways[0] or not ways[1]:
        return [(CONDITION, one.title, other.title)]
    found: list[tuple[str, str, str]] = []
    if ways[0][0].code.code != ways[1][0].code.code:
        if len(ways[0]) == 1 or len(ways[1]) == 1:  # one is a whole category: titles say it all
            return [(CONDITION, one.title, other.title)]
        found.append((CONDITION, ways[0][0].code.title, ways[1][0].code.title))
    for first, second in zip_longest(ways[0][1:], ways[1][1:]):
        if first is not None and second is not None and first.code.code == second.code.code:
            continue
        labels = [_label(step) for step in (first, second)]
        if labels[0].casefold() == labels[1].casefold():
            continue
        step = min((s for s in (first, second) if s is not None), key=lambda s: s.code.code)
        found.append((_axis(step), *_told(labels, first, second)))
    unique: dict[str, tuple[str, str, str]] = {}
    for axis, left, right in found:
        known = unique.get(axis)
        if known is not None:
            left, right = _joined(known[1], left), _joined(known[2], right)
        unique[axis] = (axis, left, right)
    return list(unique.values())


def _told(labels: Sequence[str], first: Branch | None, second: Branch | None) -> tuple[str, str]:
    left, right = (
        label or _unlabelled(step) for label, step in zip(labels, (first, second), strict=True)
    )
    return left, right


def _unlabelled(step: Branch | None) -> str:
    """What stands for a record whose title adds no word to its parent's."""
    if step is None:
        return NOT_SAID
    return UNSPECIFIED if step.title.unspecified else step.code.title


def _joined(one: str, other: str) -> str:
    if other == NOT_SAID or other in one:
        return one
    return other if one == NOT_SAID or one in other else f"{one}, {other}"


def _label(step: Branch | None) -> str:
    """What a record says beyond its parent, apart from qualifiers such as the side."""
    if step is None or step.parent is None:
        return ""
    label = label_of(step.title, step.parent.title)
    only = set(qualifiers(step.title, step.parent.title.forms).values())
    if not label or label.casefold() in only:
        return ""
    denied = re.search(rf"\b(?:without|not) [^,]*?{re.escape(label)}", step.code.title)
    return denied.group() if denied is not None else label


def _axis(step: Branch) -> str:
    parent = step.parent
    if parent is None:
        return CONDITION
    axis = between(parent.children, parent.title)
    if axis is not None:
        return axis.name
    labels = [label for child in parent.children if (label := _label(child))]
    if len(labels) < _LEAST_SHARED:
        return "type"
    return name_of(parent.children, labels, parent.title.forms)


def _way(library: Library, code: Code) -> list[Branch]:
    """The records from the category down to the code, without its 7th character."""
    if code.level in (Level.CHAPTER, Level.SECTION):
        return []
    stem = _stem(library, code).code
    branch = tree_of(library, stem).find(stem)
    return list(branch.lineage()) if branch is not None else []


# --- the 7th character ----------------------------------------------------------------------------


def _by_seventh(library: Library, one: Code, other: Code) -> list[tuple[str, str, str]]:
    meanings = [_meaning(library, code) for code in (one, other)]
    if meanings[0] == meanings[1]:
        return []
    axis = seventh_name([meaning for meaning in meanings if meaning])
    return [(axis, meanings[0] or NOT_SAID, meanings[1] or NOT_SAID)]


def _meaning(library: Library, code: Code) -> str:
    if len(code.code) != _SEVENTH_PLACE:
        return ""
    sevenths = library.seventh_characters(code.code)
    return next((s.meaning for s in sevenths if s.character == code.code[-1]), "")


def _stem(library: Library, code: Code) -> Code:
    """The record above the 7th character and its placeholders; the code itself without one."""
    if len(code.code) != _SEVENTH_PLACE or not library.seventh_characters(code.code):
        return code
    name = code.code[:-1].rstrip("X").rstrip(".")
    while name:
        found = library.find(name)
        if found is not None and found.level is not Level.SECTION:
            return found
        name = name[:-1].rstrip(".")
    return code
