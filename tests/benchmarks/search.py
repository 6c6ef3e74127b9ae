"""Search by itself: latency, throughput, recall of the graph, memory, and what a build costs.

python -m tests.benchmarks.search                       # everything, in a fresh folder
python -m tests.benchmarks.search --home FOLDER         # skip the build, use what is there
python -m tests.benchmarks.search --home FOLDER --chroma-url http://127.0.0.1:8000
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import psutil

from bot.config import Settings
from bot.runtime import Runtime, no_progress
from tests.benchmarks.machine import median, percentile, show, timed
from tests.benchmarks.spine import PHRASES

if TYPE_CHECKING:
    from codesets.library import Library
    from retrieval.embedding import Embedder
    from retrieval.index import VectorIndex
    from retrieval.search import Searcher

DEPTH = 50
QUERIES = 200
SECONDS = 10.0
MOST_WORDS = 12
SAME = 1e-4
"""Cosines closer than this are one: identical texts share a vector, and Chroma rounds."""
Rows = list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Work:
    """What is measured."""

    library: Library
    index: VectorIndex
    searcher: Searcher
    phrases: tuple[str, ...]


def phrases_of(library: Library, count: int = QUERIES) -> tuple[str, ...]:
    """Questions of up to MOST_WORDS words: the benchmark's own, and titles spread over the book."""
    titles = [code.title for code in library.nodes() if len(code.title.split()) <= MOST_WORDS]
    step = max(len(titles) // count, 1)
    return (*PHRASES, *titles[::step])[:count]


def latency(work: Work) -> Rows:
    """Milliseconds of one search after another."""
    for phrase in work.phrases[:20]:
        work.searcher.search(phrase)
    found = [
        ms for phrase in work.phrases for ms in timed(partial(work.searcher.search, phrase), 1)
    ]
    return [
        ("phrase search, p50", f"{median(found):.1f} ms", "25 ms"),
        ("phrase search, p95", f"{percentile(found, 0.95):.1f} ms", "60 ms"),
    ]


def throughput(work: Work, threads: int) -> Rows:
    """Searches a second that ``threads`` threads keep up."""
    counts = [0] * threads
    end = time.perf_counter() + SECONDS

    def ask(number: int) -> None:
        place = number * 7
        while time.perf_counter() < end:
            work.searcher.search(work.phrases[place % len(work.phrases)])
            counts[number] += 1
            place += 1

    workers = [threading.Thread(target=ask, args=(number,)) for number in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    plural = "s" if threads > 1 else ""
    return [(f"sustained, {threads} thread{plural}", f"{sum(counts) / SECONDS:.0f} /s", "40 /s")]


def recall(work: Work, embedder: Embedder) -> Rows:
    """The share of the exact 50 nearest passages that the graph finds."""
    shares = []
    everything = np.arange(len(work.index))
    for phrase in work.phrases:
        vector = np.asarray(embedder.embed_query(phrase), np.float32)
        exact = work.index.similarities(vector[None], everything)[0]
        floor = np.partition(exact, -DEPTH)[-DEPTH] - SAME
        found = [identifier for identifier, _ in work.index.query(vector.tolist(), DEPTH)]
        numbers = [number for number, _ in work.index.store.by_id(found).values()]
        shares.append(float((exact[numbers] >= floor).sum()) / DEPTH)
    mean = sum(shares) / len(shares)
    return [
        (f"recall@{DEPTH} against exact search", f"{mean:.4f}", "≥ 0.99"),
        ("  of the worst phrase", f"{min(shares):.2f}", ""),
    ]


def measure_build(home: Path, chroma_url: str | None) -> dict[str, float]:
    """Build in this process: seconds in all, and of them those of bare embedding."""
    runtime = Runtime(Settings(home=home, chroma_url=chroma_url), no_progress)
    release = runtime.release(datetime.now(UTC).date())
    embedder = runtime.embedder
    bare = 0.0
    bulk = embedder.bulk

    def watched(texts: Any, progress: Any = None, keep: Any = None) -> Any:
        nonlocal bare
        storing = 0.0

        def store(rows: Any, block: Any) -> None:
            nonlocal storing
            began = time.perf_counter()
            if keep is not None:
                keep(rows, block)
            storing += time.perf_counter() - began

        began = time.perf_counter()
        result = bulk(texts, progress, store)
        bare += time.perf_counter() - began - storing
        return result

    embedder.bulk = watched  # type: ignore[method-assign]  # the clock stands around the real one
    began = time.perf_counter()
    index = runtime.build_index(release)
    return {"total": time.perf_counter() - began, "bare": bare, "passages": len(index)}


def build(home: Path, chroma_url: str | None) -> Rows:
    """The same in a process of its own, so that its memory does not count as searching's."""
    words = [sys.executable, "-m", "tests.benchmarks.search", "--home", str(home), "--build"]
    done = subprocess.run(
        [*words, *(["--chroma-url", chroma_url] if chroma_url else [])],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    figures = json.loads(done.stdout.splitlines()[-1])
    if figures["bare"] == 0:
        return [("index there, or built from stored vectors", f"{figures['total']:.1f} s", "")]
    ratio = figures["total"] / figures["bare"]
    return [
        (f"index build, {int(figures['passages']):,} passages", f"{figures['total']:.1f} s", ""),
        ("  of it bare embedding", f"{figures['bare']:.1f} s", ""),
        ("  ratio", f"{ratio:.2f}", "≤ 1.4"),
    ]


def searching(home: Path, chroma_url: str | None) -> Rows:
    """Everything that is measured in a process that only searches."""
    runtime = Runtime(Settings(home=home, chroma_url=chroma_url), no_progress)
    release = runtime.release(datetime.now(UTC).date())
    began = time.perf_counter()
    searcher = runtime.searcher(release)
    searcher.search("hypertension")
    ready = time.perf_counter() - began
    library = runtime.store.library(release)
    work = Work(library, searcher.index, searcher, phrases_of(library))
    rows = [("opening, to the first hit", f"{ready:.2f} s", "")]
    rows += latency(work) + throughput(work, 1) + throughput(work, 2)
    memory = psutil.Process(os.getpid()).memory_info().rss / 2**20
    rows.append(("resident memory", f"{memory:.0f} MiB", "1,229 MiB"))
    return rows + recall(work, runtime.embedder)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--home", type=Path, help="a folder that already holds an index")
    parser.add_argument("--chroma-url", help="a Chroma server that holds the collection")
    parser.add_argument("--build", action="store_true", help="only build, and print JSON")
    chosen = parser.parse_args()
    if chosen.build:
        print(json.dumps(measure_build(chosen.home, chosen.chroma_url)))
        return
    with tempfile.TemporaryDirectory() as folder:
        home = chosen.home or Path(folder)
        rows = build(home, chosen.chroma_url) + searching(home, chosen.chroma_url)
    place = f"on {chosen.chroma_url}" if chosen.chroma_url else "embedded"
    show(f"Codecite: search, {place}", rows)


if __name__ == "__main__":
    main()
