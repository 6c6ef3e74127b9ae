"""Where official data is read from: a file, or one member of a zip, as bytes, lines or rows.

Everything here is bounded: a member may not unpack to more than ``MAX_BYTES``, a line may not be
longer than ``MAX_LINE``, and workbooks that declare a document type are refused, so that a file
which only looks official cannot exhaust memory.
"""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from codesets.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_BYTES = 512 * 1024 * 1024
MAX_LINE = 1024 * 1024
ZIP_MAGIC = b"PK\x03\x04"
# The largest official row header, the NCCI notice, stands within this many lines.
_PEEK_LINES = 50
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)
# What openpyxl and the parsers below it raise; SyntaxError is the base of xml.etree's ParseError.
_UNREADABLE = (*_DAMAGED, KeyError, IndexError, ValueError, TypeError, AttributeError, SyntaxError)


@dataclass(frozen=True, slots=True)
class Source:
    """A file on disk, or the member of a zip file; ``str()`` is how errors name it."""

    path: Path
    member: str | None = None

    def __str__(self) -> str:
        return f"{self.path}!{self.member}" if self.member is not None else str(self.path)

    @property
    def name(self) -> str:
        """The file's own name, without folders."""
        return Path(self.member).name if self.member is not None else self.path.name

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Open for reading. FormatError for a damaged archive or one that unpacks too large."""
        if self.member is None:
            with self.path.open("rb") as stream:
                yield stream
            return
        try:
            with zipfile.ZipFile(self.path) as archive:
                size = archive.getinfo(self.member).file_size
                if size > MAX_BYTES:
                    raise FormatError(str(self), None, _too_large(size))
                # zipfile stops at the declared size and checks the CRC there, so the limit holds.
                with archive.open(self.member) as stream:
                    yield stream
        except KeyError:
            raise FormatError(str(self.path), None, f"a member named {self.member}") from None
        except _DAMAGED as exc:
            raise FormatError(str(self), None, "an undamaged zip archive") from exc


def as_source(where: Path | str | Source) -> Source:
    """``where`` as a Source; a plain path names the file itself, never a member of it."""
    return where if isinstance(where, Source) else Source(Path(where))


def members(path: Path) -> list[Source]:
    """The files inside a zip, folders left out, in archive order."""
    try:
        with zipfile.ZipFile(path) as archive:
            return [Source(path, info.filename) for info in archive.infolist() if not info.is_dir()]
    except zipfile.BadZipFile as exc:
        raise FormatError(str(path), None, "an undamaged zip archive") from exc


def starts_with(source: Source, count: int) -> bytes:
    """The first ``count`` bytes."""
    with source.open() as stream:
        return stream.read(count)


def is_workbook(source: Source) -> bool:
    """Whether the content is an Office Open XML spreadsheet (whatever its name says)."""
    if starts_with(source, 4) != ZIP_MAGIC:
        return False
    with source.open() as stream:
        try:
            with zipfile.ZipFile(_seekable(stream, source)) as archive:
                return "xl/workbook.xml" in archive.namelist()
        except zipfile.BadZipFile:
            return False  # begins as a zip and is none


def lines(source: Source) -> Iterator[tuple[int, str]]:
    """Each line with its number from 1, decoded, without its line end.

    Official text is ASCII, UTF-8 or Windows-1252; FormatError for anything else.
    """
    with source.open() as stream:
        number = 0
        while raw := stream.readline(MAX_LINE):
            number += 1
            if len(raw) == MAX_LINE:
                raise FormatError(str(source), number, f"lines shorter than {MAX_LINE} characters")
            if b"\0" in raw:
                raise FormatError(str(source), number, "a text file, found binary data")
            yield number, _decode(raw, source, number)


def rows(source: Source) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Rows of a spreadsheet, a tab-delimited or a comma-separated file, cells as stripped text.

    Which of the three it is comes from the content. The number is that of the last line a row
    occupies (a quoted cell may span lines), or the row of the sheet. Only a workbook's first sheet
    is read.
    """
    if is_workbook(source):
        yield from _sheet_rows(source)
        return
    delimiter = "," if not _has_tabs(source) else "\t"
    text = (line + "\n" for _, line in lines(source))
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return  # the last row has been read
        except csv.Error as exc:
            raise FormatError(str(source), reader.line_num, f"well-formed rows ({exc})") from exc
        yield reader.line_num, tuple(cell.strip() for cell in row)


def parse_date(text: str) -> date | None:
    """A date as CMS writes it: ``20251001``, ``2025-10-01`` or ``10/01/25``; None if it is none."""
    if len(text) == 8 and text.isascii() and text.isdigit():
        # The form of every column of dates but two; strptime would take ten times as long.
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass  # perhaps in one of the American forms
    for layout in ("%m/%d/%y", "%m/%d/%Y"):
        try:
            # Only the calendar day is wanted; a date of service has no time zone.
            return datetime.strptime(text, layout).date()
        except ValueError:
            continue  # perhaps in the next
    return None


def _decode(raw: bytes, source: Source, number: int) -> str:
    if number == 1:
        raw = raw.removeprefix(b"\xef\xbb\xbf")
    try:
        return raw.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        pass  # the older files are in Windows' own encoding
    try:
        return raw.decode("cp1252").rstrip("\r\n")
    except UnicodeDecodeError as exc:
        raise FormatError(str(source), number, "text in UTF-8 or Windows-1252") from exc


def _has_tabs(source: Source) -> bool:
    for number, line in lines(source):
        if "\t" in line:
            return True
        if number >= _PEEK_LINES:
            break
    return False


def _seekable(stream: IO[bytes], source: Source) -> IO[bytes]:
    if source.member is None:
        return stream
    # A member of a zip can be read forwards only; a workbook's directory is at its end.
    return io.BytesIO(stream.read())


def _sheet_rows(source: Source) -> Iterator[tuple[int, tuple[str, ...]]]:
    import openpyxl  # type: ignore[import-untyped]  # the package ships no type information

    try:
        with source.open() as stream:
            data = _seekable(stream, source)
            _check_workbook(data, source)
            book = _quietly(lambda: openpyxl.load_workbook(data, read_only=True, data_only=True))
            table = enumerate(book.worksheets[0].iter_rows(values_only=True), start=1)
            while found := _quietly(lambda: next(table, None)):
                yield found[0], tuple(_cell(value) for value in found[1])
    except _UNREADABLE as exc:
        raise FormatError(str(source), None, "a workbook with a readable first sheet") from exc


def _quietly(step: Callable[[], Any]) -> Any:
    """Run one step without openpyxl's warnings of styles and extensions; only cells are read."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return step()


def _check_workbook(data: IO[bytes], source: Source) -> None:
    with zipfile.ZipFile(data) as archive:
        total = sum(info.file_size for info in archive.infolist())
        if total > MAX_BYTES:
            raise FormatError(str(source), None, _too_large(total))
        for info in archive.infolist():
            if not info.filename.endswith((".xml", ".rels")):
                continue
            with archive.open(info) as part:
                _refuse_doctype(part, source, info.filename)
    data.seek(0)


def _refuse_doctype(part: IO[bytes], source: Source, name: str) -> None:
    """Refuse entity declarations, the means of expansion attacks; real workbooks have none."""
    tail = b""
    first = True
    while chunk := part.read(1 << 18):
        if first and chunk[:2] in (b"\xfe\xff", b"\xff\xfe"):
            raise FormatError(str(source), None, f"{name} in UTF-8")
        first = False
        if b"<!DOCTYPE" in tail + chunk or b"<!ENTITY" in tail + chunk:
            raise FormatError(str(source), None, f"{name} without a document type declaration")
        tail = chunk[-16:]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _too_large(size: int) -> str:
    return f"at most {MAX_BYTES} bytes unpacked, found {size}"
