"""Find listed phrases in running text: tokens with offsets, and a table that takes the longest.

A phrase is looked up token by token in nested dictionaries, so the time grows with the text and
not with the number of phrases. White space and a hyphen inside a word join two tokens alike
(``A-fib`` is found as ``A fib``); every other sign is a token of its own (``w/o``, ``C. diff``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

T = TypeVar("T")
K = TypeVar("K")

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?|\S")
_POSSESSIVE = re.compile(r"['’][sS]$|(?<=s)['’]$")
# A line break joins only when the sentence visibly runs on: items of a list must not merge.
_LINE_BREAK = re.compile(r"\n(?!\s*[a-z])|\n\s*\n")


@dataclass(frozen=True, slots=True)
class Token:
    """One word or sign: where it stands, its case-folded form without a possessive ending.

    ``breaks`` says that no phrase may run from the token before into this one.
    """

    start: int
    end: int
    form: str
    breaks: bool = False


def tokenize(text: str) -> list[Token]:
    """Words and signs of ``text`` with character offsets; hyphens inside words are dropped.

    >>> [token.form for token in tokenize("Crohn's, s/p A-fib")]
    ['crohn', ',', 's', '/', 'p', 'a', 'fib']
    """
    tokens: list[Token] = []
    previous_end = 0
    for match in _TOKEN.finditer(text):
        surface, start, end = match.group(), match.start(), match.end()
        if surface in "-‐‑" and _joins(text, start, end):
            continue
        form = _POSSESSIVE.sub("", surface).casefold()
        breaks = "\n" in text[previous_end:start] and bool(
            _LINE_BREAK.search(text, previous_end, start + 1)
        )
        tokens.append(Token(start, end, form, breaks))
        previous_end = end
    return tokens


def _joins(text: str, start: int, end: int) -> bool:
    """Whether the hyphen at ``start`` stands between two letters or digits."""
    return start > 0 and end < len(text) and text[start - 1].isalnum() and text[end].isalnum()


def is_half_a_compound(text: str, start: int, end: int) -> bool:
    """Whether a hyphen ties the span to another word: "mono-articular" is no mononucleosis."""
    after = text[end : end + 2]
    before = text[max(start - 2, 0) : start]
    return (after[:1] == "-" and after[1:].isalpha()) or (
        before[1:] == "-" and before[:1].isalpha()
    )


def read_rows(name: str, columns: Sequence[str]) -> Iterator[list[str]]:
    """Rows of the packaged table ``data/NAME``, tab-separated, below its header and ``#`` lines.

    Raises:
        FormatError: the header or a row does not have ``columns``.

    """
    from codesets.errors import FormatError

    path = resources.files("codesets") / "data" / name
    header: list[str] | None = None
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line or line.startswith("#"):
            continue
        row = line.split("\t")
        if header is None:
            header = row
            if header != list(columns):
                raise FormatError(name, number, f"the columns {', '.join(columns)}")
            continue
        if len(row) != len(columns):
            raise FormatError(name, number, f"{len(columns)} columns, found {len(row)}")
        yield row


class _Node(Generic[T]):
    """One step of a phrase: the tokens that may follow, and what ends here."""

    __slots__ = ("following", "values")

    def __init__(self) -> None:
        self.following: dict[str, _Node[T]] = {}
        self.values: list[T] = []


class PhraseTable(Generic[T]):
    """Phrases and the records they stand for; built once, then only read."""

    def __init__(self, variants: Callable[[str], Sequence[str]]) -> None:
        """``variants(form)`` gives the forms under which a token of text may be listed."""
        self._root: _Node[T] = _Node()
        self._variants = variants

    def add(self, phrase: str, value: T) -> None:
        """List ``value`` under ``phrase``; several values may share one."""
        node = self._root
        # Most phrases are plain words, which need no tokenizing: half the time of loading.
        words = phrase.casefold().split()
        plain = all(map(str.isalnum, words))
        forms = words if plain else [token.form for token in tokenize(phrase)]
        for form in forms:
            following = node.following.get(form)
            if following is None:
                following = node.following[form] = _Node()
            node = following
        node.values.append(value)

    def at(self, tokens: Sequence[Token], position: int) -> list[tuple[int, list[T]]]:
        """Every phrase that begins at ``position``: (position after its last token, values).

        Longest first.
        """
        found: dict[int, list[T]] = {}
        nodes = [self._root]
        index = position
        while nodes and index < len(tokens):
            token = tokens[index]
            if token.breaks and index > position:
                break
            forms = self._variants(token.form)
            nodes = [
                node.following[form] for node in nodes for form in forms if form in node.following
            ]
            index += 1
            values = [value for node in nodes for value in node.values]
            if values:
                found[index] = values
        return sorted(found.items(), reverse=True)

    def find(
        self, tokens: Sequence[Token], keep: Callable[[int, int, list[T]], list[K]]
    ) -> Iterator[tuple[int, int, list[K]]]:
        """Longest phrases from left to right, none overlapping: (first, past the last, kept).

        ``keep(first, last, values)`` says what to report; when nothing, a shorter phrase is tried.
        """
        position = 0
        while position < len(tokens):
            for end, values in self.at(tokens, position):
                kept = keep(position, end, values)
                if kept:
                    yield position, end, kept
                    position = end
                    break
            else:
                position += 1
