"""The official code sets as this door needs them: is a typed code known, and what is installed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.lookup import lookup
from bot.slack.ports import InstalledRelease, KnownCode
from codesets.errors import CodesetError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from bot.slack.ports import CodeFinder
    from codesets.releases import ReleaseStore

_NAMES = {"icd10cm": "ICD-10-CM", "icd10pcs": "ICD-10-PCS", "hcpcs": "HCPCS", "cpt": "CPT"}


@dataclass(frozen=True, slots=True)
class CodeDesk:
    """How the door asks about codes."""

    find: CodeFinder
    installed: Callable[[], Sequence[InstalledRelease]]


def no_codes() -> CodeDesk:
    """A desk where nothing is installed."""
    return CodeDesk(lambda _code, _day: None, lambda: ())


def code_desk(store: ReleaseStore) -> CodeDesk:
    """A desk over the installed releases."""

    def find(code: str, day: date) -> KnownCode | None:
        try:
            record = lookup(store, code, day)
        except CodesetError:
            return None  # what a person typed is no code of that day
        return KnownCode(record.code.code, record.code.title, record.valid)

    def installed() -> Sequence[InstalledRelease]:
        return tuple(
            InstalledRelease(
                _NAMES.get(release.system.value, release.system.value),
                release.id,
                f"{release.effective_from.isoformat()} to {release.effective_to.isoformat()}"
                if release.effective_to
                else f"from {release.effective_from.isoformat()}",
            )
            for release in store.installed()
        )

    return CodeDesk(find, installed)
