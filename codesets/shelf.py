"""The official files as they were installed, kept so that a release can be compiled again.

Each lies at ``HOME/codesets/sources/<slot>/<release>.zip``: one deflated member under the
publisher's name, with the file's SHA-256 and the licensee in the zip's comment. A slot is a kind of
file, and where several of one kind make a release (the three CPT wordings, the parts of NCCI), one
of these. A new file of the same slot and release takes the place of the old one.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from codesets.errors import FormatError, StorageError
from codesets.formats.kinds import FileKind
from codesets.formats.source import MAX_BYTES, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK = 1 << 20
# What official files of the same year can be told apart by; anything else stays out of paths.
_SAFE = re.compile(r"[^A-Za-z0-9._ -]")


@dataclass(frozen=True, slots=True)
class KeptSource:
    """One official file on the shelf. ``name`` is the publisher's, ``size`` its bytes unpacked."""

    slot: str
    release: str
    path: Path
    name: str
    sha256: str
    size: int
    licensee: str

    @property
    def source(self) -> Source:
        """Where its text is read from."""
        return Source(self.path, self.name)

    @property
    def kind(self) -> FileKind:
        """What it is: the slot without its variant."""
        return kind_of(self.slot)

    def verify(self) -> None:
        """Read it whole and compare its hash with the one taken when it was installed.

        Raises:
            StorageError: it is damaged or altered.

        """
        digest = hashlib.sha256()
        try:
            with self.source.open() as stream:
                while chunk := stream.read(_CHUNK):
                    digest.update(chunk)
        except FormatError:
            raise _altered(self.path) from None
        if digest.hexdigest() != self.sha256:
            raise _altered(self.path)


class Shelf:
    """The kept files under one home."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "sources"

    def path(self, slot: str, release: str) -> Path:
        """Where a slot's file of a release belongs."""
        return self.folder / slot / f"{release}.zip"

    def find(self, slot: str, release: str) -> KeptSource | None:
        """The kept file of a slot and release, or None when there is none that can be used."""
        with suppress(StorageError):  # damaged is as good as absent: it is fetched anew
            return _read(self.path(slot, release), slot, release)
        return None

    def all(self) -> Iterator[KeptSource]:
        """Every kept file, by slot and release. Files that cannot be read are left out."""
        for path in sorted(self.folder.glob("*/*.zip")):
            with suppress(StorageError):  # damaged: left to `verify` and to a new installation
                yield _read(path, path.parent.name, path.stem)

    def of_release(self, system: str, release: str) -> dict[str, KeptSource]:
        """Kept files of one release whose slot belongs to ``system``, by slot."""
        prefix = f"{system}-"
        found = (self.find(folder.name, release) for folder in sorted(self.folder.glob("*")))
        return {kept.slot: kept for kept in found if kept and kept.slot.startswith(prefix)}

    def stage(self, source: Source, slot: str, release: str, licensee: str = "") -> KeptSource:
        """Copy a file beside its place, not yet in it: ``keep`` or ``discard`` follows.

        Raises:
            FormatError: it comes from a damaged archive, or is larger than any official file.

        """
        target = self.path(slot, release)
        target.parent.mkdir(parents=True, exist_ok=True)
        staged = target.with_name(f".{target.name}.{os.getpid()}.{secrets.token_hex(4)}")
        name = _SAFE.sub("_", PurePosixPath(source.name).name) or "file"
        try:
            sha256, size = _pack(source, staged, name, licensee)
        except BaseException:
            staged.unlink(missing_ok=True)
            raise
        return KeptSource(slot, release, staged, name, sha256, size, licensee)

    def keep(self, staged: KeptSource) -> KeptSource:
        """Put a staged file into its place in one step."""
        target = self.path(staged.slot, staged.release)
        staged.path.replace(target)
        return _read(target, staged.slot, staged.release)

    def discard(self, staged: KeptSource) -> None:
        """Let a staged file go, and the folder made for it."""
        staged.path.unlink(missing_ok=True)
        with suppress(OSError):  # other files are staged there still
            staged.path.parent.rmdir()


def kind_of(slot: str) -> FileKind:
    """The kind of file a slot holds: the longest kind its name begins with."""
    kinds = [kind for kind in FileKind if slot == kind.value or slot.startswith(f"{kind.value}-")]
    return max(kinds, key=lambda kind: len(kind.value), default=FileKind.UNKNOWN)


def _pack(source: Source, target: Path, name: str, licensee: str) -> tuple[str, int]:
    digest = hashlib.sha256()
    size = 0
    with (
        source.open() as stream,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as archive,
    ):
        # A fixed date, so that the same file is kept as the same bytes.
        with archive.open(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), "w") as member:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > MAX_BYTES:
                    raise FormatError(str(source), None, f"at most {MAX_BYTES} bytes")
                digest.update(chunk)
                member.write(chunk)
        sha256 = digest.hexdigest()
        facts = {"sha256": sha256, "size": size, "licensee": licensee}
        archive.comment = json.dumps(facts).encode()
    with target.open("rb+") as file:
        os.fsync(file.fileno())
    return sha256, size


def _read(path: Path, slot: str, release: str) -> KeptSource:
    try:
        with zipfile.ZipFile(path) as archive:
            facts = json.loads(archive.comment)
            (member,) = archive.namelist()
        return KeptSource(
            slot, release, path, member, facts["sha256"], facts["size"], facts["licensee"]
        )
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
        raise _altered(path) from None


def _altered(path: Path) -> StorageError:
    return StorageError(
        f"{path} is not the file that was installed. Delete it and install the official file again."
    )
