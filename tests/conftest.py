"""Fixtures that every part's tests share: official files, and the packaged releases compiled."""

from __future__ import annotations

import getpass
import hashlib
import os
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

import codesets
from codesets.installing import install
from codesets.models import System
from codesets.releases import ReleaseStore

if TYPE_CHECKING:
    from codesets.library import Library

for _name in ("COLUMNS", "LINES"):
    # Readline exports both where a worker starts; a console made then would keep that width.
    os.environ.pop(_name, None)

ROOT = Path(__file__).resolve().parent.parent
OFFICIAL = ROOT.parent / "shared" / "data"
# What the compiled files depend on: a change in any of these compiles them anew.
_SOURCES = (
    "compile.py",
    "sealing.py",
    "draft.py",
    "models.py",
    "notation.py",
    "packaged.py",
    "references.py",
    "sevenths.py",
    "update.py",
    "formats/tabular.py",
    "formats/xmlstream.py",
    "data/icd10cm-fy2027.toml",
)
_HCPCS_SOURCES = (
    "building.py",
    "compile.py",
    "sealing.py",
    "draft.py",
    "models.py",
    "formats/hcpcs.py",
    "formats/source.py",
)
_PCS_FILES = (
    "2026-icd-10-pcs-order-file-long-and-abbreviated-titles.zip",
    "icd10pcs_tables_2026.xml",
    "icd10pcs_definitions_2026.xml",
    "icd10pcs_index_2025.xml",
)
_PCS_SOURCES = (
    "building.py",
    "building_procedures.py",
    "compile.py",
    "sealing.py",
    "draft.py",
    "models.py",
    "formats/pcs.py",
    "formats/source.py",
)


_MOST_WORKERS = 4
"""Each holds the search and its model in memory, about a gigabyte."""


@pytest.hookimpl(optionalhook=True)  # unknown where xdist is switched off
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """A worker a core for folders; files named by themselves run in this process, at once."""
    named = any(".py" in argument for argument in config.args)
    return 0 if named else min(os.cpu_count() or 1, _MOST_WORKERS)


def kept_home(name: str, digest: str) -> tuple[Path, FileLock]:
    """A home kept between runs while ``digest`` stays, and the lock under which it is filled.

    Several workers, and several runs on one machine, want it at once: the first fills it.
    """
    home = Path(tempfile.gettempdir()) / f"{name}-{getpass.getuser()}-{digest[:16]}"
    return home, FileLock(f"{home}.lock")


@pytest.fixture(scope="session")
def official() -> Path:
    """The folder of official files; tests that need it carry the marker ``official``."""
    if not OFFICIAL.is_dir():
        pytest.skip(f"the official files are not at {OFFICIAL}")
    return OFFICIAL


@pytest.fixture(scope="session")
def compiled_home() -> Path:
    """A home with the packaged releases compiled, kept between runs while the sources stay."""
    package = Path(codesets.__file__).parent
    digest = hashlib.sha256()
    for name in _SOURCES:
        digest.update((package / name).read_bytes())
    home, lock = kept_home("codecite-tests", digest.hexdigest())
    with lock:
        ReleaseStore(home).ensure_default()
    return home


@pytest.fixture(scope="session")
def store(compiled_home: Path) -> ReleaseStore:
    """The packaged releases: FY2026-04 and FY2027 of ICD-10-CM. Read only."""
    return ReleaseStore(compiled_home)


@pytest.fixture(scope="session")
def library(store: ReleaseStore) -> Library:
    """ICD-10-CM on 2026-11-21: FY2027."""
    return store.library_for(System.ICD10CM, date(2026, 11, 21))


@pytest.fixture(scope="session")
def library_fy2026(store: ReleaseStore) -> Library:
    """ICD-10-CM on 2026-09-30: FY2026-04."""
    return store.library_for(System.ICD10CM, date(2026, 9, 30))


@pytest.fixture(scope="session")
def hcpcs_home(official: Path) -> Path:
    """A home with the official HCPCS release of October 2025 installed, kept between runs."""
    source = official / "HCPC2025_OCT_ANWEB.xlsx"
    digest = hashlib.sha256(source.read_bytes())
    for name in _HCPCS_SOURCES:
        digest.update((Path(codesets.__file__).parent / name).read_bytes())
    home, lock = kept_home("codecite-tests-hcpcs", digest.hexdigest())
    store = ReleaseStore(home)
    with lock:
        if not store.path(System.HCPCS, "2025-10").is_file():
            install([source], store)
    return home


@pytest.fixture(scope="session")
def hcpcs_library(hcpcs_home: Path) -> Library:
    """HCPCS on 2025-10-15. Read only."""
    return ReleaseStore(hcpcs_home).library_for(System.HCPCS, date(2025, 10, 15))


@pytest.fixture(scope="session")
def pcs_home(official: Path) -> Path:
    """A home with ICD-10-PCS: FY2026 with its tables, FY2026-04 by its order file; kept."""
    files = [official / name for name in _PCS_FILES]
    digest = hashlib.sha256()
    for source in files:
        digest.update(source.read_bytes())
    for name in _PCS_SOURCES:
        digest.update((Path(codesets.__file__).parent / name).read_bytes())
    home, lock = kept_home("codecite-tests-pcs", digest.hexdigest())
    store = ReleaseStore(home)
    with lock:
        if not store.path(System.ICD10PCS, "FY2026").is_file():
            install(files, store)
    return home


@pytest.fixture(scope="session")
def pcs_store(pcs_home: Path) -> ReleaseStore:
    """ICD-10-PCS FY2026 and FY2026-04, and their book. Read only."""
    return ReleaseStore(pcs_home)
