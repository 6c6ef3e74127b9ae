"""A list of codes against the rules: what `codecite check` prints and the bot renders."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from bot import phi
from bot.answer import Finding, Setting, Severity
from bot.errors import QuestionError
from codesets.errors import ReleaseUnavailableError
from codesets.guidelines import GuidelineSetting
from codesets.models import System
from codesets.rules.engine import RULES, check
from codesets.rules.records import Sex
from codesets.rules.sequencing import sequence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.batch import Row
    from codesets.library import Library
    from codesets.releases import ReleaseStore
    from codesets.rules.records import RuleFinding
    from codesets.rules.sequencing import Placed

_SEPARATORS = re.compile(r"[,;\s]+")
_SEXES = {"female": Sex.FEMALE, "f": Sex.FEMALE, "male": Sex.MALE, "m": Sex.MALE}
_OLDEST = 130
_MOST = 200


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """What is to be checked. ``age`` is in years; ``text`` may hold identifiers: never log it."""

    codes: tuple[str, ...]
    day: date
    setting: Setting = Setting.OUTPATIENT
    age: float | None = None
    sex: Sex | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The findings about a list, errors first, and the order the rules ask for.

    ``ok`` is whether no finding is an error. ``order`` is empty where the date is not covered.
    """

    request: CheckRequest
    codes: tuple[str, ...]
    findings: tuple[Finding, ...]
    order: tuple[Placed, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing found is an error."""
        return all(finding.severity is not Severity.ERROR for finding in self.findings)

    def to_json(self) -> dict[str, Any]:
        """The document of the contract."""
        return {
            "ok": self.ok,
            "date": self.request.day.isoformat(),
            "setting": self.request.setting.value,
            "codes": list(self.codes),
            "findings": [
                {
                    "rule": finding.rule,
                    "severity": finding.severity.value,
                    "codes": list(finding.codes),
                    "message": finding.message,
                    "citation": finding.citation,
                    "fix": finding.fix,
                }
                for finding in self.findings
            ],
        }


def check_codes(store: ReleaseStore, request: CheckRequest) -> CheckResult:
    """Check a list with everything the store has installed for its date.

    Raises:
        ReleaseUnavailableError: no installed ICD-10-CM release governs the date.

    """
    library = store.library_for(System.ICD10CM, request.day)
    setting = GuidelineSetting(request.setting.value)
    found = check(
        library,
        request.codes,
        day=request.day,
        setting=setting,
        age=request.age,
        sex=request.sex,
        text=phi.redact(request.text).text if request.text else None,
        attributes=store,
        ncci=store.edits if store.edits.installed() else None,
        hcpcs=_release(store, System.HCPCS, request.day),
        pcs=_release(store, System.ICD10PCS, request.day),
        store=store,
    )
    order = sequence(library, request.codes, setting)
    spelled = {placed.code for placed in order}
    codes = tuple(_spelled(library, code, spelled) for code in request.codes)
    return CheckResult(request, codes, tuple(as_finding(one) for one in found), order)


def as_finding(found: RuleFinding) -> Finding:
    """A rule's finding as an answer carries it."""
    return Finding(
        found.rule,
        Severity(found.severity.value),
        found.codes,
        found.message,
        found.citation,
        found.fix,
    )


def rules_table() -> list[dict[str, str]]:
    """Every rule: id, usual severity, section, what it checks, and an example that fires."""
    return [
        {
            "id": rule.id,
            "severity": rule.severity.value,
            "section": rule.section,
            "description": rule.description,
            "example": rule.example,
        }
        for rule in RULES
    ]


def request_of(row: Row, setting: Setting, day: date) -> CheckRequest:
    """The request of one row ``{id, codes, setting?, date?, age?, sex?, text?}``.

    Raises:
        QuestionError: a field is not what it should be; names the line and the field only.

    """
    fields = row.fields
    codes = fields.get("codes")
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        raise QuestionError(f"Line {row.line}: codes must be a list of strings.")
    try:
        where = Setting(fields.get("setting") or setting)
    except ValueError:
        raise QuestionError(f"Line {row.line}: setting must be outpatient or inpatient.") from None
    try:
        when = date.fromisoformat(fields["date"]) if fields.get("date") else day
    except (TypeError, ValueError):
        raise QuestionError(f"Line {row.line}: date must be YYYY-MM-DD.") from None
    text = fields.get("text")
    if text is not None and not isinstance(text, str):
        raise QuestionError(f"Line {row.line}: text must be a string.")
    try:
        return CheckRequest(
            limited(codes), when, where, age_of(fields.get("age")), sex_of(fields.get("sex")), text
        )
    except QuestionError as error:
        raise QuestionError(f"Line {row.line}: {error}") from None


def check_row(store: ReleaseStore, request: CheckRequest) -> dict[str, Any]:
    """The record of one row; a date that nothing installed covers is a finding about its codes."""
    try:
        return check_codes(store, request).to_json()
    except ReleaseUnavailableError as error:
        refused = Finding(
            "invalid-code", Severity.ERROR, request.codes, str(error), "I.A.3", "Check the date."
        )
        return CheckResult(request, request.codes, (refused,)).to_json()


def split_codes(words: Sequence[str]) -> tuple[str, ...]:
    """Codes from arguments, each holding one or several apart by commas or blanks.

    >>> split_codes(["E11.9,I10", "N18.31"])
    ('E11.9', 'I10', 'N18.31')
    """
    return limited([code for word in words for code in _SEPARATORS.split(word) if code])


def limited(codes: Sequence[str]) -> tuple[str, ...]:
    """The codes without blanks around them.

    Raises:
        QuestionError: there are none, or more than any claim has.

    """
    found = tuple(code.strip() for code in codes if code.strip())
    if not found:
        raise QuestionError("give at least one code.")
    if len(found) > _MOST:
        raise QuestionError(f"a list holds at most {_MOST} codes.")
    return found


def age_of(value: object) -> float | None:
    """Years, from a number or its spelling; None for none.

    Raises:
        QuestionError: it is no age.

    """
    if value is None or value == "":
        return None
    try:
        years = float(value) if isinstance(value, int | float | str) else -1.0
    except ValueError:
        years = -1.0
    if isinstance(value, bool) or not 0 <= years <= _OLDEST:
        raise QuestionError(f"age must be a number of years from 0 to {_OLDEST}.")
    return years


def sex_of(value: object) -> Sex | None:
    """The sex, from ``female``, ``male`` or their first letters; None for none.

    Raises:
        QuestionError: it is neither.

    """
    if value is None or value == "":
        return None
    found = _SEXES.get(value.strip().lower()) if isinstance(value, str) else None
    if found is None:
        raise QuestionError("sex must be female or male.")
    return found


def _release(store: ReleaseStore, system: System, day: date) -> Library | None:
    try:
        return store.library_for(system, day)
    except ReleaseUnavailableError:
        return None  # the rules that need it then say nothing


def _spelled(library: Library, given: str, known: set[str]) -> str:
    """A code as its system prints it; as given where it is none."""
    record = library.find(given)
    return record.code if record is not None and record.code in known else given.strip().upper()
