"""The ICD-10-CM Alphabetic Index and External Cause Index, in the XML that CDC/NCHS publishes.

Each ``letter`` holds ``mainTerm`` elements, each of these ``term`` elements to any depth. A term
has a title with nonessential modifiers (``nemod``), and any of: codes, bracketed manifestation
codes (``manif``), ``see``, ``seeAlso``, ``seecat`` and ``subcat`` (see category, see subcategory),
notes. The grammar of these is that of the Official Guidelines, section I.A.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.formats.elements import Node, Schema, read_records
from codesets.formats.source import Source, as_source
from codesets.formats.terms import identify, modifiers, plain_title
from codesets.formats.walking import ABOVE_TERMS, MAIN, TermReader
from codesets.models import IndexTerm

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROOT = "ICD10CM.index"
_PARTS = frozenset(
    {"title", "code", "manif", "see", "seeAlso", "seecat", "subcat", "note", "term"},
)
# A code as the index prints it: C00, A01.0, S52.5-, C00-, M48.5-.
_CODE = re.compile(r"[A-Z](?:[0-9][0-9A-Z]|[A-Z][0-9])(?:\.(?:[0-9A-Z]{1,4})?)?-?")
_BRACKETED = re.compile(r"\[([^\]]*)\]")


@dataclass(frozen=True, slots=True)
class IndexHeading:
    """What an index says of itself: the fiscal year and its title."""

    version: str
    title: str


def read_heading(where: Path | str | Source) -> IndexHeading:
    """The heading of an index file, without reading its terms."""
    source = as_source(where)
    version = ""
    for path, node in read_records(source, ROOT, (*ABOVE_TERMS, MAIN)):
        if path == ("version",):
            version = node.text
        elif path == ("title",):
            return IndexHeading(version, node.text)
        else:
            break
    raise Schema(source).error(None, "<version> and <title> before the first letter")


def read_index(where: Path | str | Source) -> Iterator[IndexTerm]:
    """Main terms and subterms in printed order, a main term before its subterms.

    Reads the Alphabetic Index and the External Cause Index alike; ``read_heading`` tells which one
    it is. FormatError names the line where the file departs from the format.
    """
    source = as_source(where)
    return _Reader(source).read()


class _Reader(TermReader[IndexTerm]):
    root = ROOT

    def term(self, node: Node, above: tuple[str, ...]) -> Iterator[IndexTerm]:
        self.schema.only(node, _PARTS)
        title = self.schema.title(node)
        self.schema.only(title, ("nemod",))
        codes, manifestations, wording = self._codes(node)
        path = (*above, plain_title(title, wording))
        yield IndexTerm(
            id=identify(path, self.seen),
            letter=self.letter,
            path=path,
            modifiers=modifiers(title),
            codes=codes,
            manifestations=manifestations,
            see=node.texts("see"),
            see_also=node.texts("seeAlso"),
            see_category=node.texts("seecat") + node.texts("subcat"),
            notes=node.texts("note"),
            order=self.order,
            line=node.line,
        )
        yield from self.below(node.all("term"), path)

    def _codes(self, node: Node) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """Codes, manifestation codes, and bracketed words that belong to the title (I.A.7)."""
        codes: list[str] = []
        manifestations: list[str] = []
        wording: list[str] = []
        for part in node.all("code"):
            text = part.text
            manifestations += self._split(_BRACKETED.findall(text), part.line)
            codes += self._split([_BRACKETED.sub(" ", text)], part.line)
        for part in node.all("manif"):
            text = part.text.strip("[]").strip()
            if _CODE.match(text):
                manifestations += self._split([text], part.line)
            else:
                wording.append(text)
        return tuple(codes), tuple(manifestations), tuple(wording)

    def _split(self, texts: list[str], line: int) -> Iterator[str]:
        for text in texts:
            for word in re.split(r"[\s,;]+", text.strip()):
                if not word:
                    continue
                if not _CODE.fullmatch(word):
                    raise self.schema.error(line, f"an ICD-10-CM code, found {word!r}")
                yield word
