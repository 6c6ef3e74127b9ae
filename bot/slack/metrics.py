"""Counts and times for an operator, in Prometheus' form. Labels are fixed words, never text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

if TYPE_CHECKING:
    from collections.abc import Callable

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30)


class Metrics:
    """One app's metrics, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.questions = Counter(
            "codecite_slack_questions", "Questions taken on.", ["door"], registry=self.registry
        )
        self.answers = Counter(
            "codecite_slack_answers", "Questions settled.", ["outcome"], registry=self.registry
        )
        self.repeats = Counter(
            "codecite_slack_repeats", "Deliveries of a known event.", registry=self.registry
        )
        self.refusals = Counter(
            "codecite_slack_refusals", "Refusals.", ["why"], registry=self.registry
        )
        self.actions = Counter(
            "codecite_slack_actions", "Buttons, menus and forms.", ["kind"], registry=self.registry
        )
        self.failures = Counter(
            "codecite_slack_failures", "Errors told by id.", registry=self.registry
        )
        self.seconds = Histogram(
            "codecite_slack_answer_seconds",
            "From a question's arrival to its posted answer.",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.received = Histogram(
            "codecite_slack_receive_seconds",
            "Work on an event before it is acknowledged.",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._waiting = Gauge(
            "codecite_slack_waiting", "Questions taken and not settled.", registry=self.registry
        )

    def watch_waiting(self, count: Callable[[], float]) -> None:
        """Let ``count`` say how many questions wait, whenever somebody looks."""
        self._waiting.set_function(count)

    def text(self) -> bytes:
        """Everything, in the text format."""
        return generate_latest(self.registry)
