"""Procedures that a text names: which words, and which reading of them its other words support."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.procedures import lexicon
from codesets.procedures.lexicon import Sense

if TYPE_CHECKING:
    from codesets.procedures.reading import Reading
    from codesets.procedures.vocabulary import Vocabulary

WAY_IN = 2
_RANKS = {"n": 0, "g": 1, "w": WAY_IN}
_REFUSED = frozenset({"no", "without", "not", "denied", "declined", "refused", "versus"})
# Words of disease that end as procedures do.
_CONDITIONS = ("paralysis", "osteolysis", "hemolysis", "myolysis", "epidermolysis", "onycholysis")
_GUIDES = frozenset({"guided", "guidance", "control"})


@dataclass(frozen=True, slots=True)
class Mention:
    """Words (``first`` up to ``last``) that name a procedure, and their possible readings."""

    first: int
    last: int
    senses: tuple[Sense, ...]

    @property
    def rank(self) -> int:
        """0 for a procedure's own name, 1 for a general word, 2 for a way in."""
        return min(_RANKS[sense.rank] for sense in self.senses)

    @property
    def words(self) -> frozenset[int]:
        """The numbers of its words."""
        return frozenset(range(self.first, self.last))


def find_mentions(reading: Reading, vocabulary: Vocabulary) -> list[Mention]:
    """The procedures named, the one to code first at the head."""
    listed = list(vocabulary.senses.find(reading.tokens, across_sides=True))
    # Where our list has a phrase, the Index does not speak for what its cues rule out.
    known = {(first, last) for first, last, _ in listed}
    indexed = [m for m in _indexed(reading, vocabulary) if (m.first, m.last) not in known]
    found = [*_listed(reading, listed), *indexed]
    found.sort(key=lambda m: (m.first - m.last, bool(m.senses[0].entry), m.first))
    kept: list[Mention] = []
    for mention in found:
        if any(mention.first < k.last and k.first < mention.last for k in kept):
            continue
        if not _excused(mention, reading):
            kept.append(mention)
    taken = {number for mention in kept for number in mention.words}
    kept += _composed(reading, taken)
    return sorted(kept, key=lambda mention: (mention.rank, mention.first))


def _listed(reading: Reading, phrases: list[tuple[int, int, list[Sense]]]) -> list[Mention]:
    """Mentions by our own list: of the readings of a phrase, those most fully said."""
    found = []
    for first, last, senses in phrases:
        fitting = [(weight, s) for s in senses if (weight := _weight(s, reading)) is not None]
        if fitting:
            most = max(weight for weight, _ in fitting)
            # Singular and plural of a phrase are the same words here.
            alike = {(s.operations, s.scopes, s.implied): s for w, s in fitting if w == most}
            found.append(Mention(first, last, tuple(alike.values())))
    return found


def _weight(sense: Sense, reading: Reading) -> int | None:
    """How much a reading's cues are said; None where one is missing or one is said against it."""
    weight = 0
    for cue in sense.needs:
        wanted = not cue.startswith("!")
        if wanted != (cue.removeprefix("!") in reading.cues):
            return None
        weight += 3 if wanted else 1
    return weight


def _indexed(reading: Reading, vocabulary: Vocabulary) -> list[Mention]:
    """Mentions by the Index: the terms whose words are all said, the fullest of them."""
    found = []
    for first, last, terms in vocabulary.terms.find(reading.tokens, across_sides=True):
        written = reading.text[reading.tokens[first].start : reading.tokens[last - 1].end]
        said = [
            term
            for term in terms
            if term.words <= reading.forms.keys()
            # An abbreviation of the Index is one only in capitals: "BAS", and not "bas".
            and (written.isupper() or not term.sense.phrase.isupper())
        ]
        if said:
            most = max(len(term.words) for term in said)
            senses = tuple(term.sense for term in said if len(term.words) == most)
            found.append(Mention(first, last, senses[:1] if most else senses))
    return found


def _excused(mention: Mention, reading: Reading) -> bool:
    """Whether the words refuse the procedure, or only say what guides another."""
    before = reading.tokens[mention.first - 1].form if mention.first else ""
    after = reading.tokens[mention.last].form if mention.last < len(reading.tokens) else ""
    return before in _REFUSED or after in _GUIDES


def _composed(reading: Reading, taken: set[int]) -> list[Mention]:
    """Procedure words that no list has, read from their ending: "gastrojejunostomy"."""
    found = []
    for number, token in enumerate(reading.tokens):
        if number in taken or token.form.endswith(_CONDITIONS) or not lexicon.stems_of(token.form):
            continue
        for ending, operations in lexicon.endings():
            if token.form.endswith(ending):
                rank = "w" if operations == ("Inspection",) else "n"
                sense = Sense(token.form, rank, operations, ("0",))
                found.append(Mention(number, number + 1, (sense,)))
                break
    return found
