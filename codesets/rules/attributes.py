"""What installed CMS tables know of a code, as the rules ask for it.

The rules work on the release alone. Where the Medicare Code Editor's flags, the list of codes
exempt from present-on-admission reporting, NCCI edits or a HCPCS release are installed, they come
in through these protocols and take precedence over what the release only implies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from codesets.formats.hcc import HccMapping
    from codesets.formats.hcpcs import HcpcsCode
    from codesets.formats.mce import MceFlag
    from codesets.formats.ncci import Mue, PtpEdit


class DiagnosisAttributes(Protocol):
    """Facts about one ICD-10-CM code, spelled with its point; None where no table says."""

    def flags(self, code: str, day: date) -> frozenset[MceFlag] | None:
        """The editor's flags for a discharge on ``day``; None where no table is installed."""

    def poa_exempt(self, code: str, day: date) -> bool | None:
        """Whether the code is exempt; None where no list of the fiscal year is installed."""

    def hcc(self, code: str, day: date) -> tuple[HccMapping, ...] | None:
        """The code's risk-adjustment categories; None where no mapping is installed."""

    def edition(self) -> str:
        """The installed editions, for citations: "MCE 43.1"."""


class ProcedureEdits(Protocol):
    """NCCI edits; they name codes only."""

    def pairs(self, codes: Sequence[str], day: date) -> Sequence[PtpEdit]:
        """The edits in force on ``day`` whose two codes are both among ``codes``."""

    def mues(self, code: str, day: date) -> Sequence[Mue]:
        """The unit limits of a code, one a kind of claim."""

    def edition(self) -> str:
        """The installed edition, for citations."""


class ProcedureCodes(Protocol):
    """A HCPCS Level II release."""

    def find(self, code: str) -> HcpcsCode | None:
        """The code or modifier, in force or not; None where the release has none."""

    def edition(self) -> str:
        """The release, for citations."""
