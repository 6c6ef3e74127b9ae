"""A Slack workspace with the real app in it, for tests: real sockets, real Bolt, real journal."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from pydantic import SecretStr

from bot.answer import (
    Alternative,
    Answer,
    Citation,
    Finding,
    Gap,
    Kind,
    Question,
    Quote,
    Role,
    Severity,
    Suggestion,
)
from bot.config import Settings
from bot.journal import Exchange, Journal
from bot.journal.door import DoorStore
from bot.sandbox.server import Sandbox
from bot.slack.app import build_app
from bot.slack.codes import CodeDesk
from bot.slack.ports import InstalledRelease, KnownCode
from bot.slack.serve import SocketConnection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bot.sandbox.records import Posted
    from bot.slack.ports import WatchedAnswerer

DANA, MORGAN = "U0DANA", "U0MORGAN"
CODING, DIRECT = "C0CODING", "D0DANA"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
CKD = "type 2 diabetes with diabetic CKD stage 3a"


def suggestion(code: str = "E11.22", **changes: object) -> Suggestion:
    made = Suggestion(
        system="icd10cm",
        code=code,
        title="Type 2 diabetes mellitus with diabetic chronic kidney disease",
        valid=True,
        role=Role.FIRST_LISTED,
        rationale="“type 2 diabetes” and “diabetic CKD” lead to this combination code.",
        evidence=(Quote("type 2 diabetes with diabetic CKD", 0, 33),),
        citations=("icd10cm:FY2026-04:E11.22:title",),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # test data by keyword


def answered(question: Question, **changes: object) -> Answer:
    """A full answer: two codes, a finding, an alternative, a gap, a caution, a source."""
    made = Answer(
        exchange_id=question.exchange_id or uuid4().hex,
        kind=Kind.SUGGESTION,
        setting=question.setting,
        day=question.day,
        releases={"icd10cm": "FY2027"},
        headline="Two codes describe this: the combination code first, then the stage.",
        text=question.text,
        suggestions=(
            suggestion(
                findings=(
                    Finding(
                        rule="missing-additional-code",
                        severity=Severity.WARNING,
                        codes=("E11.22",),
                        message="The Tabular asks for a further code for the stage of CKD.",
                        citation="icd10cm:FY2026-04:E11.22:title",
                        fix="Add N18.31.",
                    ),
                ),
                alternatives=(
                    Alternative("E11.21", "Type 2 diabetes mellitus with nephropathy", "no CKD"),
                ),
            ),
            suggestion(
                "N18.31",
                title="Chronic kidney disease, stage 3a",
                role=Role.SECONDARY,
                rationale="“CKD stage 3a” gives the stage.",
                evidence=(Quote("CKD stage 3a", 30, 42),),
            ),
        ),
        citations=(
            Citation(
                "icd10cm:FY2026-04:E11.22:title",
                "ICD-10-CM Tabular List",
                "FY2026-04",
                "E11.22",
                "Type 2 diabetes mellitus with diabetic chronic kidney disease",
            ),
        ),
        cautions=("Long-term insulin is not mentioned.",),
        gaps=(Gap("use of insulin", ("insulin", "oral drugs"), ("Z79.4", "Z79.84")),),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # test data by keyword


class Held:
    """Answers nothing until it is let go; ``working`` says that it was asked."""

    def __init__(self) -> None:
        self.working, self._may_answer = Event(), Event()

    def __call__(self, question: Question) -> Answer:
        self.working.set()
        assert self._may_answer.wait(20)
        return answered(question)

    def let_go(self) -> None:
        """Answer whoever waits, and at once from now on."""
        self._may_answer.set()


@dataclass
class Assistant:
    """Stands where the assistant stands: answers by script and journals first, as it does."""

    journal: Journal
    script: Callable[[Question], Answer] = answered
    asked: list[Question] = field(default_factory=list)
    watched: WatchedAnswerer | None = None

    def __call__(self, question: Question) -> Answer:
        self.asked.append(question)
        answer = self.script(question)
        self.journal.append(
            Exchange(
                exchange_id=answer.exchange_id,
                created_at=NOON,
                door=question.door,
                text=question.text,
                setting=answer.setting,
                day=answer.day,
                kind=answer.kind,
                headline=answer.headline,
                answer=answer.to_json(),
                team=question.team,
                channel=question.channel,
                thread=question.thread,
                person=question.person,
                releases=answer.releases,
            )
        )
        return answer


KNOWN = {
    "Z794": KnownCode("Z79.4", "Long term (current) use of insulin", True),
    "E1122": KnownCode("E11.22", "Type 2 diabetes mellitus with diabetic CKD", True),
    "M545": KnownCode("M54.5", "Low back pain", False),
}
CODES = CodeDesk(
    lambda code, _day: KNOWN.get(code.replace(".", "").upper()),
    lambda: (InstalledRelease("ICD-10-CM", "FY2027", "2026-10-01 to 2027-03-31"),),
)


def settings_for(sandbox: Sandbox, home: Path, **changes: Any) -> Settings:
    usual = {
        "slack_bot_token": SecretStr(sandbox.workspace.bot_token),
        "slack_app_token": SecretStr(sandbox.workspace.app_token),
        "slack_workers": 8,
        "slack_questions_per_minute": 100_000,
        "slack_leads": (MORGAN,),
    }
    return Settings(home=home, **usual | changes)


@contextmanager
def connected(
    sandbox: Sandbox, assistant: Assistant, home: Path, **changes: Any
) -> Iterator[SocketConnection]:
    """One process's worth of app, connected to the sandbox."""
    app = build_app(
        settings_for(sandbox, home, **changes),
        assistant,
        assistant.journal,
        lambda: NOON,
        codes=CODES,
        watched=assistant.watched,
        api_url=sandbox.api_url,
    )
    connection = SocketConnection(app, sandbox.workspace.app_token)
    connection.start()
    try:
        yield connection
    finally:
        connection.stop()


@dataclass
class Scene:
    """A workspace, the app in it, its assistant and journal."""

    sandbox: Sandbox
    assistant: Assistant
    journal: Journal
    connections: list[SocketConnection]

    def wait(self, holds: Callable[[], object], what: str) -> None:
        deadline = monotonic() + 15
        while not self.sandbox.workspace.wait_until(lambda: bool(holds()), 0.05):
            # Not every outcome changes the workspace: a mark in the journal does not.
            assert monotonic() < deadline, f"never happened: {what}"

    def finish(self) -> None:
        """Wait until all that was sent is acknowledged, then until every listener has returned."""
        self.wait(
            lambda: all(e.acknowledged is not None for e in self.sandbox.hub.envelopes),
            "all acknowledged",
        )
        for connection in self.connections:
            connection.stop()

    def asked(self, words: str) -> list[Question]:
        """The questions the assistant was asked that hold ``words``."""
        return [question for question in self.assistant.asked if words in question.text]

    def replies(self, channel: str, thread_ts: str = "") -> list[str]:
        """Texts of the bot's messages in a thread, or at the top of a conversation."""
        return [
            posted.text
            for posted in self.sandbox.workspace.from_bot(channel)
            if posted.thread_ts == thread_ts
        ]


@contextmanager
def scene(
    tmp_path: Path,
    *,
    ack_seconds: float = 3.0,
    steps: Callable[[Assistant, Question, Callable[[str], None]], Answer] | None = None,
    **changes: Any,
) -> Iterator[Scene]:
    """A sandbox and one connected app over a fresh journal.

    ``steps`` answers in place of the script, as a slow model does, and tells its stages.
    """
    with (
        Journal(tmp_path / "journal.sqlite") as journal,
        Sandbox(ack_seconds=ack_seconds) as sandbox,
    ):
        assistant = Assistant(journal)
        if steps is not None:
            assistant.watched = partial(steps, assistant)
        with connected(sandbox, assistant, tmp_path, **changes) as connection:
            yield Scene(sandbox, assistant, journal, [connection])


DAY = date(2026, 11, 21)


def question(text: str = CKD, **changes: object) -> Question:
    return replace(Question(text, DAY, door="slack"), **changes)  # type: ignore[arg-type]  # as above


def settled(slack: Scene) -> None:
    """Wait until no question is under way."""
    slack.wait(lambda: not DoorStore(slack.journal).open_turns(), "every turn settled")


def ask(slack: Scene, text: str, thread: str = "", person: str = DANA) -> Posted:
    """Write in the channel and wait for the answer; the question."""
    count = len(slack.assistant.asked)
    posted, _ = slack.sandbox.client.say(person, CODING, text, thread)
    slack.wait(lambda: len(slack.assistant.asked) > count, "the question")
    settled(slack)
    return posted


def private(slack: Scene, person: str = DANA) -> list[Posted]:
    """What the bot showed to one person alone."""
    return [m for m in slack.sandbox.workspace.from_bot() if m.visible_to == person]
