"""Download from one publisher: resumed where it broke off, bounded, and never from elsewhere.

A download grows in ``<name>.part`` with a note beside it of what it is (address, validator, size),
so that a later attempt goes on from there when the server says the file is still the same. What
arrives is checked for size and for the type its name promises; the readers check the rest.
"""

from __future__ import annotations

import json
import random
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from codesets.catalogue import file_name
from codesets.errors import DownloadError
from codesets.formats.source import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import httpx

    Progress = Callable[[str, int, int], None]

ATTEMPTS = 4
MAX_PAGE = 8 * 1024 * 1024
_REDIRECTS = 5
_LONGEST_WAIT = 30.0
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_MAGIC = {".zip": b"PK\x03\x04", ".xlsx": b"PK\x03\x04", ".pdf": b"%PDF"}


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much. Seconds and bytes.

    ``idle`` is the longest wait for the next bytes, ``whole`` for one file with all its attempts.
    """

    connect: float = 15.0
    idle: float = 30.0
    whole: float = 900.0
    bytes: int = MAX_BYTES


@dataclass(frozen=True, slots=True)
class Validator:
    """What a server said identifies one edition of a file."""

    url: str
    etag: str = ""
    modified: str = ""
    size: int = 0

    @property
    def range_condition(self) -> str:
        """For ``If-Range``: only a strong ETag or a date may be used there."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.modified


class _TryAgainError(Exception):
    """An attempt broke off; another may succeed. ``wait`` is what the server asked for."""

    def __init__(self, reason: str, *, offline: bool = False, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offline = offline
        self.wait = wait


class Downloader:
    """Downloads of one publisher into one folder; ``base`` is the publisher's address."""

    def __init__(
        self,
        client: httpx.Client,
        base: str,
        folder: Path,
        *,
        limits: Limits | None = None,
        progress: Progress | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._base = base
        self._folder = folder
        self._limits = limits or Limits()
        self._progress = progress
        self._sleep = sleep
        self._clock = clock

    def page(self, url: str) -> str:
        """The HTML of a catalogue page.

        Raises:
            DownloadError: it cannot be had, is no HTML, or lies elsewhere.

        """
        body = bytearray()

        def attempt(deadline: float) -> None:
            body.clear()
            response = self._open(url, {})
            try:
                if "html" not in response.headers.get("content-type", ""):
                    raise DownloadError(url, "it is not a web page")
                for chunk in self._chunks(response, deadline):
                    body.extend(chunk)
                    if len(body) > MAX_PAGE:
                        raise DownloadError(url, "the page is larger than any catalogue page")
            finally:
                response.close()

        self._persist(url, attempt)
        return body.decode("utf-8", errors="replace")

    def fetch(self, url: str, known: Validator | None = None) -> tuple[Path, Validator] | None:
        """Download a file; None when it is still the edition that ``known`` describes.

        Raises:
            DownloadError: it cannot be had whole, is of another type than its name says, or lies
                elsewhere. What had arrived of it stays for the next time.

        """
        self._folder.mkdir(parents=True, exist_ok=True)
        name = file_name(url)
        part = self._folder / f"{name}.part"
        state: list[Validator | None] = [None]

        def attempt(deadline: float) -> None:
            state[0] = self._attempt(url, part, known, deadline)

        self._persist(url, attempt)
        if state[0] is None:
            return None
        _check_type(part, name)
        whole = self._folder / name
        part.replace(whole)
        _note_of(part).unlink(missing_ok=True)
        return whole, state[0]

    def _attempt(
        self, url: str, part: Path, known: Validator | None, deadline: float
    ) -> Validator | None:
        begun = _begun(part, url)
        headers = {}
        if begun is not None and begun.range_condition:
            headers = {
                "range": f"bytes={part.stat().st_size}-",
                "if-range": begun.range_condition,
            }
        elif known is not None and known.url == url:
            headers = _conditions(known)
        response = self._open(url, headers)
        try:
            if response.status_code == 304:
                return None
            if response.status_code == 416:
                part.unlink(missing_ok=True)
                raise _TryAgainError("the server no longer has the rest of it")
            validator, start = _answered(response, url, part)
            if validator.size > self._limits.bytes:
                raise DownloadError(file_name(url), f"{validator.size} bytes are too many")
            _note_of(part).write_text(json.dumps(asdict(validator)), encoding="utf-8")
            got = self._save(response, part, start, validator.size, deadline)
        finally:
            response.close()
        if validator.size and got != validator.size:
            raise _TryAgainError(f"only {got:,} of {validator.size:,} bytes arrived")
        return validator

    def _save(
        self, response: httpx.Response, part: Path, start: int, size: int, deadline: float
    ) -> int:
        got = start
        stage = f"Downloading {part.name.removesuffix('.part')}"
        with part.open("ab" if start else "wb") as file:
            for chunk in self._chunks(response, deadline):
                file.write(chunk)
                got += len(chunk)
                if got > (size or self._limits.bytes):
                    file.truncate(0)
                    raise DownloadError(part.name, "more arrived than was announced")
                if self._progress is not None:
                    self._progress(stage, got, max(size, got))
        return got

    def _chunks(self, response: httpx.Response, deadline: float) -> Any:
        import httpx

        try:
            for chunk in response.iter_raw():  # as it arrives, so that nothing is lost
                yield chunk
                if self._clock() > deadline:
                    raise DownloadError(file_name(str(response.url)), "it took too long")
        except httpx.TransportError as error:
            raise _TryAgainError(_reason(error)) from None

    def _open(self, url: str, headers: dict[str, str]) -> httpx.Response:
        """The answer to a request, redirects followed within the publisher's own host."""
        import httpx

        asked = {"accept-encoding": "identity", **headers}
        for _ in range(_REDIRECTS + 1):
            if not same_publisher(url, self._base):
                host = urlsplit(url).hostname
                raise DownloadError(
                    file_name(url), f"it lies on another host ({host}); not followed"
                )
            request = self._client.build_request("GET", url, headers=asked)
            try:
                response = self._client.send(request, stream=True, follow_redirects=False)
            except httpx.TransportError as error:
                raise _TryAgainError(_reason(error), offline=True) from None
            except httpx.HTTPError as error:
                raise DownloadError(file_name(url), _reason(error)) from None
            if not response.has_redirect_location:
                return self._checked(response, url)
            response.close()
            url = urljoin(url, response.headers.get("location", ""))
        raise DownloadError(file_name(url), "its address leads from one to the next without end")

    def _checked(self, response: httpx.Response, url: str) -> httpx.Response:
        status = response.status_code
        if status in (200, 206, 304, 416):
            if response.headers.get("content-encoding", "identity") == "identity":
                return response
            response.close()
            raise DownloadError(file_name(url), "it came in an encoding that was not asked for")
        wait = response.headers.get("retry-after", "")
        response.close()
        if status in _PASSING:
            seconds = min(float(wait), _LONGEST_WAIT) if wait.isdecimal() else 0.0
            raise _TryAgainError(f"the server answered {status}", wait=seconds)
        raise DownloadError(file_name(url), f"the server answered {status}")

    def _persist(self, url: str, attempt: Callable[[float], None]) -> None:
        """Try until it succeeds, cannot succeed, or has been tried often and long enough."""
        deadline = self._clock() + self._limits.whole
        for number in range(1, ATTEMPTS + 1):
            try:
                attempt(deadline)
            except _TryAgainError as error:
                wait = max(error.wait, 0.5 * 2 ** (number - 1) * random.uniform(0.8, 1.2))  # noqa: S311  # spreads retries, guards nothing
                if number == ATTEMPTS or self._clock() + wait > deadline:
                    offline = error.offline
                    raise DownloadError(_named(url), error.reason, offline=offline) from None
                self._sleep(wait)
            else:
                return


def same_publisher(url: str, base: str) -> bool:
    """Whether an address is on the publisher's own host, at its port, and no less protected.

    >>> same_publisher("https://www.cms.gov/files/x.zip", "https://www.cms.gov")
    True
    >>> same_publisher("http://www.cms.gov/x", "https://www.cms.gov")
    False
    >>> same_publisher("https://www.cms.gov.example.com/x", "https://www.cms.gov")
    False
    """
    one, home = urlsplit(url), urlsplit(base)
    if one.username or one.password or one.hostname != home.hostname:
        return False
    return (one.scheme, one.port) == (home.scheme, home.port)


def _named(url: str) -> str:
    return file_name(url) or url


def _reason(error: Exception) -> str:
    """An error of the network in words; its own text may hold addresses only."""
    import httpx

    if isinstance(error, httpx.ConnectError):
        return "its server could not be reached"
    if isinstance(error, httpx.TimeoutException):
        return "its server did not answer in time"
    return "the connection broke off"


def _note_of(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def _begun(part: Path, url: str) -> Validator | None:
    """What an unfinished download of ``url`` is, if there is one that can go on."""
    with suppress(OSError, ValueError, TypeError):  # absent or damaged: from the start
        noted = Validator(**json.loads(_note_of(part).read_text(encoding="utf-8")))
        if noted.url == url and 0 < part.stat().st_size < (noted.size or MAX_BYTES):
            return noted
    return None


def _conditions(known: Validator) -> dict[str, str]:
    if known.etag:
        return {"if-none-match": known.etag}
    return {"if-modified-since": known.modified} if known.modified else {}


def _answered(response: httpx.Response, url: str, part: Path) -> tuple[Validator, int]:
    """What the answer is an edition of, and from which byte on it goes."""
    headers = response.headers
    length = headers.get("content-length", "")
    size = int(length) if length.isdecimal() else 0
    start = 0
    if response.status_code == 206:
        unit, _, rest = headers.get("content-range", "").partition(" ")
        span, _, total = rest.partition("/")
        first = span.partition("-")[0]
        have = part.stat().st_size
        if unit != "bytes" or not first.isdecimal() or int(first) != have:
            part.unlink(missing_ok=True)
            raise _TryAgainError("the server sent another part than was asked for")
        start = have
        size = int(total) if total.isdecimal() else 0
    validator = Validator(url, headers.get("etag", ""), headers.get("last-modified", ""), size)
    return validator, start


def _check_type(part: Path, name: str) -> None:
    """The first bytes must be what the name's ending promises; a page of words is no file."""
    with part.open("rb") as file:
        head = file.read(512)
    magic = next((m for ending, m in _MAGIC.items() if name.lower().endswith(ending)), None)
    page = head.lstrip().lower().startswith((b"<!doctype html", b"<html"))
    if page or (magic is not None and not head.startswith(magic)):
        part.unlink()
        _note_of(part).unlink(missing_ok=True)
        found = "a web page" if page else "something else"
        raise DownloadError(name, f"the server sent {found} instead of the file")
