"""A hand-off in the form that was asked for."""

from __future__ import annotations

import csv
import io
import json
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.handoff.fhir import bundle
from bot.handoff.x12 import Claim, segments

if TYPE_CHECKING:
    from bot.handoff.accepted import HandOff

COLUMNS = (
    "exchange", "date_of_service", "setting", "system", "rank", "code", "title", "release",
    "accepted_by", "accepted_as", "accepted_at",
)  # fmt: skip


class Form(StrEnum):
    """How a hand-off is written."""

    FHIR = "fhir"
    PROFESSIONAL = "837p"
    INSTITUTIONAL = "837i"
    CSV = "csv"


def written(given: HandOff, form: Form, patient: str = "") -> str:
    """The hand-off as text. Raises HandOffError where the form cannot hold it."""
    if form is Form.FHIR:
        return json.dumps(bundle(given, patient), ensure_ascii=False, indent=2) + "\n"
    if form is Form.CSV:
        return _table(given)
    return segments(given, Claim(form.value)) + "\n"


def _table(given: HandOff) -> str:
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(COLUMNS)
    for each in given.codes:
        writer.writerow(
            (
                given.exchange_id,
                given.day.isoformat(),
                given.setting.value,
                each.system.value,
                each.rank,
                each.code,
                each.title,
                given.releases.get(each.system.value, ""),
                given.person,
                given.role,
                given.at.isoformat(timespec="seconds"),
            )
        )
    return target.getvalue()
