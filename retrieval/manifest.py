"""What an index was built from: the file that says it is whole, and what it must be compared with.

Contract of ``manifest.json``, schema 2: ``schema``, ``system``, ``release``, ``library_sha256``,
``sources`` (name and digest of each installed index that was read with it), ``wording`` (the
signature of how passages are worded and marked), ``model``, ``fingerprint``, ``dimension``,
``passages``, ``texts``, ``collection``, ``folder`` and ``created`` (ISO 8601, UTC). It is written
last and by one atomic replacement, and names the folder that holds the files, so an index is either
wholly there or not there.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from retrieval.errors import IndexMismatchError, IndexMissingError
from retrieval.traits import signature

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = 2
FILE = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """One built index. ``passages`` counts entries, ``texts`` the distinct texts embedded."""

    schema: int
    system: str
    release: str
    library_sha256: str
    sources: dict[str, str]
    wording: str
    model: str
    fingerprint: str
    dimension: int
    passages: int
    texts: int
    collection: str
    folder: str
    created: str

    def write(self, folder: Path) -> None:
        """Put the manifest into ``folder`` in one step."""
        path = folder / FILE
        fresh = path.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(asdict(self), file, indent=1)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)

    def check(self, library_sha256: str, fingerprint: str, sources: dict[str, str]) -> None:
        """Raise IndexMismatchError unless the index is of these files and this embedder."""
        pairs = (
            ("schema", self.schema, SCHEMA),
            ("code library", self.library_sha256[:12], library_sha256[:12]),
            ("installed indexes", _names(self.sources), _names(sources)),
            ("passage wording", self.wording, signature()),
            ("embedding model", _short(self.fingerprint), _short(fingerprint)),
        )
        for field, found, wanted in pairs:
            if found != wanted:
                raise IndexMismatchError(self.system, self.release, field, found, wanted)


def read_manifest(folder: Path, system: str, release: str) -> Manifest:
    """The manifest of the index in ``folder``.

    Raises IndexMissingError when there is none, IndexMismatchError when it is of another schema or
    cannot be read as this one.
    """
    path = folder / FILE
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise IndexMissingError(system, release) from None
    except (OSError, ValueError) as error:
        raise IndexMismatchError(system, release, "schema", "unreadable", SCHEMA) from error
    found = document.get("schema") if isinstance(document, dict) else None
    if found != SCHEMA:
        raise IndexMismatchError(system, release, "schema", found, SCHEMA)
    try:
        return Manifest(**document)
    except TypeError as error:
        raise IndexMismatchError(system, release, "schema", "incomplete", SCHEMA) from error


def _names(sources: dict[str, str]) -> str:
    return ", ".join(f"{name}:{digest[:12]}" for name, digest in sorted(sources.items())) or "none"


def _short(fingerprint: str) -> str:
    name, _, rest = fingerprint.partition(":")
    weights, _, pooling = rest.partition(":")
    return ":".join((name, weights[:12], pooling))
