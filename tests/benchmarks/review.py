"""A seeded journal of any size, and how long the leads' side takes over it.

    python -m tests.benchmarks.review --exchanges 100000 --folder /tmp/bench [--report FILE.html]

Prints one line a figure: the queue (p50, p95 of 100 pages), the report, the proof of the chain.
"""

from __future__ import annotations

import argparse
import random
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot.answer import Answer, Citation, Gap, Kind, Quote, Role, Setting, Suggestion
from bot.journal import CandidateTrace, Exchange, Journal, PassageTrace, Status
from bot.reports.figures import figures
from bot.reports.gathering import gather
from bot.reports.writing import page
from bot.review.desk import Desk
from bot.review.facts import facts_from, plain_facts
from bot.review.records import Access, CodeVerdict, Feedback, Filter, Person, Verdict
from bot.review.sampling import SamplingRules
from codesets.models import System
from codesets.releases import ReleaseStore

if TYPE_CHECKING:
    from collections.abc import Iterator

START = datetime(2026, 8, 3, 8, 0, tzinfo=UTC)
DAYS = 110
REVIEWERS = tuple(Person(f"UREV{n}", Access.REVIEWER) for n in range(4))
LEAD = Person("ULEAD", Access.LEAD)
ASKERS = tuple(f"U{n:03d}" for n in range(40))
_AXES = ("laterality", "stage", "type", "acuity", "encounter")
_CHUNK = 2000


def exchanges(count: int, codes: list[tuple[str, str]], seed: int = 7) -> Iterator[Exchange]:
    """Plausible exchanges over 110 days; the same for the same seed."""
    draw = random.Random(seed)  # a benchmark's data, not a secret
    common = draw.sample(codes, min(400, len(codes)))
    for number in range(count):
        code, title = draw.choice(common) if draw.random() < 0.7 else draw.choice(codes)
        more = [draw.choice(common)] if draw.random() < 0.35 else []
        asked = START + timedelta(days=DAYS) * (number / count)
        yield _exchange(number, asked, draw, [(code, title), *more])


def _exchange(
    number: int, asked: datetime, draw: random.Random, codes: list[tuple[str, str]]
) -> Exchange:
    abstained = draw.random() < 0.08
    text = f"{codes[0][1].lower()}, seen in follow-up, case {number}"
    citation = f"icd10cm:FY2026-04:{codes[0][0]}:title"
    day = asked.date()
    release = "FY2027" if day >= date(2026, 10, 1) else "FY2026-04"
    took = draw.lognormvariate(4.3, 0.5)
    answer = Answer(
        exchange_id=f"{number:08x}{draw.getrandbits(64):016x}",
        kind=Kind.CLARIFICATION if abstained else Kind.SUGGESTION,
        setting=draw.choice((Setting.OUTPATIENT, Setting.OUTPATIENT, Setting.INPATIENT)),
        day=day,
        releases={"icd10cm": release},
        headline="More detail is needed." if abstained else f"{codes[0][0]} fits best.",
        text=text,
        suggestions=()
        if abstained
        else tuple(
            Suggestion("icd10cm", code, title, True,
                       Role.SECONDARY if place else Role.FIRST_LISTED, f"The text says {title}.",
                       (Quote(text[: len(title)], 0, len(title)),), (citation,))
            for place, (code, title) in enumerate(dict(codes).items())
        ),
        citations=(Citation(citation, "ICD-10-CM Tabular List", release, *codes[0]),),
        gaps=(Gap(draw.choice(_AXES), ("one", "other"), ()),) if draw.random() < 0.3 else (),
        abstained="A choice is needed." if abstained else None,
        drafter="model" if draw.random() < 0.3 else "rules",
        timings_ms={"total": round(took, 2)},
    )  # fmt: skip
    return Exchange(
        exchange_id=answer.exchange_id,
        created_at=asked,
        door=draw.choice(("slack", "slack", "slack", "terminal")),
        text=text,
        setting=answer.setting,
        day=day,
        kind=answer.kind,
        headline=answer.headline,
        answer=answer.to_json(),
        status=Status.ABSTAINED if abstained else Status.ANSWERED,
        person=draw.choice(ASKERS),
        candidates=tuple(
            CandidateTrace(code, 0.9, (PassageTrace(citation, 1, 2, 0.9),)) for code, _ in codes
        ),
        releases=answer.releases,
        index_fingerprint="i1:bench",
        drafter=answer.drafter,
        timings_ms=answer.timings_ms,
    )


def fill(desk: Desk, count: int, codes: list[tuple[str, str]], decided: int) -> None:
    """Exchanges, askers' feedback, and decisions by four reviewers."""
    chunk: list[Exchange] = []
    for each in exchanges(count, codes):
        chunk.append(each)
        if len(chunk) == _CHUNK:
            desk.journal.append_many(chunk)
            chunk.clear()
    desk.journal.append_many(chunk)
    desk.catch_up()
    draw = random.Random(11)  # as above
    for person in ASKERS[:20]:
        desk.people.grant(LEAD, person, Access.VIEWER, draw.choice(("Cardiology", "Medicine")))
    for item in desk.queue(limit=decided // 4):
        what = draw.choice((Feedback.REJECTED, Feedback.EDITED, Feedback.ACCEPTED))
        desk.feedback(item.case.person, item.case.exchange_id, what)
    for item in desk.queue(Filter(), limit=decided):
        _judge(desk, item.case.exchange_id, item.case.codes, draw, codes)


def _judge(
    desk: Desk,
    exchange_id: str,
    given: tuple[str, ...],
    draw: random.Random,
    codes: list[tuple[str, str]],
) -> None:
    def verdict(code: str) -> CodeVerdict:
        if draw.random() < 0.82:
            return CodeVerdict(code, Verdict.ACCEPTED)
        other = f"{code[:3]}.{draw.randrange(9)}" if draw.random() < 0.7 else draw.choice(codes)[0]
        if other == code:
            return CodeVerdict(code, Verdict.UNSUPPORTED)
        kind = draw.choice((Verdict.WRONG_CODE, Verdict.UNDER_CODED, Verdict.WRONG_CODE))
        return CodeVerdict(code, kind, other)

    said = [verdict(code) for code in given]
    if not said:
        said = [CodeVerdict("", Verdict.UNDER_CODED, draw.choice(codes)[0])]
    first, second = draw.sample(REVIEWERS, 2)
    desk.decide(first, exchange_id, said)
    case = desk.store.case(exchange_id)
    if case is not None and case.state.value == "second":
        desk.decide(second, exchange_id, said if draw.random() < 0.85 else
                    [CodeVerdict(c, Verdict.ACCEPTED) for c in given] or said)  # fmt: skip


def measured(name: str, run: object, times: int) -> None:
    """Print the median and the 95th percentile of ``run`` in milliseconds."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        run()  # type: ignore[operator]  # any callable
        took.append(1000 * (time.perf_counter() - began))
    took.sort()
    print(f"{name}: p50 {took[len(took) // 2]:.1f} ms, p95 {took[int(len(took) * 0.95)]:.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--exchanges", type=int, default=5000)
    parser.add_argument("--decided", type=int, default=800)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--url", default="")
    parser.add_argument("--home", type=Path, help="a home with compiled code sets")
    parser.add_argument("--report", type=Path)
    asked = parser.parse_args()
    facts, codes = plain_facts, [(f"E11.{n}", f"diabetes {n}") for n in range(10)]
    if asked.home:
        store = ReleaseStore(asked.home)
        library = store.library_for(System.ICD10CM, date(2026, 11, 21))
        codes = [(c.code, c.title) for c in library.valid_codes() if len(c.code) < 7][::9]
        facts = facts_from(store)
    journal = Journal(asked.url or asked.folder / "journal.sqlite")
    desk = Desk(journal, rules=SamplingRules(rate=0.05), facts=facts)
    if not journal.counts()["exchanges"]:
        began = time.perf_counter()
        fill(desk, asked.exchanges, codes, asked.decided)
        print(f"filled in {time.perf_counter() - began:.0f} s")
    print(f"{journal.counts()['exchanges']} exchanges, {desk.tally()} cases")
    measured("queue page", lambda: desk.queue(limit=50), 100)
    measured("queue page, one person", lambda: desk.queue(Filter(person="U001"), limit=50), 100)
    measured("queue page, one family", lambda: desk.queue(Filter(family="S52"), limit=50), 100)
    measured("tally", desk.tally, 50)
    since, until = START.date(), (START + timedelta(days=DAYS)).date()
    began = time.perf_counter()
    made = figures(gather(desk, since, until))
    drawn = page(made)
    print(f"report: {time.perf_counter() - began:.1f} s, {len(drawn) / 1000:.0f} kB")
    if asked.report:
        asked.report.write_text(drawn, encoding="utf-8")
    began = time.perf_counter()
    found = journal.verify()
    print(f"verify: {time.perf_counter() - began:.1f} s, {found.rows} rows, ok {found.ok}")


if __name__ == "__main__":
    main()
