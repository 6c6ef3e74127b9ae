"""Zips: hostile ones are refused whole, members are named by their zip."""

from __future__ import annotations

import stat
import struct
import zipfile
from typing import TYPE_CHECKING

import pytest

from codesets.formats.kinds import FileKind
from codesets.installing import Outcome, install
from codesets.releases import ReleaseStore
from codesets.survey import hostile, survey
from tests.codesets.official_samples import PCS_LINES, order, put, tree, zipped

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def _link(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def _member(name: str, data: bytes = b"x") -> Callable[[zipfile.ZipFile], None]:
    return lambda archive: archive.writestr(zipfile.ZipInfo(name), data)


def _bomb(archive: zipfile.ZipFile) -> None:
    archive.writestr("bomb.txt", b"\0" * (40 << 20))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_member("../../etc/cron.d/x"), "out of the archive"),
        (_member("/etc/passwd"), "out of the archive"),
        (_member("a\\..\\..\\x"), "out of the archive"),
        (_member("C:\\windows\\x"), "out of the archive"),
        (lambda archive: archive.writestr(_link(zipfile.ZipInfo("l")), "/etc/passwd"), "a link"),
        (_bomb, "far more than its size"),
        (
            lambda archive: [_member(f"{n}.txt")(archive) for n in range(2001)],
            "2002 files",
        ),
    ],
)
def test_hostile_zips_are_refused_whole(
    empty: ReleaseStore, inbox: Path, make: Callable[[zipfile.ZipFile], object], said: str
) -> None:
    path = inbox / "2024.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("icd10pcs_order_2024.txt", order(PCS_LINES))
        make(archive)
    (report,) = install([path], empty)
    assert report.outcome is Outcome.FAILED
    assert said in report.detail
    assert tree(empty.home) == {}


def test_a_declared_size_that_no_official_file_has(inbox: Path) -> None:
    data = bytearray(zipped({"a.txt": b"x" * 1000}))
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 0xFFFFFFF0)
    path = put(inbox, "a.zip", bytes(data))
    assert "far more" in hostile(path) or "more than any" in hostile(path)


def test_an_undeclared_size_stops_at_what_was_declared(empty: ReleaseStore, inbox: Path) -> None:
    """The directory says 100 bytes; the data would unpack to 32 MiB."""
    data = bytearray(zipped({"icd10pcs_order_2024.txt": order(PCS_LINES) * 100_000}))
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = data.index(signature)
        data[at + offset : at + offset + 4] = struct.pack("<I", 100)
    path = put(inbox, "2024.zip", bytes(data))
    (report,) = install([path], empty)
    assert report.outcome is Outcome.FAILED
    assert tree(empty.home) == {}


def test_a_zip_in_a_zip_and_a_damaged_zip(empty: ReleaseStore, inbox: Path) -> None:
    inner = zipped({"icd10pcs_order_2024.txt": order(PCS_LINES)})
    zipped({"inner.zip": inner}, inbox / "a.zip")
    put(inbox, "b.zip", inner[: len(inner) // 2])
    put(inbox, "c.zip", b"PK\x03\x04 and then nothing")
    reports = install([inbox], empty)
    assert [report.outcome for report in reports] == [
        Outcome.UNKNOWN,
        Outcome.FAILED,
        Outcome.FAILED,
    ]
    assert "unpack it" in reports[0].detail


def test_the_survey_names_members_by_their_zip(inbox: Path) -> None:
    zipped({"folder/icd10pcs_order_2024.txt": order(PCS_LINES)}, inbox / "2024.zip")
    (found,) = survey([inbox])
    assert found.name == "2024.zip: icd10pcs_order_2024.txt"
    assert (found.kind, found.release) == (FileKind.ICD10PCS_ORDER, "FY2024")
