"""One way to run a rule over a list, shared by the tables."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from codesets.guidelines import GuidelineSetting
from codesets.rules.engine import check

if TYPE_CHECKING:
    from codesets.library import Library
    from codesets.releases import ReleaseStore
    from codesets.rules.records import RuleFinding

DAY = date(2026, 11, 21)


class Run(Protocol):
    def __call__(self, codes: str, /, **options: Any) -> tuple[RuleFinding, ...]: ...


def runner(library: Library, store: ReleaseStore) -> Run:
    """Check codes written with blanks between, outpatient on 2026-11-21 unless told otherwise."""

    def checked(codes: str, /, **options: Any) -> tuple[RuleFinding, ...]:
        options.setdefault("day", DAY)
        options.setdefault("setting", GuidelineSetting.OUTPATIENT)
        return check(library, codes.split(), store=store, **options)

    return checked
