"""What installed CMS tables say, as the rules ask for it.

The rules work on the release alone. Where the Medicare Code Editor's flags, the list of codes
exempt from present-on-admission reporting or NCCI edits are installed, they come in through these
protocols and take precedence over what the release only implies. ``ReleaseStore`` is the one,
``ReleaseStore.edits`` the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from codesets.attributes import CodeAttributes
    from codesets.formats.ncci import Mue, MueService, PtpEdit


class DiagnosisAttributes(Protocol):
    """Facts of installed lists about ICD-10-CM codes; what is not installed is None."""

    def attributes(self, code: str, day: date) -> CodeAttributes:
        """Flags, exemption and payment categories of a code on a day."""


class ProcedureEdits(Protocol):
    """NCCI edits; they name codes only."""

    def pairs(self, first: str, second: str, day: date) -> Sequence[tuple[PtpEdit, str]]:
        """The edits in force for two codes in either order, each with its table's edition."""

    def mue(self, code: str, service: MueService, day: date) -> tuple[Mue, str] | None:
        """The unit limit of a code for a kind of claim, with the edition; None if unknown."""
