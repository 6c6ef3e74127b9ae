"""Several processes and threads use one journal, and some of them die: nothing lost or doubled."""

from __future__ import annotations

import signal
import sqlite3
import threading
from collections import Counter
from typing import TYPE_CHECKING

from journal_samples import NOON, exchange, worker

from bot.journal import Journal
from bot.journal.reviews import ReviewStore

if TYPE_CHECKING:
    from pathlib import Path

PROCESSES, THREADS, ROUNDS, EVENTS = 4, 2, 10, 15

# Opens the journal when told to, so that all processes do it at once, then appends and claims the
# same events as everybody else.
BUSY = """
import sys, threading
from journal_samples import NOON, exchange
from bot.journal import Journal
path, name, threads, rounds, events = sys.argv[1], *map(int, sys.argv[2:])
print("ready", flush=True)
sys.stdin.readline()
journal = Journal("sqlite:///" + path)
def work(thread):
    base = (name * threads + thread) * rounds
    for number in range(rounds):
        journal.append(exchange(base + number))
    for event in range(events):
        if journal.claim_event(f"Ev{event}", NOON):
            print(f"Ev{event}", flush=True)
workers = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
for thread in workers: thread.start()
for thread in workers: thread.join()
journal.close()
"""

ENDLESS = """
import itertools, sys
from journal_samples import exchange
from bot.journal import Journal
journal = Journal("sqlite:///" + sys.argv[1])
for number in itertools.count():
    journal.append(exchange(number, text="AKI " * 2000))
    print(number, flush=True)
"""


def test_processes_that_start_together_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    workers = [worker(BUSY, path, number, THREADS, ROUNDS, EVENTS) for number in range(PROCESSES)]
    for process in workers:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in workers:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    ends = [process.communicate(timeout=120) for process in workers]
    assert [process.returncode for process in workers] == [0] * PROCESSES, ends
    assert [error for _, error in ends] == [""] * PROCESSES

    winners = Counter(line for output, _ in ends for line in output.splitlines())
    assert winners == {f"Ev{event}": 1 for event in range(EVENTS)}
    total = PROCESSES * THREADS * ROUNDS
    with Journal(path) as journal:
        written = {row.exchange_id: row for row in journal.list(limit=2 * total)}
        assert written == {exchange(n).exchange_id: exchange(n) for n in range(total)}
        assert journal.counts()["exchanges"] == total


def test_threads_that_share_a_journal_claim_an_event_once(tmp_path: Path) -> None:
    won: list[str] = []
    with Journal(tmp_path / "journal.sqlite") as journal:
        start = threading.Barrier(8)

        def claim() -> None:
            start.wait()
            events = [f"Ev{number}" for number in range(20)]
            won.extend(event for event in events if journal.claim_event(event, NOON))

        threads = [threading.Thread(target=claim) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert Counter(won) == {f"Ev{number}": 1 for number in range(20)}


def test_what_was_appended_before_a_kill_is_there_and_whole(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    process = worker(ENDLESS, path)
    assert process.stdout is not None
    seen = [int(process.stdout.readline()) for _ in range(25)]
    process.send_signal(signal.SIGKILL)
    rest, _ = process.communicate(timeout=60)
    seen += [int(line) for line in rest.splitlines() if line]

    with Journal(path) as journal:
        rows = journal.list(limit=10_000)
        numbers = [int(row.exchange_id[:8], 16) for row in reversed(rows)]
        assert numbers == list(range(len(rows)))
        # The last commit may have happened without its line having been printed.
        assert len(rows) - len(seen) in (0, 1)
        assert all(
            row == exchange(number, text="AKI " * 2000)
            for number, row in zip(numbers, reversed(rows), strict=True)
        )
        journal.append(exchange(len(rows)))
    raw = sqlite3.connect(path)
    assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    raw.close()


WRITING = """
import sys
from journal_samples import exchange
from bot.journal import Journal
url, name, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
with Journal(url) as journal:
    for number in range(rounds):
        journal.append(exchange(name * rounds + number))
"""

# Takes on whatever is free and decides it, beside others who do the same.
REVIEWING = """
import sys, time
from journal_samples import exchange
from review_support import accepted, make_desk, EVERYTHING
from bot.journal import Journal
from bot.review.errors import ReviewError
from bot.review.records import Access, Filter, Person
url, me, total = sys.argv[1], Person(sys.argv[2], Access.REVIEWER), int(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
with Journal(url) as journal:
    desk = make_desk(journal, EVERYTHING)
    deadline = time.monotonic() + 90
    while desk.tally().get("done", 0) < total and time.monotonic() < deadline:
        for item in desk.queue(Filter(free=True), limit=5):
            try:
                desk.claim(me, item.case.exchange_id)
                desk.decide(me, item.case.exchange_id, accepted("N17.9"))
            except ReviewError:
                continue  # another process was first, which is what is being proved
            print(item.case.exchange_id, flush=True)
"""


def test_eight_writers_and_four_reviewers_lose_nothing_and_double_nothing(
    database_url: str,
) -> None:
    """The floor: on both databases, every row there once, judged once, in one whole chain."""
    writers, reviewers, rounds = 8, 4, 6
    total = writers * rounds
    Journal(database_url).close()
    processes = [worker(WRITING, database_url, number, rounds) for number in range(writers)]
    processes += [worker(REVIEWING, database_url, f"U{n}", total) for n in range(reviewers)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    ends = [process.communicate(timeout=150) for process in processes]
    assert [error for _, error in ends] == [""] * len(processes)
    judged = Counter(line for output, _ in ends[writers:] for line in output.splitlines())
    expected = {exchange(number).exchange_id for number in range(total)}
    assert judged == dict.fromkeys(expected, 1)
    with Journal(database_url) as journal:
        assert {row.exchange_id for row in journal.list(limit=2 * total)} == expected
        events = ReviewStore(journal).events()
        assert Counter((e.exchange_id, e.kind) for e in events) == {
            (name, kind): 1 for name in expected for kind in ("claimed", "verdict")
        }
        found = journal.verify()
    assert (found.ok, found.rows) == (True, 3 * total)
