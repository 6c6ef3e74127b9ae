"""The codes of one note as they gather: each once, with its words, then weighed together.

What is found is combined, integral symptoms and repetitions go, codes that instructional notes ask
for, external causes, long-term drugs and social determinants join.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot import messages
from bot.coding.built import gap_of
from bot.drafting.case import Option
from bot.notes.causes import external_causes
from bot.notes.circumstances import long_term_drugs, social_determinants
from bot.notes.combining import drops, merges
from bot.notes.plainly import both_sides
from bot.notes.records import Coded, Ground, Phrase
from bot.notes.whole import documented, newborn, undone
from bot.trials import Fate, Trial
from codesets.models import NoteKind
from codesets.pairing import companions
from codesets.resolution import resolve
from retrieval.notes.cues import Status
from retrieval.notes.headings import TELLING, SectionKind
from retrieval.passages import title_passage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.notes.records import Chosen
    from codesets.library import Library
    from retrieval.notes.reading import Note
    from retrieval.notes.services import Service
    from retrieval.search import Candidate

MOST_CODED = 25
_DIABETIC_ULCER = re.compile(r"E(?:08|09|10|11|13)\.62[12]")
_ULCER = re.compile(r"\b(?:ulcers?|wounds?)\b", re.IGNORECASE)
_SITES = ("heel", "midfoot", "ankle", "calf", "thigh", "toe", "foot")
_ULCER_SITE = re.compile(rf"\b(?:{'|'.join(_SITES)})\b", re.IGNORECASE)
_SAID_UNDER = 8
"""Sentences under a problem that are read for what its instructional notes ask."""


class Collected:
    """The codes of one note. ``coded`` holds them in order, ``dropped`` what was taken back."""

    def __init__(self, note: Note, library: Library) -> None:
        self._note = note
        self._text = note.text
        self._library = library
        self.coded: dict[str, Coded] = {}
        self.dropped: list[tuple[Coded, str]] = []

    @property
    def has_condition(self) -> bool:
        """Whether any code is of a condition rather than of a status."""
        return any(not code.startswith("Z") for code in self.coded)

    def options(self) -> list[Option]:
        """The codes as a drafter is given them."""
        return [self._option(number, coded) for number, coded in enumerate(self.coded.values(), 1)]

    def trials(self) -> tuple[Trial, ...]:
        """What became of the candidates that were taken, for an explanation."""
        return tuple(
            Trial(
                each.candidate.code, each.phrase.text, each.code, Fate.TAKEN, each.score,
                each.reasons,
            )
            for each in self.coded.values()
            if each.candidate is not None
        )  # fmt: skip

    def add(self, chosen: Chosen, phrase: Phrase, ground: Ground) -> None:
        """Take what was chosen for ``phrase``, unless its code is there already."""
        if chosen.code in self.coded or len(self.coded) >= MOST_CODED:
            return
        spans = [(phrase.start, phrase.end), *chosen.spans]
        source = self._library.release.source
        passages = [title_passage(self._library.get(chosen.code), source)]
        stem = chosen.code.replace(".", "")
        for match in chosen.candidate.matches:
            near = stem.startswith(match.passage.code.replace(".", ""))
            if near and all(match.passage.id != passage.id for passage in passages):
                passages.append(match.passage)
        reasons = (
            list(chosen.resolution.steps) if chosen.resolution.code.code == chosen.code else []
        )
        if chosen.inferred:
            reasons.append(messages.FROM_THE_NOTE.format(words=", ".join(chosen.inferred)))
        self.coded[chosen.code] = Coded(
            chosen.code, phrase, ground, chosen.candidate.score, tuple(dict.fromkeys(spans)),
            tuple(passages[:3]), tuple(reasons), chosen.resolution, chosen.candidate,
        )  # fmt: skip

    def add_sides(self, open_code: str, phrase: Phrase) -> None:
        """Both sides' codes in the place of one that leaves the side open, where both are said."""
        sides = both_sides(self._library, open_code, phrase.text)
        known = self.coded.pop(open_code, None) if sides else None
        if known is None:
            return
        span = ((phrase.start, phrase.end),)
        for code in sides:
            self.add_status(code, phrase, span, known.candidate, Ground.TITLE, messages.BOTH_SIDES)

    def add_option(self, option: Option, phrase: Phrase) -> None:
        """Take what reading ``phrase`` as a question found; its offsets are those of the phrase."""
        code = option.code.code
        if code in self.coded or len(self.coded) >= MOST_CODED:
            return
        spans = tuple((start + phrase.start, end + phrase.start) for start, end in option.spans)
        own = ((phrase.start, phrase.end), *spans)
        self.coded[code] = Coded(
            code, phrase, Ground.TITLE, option.score, tuple(dict.fromkeys(own)),
            option.passages[:3], option.reasons, None, None,
        )  # fmt: skip

    def add_status(
        self,
        code: str,
        phrase: Phrase,
        spans: tuple[tuple[int, int], ...],
        candidate: Candidate | None = None,
        ground: Ground = Ground.STATUS,
        reason: str = "",
    ) -> None:
        """Take a code that words of the note document by themselves, where it is valid."""
        record = self._library.find(code)
        if record is None or not record.valid or code in self.coded:
            return
        passage = title_passage(record, self._library.release.source)
        self.coded[code] = Coded(
            record.code, phrase, ground, candidate.score if candidate else 1.0, spans, (passage,),
            (reason,) if reason else (), None, candidate,
        )  # fmt: skip

    # --- all codes together -----------------------------------------------------------------------

    def settle(self) -> None:
        """Combine what belongs together; take back what another code already says."""
        for merge in merges(tuple(self.coded), self._library):
            parts = [self.coded[c] for c in merge.words_of if c in self.coded]
            if not parts:
                continue
            spans = tuple(dict.fromkeys(span for part in parts for span in part.spans))
            lead = parts[0].phrase
            order = list(self.coded)
            at = min(order.index(c) for c in merge.words_of if c in order)
            for code in merge.gone:
                self.coded.pop(code, None)
            if merge.code not in self.coded:
                self.add_status(merge.code, lead, spans, None, Ground.COMBINED, merge.reason)
                self._move(merge.code, at)
        for drop in drops(tuple(self.coded), self._library):
            self.dropped.append((self.coded.pop(drop.code), drop.reason))

    def _move(self, code: str, place: int) -> None:
        order = [c for c in self.coded if c != code]
        order.insert(place, code)
        self.coded = {c: self.coded[c] for c in order if c in self.coded}

    def take_whole(self, services: Sequence[Service], *, stay: bool) -> None:
        """What the note as a whole documents beside its problems."""
        for found in (*documented(self._note, tuple(self.coded), services, stay=stay),):
            self._plain(found.code, found.start, found.end, Ground.STATUS, found.reason)
        for drop in undone(tuple(self.coded)):
            self.dropped.append((self.coded.pop(drop.code), drop.reason))
        mothers = any(code.startswith(("O", "Z37", "Z38")) for code in self.coded)
        birth = None if mothers else newborn(self._note, stay=stay)
        if birth is not None:
            self._plain(birth.code, birth.start, birth.end, Ground.STATUS, birth.reason)
            self._move(birth.code, 0)

    def take_companions(self) -> None:
        """Codes that "use additional code" notes ask for and the same problem's words support."""
        for code, coded in list(self.coded.items()):
            if coded.ground not in (Ground.TITLE, Ground.COMBINED):
                continue
            context, places = self._context(coded)
            for companion in companions(self._library, code, context):
                name = companion.code.code
                if companion.note.kind is not NoteKind.USE_ADDITIONAL or not companion.code.valid:
                    continue
                if (name[0] == "Z" and name[:3] != "Z68") or any(
                    name[:3] == known[:3] for known in self.coded
                ):
                    continue
                spans = tuple(
                    (s + shift, e + shift)
                    for s, e in companion.spans
                    for begin, end, shift in places
                    if begin <= s and e <= end
                )
                if not spans:
                    continue
                self.add_status(
                    name, coded.phrase, spans, coded.candidate, Ground.COMPANION, companion.reason
                )

    def take_ulcer_site(self) -> None:
        """The site of a diabetic ulcer (L97), which the note at E11.62- asks for beside it."""
        lead = next((c for code, c in self.coded.items() if _DIABETIC_ULCER.match(code)), None)
        if lead is None or any(code.startswith("L97") for code in self.coded):
            return
        told = [
            (sentence.start + match.start(), sentence.start + match.end())
            for sentence, _ in self._note.places
            if _ULCER.search(sentence.text)
            for match in _ULCER_SITE.finditer(sentence.text)
        ]
        sides = {
            match.group().casefold()
            for start, end in lead.spans
            for match in re.finditer(r"\b(?:left|right)\b", self._text[start:end], re.IGNORECASE)
        }
        if not told or len(sides) != 1:
            return
        start, end = min(told, key=lambda span: _SITES.index(self._text[slice(*span)].casefold()))
        words = f"{sides.pop()} {self._text[start:end]} ulcer"
        found = resolve(self._library, "L97", words)
        if found.code.valid:
            reason = messages.ULCER_SITE.format(code=lead.code)
            spans = ((start, end), *lead.spans)
            self.add_status(found.code.code, lead.phrase, spans, None, Ground.COMPANION, reason)

    def _context(self, coded: Coded) -> tuple[str, list[tuple[int, int, int]]]:
        """The problem's own words and what is said under it, with how its offsets map back."""
        said = [(start, self._text[start:end]) for start, end in coded.spans]
        known = {start for start, _ in said}
        for problem in self._note.assessed.problems:
            if problem.title.start <= coded.phrase.start < problem.title.end:
                said += [
                    (s.start, s.text) for s in problem.body[:_SAID_UNDER] if s.start not in known
                ]
        pieces: list[str] = []
        places: list[tuple[int, int, int]] = []
        position = 0
        for start, words in said:
            pieces.append(words)
            places.append((position, position + len(words), start - position))
            position += len(words) + 2
        return ". ".join(pieces), places

    def take_circumstances(self) -> None:
        """External causes of an injury, long-term drugs, social determinants."""
        if any(re.match(r"[ST]\d", c) and c.endswith(("A", "B", "C")) for c in self.coded):
            for cause in external_causes(self._note.of(*TELLING, SectionKind.SOCIAL)):
                span = ((cause.start, cause.end),)
                phrase = Phrase(
                    cause.start, cause.end, self._text[cause.start : cause.end], Status.ASSERTED
                )
                self.add_status(cause.code, phrase, span, None, Ground.CAUSE)
        drugs, _ = long_term_drugs(self._note)
        for drug in drugs:
            if drug.code == "Z79.4" and not any(
                re.match(r"E(?:08|09|11|13)|O24", c) for c in self.coded
            ):
                continue
            self._plain(drug.code, drug.start, drug.end, Ground.DRUG)
        for social in social_determinants(self._note):
            self._plain(social.code, social.start, social.end, Ground.SOCIAL)

    def _plain(self, code: str, start: int, end: int, ground: Ground, reason: str = "") -> None:
        phrase = Phrase(start, end, self._text[start:end], Status.ASSERTED)
        self.add_status(code, phrase, ((start, end),), None, ground, reason)

    def _option(self, number: int, coded: Coded) -> Option:
        record = self._library.get(coded.code)
        resolution = coded.resolution
        same = resolution is not None and resolution.code.code == coded.code
        return Option(
            id=f"o{number}",
            code=record,
            score=coded.score,
            spans=coded.spans,
            passages=coded.passages,
            reasons=coded.reasons,
            gaps=tuple(gap_of(axis) for axis in resolution.gaps) if same and resolution else (),
            alternatives=resolution.alternatives
            if same and resolution and resolution.final
            else (),
            final=record.valid,
        )
