"""What words support a value of an axis, and what the text says against it.

Words speak for a value where they name its label, a key's or a list's term for it, or where the
procedure word itself does; a side, number or duration that the value does not have speaks against.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.procedures.levels import REGIONS
from codesets.procedures.patterns import Pattern, read_label
from codesets.procedures.reading import Hit, Reading, fits_hours
from codesets.wordlists import level

if TYPE_CHECKING:
    from codesets.formats.pcs import PcsValue
    from codesets.procedures.lexicon import Implied, Sense
    from codesets.procedures.vocabulary import Vocabulary

POSITIONS = (4, 5, 6, 7)
# How many words a body part counts that the procedure word itself names ("appendectomy").
_OWN_PART = 4
# Words of a body part's name that alone say where or what kind, not which part.
_WHERE_WORDS = (
    "upper lower internal external anterior posterior common middle superior inferior main artery "
    "vein nerve duct tube bone joint muscle tendon lobe space region wall valve node part"
)
_POSITIONAL = frozenset(_WHERE_WORDS.split())


@dataclass(frozen=True, slots=True)
class Support:
    """What supports a value: the words, in bits; how many of its own words are unsaid."""

    bits: int
    words: frozenset[int]
    unsaid: int


Axis = tuple[list["PcsValue"], list[tuple["PcsValue", Support]]]


class Supporter:
    """Weighs values for one text and one sense of its procedure word."""

    def __init__(
        self,
        reading: Reading,
        vocabulary: Vocabulary,
        sense: Sense,
        words: frozenset[int],
        foreign: frozenset[int] = frozenset(),
        *,
        partly: bool = False,
    ) -> None:
        """``words`` are those of the procedure itself, ``foreign`` those of other procedures.

        ``partly`` takes body parts of which only some words are said.
        """
        self.reading = reading
        self.sense = sense
        self.partly = partly
        self._sense_words = words
        self._own = {
            form: numbers - foreign for form, numbers in reading.forms.items() if numbers - foreign
        }
        # A word that names the procedure names its own body part, and no device or qualifier.
        self._other = _without(reading.forms, words)
        if self._own_part(sense):
            self._own = _without(self._own, words)
        levels = reading.levels.words
        for form in sense.words:
            # "ALIF L5-S1": the levels said tell the joint, not the L in the procedure's name.
            if not (levels and form in REGIONS):
                self._own.setdefault(level(form), set()).update(words)
        for region in REGIONS.difference(levels) if levels else ():
            self._own.pop(region, None)
        self._hits_at: dict[int, list[Hit]] = {position: [] for position in POSITIONS}
        for hit in reading.hits:
            inside = words.issuperset(range(hit.first, hit.last))
            if not (inside and hit.naming.position == 4 and self._own_part(sense)):
                self._hits_at[hit.naming.position].append(hit)
        self._names = {
            position: {hit.naming.name for hit in hits} for position, hits in self._hits_at.items()
        }
        self._bits: dict[object, int] = {}
        self._axes: dict[tuple[int, int, str, bool], Axis] = {}
        self._supports: dict[tuple[int, str, bool], Support | None] = {}
        self.implied: dict[int, Implied] = {i.position: i for i in sense.implied}
        self._meant = {
            position: [read_label(label) for label in implied.labels]
            for position, implied in self.implied.items()
        }
        self._touched = self._touch(vocabulary)

    @staticmethod
    def _own_part(sense: Sense) -> bool:
        """Whether the procedure word names one body part by itself."""
        return any(i.position == 4 and i.labels and not i.assumed for i in sense.implied)

    def _forms(self, position: int) -> dict[str, set[int]]:
        """The word forms that may name a value at the position."""
        if position == 4:
            return self._own
        return self._other if position in (6, 7) else self.reading.forms

    def open(self, position: int) -> bool:
        """Whether silence must not settle the axis."""
        implied = self.implied.get(position)
        return implied is not None and implied.open

    def meant(self, position: int, value: PcsValue) -> bool:
        """Whether the procedure word itself names the value."""
        pattern = read_label(value.label)
        return any(
            wanted.full == pattern.full and (not wanted.sides or wanted.sides == pattern.sides)
            for wanted in self._meant.get(position, ())
        )

    def assumed(self, position: int) -> bool:
        """Whether the procedure word only says what is usual there."""
        implied = self.implied.get(position)
        return implied is not None and implied.assumed

    def axis(self, position: int, values: tuple[PcsValue, ...], wanted: str, named: bool) -> Axis:
        """Values that nothing speaks against, and those that words support. Rows share axes."""
        known = (position, id(values), wanted, named)
        found = self._axes.get(known)
        if found is None:
            kept = [v for v in values if not wanted or v.character == wanted]
            kept = self._compatible(position, kept, values)
            supported = []
            touched = self._touched[position]
            for value in kept:
                if value.label in touched:
                    support = self._support(position, value, named=named)
                    if support is not None:
                        supported.append((value, support))
            found = self._axes[known] = (kept, supported)
        return found

    # --- values -----------------------------------------------------------------------------------

    def _compatible(
        self, position: int, kept: list[PcsValue], values: tuple[PcsValue, ...]
    ) -> list[PcsValue]:
        """The values that no side, number or duration of the text speaks against."""
        sides = self.reading.sides
        if position == 4 and sides:
            fitting = [v for v in kept if self._side_fits(read_label(v.label))]
            both = any("bilateral" in read_label(value.label).sides for value in values)
            # Where the table has no value for both sides, each side is coded by itself.
            kept = kept if "bilateral" in sides and not both else fitting
        count = self.reading.counts.get(position)
        if count is not None:
            families = {p.full for p in map(read_label, (v.label for v in values)) if p.count}
            kept = [v for v in kept if _count_fits(read_label(v.label), count, families)]
        if self.reading.hours is not None and position == 5:
            hours = self.reading.hours
            kept = [v for v in kept if fits_hours(read_label(v.label), hours) is not False]
        return kept

    def _side_fits(self, pattern: Pattern) -> bool:
        if not pattern.sides or self._named_with_side(4, pattern):
            return True
        if "bilateral" in self.reading.sides:
            return "bilateral" in pattern.sides
        return bool(pattern.sides & self.reading.sides)

    def _named_with_side(self, position: int, pattern: Pattern) -> bool:
        """Whether a phrase or the procedure word names the value with its side."""
        meant = self._meant.get(position, ())
        if any(wanted.sides and wanted.label == pattern.label for wanted in meant):
            return True
        return any(
            hit.naming.position == position
            and hit.naming.sides
            and hit.naming.sides == pattern.sides
            and hit.naming.name == pattern.full
            for hit in self.reading.hits
        )

    def _support(self, position: int, value: PcsValue, *, named: bool) -> Support | None:
        known = (position, value.label, named)
        if known not in self._supports:
            self._supports[known] = self._weigh_value(position, read_label(value.label), named)
        return self._supports[known]

    def _weigh_value(self, position: int, pattern: Pattern, named: bool) -> Support | None:
        bits, words, covered, whole = self._hits(position, pattern)
        if position == 4 and self._is_meant_here(pattern):
            # A word that names one body part outweighs parts said of something else.
            for number in range(1 if self.assumed(4) else _OWN_PART):
                bits |= self._bit(("sense", 4, number))
            words |= self._sense_words
            covered = True
        forms = self._forms(position)
        if not (named or pattern.is_none or pattern.label.startswith("Other ")):
            covered = covered or self._covers(pattern, forms, position)
            if covered:
                taken = self._taken(position, pattern)
                for group in (*pattern.head, *pattern.tail, pattern.spare):
                    for form in group & forms.keys():
                        if not forms[form] <= taken:
                            bits |= self._bit(form)
                            words |= forms[form]
        if not covered:
            fits = position == 5 and self.reading.hours and fits_hours(pattern, self.reading.hours)
            return Support(self._bit("hours"), frozenset(), 0) if fits else None
        if position == 4:
            for side in pattern.sides & self.reading.sides:
                bits |= self._bit(side)
                words |= self.reading.forms.get(side, set())
        unsaid = 0
        if not whole:
            groups = (*pattern.tail, *(frozenset({w}) for w in pattern.spare))
            unsaid = sum(not (group & forms.keys()) for group in groups)
            unsaid += sum(
                not (group & forms.keys()) if len(group) == 1 else len(group - forms.keys())
                for group in pattern.head
            )
        return Support(bits, frozenset(words), unsaid)

    def _touch(self, vocabulary: Vocabulary) -> dict[int, set[str]]:
        """The labels, by position, that anything said may support; most are left out here."""
        touched: dict[int, set[str]] = {}
        for position in POSITIONS:
            forms = self._forms(position)
            names = set(self._names[position])
            if position == 4:
                names.update(p.full for p in self._meant.get(4, ()))
            labels = [vocabulary.by_word[form] for form in forms if form in vocabulary.by_word]
            labels += [vocabulary.by_name[name] for name in names if name in vocabulary.by_name]
            touched[position] = set() if position == 4 and self.open(4) else set().union(*labels)
        if self.reading.hours is not None:
            touched[5] |= vocabulary.by_word.get("hour", set())
        return touched

    def _taken(self, position: int, pattern: Pattern) -> set[int]:
        """Words of phrases that name another value there: "intraocular lens" is no telescope."""
        return {
            number
            for hit in self._hits_at[position]
            if hit.naming.name != pattern.full
            for number in range(hit.first, hit.last)
        }

    def _covers(self, pattern: Pattern, forms: dict[str, set[int]], position: int) -> bool:
        """Whether the words of the label's head are said."""
        if self.partly and position == 4:
            return any(group & forms.keys() - _POSITIONAL for group in pattern.head)
        return bool(pattern.head) and all(group & forms.keys() for group in pattern.head)

    def _is_meant_here(self, pattern: Pattern) -> bool:
        return any(
            wanted.full in (pattern.full, pattern.name)
            and (not wanted.sides or wanted.sides == pattern.sides)
            for wanted in self._meant.get(4, ())
        )

    def _hits(self, position: int, pattern: Pattern) -> tuple[int, set[int], bool, bool]:
        bits, words, covered, whole = 0, set[int](), False, False
        if not self._names[position] & {pattern.full, pattern.name}:
            return bits, words, covered, whole
        for hit in self._hits_at[position]:
            naming = hit.naming
            if naming.sides and naming.sides != pattern.sides:
                continue
            if naming.name == pattern.full or naming.name == pattern.name:
                bits |= self._bit((hit.first, hit.last, position))
                words |= set(range(hit.first, hit.last))
                covered = True
                whole = whole or naming.name == pattern.full
        return bits, words, covered, whole

    def _bit(self, item: object) -> int:
        return self._bits.setdefault(item, 1 << len(self._bits))


def _without(forms: dict[str, set[int]], words: frozenset[int]) -> dict[str, set[int]]:
    """The forms that other words than these say."""
    return {form: numbers - words for form, numbers in forms.items() if numbers - words}


def _count_fits(pattern: Pattern, count: int, families: set[str]) -> bool:
    if pattern.count is not None:
        return pattern.count[0] <= count <= pattern.count[1]
    return count == 1 or pattern.full not in families
