"""One question under way: what is known of it so far, and how long each stage took."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING

from bot.answer import Answer, Kind

if TYPE_CHECKING:
    from datetime import datetime

    from bot.answer import Question
    from bot.coding.built import Built
    from bot.explaining import Explained
    from bot.pcs_reading import Procedure
    from retrieval.search import Candidate

Watch = Callable[[str], None]
"""Hears the name of each stage as it ends."""


class Work:
    """One question under way. Stages read ``text``, which is screened, and note what they find."""

    def __init__(
        self,
        question: Question,
        exchange_id: str,
        started_at: datetime,
        watch: Watch | None = None,
    ) -> None:
        self.question = question
        self.exchange_id = exchange_id
        self.started_at = started_at
        self.text = ""
        self.redactions = 0
        self.releases: dict[str, str] = {}
        self.candidates: tuple[Candidate, ...] = ()
        self.built: Built | None = None
        self.procedures: tuple[Procedure, ...] = ()
        self.explained: tuple[Explained, ...] = ()
        self.index_fingerprint = ""
        self._watch = watch
        self._began = self._last = perf_counter()
        self._timings: dict[str, float] = {}

    def step(self, name: str) -> None:
        """Note that the stage ``name`` ends now."""
        now = perf_counter()
        self._timings[name] = round((now - self._last) * 1000, 2)
        self._last = now
        if self._watch is not None:
            self._watch(name)

    def timings(self) -> dict[str, float]:
        """Milliseconds a stage, and in total."""
        return {**self._timings, "total": round((perf_counter() - self._began) * 1000, 2)}

    def answer(self, kind: Kind, headline: str) -> Answer:
        """An answer of this question with nothing in it yet."""
        return Answer(
            exchange_id=self.exchange_id,
            kind=kind,
            setting=self.question.setting,
            day=self.question.day,
            releases=dict(self.releases),
            headline=headline,
            text=self.text,
        )

    def refusal(self, reason: str) -> Answer:
        """A kind refusal: the reason is the headline."""
        return replace(self.answer(Kind.REFUSAL, reason), abstained=reason)
