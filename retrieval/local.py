"""Search over what a facility decided for itself: its own Chroma collection, remade on a change.

A handful of sentences, so the whole collection is written anew into a folder named by what it
holds; several processes agree on the folder, and the first to need it builds it. Vectors are kept,
so a change embeds what it adds.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import threading
from typing import TYPE_CHECKING

from codesets import abbreviations
from retrieval.collection import Collection, fill
from retrieval.index import build_lock
from retrieval.passages import Passage, PassageKind
from retrieval.vectorcache import VectorCache, cache_folder
from retrieval.words import terms

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from retrieval.embedding import Embedder

COLLECTION = "local"
_BLOCK = 64
_JOINS = frozenset({"with"})
_KEPT = 3
"""Folders left beside the newest: other processes may still answer from them."""


def meaning(text: str) -> frozenset[tuple[str, ...]]:
    """The words that ``text`` amounts to, in their order, once for each way to write it out.

    Two questions with one of them in common ask the same, whatever the case, the spelling or the
    abbreviations. A word more, such as a side or a "no", makes another question, and so does
    another order: in "no diabetes, hypertension" it matters what is denied.

    >>> bool(meaning("AKI") & meaning("Acute kidney injury."))
    True
    >>> bool(meaning("left knee pain") & meaning("right knee pain"))
    False
    """
    ways = (text, _written_out(text))
    return frozenset({tuple(each for each in terms(way) if each not in _JOINS) for way in ways})


def _written_out(text: str) -> str:
    """``text`` with each abbreviation in its likeliest meaning, and nothing else changed."""
    pieces: list[str] = []
    position = 0
    for found in abbreviations.expand(text):
        pieces += [text[position : found.start], found.meanings[0].spoken]
        position = found.end
    return "".join([*pieces, text[position:]])


class LocalIndex:
    """The sentences of one facility, open for questions. Safe to share between threads."""

    def __init__(self, home: Path, embedder: Embedder) -> None:
        self._root = home / "index" / COLLECTION
        self._embedder = embedder
        self._lock = threading.Lock()
        self._open: tuple[str, Collection] | None = None

    def search(
        self, text: str, sentences: Mapping[str, str], limit: int = 5
    ) -> list[tuple[str, float]]:
        """Ids of the sentences nearest to ``text`` and their cosines, best first.

        ``sentences`` is id to sentence, all there are now. Raises SearchIndexError.
        """
        if not sentences:
            return []
        vector = self._embedder.embed_query(text)
        return self._collection(sentences).query(vector, limit)

    def _collection(self, sentences: Mapping[str, str]) -> Collection:
        name = self._fingerprint(sentences)
        with self._lock:
            if self._open is None or self._open[0] != name:
                folder = self._root / name
                if not (folder / "done.json").is_file():
                    with build_lock(self._root):
                        self._build(folder, sentences)
                self._open = (name, Collection(folder, COLLECTION))
            return self._open[1]

    def _fingerprint(self, sentences: Mapping[str, str]) -> str:
        digest = hashlib.sha256(self._embedder.fingerprint.encode())
        for name in sorted(sentences):
            digest.update(f"{name}\0{sentences[name]}\0".encode())
        return digest.hexdigest()[:16]

    def _build(self, folder: Path, sentences: Mapping[str, str]) -> None:
        """Embed and write; ``done.json`` is written last."""
        if (folder / "done.json").is_file():
            return
        older = sorted(
            (each.parent for each in self._root.glob("*/done.json")),
            key=lambda each: each.stat().st_mtime,
        )
        for each in older[:-_KEPT]:
            shutil.rmtree(each, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        texts = list(sentences.values())
        cache = VectorCache(
            cache_folder(self._root, self._embedder.fingerprint), self._embedder.dimension
        )
        fresh = [text for text in dict.fromkeys(texts) if text not in cache]
        for start in range(0, len(fresh), _BLOCK):
            block = fresh[start : start + _BLOCK]
            cache.add(block, self._embedder.vectors(block))
        passages = [_passage(name, text) for name, text in sentences.items()]
        fill(folder, COLLECTION, passages, cache.take(texts))
        (folder / "done.json").write_text(json.dumps({"sentences": len(texts)}), encoding="utf-8")


def _passage(name: str, text: str) -> Passage:
    return Passage(
        id=name,
        system=COLLECTION,
        release="",
        code="",
        kind=PassageKind.NOTE,
        text=text,
        locator=name,
        source="local policy",
    )
