"""An answer back from the journal: the document of `Answer.to_json` as the record it came from."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.answer import (
    Alternative,
    Answer,
    Citation,
    Finding,
    Gap,
    Kind,
    Quote,
    Role,
    Setting,
    Severity,
    Suggestion,
)


def restore(document: dict[str, Any]) -> Answer:
    """The answer of a stored exchange. Raises KeyError, TypeError or ValueError otherwise."""
    values = dict(document)
    day = date.fromisoformat(values.pop("date"))
    return Answer(
        **values
        | {
            "day": day,
            "kind": Kind(values["kind"]),
            "setting": Setting(values["setting"]),
            "suggestions": tuple(map(_suggestion, values["suggestions"])),
            "citations": tuple(Citation(**item) for item in values["citations"]),
            "cautions": tuple(values["cautions"]),
            "gaps": tuple(map(_gap, values["gaps"])),
        }
    )


def _suggestion(values: dict[str, Any]) -> Suggestion:
    return Suggestion(
        **values
        | {
            "role": Role(values["role"]),
            "evidence": tuple(Quote(**item) for item in values["evidence"]),
            "citations": tuple(values["citations"]),
            "findings": tuple(map(_finding, values["findings"])),
            "alternatives": tuple(Alternative(**item) for item in values["alternatives"]),
        }
    )


def _finding(values: dict[str, Any]) -> Finding:
    return Finding(
        **values | {"severity": Severity(values["severity"]), "codes": tuple(values["codes"])}
    )


def _gap(values: dict[str, Any]) -> Gap:
    return Gap(**values | {"options": tuple(values["options"]), "codes": tuple(values["codes"])})
