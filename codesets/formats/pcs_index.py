"""The ICD-10-PCS Index, in CMS's XML: main terms and subterms that lead to a table or a value.

The index never replaces the tables: its codes are mostly beginnings of codes (three to six
characters), to be completed there (ICD-10-PCS Official Guidelines, A6 and A7). ``use`` names the
value to look for in the tables instead of the term.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.formats.source import Source, as_source
from codesets.formats.terms import identify
from codesets.formats.walking import Placed, TermReader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from codesets.formats.elements import Node

ROOT = "ICD10PCS.index"
_POINTERS = ("code", "codes", "tab")
_PARTS = frozenset({"title", "term", "see", "use", *_POINTERS})
_PREFIX = re.compile(r"[0-9A-HJ-NP-Z]{3,7}")


@dataclass(frozen=True, slots=True)
class PcsReference:
    """Where a ``see`` or ``use`` leads: its words, and the beginning of a code if it has one."""

    text: str
    prefix: str | None


@dataclass(frozen=True, slots=True)
class PcsIndexTerm(Placed):
    """One main term or subterm.

    ``prefixes`` are whole codes (7 characters), beginnings of codes (4 to 6) or tables (3). A term
    printed without words of its own (a second ``see`` below a main term) is part of its parent
    here. ``id``, ``path``, ``order`` and ``line`` are as in ``IndexTerm``.
    """

    id: str
    letter: str
    path: tuple[str, ...]
    prefixes: tuple[str, ...]
    see: tuple[PcsReference, ...]
    use: tuple[PcsReference, ...]
    order: int
    line: int

    @property
    def code(self) -> str | None:
        """The whole code, where the term leads to just one."""
        whole = [prefix for prefix in self.prefixes if len(prefix) == 7]
        return whole[0] if len(whole) == 1 == len(self.prefixes) else None


def read_pcs_index(where: Path | str | Source) -> Iterator[PcsIndexTerm]:
    """Terms in printed order, a main term before its subterms."""
    return _Reader(as_source(where)).read()


class _Reader(TermReader[PcsIndexTerm]):
    root = ROOT

    def term(self, node: Node, above: tuple[str, ...]) -> Iterator[PcsIndexTerm]:
        self.schema.only(node, _PARTS)
        path = (*above, self.schema.title(node).text)
        titled = [child for child in node.all("term") if child.first("title")]
        own = [node, *(child for child in node.all("term") if not child.first("title"))]
        for part in own[1:]:
            self.schema.only(part, _PARTS - {"title", "term"})
        yield PcsIndexTerm(
            id=identify(path, self.seen),
            letter=self.letter,
            path=path,
            prefixes=tuple(p for part in own for p in self._prefixes(part)),
            see=tuple(r for part in own for r in self._references(part, "see")),
            use=tuple(r for part in own for r in self._references(part, "use")),
            order=self.order,
            line=node.line,
        )
        yield from self.below(titled, path)

    def _prefixes(self, node: Node) -> Iterator[str]:
        for tag in _POINTERS:
            for part in node.all(tag):
                text = part.text
                if not _PREFIX.fullmatch(text) or (tag == "code") != (len(text) == 7):
                    whole = "a whole ICD-10-PCS code" if tag == "code" else "a beginning of a code"
                    raise self.schema.error(part.line, f"{whole} in <{tag}>, found {text!r}")
                yield text

    def _references(self, node: Node, tag: str) -> Iterator[PcsReference]:
        for part in node.all(tag):
            self.schema.only(part, _POINTERS)
            prefixes = list(self._prefixes(part))
            yield PcsReference(part.text, prefixes[0] if prefixes else None)
