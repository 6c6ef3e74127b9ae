"""`codecite eval`: labelled rows in, predictions and figures out."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import config
from bot.answer import Question, Setting
from bot.commands import err, note, out, print_json, read_day
from bot.drafting.assists import Assist
from bot.errors import ConfigurationError, QuestionError
from bot.systems import asked
from codesets.models import System
from codesets.notation import detect_system
from retrieval.evaluation import read_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.config import Settings
    from codesets.releases import ReleaseStore

EXAMPLE = "Example: codecite eval rows.jsonl --out predictions.jsonl --misses misses.md"

_HCPCS = re.compile(r"[A-CE-V][0-9]{4}")
"""Five characters without a point: ICD-10-CM prints one after the third."""


class DrafterName(StrEnum):
    """Who drafts the answers that are scored."""

    MODEL = "model"
    RULES = "rules"


FileArgument = Annotated[Path, typer.Argument(help="Labelled rows: {id, text, codes, …} a line.")]
OutOption = Annotated[Path, typer.Option("--out", help="Where the predictions go.")]
SettingOption = Annotated[
    Setting | None, typer.Option("--setting", help="For rows that name none.")
]
CompareOption = Annotated[
    Path | None, typer.Option("--compare", help="Test against these predictions.")
]
AssistOption = Annotated[
    list[Assist] | None,
    typer.Option("--assist", help="What the model helps with beside drafting; repeatable."),
]
MissesOption = Annotated[
    Path | None, typer.Option("--misses", help="Write what was missed and why (Markdown).")
]
PlotOption = Annotated[Path | None, typer.Option("--plot", help="Draw the figures (SVG).")]


def evaluate(
    file: FileArgument,
    to: OutOption,
    setting: SettingOption = None,
    day: Annotated[
        str | None,
        typer.Option("--date", help="Date of service of rows that name none. Today by default."),
    ] = None,
    release: Annotated[
        str | None, typer.Option("--release", help="Code set for them, instead: FY2026-04.")
    ] = None,
    system: Annotated[
        str, typer.Option("--system", help="Code systems, separated by commas.")
    ] = "",
    by: Annotated[
        list[str] | None, typer.Option("--by", help="Group rows by this field too; repeatable.")
    ] = None,
    compare: CompareOption = None,
    misses: MissesOption = None,
    plot: PlotOption = None,
    drafter: Annotated[
        DrafterName | None,
        typer.Option("--drafter", help="Who drafts: the configured model, or the rules."),
    ] = None,
    assist: AssistOption = None,
    score_only: Annotated[
        bool, typer.Option("--score-only", help="Score what --out already holds.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document and nothing else.")
    ] = False,
) -> None:
    """Score labelled rows: hits on the ranking, precision and recall on what is suggested."""
    from bot.eval_views import chart, report_view
    from bot.evaluating import Evaluation
    from bot.progress import TerminalProgress
    from bot.runtime import Runtime

    if plot is not None and plot.suffix.casefold() != ".svg":
        raise typer.BadParameter("--plot draws SVG: name a file that ends in .svg.")
    settings = _drafted_by(config.load(), drafter, assist)
    systems = tuple(part.strip() for part in system.split(",") if part.strip())
    with TerminalProgress(err) as progress:
        running = Runtime(settings, progress)
        systems = systems or told_by_gold(file)
        first = asked(Question("", date.today(), systems=systems))[0]
        when = _day(running.store, day, release, first)
        work = Evaluation(running, file, setting or settings.setting, when, systems)
        work.check()
        if not score_only:
            count = work.predict(to, progress)
            note(f"{count} rows answered into {to}.")
        report, outcomes, others = work.score(to, ("kind", *(by or ())), compare)
        try:
            if misses is not None:
                work.write_misses(misses, outcomes, others, progress)
                note(f"The misses are in {misses}.")
            if plot is not None:
                plot.write_text(chart(report, f"codecite eval {file.name}"), encoding="utf-8")
                note(f"The plot is {plot}.")
        except OSError as error:
            raise QuestionError(f"{error.filename} cannot be written: {error.strerror}.") from None
    if as_json:
        print_json(report.to_json())
    else:
        out.print(report_view(report, work.library()), highlight=False)


def _drafted_by(
    settings: Settings, drafter: DrafterName | None, assists: Sequence[Assist] | None
) -> Settings:
    """The settings with the drafter asked for. Raises ConfigurationError where none is set up."""
    if assists and (drafter is DrafterName.RULES or settings.model is None):
        raise ConfigurationError("--assist needs --drafter model and CODECITE_MODEL.")
    if drafter is DrafterName.RULES:
        return settings.model_copy(update={"model": None})
    if assists is not None:
        settings = settings.model_copy(update={"model_assist": tuple(assists)})
    if drafter is DrafterName.MODEL and settings.model is None:
        raise ConfigurationError(
            "--drafter model needs CODECITE_MODEL, for example openai:gpt-4.1."
        )
    return settings


def told_by_gold(file: Path) -> tuple[str, ...]:
    """The system that every gold code of the file is written in; () where they differ or are ICD.

    A row says nothing else of its system, and a list of drugs is not asked for diagnoses.
    """
    found = {
        System.HCPCS if _HCPCS.fullmatch(code) else detect_system(code)
        for row in read_rows(file)
        for code in row.codes
    }
    system = found.pop() if len(found) == 1 else None
    return () if system is None or system is System.ICD10CM else (system.value,)


def _day(store: ReleaseStore, day: str | None, release: str | None, system: System) -> date:
    """The date of service that is meant: said, or the first day of the release said, or today.

    Where nothing installed of ``system`` governs today, rows that name no date are scored on the
    last day that something does, and a line says so: labelled rows are of their time.
    """
    if day is not None and release is not None:
        raise typer.BadParameter("give --date or --release, not both.")
    known = [each for each in store.installed() if each.system is system]
    if release is not None:
        for each in known:
            if each.id == release:
                return each.effective_from
        names = ", ".join(each.id for each in known)
        raise typer.BadParameter(f"{release} is not installed; there are {names}.")
    if day is not None:
        return read_day(day)
    today = date.today()  # the coder's own calendar day is what is meant
    past = [each for each in known if each.effective_from <= today]
    if not past or any(each.covers(today) for each in past):
        return today
    newest = max(past, key=lambda each: each.effective_from)
    last = newest.effective_to or newest.effective_from
    note(
        f"No installed {system.value} release governs today; rows without a date are scored on "
        f"{last.isoformat()}, by {newest.id}."
    )
    return last
