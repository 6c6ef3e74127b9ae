"""What the journal keeps of one exchange: frozen records that know nothing of the database.

Free text is left out of every ``repr``, so that a record named in a log line or a traceback shows
its id and never what was asked.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot.journal.errors import UnrecordableError

if TYPE_CHECKING:
    from bot.answer import Kind, Setting

EXCHANGE_ID = re.compile(r"[A-Za-z0-9_-]{6,64}")
"""What an exchange id may look like: safe in a URL, a button value and an error message."""


class Status(StrEnum):
    """How the exchange ended."""

    ANSWERED = "answered"
    ABSTAINED = "abstained"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class PassageTrace:
    """One passage that spoke for a candidate. Ranks count from 1; None where it was not found so.

    ``score`` is what the passage added to its candidate's score.
    """

    id: str
    lexical_rank: int | None
    dense_rank: int | None
    score: float


@dataclass(frozen=True, slots=True)
class CandidateTrace:
    """One candidate code as it was ranked, with the passages that carried it, best first."""

    code: str
    score: float
    passages: tuple[PassageTrace, ...] = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question and its answer, complete enough to replay.

    ``created_at`` is aware and kept in UTC. ``text`` is the question after redaction, ``day`` the
    date of service, ``answer`` the whole document of ``bot.answer.Answer.to_json``, ``findings``
    documents of ``bot.answer.Finding``, ``releases`` system to release id, ``timings_ms`` stage to
    milliseconds. ``team``, ``channel``, ``thread`` and ``person`` are opaque ids of the door.
    ``index_fingerprint`` and ``prompt_fingerprint`` are empty where no index or prompt was used.

    Raises UnrecordableError where the id is not of the form ``EXCHANGE_ID`` or ``created_at`` has
    no time zone.
    """

    exchange_id: str
    created_at: datetime
    door: str
    text: str = field(repr=False)
    setting: Setting
    day: date
    kind: Kind
    headline: str = field(repr=False)
    answer: dict[str, Any] = field(repr=False)
    status: Status = Status.ANSWERED
    team: str = ""
    channel: str = ""
    thread: str = ""
    person: str = ""
    candidates: tuple[CandidateTrace, ...] = field(default=(), repr=False)
    findings: tuple[dict[str, Any], ...] = field(default=(), repr=False)
    releases: dict[str, str] = field(default_factory=dict)
    index_fingerprint: str = ""
    prompt_fingerprint: str = ""
    drafter: str = "rules"
    timings_ms: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if EXCHANGE_ID.fullmatch(self.exchange_id) is None:
            raise UnrecordableError(
                "An exchange id has 6 to 64 letters, digits, hyphens or underscores."
            )
        object.__setattr__(self, "created_at", in_utc(self.created_at))

    def to_json(self) -> dict[str, Any]:
        """The whole record as plain values, times and days in ISO 8601, in the fields' order."""
        return asdict(self) | {
            "created_at": self.created_at.isoformat(),
            "day": self.day.isoformat(),
            "setting": self.setting.value,
            "kind": self.kind.value,
            "status": self.status.value,
        }


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message in which an exchange's answer was shown. ``message_ts`` names it in a channel."""

    exchange_id: str
    channel: str
    message_ts: str
    delivered_at: datetime


def in_utc(moment: datetime) -> datetime:
    """``moment`` in UTC. Raises UnrecordableError where it has no time zone.

    >>> in_utc(datetime.fromisoformat("2026-11-21T18:00:00+01:00")).isoformat()
    '2026-11-21T17:00:00+00:00'
    """
    if moment.utcoffset() is None:
        raise UnrecordableError("The journal needs times with a time zone.")
    return moment.astimezone(UTC)
