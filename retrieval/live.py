"""The search of a running bot: opened once, and opened again when its index has been rebuilt."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from retrieval.errors import IndexMissingError, SearchIndexError
from retrieval.index import VectorIndex, release_folder
from retrieval.manifest import FILE
from retrieval.search import Searcher

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codesets.library import Library
    from retrieval.embedding import Embedder

    Progress = Callable[[str, int, int], None]

_log = logging.getLogger(__name__)


class LiveSearcher:
    """The search over one release. Safe to share between threads.

    The index is built when there is none. A rebuild by another process replaces its manifest; the
    question that notices opens the new index, while others go on being answered from the old one.
    """

    def __init__(
        self,
        home: Path,
        library: Library,
        embedder: Embedder,
        progress: Progress | None = None,
        chroma_url: str | None = None,
    ) -> None:
        self._home = home
        self._library = library
        self._embedder = embedder
        self._progress = progress
        self._chroma_url = chroma_url
        release = library.release
        folder = release_folder(home, release.system.value, release.id, chroma_url)
        self._manifest = folder / FILE
        self._lock = threading.Lock()
        self._opening = threading.Lock()
        self._searcher: Searcher | None = None
        self._seen: tuple[int, ...] = ()

    def get(self) -> Searcher:
        """The search over the index as it is now; costs one look at its manifest.

        Raises SearchIndexError where the first opening fails. A later one that fails leaves the
        index that is open in use.
        """
        seen = self._stamp()
        searcher = self._searcher
        if searcher is None:
            return self._first()
        if seen in (self._seen, ()) or not self._opening.acquire(blocking=False):
            return searcher
        try:
            self._seen = seen
            searcher = self._searcher = self._open()
        except SearchIndexError as error:
            _log.warning("The rebuilt index is not used: %s", error)
        finally:
            self._opening.release()
        return searcher

    def _first(self) -> Searcher:
        with self._lock:
            if self._searcher is None:
                seen = self._stamp()
                try:
                    self._searcher = self._open()
                except IndexMissingError:
                    index = VectorIndex.build(
                        self._home,
                        self._library,
                        self._embedder,
                        self._progress,
                        chroma_url=self._chroma_url,
                    )
                    seen = self._stamp()
                    self._searcher = Searcher.open(self._library, index, self._embedder)
                self._seen = seen
            return self._searcher

    def _open(self) -> Searcher:
        index = VectorIndex.open(self._home, self._library, self._embedder, self._chroma_url)
        return Searcher.open(self._library, index, self._embedder)

    def _stamp(self) -> tuple[int, ...]:
        """What tells one manifest from the next; empty while there is none."""
        try:
            found = self._manifest.stat()
        except OSError:
            return ()  # not built yet
        return (found.st_mtime_ns, found.st_ino, found.st_size)
