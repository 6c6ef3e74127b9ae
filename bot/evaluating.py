"""Run labelled rows through the assistant, resumably, and score what it predicts."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot import batch, misses, scoring
from bot.answer import Question
from bot.rows import row_day, row_setting
from bot.systems import asked
from codesets.models import System
from retrieval.evaluation import LabelledRow, read_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from bot.answer import Setting
    from bot.explaining import Explanation
    from bot.runtime import Runtime
    from bot.scoring import Report
    from codesets.library import Library
    from retrieval.evaluation import Outcome

    Progress = Callable[[str, int, int], None]

MOST_RANKED = 50


class Evaluation:
    """The rows of one labelled file, asked as a person would ask them, none of them journalled.

    ``setting`` and ``day`` hold for rows that name none; ``systems`` for all rows, ICD-10-CM alone
    when empty: an inpatient row is not labelled with its procedures.
    """

    def __init__(
        self,
        runtime: Runtime,
        source: Path,
        setting: Setting,
        day: date,
        systems: tuple[str, ...] = (),
    ) -> None:
        self._runtime = runtime
        self._source = source
        self._setting = setting
        self._day = day
        self._systems = systems or (System.ICD10CM.value,)

    def check(self) -> None:
        """Read every row before the first is worked on.

        Raises EvaluationFileError or QuestionError for a malformed row, ReleaseUnavailableError for
        a date that nothing installed covers.
        """
        for row in read_rows(self._source):
            self._question(row)
            self.library_of(row)

    def predict(self, target: Path, progress: Progress) -> int:
        """Write ``{id, ranked, suggested}`` a row into ``target``; returns how many.

        A row that a chat model drafted says in ``model`` what was asked of it.

        A run that was interrupted goes on from its last row, unless what it depends on changed.
        """

        def work(row: batch.Row) -> dict[str, Any]:
            labelled = LabelledRow(row.id, str(row.fields["text"]), (), fields=row.fields)
            found = self._runtime.assistant.rank(self._question(labelled))
            document = {
                "ranked": list(found.ranked[:MOST_RANKED]),
                "suggested": list(found.suggested),
            }
            return document if found.model is None else {**document, "model": found.model}

        return batch.run(
            self._source, target, work, progress, ("text", "codes"), about=self._depends_on()
        )

    def score(
        self, target: Path, fields: Sequence[str], other: Path | None = None
    ) -> tuple[Report, list[Outcome], dict[str, Outcome]]:
        """The report on ``target``, its outcomes, and those of ``other`` by row id."""
        outcomes = scoring.outcomes_of(self._source, target, self.library_of)
        comparison = None
        others: dict[str, Outcome] = {}
        if other is not None:
            comparison, others = scoring.compare(outcomes, other, self._source, self.library_of)
        report = scoring.report(outcomes, self.library_of, fields, comparison)
        totals = (scoring.model_total(path) for path in (target, other) if path is not None)
        used = tuple(total for total in totals if total is not None)
        return replace(report, models=used), outcomes, others

    def write_misses(
        self,
        target: Path,
        outcomes: Sequence[Outcome],
        others: Mapping[str, Outcome],
        progress: Progress,
    ) -> None:
        """Write the readable list of misses into ``target``."""
        document = misses.misses_document(
            outcomes, self._explain, self.library_of, others, progress
        )
        with target.open("w", encoding="utf-8") as file:
            for piece in document:
                file.write(piece + "\n")

    def library_of(self, row: LabelledRow) -> Library:
        """The release that governs the row's date, of the first system asked for."""
        day = row_day(f"Row {row.id}", row.fields, self._day)
        return self._runtime.store.library_for(self._systems_asked()[0], day)

    def library(self) -> Library:
        """The release that governs the day of rows that name none, of the first system."""
        return self._runtime.store.library_for(self._systems_asked()[0], self._day)

    def _systems_asked(self) -> tuple[System, ...]:
        question = Question("", self._day, self._setting)
        return asked(replace(question, systems=self._systems))

    def _explain(self, row: LabelledRow) -> Explanation:
        return self._runtime.assistant.explain(self._question(row), record=False)

    def _question(self, row: LabelledRow) -> Question:
        name = f"Row {row.id}"
        day = row_day(name, row.fields, self._day)
        where = row_setting(name, row.fields, self._setting)
        question = Question(row.text, day, where, door="evaluation")
        return replace(question, systems=self._systems)

    def _assists(self) -> tuple[str, ...]:
        settings = self._runtime.settings
        return settings.model_assist if settings.model is not None else ()

    def _depends_on(self) -> str:
        """What a prediction depends on besides its row."""
        return json.dumps(
            [
                self._setting,
                self._day.isoformat(),
                self._systems,
                self._runtime.embedder.fingerprint,
                self._runtime.drafter.name,
                self._assists(),
            ]
        )
