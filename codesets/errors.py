"""What can go wrong with code sets.

CodesetError
├── NotationError               a string that cannot be a code of the system named
├── UnknownCodeError            well formed, but no installed release has it (carries the nearest)
├── UnknownSectionError         no section of the Official Guidelines has that number and a rule
├── ReleaseUnavailableError     nothing installed governs the date (names release and command)
├── DoseError                   a dose and a descriptor's unit cannot be brought together (says why)
├── AxisError                   an ICD-10-PCS value that its table does not allow (names the axis)
├── FormatError                 a file is not what its format says (file, line, what was expected)
├── ConflictError               two files of one release disagree (names codes and both titles)
├── LicenceError                licensed text was asked for without naming who holds the licence
├── DownloadError               a page or file of a publisher could not be had (says which and why)
└── StorageError                a compiled release is missing, damaged or of another schema
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from codesets.models import System


class CodesetError(Exception):
    """Base of this package's errors; its message is one sentence that says what to do."""


class NotationError(CodesetError):
    """The string cannot be a code of the system."""


class DoseError(CodesetError):
    """Dose and billing unit cannot be brought together; the message says what is missing."""


class UnknownCodeError(CodesetError):
    """No installed release knows the code; ``nearest`` lists codes that exist.

    ``reason`` is a sentence about why there is no such code, or "".
    """

    def __init__(self, code: str, nearest: tuple[str, ...] = (), reason: str = "") -> None:
        self.code = code
        self.nearest = nearest
        self.reason = reason
        why = f" {reason}" if reason else ""
        hint = f" Nearest: {', '.join(nearest)}." if nearest else ""
        super().__init__(f"{code} is not a code in any installed release.{why}{hint}")


class UnknownSectionError(CodesetError):
    """The guidelines of the year have no such section, or it carries no rule of its own."""

    def __init__(self, number: str, fiscal_year: str, nearest: tuple[str, ...] = ()) -> None:
        self.number = number
        self.fiscal_year = fiscal_year
        self.nearest = nearest
        hint = f" Nearest: {', '.join(nearest)}." if nearest else ""
        super().__init__(f"The {fiscal_year} guidelines have no rule {number}.{hint}")


class ReleaseUnavailableError(CodesetError):
    """No installed release of the system governs the date."""

    def __init__(self, system: System, day: date, needed: str) -> None:
        self.system = system
        self.day = day
        self.needed = needed
        super().__init__(
            f"No installed {system.value} release governs {day.isoformat()}: it needs {needed}. "
            f"Run `codecite codesets update`, or `codecite codesets install PATH` with its files."
        )


class FormatError(CodesetError):
    """A file does not follow its official format."""

    def __init__(self, path: Path | str, line: int | None, expected: str) -> None:
        self.path = str(path)
        self.line = line
        self.expected = expected
        where = f"{path}, line {line}" if line is not None else f"{path}"
        super().__init__(f"{where}: expected {expected}.")


class AxisError(CodesetError):
    """An ICD-10-PCS table has no row with this value at this position.

    ``position`` is the character of the code, 1 to 7; ``axis`` is its title in that table;
    ``allowed`` lists ``value label`` pairs that the characters before it leave open.
    """

    def __init__(
        self, code: str, position: int, axis: str, found: str, allowed: tuple[str, ...]
    ) -> None:
        self.code = code
        self.position = position
        self.axis = axis
        self.allowed = allowed
        choices = f" Allowed: {'; '.join(allowed)}." if allowed else ""
        shown = found or "nothing"
        super().__init__(
            f"{code}: {shown} is not allowed as {axis} (character {position}) here.{choices}"
        )


class ConflictError(CodesetError):
    """Two official files of one release disagree, so one of them was altered.

    ``differences`` are (code, title in ``one``, title in ``other``); None where a file lacks it.
    """

    def __init__(
        self,
        release: str,
        one: str,
        other: str,
        differences: tuple[tuple[str, str | None, str | None], ...],
    ) -> None:
        self.release = release
        self.one = one
        self.other = other
        self.differences = differences
        code, first, second = differences[0]
        shown = [f"{text!r}" if text is not None else "no such code" for text in (first, second)]
        more = f" and {len(differences) - 1} more" if len(differences) > 1 else ""
        super().__init__(
            f"{one} and {other} disagree on {release}: {code} is {shown[0]} in the first and "
            f"{shown[1]} in the second{more}. One of them was altered."
        )


class LicenceError(CodesetError):
    """Licensed text needs the licensee's name before it is read."""


class DownloadError(CodesetError):
    """A page or file could not be had; ``offline`` says that its server could not be reached."""

    def __init__(self, name: str, reason: str, *, offline: bool = False) -> None:
        self.name = name
        self.reason = reason
        self.offline = offline
        super().__init__(f"{name}: {reason}.")


class StorageError(CodesetError):
    """A compiled release cannot be used as it is."""
