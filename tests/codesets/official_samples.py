"""Small files in official layouts, with invented content unless a test says otherwise."""

from __future__ import annotations

import io
import os
import shutil
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from codesets.installing import FileReport, Outcome

CM_CODES = {
    "A000": "Cholera due to Vibrio cholerae 01, biovar cholerae",
    "A001": "Cholera due to Vibrio cholerae 01, biovar eltor",
    "A009": "Cholera, unspecified",
    "I10": "Essential (primary) hypertension",
}
PCS_LINES = [
    ("0DT", False, "Gastrointestinal System, Resection"),
    ("0DTJ0ZZ", True, "Resection of Appendix, Open Approach"),
    ("0DTJ4ZZ", True, "Resection of Appendix, Percutaneous Endoscopic Approach"),
]
CPT_NOTICE = (
    "CPT codes are copyright of the American Medical Association. Invented wording here.\r\n\r\n"
)
POA_HEAD = "Order24\tPOAexemptCode\tDescription"


def cm_codes(codes: dict[str, str]) -> bytes:
    """An ICD-10-CM code file."""
    return "".join(f"{code:<8}{title}\n" for code, title in codes.items()).encode()


def order(lines: list[tuple[str, bool, str]]) -> bytes:
    """An order file."""
    return "".join(
        f"{number:05} {code:<7} {int(valid)} {title[:60]:<60} {title}\n"
        for number, (code, valid, title) in enumerate(lines, start=1)
    ).encode()


def pcs_tables(approaches: dict[str, str]) -> bytes:
    """One table of ICD-10-PCS, resection of the appendix, with the approaches given."""
    labels = "".join(f'<label code="{c}">{text}</label>' for c, text in approaches.items())
    none = '<label code="Z">No {}</label>'

    def axis(position: int, title: str, inner: str, count: int = 1) -> str:
        return f'<axis pos="{position}" values="{count}"><title>{title}</title>{inner}</axis>'

    return (
        '<?xml version="1.0" encoding="utf-8"?><ICD10PCS.tabular><version>2024</version>'
        "<title>2024 ICD-10-PCS Tables</title><pcsTable>"
        + axis(1, "Section", '<label code="0">Medical and Surgical</label>')
        + axis(2, "Body System", '<label code="D">Gastrointestinal System</label>')
        + axis(3, "Operation", '<label code="T">Resection</label>')
        + f'<pcsRow codes="{len(approaches)}">'
        + axis(4, "Body Part", '<label code="J">Appendix</label>')
        + axis(5, "Approach", labels, len(approaches))
        + axis(6, "Device", none.format("Device"))
        + axis(7, "Qualifier", none.format("Qualifier"))
        + "</pcsRow></pcsTable></ICD10PCS.tabular>"
    ).encode()


def cm_index(code: str = "A00.9") -> bytes:
    """An Alphabetic Index with cholera, sepsis with a dash, and a manifestation pair."""
    return (
        '<?xml version="1.0" encoding="utf-8"?><ICD10CM.index><version>2024</version>'
        "<title>ICD-10-CM INDEX TO DISEASES and INJURIES</title><letter><title>C</title>"
        f"<mainTerm><title>Cholera <nemod>(Asiatic)</nemod></title><code>{code}</code>"
        '<term level="1"><title>eltor</title><code>A00.1</code></term></mainTerm>'
        "<mainTerm><title>Crack, bone</title><code>S52.5-</code></mainTerm>"
        "<mainTerm><title>Cyst, twofold</title><code>B67.0</code><manif>[K77]</manif></mainTerm>"
        "</letter></ICD10CM.index>"
    ).encode()


def hcpcs_line(
    code: str, long: str, *, added: str = "20200101", ended: str = "", record: str = "3"
) -> str:
    """One 320-character line of the contractor file."""
    line = [" "] * 320

    def put(start: int, text: str) -> None:
        line[start - 1 : start - 1 + len(text)] = text

    put(1, code if record == "3" else f"   {code}")
    put(6, "00100")
    put(11, record)
    put(12, long[:80])
    put(92, long[:28])
    put(230, "C")
    put(269, added)
    put(277, added)
    put(285, ended)
    put(293, "N")
    return "".join(line) + "\n"


def poa_list(*codes: str) -> str:
    """A POA-exempt list of FY2027: the codes given, and as many invented ones as a whole list."""
    invented = (f"W{n // 100 % 100:02}.{n % 100:02}X{n // 10_000}" for n in range(20_000))
    rows = enumerate((*codes, *invented), start=1)
    return "Order27\tPOAexemptCode\tDescription\n" + "".join(
        f"{number}\t{code}\tInvented\n" for number, code in rows
    )


def zipped(files: dict[str, bytes], path: Path | None = None) -> bytes:
    """A zip of files; also written to ``path`` where one is given."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            # June: CMS's October releases are written then, so that nothing looks like an update.
            info = zipfile.ZipInfo(name, (2023, 6, 15, 0, 0, 0))
            archive.writestr(info, data, zipfile.ZIP_DEFLATED)
    if path is not None:
        path.write_bytes(stream.getvalue())
    return stream.getvalue()


def linked_home(compiled: Path, home: Path) -> Path:
    """A home that shares the compiled files of another: replacing one leaves the other's alone.

    Indexes are left out: those are written in place, by whichever test runs at the same time.
    """
    shutil.copytree(compiled / "codesets", home / "codesets", copy_function=os.link)
    return home


def tree(folder: Path) -> dict[str, bytes]:
    """Every file under a folder with its content, the lock left out."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".installing"
    }


def put(folder: Path, name: str, data: bytes) -> Path:
    """Write a file into a folder."""
    path = folder / name
    path.write_bytes(data)
    return path


def outcomes(reports: list[FileReport]) -> dict[str, Outcome]:
    """What became of each file, by its name."""
    return {report.name: report.outcome for report in reports}
