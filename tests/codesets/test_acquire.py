"""Updating from a catalogue: found by its links, checked as it arrives, switched or left alone."""

from __future__ import annotations

import json
import socket
import zipfile
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

import httpx
import pytest

from codesets.acquire import Fetched, Update, update
from codesets.catalogue import PAGES, Offer, Purpose, current, links, offer, offers
from codesets.downloading import Downloader, Limits, Validator
from codesets.errors import DownloadError
from codesets.formats.kinds import FileKind
from codesets.models import System
from codesets.releases import ReleaseStore
from tests.codesets.loopback_catalogue import Behaviour, Catalogue, Handler, etag_of
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

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ICD10, ARCHIVE, QUARTERLY = (path for path, _ in PAGES)
TODAY = date(2024, 1, 15)
PCS_ZIP = "/files/zip/2024-icd-10-pcs-order-file-long-and-abbreviated-titles.zip"
PCS = frozenset({System.ICD10PCS})
PCS_DATA = zipped({"icd10pcs_order_2024.txt": order(PCS_LINES)})
QUICK = Limits(connect=5.0, idle=0.3, whole=20.0)


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
def store(tmp_path: Path) -> ReleaseStore:
    return ReleaseStore(tmp_path / "home")


def page(*addresses: str) -> str:
    items = "".join(f'<li><a class="x" href="{a}">A file (ZIP)</a>' for a in addresses)
    return f"<!doctype html><title>ICD-10</title><p>Files &amp; more<ul>{items}</ul>"


class Run:
    """One update with everything a test may want to see of it."""

    def __init__(self, catalogue: Catalogue, store: ReleaseStore, client: httpx.Client) -> None:
        self.catalogue, self.store, self.client = catalogue, store, client
        self.slept: list[float] = []
        self.stages: list[tuple[str, int, int]] = []

    def __call__(
        self, systems: frozenset[System] = PCS, today: date = TODAY, limits: Limits = QUICK
    ) -> Update:
        return update(
            self.store,
            self.catalogue.url,
            today,
            systems=systems,
            progress=lambda *stage: self.stages.append(stage),
            client=self.client,
            limits=limits,
            sleep=self.slept.append,
        )


@pytest.fixture
def run(catalogue: Catalogue, store: ReleaseStore, client: httpx.Client) -> Run:
    return Run(catalogue, store, client)


class TestCatalogue:
    def test_links_of_a_page_as_it_is_written(self) -> None:
        html = """<!DOCTYPE html><html><body>
        <!-- <a href="/commented.zip">no</a> -->
        <A HREF='/files/zip/one.zip'>One<a href=two.zip#top>Two</a>
        <a>none</a><a href="">empty</a><a href="mailto:x@y">mail</a>
        <a href="/files/zip/one.zip">again</a> <a href="/files/a&amp;b.zip">both</a>
        <script>var a = '<a href="/script.zip">';</script>"""
        assert links(html, "https://example.org/page/index") == [
            "https://example.org/files/zip/one.zip",
            "https://example.org/page/two.zip",
            "https://example.org/files/a&b.zip",
        ]

    def test_a_base_element_counts(self) -> None:
        html = '<base href="/elsewhere/"><a href="x.zip">'
        assert links(html, "https://example.org/page") == ["https://example.org/elsewhere/x.zip"]

    @pytest.mark.parametrize(
        ("name", "purpose", "release"),
        [
            ("2027-code-tables-tabular-index.zip", Purpose.CM_TABLES, "FY2027"),
            ("2026-code-tables-tabular-and-index-april.zip", Purpose.CM_TABLES, "FY2026-04"),
            ("2027-code-descriptions-tabular-order.zip", Purpose.CM_CODES, "FY2027"),
            ("2025-code-descriptions-tabular-order-april.zip", Purpose.CM_CODES, "FY2025-04"),
            ("fy-2027-icd-10-cm-coding-guidelines.pdf", Purpose.CM_GUIDELINES, "FY2027"),
            ("2025-conversion-table.zip", Purpose.CM_CONVERSION, "FY2025"),
            ("POAexemptCodesFY26.zip", Purpose.CM_POA, "FY2026"),
            ("2026-icd-10-pcs-code-tables-and-index.zip", Purpose.PCS_TABLES, "FY2026"),
            (
                "2026-icd-10-pcs-order-file-long-and-abbreviated-titles.zip",
                Purpose.PCS_ORDER,
                "FY2026",
            ),
            ("october-2025-alpha-numeric-hcpcs-file.zip", Purpose.HCPCS, "2025-10"),
            ("january-2026-alpha-numeric-hcpcs-file.zip", Purpose.HCPCS, "2026-01"),
        ],
    )
    def test_a_name_tells_what_a_file_is(self, name: str, purpose: Purpose, release: str) -> None:
        found = offer(f"https://www.cms.gov/files/x/{name}")
        assert found is not None
        assert (found.purpose, found.release, found.name) == (purpose, release, name)

    @pytest.mark.parametrize(
        "name",
        [
            "2027-addendum.zip",
            "2026-icd-10-pcs-addendum.zip",
            "2026-icd-10-pcs-conversion-table.zip",
            "code-tables-tabular-index.zip",
            "alpha-numeric-hcpcs-file.zip",
            "march-2026-alpha-numeric-hcpcs-file.zip",
            "2027-code-tables-tabular-index.exe",
            "2026-official-icd-10-pcs-coding-guidelines.pdf",
            "",
        ],
    )
    def test_other_names_are_passed_over(self, name: str) -> None:
        assert offer(f"https://www.cms.gov/files/x/{name}") is None

    @pytest.mark.parametrize(
        ("today", "releases"),
        [
            (date(2026, 3, 31), ["FY2026", "FY2026-04", "FY2027"]),
            (date(2026, 4, 1), ["FY2026-04", "FY2027"]),
            (date(2026, 9, 30), ["FY2026-04", "FY2027"]),
            (date(2026, 10, 1), ["FY2027"]),
            (date(2028, 1, 1), ["FY2027"]),
        ],
    )
    def test_today_and_later_is_wanted(self, today: date, releases: list[str]) -> None:
        names = ("2025", "2026", "2027")
        found = offers(
            [
                *(f"https://x/{year}-code-descriptions-tabular-order.zip" for year in names),
                "https://x/2026-code-descriptions-tabular-order-april.zip",
            ]
        )
        assert [o.release for o in current(found, today, frozenset())] == releases
        assert current(found, today, frozenset({System.HCPCS})) == []

    def test_the_first_edition_on_the_page_is_taken(self) -> None:
        url = "https://x/{}/2027-code-tables-tabular-index.zip"
        found = offers([url.format("new"), url.format("old")])
        assert current(found, date(2026, 11, 1), frozenset()) == [
            Offer(Purpose.CM_TABLES, "FY2027", url.format("new"))
        ]


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


def test_offline(store: ReleaseStore, client: httpx.Client) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        slept: list[float] = []
        base = f"http://127.0.0.1:{taken.getsockname()[1]}"
        result = update(store, base, TODAY, client=client, limits=QUICK, sleep=slept.append)
    assert (result.ok, result.offline) == (False, True)
    assert result.sentence() == "127.0.0.1 could not be reached; nothing was changed."
    assert len(slept) == 3
    assert not store.home.exists()


class TestResuming:
    def test_a_download_goes_on_where_it_broke_off(self, run: Run) -> None:
        run.catalogue.behaviours[PCS_ZIP] = cut_after(100, resume=True)
        result = run()
        assert [d.outcome for d in result.downloads] == [Fetched.INSTALLED]
        first, second = (h for path, h in run.catalogue.asked if path == PCS_ZIP)
        assert "range" not in first
        assert (second["range"], second["if-range"]) == ("bytes=100-", etag_of(PCS_DATA))

    def test_it_goes_on_after_the_process_ended(
        self, catalogue: Catalogue, client: httpx.Client, tmp_path: Path
    ) -> None:
        catalogue.behaviours[PCS_ZIP] = cut_after(100, resume=False)
        downloader = Downloader(
            client, catalogue.url, tmp_path, limits=QUICK, sleep=lambda seconds: None
        )
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
        self, catalogue: Catalogue, client: httpx.Client, tmp_path: Path
    ) -> None:
        catalogue.behaviours[PCS_ZIP] = cut_after(100, resume=False)
        downloader = Downloader(
            client, catalogue.url, tmp_path, limits=QUICK, sleep=lambda seconds: None
        )
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
        self, catalogue: Catalogue, client: httpx.Client, tmp_path: Path
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
        downloader = Downloader(
            client, catalogue.url, tmp_path, limits=QUICK, sleep=lambda seconds: None
        )
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


def installed(store: ReleaseStore) -> dict[str, bytes]:
    """Everything under the home but what is still being downloaded."""
    return {n: d for n, d in tree(store.home).items() if "/downloads/" not in n}


def cut_after(count: int, *, resume: bool) -> Behaviour:
    """Break off after some bytes, the first time only (``resume``) or every time."""

    def behave(handler: Handler, data: bytes, times: int) -> None:
        if resume and times:
            handler.serve(data)
            return
        handler.head(200, len(data), "application/zip", etag=etag_of(data))
        handler.wfile.write(data[:count])
        handler.wfile.flush()
        handler.close_connection = True

    return behave


def stall(handler: Handler, data: bytes, times: int) -> None:
    """Send the beginning and then nothing, until the test is over."""
    handler.head(200, len(data), "application/zip", etag=etag_of(data))
    handler.wfile.write(data[:20])
    handler.wfile.flush()
    handler.owner.stop.wait(30)
    handler.close_connection = True
