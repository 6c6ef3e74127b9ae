"""The Slack app under load: `python -m tests.benchmarks.slack [--events 10000]`.

Fifty conversations ask one question after the other over real sockets and a real journal, through
redeliveries, doubled shapes, reconnects, rate limits and server errors. It prints how soon events
were acknowledged, and fails unless every event was answered exactly once and in order.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from threading import Condition, Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any

sys.path.append(str(Path(__file__).parents[1] / "bot"))

from slack_support import DANA, MORGAN, Assistant, answered

from bot.config import Settings
from bot.journal import Journal
from bot.sandbox.records import Channel
from bot.sandbox.server import Sandbox
from bot.sandbox.web_api import Fault
from bot.slack.serve import serve
from tests.benchmarks.machine import describe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.answer import Answer, Question
    from bot.sandbox.records import Posted

CONVERSATIONS = 50
CHANNELS = 10
REDELIVERED, DOUBLED, RECONNECTS = 0.20, 0.05, 10
FAULTS = 0.03


class Soak:
    """One run. ``events`` counts questions; their redeliveries and doubles come on top."""

    def __init__(self, sandbox: Sandbox, events: int, seed: int) -> None:
        self.sandbox, self.events = sandbox, events
        self.random = random.Random(seed)
        self.answers: dict[str, list[str]] = {}
        self.asked: dict[str, list[str]] = {}
        self.deliveries = Counter[str]()
        self.changed = Condition()
        sandbox.workspace.on_post(self.posted)

    def posted(self, message: Posted) -> None:
        with self.changed:
            word = message.text.split("Question ", 1)[-1].split(".", 1)[0]
            self.answers.setdefault(message.thread_ts, []).append(word)
            self.changed.notify_all()

    def run(self) -> None:
        threads = [
            Thread(target=self.converse, args=(n, self.events // CONVERSATIONS))
            for n in range(CONVERSATIONS)
        ]
        for thread in threads:
            thread.start()
        stop = Event()
        disturber = Thread(target=self.disturb, args=(stop,))
        disturber.start()
        for thread in threads:
            thread.join()
        stop.set()
        disturber.join()

    def converse(self, number: int, questions: int) -> None:
        """Ask in one thread; sometimes the next question comes before the answer to the last."""
        channel = f"C0LOAD{number % CHANNELS}"
        root = ""
        chance = random.Random(number)
        for place in range(questions):
            name = f"{number}-{place}"
            posted, envelopes = self.say(number, channel, name, root, chance)
            root = root or posted.ts
            self.asked.setdefault(root, []).append(name)
            if chance.random() < REDELIVERED:
                self.sandbox.hub.redeliver(envelopes[0])
                self.deliveries["redelivered"] += 1
            ahead = 2 if chance.random() < 0.2 else 0
            with self.changed:
                want = place + 1 - ahead
                self.changed.wait_for(lambda: len(self.answers.get(root, ())) >= want, 120)  # noqa: B023  # at once

    def say(
        self, number: int, channel: str, name: str, root: str, chance: random.Random
    ) -> tuple[Posted, list[Any]]:
        client = self.sandbox.client
        person = DANA if number % 2 else MORGAN
        posted, envelopes = client.say(person, channel, f"@Codecite Question {name}", root)
        if chance.random() < DOUBLED:
            # The same message once more, in its other shape.
            event = envelopes[0].payload["event"] | {"type": "message", "channel_type": "channel"}
            envelopes.append(client.deliver(event))
            self.deliveries["doubled"] += 1
        return posted, envelopes

    def disturb(self, stop: Event) -> None:
        """Reconnects spread over the run, and failing posts in between."""
        total, done, failed = self.events, 0, 0
        while not stop.wait(0.05):
            answered_ = sum(map(len, list(self.answers.values())))
            if done < RECONNECTS and answered_ >= (done + 1) * total / (RECONNECTS + 1):
                (self.sandbox.hub.refresh if done % 2 else self.sandbox.hub.drop)()
                done += 1
                self.deliveries["reconnects"] += 1
            if answered_ * FAULTS > failed:
                failed += 1
                fault = self.random.choice(
                    [Fault("ratelimited", 429, retry_after=1), Fault(status=500)]
                )
                self.sandbox.api.fail_next("chat.postMessage", fault)
                self.deliveries["faults"] += 1


def script(question: Question) -> Answer:
    return answered(question, headline=f"{question.text}.")


def main() -> int:
    """Run and report; 1 where an event was lost, doubled or out of order."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--app", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.app:
        return app(Path(options.app))
    with tempfile.TemporaryDirectory() as folder, Sandbox() as sandbox:
        bot = sandbox.workspace.bot.user_id
        for n in range(CHANNELS):
            channel = Channel(f"C0LOAD{n}", f"load-{n}", (DANA, MORGAN, bot))
            sandbox.workspace.channels[channel.id] = channel
        soak = Soak(sandbox, options.events, options.seed)
        with process(sandbox, folder):
            begun = monotonic()
            soak.run()
            seconds = monotonic() - begun
        return report(soak, seconds)


@contextmanager
def process(sandbox: Sandbox, folder: str) -> Iterator[None]:
    """The app in a process of its own, as it would be."""
    environment = os.environ | {
        "CODECITE_SLACK_BOT_TOKEN": sandbox.workspace.bot_token,
        "CODECITE_SLACK_APP_TOKEN": sandbox.workspace.app_token,
        "CODECITE_SLACK_QUESTIONS_PER_MINUTE": "1000000",
        "SLACK_API_URL": sandbox.api_url,
    }
    command = [sys.executable, "-m", "tests.benchmarks.slack", "--app", folder]
    running = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        connected = sandbox.workspace.wait_until(lambda: sandbox.hub.connections > 0, 60)
        if not connected:
            raise RuntimeError("the app did not connect")
        yield
        running.terminate()
        running.wait(60)
    finally:
        running.kill()
        running.wait()


def app(folder: Path) -> int:
    """Serve until told to stop."""
    with Journal(folder / "journal.sqlite") as journal:
        serve(Settings(home=folder), Assistant(journal, script), journal)
    return 0


def report(soak: Soak, seconds: float) -> int:
    asked = sum(map(len, soak.asked.values()))
    lost = doubled = disordered = 0
    for root, questions in soak.asked.items():
        got = soak.answers.get(root, [])
        counts = Counter(got)
        lost += sum(1 for name in questions if counts[name] == 0)
        doubled += sum(max(0, counts[name] - 1) for name in questions)
        disordered += got != questions and sorted(got) == sorted(questions)
    envelopes = [e for e in soak.sandbox.hub.envelopes if e.acknowledged is not None]
    # What the app takes, and what Slack sees: an event lost with its socket waits for its retry.
    own = sorted(e.acknowledged - max(t for t in e.sent if t <= e.acknowledged) for e in envelopes)
    whole = sorted(e.acknowledged - e.sent[0] for e in envelopes)
    unacknowledged = sum(e.acknowledged is None for e in soak.sandbox.hub.envelopes)
    print(describe())
    print(f"{asked} events in {seconds:.0f} s ({asked / seconds:.0f}/s), {CONVERSATIONS} at a time")
    print(", ".join(f"{count} {name}" for name, count in soak.deliveries.items()))
    for name, values in (("acknowledged", own), ("with lost sockets", whole)):
        print(f"{name}: p50 {at(values, 0.50)}, p99 {at(values, 0.99)}, worst {at(values, 1)}")
    print(f"unacknowledged {unacknowledged}")
    print(f"lost {lost}, answered twice {doubled}, threads out of order {disordered}")
    return int(bool(lost or doubled or disordered))


def at(latencies: list[float], share: float) -> str:
    return f"{latencies[min(len(latencies) - 1, int(share * len(latencies)))] * 1000:.0f} ms"


if __name__ == "__main__":
    sys.exit(main())
