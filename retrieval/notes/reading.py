"""A note, read: its sections and sentences, its problems, and every condition it names.

Each mention has its offsets, the sentence and the section it stands in, what is claimed of it, and
the passages of the release that word it. Reading is linear in the note's length and asks no model.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from codesets.abbreviations import Kind, expand, find_lay_terms
from retrieval.notes.lexicon import Lexicon, Named
from retrieval.notes.otherwise import worded_otherwise
from retrieval.notes.problems import Assessed, find_problems
from retrieval.notes.sections import Section, Sections, find_sections
from retrieval.notes.sentences import Sentence, find_sentences
from retrieval.notes.status import Judgement, SentenceStatus
from retrieval.notes.tables import row_status
from retrieval.traits import Trait

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrieval.index import VectorIndex
    from retrieval.notes.headings import SectionKind

_TYPE = re.compile(r"\b(?:type|stage|grade)\s+\Z", re.IGNORECASE)
_CONTENT = frozenset({Kind.CONDITION, Kind.SYMPTOM, Kind.STATUS})
_ALSO_WORDS = frozenset(
    {
        "gave", "charge", "crest", "cup", "dip", "fast", "lad", "lam", "map", "mat", "mom",
        "nice", "pat", "pet", "pop", "pour", "prom", "rad", "ram", "rind", "ripe", "rom", "sam",
        "slap", "spec", "ted", "tips", "cloves", "tab", "him", "men", "man", "can", "has", "was",
    }
)  # fmt: skip
"""Plain words that are short forms only in capitals: "gave" is no GAVE."""
_EVERYDAY = frozenset(
    {
        "old", "examination", "blood", "symptoms", "symptom", "follow-up", "test", "tests",
        "appearance", "h", "personal", "history", "complications", "complication",
        "activity", "activities", "nerve", "nerves", "defect", "counseling", "may", "plus",
        "exposure", "reaching", "standing", "consumption", "axis", "enzymes", "reflex",
        "reflexes", "observation", "concerns", "mammogram", "pr", "hr", "tac", "ffa", "his",
        "leads", "gas", "donor", "drug", "drugs", "medication", "care", "procedure",
        "follow", "up", "screening", "pre", "accident", "agar", "behavior", "behaviors",
        "state", "condition", "problem", "problems", "finding", "findings", "status",
        "delivery", "pregnancy", "family", "infant", "child", "adult", "birth", "growth",
        "fit", "crush", "contact", "stress", "scale", "liquid", "position", "pressure",
        "dead", "death", "hunger", "thirst", "evaluation", "admission", "removal", "change",
        "checkup", "check-up", "encounter", "visit", "consultation", "transplant",
        "implant", "prosthesis", "device", "carrier", "training", "therapy", "dialysis",
        "rehabilitation", "chemotherapy", "radiotherapy", "immunotherapy", "vaccination",
        "immunization", "convalescence", "aftercare", "attention", "refused",
        "noncompliance", "sensitivity", "movement", "movements", "gait", "voice", "sleep",
        "smell", "taste", "tonsil", "toxic", "transient", "senile", "loss", "lost", "light",
        "dark", "labor", "maternal", "mother", "father", "single", "twin", "section",
        "level", "arrest", "block", "bar", "band", "prolonged", "late", "weak", "sore",
        "high", "low", "heart", "healthy", "normal", "abnormal", "positive", "negative",
        "sex", "marital", "school", "work", "living", "housing", "education", "economic",
        "legal", "law", "prison", "military", "travel", "travels", "traveler",
        "examinations", "hospital", "home", "alone", "laboratory", "effect", "effects",
        "reaction", "reactions", "response", "injection", "infusion", "transfusion",
        "surgery", "operation", "graft", "shunt", "electrocardiogram", "x-ray", "exercise",
        "diet", "smoking", "smokes", "dressing", "suture", "sutures", "cast", "splint",
        "brace", "boot", "crutches", "walking", "running", "skin", "eye", "nutrition",
    }
)  # fmt: skip
"""Single words that the index lists as main terms and that running text uses otherwise."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A condition that a note names: half-open offsets, the words, and what is claimed of them.

    ``codes`` are those of the passages that word it, in official order; they may be categories.
    ``wording`` is what was looked up where the note wrote it otherwise (an abbreviation, a habit).
    """

    start: int
    end: int
    text: str
    judgement: Judgement
    sentence: Sentence
    section: Section
    codes: tuple[str, ...]
    wording: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """One note, read. ``places`` are its sentences with the section each stands in."""

    text: str
    sections: Sections
    places: tuple[tuple[Sentence, Section], ...]
    assessed: Assessed
    mentions: tuple[Mention, ...]

    def within(self, start: int, end: int) -> tuple[Mention, ...]:
        """The mentions that begin in ``text[start:end]``."""
        return tuple(m for m in self.mentions if start <= m.start < end)

    def of(self, *kinds: SectionKind) -> Iterable[Sentence]:
        """The sentences of sections of these kinds, in order."""
        return (sentence for sentence, section in self.places if section.kind in kinds)


class NoteReader:
    """Reads notes against one index. Safe to share between threads."""

    def __init__(self, index: VectorIndex) -> None:
        self._index = index
        self.lexicon = Lexicon(index)

    def read(self, text: str) -> Note:
        """``text`` as a note."""
        sections = find_sections(text)
        places = tuple(
            (sentence, section)
            for section in sections.all
            for sentence in find_sentences(text, section.body, section.end)
        )
        assessed = find_problems(text, sections)
        return Note(text, sections, places, assessed, tuple(self._mentions(text, places)))

    def judge(self, text: str, start: int, end: int, kind: SectionKind) -> Judgement:
        """What ``text``, one sentence, claims of ``text[start:end]``."""
        return SentenceStatus(text, kind).of(start, end)

    def codes(self, numbers: Iterable[int]) -> tuple[str, ...]:
        """The codes of conditions among the passages ``numbers``, each once."""
        traits = self._index.traits
        found: dict[str, None] = {}
        for number in numbers:
            code = traits.codes[int(traits.code_numbers[number])]
            tabled = int(traits.flags[number]) & (Trait.TABLE | Trait.CAUSE)
            if code[0] in "VWXY" or (tabled and code[0] not in "CD"):
                continue
            found.setdefault(code)
        return tuple(found)

    def named(self, text: str, start: int = 0, end: int | None = None) -> list[Named]:
        """The conditions that ``text[start:end]`` names by a wording of the release."""
        return [
            named
            for named in self.lexicon.find(text, start, end)
            if not _is_everyday(text, named) and self.codes(named.numbers)
        ]

    def names(self, words: str) -> bool:
        """Whether ``words`` name a condition: as the release words it, short, lay or otherwise."""
        return bool(
            self.named(words)
            or worded_otherwise(words)
            or find_lay_terms(words)
            or any(each.meanings[0].kind in _CONTENT for each in expand(words))
        )

    def _mentions(
        self, text: str, places: tuple[tuple[Sentence, Section], ...]
    ) -> Iterable[Mention]:
        found = [(each.start, each.end, self.codes(each.numbers), "") for each in self.named(text)]
        found += self._worded_otherwise(text, found)
        found.sort(key=lambda each: (each[0], -each[1]))
        starts = [sentence.start for sentence, _ in places]
        scopes: tuple[int, SentenceStatus] | None = None
        last = -1
        for start, end, codes, wording in found:
            place = bisect_right(starts, start) - 1
            if place < 0 or start < last:
                continue
            sentence, section = places[place]
            if start >= sentence.end:
                continue
            if scopes is None or scopes[0] != place:
                scopes = (place, SentenceStatus(sentence.text, section.kind))
            start, end = _with_type(text, sentence.start, start), min(end, sentence.end)
            judgement = scopes[1].of(start - sentence.start, end - sentence.start)
            if (said := row_status(text, sentence.end)) is not None:
                judgement = Judgement(said)
            last = end
            yield Mention(start, end, text[start:end], judgement, sentence, section, codes, wording)

    def _worded_otherwise(
        self, text: str, known: list[tuple[int, int, tuple[str, ...], str]]
    ) -> list[tuple[int, int, tuple[str, ...], str]]:
        """Abbreviations, lay words and habits, where nothing is named yet."""
        spans = [(start, end) for start, end, _, _ in known]
        starts = [start for start, _ in spans]
        found: list[tuple[int, int, tuple[str, ...], str]] = []
        found += [
            (each.start, each.end, (each.code,), each.code)
            for each in worded_otherwise(text)
            if not _is_within(spans, starts, each.start, each.end)
        ]
        wordings = [
            (each.start, each.end, each.meanings[0].index_wording, each.meanings[0].spoken)
            for each in expand(text)
            if each.meanings[0].kind in _CONTENT
        ]
        wordings += [
            (each.start, each.end, each.term.index_wording, "") for each in find_lay_terms(text)
        ]
        for start, end, wording, spoken in wordings:
            if _is_within(spans, starts, start, end):
                continue
            numbers = self.lexicon.exact(wording) or (spoken and self.lexicon.exact(spoken)) or ()
            codes = self.codes(numbers)
            if codes:
                found.append((start, end, codes, wording))
        return found


def _is_within(spans: list[tuple[int, int]], starts: list[int], start: int, end: int) -> bool:
    """Whether a span lies in one of ``spans``, which are in order and do not overlap."""
    place = bisect_right(starts, start) - 1
    return place >= 0 and spans[place][1] >= end


def _with_type(text: str, floor: int, start: int) -> int:
    """The start of a mention, taking in the "type" before its number."""
    before = _TYPE.search(text, floor, start)
    return before.start() if before else start


def _is_everyday(text: str, named: Named) -> bool:
    surface = text[named.start : named.end]
    if surface.casefold() in _ALSO_WORDS and not surface.isupper():
        return True
    words = surface.casefold().split()
    return all(word.strip(".,") in _EVERYDAY for word in words)


_readers: WeakKeyDictionary[VectorIndex, NoteReader] = WeakKeyDictionary()
_lock = Lock()


def reader_of(index: VectorIndex) -> NoteReader:
    """The reader of ``index``, made when first asked for and shared from then on."""
    with _lock:
        found = _readers.get(index)
        if found is None:
            found = _readers[index] = NoteReader(index)
        return found
