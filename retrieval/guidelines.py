"""Search over the Official Guidelines: the digest's entries, found by words and by meaning.

The entries live in a Chroma collection of their own, made on the first question about a guideline
and remade when the digest or the model changes. ``codesets.guidelines`` decides what is cited: the
official text where the PDF is installed, the digest's own words otherwise.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.guidelines import GuidelineCitation, GuidelineSetting, cite, load
from codesets.official_guidelines import open_installed
from retrieval.collection import Collection, fill
from retrieval.index import build_lock
from retrieval.lexical import LexicalIndex
from retrieval.passages import Passage, PassageKind

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codesets.guidelines import Digest, DigestEntry
    from retrieval.embedding import Embedder

    Progress = Callable[[str, int, int], None]

SYSTEM = "guidelines"
WORDS_SHARE = 0.6
"""What full word overlap adds to a cosine of 1: section titles are short and exact."""
LEAST = 0.38
"""Scores below this speak of something else."""
_POOL = 60
_BLOCK = 64


@dataclass(frozen=True, slots=True)
class FoundSection:
    """One section that governs a question: its digest entry, what to cite, and how well it fits."""

    entry: DigestEntry
    citation: GuidelineCitation
    passage: Passage
    score: float


class GuidelineSearch:
    """The guidelines of one fiscal year, open for questions. Safe to share between threads."""

    def __init__(
        self,
        home: Path,
        embedder: Embedder,
        progress: Progress | None = None,
        digest: Digest | None = None,
    ) -> None:
        self._home = home
        self._progress = progress
        self._embedder = embedder
        self._digest = digest or load()
        self._entries = {passage_id(entry): entry for entry in self._digest}
        self._numbers = {name: number for number, name in enumerate(self._entries)}
        self._lexical = LexicalIndex.build(words(entry) for entry in self._digest)
        self._official = open_installed(home, next(iter(self._digest)).fiscal_year)
        self._lock = threading.Lock()
        self._open: Collection | None = None

    def search(
        self,
        text: str,
        limit: int = 5,
        setting: GuidelineSetting = GuidelineSetting.BOTH,
    ) -> list[FoundSection]:
        """Sections that govern ``text``, best first; those of another setting are left out.

        Empty when nothing in the guidelines is about it.
        """
        vector = self._embedder.embed_query(text)
        near = dict(self._collection().query(vector, _POOL))
        hits = self._lexical.score(text)
        names = list(self._entries)
        pool = [*near, *(names[int(number)] for number in hits.best(_POOL))]
        found = []
        for name in dict.fromkeys(pool):
            entry = self._entries[name]
            if not entry.binds(setting):
                continue
            overlap = float(hits.covered[self._numbers[name]])
            score = (near.get(name, 0.0) + WORDS_SHARE * overlap) / (1 + WORDS_SHARE)
            if score >= LEAST:
                found.append(self._found(entry, score))
        return sorted(found, key=lambda each: (-each.score, each.entry.number))[:limit]

    def section(self, number: str) -> FoundSection | None:
        """The section of that number, in any spelling, or None."""
        entry = self._digest.find(number)
        return self._found(entry, 1.0) if entry else None

    def _found(self, entry: DigestEntry, score: float) -> FoundSection:
        citation = cite(entry.number, self._official, self._digest)
        return FoundSection(entry, citation, passage_of(entry, citation), score)

    def _collection(self) -> Collection:
        with self._lock:
            if self._open is None:
                folder = self._home / "index" / SYSTEM / self._fingerprint()
                if not (folder / "done.json").is_file():
                    with build_lock(folder.parent):
                        self._build(folder)
                self._open = Collection(folder, SYSTEM)
            return self._open

    def _fingerprint(self) -> str:
        digest = hashlib.sha256(self._embedder.fingerprint.encode())
        for entry in self._digest:
            digest.update(f"{entry.number}\0{words(entry)}\0".encode())
        return digest.hexdigest()[:16]

    def _build(self, folder: Path) -> None:
        """Embed every entry with the light encoder; ``done.json`` is written last."""
        import numpy as np

        if (folder / "done.json").is_file():
            return
        for old in folder.parent.iterdir():
            if old.is_dir():
                shutil.rmtree(old, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        passages = [passage_of(entry, cite(entry.number)) for entry in self._digest]
        texts = [words(entry) for entry in self._digest]
        blocks = []
        for start in range(0, len(texts), _BLOCK):
            blocks.append(self._embedder.vectors(texts[start : start + _BLOCK]))
            if self._progress is not None:
                self._progress("guidelines", min(start + _BLOCK, len(texts)), len(texts))
        fill(folder, SYSTEM, passages, np.concatenate(blocks).astype(np.float16))
        (folder / "done.json").write_text(json.dumps({"entries": len(texts)}), encoding="utf-8")


def words(entry: DigestEntry) -> str:
    """What is searched of an entry: its title and its rule."""
    return f"{entry.title}. {entry.rule}"


def passage_id(entry: DigestEntry) -> str:
    """The citation id of a section."""
    return f"{SYSTEM}:{entry.fiscal_year}:{entry.number}:text"


def passage_of(entry: DigestEntry, citation: GuidelineCitation) -> Passage:
    """The section as a citable passage; the locator is its number as coders cite it."""
    return Passage(
        id=passage_id(entry),
        system=SYSTEM,
        release=citation.fiscal_year,
        code=entry.number,
        kind=PassageKind.GUIDELINE,
        text=citation.text,
        locator=citation.locator,
        source=citation.label,
    )
