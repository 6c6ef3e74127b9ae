"""One update from a catalogue on loopback, with everything a test may want to see of it."""

from __future__ import annotations

from datetime import date

import httpx

from codesets.acquire import Update, update
from codesets.catalogue import PAGES
from codesets.downloading import Limits
from codesets.models import System
from codesets.releases import ReleaseStore
from tests.codesets.loopback_catalogue import Behaviour, Catalogue, Handler, etag_of
from tests.codesets.official_samples import PCS_LINES, order, tree, zipped

ICD10, ARCHIVE, QUARTERLY = (path for path, _ in PAGES)
TODAY = date(2024, 1, 15)
PCS_ZIP = "/files/zip/2024-icd-10-pcs-order-file-long-and-abbreviated-titles.zip"
PCS = frozenset({System.ICD10PCS})
PCS_DATA = zipped({"icd10pcs_order_2024.txt": order(PCS_LINES)})
QUICK = Limits(connect=5.0, idle=0.3, whole=20.0)


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
