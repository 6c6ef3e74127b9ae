"""The way a coder finds a code: the lead term of the Alphabetic Index, its subterms, the Tabular.

Each step offers the entries that exist there and somebody chooses one of them, so that whatever is
chosen ends at a record of the release. Without an installed index the way begins at the categories
that the search found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.models import IndexTerm, Level, NoteKind
from codesets.notation import undotted
from codesets.wording import is_plain, read_text, read_title
from retrieval.passages import STEP, PassageKind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from codesets.indexes import IndexFile
    from codesets.library import Library
    from codesets.models import Code
    from retrieval.search import Candidate

    Choose = Callable[[str, Sequence[str]], int | None]

MOST_LEADS = 10
MOST_ENTRIES = 24
_INDEX_STEPS = 3
_TABULAR_STEPS = 2
_REMARK = "Note:"
_LONGEST_NOTE = 120
_BRACKETS = re.compile(r"\s*[(\[][^)\]]*[)\]]")
_WEIGHED = (NoteKind.EXCLUDES1, NoteKind.EXCLUDES2, NoteKind.INCLUDES)


@dataclass(frozen=True, slots=True)
class Walk:
    """Where a walk ended: a record of the release, and the steps that led there."""

    code: str
    steps: tuple[str, ...]


class Elsewhere(Exception):  # noqa: N818  # no failure: nothing offered is about the text
    """Whoever chooses found nothing here about the text."""


def walk(
    text: str,
    candidates: Sequence[Candidate],
    library: Library,
    index: IndexFile | None,
    choose: Choose,
) -> Walk | None:
    """The code that ``choose`` reaches for ``text``; None where it finds nothing about it.

    ``choose(reached, entries)`` gives the number of an entry, None to stop at what was reached, and
    raises Elsewhere. ``candidates`` tell where to begin.
    """
    try:
        if index is None:
            code = _category(candidates, library, choose)
            steps: tuple[str, ...] = ()
        else:
            steps, code = _through_index(text, candidates, index, choose)
        record = library.find(code) if code else None
        if record is None:
            return None
        below = _through_tabular(record, library, choose)
    except Elsewhere:
        return None
    return Walk(below.code, (*steps, below.code))


def _category(candidates: Sequence[Candidate], library: Library, choose: Choose) -> str:
    stems = dict.fromkeys(candidate.code[:3] for candidate in candidates)
    records = [r for stem in stems if (r := library.find(stem)) is not None][:MOST_LEADS]
    if not records:
        return ""
    chosen = choose("nothing yet", [f"{record.code} {record.title}" for record in records])
    return "" if chosen is None else records[chosen].code


def _through_index(
    text: str, candidates: Sequence[Candidate], index: IndexFile, choose: Choose
) -> tuple[tuple[str, ...], str]:
    """The path taken through the index and the code at its end, "" where it has none."""
    leads = _leads(text, candidates, index)
    if not leads:
        return (), ""
    chosen = choose("nothing yet", [_entry(term) for term in leads])
    if chosen is None:
        return (), ""
    found = {candidate.code[:3] for candidate in candidates[:MOST_LEADS]}
    term = _followed(leads[chosen], index)
    for _ in range(_INDEX_STEPS):
        below = _nearest(text, _terms(index.below(term.id)), found)
        if not below:
            break
        chosen = choose(_reached(term), [_entry(each) for each in below])
        if chosen is None:
            break
        term = _followed(below[chosen], index)
    return term.path, _printed(term)


def _through_tabular(record: Code, library: Library, choose: Choose) -> Code:
    """From the record the index names to a code that stands for all the text says."""
    for step in range(_TABULAR_STEPS):
        around = _around(record, library, wide=step == 0)
        if len(around) < 2:
            return record
        notes = "; ".join(
            f"{note.kind.value} at {note.owner}: {note.text[:_LONGEST_NOTE]}"
            for note in library.notes(record.code)
            if note.kind in _WEIGHED
        )
        reached = f"{record.code} {record.title}" + (f" [{notes[:600]}]" if notes else "")
        chosen = choose(reached, [f"{each.code} {each.title}" for each in around])
        if chosen is None or around[chosen].code == record.code:
            return record
        record = around[chosen]
        if record.valid:
            return record
    return record


def _around(record: Code, library: Library, *, wide: bool) -> list[Code]:
    """What a coder reads in the Tabular at ``record``: what is below it, else what is beside it."""
    below = library.children(record.code)
    if not below and wide and record.parent and len(record.code) > 3:  # a valid code: its siblings
        below = library.children(record.parent)
    named = [each for each in below if each.level not in (Level.CHAPTER, Level.SECTION)]
    return [] if _is_expansion(named) else named[:MOST_ENTRIES]


def _is_expansion(records: Sequence[Code]) -> bool:
    """Whether all that is left is the 7th character, which the text's own words decide."""
    return bool(records) and all(len(undotted(each.code)) == 7 for each in records)


def _leads(text: str, candidates: Sequence[Candidate], index: IndexFile) -> list[IndexTerm]:
    """Main terms to begin with: those of the entries found, then those the text names."""
    mains = index.main_terms()
    found = [
        _BRACKETS.sub("", match.passage.text.split(STEP)[0]).strip()
        for candidate in candidates
        for match in candidate.matches
        if match.passage.kind is PassageKind.INDEX
    ]
    words = {word.surface.casefold() for word in read_text(text)}
    words |= {form for word in read_text(text) for form in word.forms if not is_plain(form)}
    named = [title for title in mains if title.split(",")[0].casefold() in words]
    titles = dict.fromkeys(title for title in (*found, *named) if title in mains)
    terms = _terms(t for title in titles if (t := index.term(mains[title])) is not None)
    return terms[:MOST_LEADS]


def _nearest(text: str, terms: list[IndexTerm], found: Collection[str]) -> list[IndexTerm]:
    """The subterms worth reading: those that share words or lead near what was found come first."""
    terms = [term for term in terms if not term.title.startswith(_REMARK)]
    if len(terms) <= MOST_ENTRIES:
        return terms
    said = {form for word in read_text(text) for form in word.forms if not is_plain(form)}

    def rank(term: IndexTerm) -> int:
        if any(said.intersection(word.forms) for word in read_title(term.title)):
            return 0
        return 1 if any(code[:3] in found for code in term.codes) else 2

    kept = {term.id for term in sorted(terms, key=rank)[:MOST_ENTRIES]}
    return [term for term in terms if term.id in kept]


def _followed(term: IndexTerm, index: IndexFile) -> IndexTerm:
    """The term that a "see" sends to, where the term has no code and the other exists."""
    if term.codes or not term.see:
        return term
    parts = [part.strip() for part in term.see[0].split(",")]
    mains = index.main_terms()
    for length in range(len(parts), 0, -1):  # a main term's title may hold commas itself
        title = ", ".join(parts[:length])
        key = next((mains[each] for each in mains if each.casefold() == title.casefold()), None)
        key = key or next(
            (mains[each] for each in mains
             if length == 1 and each.split(",")[0].casefold() == title.casefold()), None,
        )  # fmt: skip
        if key is not None:
            return _descended(key, parts[length:], index) or term
    return term


def _descended(key: str, steps: Sequence[str], index: IndexFile) -> IndexTerm | None:
    term = index.term(key)
    for step in steps:
        if not isinstance(term, IndexTerm):
            return None
        below = _terms(index.below(term.id))
        term = next((t for t in below if step.casefold() in t.title.casefold().split(", ")), None)
    return term if isinstance(term, IndexTerm) else None


def _terms(terms: Iterable[object]) -> list[IndexTerm]:
    return [term for term in terms if isinstance(term, IndexTerm)]


def _entry(term: IndexTerm) -> str:
    said = term.title + (f" ({', '.join(term.modifiers)})" if term.modifiers else "")
    if term.codes:
        return f"{said} → {', '.join(term.codes)}"
    return f"{said} (see {term.see[0]})" if term.see else said


def _reached(term: IndexTerm) -> str:
    return STEP.join(term.path) + (f" → {', '.join(term.codes)}" if term.codes else "")


def _printed(term: IndexTerm) -> str:
    return term.codes[0].rstrip("-").rstrip(".") if term.codes else ""
