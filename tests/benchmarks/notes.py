"""Score notes of a labelled file, and show what each layer of reading adds.

    python -m tests.benchmarks.notes HOME FILE.jsonl

HOME has the release and its index. Times are of the processor, not of the clock.
"""

from __future__ import annotations

import sys
import time
from datetime import date
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING
from unittest.mock import patch

from bot.answer import Question
from bot.config import Settings
from bot.notes import case, choosing, collected, titled, under_way
from bot.runtime import Runtime, no_progress
from retrieval.evaluation import LabelledRow, Prediction, judge, read_rows, total
from retrieval.notes.headings import SectionKind
from retrieval.notes.reading import reader_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from codesets.library import Library
    from retrieval.search import Searcher

DAY = date(2026, 11, 21)
_NOTHING = {
    "attributes": [
        patch.object(choosing.Chooser, "_details", lambda *_: ([], [])),
        patch.object(choosing, "_flare", lambda *_: None),
        patch.object(choosing, "_smoked", lambda code, _: (code, [])),
    ],
    "rules": [
        patch.object(titled.Problems, "_take_past", lambda *_: False),
        patch.object(under_way.UnderWay, "take_secondly", lambda *_: False),
        patch.object(collected.Collected, "take_whole", lambda *_, **__: None),
        patch.object(collected.Collected, "settle", lambda _: None),
        patch.object(collected.Collected, "take_companions", lambda _: None),
        patch.object(collected.Collected, "take_ulcer_site", lambda _: None),
    ],
    "circumstances": [patch.object(collected.Collected, "take_circumstances", lambda _: None)],
}
"""What is left out where a layer is off."""


def headings(text: str, searcher: Searcher) -> list[str]:
    """The first hit for every title of the assessment."""
    titles = [
        problem.title.text
        for problem in reader_of(searcher.index).read(text).assessed.problems
        if problem.section.kind is not SectionKind.PLAN
    ]
    found = (searcher.search(title)[:1] for title in titles)
    return [each.resolved or each.code for candidates in found for each in candidates]


def score(rows: list[LabelledRow], library: Library, code: Callable[[str], list[str]]) -> str:
    """Micro precision, recall and F1, and processor time a note."""
    outcomes, spent = [], []
    for row in rows:
        began = time.process_time()
        codes = tuple(code(row.text))
        spent.append(time.process_time() - began)
        outcomes.append(judge(row, Prediction(row.id, codes, codes), library))
    scores = total(outcomes)
    late = sorted(spent)[int(0.95 * (len(spent) - 1))]
    return (
        f"P {scores.precision:.3f}  R {scores.recall:.3f}  F1 {scores.f1:.3f}"
        f"  p50 {median(spent):.2f} s  p95 {late:.2f} s"
    )


def main(home: str, file: str) -> None:
    """Print a line a layer."""
    runtime = Runtime(Settings(home=Path(home)), no_progress)
    library, searcher = runtime.library(DAY), runtime.searcher(runtime.release(DAY))
    rows = list(read_rows(Path(file)))

    def coded(text: str) -> list[str]:
        built = case.build_note_case(text, Question(text, DAY), library, searcher)
        return [option.code.code for option in built.case.options if option.final]

    print(f"{'headings only':28}", score(rows, library, lambda text: headings(text, searcher)))
    off = list(_NOTHING)
    for name in ("mentions", *_NOTHING):
        off = [layer for layer in off if layer != name]
        patches = [each for layer in off for each in _NOTHING[layer]]
        for each in patches:
            each.start()
        print(f"{'+ ' + name:28}", score(rows, library, coded))
        for each in patches:
            each.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
