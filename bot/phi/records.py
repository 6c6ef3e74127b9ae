"""What screening yields: identifiers with their offsets, and a text without them.

Offsets are half-open character offsets. They can be carried from the original text to the
redacted one and back, so that a quote of the one can be found in the other.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from enum import StrEnum


class Identifier(StrEnum):
    """What kind of identifier was found; the placeholder carries it.

    The kinds of 45 CFR 164.514(b)(2)(i)(A) to (R), with dates and ages over 89, both of (C), apart.
    """

    NAME = "NAME"
    PLACE = "PLACE"
    DATE = "DATE"
    AGE = "AGE"
    PHONE = "PHONE"
    FAX = "FAX"
    EMAIL = "EMAIL"
    SSN = "SSN"
    RECORD = "RECORD"
    PLAN = "PLAN"
    ACCOUNT = "ACCOUNT"
    LICENSE = "LICENSE"
    VEHICLE = "VEHICLE"
    DEVICE = "DEVICE"
    URL = "URL"
    IP = "IP"
    BIOMETRIC = "BIOMETRIC"
    PHOTO = "PHOTO"
    ID = "ID"


@dataclass(frozen=True, slots=True)
class Span:
    """Text taken for an identifier, before overlaps are settled; a lower ``rank`` wins."""

    kind: Identifier
    start: int
    end: int
    rank: int = 50


@dataclass(frozen=True, slots=True)
class Redaction:
    """One identifier: half-open offsets into the original text, and what stands there now."""

    kind: Identifier
    start: int
    end: int
    placeholder: str


@dataclass(frozen=True, slots=True)
class Screened:
    """A text without its identifiers, and what was taken from it."""

    text: str
    redactions: tuple[Redaction, ...]
    _starts: tuple[tuple[int, int], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        shift, starts = 0, []
        for item in self.redactions:
            starts.append((item.start, item.start + shift))
            shift += len(item.placeholder) - (item.end - item.start)
        object.__setattr__(self, "_starts", tuple(starts))

    def to_original(self, offset: int) -> int:
        """The original's offset of an offset into ``text``; inside a placeholder, its start.

        >>> from bot import phi
        >>> screened = phi.redact("Mr. Smith has gout")
        >>> screened.to_original(screened.text.index("gout")) == "Mr. Smith has gout".index("gout")
        True
        """
        at = bisect_right(self._starts, offset, key=lambda pair: pair[1]) - 1
        if at < 0:
            return offset
        item, start = self.redactions[at], self._starts[at][1]
        end = start + len(item.placeholder)
        return item.start if offset < end else item.end + (offset - end)

    def to_redacted(self, offset: int) -> int:
        """The offset into ``text`` of an original offset; inside an identifier, its start."""
        at = bisect_right(self._starts, offset, key=lambda pair: pair[0]) - 1
        if at < 0:
            return offset
        item, start = self.redactions[at], self._starts[at][1]
        if offset < item.end:
            return start
        return start + len(item.placeholder) + (offset - item.end)
