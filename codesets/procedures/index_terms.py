"""Procedure words of the ICD-10-PCS Index, and the tables that each leads to.

"Appendectomy, see Excision, Appendix; see Resection, Appendix" becomes one sense with two targets.
Terms that only repeat a table under the name of its operation ("Excision, Appendix") say nothing
that the tables do not, and are left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from codesets.procedures.patterns import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from codesets.formats.pcs_index import PcsIndexTerm

_TAIL = re.compile(
    r"^(?:insertion of device in|removal of device from|revision of device in|change device in|"
    r"introduction of substance in or on|imaging|\w+ with qualifier|\w+ using)\b",
    re.IGNORECASE,
)
_NAMED = {
    "insertion of device in": "Insertion",
    "removal of device from": "Removal",
    "revision of device in": "Revision",
    "change device in": "Change",
    "introduction of": "Introduction",
}
_BRACKETED = re.compile(r"\(([^()]*)\)")
_MARK = re.compile(r"\((?:R|TM|tm|r)\)")
_LEAST = 3


@dataclass(frozen=True, slots=True)
class IndexSense:
    """One way to say a procedure.

    ``phrase`` is looked for as it stands; ``needs`` are level forms that must be said with it,
    anywhere. ``targets`` are (operation or "", beginning of a code or "") in printed order.
    ``entry`` is the term as the Index prints it, ``term`` its id there.
    """

    phrase: str
    needs: tuple[str, ...]
    targets: tuple[tuple[str, str], ...]
    entry: str
    term: str = ""

    def to_json(self) -> list[Any]:
        """Plain lists, for the compiled file."""
        targets = [list(target) for target in self.targets]
        return [self.phrase, list(self.needs), targets, self.entry, self.term]

    @classmethod
    def from_json(cls, data: list[Any]) -> Self:
        """What ``to_json`` wrote."""
        phrase, needs, targets, entry, term = data
        return cls(phrase, tuple(needs), tuple((a, b) for a, b in targets), entry, term)


def read_senses(
    index: Iterable[PcsIndexTerm], operations: set[str], prefixes: set[str]
) -> Iterator[IndexSense]:
    """The senses of an index whose targets exist in the tables named ``prefixes``."""
    by_name = {operation.casefold(): operation for operation in operations}
    for term in index:
        main = term.path[0]
        heading = _MARK.sub("", main).strip().casefold()
        if heading in by_name or any(_TAIL.match(part) for part in term.path):
            continue
        targets = [
            target
            for prefix in term.prefixes
            if prefix[:3] in prefixes
            for target in [("", prefix)]
        ]
        for reference in term.see:
            operation = _operation(reference.text, by_name)
            prefix = reference.prefix or ""
            if (prefix and prefix[:3] in prefixes) or (operation and not prefix):
                targets.append((operation, prefix))
        if not targets:
            continue
        needs = tuple(form for part in term.path[1:] for form in words(part))
        for phrase, more in _phrases(main):
            if len(phrase) >= _LEAST:
                entry = ", ".join(term.path)
                found = tuple(dict.fromkeys(targets))
                yield IndexSense(phrase, (*needs, *more), found, entry, term.id)


def _operation(text: str, by_name: dict[str, str]) -> str:
    """The operation that a ``see`` names, or "" where it names another main term."""
    lower = text.casefold()
    for start, operation in _NAMED.items():
        if lower.startswith(start):
            return operation
    for separator in (", ", " with ", " using ", " bleeding"):
        first = lower.partition(separator)[0]
        if first in by_name:
            return by_name[first]
    return by_name.get(lower, "")


def _phrases(main: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The phrases of a main term, each with the words it needs besides.

    >>> list(_phrases("Ligation, hemorrhoid"))
    [('Ligation', ('hemorrhoid',))]
    >>> [phrase for phrase, _ in _phrases("TURP (transurethral resection of prostate)")]
    ['TURP', 'transurethral resection of prostate']
    >>> [phrase for phrase, _ in _phrases("Orchectomy, orchidectomy, orchiectomy")]
    ['Orchectomy', 'orchidectomy', 'orchiectomy']
    """
    main = _MARK.sub("", main).strip()
    outside = " ".join(_BRACKETED.sub(" ", main).split())
    parts = [part.strip() for part in outside.split(",") if part.strip()]
    if not parts:
        return
    if len(parts) > 1 and all(_alike(parts[0], part) for part in parts[1:]):
        for part in parts:
            yield part, ()
        return
    needs = tuple(form for part in parts[1:] for form in words(part))
    yield parts[0], needs
    if len(parts) == 1:
        for inside in _BRACKETED.findall(main):
            # A single word in brackets is an abbreviation or only says where.
            if " " in inside.strip() or inside.strip().isupper():
                yield inside.strip(), ()


def _alike(first: str, second: str) -> bool:
    """Whether two words are spellings of one: "orchectomy" and "orchiectomy"."""
    return " " not in first + second and first[-5:].casefold() == second[-5:].casefold()
