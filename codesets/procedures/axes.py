"""Characters 4 to 7, chosen in the rows that fit best: by words, by the table, by what is usual."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codesets.procedures.patterns import key, read_label
from codesets.procedures.records import AxisChoice

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codesets.formats.pcs import PcsValue
    from codesets.procedures.book import ProcedureBook
    from codesets.procedures.reading import Reading
    from codesets.procedures.rows import Fit
    from codesets.procedures.tables import Option

_POSITIONS = (4, 5, 6, 7)
_MOST_SHOWN = 8


def choose_axes(
    book: ProcedureBook, reading: Reading, option: Option
) -> tuple[tuple[AxisChoice, ...], tuple[str, ...]]:
    """The four choices in order, and remarks on what the text says but the table does not allow."""
    chooser = _Chooser(book, reading, option)
    return chooser.choose(), chooser.refused()


class _Chooser:
    def __init__(self, book: ProcedureBook, reading: Reading, option: Option) -> None:
        self.book = book
        self.reading = reading
        self.option = option
        self.table = option.table
        self.alive: list[Fit] = list(option.fits)
        self.made: dict[int, AxisChoice] = {}

    def choose(self) -> tuple[AxisChoice, ...]:
        for position in _POSITIONS:
            self._decide(position)
        # A later choice may leave one value of an earlier axis.
        for position in _POSITIONS:
            if self.made[position].chosen is None:
                self._decide(position)
        return tuple(self.made[position] for position in _POSITIONS)

    def refused(self) -> tuple[str, ...]:
        """Approaches and devices that words name and the chosen rows do not have."""
        notes = []
        for position in (5, 6):
            allowed = {
                name
                for fit in self.alive
                for value in fit.values[position]
                for name in (read_label(value.label).full, read_label(value.label).name)
            }
            hits = [hit for hit in self.reading.hits if hit.naming.position == position]
            known = {hit.naming.name for hit in hits}
            if position == 5 and hits and not known & allowed:
                words = {n for hit in hits for n in range(hit.first, hit.last)}
                notes.append(
                    f"{self.reading.quote(words)}: table {self.table.prefix} has no such "
                    f"{self._name(position).lower()} for this {self._name(4).lower()}."
                )
        return tuple(notes)

    def _name(self, position: int) -> str:
        return self.table.titles[position - 1]

    def _decide(self, position: int) -> None:
        values = _union(fit.values[position] for fit in self.alive)
        said = [fit for fit in self.alive if position in fit.said]
        if said and len(said) == len(self.alive):
            words = frozenset(w for fit in said for w in fit.supports[position])
            self._by_words(position, values, words)
        elif len(values) == 1:
            self._take(position, values[0], values, self._only(position, values[0]))
        else:
            self._by_default(position, values)

    def _by_words(self, position: int, values: tuple[PcsValue, ...], words: frozenset[int]) -> None:
        spans = self.reading.spans(words)
        if position == 5 and not words and self.reading.hour_span:
            spans = (self.reading.hour_span,)
        quote = self._quoted(spans)
        if len(values) == 1:
            meaning = self._meaning(position, values[0])
            why = f"{quote}: {self._name(position)} {values[0].label}{meaning}."
            self._take(position, values[0], values, why, spans)
            return
        why = f"{quote} leaves the {self._name(position).lower()} open: {self._asked(values)}."
        self._leave(position, values, why, spans)

    def _reached(self, position: int, values: tuple[PcsValue, ...]) -> tuple[PcsValue, ...]:
        """Of body parts that the text does not tell apart, those that the way in reaches."""
        if position != 4 or not self.reading.reach:
            return values
        return tuple(v for v in values if key(v.label) in self.reading.reach) or values

    def _by_default(self, position: int, values: tuple[PcsValue, ...]) -> None:
        values = self._reached(position, values)
        supporter = self.option.supporter
        meant = tuple(value for value in values if supporter.meant(position, value))
        words = self.option.words
        quote = self.reading.quote(words)
        if len(meant) == 1:
            meaning = self._meaning(position, meant[0])
            usual = supporter.assumed(position)
            why = (
                f"{self._name(position)} {meant[0].label}: usual for {quote}, and the text says "
                f"nothing else{meaning}."
                if usual
                else f"{quote}: {self._name(position)} {meant[0].label}{meaning}."
            )
            spans = () if usual else self.reading.spans(words)
            self._take(position, meant[0], values, why, spans)
            return
        none = next((value for value in values if read_label(value.label).is_none), None)
        quiet = position == 7 or (position == 6 and self._name(6) == "Qualifier")
        if none is not None and quiet and not supporter.open(position):
            others = self._shown(value for value in values if value is not none)
            why = f"{self._name(position)} {none.label}: the text names none of {others}."
            self._take(position, none, values, why)
            return
        left = meant or values
        why = f"The text does not say the {self._name(position).lower()}: {self._asked(left)}."
        self._leave(position, left, why)

    # --- keeping ----------------------------------------------------------------------------------

    def _take(
        self,
        position: int,
        value: PcsValue,
        values: tuple[PcsValue, ...],
        why: str,
        spans: tuple[tuple[int, int], ...] = (),
    ) -> None:
        name = self._name(position)
        self.made[position] = AxisChoice(name, position, value, values, why, spans)
        self._narrow(position, (value,))

    def _leave(
        self,
        position: int,
        values: tuple[PcsValue, ...],
        why: str,
        spans: tuple[tuple[int, int], ...] = (),
    ) -> None:
        name = self._name(position)
        self.made[position] = AxisChoice(name, position, None, values, why, spans)
        self._narrow(position, values)

    def _narrow(self, position: int, values: tuple[PcsValue, ...]) -> None:
        wanted = {value.character for value in values}
        self.alive = [
            fit
            for fit in self.alive
            if any(value.character in wanted for value in fit.values[position])
        ]

    # --- words ------------------------------------------------------------------------------------

    def _only(self, position: int, value: PcsValue) -> str:
        return (
            f"{self._name(position)} {value.label}: the only value that the rows of table "
            f"{self.table.prefix} leave here."
        )

    def _meaning(self, position: int, value: PcsValue) -> str:
        """The definition of an approach or type, where the release has one."""
        found = self.book.meaning(self.table.prefix[0], position, value.label)
        if found is None or not found.definition or position != 5:
            return ""
        text = found.definition
        return f" ({text[0].lower()}{text[1:]})"

    def _asked(self, values: tuple[PcsValue, ...]) -> str:
        sides = {side for value in values for side in read_label(value.label).sides}
        alike = len({read_label(value.label).full for value in values}) == 1
        if sides and alike:
            return f"the side is not said ({self._shown(values)})"
        return f"{self._shown(values)} are possible"

    @staticmethod
    def _shown(values: Iterable[PcsValue]) -> str:
        labels = [value.label for value in values]
        if len(labels) > _MOST_SHOWN:
            labels = [*labels[: _MOST_SHOWN - 1], f"{len(labels) - _MOST_SHOWN + 1} more"]
        return labels[0] if len(labels) == 1 else ", ".join(labels[:-1]) + f" and {labels[-1]}"

    def _quoted(self, spans: tuple[tuple[int, int], ...]) -> str:
        parts = [f"'{self.reading.text[a:b]}'" for a, b in spans] or ["what the text says"]
        return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + f" and {parts[-1]}"


def _union(parts: Iterable[tuple[PcsValue, ...]]) -> tuple[PcsValue, ...]:
    found = {value.character: value for part in parts for value in part}
    return tuple(found[character] for character in sorted(found))
