"""An exchange to the document that is stored, and back, exactly.

The document is JSON in ASCII, without spaces and in the order of the fields: any character that a
question may hold (NUL, half a surrogate pair) survives in any database, and the stored bytes are
the record, so a hash of them covers all of it. Columns beside it only serve searching and are
derived from it. ``FORMAT`` changes when a field changes its meaning; a field added later needs a
default.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from typing import Any

from bot.answer import Kind, Setting
from bot.journal.errors import JournalDamagedError, UnrecordableError
from bot.journal.records import CandidateTrace, Exchange, PassageTrace, Status

FORMAT = 1
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """``text`` with the characters that databases refuse replaced one for one, offsets kept.

    >>> storable("a" + chr(0) + "b") == "a" + chr(0xFFFD) + "b"
    True
    """
    return _UNSTORABLE.sub("\ufffd", text)


def encode(exchange: Exchange) -> str:
    """The exchange's document. Raises UnrecordableError for a value that JSON cannot carry."""
    try:
        document = exchange.to_json() | {"format": FORMAT}
        return json.dumps(document, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        fault = UnrecordableError(
            f"Exchange {exchange.exchange_id} holds a value that JSON cannot carry."
        )
    raise fault


def decode(exchange_id: str, document: str) -> Exchange:
    """The exchange that ``encode`` wrote. Raises JournalDamagedError where it is anything else."""
    try:
        values = json.loads(document)
        if values["format"] != FORMAT or values["exchange_id"] != exchange_id:
            raise ValueError
        return _exchange(values)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, UnrecordableError):
        fault = JournalDamagedError(
            f"The row of exchange {exchange_id} cannot be read: restore the journal from a backup."
        )
    raise fault


def _exchange(values: dict[str, Any]) -> Exchange:
    values.pop("format")
    return Exchange(
        **values
        | {
            "created_at": datetime.fromisoformat(values["created_at"]),
            "day": date.fromisoformat(values["day"]),
            "setting": Setting(values["setting"]),
            "kind": Kind(values["kind"]),
            "status": Status(values["status"]),
            "candidates": tuple(_candidate(row) for row in values["candidates"]),
            "findings": tuple(values["findings"]),
        }
    )


def _candidate(values: dict[str, Any]) -> CandidateTrace:
    return CandidateTrace(
        code=values["code"],
        score=values["score"],
        passages=tuple(PassageTrace(**row) for row in values["passages"]),
    )
