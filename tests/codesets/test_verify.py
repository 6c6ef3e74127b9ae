"""Verifying what is installed: damage is found, and a title is held against its second witness."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import date
from typing import TYPE_CHECKING

import pytest

from codesets.compile import write_release
from codesets.draft import Draft
from codesets.formats.order import CodeLine
from codesets.installing import install
from codesets.inventory import inventory
from codesets.models import Release, System
from codesets.periods import release_period
from codesets.releases import ReleaseStore
from codesets.verifying import verify
from tests.codesets.official_samples import (
    CM_CODES,
    PCS_LINES,
    POA_HEAD,
    cm_codes,
    cm_index,
    linked_home,
    order,
    tree,
)

if TYPE_CHECKING:
    from pathlib import Path

CM = System.ICD10CM


@pytest.fixture
def store(tmp_path: Path, compiled_home: Path) -> ReleaseStore:
    """A home with the packaged releases, an order file, a code file, an index."""
    store = ReleaseStore(linked_home(compiled_home, tmp_path / "home"))
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "icd10pcs_order_2024.txt").write_bytes(order(PCS_LINES))
    (inbox / "icd10cm_codes_2024.txt").write_bytes(cm_codes(CM_CODES))
    (inbox / "index.xml").write_bytes(cm_index())
    install([inbox], store)
    return store


def test_what_is_whole_is_found_whole(store: ReleaseStore) -> None:
    seen: list[tuple[str, int, int]] = []
    before = tree(store.home)
    result = verify(store, lambda *stage: seen.append(stage))
    assert result.ok
    assert [check.problem for check in result.files] == [""] * 8
    assert ("icd10cm FY2024", "icd10cm FY2024: icd10cm_codes_2024.txt", 4) in result.compared
    assert result.differences == ()
    assert seen[-1][1] == seen[-1][2]
    assert tree(store.home) == before


@pytest.mark.parametrize(
    "name",
    ["icd10cm/FY2027.sqlite", "index/icd10cm-index-FY2024.sqlite", "icd10pcs/FY2024.sqlite"],
)
@pytest.mark.parametrize("damage", ["cut", "a row altered"])
def test_damage_is_named(store: ReleaseStore, name: str, damage: str) -> None:
    path = store.folder / name
    own = path.with_suffix(".copy")  # the file may be shared with other homes
    shutil.copy(path, own)
    own.replace(path)
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-100])
    else:
        table, column = ("term", "key") if name.startswith("index") else ("record", "title")
        with sqlite3.connect(path) as connection:
            connection.execute(f"UPDATE {table} SET {column} = 'altered' WHERE id = 1")
        connection.close()
    result = verify(store)
    wrong = [check for check in result.files if not check.ok]
    assert [check.path for check in wrong] == [path]
    assert "damaged" in wrong[0].problem
    assert not result.ok


def test_a_kept_file_that_was_exchanged(store: ReleaseStore) -> None:
    kept = store.shelf.path("icd10cm-codes", "FY2024")
    data = bytearray(kept.read_bytes())
    data[60] ^= 0xFF
    kept.write_bytes(bytes(data))
    wrong = [check for check in verify(store).files if not check.ok]
    assert [check.path for check in wrong] == [kept]


def test_an_altered_title_is_named_with_its_code(store: ReleaseStore) -> None:
    """A release compiled from an altered copy, beside the file it should have come from."""
    period = release_period(CM, "FY2024")
    altered = CM_CODES | {"I10": "Essential (secondary) hypertension"}
    lines = [CodeLine(c, True, t, "", n) for n, (c, t) in enumerate(altered.items(), 1)]
    release = Release(CM, "FY2024", period.first, period.last, "a mirror", "")
    write_release(Draft.from_lines(lines, "FY2024", CM), release, "x", store.path(CM, "FY2024"))
    result = verify(store)
    (found,) = result.differences
    assert (found.code, found.certain) == ("I10", True)
    assert (found.one_title, found.other_title) == (altered["I10"], CM_CODES["I10"])
    assert "icd10cm_codes_2024.txt" in found.other
    assert not result.ok
    assert result.to_json()["differences"][0]["code"] == "I10"


def test_a_poa_list_is_a_witness_of_its_year(store: ReleaseStore, tmp_path: Path) -> None:
    rows = [f"{n:05}\tZ{n // 100:02}.{n % 100:02}\tExempt {n}" for n in range(6000)]
    rows += ["06001\tI10\tEssential (tertiary) hypertension", "06002\tA00.9\tCholera, unspecified"]
    path = tmp_path / "poa.txt"
    path.write_text("\n".join([POA_HEAD, *rows]))
    install([path], store)
    result = verify(store)
    assert [(d.code, d.other_title) for d in result.differences] == [
        ("I10", "Essential (tertiary) hypertension")
    ]
    assert not result.ok


def test_an_april_update_may_revise(store: ReleaseStore, tmp_path: Path) -> None:
    path = tmp_path / "icd10cm_codes_april_2024.txt"
    path.write_bytes(cm_codes(CM_CODES | {"A009": "Cholera, not further specified"}))
    install([path], store)
    result = verify(store)
    assert [(d.code, d.certain) for d in result.differences] == [("A00.9", False)]
    assert result.ok


def test_an_unusable_file_is_listed_as_such(store: ReleaseStore) -> None:
    path = store.path(System.ICD10PCS, "FY2024")
    path.write_bytes(b"not a database")
    rows = {(row.system, row.what, row.release): row for row in inventory(ReleaseStore(store.home))}
    assert "install" in rows["icd10pcs", "codes", "FY2024"].damage
    healthy = rows["icd10cm", "codes", "FY2027"]
    assert (healthy.damage, healthy.origin) == ("", "packaged")
    assert healthy.effective_from == date(2026, 10, 1)
    assert healthy.counts == {"valid": 74_879, "records": 98_722}


@pytest.mark.official
def test_the_packaged_titles_are_those_of_the_official_code_file(
    tmp_path: Path, compiled_home: Path, official: Path
) -> None:
    store = ReleaseStore(linked_home(compiled_home, tmp_path / "home"))
    install([official / "icd10cm_codes_2026.txt"], store)
    result = verify(store)
    assert ("icd10cm FY2026", "icd10cm FY2026-04", 74_719) in result.compared
    assert result.differences == ()
