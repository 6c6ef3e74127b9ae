"""Homes to install into, and a catalogue on loopback to update from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from codesets.releases import ReleaseStore
from tests.codesets.loopback_catalogue import Catalogue
from tests.codesets.official_samples import linked_home
from tests.codesets.update_support import (
    ARCHIVE,
    ICD10,
    PCS_DATA,
    PCS_ZIP,
    QUARTERLY,
    QUICK,
    Run,
    page,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def empty(tmp_path: Path) -> ReleaseStore:
    """A home with nothing in it."""
    return ReleaseStore(tmp_path / "home")


@pytest.fixture
def beside(tmp_path: Path, compiled_home: Path) -> ReleaseStore:
    """A home with the packaged releases, to install ICD-10-CM beside."""
    return ReleaseStore(linked_home(compiled_home, tmp_path / "home"))


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def catalogue() -> Iterator[Catalogue]:
    server = Catalogue()
    server.pages = {ICD10: page(PCS_ZIP), ARCHIVE: page(), QUARTERLY: page()}
    server.files = {PCS_ZIP: PCS_DATA}
    yield server
    server.close()


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, timeout=httpx.Timeout(QUICK.idle, connect=5.0)) as client:
        yield client


@pytest.fixture
def run(catalogue: Catalogue, empty: ReleaseStore, client: httpx.Client) -> Run:
    """One update into an empty home."""
    return Run(catalogue, empty, client)
