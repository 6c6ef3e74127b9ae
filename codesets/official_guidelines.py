"""The Official Guidelines compiled from the user's own PDF: one small SQLite file a fiscal year.

The file lies at ``HOME/codesets/guidelines/FY2026.sqlite``. It is written beside and renamed, so a
reader meets the old file or the new one, never half of either.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from codesets.errors import StorageError
from codesets.formats.guidelines import read_guidelines
from codesets.models import GuidelineSection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SCHEMA = 1
_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE sections (
    position INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, title TEXT NOT NULL,
    text TEXT NOT NULL, page_from INTEGER NOT NULL, page_to INTEGER NOT NULL
) STRICT;
"""


class OfficialGuidelines:
    """The official sections of one fiscal year, read whole; safe to share between threads."""

    def __init__(self, fiscal_year: str, sha256: str, sections: list[GuidelineSection]) -> None:
        self._fiscal_year = fiscal_year
        self.sha256 = sha256
        self._sections = {section.number: section for section in sections}

    @classmethod
    def open(cls, path: Path) -> OfficialGuidelines:
        """The compiled file at ``path``; StorageError when it cannot be used as it is."""
        if not path.is_file():
            raise StorageError(f"{path} does not exist. Install the guidelines PDF to compile it.")
        try:
            with contextlib.closing(_connect(path)) as connection:
                meta = dict(connection.execute("SELECT key, value FROM meta"))
                rows = connection.execute(
                    "SELECT number, title, text, page_from, page_to FROM sections ORDER BY position"
                ).fetchall()
        except sqlite3.Error as error:
            raise StorageError(f"{path} is damaged. Install the guidelines PDF again.") from error
        if meta.get("schema") != str(SCHEMA):
            raise StorageError(f"{path} is of another version. Install the guidelines PDF again.")
        year = meta["fiscal_year"]
        sections = [
            GuidelineSection(number, title, text, page_from, page_to, year)
            for number, title, text, page_from, page_to in rows
        ]
        return cls(year, meta["sha256"], sections)

    @property
    def fiscal_year(self) -> str:
        """The year the sections govern, ``FY2026``."""
        return self._fiscal_year

    def __iter__(self) -> Iterator[GuidelineSection]:
        return iter(self._sections.values())

    def __len__(self) -> int:
        return len(self._sections)

    def find(self, number: str) -> GuidelineSection | None:
        """The section of that number, written as the digest writes it, or None."""
        return self._sections.get(number)


def install(
    path: Path, home: Path, progress: Callable[[str, int, int], None] | None = None
) -> OfficialGuidelines:
    """Read the guidelines PDF at ``path``, compile it under ``home`` and open what was compiled.

    FormatError when the PDF is not what it should be; nothing installed is touched then.
    """
    sections = read_guidelines(path, progress)
    year = sections[0].fiscal_year
    target = compiled_path(home, year)
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{year}-") as folder:
        draft = Path(folder) / target.name
        _write(draft, year, digest, sections)
        draft.replace(target)
    return OfficialGuidelines.open(target)


def compiled_path(home: Path, fiscal_year: str) -> Path:
    """Where the guidelines of a fiscal year belong."""
    return home / "codesets" / "guidelines" / f"{fiscal_year}.sqlite"


def installed(home: Path) -> tuple[str, ...]:
    """The fiscal years whose official guidelines are installed, oldest first."""
    return tuple(sorted(file.stem for file in compiled_path(home, "").parent.glob("FY*.sqlite")))


def open_installed(home: Path, fiscal_year: str) -> OfficialGuidelines | None:
    """The installed guidelines of a fiscal year; None when they are not installed."""
    path = compiled_path(home, fiscal_year)
    return OfficialGuidelines.open(path) if path.is_file() else None


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def _write(path: Path, year: str, sha256: str, sections: tuple[GuidelineSection, ...]) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript(_TABLES)
        connection.executemany(
            "INSERT INTO meta VALUES (?, ?)",
            [("schema", str(SCHEMA)), ("fiscal_year", year), ("sha256", sha256)],
        )
        connection.executemany(
            "INSERT INTO sections VALUES (?, ?, ?, ?, ?, ?)",
            [
                (i, s.number, s.title, s.text, s.page_from, s.page_to)
                for i, s in enumerate(sections, start=1)
            ],
        )
        connection.commit()
