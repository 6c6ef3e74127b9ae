"""What a publisher's pages offer: links told by their names, today's releases and later."""

from __future__ import annotations

from datetime import date

import pytest

from codesets.catalogue import Offer, Purpose, current, links, offer, offers
from codesets.models import System


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
