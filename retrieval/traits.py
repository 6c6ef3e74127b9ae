"""What every passage is, whatever the question: its code, and what it leaves open or rules out.

Computed once when an index is built and mapped from disk, so that ranking a few hundred passages
reads a few arrays instead of a few hundred rows.
"""

from __future__ import annotations

import hashlib
import re
from enum import IntFlag
from typing import TYPE_CHECKING, Protocol

from codesets.models import System
from retrieval.conventions import CONVENTIONS
from retrieval.errors import IndexBuildError
from retrieval.passages import PassageKind
from retrieval.wordings import VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from codesets.models import Code, Release
    from retrieval.passages import Passage

_FILES = ("code_numbers", "flags", "rules")
_CODES = "codes.txt"
_OTHER = re.compile(r"^other\b|\bother specified\b|\bNEC\b|\bspecified (?:type|site)s?\b", re.I)
_OPEN = re.compile(r"\bunspecified\b|\bNOS\b|\bnot (?:otherwise )?specified\b", re.I)


class Titled(Protocol):
    """What names the codes of passages: a library, or what stands for one."""

    @property
    def release(self) -> Release:
        """The release they are of."""

    def get(self, code: str) -> Code:
        """The record of a code."""


class Trait(IntFlag):
    """One bit of ``Traits.flags``."""

    VALID = 1
    OTHER = 2
    """The passage, or its code's title, is of what has no place elsewhere ("Other", NEC)."""
    OPEN = 4
    """The passage says "unspecified" or NOS."""
    INDEX = 8
    TITLE = 16
    TABLE = 32
    """A row of the neoplasm or drug table."""
    CAUSE = 64
    DEFAULT_TITLE = 128
    """The code's title says "unspecified"."""
    CATEGORY = 256
    MAIN = 512
    """A main term of an index by itself."""


def signature() -> str:
    """Changes whenever the same passages would be worded or marked differently."""
    rules = "\n".join(repr(rule) for rule in CONVENTIONS)
    return f"{VERSION}-{hashlib.sha256(rules.encode()).hexdigest()[:10]}"


class Traits:
    """The traits of an index's passages; arrays are aligned with passage numbers.

    ``codes`` holds each code once, in code order; ``code_numbers`` are places in it. ``rules`` has
    a bit for each convention that concerns the passage, in the order of ``CONVENTIONS``.
    ``categories`` gives each code the number of its category.
    """

    def __init__(self, codes: Sequence[str], arrays: Sequence[NDArray[np.int32]]) -> None:
        import numpy as np

        self.codes = tuple(codes)
        self.code_numbers, self.flags, self.rules = arrays
        categories = [code[:3] for code in self.codes]
        places = {name: place for place, name in enumerate(dict.fromkeys(categories))}
        self.categories = np.array([places[name] for name in categories], np.int64)

    def __len__(self) -> int:
        return len(self.flags)

    @classmethod
    def build(cls, passages: Sequence[Passage], library: Titled) -> Traits:
        """The traits of ``passages``, whose codes ``library`` has."""
        import numpy as np

        codes = sorted({passage.code for passage in passages})
        places = {code: place for place, code in enumerate(codes)}
        titles = {code: library.get(code).title for code in codes}
        valid = {code for code in codes if library.get(code).valid}
        chapters = library.release.system is System.ICD10CM
        by_code = {code: _rules(code, titles[code]) if chapters else 0 for code in codes}
        by_title = [rule for rule in CONVENTIONS if rule.titles and chapters]
        bits = {id(rule): 1 << place for place, rule in enumerate(CONVENTIONS)}
        numbers = np.empty(len(passages), np.int32)
        flags = np.zeros(len(passages), np.int32)
        rules = np.zeros(len(passages), np.int32)
        for row, passage in enumerate(passages):
            code = passage.code
            numbers[row] = places[code]
            flags[row] = _flags(passage, titles[code], code in valid)
            rules[row] = by_code[code]
            for rule in by_title:
                if passage.text != titles[code] and rule.concerns("", passage.text):
                    rules[row] |= bits[id(rule)]
        return cls(codes, (numbers, flags, rules))

    def save(self, folder: Path) -> None:
        """Write the traits into ``folder``, which must exist."""
        import numpy as np

        (folder / _CODES).write_text("\n".join(self.codes), encoding="utf-8")
        for name, array in zip(_FILES, (self.code_numbers, self.flags, self.rules), strict=True):
            np.save(folder / f"{name}.npy", array)

    @classmethod
    def open(cls, folder: Path) -> Traits:
        """Map the traits in ``folder``. Raises IndexBuildError when a file is missing."""
        import numpy as np

        try:
            codes = (folder / _CODES).read_text(encoding="utf-8").split("\n")
            arrays = [np.load(folder / f"{name}.npy", mmap_mode="r") for name in _FILES]
        except (OSError, ValueError) as error:
            raise IndexBuildError(
                f"The passage traits in {folder} are damaged. Run `codecite index build`."
            ) from error
        return cls(codes, arrays)


def _rules(code: str, title: str) -> int:
    return sum(1 << place for place, rule in enumerate(CONVENTIONS) if rule.concerns(code, title))


def _flags(passage: Passage, title: str, valid: bool) -> int:
    kind = passage.kind
    indexed = kind in (PassageKind.INDEX, PassageKind.EXTERNAL_CAUSE)
    tabled = kind in (PassageKind.NEOPLASM, PassageKind.DRUG)
    last = passage.text.rpartition(" > ")[2]
    pairs = (
        (Trait.VALID, valid),
        (Trait.OTHER, _OTHER.search(last) or (not indexed and _OTHER.search(title))),
        (Trait.OPEN, _OPEN.search(passage.text)),
        (Trait.INDEX, kind is PassageKind.INDEX),
        (Trait.TITLE, kind is PassageKind.TITLE),
        (Trait.TABLE, tabled),
        (Trait.CAUSE, kind is PassageKind.EXTERNAL_CAUSE),
        (Trait.DEFAULT_TITLE, _OPEN.search(title)),
        (Trait.CATEGORY, "." not in passage.code),
        (Trait.MAIN, indexed and " > " not in passage.text),
    )
    return sum(int(trait) for trait, holds in pairs if holds)
