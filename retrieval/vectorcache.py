"""Vectors by the hash of their text: what a killed build resumes from and a new release reuses.

Two append-only files a model: ``vectors.f16`` (rows of float16) and ``keys.bin`` (16-byte digests).
A block's vectors reach the disk before its keys, and whatever one file has beyond the other is cut
off when the cache is opened, so a build that was killed loses at most one block.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

_KEY = 16


def text_key(text: str) -> bytes:
    """The digest under which a text's vector is kept."""
    return hashlib.blake2b(text.encode(), digest_size=_KEY).digest()


def cache_folder(root: Path, fingerprint: str) -> Path:
    """Where the vectors of one embedder live: one folder a fingerprint."""
    return root / f"vectors-{hashlib.sha256(fingerprint.encode()).hexdigest()[:16]}"


class VectorCache:
    """The vectors of one embedder. One writer at a time: the holder of the build lock."""

    def __init__(self, folder: Path, dimension: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._vectors = folder / "vectors.f16"
        self._keys = folder / "keys.bin"
        self._width = dimension * 2
        self._dimension = dimension
        self._rows = self._mend()

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, text: str) -> bool:
        return text_key(text) in self._rows

    def _mend(self) -> dict[bytes, int]:
        for path in (self._vectors, self._keys):
            path.touch(exist_ok=True)
        whole = min(self._keys.stat().st_size // _KEY, self._vectors.stat().st_size // self._width)
        os.truncate(self._keys, whole * _KEY)
        os.truncate(self._vectors, whole * self._width)
        keys = self._keys.read_bytes()
        return {keys[row * _KEY : (row + 1) * _KEY]: row for row in range(whole)}

    def add(self, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Append vectors, shape (len(texts), dimension); on return they are on disk."""
        import numpy as np

        _append(self._vectors, np.ascontiguousarray(vectors, np.float16).tobytes())
        keys = [text_key(text) for text in texts]
        _append(self._keys, b"".join(keys))
        for key in keys:
            self._rows[key] = len(self._rows)

    def take(self, texts: Sequence[str]) -> NDArray[np.float16]:
        """The vectors of ``texts``, in order. KeyError for a text that was never added."""
        import numpy as np

        rows = np.array([self._rows[text_key(text)] for text in texts], np.int64)
        stored = np.memmap(self._vectors, np.float16, "r").reshape(-1, self._dimension)
        return np.asarray(stored[rows])


def _append(path: Path, content: bytes) -> None:
    with path.open("ab") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
