"""How strongly the words of a text favour one meaning of an abbreviation."""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache
from typing import TYPE_CHECKING

from codesets.phrases import Token, tokenize
from codesets.spelling import word_variants

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codesets.vocabulary import Meaning

# A hint this many tokens away weighs half as much as one beside the abbreviation.
_HALF_WEIGHT_DISTANCE = 25
# The full meaning written out in the same text ("multiple sclerosis (MS)") outweighs hints.
_WRITTEN_OUT_WEIGHT = 4.0
# Shorter wordings ("or", "pain") are met by chance.
_LEAST_WRITTEN_OUT = 6


class Context:
    """The words of a text, ready to be asked how near a hint stands."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._forms = [token.form for token in tokens]
        self._where: dict[str, list[int]] = {}
        for index, form in enumerate(self._forms):
            for variant in word_variants(form):
                self._where.setdefault(variant, []).append(index)
        self._places: dict[str, list[int]] = {}

    def weight(self, meaning: Meaning, position: int | None) -> float:
        """How strongly this text favours ``meaning`` for the abbreviation at ``position``."""
        total = sum(self._one(hint, position) for hint in meaning.hints)
        for wording in {meaning.spoken.casefold(), meaning.index_wording.casefold()}:
            if len(wording) >= _LEAST_WRITTEN_OUT:
                total += _WRITTEN_OUT_WEIGHT * self._one(wording, position)
        return total

    def _one(self, hint: str, position: int | None) -> float:
        """Between 0 (the hint is nowhere) and 1 (it stands beside, or no position is known)."""
        places = self._places.get(hint)
        if places is None:
            places = self._stem(hint[:-1]) if hint.endswith("*") else self._phrase(hint)
            self._places[hint] = places
        if not places:
            return 0.0
        if position is None:
            return 1.0
        after = bisect_left(places, position)
        around = [p for p in places[max(after - 1, 0) : after + 2] if p != position]
        if not around:
            return 0.0
        distance = min(abs(place - position) for place in around)
        return 1.0 / (1.0 + distance / _HALF_WEIGHT_DISTANCE)

    def _stem(self, stem: str) -> list[int]:
        """Positions, ascending, of the words that begin with ``stem``."""
        return sorted(
            place
            for form, places in self._where.items()
            if form.startswith(stem)
            for place in places
        )

    def _phrase(self, phrase: str) -> list[int]:
        """Positions, ascending, where the words of ``phrase`` follow one another."""
        words = _forms_of(phrase)
        return [
            place
            for place in (self._where.get(words[0], ()) if words else ())
            if place + len(words) <= len(self._forms)
            and all(
                word in word_variants(form)
                for word, form in zip(words, self._forms[place : place + len(words)], strict=True)
            )
        ]


@lru_cache(maxsize=8_192)
def _forms_of(phrase: str) -> tuple[str, ...]:
    return tuple(token.form for token in tokenize(phrase))
