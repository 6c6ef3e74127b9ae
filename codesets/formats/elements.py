"""Official XML as whole records: each element asked for, with its children and line numbers.

Only the records are kept, each until its reader has taken it, so that memory stays that of the
largest record. Parsing, and the refusal of document types (where entities are declared, the means
of expansion attacks), is ``xmlstream``'s.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, cast

from codesets.errors import FormatError
from codesets.formats.xmlstream import Start, stream

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from codesets.formats.source import Source


@dataclass(slots=True)
class Node:
    """One element. ``text`` is what stands directly inside it, children's text left out."""

    tag: str
    attributes: dict[str, str]
    line: int
    text: str = ""
    children: list[Node] = field(default_factory=list)

    def all(self, tag: str) -> list[Node]:
        """The children called ``tag``."""
        return [child for child in self.children if child.tag == tag]

    def first(self, tag: str) -> Node | None:
        """The first child called ``tag``."""
        return next((child for child in self.children if child.tag == tag), None)

    def texts(self, tag: str) -> tuple[str, ...]:
        """The text of every child called ``tag`` that has any."""
        return tuple(child.text for child in self.children if child.tag == tag and child.text)


class Schema:
    """Checks of records that say which file and line broke the format."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def error(self, line: int | None, expected: str) -> FormatError:
        """A FormatError for this file."""
        return FormatError(str(self.source), line, expected)

    def only(self, node: Node, tags: Collection[str]) -> None:
        """Every child of ``node`` is one of ``tags``."""
        for child in node.children:
            if child.tag not in tags:
                allowed = ", ".join(f"<{tag}>" for tag in sorted(tags))
                raise self.error(child.line, f"{allowed} in <{node.tag}>, found <{child.tag}>")

    def one(self, node: Node, tag: str) -> Node:
        """The only child called ``tag``."""
        found = node.all(tag)
        if len(found) != 1:
            raise self.error(node.line, f"one <{tag}> in <{node.tag}>, found {len(found)}")
        return found[0]

    def title(self, node: Node) -> Node:
        """The only ``title``, which says something."""
        title = self.one(node, "title")
        if not title.text and not title.children:
            raise self.error(title.line, f"words in the <title> of <{node.tag}>")
        return title

    def attribute(self, node: Node, name: str) -> str:
        """An attribute that must be there."""
        value = node.attributes.get(name)
        if value is None:
            raise self.error(node.line, f"attribute {name} on <{node.tag}>")
        return value


def read_records(
    source: Source, root: str, records: Collection[tuple[str, ...]]
) -> Iterator[tuple[tuple[str, ...], Node]]:
    """Yield ``(path, node)`` for each element whose path below the root is one of ``records``.

    Elements on the way to a record are passed through. FormatError for any other element, for
    another root, for a document type declaration and for XML that breaks off.
    """
    schema = Schema(source)
    wanted = frozenset(records)
    passages = {path[:depth] for path in wanted for depth in range(len(path))}
    path: tuple[str, ...] = ()
    rooted = False
    pending: list[Node] = []
    with source.open() as file:
        for event in stream(cast("BinaryIO", file), str(source)):
            if not isinstance(event, Start):
                if not pending:
                    path = path[:-1]
                    continue
                node = pending.pop()
                node.text = event.text
                if not pending:
                    yield path, node
                    path = path[:-1]
            elif pending:
                node = Node(event.tag, event.attributes, event.line)
                pending[-1].children.append(node)
                pending.append(node)
            elif not rooted:
                rooted = True
                if event.tag != root:
                    expected = f"<{root}> as the root element, found <{event.tag}>"
                    raise schema.error(event.line, expected)
            else:
                path = (*path, event.tag)
                if path in wanted:
                    pending.append(Node(event.tag, event.attributes, event.line))
                elif path not in passages:
                    expected = f"an element of the format under <{root}>, found <{event.tag}>"
                    raise schema.error(event.line, expected)
