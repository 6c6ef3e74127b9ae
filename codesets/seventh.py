"""The 7th character a text supports, composed with placeholders (Official Guidelines I.A.4, I.A.5).

The episode of care is never guessed. Where it is said, conventions complete it: a fracture not
indicated as open is closed (I.C.19.c, and the notes of the categories), an open fracture without a
Gustilo type takes the character of type I or II (the note below those characters), and a later
encounter that names no complication of healing is one with routine healing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.asks import Ask, asks_of, is_needed
from codesets.wording import is_plain, lists

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codesets.models import SeventhCharacter
    from codesets.reading import Reader

_EPISODES = frozenset({"initial", "subsequent", "sequela"})
_HEALING = frozenset({"delayed", "nonunion", "malunion"})
_TYPE = "type="


@dataclass(frozen=True, slots=True)
class Choice:
    """The 7th character chosen, or None where the text leaves it open.

    ``words`` indexes the words that decided; ``assumed`` names what a convention supplied
    ("closed", "routine"); ``unspecified`` says the character is the one for a text that says
    nothing.
    """

    chosen: SeventhCharacter | None
    words: frozenset[int]
    assumed: tuple[str, ...]
    unspecified: bool


def choose(sevenths: Sequence[SeventhCharacter], reader: Reader) -> Choice:
    """The 7th character among ``sevenths`` that the text supports."""
    encounter = any("encounter" in seventh.meaning for seventh in sevenths)
    said = {form for form in _EPISODES if reader.said(form)}
    healing = {form for form in _HEALING if reader.said(form)}
    if encounter and healing and not said:
        said = {"subsequent"}
    if encounter and len(said - {"sequela"}) > 1:
        return Choice(None, frozenset(), (), unspecified=False)
    if encounter and "sequela" in said:
        said = {"sequela"}
    best: tuple[int, SeventhCharacter, frozenset[int], tuple[str, ...]] | None = None
    for seventh in sevenths:
        if asks_of(seventh.meaning)[0].other and not encounter and not reader.names_other:
            continue  # "other fetus" is none that the text only names
        found = _match(asks_of(seventh.meaning)[0], reader, said, encounter)
        if found is None:
            continue
        words, assumed = found
        score = 10 * len(words) - len(assumed)
        if (words or (encounter and said)) and (best is None or score > best[0]):
            best = (score, seventh, words, assumed)
    if best is not None:
        return Choice(best[1], best[2], best[3], unspecified=False)
    if encounter:
        return Choice(None, frozenset(), (), unspecified=False)
    return Choice(_silent(sevenths), frozenset(), (), unspecified=True)


def _match(
    ask: Ask, reader: Reader, said: set[str], encounter: bool
) -> tuple[frozenset[int], tuple[str, ...]] | None:
    """The words that support one meaning, and what conventions add; None when it is not said."""
    episode = _EPISODES.intersection(ask.forms)
    if encounter and not episode <= said:
        return None
    told = [form for phrase in ask.negated for form in phrase if not is_plain(form)]
    if any(reader.said(form) for form in told):
        return None
    words: set[int] = {index for form in episode for index in reader.said(form)}
    assumed: list[str] = []
    for group in ask.groups:
        if group & _EPISODES or not is_needed(group) or _is_settled(group, reader):
            continue
        found = [index for form in group for index in reader.said(form)]
        if found:
            words.update(found)
        elif (supplied := _supplied(group, reader)) and encounter:
            assumed.append(supplied)
        else:
            return None
    words.update(index for form in told for index in reader.denied(form))
    return frozenset(words), tuple(assumed)


def _is_settled(group: frozenset[str], reader: Reader) -> bool:
    """The nouns of the category ("fracture", "eye") need not be repeated."""
    known = lists()
    return any(
        form == "fracture" or (form in reader.tree.vocabulary and form in known.body)
        for form in group
    )


def _supplied(group: frozenset[str], reader: Reader) -> str:
    """What a convention supplies for a group the text does not say, or nothing."""
    if "closed" in group and not reader.said("open"):
        return "closed"
    if "routine" in group and not any(reader.said(form) for form in _HEALING):
        return "routine healing"
    if "healing" in group and not any(reader.said(form) for form in _HEALING):
        return "routine healing"
    typed = any(form.startswith(_TYPE) for form in group)
    if typed and "type=1" in group and reader.said("open") and not _states_type(reader):
        return "type I or II"
    return ""


def _states_type(reader: Reader) -> bool:
    return any(form.startswith(_TYPE) for word in reader.words for form in word.forms)


def _silent(sevenths: Sequence[SeventhCharacter]) -> SeventhCharacter | None:
    """The character for a text that says nothing: unspecified, not applicable, or without."""
    for mark in ("unspecified", "not applicable", "without"):
        for seventh in sevenths:
            if mark in seventh.meaning:
                return seventh
    return None
