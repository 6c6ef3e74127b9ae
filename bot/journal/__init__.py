"""The exchange journal: schema, migrations, append and read.

``from bot.journal import Exchange`` costs nothing; ``Journal`` is fetched when it is first named,
because it brings SQLAlchemy in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.journal.errors import (
    AmbiguousExchangeError,
    DuplicateExchangeError,
    JournalDamagedError,
    JournalError,
    JournalUnavailableError,
    JournalVersionError,
    UnknownExchangeError,
    UnrecordableError,
)
from bot.journal.records import (
    CandidateTrace,
    Delivery,
    Exchange,
    PassageTrace,
    Status,
)

if TYPE_CHECKING:
    from bot.journal.store import Journal

__all__ = [
    "AmbiguousExchangeError",
    "CandidateTrace",
    "Delivery",
    "DuplicateExchangeError",
    "Exchange",
    "Journal",
    "JournalDamagedError",
    "JournalError",
    "JournalUnavailableError",
    "JournalVersionError",
    "PassageTrace",
    "Status",
    "UnknownExchangeError",
    "UnrecordableError",
]


def __getattr__(name: str) -> Any:
    if name == "Journal":
        from bot.journal.store import Journal

        return Journal
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
