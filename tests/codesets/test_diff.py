"""What changed between releases, whole or in one chapter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from codesets.diffing import Difference, diff, find_release
from codesets.errors import CodesetError
from codesets.installing import install
from codesets.models import System
from codesets.releases import ReleaseStore
from tests.codesets.official_samples import CM_CODES, PCS_LINES, cm_codes, linked_home, order

if TYPE_CHECKING:
    from pathlib import Path

CM, PCS = System.ICD10CM, System.ICD10PCS


def compared(
    store: ReleaseStore, old: str, new: str, chapter: str | None = None, system: System = CM
) -> Difference:
    return diff(store, find_release(store, system, old), find_release(store, system, new), chapter)


def test_fy2027(store: ReleaseStore) -> None:
    found = compared(store, "FY2026-04", "fy2027")
    assert (len(found.added), len(found.deleted), len(found.revised)) == (190, 30, 4)
    assert "D69.11" in [code.code for code in found.added]
    assert found.replacements["D69.1"] == ("D69.11", "D69.19")
    (revised,) = [r for r in found.revised if r.code == "Z29.14"]
    assert revised.before.endswith("immune globin")
    assert revised.after.endswith("immune globulin")


def test_backwards(store: ReleaseStore) -> None:
    found = compared(store, "FY2027", "FY2026-04")
    assert (len(found.added), len(found.deleted), len(found.revised)) == (30, 190, 4)


def test_the_same_release(store: ReleaseStore) -> None:
    found = compared(store, "FY2027", "FY2027")
    assert (found.added, found.deleted, found.revised) == ((), (), ())


def test_what_changed_in_chapter_9(store: ReleaseStore) -> None:
    found = compared(store, "FY2026-04", "FY2027", "09")
    assert [code.code for code in found.added] == [
        "I42.00", "I42.01", "I42.09", "I42.81", "I42.89", "I47.22", "I49.81", "I49.82", "I49.89",
    ]  # fmt: skip
    assert [code.code for code in found.deleted] == ["I42.0", "I42.8", "I49.8"]
    assert found.revised == ()
    document = found.to_json()
    assert document["counts"] == {"added": 9, "deleted": 3, "revised": 0}
    assert document["deleted"][0]["replaced_by"] == ["I42.00", "I42.01", "I42.09"]


@pytest.mark.parametrize("chapter", ["0", "23", "", "E11", "I00-I99", "nine"])
def test_no_such_chapter(store: ReleaseStore, chapter: str) -> None:
    with pytest.raises(CodesetError, match="has no chapter"):
        compared(store, "FY2026-04", "FY2027", chapter)


def test_releases_that_are_not_there(store: ReleaseStore) -> None:
    with pytest.raises(CodesetError, match=r"installed: FY2026-04, FY2027.*codesets update"):
        compared(store, "FY2020", "FY2027")
    with pytest.raises(CodesetError, match="installed: none"):
        compared(store, "FY2027", "FY2027", system=PCS)
    with pytest.raises(CodesetError, match="installed: none"):
        find_release(store, System.CPT, "2026")


@pytest.fixture
def several(tmp_path: Path, compiled_home: Path) -> ReleaseStore:
    store = ReleaseStore(linked_home(compiled_home, tmp_path / "home"))
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    accents = CM_CODES | {"H8101": "Ménière's disease, right ear", "I101": "New"}
    (inbox / "icd10cm_codes_2024.txt").write_bytes(
        cm_codes(CM_CODES | {"H8101": "Meniere's  disease, right ear"})
    )
    (inbox / "icd10cm_codes_2025.txt").write_bytes(cm_codes(accents))
    (inbox / "icd10pcs_order_2024.txt").write_bytes(order(PCS_LINES))
    (inbox / "icd10pcs_order_2025.txt").write_bytes(order(PCS_LINES[:-1]))
    install([inbox], store)
    return store


def test_accents_and_blanks_are_no_revision(several: ReleaseStore) -> None:
    found = compared(several, "FY2024", "FY2025")
    assert [code.code for code in found.added] == ["I10.1"]
    assert found.revised == ()


def test_a_release_without_chapters_has_those_of_the_tabular(several: ReleaseStore) -> None:
    assert len(compared(several, "FY2024", "FY2025", "9").added) == 1
    assert len(compared(several, "FY2024", "FY2025", "8").added) == 0


def test_chapters_make_up_the_whole(several: ReleaseStore, tmp_path: Path) -> None:
    """One new code at each end of every chapter, and one in a category that is new itself."""
    tabular = several.library(find_release(several, CM, "FY2027")).chapters_of_categories()
    ends: dict[str, list[str]] = {}
    for category, chapter in sorted(tabular.items()):
        ends.setdefault(chapter, []).append(category)
    new = {f"{found[at]}9ZZZ": "New" for found in ends.values() for at in (0, -1)} | {"A02Z": "New"}
    path = tmp_path / "icd10cm_codes_april_2025.txt"
    path.write_bytes(cm_codes(CM_CODES | new))
    install([path], several)
    added = [
        code.code
        for number in range(1, 23)
        for code in compared(several, "FY2025", "FY2025-04", str(number)).added
    ]
    assert len(ends) == 22
    assert len(added) == len(set(added)) == len(new)


def test_other_systems(several: ReleaseStore) -> None:
    found = compared(several, "FY2024", "FY2025", system=PCS)
    assert [code.code for code in found.deleted] == ["0DTJ4ZZ"]
    with pytest.raises(CodesetError, match="has chapters"):
        compared(several, "FY2024", "FY2025", "1", system=PCS)
    old, new = find_release(several, CM, "FY2024"), find_release(several, PCS, "FY2025")
    with pytest.raises(CodesetError, match="same code system"):
        diff(several, old, new)
