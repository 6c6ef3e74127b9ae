"""Exchanges for the journal's tests, and a worker process that uses a journal for real."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.answer import (
    Answer,
    Citation,
    Finding,
    Gap,
    Kind,
    Quote,
    Role,
    Setting,
    Severity,
    Suggestion,
)
from bot.journal import CandidateTrace, Exchange, PassageTrace, Status

REPOSITORY = Path(__file__).resolve().parents[2]
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
PASSAGE = "icd10cm:FY2026-04:N17.9:title"


def exchange(number: int = 1, **changes: object) -> Exchange:
    """A plausible exchange; ``number`` gives its id and the minute it was asked."""
    text = str(changes.pop("text", f"AKI, patient number {number}"))
    exchange_id = str(changes.pop("exchange_id", f"{number:08x}-aaaa"))
    finding = Finding("code-first", Severity.WARNING, ("N17.9",), "Look at N17.", PASSAGE)
    answer = Answer(
        exchange_id=exchange_id,
        kind=Kind.SUGGESTION,
        setting=Setting.OUTPATIENT,
        day=date(2026, 11, 21),
        releases={"icd10cm": "FY2027"},
        headline="N17.9 fits best.",
        text=text,
        suggestions=(
            Suggestion(
                system="icd10cm",
                code="N17.9",
                title="Acute kidney failure, unspecified",
                valid=True,
                role=Role.FIRST_LISTED,
                rationale="AKI is acute kidney injury.",
                evidence=(Quote(text[:3], 0, 3),),
                citations=(PASSAGE,),
                findings=(finding,),
            ),
        ),
        citations=(
            Citation(PASSAGE, "ICD-10-CM Tabular List", "FY2026-04", "N17.9", "Acute kidney…"),
        ),
        cautions=("Not a substitute for the record.",),
        gaps=(Gap("lesion", ("tubular necrosis", "other"), ("N17.0", "N17.8")),),
        timings_ms={"retrieve": 12.5, "draft": 3.25, "total": 41.0},
    )
    values: dict[str, object] = {
        "exchange_id": exchange_id,
        "created_at": NOON + timedelta(minutes=number),
        "door": "terminal",
        "text": text,
        "setting": Setting.OUTPATIENT,
        "day": date(2026, 11, 21),
        "kind": Kind.SUGGESTION,
        "status": Status.ANSWERED,
        "headline": answer.headline,
        "answer": answer.to_json(),
        "candidates": (
            CandidateTrace(
                "N17.9",
                0.0325,
                (
                    PassageTrace(PASSAGE, 1, 4, 0.0164),
                    PassageTrace("icd10cm:FY2026-04:N17.9:inclusion-1", None, 2, 0.0161),
                ),
            ),
            CandidateTrace("N17.8", 0.0154),
        ),
        "findings": tuple(answer.to_json()["suggestions"][0]["findings"]),
        "releases": answer.releases,
        "index_fingerprint": "i1:0f0f",
        "prompt_fingerprint": "p1:abab",
        "timings_ms": answer.timings_ms,
    }
    return Exchange(**(values | changes))  # type: ignore[arg-type]  # a table of test values


def worker(script: str, *arguments: object) -> subprocess.Popen[str]:
    """A Python process running ``script`` with this repository on its path."""
    paths = os.pathsep.join([str(REPOSITORY), str(Path(__file__).parent)])
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": paths},
    )
