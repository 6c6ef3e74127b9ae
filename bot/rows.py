"""The optional fields that every kind of row may carry: where and when the encounter was."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from bot.answer import Setting
from bot.errors import QuestionError

if TYPE_CHECKING:
    from collections.abc import Mapping


def row_setting(name: str, fields: Mapping[str, Any], default: Setting) -> Setting:
    """The row's ``setting``, or ``default``. ``name`` is how an error names the row.

    Raises QuestionError for anything else than a setting.
    """
    try:
        return Setting(fields.get("setting", default))
    except ValueError:
        raise QuestionError(f"{name}: setting must be outpatient or inpatient.") from None


def row_day(name: str, fields: Mapping[str, Any], default: date) -> date:
    """The row's ``date``, or ``default``. Raises QuestionError unless it is YYYY-MM-DD."""
    value = fields.get("date")
    try:
        return date.fromisoformat(value) if value is not None else default
    except (TypeError, ValueError):
        raise QuestionError(f"{name}: date must be YYYY-MM-DD.") from None
