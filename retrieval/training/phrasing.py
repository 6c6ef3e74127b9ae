"""Paths of an official index in the ways that people word them."""

from __future__ import annotations

import re

_NOISE = re.compile(r"\b(?:NEC|NOS)\b|\s*[-–—]\s*$")
_LINK = re.compile(
    r"(?:with|without|due|in|on|of|for|from|by|to|at|after|before|during|following|affecting|"
    r"caused|complicated|complicating|resulting|associated|involving|when|while|as|and|or|not|"
    r"into|against|see|because)\b",
    re.IGNORECASE,
)
_SHARED_START = 4


def steps_of(text: str) -> tuple[str, ...]:
    """What stands between the commas, in lower case: ``Disease, Alzheimer's`` has two steps."""
    parts = (_clean(part).casefold() for part in text.split(","))
    return tuple(part for part in parts if part)


def _clean(text: str) -> str:
    return " ".join(_NOISE.sub("", text).split()).strip(" ,")


def printed(path: tuple[str, ...]) -> str:
    """The path as the index prints it, its levels joined by commas.

    >>> printed(("Fracture, traumatic", "radius", "lower end NEC"))
    'Fracture, traumatic, radius, lower end'
    """
    return ", ".join(step for step in map(_clean, path) if step)


def worded(path: tuple[str, ...], modifiers: tuple[str, ...] = ()) -> str:
    """The path in the word order of running text, before its first nonessential modifier if any.

    Subterms stand before the main term, except that a linking word and all below it follow. The
    encoder reads no capitals, so they stay as they are.

    >>> worded(("Fracture, traumatic", "radius", "lower end"))
    'lower end radius traumatic Fracture'
    >>> worded(("Diverticulosis", "small intestine", "with", "large intestine", "with bleeding"))
    'small intestine Diverticulosis with large intestine with bleeding'
    >>> worded(("Infection, infected, infective", "rectum"))
    'rectum Infection'
    """
    steps = [step for step in map(_clean, path) if step]
    if not steps:
        return ""
    below = steps[1:]
    link = next((at for at, step in enumerate(below) if _LINK.match(step)), len(below))
    before = [_first_form(step) for step in reversed(below[:link])]
    words = [*before, _main(steps[0]), *below[link:]]
    if modifiers and len(path) == 1 and not _LINK.match(modifiers[0]):
        words.insert(0, modifiers[0])
    return " ".join(words)


def _main(step: str) -> str:
    """A main term in one form; a second part that is no other form of it is its adjective."""
    forms = [form.strip() for form in step.split(",") if form.strip()]
    if len(forms) == 2 and not _kin(forms[0], forms[1]):
        return f"{forms[1]} {forms[0]}"
    return forms[0]


def _first_form(step: str) -> str:
    forms = [form.strip() for form in step.split(",") if form.strip()]
    if len(forms) > 1 and all(_kin(forms[0], form) for form in forms[1:]):
        return forms[0]
    return step


def _kin(one: str, other: str) -> bool:
    """Whether two words share their stem, as the index's noun and adjective do."""
    return one[:_SHARED_START].casefold() == other[:_SHARED_START].casefold()
