"""An answer back from the journal: the document of `Answer.to_json` as the record it came from."""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

import bot.answer
from bot.answer import Answer


def restore(document: dict[str, Any]) -> Answer:
    """The answer of a stored exchange. Raises KeyError, TypeError or ValueError otherwise.

    Fields that came after the exchange was stored take their defaults; fields that are no longer
    known are left out.
    """
    values = dict(document)
    values["day"] = values.pop("date")
    restored: Answer = _record(Answer, values)
    return restored


def _record(kind: Any, values: dict[str, Any]) -> Any:
    hints = _hints(kind)
    return kind(**{name: _value(hints[name], value) for name, value in values.items()
                   if name in hints})  # fmt: skip


@cache
def _hints(kind: Any) -> dict[str, Any]:
    # The module keeps `date` for type checkers only; a stored day is one.
    resolved = get_type_hints(kind, vars(bot.answer) | {"date": date})
    return {field.name: resolved[field.name] for field in fields(kind)}


def _value(kind: Any, value: Any) -> Any:
    origin = get_origin(kind)
    if value is None:
        return None
    if origin in (Union, types.UnionType):
        (kind,) = [option for option in get_args(kind) if option is not type(None)]
        return _value(kind, value)
    if origin is tuple:
        inner = get_args(kind)[0]
        return tuple(_value(inner, item) for item in value)
    if is_dataclass(kind):
        return _record(kind, value)
    if kind is date:
        return date.fromisoformat(value)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(value)
    return value
