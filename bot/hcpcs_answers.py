"""Answers from HCPCS Level II: codes for the drugs and supplies a text names, and codes looked up.

An option stands when the text has the words of the whole drug, or when a description is near enough
to the words. Forms that the text does not state and that decide between codes are gaps.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot import (
    code_answers,
    lookup,
    messages,
    pcs_answers,
    suggesting,
    systems,
)
from bot.answer import Gap, Kind
from bot.coding.built import Built
from bot.desks import Desk
from bot.drafting.case import Case, Option
from bot.errors import NotReadyError
from bot.explaining import Explained
from bot.nearness import asking_which, is_near, rivals
from codesets.descriptors import PARENTERAL, ROUTES, Trait
from codesets.errors import CodesetError, NotationError, ReleaseUnavailableError, UnknownCodeError
from codesets.models import System
from retrieval.drugs import EXACT, DrugIndex
from retrieval.hcpcs import HcpcsSearcher
from retrieval.passages import title_passage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from bot.answer import Answer, Blank, Question
    from bot.drafting.case import Drafter
    from bot.lookup import Lookup
    from codesets.library import Library
    from codesets.models import Release
    from codesets.releases import ReleaseStore
    from retrieval.drugs import DrugReading
    from retrieval.search import Candidate, Searcher


_PARTS = re.compile(r"[;\n•]+|,\s+|\s(?:and|plus|then|followed by|&|\+)\s", re.IGNORECASE)
_MOST_PARTS = 60
_CLOSE = 0.12
"""How far below the best reading another code of the same drug is still worth weighing."""
_MOST_ALTERNATIVES = 6
_HALF = 0.35
"""Score from which an order half names a drug, so that its description may not stand for it."""
_AXES: tuple[tuple[str, frozenset[Trait]], ...] = (
    ("whether the patient has ESRD and is on dialysis", frozenset({Trait.ESRD, Trait.NON_ESRD})),
    ("route or form", ROUTES),
    ("route of injection", PARENTERAL),
    ("concentrated or unit dose form", frozenset({Trait.CONCENTRATED, Trait.UNIT_DOSE})),
)


_WRITTEN = re.compile(r"(?<![\w.-])[A-CE-V]\d{4}(?![\w.-])", re.IGNORECASE)
_NAMED = "h0"
"""The option of a code that the text writes out."""


@dataclass(frozen=True, slots=True)
class HcpcsAnswer:
    """An answer with what was retrieved for it and what became of each candidate."""

    answer: Answer
    candidates: tuple[Candidate, ...] = ()
    explained: tuple[Explained, ...] = ()
    fingerprint: str = ""


class HcpcsDesk(Desk):
    """Answers about one installation's HCPCS releases. Safe to share between threads."""

    def __init__(
        self, store: ReleaseStore, searcher: Callable[[Release], Searcher], drafter: Drafter
    ) -> None:
        super().__init__(store, searcher, drafter)
        self._lock = threading.Lock()
        self._drugs: dict[str, DrugIndex] = {}

    def suggest(self, text: str, question: Question, blank: Blank) -> HcpcsAnswer:
        """Codes for the drugs and supplies that ``text`` names.

        Raises ReleaseUnavailableError when no installed HCPCS release governs the date of service.
        """
        library = self._store.library_for(System.HCPCS, question.day)
        searcher = self._open(library)
        built = build_case(text, question, library, searcher)
        draft = self._drafter.draft(built.case)
        answer = suggesting.suggestion_answer(blank, built, draft, library)
        if answer.kind is Kind.REFUSAL:
            answer = asking_which(
                answer, built.gaps, library, messages.WHICH_HCPCS, messages.NO_HCPCS_FOUND
            )
        answer = replace(answer, releases={System.HCPCS.value: library.release.id})
        suggested = {suggestion.code for suggestion in answer.suggestions}
        rows = tuple(_explained(each, library, suggested) for each in built.candidates)
        return HcpcsAnswer(answer, built.candidates, rows, searcher.fingerprint)

    def about_codes(
        self, codes: Sequence[str], asked: Sequence[System], day: date, blank: Blank
    ) -> Answer | None:
        """What is known of codes of the procedure systems; None where all are ICD-10-CM codes."""
        records: list[Lookup] = []
        sentences: list[str] = []
        ours = False
        for code in codes:
            diagnosis = self._diagnosis(code, day)
            if diagnosis is not None and System.HCPCS not in asked:
                records.append(diagnosis)
                continue
            ours = True
            try:
                records.append(lookup.lookup(self._store, code, day, systems.of_code(code)))
            except UnknownCodeError as error:
                sentences.append(self._unknown(error, day))
            except (CodesetError, NotReadyError) as error:
                if systems.is_cpt(code):
                    sentences.append(str(error))
                elif systems.is_pcs(code):
                    sentences.append(messages.PCS_SHAPED.format(code=code, reason=error))
                elif diagnosis is None:
                    sentences.append(messages.HCPCS_SHAPED.format(code=code, reason=error))
            if diagnosis is not None:
                records.append(diagnosis)
        if not ours:
            return None
        answer = code_answers.describe(blank, records, tuple(sentences), None)
        releases = {r.governing.system.value: r.governing.id for r in records}
        more = [c for r in records if r.axes for c in pcs_answers.cite_code(self._store, r)]
        answer = replace(
            answer,
            releases={**answer.releases, **releases},
            citations=(*answer.citations, *dict.fromkeys(more)),
        )
        return answer if records else replace(answer, abstained="unknown-code")

    def _diagnosis(self, code: str, day: date) -> Lookup | None:
        """The ICD-10-CM code that has the same spelling without its point, if there is one."""
        if systems.of_code(code) is not System.HCPCS:
            return None
        try:
            return lookup.lookup(self._store, code, day, System.ICD10CM)
        except (UnknownCodeError, NotationError, ReleaseUnavailableError):
            return None  # then it is a HCPCS code or nothing

    def _unknown(self, error: UnknownCodeError, day: date) -> str:
        if systems.is_pcs(error.code):
            release = self._store.for_date(System.ICD10PCS, day).id
            line = messages.UNKNOWN_PCS.format(
                code=error.code, release=release, reason=error.reason
            )
        else:
            line = messages.UNKNOWN_HCPCS.format(code=error.code)
        if error.nearest:
            nearest = ", ".join(error.nearest)
            line = f"{line.rstrip()} {messages.UNKNOWN_CODE_NEAREST.format(nearest=nearest)}"
        return line

    def library(self, day: date) -> Library:
        """The release that governs ``day``. Raises ReleaseUnavailableError without one."""
        return self._store.library_for(System.HCPCS, day)

    def drugs(self, library: Library) -> DrugIndex:
        """The drugs of one release, read once."""
        with self._lock:
            drugs = self._drugs.get(library.sha256)
            if drugs is None:
                drugs = self._drugs[library.sha256] = DrugIndex(library)
        return drugs

    def _open(self, library: Library) -> HcpcsSearcher:
        index = self._searcher(library.release).index
        return HcpcsSearcher(library, index, self.drugs(library))


def build_case(text: str, question: Question, library: Library, searcher: HcpcsSearcher) -> Built:
    """The options that ``text`` supports: drugs part by part, else the nearest description."""
    found = searcher.search(text)
    options = named_codes(text, library)
    gaps: dict[Gap, None] = {}
    words = text
    for first, last in (span for option in options for span in option.spans):
        words = f"{words[:first]}{' ' * (last - first)}{words[last:]}"
    for start, part in _parts(words, searcher):
        readings = searcher.read(part)
        if not readings or not stands(readings[0]):
            continue
        option = drug_option(readings, start, len(options), library)
        if options and options[0].id == _NAMED:
            # The words beside a code that is named either say the same or are told to differ.
            if all(reading.code != options[0].code.code for reading in readings):
                return _at_odds(text, question, options[0], option, found, library)
            continue
        if all(option.code.code != other.code.code for other in options):
            options.append(option)
            gaps.update(dict.fromkeys(option.gaps))
    unclear = _half_named(text, searcher, found) if not options else ()
    if not options and not unclear and found and is_near(found[0]):
        others = rivals(found, text, library.get(found[0].code).title)
        if others:
            unclear = (found[0].code, *others)
        else:
            options = [_described(text, found, library)]
    return Built(
        case=Case(text, question.setting, question.day, tuple(options)),
        candidates=tuple(found),
        gaps=(*gaps, *(_which(unclear, library) if unclear else ())),
        cautions=(),
        open_choices=(),
    )


def named_codes(text: str, library: Library) -> list[Option]:
    """The first valid code of the release that the text writes out, as an option; else none."""
    for match in _WRITTEN.finditer(text):
        code = library.find(match.group().upper())
        if code is not None and code.valid:
            title = title_passage(code, library.release.source)
            return [
                Option(
                    id=_NAMED, code=code, score=1.0, spans=((match.start(), match.end()),),
                    passages=(title,),
                )
            ]  # fmt: skip
    return []


def _at_odds(
    text: str,
    question: Question,
    named: Option,
    worded: Option,
    found: Sequence[Candidate],
    library: Library,
) -> Built:
    """A code and words beside it that name another: neither is taken, the reader has to say."""
    said = messages.HCPCS_WORDS_DIFFER.format(
        named=named.code.code, code=worded.code.code, title=worded.code.title
    )
    return Built(
        case=Case(text, question.setting, question.day, ()),
        candidates=tuple(found),
        gaps=_which((named.code.code, worded.code.code), library),
        cautions=(said,),
        open_choices=(),
    )


def _half_named(text: str, searcher: HcpcsSearcher, found: Sequence[Candidate]) -> tuple[str, ...]:
    """Codes of the drug that the text half names, where no words decide between them.

    Empty where the nearest description is of something else.
    """
    readings = searcher.read(text)
    if not readings or readings[0].score < _HALF:
        return ()
    near = [
        reading.code
        for reading in readings[:_MOST_ALTERNATIVES]
        if reading.score >= readings[0].score / 2
    ]
    named = found and any(found[0].code == reading.code for reading in readings)
    return tuple(near) if named else ()


def _which(codes: Sequence[str], library: Library) -> tuple[Gap, ...]:
    titles = tuple(library.get(code).title for code in codes)
    return (Gap("which product", titles, tuple(codes)),)


def stands(reading: DrugReading) -> bool:
    """Whether a reading names the whole drug and little speaks against it."""
    return reading.names_it and reading.score >= EXACT


def _parts(text: str, searcher: HcpcsSearcher) -> Iterator[tuple[int, str]]:
    """The text whole where it names one drug, which may be a combination; else its parts."""
    whole = searcher.read(text)
    if whole and stands(whole[0]):
        yield 0, text
        return
    position = 0
    for count, separator in enumerate(_PARTS.finditer(text)):
        if count >= _MOST_PARTS:
            return
        yield position, text[position : separator.start()]
        position = separator.end()
    yield position, text[position:]


def drug_option(
    readings: Sequence[DrugReading], start: int, number: int, library: Library
) -> Option:
    """The first of ``readings`` as an option; its words begin ``start`` characters in."""
    best = readings[0]
    near = [
        reading
        for reading in readings[1:]
        if stands(reading) and reading.score >= best.score - _CLOSE
    ][:_MOST_ALTERNATIVES]
    code = library.get(best.code)
    source = library.release.source
    return Option(
        id=f"h{number + 1}",
        code=code,
        score=best.score,
        spans=tuple((first + start, last + start) for first, last in best.spans),
        passages=(title_passage(code, source),),
        gaps=tuple(_gaps(best, near)),
        alternatives=tuple(library.get(reading.code) for reading in near),
        final=True,
    )


def _gaps(best: DrugReading, near: Sequence[DrugReading]) -> Iterator[Gap]:
    """Forms that the text does not state and that would lead to another of the near codes."""
    for axis, traits in _AXES:
        if traits & best.stated:
            continue
        choices: dict[str, str] = {}
        for reading in (best, *near):
            label = " or ".join(sorted(trait.value for trait in reading.traits & traits))
            if label:
                choices.setdefault(label, reading.code)
        if len(choices) > 1 and len(set(choices.values())) == len(choices):
            yield Gap(axis, tuple(choices), tuple(choices.values()))


def _described(text: str, found: Sequence[Candidate], library: Library) -> Option:
    """The best description, which no other comes near, as what the whole text asks for."""
    best = found[0]
    code = library.get(best.code)
    title = title_passage(code, library.release.source)
    passages = {title.id: title} | {m.passage.id: m.passage for m in best.matches[:2]}
    return Option(
        id="h1",
        code=code,
        score=best.score,
        spans=((0, len(text)),),
        passages=tuple(passages.values()),
        alternatives=tuple(library.get(other.code) for other in found[1:_MOST_ALTERNATIVES]),
    )


def _explained(candidate: Candidate, library: Library, suggested: set[str]) -> Explained:
    code = library.find(candidate.code)
    best = candidate.matches[0] if candidate.matches else None
    chosen = candidate.code in suggested
    return Explained(
        candidate.code,
        code.title if code else "",
        candidate.score,
        best,
        candidate.code,
        chosen,
        messages.HCPCS_CHOSEN if chosen else messages.HCPCS_NOT_CHOSEN,
    )
