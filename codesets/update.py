"""Turn one release into the next by its addenda: codes added, deleted and revised."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from codesets.draft import DraftRecord, common_title, level_of
from codesets.errors import FormatError
from codesets.models import Level, NoteKind
from codesets.notation import dotted, undotted

if TYPE_CHECKING:
    from datetime import date

    from codesets.draft import Draft
    from codesets.formats.addenda import Addenda

_BLOCKS = frozenset({Level.CHAPTER, Level.SECTION})


def apply_addenda(draft: Draft, addenda: Addenda, release: str, day: date, name: str) -> None:
    """Change ``draft`` in place into ``release``, which takes effect on ``day``.

    Added codes hang under the record their own characters name. Where no record has those
    characters, one is made and titled from the codes under it. A deleted code that has codes under
    it now stays as their parent, no longer valid; another is retired: kept for questions about it,
    no longer part of the tree. Deleted codes are replaced by what ``addenda.replacements`` says,
    else by the valid codes now under them.

    Raises:
        FormatError: the addenda do not fit the draft (a code added twice, deleted but unknown,
            another title than the one revised or deleted, other counts). ``name`` is their file.

    """
    _check_count(draft, addenda.codes_before, name)
    last_day = day.fromordinal(day.toordinal() - 1)
    draft.release = release
    made: list[DraftRecord] = []
    for code, title in addenda.added.items():
        if code in draft.records and draft.records[code].valid:
            raise FormatError(name, None, f"a new code, not {code}, which is already valid")
        record = _add(draft, code, title, made)
        record.text_release, record.effective_from = release, day
    for code, title in addenda.deleted.items():
        _delete(draft, code, title, last_day, name)
    for code, revision in addenda.revised.items():
        record = _known(draft, code, revision.before, name)
        record.title, record.text_release = revision.after, release
    _title(made, addenda, release, day)
    _move_terms(draft, addenda, name)
    for code in addenda.deleted:
        draft.replacements[code] = addenda.replacements.get(code) or _valid_under(draft, code)
    _check_replacements(draft, name)
    _check_leaves(draft, name)
    _check_count(draft, addenda.codes_after, name)


def _add(draft: Draft, code: str, title: str, made: list[DraftRecord]) -> DraftRecord:
    key = undotted(code)
    if len(key) == 7:
        stem_key = key[:6].rstrip("X")
        stem = draft.chain(key[:-1], []) if dotted(key[:-1]) in draft.records else None
        category = draft.records.get(key[:3])
        above = stem or (draft.nearest_above(stem_key) if category is not None else None)
        if above is not None and any(
            seventh.character == key[6] for seventh in draft.extensions_of(above)
        ):
            stem = stem or draft.chain(stem_key, made)
            return draft.extend(stem, key[6], title)
    parent = draft.chain(key[:-1], made) if len(key) > 3 else draft.block_of(key)
    record = DraftRecord(code, title, level_of(key, True), draft.release, valid=True)
    return draft.add(record, parent)


def _delete(draft: Draft, code: str, title: str, last_day: date, name: str) -> None:
    record = _known(draft, code, title, name)
    record.valid, record.effective_to = False, last_day
    record.level = level_of(record.key, False)
    emptied: DraftRecord | None = record
    while emptied is not None and not emptied.children and emptied.level not in _BLOCKS:
        above = emptied.parent
        draft.retire(emptied, last_day)
        emptied = above


def _known(draft: Draft, code: str, title: str, name: str) -> DraftRecord:
    record = draft.records.get(code)
    if record is None or not record.valid:
        raise FormatError(name, None, f"{code} to be a valid code of the release before")
    if _plain(record.title) != _plain(title):
        raise FormatError(name, None, f"{code} with the title {record.title!r}, not {title!r}")
    return record


def _plain(title: str) -> str:
    """A title without accents: official code files print plain ASCII, the Tabular List does not."""
    decomposed = unicodedata.normalize("NFKD", title)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _title(made: list[DraftRecord], addenda: Addenda, release: str, day: date) -> None:
    for record in made:
        titles = [under.title for under in record.walk() if under.valid]
        record.title = addenda.parents.get(record.code) or common_title(titles)
        record.text_release, record.effective_from = release, day


def _move_terms(draft: Draft, addenda: Addenda, name: str) -> None:
    for code, term in addenda.moved_terms:
        record = draft.records.get(code)
        kept = [
            note
            for note in (record.notes if record else [])
            if not (note.kind is NoteKind.INCLUSION_TERM and note.text == term)
        ]
        if record is None or len(kept) == len(record.notes):
            raise FormatError(name, None, f"an inclusion term {term!r} at {code}")
        record.notes = kept


def _valid_under(draft: Draft, code: str) -> tuple[str, ...]:
    record = draft.records.get(code)
    return tuple(under.code for under in record.walk() if under.valid) if record else ()


def _check_replacements(draft: Draft, name: str) -> None:
    for code, replacements in draft.replacements.items():
        for replacement in replacements:
            if replacement not in draft.records or not draft.records[replacement].valid:
                raise FormatError(name, None, f"a valid code in place of {code}, not {replacement}")


def _check_leaves(draft: Draft, name: str) -> None:
    for record in draft.walk():
        if record.valid and record.children:
            raise FormatError(
                name, None, f"{record.code} deleted, for {record.children[0].code} is under it"
            )


def _check_count(draft: Draft, expected: int, name: str) -> None:
    if draft.valid_count() != expected:
        raise FormatError(name, None, f"{expected} valid codes, not {draft.valid_count()}")
