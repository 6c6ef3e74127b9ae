"""The ways in which a chat model may help beside drafting, by the names that settings use."""

from __future__ import annotations

from enum import StrEnum


class Assist(StrEnum):
    """One way in which a model helps (``bot.drafting.helping``)."""

    EXPAND = "expand"
    SPLIT = "split"
    PATHS = "paths"
    VERIFY = "verify"
