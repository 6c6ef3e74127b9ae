"""Score notes of a labelled file, layer by layer; show notes with all that is made of them.

    python -m tests.benchmarks.notes HOME FILE.jsonl
    python -m tests.benchmarks.notes HOME --show 10 [--date 2025-10-15]

HOME has the release and its index. Times are of the processor, not of the clock. Shown are invented
notes (``tests/bot/note_varied.py``): suggestions, mentions not coded and gaps side by side, with
the codes a coder gave and the candidates for services.
"""

from __future__ import annotations

import argparse
import time
from datetime import date
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING
from unittest.mock import patch

from rich.columns import Columns
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from bot.answer import Question, Setting
from bot.config import Settings
from bot.notes import case, choosing, collected, titled, under_way
from bot.runtime import Runtime, no_progress
from retrieval.evaluation import LabelledRow, Prediction, judge, read_rows, total
from retrieval.notes.headings import SectionKind
from retrieval.notes.reading import reader_of
from tests.bot.note_varied import VARIED

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


def layers(runtime: Runtime, file: Path) -> None:
    """Print a line a layer."""
    library, searcher = runtime.library(DAY), runtime.searcher(runtime.release(DAY))
    rows = list(read_rows(file))

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


def show(runtime: Runtime, count: int, day: date) -> None:
    """Print the first ``count`` invented notes, each with what an answer says of it."""
    console = Console()
    width = max(30, console.width // 3 - 1)
    for note in VARIED[:count]:
        question = Question(note.text, day, Setting(note.setting), door="benchmark")
        answer = runtime.assistant.explain(question, record=False).answer
        codes = {suggestion.code for suggestion in answer.suggestions}
        lines = [
            f"{'✓' if s.code in note.codes else '+'} {s.code} {s.title}" for s in answer.suggestions
        ]
        lines += [f"- {code} not suggested" for code in note.codes if code not in codes]
        lines += [f"{s.system} {s.code} {s.title}" for s in answer.services]
        rejected = [each.reason for each in answer.rejected]
        gaps = [f"{gap.axis}: {'; '.join(gap.options[:4])}" for gap in answer.gaps]
        console.rule(f"{note.name} ({note.setting})")
        console.print(Text(note.text.strip(), style="dim"))
        columns = (("Suggested", lines), ("Not coded", rejected), ("Not documented", gaps))
        console.print(
            Columns(
                [
                    Panel(Text("\n".join(f"• {line}" for line in said)), title=title, width=width)
                    for title, said in columns
                ]
            )
        )


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--date", type=date.fromisoformat, default=DAY)
    given = parser.parse_args()
    runtime = Runtime(Settings(home=given.home), no_progress)
    if given.file is not None:
        layers(runtime, given.file)
    if given.show:
        show(runtime, given.show, given.date)


if __name__ == "__main__":
    main()
