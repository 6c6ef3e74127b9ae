"""ICD-10-CM: what the text asks of codes or guidelines, and the codes that its words support."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot import (
    checked_answers,
    code_answers,
    comparing,
    everyday,
    guideline_answers,
    instructions,
    lookup,
    messages,
    opinions,
    suggesting,
)
from bot.answer import Answer, Kind
from bot.checking import CheckRequest, check_codes
from bot.coding.case import build_case
from bot.informing import informed
from codesets.errors import CodesetError, NotationError, UnknownCodeError
from codesets.models import System
from codesets.rules.records import Sex
from retrieval.query import Intent, understand

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.assisting import Assisting
    from bot.checking import CheckResult
    from bot.drafting.case import Drafter
    from bot.drafting.writing import Writer
    from bot.lookup import Lookup
    from bot.pipeline.work import Work
    from codesets.library import Library
    from codesets.models import Release
    from codesets.releases import ReleaseStore
    from retrieval.guidelines import GuidelineSearch
    from retrieval.query import Query
    from retrieval.search import Searcher

_ABOUT_CODES = frozenset(
    {Intent.CODE_LOOKUP, Intent.NOTES_OF_CODE, Intent.COMPARISON, Intent.CHECK}
)


class Diagnoses:
    """Answers about one installation's ICD-10-CM releases. Safe to share between threads."""

    def __init__(
        self,
        store: ReleaseStore,
        searcher: Callable[[Release], Searcher],
        drafter: Drafter,
        guidelines: GuidelineSearch,
        writer: Writer | None,
        assisting: Assisting,
    ) -> None:
        self._assisting = assisting
        self._store = store
        self._searcher = searcher
        self._drafter = drafter
        self._guidelines = guidelines
        self._writer = writer

    def route(self, work: Work) -> Answer:
        """The answer that the intent of the text calls for.

        Raises ReleaseUnavailableError when nothing installed governs the date of service.
        """
        library = self._store.library_for(System.ICD10CM, work.question.day)
        work.releases = {System.ICD10CM.value: library.release.id}
        query = understand(work.text, library)
        work.step("understand")
        if query.intent is Intent.HELP:
            return everyday.helping(work.answer)
        if query.intent in _ABOUT_CODES and query.codes:
            return self._about_codes(work, query)
        if query.intent is Intent.UNCODABLE:
            return work.refusal(messages.NOT_CODABLE)
        if query.intent is Intent.GUIDELINE:
            return self._guideline(work)
        return self.suggest(work, library)

    def suggest(self, work: Work, library: Library) -> Answer:
        """Codes that the text supports: drafted, verified against the rules, and explained."""
        searcher = self._searcher(library.release)
        work.index_fingerprint = searcher.fingerprint
        work.step("open")
        text, barred = instructions.covered(work.text)
        helping = self._assisting.begin()
        searcher = helping.searcher(text, library, searcher)
        built = build_case(text, work.question, library, searcher)
        work.question = replace(work.question, setting=built.case.setting)
        if barred:
            said = messages.NOT_DOCUMENTATION.format(count=barred)
            built = replace(built, cautions=(*built.cautions, said))
        work.candidates, work.built = built.candidates, built
        built = helping.built(built, work.question, library, searcher)
        work.step("retrieve")
        built = opinions.offered(self._drafter, built, library)
        draft = self._drafter.draft(built.case)
        work.step("draft")
        draft = helping.second_look(built.case, draft)
        answer = suggesting.suggestion_answer(work.answer, built, draft, library)
        answer = opinions.compared(answer, built, draft, library, work.answer)
        answer = opinions.ruled(answer, built, lambda codes: self._check(work, codes).findings)
        answer = helping.noted(answer)
        work.step("verify")
        answer = informed(answer, self._store)
        work.step("inform")
        return answer

    def _guideline(self, work: Work) -> Answer:
        """What the Official Guidelines say of the question."""
        found = self._guidelines.search(work.text, setting=guideline_answers.setting_of(work.text))
        work.step("retrieve")
        answer = guideline_answers.describe(work.answer, found, work.text)
        if self._writer is not None:
            answer = self._writer.guideline(answer)
            work.step("word")
        return answer

    def _about_codes(self, work: Work, query: Query) -> Answer:
        """Look up the codes named: one verdict each, and the notes the question is about."""
        records, unknown = self._looked_up(work, query)
        work.step("resolve")
        if not records:
            return replace(work.answer(Kind.LOOKUP, " ".join(unknown)), abstained="unknown-code")
        if query.intent is Intent.CHECK and len(records) > 1:
            checked = self._check(work, [record.code.code for record in records])
            return checked_answers.describe(work.answer, checked, unknown)
        if query.intent is Intent.COMPARISON and len(records) > 1:
            library = self._store.library_for(System.ICD10CM, work.question.day)
            return comparing.describe(
                work.answer, records, unknown, library, lambda codes: self._check(work, codes)
            )
        asked = None
        if query.intent is Intent.NOTES_OF_CODE:
            asked = code_answers.kinds_asked_for(work.text)
        return code_answers.describe(work.answer, records, unknown, asked)

    def _looked_up(self, work: Work, query: Query) -> tuple[list[Lookup], tuple[str, ...]]:
        """The codes that are known, and a sentence for each that is not."""
        records: list[Lookup] = []
        unknown: list[str] = []
        for name in dict.fromkeys(code for code, _, _ in query.codes):
            try:
                records.append(lookup.lookup(self._store, name, work.question.day))
            except UnknownCodeError as error:
                line = messages.UNKNOWN_CODE.format(code=error.code)
                if error.nearest:
                    line += " " + messages.UNKNOWN_CODE_NEAREST.format(
                        nearest=", ".join(error.nearest)
                    )
                unknown.append(line)
            except (NotationError, CodesetError) as error:
                unknown.append(str(error))
        return records, tuple(unknown)

    def _check(self, work: Work, codes: list[str]) -> CheckResult:
        question = work.question
        request = CheckRequest(
            tuple(codes),
            question.day,
            question.setting,
            age=question.age,
            sex=Sex(question.sex) if question.sex else None,
        )
        return check_codes(self._store, request)
