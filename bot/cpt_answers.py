"""Answers from CPT: the codes of a licensee's own files whose wording is near the words asked.

CPT is the AMA's. Nothing of it ships with Codecite: what is searched and shown is the text that the
licensee installed, and without it an answer says so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot import messages, suggesting
from bot.answer import Gap
from bot.coding.built import Built
from bot.desks import Desk
from bot.drafting.case import Case, Option
from bot.errors import NotReadyError
from bot.nearness import asking_which, is_near, rivals
from codesets.models import System
from retrieval.descriptions import described
from retrieval.passages import title_passage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.answer import Answer, Blank, Question
    from codesets.library import Library
    from retrieval.search import Candidate


_LIMIT = 50
_MOST_ALTERNATIVES = 6


class CptDesk(Desk):
    """Answers about one installation's licensed CPT files. Safe to share between threads."""

    @property
    def installed(self) -> bool:
        """Whether any licensed files are installed."""
        return any(r.system is System.CPT for r in self._store.installed())

    def suggest(
        self, text: str, question: Question, blank: Blank
    ) -> tuple[Answer, tuple[Candidate, ...]]:
        """The code whose wording is nearest, and the candidates found for it.

        Raises NotReadyError where no licensed files are installed, ReleaseUnavailableError where
        those that are do not govern the date of service.
        """
        if not self.installed:
            raise NotReadyError(messages.CPT_NOT_LICENSED)
        library = self._store.library_for(System.CPT, question.day)
        found = tuple(described(self._searcher(library.release).index, text, _LIMIT))
        built = _build(text, question, found, library)
        draft = self._drafter.draft(built.case)
        answer = suggesting.suggestion_answer(blank, built, draft, library)
        if not answer.suggestions:
            answer = asking_which(
                answer, built.gaps, library, messages.WHICH_CPT, messages.NO_CPT_FOUND
            )
        return replace(answer, releases={System.CPT.value: library.release.id}), found


def _build(text: str, question: Question, found: Sequence[Candidate], library: Library) -> Built:
    options: tuple[Option, ...] = ()
    gaps: tuple[Gap, ...] = ()
    near = found[:1] if found and is_near(found[0]) else ()
    others = rivals(found) if near else ()
    if others:
        codes = (found[0].code, *others)
        gaps = (Gap("which service", tuple(library.get(c).title for c in codes), codes),)
    elif near:
        code = library.get(near[0].code)
        options = (
            Option(
                id="c1",
                code=code,
                score=near[0].score,
                spans=((0, len(text)),),
                passages=(title_passage(code, library.release.source),),
                alternatives=tuple(library.get(c.code) for c in found[1:_MOST_ALTERNATIVES]),
            ),
        )
    case = Case(text, question.setting, question.day, options)
    return Built(case=case, candidates=tuple(found), gaps=gaps, cautions=(), open_choices=())
