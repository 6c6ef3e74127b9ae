"""What index tests work with: a slice of a real library, and an embedder that stays off torch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from retrieval.embedding import Embedder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from codesets.library import Library
    from codesets.models import Code

CATEGORIES = ("E11", "I10", "J18", "N17", "N18", "N39", "M17", "I21", "K64", "Z79", "B20")


class Slice:
    """The library, whose printed records are only those of some categories."""

    def __init__(self, library: Library, categories: Sequence[str] = CATEGORIES) -> None:
        self._library = library
        self._categories = tuple(categories)
        self.sha256 = f"{'-'.join(categories)}-{library.sha256}"

    def nodes(self) -> Iterator[Code]:
        for code in self._library.nodes():
            if code.code[:3] in self._categories and "-" not in code.code:
                yield code

    def __getattr__(self, name: str) -> Any:
        return getattr(self._library, name)


class LightEmbedder(Embedder):
    """The packaged model, whose bulk work is done by the light encoder in blocks."""

    block = 64

    def __init__(self) -> None:
        super().__init__()
        self.embedded: list[str] = []

    def bulk(
        self,
        texts: Sequence[str],
        progress: Callable[[str, int, int], None] | None = None,
        keep: Callable[[list[int], Any], None] | None = None,
    ) -> Any:
        assert self._light is not None
        blocks = []
        for start in range(0, len(texts), self.block):
            rows = list(range(start, min(start + self.block, len(texts))))
            blocks.append(self._light.encode([texts[row] for row in rows]))
            self.embedded += [texts[row] for row in rows]
            if keep is not None:
                keep(rows, blocks[-1])
            if progress is not None:
                progress("embed", rows[-1] + 1, len(texts))
        return np.concatenate(blocks)
