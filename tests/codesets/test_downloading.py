"""Downloads that break off, move or drip: resumed, followed, or ended at the time allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from codesets.acquire import Fetched
from codesets.downloading import Downloader, Limits, Validator
from codesets.errors import DownloadError
from tests.codesets.loopback_catalogue import Catalogue, Handler, etag_of
from tests.codesets.official_samples import PCS_LINES, order, zipped
from tests.codesets.update_support import PCS_DATA, PCS_ZIP, QUICK, Run, cut_after

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def downloader(catalogue: Catalogue, client: httpx.Client, tmp_path: Path) -> Downloader:
    """A downloader into an empty folder, which waits for nothing."""
    return Downloader(client, catalogue.url, tmp_path, limits=QUICK, sleep=lambda seconds: None)


class TestResuming:
    def test_a_download_goes_on_where_it_broke_off(self, run: Run) -> None:
        run.catalogue.behaviours[PCS_ZIP] = cut_after(100, resume=True)
        result = run()
        assert [d.outcome for d in result.downloads] == [Fetched.INSTALLED]
        first, second = (h for path, h in run.catalogue.asked if path == PCS_ZIP)
        assert "range" not in first
        assert (second["range"], second["if-range"]) == ("bytes=100-", etag_of(PCS_DATA))

    def test_it_goes_on_after_the_process_ended(
        self, catalogue: Catalogue, client: httpx.Client, tmp_path: Path, downloader: Downloader
    ) -> None:
        catalogue.behaviours[PCS_ZIP] = cut_after(100, resume=False)
        url = f"{catalogue.url}{PCS_ZIP}"
        with pytest.raises(DownloadError, match="broke off"):
            downloader.fetch(url)
        catalogue.behaviours.clear()
        catalogue.asked.clear()
        got = Downloader(client, catalogue.url, tmp_path, limits=QUICK).fetch(url)
        assert got is not None
        assert got[0].read_bytes() == PCS_DATA
        assert catalogue.asked[0][1]["range"] == "bytes=100-"

    def test_another_edition_is_fetched_from_the_start(
        self, catalogue: Catalogue, downloader: Downloader
    ) -> None:
        catalogue.behaviours[PCS_ZIP] = cut_after(100, resume=False)
        url = f"{catalogue.url}{PCS_ZIP}"
        with pytest.raises(DownloadError):
            downloader.fetch(url)
        catalogue.behaviours.clear()
        newer = zipped({"icd10pcs_order_2024.txt": order([*PCS_LINES, ("0DTJ8ZZ", True, "New")])})
        catalogue.files[PCS_ZIP] = newer
        got = downloader.fetch(url)
        assert got is not None
        assert got[0].read_bytes() == newer

    def test_a_server_that_sends_the_wrong_part(
        self, catalogue: Catalogue, downloader: Downloader
    ) -> None:
        def wrong(handler: Handler, data: bytes, times: int) -> None:
            if times == 0:
                cut_after(100, resume=True)(handler, data, times)
            elif "Range" in handler.headers:
                span = f"bytes 40-{len(data) - 1}/{len(data)}"
                handler.answer(206, data[40:], "application/zip", content_range=span)
            else:
                handler.serve(data)

        catalogue.behaviours[PCS_ZIP] = wrong
        got = downloader.fetch(f"{catalogue.url}{PCS_ZIP}")
        assert got is not None
        assert got[0].read_bytes() == PCS_DATA

    def test_a_drip_ends_at_the_time_allowed(
        self, catalogue: Catalogue, client: httpx.Client, tmp_path: Path
    ) -> None:
        """Bytes keep coming, so only the time for the whole file ends it; the clock is ours."""
        ticks = iter(range(0, 10_000, 10))
        downloader = Downloader(
            client, catalogue.url, tmp_path, limits=Limits(whole=15.0),
            sleep=lambda seconds: None, clock=lambda: float(next(ticks)),
        )  # fmt: skip
        big = zipped({f"{n}.txt": n.to_bytes(2, "big") * 40_000 for n in range(400)})
        catalogue.files[PCS_ZIP] = big + b"\0" * 300_000
        with pytest.raises(DownloadError, match="took too long"):
            downloader.fetch(f"{catalogue.url}{PCS_ZIP}")
        assert [p.suffix for p in sorted(tmp_path.iterdir())] == [".part", ".json"]

    def test_a_moved_file_is_followed_on_the_same_host(self, run: Run) -> None:
        run.catalogue.files["/new/place.zip"] = PCS_DATA
        run.catalogue.behaviours[PCS_ZIP] = lambda handler, data, times: handler.answer(
            301, b"", "text/plain", location="/new/place.zip"
        )
        assert [d.outcome for d in run().downloads] == [Fetched.INSTALLED]

    def test_a_server_that_recovers(self, run: Run) -> None:
        def recovering(handler: Handler, data: bytes, times: int) -> None:
            if times < 2:
                handler.answer(500, b"", "text/plain")
            else:
                handler.serve(data)

        run.catalogue.behaviours[PCS_ZIP] = recovering
        assert [d.outcome for d in run().downloads] == [Fetched.INSTALLED]
        assert len(run.slept) == 2

    def test_weak_validators_do_not_resume(self) -> None:
        assert Validator("u", etag='W/"1"').range_condition == ""
        assert Validator("u", etag='W/"1"', modified="Mon").range_condition == "Mon"
        assert Validator("u", etag='"1"', modified="Mon").range_condition == '"1"'
