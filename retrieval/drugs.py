"""Which HCPCS codes an order of a drug may mean: names compared word by word, forms weighed.

A code answers an order when it has every word of the drug that the order names. Among those, the
code that says least besides comes first: the plain drug before its combinations, the product that
the order names before the others, the code of no particular maker before those of makers that the
order does not name, and forms and routes that the order states before the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import islice, pairwise, product
from typing import TYPE_CHECKING

from codesets.descriptors import (
    PARENTERAL,
    ROUTES,
    Trait,
    find_doses,
    parse_descriptor,
    read_traits,
    strip_doses,
)
from codesets.drug_brands import all_brands, find_brands
from retrieval.drugwords import Token, Vocabulary, same_length, same_words, tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from codesets.descriptors import Descriptor
    from codesets.drug_brands import BrandMatch
    from codesets.library import Library

_DRUGS = re.compile(
    r"J\d{4}|Q01[3-9]\d|Q02[2-4]\d|Q0515|Q20[0-5]\d|Q302[78]|Q4074|Q408[12]|Q4[1-9]\d\d|Q509[89]"
    r"|Q51[0-9]\d|Q99[5-9]\d|A464[12]|A9[5-7]\d\d|A9800|C9[0-4]\d\d|S0[01]\d\d|P90\d\d"
)
"""Codes of drugs, biologicals, contrast, radiopharmaceuticals, skin substitutes, blood products."""
_LISTED = re.compile(r"Q4[1-9]\d\d")
_MOST_WORDINGS = 8
_ONE_WORD = 0.8
"""Weight of unsaid words below which a name is said whole."""
_DISTINCTIVE = 0.85
"""Weight of a word that so few descriptors have that it names the drug by itself."""
_STRONG = 0.25
"""Weight from which a word can name a drug by itself."""

# What speaks against a code for what it says and the order does not.
_EXTRA_SHARE = 0.16
_UNNAMED_LABEL = 0.06
_UNASKED: Mapping[Trait, float] = {
    Trait.ORAL: 0.05,
    Trait.INHALED: 0.05,
    Trait.NASAL: 0.04,
    Trait.TOPICAL: 0.02,
    Trait.COMPOUNDED: 0.06,
    Trait.CONCENTRATED: 0.02,
    Trait.ESRD: 0.02,
    Trait.PUMP: 0.03,
    Trait.NOT_EQUIVALENT: 0.03,
    Trait.BIOSIMILAR: 0.02,
}
_ROUTE_DIFFERS = 0.28
_FORM_DIFFERS = 0.15
_FORM_UNSAID = 0.03
"""What a code loses that is silent on a form or route which the order states."""
_OTHER_DOSE = 0.03
_OPPOSITES = (
    frozenset({Trait.COMPOUNDED, Trait.APPROVED}),
    frozenset({Trait.CONCENTRATED, Trait.UNIT_DOSE}),
    frozenset({Trait.ESRD, Trait.NON_ESRD}),
)
_SERIES: Mapping[str, float] = {"C": 0.1, "S": 0.1, "Q": 0.005}
"""What temporary codes lose to a J code: S codes are not Medicare's, C codes are for OPPS."""
_BY_WORDING = 0.01
_BY_SPELLING = 0.06
EXACT = 0.75
"""Score from which a reading names the drug and nothing speaks against it but detail."""


@dataclass(frozen=True, slots=True)
class DrugReading:
    """A code that an order may mean.

    ``score`` is between 0 and 1; ``wording`` is what was compared with the descriptor (the order,
    or the order with a trade name replaced); ``spans`` are the half-open offsets of its words;
    ``names_it`` says that the order has the words of the whole drug and no other drug's;
    ``traits`` are the code's forms and routes, ``stated`` those that the order gives.
    """

    code: str
    score: float
    wording: str
    spans: tuple[tuple[int, int], ...]
    names_it: bool
    traits: frozenset[Trait]
    stated: frozenset[Trait]


@dataclass(frozen=True, slots=True)
class _Entry:
    code: str
    names: tuple[frozenset[str], ...]
    labels: tuple[frozenset[str], ...]
    words: frozenset[str]
    traits: frozenset[Trait]
    dose: str


@dataclass(frozen=True, slots=True)
class _Order:
    """One way to read an order: words, stated forms and amounts, and what reading it so costs."""

    tokens: tuple[Token, ...]
    traits: frozenset[Trait]
    doses: frozenset[str]
    wording: str
    cost: float


class DrugIndex:
    """The drugs of one HCPCS release. Built from its descriptors; safe to share between threads."""

    def __init__(self, library: Library) -> None:
        self._entries: list[_Entry] = []
        self._joined: dict[str, tuple[str, str]] = {}
        for code in library.valid_codes():
            if _DRUGS.fullmatch(code.code):
                listed = _LISTED.fullmatch(code.code) is not None
                found = parse_descriptor(code.title, listed=listed)
                self._entries.append(_entry(code.code, found))
                for words in (*found.names, *found.labels):
                    for one, other in pairwise(words):
                        self._joined.setdefault(one + other, (one, other))
        self._labels = {label for entry in self._entries for label in entry.labels}
        documents = [entry.words for entry in self._entries]
        self._vocabulary = Vocabulary(documents)
        self._postings: dict[str, list[int]] = {}
        for number, entry in enumerate(self._entries):
            for word in entry.words:
                self._postings.setdefault(word, []).append(number)
        names = [frozenset(t.form for t in tokens_of(same_length(b.name))) for b in all_brands()]
        self._spelled = Vocabulary([*documents, *names])

    def read(self, text: str, *, facility: bool = False) -> list[DrugReading]:
        """The codes that ``text`` may mean, best first; empty where it names no drug.

        ``facility`` says that the order is a hospital outpatient's, where C codes are reported.
        """
        best: dict[str, DrugReading] = {}
        for order in self._orders(text):
            for reading in self._readings(order, facility):
                known = best.get(reading.code)
                if known is None or reading.score > known.score:
                    best[reading.code] = reading
        return sorted(best.values(), key=lambda reading: (-reading.score, reading.code))

    def _orders(self, text: str) -> Iterator[_Order]:
        """The ways to read ``text``: as it stands, and with misspelt names put right."""
        yield from self._worded(text, list(range(len(text) + 1)), 0.0)
        mended, origins = self._mended(text)
        if mended != text:
            yield from self._worded(mended, origins, _BY_SPELLING)

    def _worded(self, text: str, origins: list[int], cost: float) -> Iterator[_Order]:
        """The text as it stands, and with the trade names it holds in other words.

        A trade name that a descriptor prints needs no other words: they would only lead to the
        codes of other products of the drug, as from a biosimilar to its reference product.
        """
        plain = same_length(text)
        yield _order(plain, (), origins, cost)
        brands = [
            brand
            for brand in find_brands(text)
            if frozenset(t.form for t in tokens_of(plain[brand.start : brand.end]))
            not in self._labels
        ]
        for brand in brands:
            plain = plain[: brand.start] + " " * (brand.end - brand.start) + plain[brand.end :]
        for wordings in islice(product(*(brand.wordings for brand in brands)), _MOST_WORDINGS):
            if wordings:
                pairs = tuple(zip(brands, wordings, strict=True))
                yield _order(plain, pairs, origins, cost + _BY_WORDING)

    def _mended(self, text: str) -> tuple[str, list[int]]:
        """The text with names put right that one slip explains, and where each offset came from."""
        plain = same_length(text)
        pieces: list[str] = []
        origins: list[int] = []
        last = 0
        for token in tokens_of(plain):
            meant = self._spelled.nearest(plain[token.start : token.end])
            if meant is None or token.start < last:
                continue
            pieces += [text[last : token.start], meant]
            origins += range(last, token.start)
            origins += [*([token.start] * (len(meant) - 1)), token.end - 1]
            last = token.end
        pieces.append(text[last:])
        origins += range(last, len(text) + 1)
        return "".join(pieces), origins

    def _rejoined(self, tokens: Sequence[Token]) -> Iterator[Token]:
        """Words written together or apart otherwise than the descriptors write them."""
        place = 0
        while place < len(tokens):
            token = tokens[place]
            after = tokens[place + 1] if place + 1 < len(tokens) else None
            both = token.form + after.form if after is not None else ""
            apart = token.form in self._vocabulary and (
                after is not None and after.form in self._vocabulary
            )
            if after is not None and both in self._vocabulary and not apart:
                yield Token(both, token.start, after.end, token.tied)
                place += 2
                continue
            parts = () if token.form in self._vocabulary else self._joined.get(token.form, ())
            if parts:
                yield from (Token(part, token.start, token.end) for part in parts)
            else:
                yield token
            place += 1

    def _readings(self, order: _Order, facility: bool) -> Iterator[DrugReading]:
        tokens = tuple(self._rejoined(order.tokens))
        weights = self._weights(tokens)
        strong = [word for word, weight in weights.items() if weight >= _STRONG]
        numbers = {n for word in strong or weights for n in self._postings.get(word, ())}
        for number in numbers:
            entry = self._entries[number]
            score, names_it = self._score(entry, weights)
            if score <= 0:
                continue
            score += _form_score(entry, order.traits) - order.cost
            if order.doses and entry.dose not in order.doses:
                score -= _OTHER_DOSE
            if not (facility and entry.code[0] == "C"):
                score -= _SERIES.get(entry.code[0], 0.0)
            spans = {(t.start, t.end) for t in tokens if t.form in entry.words}
            yield DrugReading(
                entry.code,
                min(max(score, 0.0), 1.0),
                order.wording,
                tuple(sorted(spans)),
                names_it,
                entry.traits,
                order.traits,
            )

    def _weights(self, tokens: Iterable[Token]) -> dict[str, float]:
        """What each word of the order counts; a suffix that no code has counts in full."""
        weights: dict[str, float] = {}
        unknown = 0
        for token in tokens:
            weight = self._vocabulary.weight(token.form) * token.share
            if token.form not in self._vocabulary:
                if token.tied and len(token.form) == 4:
                    weight = 1.0
                else:
                    unknown += 1
                    weight = weight if unknown <= 2 else 0.0
            weights[token.form] = max(weights.get(token.form, 0.0), weight)
        return weights

    def _score(self, entry: _Entry, weights: Mapping[str, float]) -> tuple[float, bool]:
        hit = sum(weight for word, weight in weights.items() if word in entry.words)
        missed = sum(weight for word, weight in weights.items() if word not in entry.words)
        if not hit:
            return 0.0, False
        foreign = any(
            word in self._vocabulary and weight >= _STRONG
            for word, weight in weights.items()
            if word not in entry.words
        )
        named = [label for label in entry.labels if label <= weights.keys()]
        extra = min(
            (sum(self._vocabulary.weight(word) for word in name if word not in weights)
             for name in entry.names),
            default=0.0,
        )  # fmt: skip
        score = hit / (hit + missed)
        if named:
            extra *= 0.1
        elif entry.labels and Trait.BIOSIMILAR not in entry.traits:
            score -= _UNNAMED_LABEL
        score -= _EXTRA_SHARE * extra / (0.6 + extra)
        rarest = max(self._vocabulary.weight(word) for word in weights if word in entry.words)
        whole = bool(named) or extra < _ONE_WORD or rarest >= _DISTINCTIVE
        return score, not foreign and whole


def _form_score(entry: _Entry, stated: frozenset[Trait]) -> float:
    """What forms and routes take from a code; 0 for one that states those of the order."""
    score = 0.0
    routes, asked = entry.traits & ROUTES, stated & ROUTES
    if not asked:
        score -= max((_UNASKED.get(route, 0.0) for route in routes), default=0.0)
    elif not routes & asked:
        score -= _ROUTE_DIFFERS if routes else _FORM_UNSAID
    ways, wanted = entry.traits & PARENTERAL, stated & PARENTERAL
    if wanted and not ways & wanted:
        score -= _FORM_DIFFERS if ways else _FORM_UNSAID
    for pair in _OPPOSITES:
        for trait in pair & stated:
            if trait not in entry.traits:
                score -= _FORM_DIFFERS if pair & entry.traits else _FORM_UNSAID
    plain = entry.traits - stated - ROUTES
    return score - sum(_UNASKED.get(trait, 0.0) for trait in plain)


def _entry(code: str, found: Descriptor) -> _Entry:
    names = tuple(frozenset(same_words(name)) for name in found.names)
    labels = tuple(frozenset(same_words(label)) for label in found.labels)
    words = frozenset[str]().union(*names, *labels)
    return _Entry(code, names, labels, words, found.traits, _amount(found.dose))


def _order(
    rest: str, wordings: tuple[tuple[BrandMatch, str], ...], origins: list[int], cost: float
) -> _Order:
    """Read what is left of a text beside its trade names, and their wordings."""
    doses = _amounts(rest)
    traits, left = read_traits(strip_doses(rest))
    found = tokens_of(left)
    tokens = [replace(t, start=origins[t.start], end=origins[t.end - 1] + 1) for t in found]
    stated = set(traits)
    for brand, wording in wordings:
        folded = same_length(wording)
        doses |= _amounts(folded)
        own, words = read_traits(strip_doses(folded))
        # What the order says of the route goes before what the table says of the name.
        stated |= own - ROUTES - PARENTERAL if traits & ROUTES else own
        start, end = origins[brand.start], origins[brand.end - 1] + 1
        tokens += [replace(t, start=start, end=end) for t in tokens_of(words)]
    shown = " ".join([*(wording for _, wording in wordings), *(t.form for t in found)])
    return _Order(tuple(tokens), frozenset(stated), frozenset(doses), shown, cost)


def _amounts(text: str) -> set[str]:
    return {_amount(amount) for amount in find_doses(text)}


def _amount(dose: str) -> str:
    """An amount as compared: without blanks and without what is said of its limits."""
    return re.sub(r"^(?:per|up to)|[\s,]", "", dose.replace("per ", "").replace("up to ", ""))
