"""The code sets against the library's budgets: compile, open, look up, memory, install.

python -m tests.benchmarks.codesets                   # the packaged releases, in a fresh folder
python -m tests.benchmarks.codesets --install FOLDER  # and how long the files in FOLDER take
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from codesets.installing import Outcome, install, tally
from codesets.library import Library
from codesets.models import System
from codesets.releases import ReleaseStore
from tests.benchmarks.machine import median, percentile, show, timed

Row = tuple[str, str, str]
_DAY = date(2026, 11, 21)
# The growth of a process that opens a release, reads all of it once, and keeps it open.
_MEMORY = """
import sys
from pathlib import Path
import psutil
from codesets.library import Library
before = psutil.Process().memory_info().rss
library = Library.open(Path(sys.argv[1]))
for code in library.nodes():
    library.notes(code.code)
print((psutil.Process().memory_info().rss - before) / 2**20)
"""


def compiling(home: Path) -> list[Row]:
    """Both packaged releases from their sources: two releases in one go."""
    started = time.perf_counter()
    ReleaseStore(home).ensure_default()
    seconds = time.perf_counter() - started
    return [("compile FY2026-04 and FY2027", f"{seconds:.1f} s", "20 s each")]


def using(home: Path) -> list[Row]:
    """Open, look up with inherited notes, and the memory of an open release."""
    store = ReleaseStore(home)
    path = store.path(System.ICD10CM, "FY2027")
    opening = timed(lambda: Library.open(path).close(), 30)
    library = store.library_for(System.ICD10CM, _DAY)
    codes = random.Random(0).sample(sorted(library.titles()), 2000)

    def look(code: str) -> None:
        library.get(code)
        library.notes(code)

    looking = [ms for code in codes for ms in timed(lambda c=code: look(c), 1)]  # type: ignore[misc]  # the default binds the loop's value
    governing = timed(lambda: store.for_date(System.ICD10CM, _DAY), 200)
    grown = subprocess.run(
        [sys.executable, "-c", _MEMORY, str(path)], check=True, capture_output=True, text=True
    ).stdout
    store.close()
    return [
        ("open a release, median / p95", _pair(opening), "50 ms"),
        ("look up with inherited notes, median / p95", _pair(looking), "1 ms"),
        ("which release governs a date, median / p95", _pair(governing), ""),
        ("memory of an open release, all of it read", f"{float(grown):.0f} MiB", "150 MB"),
    ]


def installing(home: Path, folder: Path) -> list[Row]:
    """Everything in a folder of official files, and once more when it is all there."""
    store = ReleaseStore(home)
    rows = []
    for what in ("install", "install again, nothing new:"):
        started = time.perf_counter()
        told = tally(install([folder], store))
        seconds = time.perf_counter() - started
        counted = ", ".join(f"{told[o]} {o.value}" for o in Outcome if told[o])
        rows.append((f"{what} {counted}", f"{seconds:.1f} s", ""))
    entries = timed(lambda: store.entries_for_code("S52.501A", _DAY), 50)
    attributes = timed(lambda: store.attributes("E11.22", _DAY), 50)
    rows.append(("index entries of a code, median / p95", _pair(entries), ""))
    rows.append(("attributes of a code, median / p95", _pair(attributes), ""))
    store.close()
    return rows


def _pair(milliseconds: list[float]) -> str:
    return f"{median(milliseconds):.2f} / {percentile(milliseconds, 0.95):.2f} ms"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--install", type=Path, help="a folder of official files")
    folder = parser.parse_args().install
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        rows = compiling(home) + using(home)
        if folder is not None:
            rows += installing(home, folder)
    show("Codecite: the code sets", rows)


if __name__ == "__main__":
    main()
