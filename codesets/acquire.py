"""Update the code sets: find the current files, download them, check them, install them.

Nothing installed changes until a file has arrived whole and been read with the readers of its
format; then its release is compiled beside the old one and switched in one step. What could not be
had is told, and left as it was.
"""

from __future__ import annotations

import json
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from codesets.catalogue import PAGES, Offer, current, links, offers
from codesets.downloading import Downloader, Limits, Validator, same_publisher
from codesets.errors import DownloadError
from codesets.installing import FileReport, Outcome, install

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    import httpx

    from codesets.models import System
    from codesets.releases import ReleaseStore

    Progress = Callable[[str, int, int], None]

_DONE = frozenset({Outcome.INSTALLED, Outcome.UNCHANGED, Outcome.CHECKED, Outcome.SPARE})


class Fetched(StrEnum):
    """What became of one page or file that was looked for."""

    INSTALLED = "installed"
    CURRENT = "current"
    REFUSED = "refused"
    MISSING = "not available"


@dataclass(frozen=True, slots=True)
class Download:
    """One file of the catalogue, or one page of it that could not be read."""

    name: str
    release: str
    outcome: Fetched
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Update:
    """What an update looked for, got and installed. ``host`` is the publisher's."""

    host: str
    downloads: tuple[Download, ...]
    files: tuple[FileReport, ...] = ()
    offline: bool = False

    @property
    def ok(self) -> bool:
        """Whether everything that was looked for is here now."""
        done = (Fetched.INSTALLED, Fetched.CURRENT)
        return bool(self.downloads) and all(d.outcome in done for d in self.downloads)

    def sentence(self) -> str:
        """The result in one line."""
        if self.offline:
            return f"{self.host} could not be reached; nothing was changed."
        if not self.downloads:
            return f"The catalogue at {self.host} lists no file of these systems."
        names = {
            Fetched.INSTALLED: "installed",
            Fetched.CURRENT: "already current",
            Fetched.REFUSED: "refused",
            Fetched.MISSING: "not available",
        }
        told = []
        for outcome, words in names.items():
            of_kind = [d for d in self.downloads if d.outcome is outcome]
            if of_kind:
                told.append(f"{len(of_kind)} {words}")
        missed = [d for d in self.downloads if d.outcome in (Fetched.REFUSED, Fetched.MISSING)]
        why = "".join(f" {d.detail}" for d in missed)
        kept = " What was installed before stays." if missed else ""
        return f"{', '.join(told)}.{why}{kept}"

    def to_json(self) -> dict[str, Any]:
        """The document of ``codecite codesets update --json``."""
        return {
            "ok": self.ok,
            "offline": self.offline,
            "summary": self.sentence(),
            "downloads": [
                {
                    "file": d.name,
                    "release": d.release or None,
                    "outcome": d.outcome.value,
                    "detail": d.detail or None,
                }
                for d in self.downloads
            ],
            "files": [report.to_json() for report in self.files],
        }


def update(
    store: ReleaseStore,
    base: str,
    today: date,
    *,
    systems: frozenset[System] = frozenset(),
    progress: Progress | None = None,
    client: httpx.Client | None = None,
    limits: Limits | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Update:
    """Bring the code sets up to the publisher's catalogue at ``base`` as of ``today``.

    Of each kind of file, the release for today and any later ones are taken. Only ``base``'s own
    host is ever asked. ``systems`` narrows what is looked for; empty means all.
    """
    import httpx

    limits = limits or Limits()
    own = client or httpx.Client(
        timeout=httpx.Timeout(limits.idle, connect=limits.connect),
        headers={"user-agent": "codecite (code set updates)"},
    )
    try:
        downloader = Downloader(
            own, base, store.folder / "downloads", limits=limits, progress=progress, sleep=sleep
        )
        return _Updating(store, base.rstrip("/"), downloader, progress).run(today, systems)
    finally:
        if client is None:
            own.close()


class _Updating:
    def __init__(
        self, store: ReleaseStore, base: str, downloader: Downloader, progress: Progress | None
    ) -> None:
        self._store = store
        self._base = base
        self._downloader = downloader
        self._progress = progress
        self._host = urlsplit(base).hostname or base
        self._journal = store.folder / "downloads" / "editions.json"

    def run(self, today: date, systems: frozenset[System]) -> Update:
        pages, failed = self._pages(systems)
        if failed and not pages and all(error.offline for error in failed):
            missing = tuple(
                Download(e.name, "", Fetched.MISSING, f"Its page was not read: {e}") for e in failed
            )
            return Update(self._host, missing, offline=True)
        results = [
            Download(e.name, "", Fetched.MISSING, f"Its page was not read: {e}") for e in failed
        ]
        addresses = [url for url in pages if same_publisher(url, self._base)]
        editions = self._editions()
        reports: list[FileReport] = []
        for wanted in current(offers(addresses), today, systems):
            result, files = self._one(wanted, editions)
            results.append(result)
            reports += files
        return Update(self._host, tuple(results), tuple(reports))

    def _pages(self, systems: frozenset[System]) -> tuple[list[str], list[DownloadError]]:
        """Every address the catalogue pages link to, and the pages that could not be read."""
        wanted = [path for path, listed in PAGES if not systems or listed & systems]
        found: list[str] = []
        failed: list[DownloadError] = []
        for done, path in enumerate(wanted):
            if self._progress is not None:
                self._progress("Reading the catalogue", done, len(wanted))
            page = f"{self._base}{path}"
            try:
                found += links(self._downloader.page(page), page)
            except DownloadError as error:
                failed.append(error)
                if error.offline:
                    break  # the other pages are on the same server
        if self._progress is not None:
            self._progress("Reading the catalogue", len(wanted), len(wanted))
        return found, failed

    def _one(
        self, wanted: Offer, editions: dict[str, Validator]
    ) -> tuple[Download, list[FileReport]]:
        try:
            here = self._store.shelf.of_release(wanted.system.value, wanted.release)
            got = self._downloader.fetch(wanted.url, editions.get(wanted.url) if here else None)
        except DownloadError as error:
            return Download(wanted.name, wanted.release, Fetched.MISSING, str(error)), []
        if got is None:
            return Download(wanted.name, wanted.release, Fetched.CURRENT), []
        path, validator = got
        try:
            reports = install([path], self._store, progress=self._progress)
        finally:
            path.unlink(missing_ok=True)
        wrong = [r for r in reports if r.outcome in (Outcome.FAILED, Outcome.REFUSED)]
        if wrong or not any(report.outcome in _DONE for report in reports):
            detail = wrong[0].detail if wrong else f"{wanted.name} holds no official file."
            return Download(wanted.name, wanted.release, Fetched.REFUSED, detail), reports
        editions[wanted.url] = validator
        self._remember(editions)
        unchanged = all(r.outcome is not Outcome.INSTALLED for r in reports)
        outcome = Fetched.CURRENT if unchanged else Fetched.INSTALLED
        return Download(wanted.name, wanted.release, outcome), reports

    def _editions(self) -> dict[str, Validator]:
        """What the servers said of the files installed from them."""
        # Absent or damaged: nothing is known of earlier downloads, and each is asked for in full.
        with suppress(OSError, ValueError, TypeError, AttributeError):
            noted: dict[str, dict[str, Any]] = json.loads(self._journal.read_text("utf-8"))
            return {url: Validator(**facts) for url, facts in noted.items()}
        return {}

    def _remember(self, editions: dict[str, Validator]) -> None:
        draft: Path = self._journal.with_suffix(".new")
        noted = {url: asdict(validator) for url, validator in editions.items()}
        draft.write_text(json.dumps(noted, indent=1), encoding="utf-8")
        draft.replace(self._journal)
