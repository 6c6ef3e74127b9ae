"""The desk: everything a lead does with an exchange. Slack, web and terminal only call it.

Every method that changes something takes the ``Person`` who does it and holds them to their
access, writes events (never edits one), and updates the derived case in the same transaction.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bot import phi
from bot.journal.errors import UnknownExchangeError
from bot.journal.reviews import ReviewStore
from bot.review import verdicts as judging
from bot.review.agreement import kappa
from bot.review.custody import Custody
from bot.review.deriving import (
    CLAIMED,
    COMMENTED,
    DERIVED,
    FEEDBACK,
    RELEASED,
    SECOND_ASKED,
    VERDICT,
    after,
    decision_of,
)
from bot.review.errors import (
    AlreadyClaimedError,
    ClosedCaseError,
    NotYoursError,
    VerdictError,
)
from bot.review.facts import case_of, plain_facts
from bot.review.people import People, require
from bot.review.policies import PolicyDesk
from bot.review.records import (
    WAITING,
    Access,
    CaseFile,
    CodeVerdict,
    Decision,
    Feedback,
    Filter,
    HistoryLine,
    State,
)
from bot.review.sampling import SamplingRules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from bot.journal.reviews import Change, Event
    from bot.journal.store import Journal
    from bot.review.facts import CodeFacts
    from bot.review.records import Agreement, Case, Person, QueueItem


_BATCH = 500
_ROUNDS = {State.SECOND: 2, State.ADJUDICATION: 3}


def utc_now() -> datetime:
    """The clock of a running bot."""
    return datetime.now(UTC)


def any_code(code: str, _day: date) -> str:
    """Take a right code as it is typed: where no code set is at hand."""
    return code.strip().upper()


class Desk:
    """The review of one journal; safe between threads and processes.

    ``facts`` says what a code means to the queue, ``validate`` gives a code as printed or raises
    VerdictError, ``leads`` are people with a lead's access by configuration.
    """

    def __init__(
        self,
        journal: Journal,
        *,
        rules: SamplingRules | None = None,
        facts: Callable[[str, date], CodeFacts] = plain_facts,
        validate: Callable[[str, date], str] = any_code,
        release_end: Callable[[date], date | None] = lambda _day: None,
        clock: Callable[[], datetime] = utc_now,
        leads: Sequence[str] = (),
        claim_for: timedelta = timedelta(hours=8),
    ) -> None:
        self.journal = journal
        self.store = ReviewStore(journal)
        self.rules = rules or SamplingRules()
        self.people = People(self.store, clock, leads)
        self._facts = facts
        self._validate = validate
        self._release_end = release_end
        self._clock = clock
        self._claim_for = claim_for

    @cached_property
    def policies(self) -> PolicyDesk:
        """Local policies: proposed, approved, revised, withdrawn."""
        return PolicyDesk(self.store, self._clock, self._validate, self._release_end)

    @cached_property
    def custody(self) -> Custody:
        """Retention, legal holds and what is known of one person."""
        return Custody(self.journal, self.store, self._clock)

    def person(self, name: str) -> Person:
        """Who this is, and what they may do."""
        return self.people.get(name)

    # --- the queue ----------------------------------------------------------------------------

    def catch_up(self) -> int:
        """Derive what was written since; returns the number of new cases. Two looks when none."""
        added = 0
        while True:
            done, fresh = self.store.underived(_BATCH)
            if not fresh:
                break
            found = [case_of(number, each, self._facts, self.rules) for number, each in fresh]
            if self.store.derive(done, found):
                added += len(found)
        if self.store.is_behind():
            with self._changing():
                pass
        return added

    def rebuild(self) -> int:
        """Derive everything anew, under the rules as they are now; returns the number of cases."""
        self.store.forget_derived()
        return self.catch_up()

    @contextmanager
    def _changing(self) -> Iterator[Change]:
        """A transaction in which everything written before, and in it, is derived."""
        with self.store.change() as change:
            while fresh := change.underived(_BATCH):
                change.add_cases([case_of(n, e, self._facts, self.rules) for n, e in fresh])
            self._settle(change)
            yield change
            self._settle(change)

    def _settle(self, change: Change) -> None:
        for event in change.pending():
            if event.kind in DERIVED:
                case = change.case(event.exchange_id)
                # Of what retention removed, figures are kept and nothing changes any more.
                if case is not None:
                    change.set_case(after(change, case, event, self.rules))
            change.settled(event)

    def queue(
        self, asked: Filter | None = None, limit: int = 50, after: str | None = None
    ) -> tuple[QueueItem, ...]:
        """Waiting exchanges, the most urgent first; ``after`` is the last id of the page before."""
        self.catch_up()
        last = None if after is None else self.store.case(after)
        return self.store.queue(asked or Filter(), limit, self._clock(), last)

    def tally(self, asked: Filter | None = None) -> dict[str, int]:
        """How many exchanges there are by state; the queue's filter without states by default."""
        return self.store.tally(asked or Filter(states=()), self._clock())

    def claim(self, person: Person, exchange_id: str) -> Case:
        """Take an exchange on; nobody else can until it is released or the claim runs out.

        Raises NotPermittedError, AlreadyClaimedError, ClosedCaseError, UnknownExchangeError.
        """
        require(person, Access.REVIEWER)
        self.catch_up()
        now = self._clock()
        with self._changing() as change:
            case = _known(change.case(exchange_id), exchange_id)
            self._may_hold(person, case, now)
            if case.held_by(now) == person.id:
                return case
            until = now + self._claim_for
            change.add(CLAIMED, exchange_id, person.id, now, {"until": until.isoformat()})
        return self._case(exchange_id)

    def release(self, person: Person, exchange_id: str) -> Case:
        """Give a claimed exchange back. A lead may do so for somebody else."""
        require(person, Access.REVIEWER)
        now = self._clock()
        with self._changing() as change:
            case = _known(change.case(exchange_id), exchange_id)
            holder = case.held_by(now)
            if holder != person.id and not (holder and person.access is Access.LEAD):
                raise NotYoursError("You have not claimed that exchange.")
            change.add(RELEASED, exchange_id, person.id, now, {})
        return self._case(exchange_id)

    def comment(self, person: Person, exchange_id: str, text: str) -> HistoryLine:
        """Say something about an exchange; identifiers are taken out before it is stored."""
        require(person, Access.REVIEWER)
        words = _screened(text.strip())
        if not words:
            raise VerdictError("There is nothing in that comment.")
        self.catch_up()
        with self._changing() as change:
            _known(change.case(exchange_id), exchange_id)
            event = change.add(COMMENTED, exchange_id, person.id, self._clock(), {"text": words})
        return _line(event)

    def feedback(
        self,
        person: str,
        exchange_id: str,
        what: Feedback,
        codes: Sequence[str] = (),
        note: str = "",
    ) -> Case:
        """What the one who asked did with the answer; anybody may say so.

        All but ``accepted`` bring the exchange into the queue, also one that was decided before.
        """
        self.catch_up()
        document = {"feedback": what.value, "codes": list(codes), "note": _screened(note.strip())}
        with self._changing() as change:
            _known(change.case(exchange_id), exchange_id)
            change.add(FEEDBACK, exchange_id, person, self._clock(), document)
        return self._case(exchange_id)

    def ask_second(self, person: Person, exchange_id: str) -> Case:
        """Ask for a second, blinded review; of a decided exchange too."""
        require(person, Access.REVIEWER)
        self.catch_up()
        with self._changing() as change:
            case = _known(change.case(exchange_id), exchange_id)
            if case.state in (State.SECOND, State.ADJUDICATION):
                raise ClosedCaseError("A second review of that exchange is under way.")
            change.add(SECOND_ASKED, exchange_id, person.id, self._clock(), {})
        return self._case(exchange_id)

    # --- verdicts -----------------------------------------------------------------------------

    def decide(
        self,
        person: Person,
        exchange_id: str,
        verdicts: Sequence[CodeVerdict],
        *,
        sequence: Sequence[str] = (),
        note: str = "",
    ) -> Decision:
        """Judge every code of an exchange. What nobody has claimed is claimed on the way.

        Raises VerdictError, NotPermittedError, AlreadyClaimedError, ClosedCaseError.
        """
        require(person, Access.REVIEWER)
        self.catch_up()
        exchange = self.journal.get(exchange_id)
        checked = judging.checked(exchange, verdicts, self._validate, _screened)
        codes = judging.final_codes(checked, sequence)
        now = self._clock()
        with self._changing() as change:
            case = _known(change.case(exchange.exchange_id), exchange_id)
            self._may_hold(person, case, now)
            document = {
                "round": _ROUNDS.get(case.state, 1),
                "verdicts": [each.to_json() for each in checked],
                "codes": list(codes),
                "note": _screened(note.strip()[: judging.MOST_NOTE]),
            }
            event = change.add(VERDICT, case.exchange_id, person.id, now, document)
        return decision_of(event)

    def decisions(self, exchange_id: str) -> tuple[Decision, ...]:
        """Every decision on an exchange, in order; nothing is blinded here."""
        events = self.store.events(VERDICT, exchange_id=exchange_id)
        return tuple(decision_of(event) for event in events)

    def open(self, person: Person, exchange_id: str) -> CaseFile:
        """The whole case as this person may see it.

        Who could still give the second review, and has not judged it, sees no earlier verdict and
        no reviewer's comment.
        """
        require(person, Access.VIEWER)
        self.catch_up()
        exchange = self.journal.get(exchange_id)
        case = _known(self.store.case(exchange.exchange_id), exchange_id)
        events = self.store.events(exchange_id=exchange.exchange_id)
        blinded = (
            case.state is State.SECOND
            and person.id not in case.reviewers
            and person.access.includes(Access.REVIEWER)
        )
        decisions = tuple(decision_of(event) for event in events if event.kind == VERDICT)
        return CaseFile(
            replace(case, reviewers=()) if blinded else case,
            exchange,
            () if blinded else decisions,
            tuple(_blind(event) if blinded else _line(event) for event in events),
            blinded,
        )

    def agreement(self) -> Agreement:
        """Cohen's kappa between first and second reviewers over everything judged twice."""
        rounds: dict[str, dict[int, tuple[int, dict[str, str]]]] = {}
        for row in self.store.judged_twice():
            of = rounds.setdefault(row["exchange_id"], {})
            event, said = of.get(row["round"], (0, {}))
            if event != row["event"]:  # a later review of the same round takes its place
                said = {}
                of[row["round"]] = (row["event"], said)
            said[row["code"] or f"+{row['right_code']}"] = row["verdict"]
        return kappa(
            pair
            for of in rounds.values()
            if {1, 2} <= of.keys()
            for pair in judging.pairs(of[1][1], of[2][1])
        )

    def _case(self, exchange_id: str) -> Case:
        return _known(self.store.case(exchange_id), exchange_id)

    def _may_hold(self, person: Person, case: Case, now: datetime) -> None:
        holder = case.held_by(now)
        if holder and holder != person.id:
            until = f"{case.held_until:%Y-%m-%d %H:%M} UTC"
            raise AlreadyClaimedError(f"{holder} has claimed that exchange until {until}.")
        if case.state is State.DONE:
            raise ClosedCaseError("That exchange is decided; a second review opens it again.")
        if person.id in case.reviewers and case.state in WAITING:
            raise NotYoursError("You have judged that exchange: somebody else reviews it now.")
        if case.state is State.ADJUDICATION:
            require(person, Access.LEAD)


def _known(case: Case | None, exchange_id: str) -> Case:
    if case is None:
        raise UnknownExchangeError(f"No exchange goes by {exchange_id[:64]}.")
    return case


def _line(event: Event) -> HistoryLine:
    return HistoryLine(event.at, event.kind, event.actor, dict(event.document))


def _blind(event: Event) -> HistoryLine:
    shown: dict[str, Any] = dict(event.document)
    if event.kind in (VERDICT, COMMENTED):
        return HistoryLine(event.at, event.kind, "another reviewer", {})
    return HistoryLine(event.at, event.kind, event.actor if event.kind == FEEDBACK else "", shown)


def _screened(text: str) -> str:
    return phi.redact(text).text if text else ""
