"""Search over the Official Guidelines: the digest's entries, found by words and by meaning.

The entries live in a Chroma collection of their own, made on the first question about a guideline
and remade when the digest or the model changes. ``codesets.guidelines`` decides what is cited: the
official text where the PDF is installed, the digest's own words otherwise.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.guidelines import GuidelineCitation, GuidelineSetting, cite, load
from codesets.models import System
from codesets.notation import find_codes
from codesets.official_guidelines import open_installed
from codesets.releases import ReleaseStore
from retrieval.collection import Collection, fill
from retrieval.guideline_words import subject, wordings
from retrieval.index import build_lock
from retrieval.lexical import LexicalIndex
from retrieval.passages import Passage, PassageKind

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from codesets.guidelines import Digest, DigestEntry
    from retrieval.embedding import Embedder

    Floats = NDArray[np.float32]
    Progress = Callable[[str, int, int], None]

SYSTEM = "guidelines"
WORDS_SHARE = 0.6
"""What full word overlap adds to a cosine of 1: section titles are short and exact."""
TITLE_SHARE = 0.12
"""What a title adds that the question says whole."""
CODE_SHARE = 0.25
"""What the narrowest section about a code that the question names gains."""
NAMED_SHARE = 0.15
"""What a convention gains that the question names as the guidelines do."""
LEAST = 0.38
"""Scores below this speak of something else."""
_POOL = 60
_MOST_TOUCHED = 8
_MOST_CODES = 6
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
        # A section is also about what the headings around it and the titles of its codes say.
        tabular = _tabular_titles(home, self._digest)
        self._lexical = LexicalIndex.build(
            (words(entry) for entry in self._digest),
            (
                " ".join((*self._headings(entry), *tabular.get(entry.number, ())))
                for entry in self._digest
            ),
        )
        self._titles = LexicalIndex.build(
            ". ".join((entry.title, *self._headings(entry)[-1:])) for entry in self._digest
        )
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
        bare, meant = subject(text), wordings(text)
        expanded = " ".join((bare, *meant))
        near = self._near(text, expanded)
        said, also = self._lexical.score(bare), self._lexical.score(expanded)
        titles = self._titles.score(expanded)
        covered = _covered(said.covered, also.covered)
        title_said = titles.at(_all(len(self._entries))).said
        touched = self._touched(text)
        names = list(self._entries)
        pool = [*near, *touched]
        pool += [names[int(number)] for hits in (said, also, titles) for number in hits.best(_POOL)]
        found = []
        for name in dict.fromkeys(pool):
            entry = self._entries[name]
            if not entry.binds(setting):
                continue
            number = self._numbers[name]
            score = (near.get(name, 0.0) + WORDS_SHARE * float(covered[number])) / (1 + WORDS_SHARE)
            score += TITLE_SHARE * float(title_said[number]) + touched.get(name, 0.0)
            score += NAMED_SHARE * _names(text, entry)
            if score >= LEAST:
                found.append(self._found(entry, score))
        return sorted(found, key=lambda each: (-each.score, each.entry.number))[:limit]

    def _near(self, *texts: str) -> dict[str, float]:
        """The entries near any of the wordings, each with its best cosine."""
        near: dict[str, float] = {}
        for text in dict.fromkeys(texts):
            for name, cosine in self._collection().query(self._embedder.embed_query(text), _POOL):
                near[name] = max(near.get(name, 0.0), cosine)
        return near

    def _touched(self, text: str) -> dict[str, float]:
        """What the codes that a question names give to the entries about them, narrow ones most."""
        found: dict[str, float] = {}
        for code in dict.fromkeys(code for code, _, _ in find_codes(text)):
            for place, entry in enumerate(self._digest.sections_for(code)[:_MOST_TOUCHED]):
                name = passage_id(entry)
                found[name] = max(found.get(name, 0.0), CODE_SHARE / (1 + place / 3))
        return found

    def section(self, number: str) -> FoundSection | None:
        """The section of that number, in any spelling, or None."""
        entry = self._digest.find(number)
        return self._found(entry, 1.0) if entry else None

    def _headings(self, entry: DigestEntry) -> tuple[str, ...]:
        titles = (self._digest.title(number) for number in self._digest.parents(entry.number))
        return tuple(title for title in titles if title)

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


def _covered(said: Floats, also: Floats) -> Floats:
    """The share of a question's words covered, its own or with other wordings of them added."""
    import numpy as np

    return np.maximum(said, (said + also) / 2, dtype=np.float32)


def _all(count: int) -> NDArray[np.int64]:
    import numpy as np

    return np.arange(count)


def _names(text: str, entry: DigestEntry) -> bool:
    """Whether a question names a convention by its title ("code also", "Excludes1")."""
    plain = re.sub(r"[\"“”]", "", entry.title).casefold()
    folded = re.sub(r"[\"“”]", "", text).casefold()
    named = entry.number.startswith("I.A.") or len(plain.split()) > 2
    return named and re.search(rf"\b{re.escape(plain)}\b", folded) is not None


def _tabular_titles(home: Path, digest: Digest) -> dict[str, tuple[str, ...]]:
    """Titles of the categories that a section is about, by section number; none without a release.

    Sections about many categories are about none of them in particular.
    """
    store = ReleaseStore(home)
    releases = [r for r in store.installed() if r.system is System.ICD10CM]
    if not releases:
        return {}
    library = store.library(max(releases, key=lambda release: release.effective_from))
    found = {}
    for entry in digest:
        names = list(dict.fromkeys(r.first for r in entry.ranges if r.first[:3] == r.last[:3]))
        records = [library.find(name) for name in names] if len(names) <= _MOST_CODES else []
        found[entry.number] = tuple(record.title for record in records if record is not None)
    return found


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
