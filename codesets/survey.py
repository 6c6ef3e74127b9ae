"""What a person pointed at: every file in folders and zips, told by its content.

Nothing is unpacked to disk, so a member's name cannot lead anywhere; a zip that tries (names that
climb out, links, encryption, sizes no official file has) is refused whole all the same.
"""

from __future__ import annotations

import os
import re
import stat
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from codesets.errors import FormatError
from codesets.formats.kinds import FileKind
from codesets.formats.recognise import recognise
from codesets.formats.source import MAX_BYTES, Source, members

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_MEMBERS = 2000
MAX_UNPACKED = 2 * MAX_BYTES
# The densest official text, an order file, packs to a tenth. Small files may repeat themselves.
_MAX_RATIO = 200
_RATIO_FROM = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Found:
    """One file: what it is and the release it seems to belong to, or why it cannot be used."""

    source: Source
    kind: FileKind
    release: str | None
    problem: str = ""

    @property
    def name(self) -> str:
        """How a report names it: the file, and the member inside a zip."""
        shown = self.source.path.name
        return shown if self.source.member is None else f"{shown}: {self.source.name}"


def survey(paths: Iterable[Path]) -> Iterator[Found]:
    """Every file of ``paths`` in the order given, folders and zips in name order.

    Hidden files are passed over, and links inside folders are not followed.
    """
    for path in paths:
        if path.is_dir():
            yield from (found for file in _files(path) for found in _file(file))
        elif path.is_file():
            yield from _file(path)
        else:
            yield Found(Source(path), FileKind.UNKNOWN, None, "There is no such file.")


def _files(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(root) / name
            if not name.startswith(".") and path.is_file() and not path.is_symlink():
                yield path


def _file(path: Path) -> Iterator[Found]:
    try:
        found = _recognised(Source(path))
        if found.kind is not FileKind.ARCHIVE:
            yield found
            return
        problem = hostile(path)
        if problem:
            yield Found(Source(path), FileKind.DAMAGED, None, problem)
            return
        inside = members(path)
    except OSError as error:
        reason = error.strerror or "cannot be read"
        yield Found(Source(path), FileKind.DAMAGED, None, f"{path.name}: {reason}.")
        return
    except FormatError as error:
        yield Found(Source(path), FileKind.DAMAGED, None, str(error))
        return
    for member in inside:
        found = _recognised(member)
        if found.kind is FileKind.ARCHIVE:
            problem = "A zip inside a zip: unpack it and install what it holds."
            found = Found(member, FileKind.UNKNOWN, None, problem)
        yield found


def _recognised(source: Source) -> Found:
    try:
        told = recognise(source)
    except FormatError as error:
        return Found(source, FileKind.DAMAGED, None, str(error))
    return Found(source, told.kind, told.release)


def hostile(path: Path) -> str:
    """Why a zip must not be read, in one sentence; empty for one that may.

    Raises:
        FormatError: it is no readable zip.

    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise FormatError(path, None, "an undamaged zip archive") from None
    if len(entries) > MAX_MEMBERS:
        return f"It holds {len(entries)} files; no official download has more than {MAX_MEMBERS}."
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        return "It unpacks to more than any official download does."
    return next((problem for entry in entries if (problem := _entry_problem(entry))), "")


def _entry_problem(entry: zipfile.ZipInfo) -> str:
    name = entry.filename.replace("\\", "/")
    if name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in PurePosixPath(name).parts:
        return "It holds a file whose name leads out of the archive."
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "It holds a link instead of a file."
    if entry.flag_bits & 0x1:
        return "It is encrypted."
    if entry.file_size > _RATIO_FROM and entry.file_size > _MAX_RATIO * entry.compress_size:
        return "It unpacks to far more than its size allows for: no official file does."
    return ""
