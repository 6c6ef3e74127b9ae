"""Official XML files as a stream of checked elements with their line numbers.

The standard library's tree parsers forget lines; expat keeps them, so that an error can say where.
Document types and entities are refused: no official file has them, and they are how XML attacks a
reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.parsers import expat

from codesets.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

_CHUNK = 1 << 18


@dataclass(slots=True)
class Start:
    """An opening tag."""

    tag: str
    attributes: dict[str, str]
    line: int


@dataclass(slots=True)
class End:
    """A closing tag, with the text directly inside the element (children's text left out)."""

    tag: str
    text: str
    line: int


def stream(file: BinaryIO, name: str) -> Iterator[Start | End]:
    """Yield the elements of an XML file in document order, reading a chunk at a time.

    Runs of white space in text become one blank. ``name`` is the path used in errors.

    Raises:
        FormatError: the file is not well-formed XML, or declares a document type.

    """
    events: list[Start | End] = []
    texts: list[list[str]] = []
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def start(tag: str, attributes: dict[str, str]) -> None:
        texts.append([])
        events.append(Start(tag, attributes, parser.CurrentLineNumber))

    def data(text: str) -> None:
        if texts:
            texts[-1].append(text)

    def end(tag: str) -> None:
        text = " ".join("".join(texts.pop()).split())
        events.append(End(tag, text, parser.CurrentLineNumber))

    def doctype(*_: object) -> None:
        raise FormatError(name, parser.CurrentLineNumber, "XML without a document type")

    parser.StartElementHandler = start
    parser.CharacterDataHandler = data
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = doctype
    more = True
    while more:
        chunk = file.read(_CHUNK)
        more = bool(chunk)
        try:
            parser.Parse(chunk, not more)
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code)
            raise FormatError(name, error.lineno, f"well-formed XML ({reason})") from None
        yield from events
        events.clear()
