"""Our own word lists (``data/*.tsv``): procedure words, what phrases name, cues and choices."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from codesets.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Implied:
    """What a procedure word says of one axis.

    ``labels`` are the values meant; ``assumed`` where it only says what is usual, so that the
    text may say otherwise; ``open`` where silence must not settle the axis.
    """

    position: int
    labels: tuple[str, ...]
    assumed: bool = False
    open: bool = False


@dataclass(frozen=True, slots=True)
class Sense:
    """One reading of a procedure phrase.

    ``rank`` is n for a procedure's own name, g for a general word, w for a way in. ``scopes`` are
    beginnings of table names, or of whole codes in senses of the Index; ``words`` more words that
    the phrase says. ``needs`` are cues, with ``!`` where they must not be said. ``entry`` is the
    Index term it comes from and ``term`` that term's id, or "".
    """

    phrase: str
    rank: str
    operations: tuple[str, ...]
    scopes: tuple[str, ...]
    implied: tuple[Implied, ...] = ()
    words: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    entry: str = ""
    term: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """When several operations are possible, which one the cues call for, and why."""

    operations: frozenset[str]
    cues: tuple[str, ...]
    takes: str
    because: str


@cache
def senses() -> tuple[Sense, ...]:
    """The readings of ``procedures.tsv``, one for every phrase of a line."""
    columns = ("phrases", "rank", "operations", "scope", "says", "needs")
    found = []
    for phrases, rank, operations, scope, says, needs in read_rows("procedures.tsv", columns):
        implied, words = _says(says)
        found += [
            Sense(
                phrase,
                rank,
                tuple(_split(operations, ",")),
                tuple(_split(scope, ",")),
                implied,
                words,
                tuple(needs.split()),
            )
            for phrase in _split(phrases, "|")
        ]
    return tuple(found)


@cache
def aliases() -> tuple[tuple[int, str, tuple[str, ...]], ...]:
    """What phrases name on an axis: (position, phrase, labels)."""
    found = []
    for position, phrases, labels in read_rows("aliases.tsv", ("position", "phrases", "labels")):
        named = tuple(_split(labels, " / "))
        found += [(int(position), phrase, named) for phrase in _split(phrases, "|")]
    return tuple(found)


@cache
def sayings() -> tuple[tuple[str, str], ...]:
    """What a word of clinical speech says in the words of the tables: (phrase, words)."""
    rows = read_rows("words.tsv", ("phrases", "says"))
    return tuple((phrase, says) for phrases, says in rows for phrase in _split(phrases, "|"))


@cache
def expansions() -> tuple[tuple[str, str], ...]:
    """Shorthand and the words it stands for; capitals are shorthand only as capitals."""
    return tuple(
        (short, words) for short, words in read_rows("expansions.tsv", ("shorthand", "stands_for"))
    )


@cache
def cues() -> tuple[tuple[str, str], ...]:
    """Words that tell objectives apart: (phrase, cue)."""
    rows = read_rows("cues.tsv", ("cue", "phrases"))
    return tuple((phrase, cue) for cue, phrases in rows for phrase in _split(phrases, "|"))


@cache
def choices() -> tuple[Choice, ...]:
    """The rules of ``choices.tsv`` in order."""
    columns = ("operations", "cues", "takes", "because")
    return tuple(
        Choice(frozenset(_split(operations, ",")), tuple(said.split()), takes, because)
        for operations, said, takes, because in read_rows("choices.tsv", columns)
    )


@cache
def reaches() -> tuple[tuple[str, frozenset[str]], ...]:
    """Ways of looking, and the labels of the body parts that each reaches: (phrase, labels)."""
    return tuple(
        (phrase, frozenset(_split(parts, "|")))
        for ways, parts in read_rows("reach.tsv", ("ways", "parts"))
        for phrase in _split(ways, "|")
    )


@cache
def stems() -> tuple[tuple[str, str], ...]:
    """Beginnings of procedure words and the body parts they name, longest first."""
    found = [(stem, says) for stem, says in read_rows("stems.tsv", ("stem", "says"))]
    return tuple(sorted(found, key=lambda pair: -len(pair[0])))


@cache
def endings() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Endings of procedure words and the operations they can mean."""
    rows = read_rows("endings.tsv", ("ending", "operations"))
    return tuple((ending, tuple(_split(operations, ","))) for ending, operations in rows)


def stems_of(word: str) -> list[str]:
    """The body parts that a procedure word is made of, left to right.

    >>> stems_of("gastrojejunostomy"), stems_of("salpingectomy"), stems_of("anatomy")
    (['stomach', 'jejunum'], ['fallopian tube'], [])
    """
    ending = next((end for end, _ in endings() if word.endswith(end)), None)
    if ending is None:
        return []
    found: list[str] = []
    rest = word[: -len(ending)] + "o"
    while len(rest) > 1:
        hit = next(((s, says) for s, says in stems() if rest.startswith(s)), None)
        if hit is None:
            return found
        found.append(hit[1])
        # A vowel joins one stem to the next: gastr-o-jejun.
        rest = rest[len(hit[0]) :].lstrip("aeio")
    return found


def _says(text: str) -> tuple[tuple[Implied, ...], tuple[str, ...]]:
    implied = []
    words: tuple[str, ...] = ()
    for part in _split(text, ";"):
        if part.startswith("w="):
            words = tuple(part[2:].split())
            continue
        position, mark, label = int(part[0]), part[1], part[2:].strip()
        asked = label == "?"
        labels = () if asked else (label,)
        implied.append(Implied(position, labels, assumed=mark == "~", open=asked))
    return tuple(implied), words


def _split(text: str, separator: str) -> list[str]:
    return [part.strip() for part in text.split(separator) if part.strip()]


def read_rows(name: str, columns: Sequence[str]) -> Iterator[list[str]]:
    """Rows of one list of ``data`` below its header and ``#`` lines."""
    path = resources.files("codesets") / "procedures" / "data" / name
    header: list[str] | None = None
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line or line.startswith("#"):
            continue
        row = line.split("\t")
        expected = list(columns)
        if (header is None and row != expected) or len(row) != len(expected):
            raise FormatError(name, number, f"the columns {', '.join(columns)}")
        if header is None:
            header = row
        else:
            yield row
