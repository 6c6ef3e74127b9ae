"""What people typed into the console's forms, read into records. Values are never echoed raw."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from bot.review.errors import PolicyError, VerdictError
from bot.review.policies import PolicyTerms
from bot.review.records import CodeVerdict, Filter, Reason, State, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_BYTES = 200_000


class Form:
    """The fields of one urlencoded form."""

    def __init__(self, body: bytes) -> None:
        self._fields = parse_qs(body.decode("utf-8", errors="replace"), keep_blank_values=True)

    def one(self, name: str) -> str:
        """The field's value, stripped; empty where it is missing."""
        return self._fields.get(name, [""])[0].strip()

    def words(self, name: str) -> tuple[str, ...]:
        """The field's words, parted by commas or spaces."""
        return tuple(self.one(name).replace(",", " ").split())

    def lines(self, name: str) -> tuple[str, ...]:
        """The field's lines that hold something."""
        return tuple(line.strip() for line in self.one(name).splitlines() if line.strip())


def verdicts(form: Form, codes: tuple[str, ...]) -> tuple[CodeVerdict, ...]:
    """The verdict on each code, in order, and a verdict for each code that was missing."""
    found = []
    for place, code in enumerate(codes):
        try:
            said = Verdict(form.one(f"verdict-{place}"))
        except ValueError:
            raise VerdictError(f"{code} has no verdict.") from None
        right = form.one(f"right-{place}").upper()
        found.append(CodeVerdict(code, said, right, form.one(f"why-{place}")))
    missing = (CodeVerdict("", Verdict.UNDER_CODED, code.upper()) for code in form.words("missing"))
    return (*found, *missing)


def terms(form: Form) -> PolicyTerms:
    """The policy that was typed. Raises PolicyError for a date that is none."""
    setting = form.one("setting")
    start, end = form.one("from"), form.one("to")
    try:
        effective_from = date.fromisoformat(start)
        effective_to = date.fromisoformat(end) if end else None
    except ValueError:
        raise PolicyError("The dates must be like 2026-11-21.") from None
    return PolicyTerms(
        pattern=form.one("pattern"),
        codes=tuple(code.upper() for code in form.words("codes")),
        reason=form.one("reason"),
        effective_from=effective_from,
        effective_to=effective_to,
        wordings=form.lines("wordings"),
        instead_of=form.words("instead_of"),
        setting=setting if setting in ("outpatient", "inpatient") else "",
        source=form.one("source"),
    )


def queue_filter(query: Mapping[str, str], me: str) -> Filter:
    """The filter that an address names; what it names wrongly is left out."""
    reason = query.get("reason", "")
    state = query.get("state", "")
    states = (State(state),) if state in {each.value for each in State} else Filter().states
    return Filter(
        states=states,
        reason=Reason(reason) if reason in {each.value for each in Reason} else None,
        person=query.get("person", "").strip(),
        drafter=query.get("drafter", "").strip(),
        family=query.get("family", "").strip().upper(),
        setting=query.get("setting", "").strip(),
        holder=me if query.get("who") == "me" else "",
        free=query.get("who") == "free",
    )
