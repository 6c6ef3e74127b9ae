"""A publisher on loopback: pages and files over real HTTP, well behaved or not, as a test says."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Behaviour = Callable[["Handler", bytes, int], None]


class Catalogue:
    """Serves ``pages`` (HTML) and ``files`` (bytes) by path; ``behaviours`` change how.

    A behaviour is called with the handler, the file and how often the path was asked for before.
    ``asked`` lists every request: its path and its headers.
    """

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.files: dict[str, bytes] = {}
        self.behaviours: dict[str, Behaviour] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.stop = threading.Event()
        catalogue = self

        class Bound(Handler):
            owner = catalogue

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Bound)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def times(self, path: str) -> int:
        return sum(asked == path for asked, _ in self.asked)

    def close(self) -> None:
        self.stop.set()
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()


class Handler(BaseHTTPRequestHandler):
    owner: Catalogue
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        before = self.owner.times(self.path)
        self.owner.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
        data = self.owner.files.get(self.path)
        if self.path in self.owner.behaviours:
            self.owner.behaviours[self.path](self, data or b"", before)
        elif self.path in self.owner.pages:
            self.answer(200, self.owner.pages[self.path].encode(), "text/html; charset=utf-8")
        elif data is not None:
            self.serve(data)
        else:
            self.answer(404, b"<html>not here</html>", "text/html")

    def serve(self, data: bytes) -> None:
        """A file as a good server gives it: whole, in part, or not again."""
        etag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
        if self.headers.get("If-None-Match") == etag:
            self.answer(304, b"", "application/zip", etag=etag)
            return
        wanted = self.headers.get("Range")
        if wanted and self.headers.get("If-Range") == etag:
            first = int(wanted.removeprefix("bytes=").rstrip("-"))
            span = f"bytes {first}-{len(data) - 1}/{len(data)}"
            self.answer(206, data[first:], "application/zip", etag=etag, content_range=span)
            return
        self.answer(200, data, "application/zip", etag=etag)

    def answer(self, status: int, body: bytes, kind: str, **headers: str) -> None:
        self.head(status, len(body), kind, **headers)
        self.wfile.write(body)

    def head(self, status: int, length: int | None, kind: str, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if length is not None:
            self.send_header("Content-Length", str(length))
        else:
            self.send_header("Connection", "close")
            self.close_connection = True
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing: the test's own output is what is read."""


def etag_of(data: bytes) -> str:
    return f'"{hashlib.sha256(data).hexdigest()[:16]}"'
