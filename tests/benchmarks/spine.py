"""The first benchmark: index build, cold start, warm answers and memory, against DESIGN's budgets.

python -m tests.benchmarks.spine                 # everything, in a fresh folder
python -m tests.benchmarks.spine --home FOLDER   # skip the build, use what is there
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import psutil

from tests.benchmarks.machine import command, median, percentile, show, timed

QUESTION = "type 2 diabetes with diabetic CKD stage 3a, on long-term insulin"
PHRASES = (
    "essential hypertension",
    "closed fracture of distal left radius, initial encounter",
    "pneumonia",
    "left knee osteoarthritis",
    "acute on chronic systolic heart failure",
    "UTI",
    "AKI",
    "obesity BMI 41",
    "iron deficiency anemia due to chronic blood loss",
    "major depressive disorder, recurrent, moderate",
    "COPD with acute exacerbation",
    "pressure ulcer of sacrum stage 3",
    "migraine without aura, intractable",
    "paroxysmal atrial fibrillation",
    "hypothyroidism",
    "low back pain",
)
SENTENCE = (
    "The patient returns for follow-up of type 2 diabetes and essential hypertension. "
    "Blood pressure is at goal on lisinopril. She denies chest pain and shortness of breath. "
    "Left knee osteoarthritis is worse with stairs; we discussed injection. "
)


def fresh_start(home: Path) -> list[tuple[str, str, str]]:
    """First answer on a fresh machine, beside the bare embedding of the same passages."""
    seconds, memory = command("ask", QUESTION, home=home)
    return [
        ("first answer, nothing built", f"{seconds:.1f} s", "150 s"),
        ("  peak memory of that process", f"{memory:.0f} MiB", ""),
    ]


def process_start(home: Path) -> list[tuple[str, str, str]]:
    """A warm `codecite ask` process from start to finish."""
    runs = [command("ask", QUESTION, home=home) for _ in range(5)]
    seconds = median([s for s, _ in runs])
    return [
        ("warm `codecite ask`, whole process", f"{seconds:.2f} s", "10 s, then 4 s"),
        ("  peak memory of that process", f"{max(m for _, m in runs):.0f} MiB", ""),
    ]  # fmt: skip


def running_bot(home: Path) -> list[tuple[str, str, str]]:
    """Answers in a running process: latency and resident memory."""
    from bot.answer import Question
    from bot.config import Settings
    from bot.runtime import Runtime, no_progress

    runtime = Runtime(Settings(home=home), no_progress)
    day = datetime.now(UTC).date()

    def ask(text: str) -> object:
        return runtime.assistant.answer(Question(text, day, door="benchmark"))

    started = time.perf_counter()
    runtime.warm()
    ready = time.perf_counter() - started
    for phrase in PHRASES:
        ask(phrase)
    short = [ms for phrase in PHRASES * 4 for ms in timed(lambda p=phrase: ask(p), 1)]  # type: ignore[misc]  # the default binds the loop's value
    words = (SENTENCE * 40).split()[:600]
    note = timed(lambda: ask("Assessment and plan:\n" + " ".join(words)), 10)
    memory = psutil.Process(os.getpid()).memory_info().rss / 2**20
    figures = [f"{median(ms):.0f} / {percentile(ms, 0.95):.0f} ms" for ms in (short, note)]
    return [
        ("bot ready to answer", f"{ready:.2f} s", ""),
        ("answer, phrase, p50 / p95", figures[0], "p95 150 ms"),
        ("answer, 600-word note, p50 / p95", figures[1], "p95 1,500 ms"),
        ("resident memory of that process", f"{memory:.0f} MiB", "1,536 MiB"),
    ]  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, help="a folder that already holds an index")
    chosen = parser.parse_args().home
    with tempfile.TemporaryDirectory() as folder:
        home = chosen or Path(folder)
        rows = [] if chosen else fresh_start(home)
        rows += process_start(home)
        rows += running_bot(home)
    show("Codecite: the spine", rows)


if __name__ == "__main__":
    main()
