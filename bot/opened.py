"""The collaborators of one command of the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console

from bot import config

if TYPE_CHECKING:
    from bot.runtime import Runtime


def opened() -> Runtime:
    """Code sets, search, journal and desk as configured, with progress on standard error."""
    from bot.progress import TerminalProgress
    from bot.runtime import Runtime

    return Runtime(config.load(), TerminalProgress(Console(stderr=True)))
