"""Which row of which table the words of a text support best.

A code is valid where one row allows all its characters, so that values are never chosen axis by
axis alone: each row is weighed with everything the text says, and choices are made in the best.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING

from codesets.procedures.patterns import read_label
from codesets.procedures.support import POSITIONS, Axis, Support, Supporter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from codesets.formats.pcs import PcsValue
    from codesets.procedures.book import Row, Table

_MOST_WAYS = 6
# What a word of a label that is not said takes from a row: it only parts rows otherwise equal.
_UNSAID = 0.01
# What a value adds that the procedure word implies, or assumes, and a beginning of a code given.
_IMPLIED, _ASSUMED, _GIVEN = 0.8, 0.2, 0.5
# Axes whose values are also common speech: only phrases that name a value count there.
_NAMED_ONLY = frozenset({"Approach"})


@dataclass(slots=True)
class Fit:
    """How well a row fits: what of the text it takes up, and per axis the values to choose from.

    ``said`` are the values that words support; ``values`` those that remain (the said ones, or all
    that nothing said excludes); ``supports`` the words behind the said ones.
    """

    row: Row
    bits: int
    score: float
    values: dict[int, tuple[PcsValue, ...]] = field(default_factory=dict)
    said: dict[int, tuple[PcsValue, ...]] = field(default_factory=dict)
    supports: dict[int, frozenset[int]] = field(default_factory=dict)


Found = dict[int, list[tuple["PcsValue", Support]]]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A table's best rows for a text; ``body`` where the text names one of its body parts.

    ``fits`` are empty where another table of the operation takes up more of the words.
    """

    table: Table
    fits: tuple[Fit, ...]
    score: float
    body: bool


@dataclass(frozen=True, slots=True)
class _Draft:
    """A row before its values are settled."""

    table: Table
    row: Row
    prefix: str
    allowed: dict[int, list[PcsValue]]
    found: Found
    bits: int


class Weigher:
    """Weighs the rows of tables with what a ``Supporter`` finds."""

    def __init__(self, supporter: Supporter) -> None:
        self.supporter = supporter
        implied = [i for i in supporter.implied.values() if i.labels]
        # The most that the procedure word can add to a row's score (``_bonus``).
        self._margin = _GIVEN + sum(_ASSUMED if i.assumed else _IMPLIED for i in implied)

    def weigh(self, tables: Iterable[tuple[Table, str]]) -> list[Weighed]:
        """The best rows of tables, each with the beginning of a code to keep to ("" for none).

        Of one operation's tables only those with the body part that the text names are kept,
        where any has it.
        """
        drafts = [d for table, prefix in tables for d in self._drafts(table, prefix)]
        with_body = {d.table.operation for d in drafts if 4 in d.found}
        drafts = [d for d in drafts if 4 in d.found or d.table.operation not in with_body]
        most: dict[str, int] = {}
        for draft in drafts:
            count = draft.bits.bit_count()
            most[draft.table.operation] = max(count, most.get(draft.table.operation, 0))
        by_table: dict[str, list[_Draft]] = {}
        for draft in drafts:
            by_table.setdefault(draft.table.prefix, []).append(draft)
        return [self._weighed(kept, most) for kept in by_table.values()]

    def _weighed(self, drafts: list[_Draft], most: dict[str, int]) -> Weighed:
        """One table's best rows; not settled where the text speaks for another table."""
        table = drafts[0].table
        best = max(draft.bits.bit_count() for draft in drafts)
        body = any(4 in draft.found for draft in drafts)
        if best + self._margin < most[table.operation]:
            return Weighed(table, (), float(best), body)
        fits = [
            self._fit(draft) for draft in drafts if draft.bits.bit_count() + self._margin >= best
        ]
        score = max(fit.score for fit in fits)
        return Weighed(table, tuple(fit for fit in fits if fit.score == score), score, body)

    # --- rows -------------------------------------------------------------------------------------

    def _drafts(self, table: Table, prefix: str) -> Iterator[_Draft]:
        """The rows that nothing said speaks against, with what words support in each."""
        named = tuple(title in _NAMED_ONLY for title in table.titles[3:])
        for row in table.rows:
            allowed: dict[int, list[PcsValue]] = {}
            found: Found = {}
            for position, values, by_name in zip(POSITIONS, row.axes, named, strict=True):
                wanted = prefix[position - 1 : position]
                kept, supported = self.supporter.axis(position, values, wanted, by_name)
                if not kept:
                    break
                if position == 6:
                    kept, supported = self._own_device(kept, supported)
                allowed[position] = kept
                if supported:
                    found[position] = supported
            else:
                yield _Draft(table, row, prefix, allowed, found, _best_union(found))

    def _own_device(self, kept: list[PcsValue], supported: list[tuple[PcsValue, Support]]) -> Axis:
        """The device that the procedure's name says, where the row has it, and no other.

        "AICD, dual chamber" is a defibrillator, whatever else has two chambers.
        """
        implied = self.supporter.implied.get(6)
        if implied is None or implied.assumed or not implied.labels:
            return kept, supported
        own = [value for value in kept if self.supporter.meant(6, value)]
        if not own:
            return kept, supported
        return own, [pair for pair in supported if pair[0] in own]

    def _fit(self, draft: _Draft) -> Fit:
        fit = Fit(draft.row, draft.bits, float(draft.bits.bit_count()))
        for position in POSITIONS:
            if position in draft.found:
                self._settle(fit, position, draft.found)
            else:
                fit.values[position] = tuple(draft.allowed[position])
        fit.score += self._bonus(fit, draft.prefix)
        return fit

    def _bonus(self, fit: Fit, prefix: str) -> float:
        """What the procedure word itself says, and the text does not, decides between rows."""
        bonus = 0.0
        for position, implied in self.supporter.implied.items():
            if not implied.labels or position in fit.said:
                continue
            if any(self.supporter.meant(position, value) for value in fit.values[position]):
                bonus += _ASSUMED if implied.assumed else _IMPLIED
        return bonus + (_GIVEN if len(prefix) > 3 else 0.0)

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
        fit.score -= _UNSAID * fewest
        if not self.supporter.reading.sides:
            plain = [pair for pair in kept if not read_label(pair[0].label).sides]
            fit.score -= 0.0 if plain else _UNSAID / 2
            kept = plain or kept
        kept = [pair for pair in kept if self.supporter.meant(position, pair[0])] or kept
        values = tuple(value for value, _ in kept)
        fit.values[position] = fit.said[position] = values
        fit.supports[position] = frozenset(w for _, support in kept for w in support.words)


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
