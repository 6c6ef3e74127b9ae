"""Which table a procedure word leads to: the operation by its objective, the system by the words.

Where words name several operations ("nephrostomy" is Bypass or Drainage), the rules of
``choices.tsv`` decide by what else is said, then the tables do: an operation whose tables have no
value for the body part is not meant.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from codesets.procedures import lexicon
from codesets.procedures.layers import OPERATIONS, systems_of
from codesets.procedures.patterns import key
from codesets.procedures.rows import Fit, Weigher
from codesets.procedures.support import Supporter
from codesets.procedures.vocabulary import vocabulary_of

if TYPE_CHECKING:
    from codesets.procedures.book import ProcedureBook, Table
    from codesets.procedures.lexicon import Sense
    from codesets.procedures.mentions import Mention
    from codesets.procedures.reading import Reading

_CUT_OUT = {"Excision", "Resection"}


@dataclass(frozen=True, slots=True)
class Option:
    """A table that the words may mean, its best rows, and who weighed them.

    ``body`` says whether the text names a body part of the table; ``words`` are the procedure's.
    """

    table: Table
    fits: tuple[Fit, ...]
    score: float
    body: bool
    supporter: Supporter
    sense: Sense
    words: frozenset[int]


@dataclass(frozen=True, slots=True)
class Objective:
    """Which of a word's operations are meant: ``because`` one of several, by ``words``."""

    operations: tuple[str, ...]
    dropped: tuple[str, ...] = ()
    because: str = ""
    words: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables meant (``best``: several where the text does not tell), and those passed over."""

    mention: Mention
    objective: Objective
    best: tuple[Option, ...]
    others: tuple[Option, ...]


def find_tables(
    book: ProcedureBook,
    reading: Reading,
    mention: Mention,
    foreign: frozenset[int],
    systems: frozenset[str] = frozenset(),
) -> Tables | None:
    """The tables of a mention; ``foreign`` are the words of the text's other procedures."""
    best: Tables | None = None
    for partly in (False, True):
        for sense in mention.senses:
            found = _of_sense(
                book, reading, mention, _portioned(sense, reading), foreign, systems, partly
            )
            if best is None or _score(found) > _score(best):
                best = found
        if best is not None and any(option.body for option in best.best):
            break
    return best


def _portioned(sense: Sense, reading: Reading) -> Sense:
    """The sense, with Excision among its operations where a name of Resection is said in part.

    ICD-10-PCS guideline B3.8: Resection is all of a body part, Excision a portion of it.
    """
    if sense.operations != ("Resection",) or "partial" not in reading.cues:
        return sense
    scopes = [scope[:2] + "B" if len(scope) > 2 else scope for scope in sense.scopes]
    return replace(sense, operations=("Excision", "Resection"), scopes=(*sense.scopes, *scopes))


def _score(tables: Tables) -> float:
    return max((option.score + 5 * option.body for option in tables.best), default=-1.0)


def _of_sense(
    book: ProcedureBook,
    reading: Reading,
    mention: Mention,
    sense: Sense,
    foreign: frozenset[int],
    systems: frozenset[str],
    partly: bool,
) -> Tables:
    supporter = Supporter(
        reading, vocabulary_of(book), sense, mention.words, foreign, partly=partly
    )
    weigher = Weigher(supporter)
    meant_tables = _deepest(
        [
            (table, prefix)
            for table in book.tables.values()
            if table.operation in sense.operations
            for prefix in _prefixes(table, sense)
        ],
        reading,
    )
    options = [
        Option(w.table, w.fits, w.score, w.body, supporter, sense, mention.words)
        for w in weigher.weigh(meant_tables)
    ]
    objective = _objective(sense, reading, options)
    meant = [option for option in options if option.table.operation in objective.operations]
    if any(option.body for option in meant):
        meant = [option for option in meant if option.body]
    top = max((option.score for option in meant), default=-1.0)
    best_options = tuple(option for option in meant if option.score == top and option.fits)
    if len(best_options) > 1 and not any(option.body for option in best_options):
        # "Colonoscopy with biopsy": the way in tells the body system.
        near = tuple(option for option in best_options if option.table.prefix[1] in systems)
        near = near or tuple(option for option in best_options if _is_reached(option, reading))
        best_options = near or best_options
    if len(objective.operations) > 1 and best_options:
        left = tuple(dict.fromkeys(option.table.operation for option in best_options))
        if len(left) == 1:
            dropped = tuple(o for o in objective.operations if o not in left)
            because = "no table of the other operations has what the text says"
            objective = Objective(left, dropped, because)
    others = tuple(
        sorted((o for o in options if o not in best_options), key=lambda o: (-o.body, -o.score))
    )
    return Tables(mention, objective, best_options, others)


def _is_reached(option: Option, reading: Reading) -> bool:
    """Whether a table has a body part that the way in reaches: "ERCP with stone extraction"."""
    return any(key(value.label) in reading.reach for fit in option.fits for value in fit.values[4])


def _deepest(tables: list[tuple[Table, str]], reading: Reading) -> list[tuple[Table, str]]:
    """The tables of the deepest layer that the text names; all where it names none (B3.5)."""
    if not reading.layer:
        return tables
    systems = systems_of(reading.layer)
    kept = [
        (table, prefix)
        for table, prefix in tables
        if table.operation in OPERATIONS and table.system in systems
    ]
    return kept or tables


def _prefixes(table: Table, sense: Sense) -> list[str]:
    """The beginnings of codes to look for in the table; empty where the sense does not mean it."""
    found = []
    for scope in sense.scopes:
        if scope == "":
            # The Index names the operation alone; new technology has tables by its own names only.
            if table.prefix[0] != "X":
                found.append("")
        elif len(scope) > 3 and scope.startswith(table.prefix):
            found.append(scope)
        elif table.prefix.startswith(scope):
            found.append("")
    return list(dict.fromkeys(found))


def _objective(sense: Sense, reading: Reading, options: list[Option]) -> Objective:
    """Of several operations the one that the objective calls for (the definitions decide)."""
    possible = tuple(
        o for o in sense.operations if any(option.table.operation == o for option in options)
    )
    if len(possible) < 2:
        return Objective(possible)
    for choice in lexicon.choices():
        if choice.takes not in possible or not set(possible) <= choice.operations:
            continue
        words: set[int] = set()
        for cue in choice.cues:
            said = cue.removeprefix("!") in reading.cues
            if said == cue.startswith("!"):
                break
            words |= reading.cues.get(cue, set())
        else:
            dropped = tuple(o for o in possible if o != choice.takes)
            return Objective((choice.takes,), dropped, choice.because, frozenset(words))
    whole = sense.entry and all(len(scope) > 3 for scope in sense.scopes)
    if set(possible) == _CUT_OUT and whole and sense.phrase.casefold().endswith("ectomy"):
        because = "the word names the whole body part and the text says nothing of a portion"
        return Objective(("Resection",), ("Excision",), because)
    return Objective(possible)
