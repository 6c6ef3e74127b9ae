"""The ICD-10-CM Alphabetic Index and External Cause Index, in the XML that CDC/NCHS publishes.

Each ``letter`` holds ``mainTerm`` elements, each of these ``term`` elements to any depth. A term
has a title with nonessential modifiers (``nemod``), and any of: codes, bracketed manifestation
codes (``manif``), ``see``, ``seeAlso``, ``seecat`` and ``subcat`` (see category, see subcategory),
notes. The grammar of these is that of the Official Guidelines, section I.A.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.formats.elements import Node, Schema, read_records
from codesets.formats.source import Source, as_source
from codesets.formats.terms import identify, modifiers, plain_title
from codesets.models import IndexTerm

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROOT = "ICD10CM.index"
_LETTER = ("letter", "title")
_MAIN = ("letter", "mainTerm")
_RECORDS = (("version",), ("title",), _LETTER, _MAIN)
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
    for path, node in read_records(source, ROOT, _RECORDS):
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


class _Reader:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._schema = Schema(source)
        self._seen: Counter[str] = Counter()
        self._order = 0
        self._letter = ""

    def read(self) -> Iterator[IndexTerm]:
        for path, node in read_records(self._source, ROOT, _RECORDS):
            if path == _LETTER:
                self._letter = node.text
            elif path == _MAIN:
                yield from self._term(node, ())
        if self._order == 0:
            raise self._schema.error(None, "at least one <mainTerm>")

    def _term(self, node: Node, above: tuple[str, ...]) -> Iterator[IndexTerm]:
        self._schema.only(node, _PARTS)
        title = self._schema.title(node)
        self._schema.only(title, ("nemod",))
        codes, manifestations, wording = self._codes(node)
        path = (*above, plain_title(title, wording))
        yield IndexTerm(
            id=identify(path, self._seen),
            letter=self._letter,
            path=path,
            modifiers=modifiers(title),
            codes=codes,
            manifestations=manifestations,
            see=node.texts("see"),
            see_also=node.texts("seeAlso"),
            see_category=node.texts("seecat") + node.texts("subcat"),
            notes=node.texts("note"),
            order=self._order,
            line=node.line,
        )
        self._order += 1
        for child in node.all("term"):
            check_level(self._schema, child, len(path))
            yield from self._term(child, path)

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
                    raise self._schema.error(line, f"an ICD-10-CM code, found {word!r}")
                yield word


def check_level(schema: Schema, node: Node, depth: int) -> None:
    """The ``level`` a term declares is its depth below the main term."""
    level = schema.attribute(node, "level")
    if level != str(depth):
        raise schema.error(node.line, f'level="{depth}" on this <term>, found "{level}"')
