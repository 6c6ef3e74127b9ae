"""What machine a figure was measured on, and how process figures are taken."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

console = Console(width=110)


def describe() -> str:
    """Processor, cores, memory, Python and the load at this moment, in one line."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        model = names[0].split(":", 1)[1].strip() if names else model
    memory = psutil.virtual_memory().total / 2**30
    load = os.getloadavg()[0]
    return (
        f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}, "
        f"load {load:.1f}"
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` (0 to 1) of ``values`` lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def timed(work: Callable[[], object], runs: int) -> list[float]:
    """Milliseconds of each of ``runs`` calls."""
    found = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        found.append((time.perf_counter() - started) * 1000)
    return found


def command(*words: str, home: Path) -> tuple[float, float]:
    """Seconds and peak resident MiB of one `codecite` process."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", "from bot.cli import main; main()", *words],
        env={**os.environ, "CODECITE_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    stderr = process.stderr.read() if process.stderr else b""
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"codecite {' '.join(words)} failed: {stderr.decode()[-400:]}")
    return seconds, usage.ru_maxrss / 1024


def median(values: Sequence[float]) -> float:
    """The middle value."""
    return statistics.median(values)


def show(title: str, rows: Sequence[tuple[str, str, str]]) -> None:
    """A table of what, figure and budget, under the machine's description."""
    console.print(describe(), highlight=False)
    table = Table(title=title, title_justify="left")
    for column in ("what", "measured", "budget"):
        table.add_column(column)
    for row in rows:
        table.add_row(*row)
    console.print(table)
