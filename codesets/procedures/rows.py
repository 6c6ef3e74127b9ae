"""Which values of a table's rows the words of a text support, and which row they support best.

A code is valid where one row allows all its characters, so that values are never chosen axis by
axis alone: each row is weighed with everything the text says, and choices are made in the best.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING

from codesets.procedures.patterns import Pattern, read_label
from codesets.procedures.reading import Reading, fits_hours

if TYPE_CHECKING:
    from codesets.formats.pcs import PcsValue
    from codesets.procedures.book import Row, Table
    from codesets.procedures.lexicon import Implied, Sense

_POSITIONS = (4, 5, 6, 7)
_MOST_WAYS = 6
# Values whose wording is also common speech are taken only from phrases that name them.
# Words of a body part's name that say where, not what.
_POSITIONAL = frozenset(
    "upper lower internal external anterior posterior common middle superior inferior main".split()
)
_NAMED_ONLY = frozenset({"Approach"})


@dataclass(frozen=True, slots=True)
class Support:
    """What supports a value: the words, in bits; how many of its own words are unsaid."""

    bits: int
    words: frozenset[int]
    unsaid: int


@dataclass(slots=True)
class Fit:
    """How well a row fits: what of the text it takes up, and per axis the values to choose from.

    ``said`` are the values that words support; ``values`` those that remain (the said ones, or all
    that nothing said excludes); ``supports`` the words behind the said ones.
    """

    row: Row
    bits: int
    score: float
    body: bool
    values: dict[int, tuple[PcsValue, ...]] = field(default_factory=dict)
    said: dict[int, tuple[PcsValue, ...]] = field(default_factory=dict)
    supports: dict[int, frozenset[int]] = field(default_factory=dict)


Found = dict[int, list[tuple["PcsValue", Support]]]


class Weigher:
    """Weighs rows for one text and one sense of its procedure word."""

    def __init__(
        self,
        reading: Reading,
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
        for form in sense.words:
            self._own.setdefault(form, set()).update(words)
        self._names: dict[int, set[str]] = {position: set() for position in _POSITIONS}
        for hit in reading.hits:
            self._names[hit.naming.position].add(hit.naming.name)
        self._bits: dict[object, int] = {}
        self._supports: dict[tuple[int, str, bool], Support | None] = {}
        self._implied: dict[int, Implied] = {i.position: i for i in sense.implied}
        self._meant = {
            position: [read_label(label) for label in implied.labels]
            for position, implied in self._implied.items()
        }

    def open(self, position: int) -> bool:
        """Whether silence must not settle the axis."""
        implied = self._implied.get(position)
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
        implied = self._implied.get(position)
        return implied is not None and implied.assumed

    def weigh(self, table: Table, prefix: str = "") -> list[Fit]:
        """The table's best rows for the text; ``prefix`` is a beginning of a code to keep to."""
        fits = []
        for row in table.rows:
            fit = self._row(table, row, prefix)
            if fit is not None:
                fits.append(fit)
        best = max((fit.score for fit in fits), default=0.0)
        return [fit for fit in fits if fit.score == best]

    # --- rows -------------------------------------------------------------------------------------

    def _row(self, table: Table, row: Row, prefix: str) -> Fit | None:
        allowed: dict[int, list[PcsValue]] = {}
        found: dict[int, list[tuple[PcsValue, Support]]] = {}
        for position, values in zip(_POSITIONS, row.axes, strict=True):
            named = table.titles[position - 1] in _NAMED_ONLY
            wanted = prefix[position - 1 : position]
            kept = [v for v in values if not wanted or v.character == wanted]
            kept = self._compatible(position, kept, values)
            if not kept:
                return None
            allowed[position] = kept
            supported = []
            for value in kept:
                support = self._support(position, value, named=named)
                if support is not None:
                    supported.append((value, support))
            if supported:
                found[position] = supported
        bits = _best_union(found)
        fit = Fit(row, bits, float(bits.bit_count()), 4 in found)
        for position in _POSITIONS:
            if position in found:
                self._settle(fit, position, found)
            else:
                fit.values[position] = tuple(allowed[position])
        fit.score += self._bonus(fit, prefix)
        return fit

    def _bonus(self, fit: Fit, prefix: str) -> float:
        """What the procedure word itself says, and the text does not, decides between rows."""
        bonus = 0.0
        for position, implied in self._implied.items():
            if not implied.labels or position in fit.said:
                continue
            if any(self.meant(position, value) for value in fit.values[position]):
                bonus += 0.2 if implied.assumed else 0.8
        return bonus + (0.5 if len(prefix) > 3 else 0.0)

    def _settle(self, fit: Fit, position: int, found: Found) -> None:
        """Keep the values of an axis that the best use of all the words leaves."""
        best = fit.bits.bit_count()
        others = {other: pairs for other, pairs in found.items() if other != position}
        kept = []
        for pair in found[position]:
            union = _best_union({**others, position: [pair]})
            if union.bit_count() == best:
                kept.append(pair)
        fewest = min(support.unsaid for _, support in kept)
        kept = [pair for pair in kept if pair[1].unsaid == fewest]
        plain = [pair for pair in kept if not read_label(pair[0].label).sides]
        if plain and not self.reading.sides:
            kept = plain
        kept = [pair for pair in kept if self.meant(position, pair[0])] or kept
        values = tuple(value for value, _ in kept)
        fit.values[position] = fit.said[position] = values
        fit.supports[position] = frozenset(w for _, support in kept for w in support.words)

    # --- values -----------------------------------------------------------------------------------

    def _compatible(
        self, position: int, kept: list[PcsValue], values: tuple[PcsValue, ...]
    ) -> list[PcsValue]:
        """The values that no side, number or duration of the text speaks against."""
        sides = self.reading.sides
        patterns = {value.character: read_label(value.label) for value in kept}
        if position == 4 and sides:
            fitting = [v for v in kept if self._side_fits(patterns[v.character])]
            if not fitting and "bilateral" in sides:
                fitting = kept
            elif "bilateral" in sides and not any(
                "bilateral" in read_label(value.label).sides for value in values
            ):
                fitting = kept
            kept = fitting
        count = self.reading.counts.get(position)
        if count is not None:
            families = {p.full for p in map(read_label, (v.label for v in values)) if p.count}
            kept = [v for v in kept if _count_fits(patterns[v.character], count, families)]
        if self.reading.hours is not None and position == 5:
            hours = self.reading.hours
            kept = [v for v in kept if fits_hours(patterns[v.character], hours) is not False]
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
            bits |= self._bit(("sense", 4))
            words |= self._sense_words
            covered = True
        forms = self._own if position == 4 else self.reading.forms
        if not (named or pattern.is_none or pattern.label.startswith("Other ")):
            covered = covered or self._covers(pattern, forms, position)
            if covered:
                for group in (*pattern.head, *pattern.tail, pattern.spare):
                    for form in group & forms.keys():
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
        for hit in self.reading.hits:
            naming = hit.naming
            if naming.position != position:
                continue
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


def _best_union(found: Found) -> int:
    """The most words that one code of a row can take up, as bits."""
    ways = []
    for supported in found.values():
        masks = sorted({s.bits for _, s in supported}, key=lambda bits: -bits.bit_count())
        ways.append(masks[:_MOST_WAYS])
    best = 0
    for combination in product(*ways):
        union = 0
        for bits in combination:
            union |= bits
        if union.bit_count() > best.bit_count():
            best = union
    return best


def _count_fits(pattern: Pattern, count: int, families: set[str]) -> bool:
    if pattern.count is not None:
        return pattern.count[0] <= count <= pattern.count[1]
    return count == 1 or pattern.full not in families
