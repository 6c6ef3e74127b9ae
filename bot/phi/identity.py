"""Which identifiers are the same one: the stable numbers of placeholders.

One person keeps one placeholder however the name is written ("John Smith", "Mr. Smith", "Smith,
John"); one day keeps one however the date is written; numbers are compared by letters and digits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.phi.records import Identifier

PLACEHOLDER = re.compile(r"\[(" + "|".join(kind.value for kind in Identifier) + r")-(\d+)\]")
_PARTS = re.compile(r"[^\W\d_](?:[^\W\d_]|['’\-](?=[^\W\d_]))*")
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
        start=1,
    )
}


@dataclass(slots=True)
class _Person:
    number: int
    given: list[str] = field(default_factory=list)
    family: str = ""


@dataclass(slots=True)
class Numbering:
    """Hands out placeholders in the order identifiers are met; ``text``'s own are never reused."""

    text: str
    _keys: dict[tuple[Identifier, str], str] = field(default_factory=dict)
    _counts: dict[Identifier, int] = field(default_factory=dict)
    _people: list[_Person] = field(default_factory=list)

    def __post_init__(self) -> None:
        for match in PLACEHOLDER.finditer(self.text):
            kind = Identifier(match[1])
            self._counts[kind] = max(self._counts.get(kind, 0), int(match[2]))

    def placeholder(self, kind: Identifier, words: str) -> str:
        """The placeholder of an identifier written as ``words``."""
        if kind is Identifier.NAME:
            return f"[NAME-{self._person(words).number}]"
        key = (kind, _key(kind, words))
        if key not in self._keys:
            self._keys[key] = f"[{kind.value}-{self._next(kind)}]"
        return self._keys[key]

    def _next(self, kind: Identifier) -> int:
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return self._counts[kind]

    def _person(self, words: str) -> _Person:
        given, family = split_name(words)
        for person in self._people:
            if _same(person, given, family):
                if family and not person.family:
                    single = person.given
                    person.family = family
                    person.given = given if single == [family] else (given or single)
                elif len(given) > len(person.given) and person.family == family:
                    person.given = given
                return person
        person = _Person(self._next(Identifier.NAME), given, family)
        self._people.append(person)
        return person


def split_name(words: str) -> tuple[list[str], str]:
    """Given names and surname, casefolded; a single word counts as given with no surname.

    >>> split_name("Smith, John Q."), split_name("John Q. Smith"), split_name("Smith")
    ((['john', 'q'], 'smith'), (['john', 'q'], 'smith'), (['smith'], ''))
    """
    head, _, tail = words.partition(",")
    before = [part.casefold() for part in _PARTS.findall(head)]
    after = [part.casefold() for part in _PARTS.findall(tail)]
    before = [part for part in before if part not in _SUFFIXES] or before
    after = [part for part in after if part not in _SUFFIXES]
    if after:
        return after, " ".join(before)
    if len(before) > 1:
        return before[:-1], before[-1]
    return before, ""


def _same(person: _Person, given: list[str], family: str) -> bool:
    if not given:
        return bool(family) and family == person.family
    if not family:
        names = {person.family, *person.given}
        return given[0] in names if len(given[0]) > 1 else person.given == given
    if not person.family:
        return person.given[:1] == [family] or person.given[:1] == given[:1]
    if family != person.family:
        return False
    mine, theirs = given[0], person.given[0] if person.given else ""
    return (
        not theirs
        or mine == theirs
        or ((len(mine) == 1 or len(theirs) == 1) and mine[0] == theirs[0])
    )


def _key(kind: Identifier, words: str) -> str:
    if kind is Identifier.DATE:
        return _date_key(words)
    if kind in (Identifier.PHONE, Identifier.FAX):
        digits = re.sub(r"\D", "", words)
        return digits[1:] if len(digits) == 11 and digits[0] == "1" else digits
    return re.sub(r"[\W_]+", "", words.casefold()) or words


def _date_key(words: str) -> str:
    """Year, month and day where all three are said, read month first; otherwise the words."""
    low = words.casefold()
    numbers = re.findall(r"\d+", low)
    named = re.search(r"[a-z]{3,}", low)
    month = next((_MONTHS[w[:3]] for w in re.findall(r"[a-z]{3,}", low) if w[:3] in _MONTHS), None)
    if named is None and len(numbers) == 3:
        if len(numbers[0]) == 4:
            year, first, second = numbers
        else:
            first, second, year = numbers
        a, b = int(first), int(second)
        if a > 12:
            a, b = b, a
        return f"{_full(year)}-{a:02}-{b:02}"
    if month is not None and len(numbers) == 2 and max(map(len, numbers)) in (2, 4):
        year = next((n for n in numbers if len(n) == 4), numbers[-1])
        day = next((n for n in numbers if n is not year), numbers[0])
        return f"{_full(year)}-{month:02}-{int(day):02}"
    return " ".join(low.split())


def _full(year: str) -> str:
    return year if len(year) == 4 else ("20" if int(year) < 50 else "19") + year
