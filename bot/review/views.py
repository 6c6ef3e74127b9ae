"""The reviewer's view of the journal: rows for a list, and one exchange laid out to replay.

Pure: exchanges in, plain values out. ``bot.review.tables`` dresses them for a terminal.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.journal.records import CandidateTrace, Delivery, Exchange

SHORT_ID = 8
QUESTION_WIDTH = 60


class ListingRow(NamedTuple):
    """One exchange in a list. ``id`` is as short as tells the listed ones apart (8 or more).

    ``asked`` is the minute in UTC, ``codes`` the suggested ones in order, ``milliseconds`` the
    whole answer's.
    """

    id: str
    asked: str
    door: str
    person: str
    kind: str
    status: str
    question: str
    codes: str
    milliseconds: str


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """One suggested code with its evidence as quoted and the ids of its citations."""

    role: str
    code: str
    title: str
    rationale: str
    evidence: tuple[str, ...]
    citations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CandidateView:
    """One candidate as it was ranked. Ranks are the best of its passages, None where not found so.

    ``passages`` are ids, the strongest first; ``suggested`` says whether the answer assigned it.
    """

    rank: int
    code: str
    score: float
    lexical_rank: int | None
    dense_rank: int | None
    passages: tuple[str, ...]
    suggested: bool


@dataclass(frozen=True, slots=True)
class SourceView:
    """One passage that the answer cites."""

    id: str
    locator: str
    source: str
    release: str
    text: str


@dataclass(frozen=True, slots=True)
class FindingView:
    """One thing a coding rule had to say."""

    rule: str
    severity: str
    codes: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True)
class Replay:
    """One exchange laid out in reading order: asked, answered, why, from what, how long.

    ``circumstances`` and ``provenance`` are (name, value) pairs; ``gaps`` sentences; ``timings``
    (stage, milliseconds) in the order they were taken.
    """

    exchange_id: str
    circumstances: tuple[tuple[str, str], ...]
    question: str
    headline: str
    abstained: str | None
    suggestions: tuple[SuggestionView, ...]
    gaps: tuple[str, ...]
    cautions: tuple[str, ...]
    findings: tuple[FindingView, ...]
    candidates: tuple[CandidateView, ...]
    sources: tuple[SourceView, ...]
    timings: tuple[tuple[str, float], ...]
    provenance: tuple[tuple[str, str], ...]
    deliveries: tuple[tuple[str, str, str], ...]

    def to_json(self) -> dict[str, Any]:
        """Plain dictionaries, lists, strings and numbers."""
        return asdict(self)


def listing(exchanges: Sequence[Exchange]) -> list[ListingRow]:
    """One row an exchange, in the order given."""
    ids = _short_ids([exchange.exchange_id for exchange in exchanges])
    return [_listed(exchange, ids[exchange.exchange_id]) for exchange in exchanges]


def replay(exchange: Exchange, deliveries: Iterable[Delivery] = ()) -> Replay:
    """The exchange laid out; parts that its answer does not have are empty."""
    answer = exchange.answer
    suggested = {row["code"] for row in answer.get("suggestions", ())}
    return Replay(
        exchange_id=exchange.exchange_id,
        circumstances=_circumstances(exchange),
        question=exchange.text,
        headline=exchange.headline,
        abstained=answer.get("abstained"),
        suggestions=tuple(_suggestion(row) for row in answer.get("suggestions", ())),
        gaps=tuple(_gap(row) for row in answer.get("gaps", ())),
        cautions=tuple(answer.get("cautions", ())),
        findings=tuple(_finding(row) for row in exchange.findings),
        candidates=tuple(
            _candidate(rank, row, row.code in suggested)
            for rank, row in enumerate(exchange.candidates, start=1)
        ),
        sources=tuple(_source(row) for row in answer.get("citations", ())),
        timings=tuple(exchange.timings_ms.items()),
        provenance=_provenance(exchange),
        deliveries=tuple(
            (row.channel, row.message_ts, _minute(row.delivered_at)) for row in deliveries
        ),
    )


def _short_ids(ids: Sequence[str]) -> dict[str, str]:
    ordered = sorted(set(ids))
    short = {}
    for position, value in enumerate(ordered):
        neighbours = ordered[max(position - 1, 0) : position] + ordered[position + 1 : position + 2]
        shared = max((_shared(value, other) for other in neighbours), default=0)
        short[value] = value[: max(SHORT_ID, shared + 1)]
    return short


def _shared(one: str, other: str) -> int:
    for position, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return position
    return min(len(one), len(other))


def _listed(exchange: Exchange, short: str) -> ListingRow:
    words = " ".join(exchange.text.split())
    if len(words) > QUESTION_WIDTH:
        words = words[: QUESTION_WIDTH - 1].rstrip() + "…"
    total = exchange.timings_ms.get("total")
    return ListingRow(
        id=short,
        asked=_minute(exchange.created_at),
        door=exchange.door,
        person=exchange.person,
        kind=exchange.kind.value,
        status=exchange.status.value,
        question=words,
        codes=" ".join(row["code"] for row in exchange.answer.get("suggestions", ())),
        milliseconds="" if total is None else f"{total:.0f}",
    )


def _circumstances(exchange: Exchange) -> tuple[tuple[str, str], ...]:
    pairs = (
        ("asked", f"{exchange.created_at:%Y-%m-%d %H:%M:%S} UTC"),
        ("door", exchange.door),
        ("person", exchange.person),
        ("team", exchange.team),
        ("channel", exchange.channel),
        ("thread", exchange.thread),
        ("setting", exchange.setting.value),
        ("date of service", exchange.day.isoformat()),
        ("kind", exchange.kind.value),
        ("status", exchange.status.value),
    )
    return tuple(pair for pair in pairs if pair[1])


def _provenance(exchange: Exchange) -> tuple[tuple[str, str], ...]:
    pairs = (
        *((f"release {system}", release) for system, release in exchange.releases.items()),
        ("drafter", exchange.drafter),
        ("index", exchange.index_fingerprint),
        ("prompt", exchange.prompt_fingerprint),
    )
    return tuple(pair for pair in pairs if pair[1])


def _suggestion(row: dict[str, Any]) -> SuggestionView:
    return SuggestionView(
        role=row["role"],
        code=row["code"],
        title=row["title"],
        rationale=row["rationale"],
        evidence=tuple(quote["quote"] for quote in row["evidence"]),
        citations=tuple(row["citations"]),
    )


def _gap(row: dict[str, Any]) -> str:
    return f"{row['axis']}: {', '.join(row['options'])}" if row["options"] else str(row["axis"])


def _finding(row: dict[str, Any]) -> FindingView:
    return FindingView(row["rule"], row["severity"], tuple(row["codes"]), row["message"])


def _source(row: dict[str, Any]) -> SourceView:
    return SourceView(row["id"], row["locator"], row["source"], row["release"], row["text"])


def _candidate(rank: int, row: CandidateTrace, suggested: bool) -> CandidateView:
    return CandidateView(
        rank=rank,
        code=row.code,
        score=row.score,
        lexical_rank=_best(passage.lexical_rank for passage in row.passages),
        dense_rank=_best(passage.dense_rank for passage in row.passages),
        passages=tuple(passage.id for passage in row.passages),
        suggested=suggested,
    )


def _best(ranks: Iterable[int | None]) -> int | None:
    return min((rank for rank in ranks if rank is not None), default=None)


def _minute(moment: Any) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
