"""Progress of long work on standard error: a bar with an estimate, nothing for short work."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

    from rich.console import Console
    from rich.progress import Progress, TaskID

_QUIET_SECONDS = 0.5


class TerminalProgress:
    """Called as ``progress(stage, done, total)``; draws one bar a stage with the time left.

    Nothing is drawn for a stage that ends within half a second, so that quick work stays quiet.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bar: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._started: dict[str, float] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Note that ``done`` of ``total`` units of ``stage`` are finished."""
        started = self._started.setdefault(stage, time.monotonic())
        if stage not in self._tasks and (
            done >= total or time.monotonic() - started < _QUIET_SECONDS
        ):
            return
        bar = self._open()
        if stage not in self._tasks:
            self._tasks[stage] = bar.add_task(stage, total=total)
        bar.update(self._tasks[stage], completed=done, total=total)
        if all(task.finished for task in bar.tasks):
            self.close()

    def close(self) -> None:
        """Take the bars off the screen."""
        if self._bar is not None:
            self._bar.stop()
        self._bar = None
        self._tasks.clear()
        self._started.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self.close()

    def _open(self) -> Progress:
        if self._bar is None:
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

            self._bar = Progress(
                "{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
                console=self._console,
            )  # fmt: skip
            self._bar.start()
        return self._bar
