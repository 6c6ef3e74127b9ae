"""What reading an index and reading its tables have in common: letters, main terms, subterms."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from codesets.formats.elements import Node, Schema, read_records

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from codesets.formats.source import Source

LETTER = ("letter", "title")
MAIN = ("letter", "mainTerm")
ABOVE_TERMS = (("version",), ("title",), LETTER)
Term = TypeVar("Term")


class Placed:
    """A term that knows its place by the path of titles that leads to it."""

    __slots__ = ()
    path: tuple[str, ...]

    @property
    def title(self) -> str:
        """The last step of the path."""
        return self.path[-1]

    @property
    def level(self) -> int:
        """0 for a main term, 1 for its subterms, and so on."""
        return len(self.path) - 1


class TermReader(ABC, Generic[Term]):
    """Reads one file. ``root`` is its outermost element, ``heading`` what else stands above terms.

    ``order`` counts the terms read so far; ``letter`` is the one under which they stand.
    """

    root: ClassVar[str]
    heading: ClassVar[tuple[tuple[str, ...], ...]] = ()

    def __init__(self, source: Source) -> None:
        self.source = source
        self.schema = Schema(source)
        self.seen: Counter[str] = Counter()
        self.order = 0
        self.letter = ""

    def read(self) -> Iterator[Term]:
        """Main terms and subterms in printed order. Raises FormatError."""
        records = (*ABOVE_TERMS, *self.heading, MAIN)
        for path, node in read_records(self.source, self.root, records):
            if path == LETTER:
                self.letter = node.text
            elif path == MAIN:
                yield from self.term(node, ())
            elif path in self.heading:
                self.check_heading(node)
        if self.order == 0:
            raise self.schema.error(None, "at least one <mainTerm>")

    @abstractmethod
    def term(self, node: Node, above: tuple[str, ...]) -> Iterator[Term]:
        """A term, then those ``below`` it. Raises FormatError."""

    def check_heading(self, node: Node) -> None:
        """Look at what stands above the terms. Raises FormatError."""

    def below(self, nodes: Iterable[Node], path: tuple[str, ...]) -> Iterator[Term]:
        """The subterms of the term at ``path``, which has been read; each declares its depth."""
        self.order += 1
        for node in nodes:
            level = self.schema.attribute(node, "level")
            if level != str(len(path)):
                wanted = f'level="{len(path)}" on this <term>, found "{level}"'
                raise self.schema.error(node.line, wanted)
            yield from self.term(node, path)
