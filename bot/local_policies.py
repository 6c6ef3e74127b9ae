"""What leads decided changes the next answer: approved policies, applied in the open.

A policy answers a question that amounts to the same words as one of its own (see
``retrieval.local.meaning``); one that is only near in meaning is cited and changes nothing. Its
codes come first, cited as the policy, with the official entry beside it; what the official entries
led to is said. A code that the release or the coding rules refuse is never put forward: then the
answer stands as it was, and says that the policy was not followed and why.

Each question looks at the newest policy event (one indexed read), so every process follows a
decision with its next answer.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot import messages
from bot.answer import Citation, Kind, Quote, Role, Setting, Severity, Suggestion
from bot.checked_answers import with_findings
from bot.checking import CheckRequest, check_codes
from bot.citing import cite
from bot.review.printed import system_of
from codesets.errors import CodesetError
from codesets.models import System
from retrieval.errors import RetrievalError
from retrieval.local import meaning
from retrieval.passages import resolve_citation, title_passage

if TYPE_CHECKING:
    from datetime import date

    from bot.answer import Answer, Finding, Question
    from bot.review.policies import Policy, PolicyBook, PolicyDesk
    from codesets.models import Code
    from codesets.releases import ReleaseStore
    from retrieval.local import LocalIndex

NEAR = 0.72
"""The cosine from which a policy is close enough to be shown beside an answer."""
LONGEST = 600
"""Characters up to which a text is a question; a longer one is a note and matches no policy."""
SOURCE = "Local policy"
_MOST_NEAR = 2
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Wording:
    policy: Policy
    text: str
    meaning: frozenset[tuple[str, ...]]


class LocalPolicies:
    """The approved policies of one journal, applied to answers. Safe to share between threads."""

    def __init__(
        self, desk: PolicyDesk, store: ReleaseStore, index: LocalIndex | None = None
    ) -> None:
        self._desk = desk
        self._store = store
        self._index = index
        self._lock = threading.Lock()
        self._seen = -1
        self._book: PolicyBook | None = None
        self._meanings: dict[str, frozenset[tuple[str, ...]]] = {}

    def apply(self, answer: Answer, question: Question, text: str) -> Answer:
        """``answer`` as the policies in force for the question's date and setting want it."""
        if len(text) > LONGEST:
            return answer
        wordings = self._in_force(question)
        if not wordings:
            return answer
        asked = meaning(text)
        same = [each.policy for each in wordings if each.meaning & asked]
        if same:
            return self._applied(answer, question, text, same[0])
        return self._beside(answer, text, wordings)

    def _in_force(self, question: Question) -> list[_Wording]:
        book = self._current()
        return [
            _Wording(policy, text, self._meaning(text))
            for policy in book.in_force(question.day, question.setting.value)
            for text in (policy.pattern, *policy.wordings)
        ]

    def _current(self) -> PolicyBook:
        newest = self._desk.generation()
        with self._lock:
            if self._book is None or newest != self._seen:
                self._book, self._seen = self._desk.book(), newest
            return self._book

    def _meaning(self, text: str) -> frozenset[tuple[str, ...]]:
        found = self._meanings.get(text)
        if found is None:
            found = self._meanings[text] = meaning(text)
        return found

    def _beside(self, answer: Answer, text: str, wordings: list[_Wording]) -> Answer:
        """The answer with policies that are near in meaning cited, and nothing else changed."""
        if self._index is None:
            return answer
        sentences = {
            f"{citation_id(each.policy)}:{place}": each.text for place, each in enumerate(wordings)
        }
        by_name = dict(zip(sentences, wordings, strict=True))
        try:
            found = self._index.search(text, sentences)
        except RetrievalError:
            _log.warning("The index of local policies cannot be searched; none is shown.")
            return answer
        near = [by_name[name].policy for name, score in found if score >= NEAR]
        near = list(dict.fromkeys(near))[:_MOST_NEAR]
        return replace(
            answer,
            citations=(*answer.citations, *(_citation(each) for each in near)),
            cautions=(
                *answer.cautions,
                *(messages.POLICY_NEAR.format(label=_capital(each.label)) for each in near),
            ),
        )

    def _applied(self, answer: Answer, question: Question, text: str, policy: Policy) -> Answer:
        try:
            codes = [self._code(code, policy, question.day) for code in policy.codes]
        except CodesetError:
            codes = []
        if not codes or None in codes:
            return _not_followed(answer, policy, messages.POLICY_OBSOLETE)
        kept = [
            each
            for each in answer.suggestions
            if each.code not in policy.codes and each.code not in policy.instead_of
        ]
        listed = [*policy.codes, *(each.code for each in kept)]
        findings = self._findings(listed, question)
        refused = [
            each
            for each in findings
            if each.severity is Severity.ERROR and set(each.codes) & set(policy.codes)
        ]
        if refused:
            return _not_followed(
                answer, policy, messages.POLICY_REFUSED.format(why=refused[0].message)
            )
        made, official = self._suggested(
            [code for code in codes if code is not None], policy, question, text
        )
        citations = {each.id: each for each in (_citation(policy), *answer.citations, *official)}
        return with_findings(
            replace(
                answer,
                kind=Kind.SUGGESTION,
                abstained=None,
                headline=_headline(made, len(kept)),
                suggestions=(*made, *(replace(each, role=Role.SECONDARY) for each in kept)),
                citations=tuple(citations.values()),
                cautions=(
                    _told(policy, [each.code for each in answer.suggestions]),
                    *answer.cautions,
                ),
            ),
            findings,
        )

    def _suggested(
        self, codes: list[Code], policy: Policy, question: Question, text: str
    ) -> tuple[list[Suggestion], list[Citation]]:
        """The policy's codes as suggestions, and the official entry that stands beside each."""
        first = Role.FIRST_LISTED if question.setting is Setting.OUTPATIENT else Role.PRINCIPAL
        official = [self._official(code, question.day) for code in codes]
        made = [
            Suggestion(
                system=code.system.value,
                code=code.code,
                title=code.title,
                valid=True,
                role=Role.SECONDARY if place else first,
                rationale=f"{_capital(policy.label)}: {policy.reason}",
                evidence=(Quote(text, 0, len(text)),),
                citations=(citation_id(policy), official[place].id),
            )
            for place, code in enumerate(codes)
        ]
        return made, official

    def _code(self, name: str, policy: Policy, day: date) -> Code | None:
        """The code as it is on ``day``; None where its release changed it since the approval."""
        system = system_of(name)
        now = self._store.library_for(system, day).find(name)
        then = self._store.library_for(system, policy.effective_from).find(name)
        if now is None or then is None or not now.valid or now.title != then.title:
            return None
        return now

    def _official(self, code: Code, day: date) -> Citation:
        library = self._store.library_for(code.system, day)
        passage = title_passage(code, library.release.source)
        return cite(resolve_citation(library, passage.id) or passage)

    def _findings(self, codes: list[str], question: Question) -> tuple[Finding, ...]:
        diagnoses = tuple(c for c in codes if system_of(c) is System.ICD10CM)
        if not diagnoses:
            return ()
        request = CheckRequest(diagnoses, question.day, question.setting)
        return tuple(check_codes(self._store, request).findings)


def citation_id(policy: Policy) -> str:
    """The citation id of a policy's version."""
    return f"local:policy-{policy.number}:v{policy.version}"


def _citation(policy: Policy) -> Citation:
    decision = f"Assign {', '.join(policy.codes)}"
    if policy.instead_of:
        decision += f", not {', '.join(policy.instead_of)}"
    return Citation(
        id=citation_id(policy),
        source=SOURCE,
        release=f"version {policy.version}",
        locator=policy.label,
        text=f"“{policy.pattern}”: {decision}. {policy.reason}",
    )


def _told(policy: Policy, led_to: list[str]) -> str:
    label = _capital(policy.label)
    if not led_to:
        return messages.POLICY_ALONE.format(label=label)
    if led_to[: len(policy.codes)] == list(policy.codes):
        return messages.POLICY_AGREES.format(label=label)
    return messages.POLICY_DECIDES.format(
        label=label, codes=", ".join(policy.codes), official=", ".join(led_to)
    )


def _not_followed(answer: Answer, policy: Policy, why: str) -> Answer:
    told = messages.POLICY_NOT_FOLLOWED.format(
        label=_capital(policy.label), codes=", ".join(policy.codes), why=why
    )
    return replace(
        answer,
        citations=(*answer.citations, _citation(policy)),
        cautions=(told, *answer.cautions),
    )


def _headline(made: list[Suggestion], others: int) -> str:
    count = len(made) + others
    form = messages.SUGGESTED_ONE if count == 1 else messages.SUGGESTED_MANY
    return form.format(code=made[0].code, title=made[0].title, count=count)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
