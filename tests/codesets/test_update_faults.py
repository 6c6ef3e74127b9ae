"""Updates that go wrong: each leaves what was installed as it was, and says why in one line."""

from __future__ import annotations

import socket
import zipfile
from datetime import date
from io import BytesIO

import httpx
import pytest

from codesets.acquire import Fetched, Update, update
from codesets.models import System
from codesets.releases import ReleaseStore
from tests.codesets.loopback_catalogue import Handler
from tests.codesets.official_samples import PCS_LINES, order, zipped
from tests.codesets.update_support import (
    ARCHIVE,
    ICD10,
    PCS_ZIP,
    QUICK,
    TODAY,
    Run,
    cut_after,
    installed,
    page,
    stall,
)


class TestWhatGoesWrong:
    """Each leaves what was installed as it was, and says why in one line."""

    @pytest.fixture
    def before(self, run: Run) -> dict[str, bytes]:
        run()
        self.next = PCS_ZIP.replace("2024", "2025")
        run.catalogue.pages[ICD10] = page(self.next)
        lines = [*PCS_LINES, ("0DTJ8ZZ", True, "Resection of Appendix, Via Opening")]
        self.data = zipped({"icd10pcs_order_2025.txt": order(lines)})
        run.catalogue.files[self.next] = self.data
        run.slept.clear()
        return installed(run.store)

    def check(self, run: Run, before: dict[str, bytes], outcome: Fetched, said: str) -> Update:
        result = run(today=date(2024, 10, 2))
        (download,) = result.downloads
        assert (download.outcome, result.ok) == (outcome, False)
        assert said in download.detail
        assert said in result.sentence()
        assert "\n" not in result.sentence()
        assert "stays" in result.sentence()
        assert installed(run.store) == before
        assert run.store.library_for(System.ICD10PCS, TODAY).get("0DTJ0ZZ").valid
        return result

    def test_a_web_page_in_place_of_the_file(self, run: Run, before: dict[str, bytes]) -> None:
        run.catalogue.behaviours[self.next] = lambda handler, data, times: handler.answer(
            200, b"<!DOCTYPE html><p>Sorry, try later", "text/html"
        )
        self.check(run, before, Fetched.MISSING, "a web page instead of the file")
        assert run.catalogue.times(self.next) == 1

    def test_another_type_under_the_name(self, run: Run, before: dict[str, bytes]) -> None:
        run.catalogue.files[self.next] = b"MZ not a zip at all"
        self.check(run, before, Fetched.MISSING, "something else instead of the file")

    def test_a_file_that_is_gone(self, run: Run, before: dict[str, bytes]) -> None:
        del run.catalogue.files[self.next]
        self.check(run, before, Fetched.MISSING, "the server answered 404")
        assert run.slept == []

    def test_a_server_that_is_always_out_of_order(self, run: Run, before: dict[str, bytes]) -> None:
        run.catalogue.behaviours[self.next] = lambda handler, data, times: handler.answer(
            503, b"", "text/plain", retry_after="7"
        )
        self.check(run, before, Fetched.MISSING, "the server answered 503")
        assert run.catalogue.times(self.next) == 4
        assert run.slept == [7, 7, 7]

    def test_a_connection_that_always_breaks_off(self, run: Run, before: dict[str, bytes]) -> None:
        run.catalogue.behaviours[self.next] = cut_after(50, resume=False)
        self.check(run, before, Fetched.MISSING, "the connection broke off")
        assert 0.3 < run.slept[0] < run.slept[1] < run.slept[2] < 3

    def test_a_server_that_stalls(self, run: Run, before: dict[str, bytes]) -> None:
        run.catalogue.behaviours[self.next] = stall
        self.check(run, before, Fetched.MISSING, "did not answer in time")

    def test_a_zip_cut_short_without_a_length(self, run: Run, before: dict[str, bytes]) -> None:
        def half(handler: Handler, data: bytes, times: int) -> None:
            handler.head(200, None, "application/zip")
            handler.wfile.write(data[: len(data) // 2])

        run.catalogue.behaviours[self.next] = half
        self.check(run, before, Fetched.REFUSED, "undamaged zip")

    def test_a_file_that_breaks_off_inside(self, run: Run, before: dict[str, bytes]) -> None:
        lines = [(f"0DT{n // 10}{n % 10}ZZ", True, f"Resection {n}") for n in range(80)]
        text = order([("0DT", False, "Resection"), *lines])[:-60]
        run.catalogue.files[self.next] = zipped({"icd10pcs_order_2025.txt": text})
        self.check(run, before, Fetched.REFUSED, "icd10pcs_order_2025.txt, line 81")

    def test_titles_that_were_altered(self, run: Run, before: dict[str, bytes]) -> None:
        lines = {code: title for code, valid, title in PCS_LINES if valid}
        altered = lines | {"0DTJ0ZZ": "Repair of Appendix, Open Approach"}
        codes = "".join(f"{code} {title}\n" for code, title in altered.items()).encode()
        run.catalogue.files[self.next] = zipped(
            {"icd10pcs_order_2025.txt": order(PCS_LINES), "icd10pcs_codes_2025.txt": codes}
        )
        result = self.check(run, before, Fetched.REFUSED, "'Repair of Appendix, Open Approach'")
        assert "0DTJ0ZZ" in result.sentence()
        assert "'Resection of Appendix, Open Approach'" in result.sentence()

    def test_a_new_edition_under_the_old_name_that_says_otherwise(self, run: Run) -> None:
        run()
        before = installed(run.store)
        altered = [(c, v, t.replace("Resection of", "Repair of")) for c, v, t in PCS_LINES]
        run.catalogue.files[PCS_ZIP] = zipped({"icd10pcs_order_2024.txt": order(altered)})
        result = run()
        assert [d.outcome for d in result.downloads] == [Fetched.REFUSED]
        assert "0DTJ0ZZ" in result.sentence()
        assert installed(run.store) == before

    def test_a_zip_that_holds_nothing_official(self, run: Run, before: dict[str, bytes]) -> None:
        run.catalogue.files[self.next] = zipped({"readme.txt": b"We have moved.\n"})
        self.check(run, before, Fetched.REFUSED, "holds no official file")

    def test_a_zip_that_climbs_out(self, run: Run, before: dict[str, bytes]) -> None:
        good = zipped({"icd10pcs_order_2025.txt": order(PCS_LINES), "../../out.txt": b"x"})
        run.catalogue.files[self.next] = good
        self.check(run, before, Fetched.REFUSED, "leads out of the archive")
        assert not (run.store.home.parent / "out.txt").exists()

    def test_a_zip_bomb(self, run: Run, before: dict[str, bytes]) -> None:
        stream = BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("bomb.txt", b"\0" * (40 << 20))
        run.catalogue.files[self.next] = stream.getvalue()
        self.check(run, before, Fetched.REFUSED, "far more than its size")

    def test_more_than_any_file_has(self, run: Run, before: dict[str, bytes]) -> None:
        run.catalogue.behaviours[self.next] = lambda handler, data, times: handler.head(
            200, 10**12, "application/zip"
        )
        self.check(run, before, Fetched.MISSING, "bytes are too many")

    def test_an_address_on_another_host(self, run: Run, before: dict[str, bytes]) -> None:
        """The same server under another name, so that following it would succeed."""
        elsewhere = f"http://localhost:{run.catalogue.port}/elsewhere.zip"
        run.catalogue.files["/elsewhere.zip"] = self.data
        run.catalogue.behaviours[self.next] = lambda handler, data, times: handler.answer(
            302, b"", "text/plain", location=elsewhere
        )
        self.check(run, before, Fetched.MISSING, "another host (localhost)")
        assert run.catalogue.times("/elsewhere.zip") == 0

    def test_a_circle_of_addresses(self, run: Run, before: dict[str, bytes]) -> None:
        run.catalogue.behaviours[self.next] = lambda handler, data, times: handler.answer(
            302, b"", "text/plain", location=self.next
        )
        self.check(run, before, Fetched.MISSING, "without end")

    def test_an_encoding_nobody_asked_for(self, run: Run, before: dict[str, bytes]) -> None:
        run.catalogue.behaviours[self.next] = lambda handler, data, times: handler.answer(
            200, data, "application/zip", content_encoding="gzip"
        )
        self.check(run, before, Fetched.MISSING, "encoding")

    def test_links_to_other_hosts_are_not_followed(
        self, run: Run, before: dict[str, bytes]
    ) -> None:
        other = f"http://localhost:{run.catalogue.port}{self.next}"
        run.catalogue.pages[ICD10] = page(other)
        result = run(today=date(2024, 10, 2))
        assert result.downloads == ()
        assert "lists no file" in result.sentence()
        assert run.catalogue.times(self.next) == 0
        assert installed(run.store) == before

    def test_one_page_of_two_is_missing(self, run: Run, before: dict[str, bytes]) -> None:
        del run.catalogue.pages[ARCHIVE]
        result = run(today=date(2024, 10, 2))
        assert [d.outcome for d in result.downloads] == [Fetched.MISSING, Fetched.INSTALLED]
        assert not result.ok
        assert "404" in result.sentence()

    def test_a_page_that_is_no_page(self, run: Run, before: dict[str, bytes]) -> None:
        run.catalogue.behaviours[ICD10] = lambda handler, data, times: handler.answer(
            200, b"{}", "application/json"
        )
        del run.catalogue.pages[ARCHIVE]
        result = run()
        assert "it is not a web page" in result.sentence()
        assert installed(run.store) == before


def test_offline(empty: ReleaseStore, client: httpx.Client) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        slept: list[float] = []
        base = f"http://127.0.0.1:{taken.getsockname()[1]}"
        result = update(empty, base, TODAY, client=client, limits=QUICK, sleep=slept.append)
    assert (result.ok, result.offline) == (False, True)
    assert result.sentence() == "127.0.0.1 could not be reached; nothing was changed."
    assert len(slept) == 3
    assert not empty.home.exists()
