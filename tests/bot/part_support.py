"""A search over a few codes of a release, built in a second: the packaged model, a small index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from retrieval.embedding import Embedder
from retrieval.index import VectorIndex
from retrieval.search import Searcher

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codesets.models import Release
    from codesets.releases import ReleaseStore


class Light(Embedder):
    """The packaged model, kept off the training stack: there are only a few texts."""

    def bulk(self, texts: Any, progress: Any = None, keep: Any = None) -> Any:
        parts = [texts[start : start + 50] for start in range(0, len(texts), 50)]
        vectors = np.concatenate([self.vectors(part) for part in parts])
        if keep is not None:
            keep(list(range(len(texts))), vectors)
        return vectors


class Part:
    """A release whose descriptions are those of a few codes, so that an index is built at once."""

    def __init__(self, library: Any, begins: tuple[str, ...]) -> None:
        self._library = library
        self._begins = begins
        self.sha256 = f"part-{library.sha256}"

    def nodes(self) -> Any:
        return (code for code in self._library.nodes() if code.code.startswith(self._begins))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._library, name)


def part_searcher(
    store: ReleaseStore, home: Path, begins: tuple[str, ...]
) -> Callable[[Release], Searcher]:
    """What opens the search over the codes that begin so, in an index under ``home``."""
    opened: dict[str, Searcher] = {}
    embedder = Light()

    def searcher(release: Release) -> Searcher:
        key = f"{release.system}-{release.id}"
        if key not in opened:
            library: Any = Part(store.library(release), begins)
            index = VectorIndex.build(home, library, embedder)
            opened[key] = Searcher.open(library, index, embedder)
        return opened[key]

    return searcher
