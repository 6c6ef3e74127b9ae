"""Updating from a catalogue: found by its links, checked as it arrives, switched or left alone."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import httpx
import pytest

from codesets.acquire import Fetched
from codesets.downloading import Limits
from codesets.formats.kinds import FileKind
from codesets.models import System
from codesets.releases import ReleaseStore
from tests.codesets.loopback_catalogue import Catalogue, etag_of
from tests.codesets.official_samples import (
    CM_CODES,
    PCS_LINES,
    cm_codes,
    hcpcs_line,
    linked_home,
    order,
    tree,
    zipped,
)
from tests.codesets.update_support import (
    ARCHIVE,
    ICD10,
    PCS_DATA,
    PCS_ZIP,
    QUARTERLY,
    TODAY,
    Run,
    installed,
    page,
)

if TYPE_CHECKING:
    from pathlib import Path


class TestUpdate:
    def test_a_file_is_found_fetched_and_installed(self, run: Run) -> None:
        result = run()
        assert [(d.outcome, d.release) for d in result.downloads] == [(Fetched.INSTALLED, "FY2024")]
        assert result.ok
        assert result.sentence() == "1 installed."
        assert run.store.library_for(System.ICD10PCS, TODAY).get("0DTJ0ZZ").valid
        assert [(f.kind, f.counts["valid"]) for f in result.files] == [(FileKind.ICD10PCS_ORDER, 2)]
        downloads = [s for s in run.stages if s[0].startswith("Downloading")]
        assert downloads[-1][1:] == (len(PCS_DATA), len(PCS_DATA))
        leftovers = [p.name for p in (run.store.folder / "downloads").iterdir()]
        assert leftovers == ["editions.json"]

    def test_what_is_current_is_not_fetched_again(self, run: Run) -> None:
        run()
        before = tree(run.store.home)
        result = run()
        assert [d.outcome for d in result.downloads] == [Fetched.CURRENT]
        assert result.ok
        assert tree(run.store.home) == before
        path, headers = run.catalogue.asked[-1]
        assert (path, headers["if-none-match"]) == (PCS_ZIP, etag_of(PCS_DATA))

    def test_what_was_removed_is_fetched_again(self, run: Run) -> None:
        run()
        for kept in run.store.shelf.all():
            kept.path.unlink()
        assert [d.outcome for d in run().downloads] == [Fetched.INSTALLED]

    def test_a_new_edition_takes_the_place_of_the_old(self, run: Run) -> None:
        run()
        lines = [*PCS_LINES, ("0DTJ8ZZ", True, "Resection of Appendix, Via Opening")]
        name = PCS_ZIP.replace("2024", "2025")
        run.catalogue.files[name] = zipped({"icd10pcs_order_2025.txt": order(lines)})
        run.catalogue.pages[ARCHIVE] = page(name)
        result = run(today=date(2024, 10, 2))
        assert [(d.outcome, d.release) for d in result.downloads] == [(Fetched.INSTALLED, "FY2025")]
        library = run.store.library_for(System.ICD10PCS, date(2024, 10, 2))
        assert library.get("0DTJ8ZZ").valid

    def test_hcpcs_comes_from_its_own_page(self, run: Run) -> None:
        name = "/files/zip/january-2024-alpha-numeric-hcpcs-file.zip"
        run.catalogue.pages[QUARTERLY] = page(name)
        text = hcpcs_line("A0001", "Invented supply, each")
        run.catalogue.files[name] = zipped({"HCPC2024Q1_contr.txt": text.encode()})
        result = run(frozenset({System.HCPCS}))
        assert result.ok
        assert run.store.library_for(System.HCPCS, TODAY).release.id == "2024-01"
        assert ICD10 not in [path for path, _ in run.catalogue.asked]

    @pytest.mark.official
    def test_real_files(
        self, catalogue: Catalogue, client: httpx.Client, tmp_path: Path, official: Path,
        compiled_home: Path,
    ) -> None:  # fmt: skip
        names = ["2025-code-descriptions-tabular-order-april.zip", "2025-conversion-table.zip"]
        paths = [f"/files/zip/{name}" for name in names]
        catalogue.files = {
            path: (official / name).read_bytes() for path, name in zip(paths, names, strict=True)
        }
        catalogue.pages[ICD10] = page(*paths, "/files/zip/2025-addendum.zip")
        store = ReleaseStore(linked_home(compiled_home, tmp_path / "home"))
        cm = frozenset({System.ICD10CM})
        result = Run(catalogue, store, client)(cm, date(2025, 5, 1), Limits())
        assert [d.outcome for d in result.downloads] == [Fetched.INSTALLED] * 2
        counts = store.library_for(System.ICD10CM, date(2025, 5, 1)).counts()
        assert counts["valid"] == 74_260
        assert counts["records"] + counts["extensions"] == 97_584
        (table,) = store.conversions.installed()
        assert table.counts == {"conversions": 5405}


def test_icd10cm_downloads_agree_with_what_is_packaged(
    catalogue: Catalogue, client: httpx.Client, tmp_path: Path, compiled_home: Path
) -> None:
    """A code file under the packaged release's name, from the publisher, with other codes."""
    name = "/files/zip/2027-code-descriptions-tabular-order.zip"
    catalogue.pages[ICD10] = page(name)
    catalogue.files[name] = zipped({"icd10cm_codes_2027.txt": cm_codes(CM_CODES)})
    store = ReleaseStore(linked_home(compiled_home, tmp_path / "home"))
    before = installed(store)
    result = Run(catalogue, store, client)(
        frozenset({System.ICD10CM}), date(2026, 11, 21), Limits()
    )
    assert [d.outcome for d in result.downloads] == [Fetched.REFUSED]
    assert "no such code" in result.sentence()
    assert installed(store) == before
    document = json.loads(json.dumps(result.to_json()))
    assert document["ok"] is False
    assert document["downloads"][0]["release"] == "FY2027"
