"""A procedure phrase read: what its words name, which sides and numbers, which cues."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from codesets.procedures import lexicon
from codesets.procedures.layers import deepest_layer
from codesets.procedures.levels import Levels, read_levels
from codesets.procedures.patterns import SIDES, Pattern
from codesets.procedures.vocabulary import Naming, Token, spelled_out, tokenize

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codesets.procedures.lexicon import Sense
    from codesets.procedures.records import Span
    from codesets.procedures.vocabulary import Vocabulary

T = TypeVar("T")
_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "single": 1, "double": 2, "triple": 3,
    "quadruple": 4, "quintuple": 5,
    **{str(number): number for number in range(1, 10)},
}  # fmt: skip
_SITE_WORDS = "vessel artery site vein joint rib bypass level disc graft"
_SITES = frozenset(_SITE_WORDS.split())
BOTH = frozenset({"bilateral", "bilaterally", "bilat", "both", "b/l"})
_REFUSALS = frozenset({"no", "without", "not"})
_TIMES = re.compile(r"\bx\s*([1-9])\b", re.IGNORECASE)
_HOURS = re.compile(
    r"(?<![\d.])(\d+(?:\.\d+)?)[\s-]*(consecutive )?(hours?|hrs?|h|days?)\b", re.IGNORECASE
)
_CONVERTED = re.compile(
    r"\bconver(?:ted|sion) to (?:an )?open\b|\bopen conversion\b", re.IGNORECASE
)
_MORE_THAN = re.compile(r"(?:more than|greater than|over|>)\s*$", re.IGNORECASE)
_LESS_THAN = re.compile(r"(?:less than|under|<)\s*$", re.IGNORECASE)
# Names that tell one coronary artery from another.
_CORONARIES = (
    ("lad", "left anterior descending", "diagonal"),
    ("rca", "right coronary", "pda", "posterior descending"),
    ("circumflex", "lcx", "obtuse marginal", "om1", "om2"),
    ("left main",),
    ("ramus",),
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase of the text that names a value; ``first`` and ``last`` are word numbers."""

    naming: Naming
    first: int
    last: int


@dataclass(slots=True)
class Reading:
    """What the text says. ``forms`` map a word form to the numbers of the words that say it.

    ``counts`` are numbers said of the things at a position (4 sites, 6 devices). ``hours`` is how
    long, as (lowest, highest); ``converted`` that an approach was given up for an open one.
    ``reach`` are keys of the body parts that the way of looking reaches, empty where none is said;
    ``layer`` is the deepest layer that the text says was reached, or "".
    """

    text: str
    tokens: list[Token]
    forms: dict[str, set[int]] = field(default_factory=dict)
    hits: list[Hit] = field(default_factory=list)
    cues: dict[str, set[int]] = field(default_factory=dict)
    sides: frozenset[str] = frozenset()
    counts: dict[int, int] = field(default_factory=dict)
    hours: tuple[float, float] | None = None
    hour_span: Span | None = None
    converted: bool = False
    levels: Levels = field(default_factory=Levels)
    reach: frozenset[str] = frozenset()
    layer: str = ""

    def spans(self, words: Iterable[int]) -> tuple[Span, ...]:
        """Character offsets of words, neighbours joined."""
        found: list[Span] = []
        last = -2
        for number in sorted(set(words)):
            token = self.tokens[number]
            if number == last + 1 and found:
                found[-1] = (found[-1][0], token.end)
            else:
                found.append((token.start, token.end))
            last = number
        return tuple(found)

    def quote(self, words: Iterable[int]) -> str:
        """The words as the text has them, in quotes: what a reason begins with."""
        parts = [f"'{self.text[a:b]}'" for a, b in self.spans(words)] or ["what the text says"]
        return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + f" and {parts[-1]}"


def read(text: str, vocabulary: Vocabulary, side: str | None = None) -> Reading:
    """Read a phrase with a book's vocabulary; "bilateral" as ``side`` where one is given."""
    tokens = spelled_out(text, tokenize(text))
    if side is not None:
        tokens = [replace(t, form=side) if t.form in BOTH else t for t in tokens]
    reading = Reading(text, tokens)
    tokens = reading.tokens
    for number, token in enumerate(tokens):
        _say(reading, token.form, number)
        for part in lexicon.stems_of(token.form):
            for word in tokenize(part):
                _say(reading, word.form, number)
    for first, last, sayings in _longest(list(vocabulary.sayings.find(tokens))):
        for says in sayings:
            for form in says:
                for number in range(first, last):
                    _say(reading, form, number)
    for first, last, names in vocabulary.cues.find(tokens):
        if _refused(tokens, first):
            continue
        for cue in names:
            reading.cues.setdefault(cue, set()).update(range(first, last))
    reach = [parts for _, _, found in vocabulary.reaches.find(tokens) for parts in found]
    reading.reach = frozenset().union(*reach)
    reading.layer = deepest_layer(text)
    _read_sides(reading)
    _read_namings(reading, vocabulary)
    _read_numbers(reading)
    return reading


def say(reading: Reading, sense: Sense, words: Iterable[int]) -> None:
    """Add what a procedure word says besides: other words of the tables."""
    for form in sense.words:
        for number in words:
            _say(reading, form, number)


def _say(reading: Reading, form: str, number: int) -> None:
    reading.forms.setdefault(form, set()).add(number)


def _refused(tokens: list[Token], first: int) -> bool:
    """Whether the word before says that what follows is not there: "without mesh"."""
    return first > 0 and tokens[first - 1].form in _REFUSALS


def _read_sides(reading: Reading) -> None:
    said = {side for side in SIDES if side in reading.forms}
    if {"right", "left"} <= said and "bilateral" not in said:
        both = re.search(r"\b(?:right and left|left and right)\b", reading.text, re.IGNORECASE)
        if both:
            said.add("bilateral")
    reading.sides = frozenset(said)


def _read_namings(reading: Reading, vocabulary: Vocabulary) -> None:
    by_position: dict[int, list[tuple[int, int, list[Naming]]]] = {}
    for first, last, namings in vocabulary.namings.find(reading.tokens):
        if _refused(reading.tokens, first):
            continue
        for naming in namings:
            by_position.setdefault(naming.position, []).append((first, last, [naming]))
    for found in by_position.values():
        for first, last, namings in _longest(found):
            reading.hits += [Hit(naming, first, last) for naming in namings]
    reading.converted = bool(_CONVERTED.search(reading.text))
    if reading.converted:
        # ICD-10-PCS guideline B3.2d: the procedure is coded to the open approach.
        reading.hits = [
            hit for hit in reading.hits if hit.naming.position != 5 or hit.naming.name == "open"
        ]


def _read_numbers(reading: Reading) -> None:
    tokens = reading.tokens
    for number, token in enumerate(tokens):
        value = _NUMBERS.get(token.form)
        if value is None:
            continue
        after = [tokens[n].form for n in range(number + 1, min(number + 5, len(tokens)))]
        nouns = [word for word in after if word in _SITES or word == "stent"]
        if nouns:
            reading.counts.setdefault(6 if nouns[0] == "stent" else 4, value)
    times = _TIMES.search(reading.text)
    if times:
        before = reading.text[: times.start()].lower().rstrip()
        reading.counts.setdefault(
            6 if before.endswith(("stent", "stents")) else 4, int(times.group(1))
        )
    if "stent" in reading.forms and 6 not in reading.counts:
        written = {tokens[n] for n in reading.forms["stent"]}
        if all(reading.text[t.start : t.end].lower() == "stent" for t in written):
            reading.counts[6] = 1
    lower = reading.text.lower()
    named = sum(any(re.search(rf"\b{name}\b", lower) for name in names) for names in _CORONARIES)
    if named:
        reading.counts.setdefault(4, named)
    several = reading.counts.get(4, 1) > 1 or "each" in reading.forms
    if several and reading.counts.get(6, 0) == 1:
        # "One stent in each" of two arteries is two.
        del reading.counts[6]
    reading.levels = read_levels(reading.text)
    for word in reading.levels.words:
        for number, token in enumerate(tokens):
            if any(a < token.end and token.start < b for a, b in reading.levels.spans):
                _say(reading, word, number)
    if reading.levels.joints:
        reading.counts[4] = reading.levels.joints
    _read_hours(reading)


def _read_hours(reading: Reading) -> None:
    found = _HOURS.search(reading.text)
    if not found:
        return
    hours = float(found.group(1)) * (24 if found.group(3).lower().startswith("d") else 1)
    before = reading.text[: found.start()]
    low, high = hours, hours
    if _MORE_THAN.search(before):
        low, high = hours + 0.01, 100_000.0
    elif _LESS_THAN.search(before):
        low, high = 0.0, hours - 0.01
    reading.hours = (low, high)
    reading.hour_span = (found.start(), found.end())


def _longest(found: list[tuple[int, int, list[T]]]) -> list[tuple[int, int, list[T]]]:
    """Of phrases that overlap, the longest; phrases over the same words stay together."""
    kept: list[tuple[int, int, list[T]]] = []
    for first, last, values in sorted(found, key=lambda hit: (hit[0] - hit[1], hit[0])):
        inside = [hit for hit in kept if first < hit[1] and hit[0] < last]
        if all((hit[0], hit[1]) == (first, last) for hit in inside):
            kept.append((first, last, values))
    return sorted(kept, key=lambda hit: hit[0])


def fits_hours(pattern: Pattern, hours: tuple[float, float]) -> bool | None:
    """Whether a duration value holds the hours said; None where it is not a duration."""
    label = pattern.label.lower()
    if "hour" not in label:
        return None
    low, high = 0.0, 100_000.0
    between = re.search(r"(\d+)-(\d+)", label)
    less = re.search(r"less than (\d+)", label)
    greater = re.search(r"greater than (\d+)", label)
    if between:
        low, high = float(between.group(1)), float(between.group(2))
    elif less:
        high = float(less.group(1)) - 0.001
    elif greater:
        low = float(greater.group(1)) + 0.001
    return low <= hours[0] and hours[1] <= high
