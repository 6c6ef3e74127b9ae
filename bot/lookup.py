"""One code as of a date: what it is, whether it may be reported, which notes govern it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from bot import lookup_procedures, messages
from bot.errors import NotReadyError
from bot.informing import information_json, information_lines
from codesets import notation
from codesets.errors import ReleaseUnavailableError, UnknownCodeError
from codesets.models import Level, NoteKind, System

if TYPE_CHECKING:
    from datetime import date

    from rich.console import RenderableType

    from bot.answer import AxisNote
    from codesets.indexes import IndexEntry
    from codesets.information import CodeInformation
    from codesets.library import Library
    from codesets.models import Code, Note, Release
    from codesets.releases import ReleaseStore

_MAX_OFFERED = 12
_MAX_ENTRIES = 30

HEADINGS = {
    NoteKind.INCLUDES: "Includes",
    NoteKind.INCLUSION_TERM: "Inclusion terms",
    NoteKind.EXCLUDES1: "Excludes1 (never together, save for unrelated conditions, I.A.12.a)",
    NoteKind.EXCLUDES2: "Excludes2 (not included here; both may be coded)",
    NoteKind.CODE_FIRST: "Code first",
    NoteKind.USE_ADDITIONAL: "Use additional code",
    NoteKind.CODE_ALSO: "Code also",
    NoteKind.NOTE: "Note",
    NoteKind.SEVENTH_CHARACTER: "7th character",
}


@dataclass(frozen=True, slots=True)
class Lookup:
    """A code on a day.

    ``choices`` are the valid codes below it when it is not valid itself; ``entries`` the terms of
    the installed indexes that lead to it; ``axes`` take an ICD-10-PCS code apart.
    ``information`` is what lists and groupers say beside the code, None where it was not asked for.
    """

    day: date
    governing: Release
    code: Code
    effective_from: date | None
    effective_to: date | None
    lineage: tuple[Code, ...]
    notes: tuple[Note, ...]
    replaced_by: tuple[Code, ...]
    choices: tuple[Code, ...]
    entries: tuple[IndexEntry, ...] = ()
    axes: tuple[AxisNote, ...] = ()
    information: CodeInformation | None = None

    @property
    def valid(self) -> bool:
        """Whether it may be reported for a date of service ``day``."""
        return self.code.valid and self.code.release == self.governing.id

    def headline(self) -> str:
        """The verdict in one or two sentences."""
        names = {"code": self.code.code, "title": self.code.title, "day": self.day.isoformat()}
        if self.valid:
            return messages.VALID.format(**names)
        if self.code.level in (Level.CHAPTER, Level.SECTION):
            return messages.NOT_VALID_SECTION.format(level=self.code.level.value, **names)
        if self.effective_to is not None and self.effective_to < self.day:
            verdict = messages.NOT_VALID_DELETED.format(last=self.effective_to.isoformat(), **names)
        elif self.effective_from is not None and self.effective_from > self.day:
            verdict = messages.NOT_VALID_YET.format(first=self.effective_from.isoformat(), **names)
        else:
            verdict = messages.NOT_VALID_CATEGORY.format(**names)
        return f"{verdict} {self._offer()}".rstrip()

    def _offer(self) -> str:
        """What to report instead, or nothing where nothing is known."""
        offered = self.replaced_by or self.choices
        if not offered:
            return ""
        form = messages.REPLACED_BY if self.replaced_by else messages.CHOOSE
        named = ", ".join(f"{c.code} {c.title}" for c in offered[:_MAX_OFFERED])
        more = len(offered) - _MAX_OFFERED
        return form.format(codes=named + (f", and {more} more" if more > 0 else ""))

    def to_json(self) -> dict[str, Any]:
        """The document of `codecite code --json`."""
        return {
            "system": self.code.system.value,
            "code": self.code.code,
            "title": self.code.title,
            "valid": self.valid,
            "release": self.governing.id,
            "effective": {
                "from": self.effective_from.isoformat() if self.effective_from else None,
                "to": self.effective_to.isoformat() if self.effective_to else None,
            },
            "lineage": [
                {"code": c.code, "title": c.title, "level": c.level.value} for c in self.lineage
            ],
            "notes": [
                {"kind": n.kind.value, "from": n.owner, "text": n.text, "citation": citation_id(n)}
                for n in self.notes
            ],
            "replaced_by": [c.code for c in self.replaced_by],
            "index_entries": [
                {"path": list(e.path), "code": e.printed, "release": e.release, "role": e.role}
                for e in self.entries
            ],
            "choices": [{"code": c.code, "title": c.title} for c in self.choices],
            "axes": [asdict(axis) for axis in self.axes],
            "information": information_json(self.information),
        }


def citation_id(note: Note) -> str:
    """The id under which an answer cites this note."""
    return f"icd10cm:{note.text_release}:{note.passage_id}"


def lookup(store: ReleaseStore, text: str, day: date, system: System | None = None) -> Lookup:
    """Find a code, in any spelling, as of ``day``; in ``system``, or the one it is of.

    Raises ReleaseUnavailableError when nothing installed governs the day, NotReadyError for a CPT
    code without licensed files, NotationError when the text cannot be a code, UnknownCodeError with
    the nearest codes when no release has it.
    """
    system = system or _system_of(store, text, day)
    try:
        library = store.library_for(system, day)
    except ReleaseUnavailableError:
        if system is System.CPT and not any(r.system is system for r in store.installed()):
            code = text.strip().upper()[:5]
            raise NotReadyError(messages.CPT_NOT_INSTALLED.format(code=code)) from None
        raise
    if system is not System.ICD10CM:
        return _procedure(store, library, text, day)
    name = notation.normalize(text)
    everywhere = store.everywhere(name)
    record = library.find(name)
    if record is None and everywhere:
        record = _closest_in_time([code for _, code in everywhere], store, day)
    if record is None:
        raise UnknownCodeError(name, tuple(code.code for code in library.nearest(name)))
    first, last = _effective(store, everywhere)
    home = library if record.release == library.release.id else _home(store, record, everywhere)
    return Lookup(
        day=day,
        governing=library.release,
        code=record,
        effective_from=first,
        effective_to=last,
        lineage=tuple(home.lineage(record.code)),
        notes=tuple(home.notes(record.code)),
        replaced_by=tuple(library.replacements(record.code)),
        choices=_choices(home, record),
        entries=tuple(store.entries_for_code(record.code, day)) if _is_indexed(record) else (),
    )


def _is_indexed(record: Code) -> bool:
    """Whether the Alphabetic Index can lead to it: chapters and sections are in none."""
    return record.system is System.ICD10CM and record.level not in (Level.CHAPTER, Level.SECTION)


def _system_of(store: ReleaseStore, text: str, day: date) -> System:
    """The first system of the code's shape whose release of the day knows it; else by its shape."""
    possible = notation.possible_systems(text)
    for system in possible:
        with suppress(ReleaseUnavailableError):  # then it cannot be what knows the code
            if store.library_for(system, day).find(text) is not None:
                return system
    installed = {release.system for release in store.installed()}
    return next((s for s in possible if s in installed), next(iter(possible), System.ICD10CM))


def _procedure(store: ReleaseStore, library: Library, text: str, day: date) -> Lookup:
    """A code of a system without notes; its own dates say when it is valid."""
    record = lookup_procedures.find(store, library, lookup_procedures.spelled(text), day)
    table = library.find(record.parent) if record.parent else None
    first, last = record.effective_from, record.effective_to
    if record.system is System.ICD10PCS:
        known = [r for r in store.everywhere(record.code) if r[0].system is System.ICD10PCS]
        first, last = _effective(store, known)
    return Lookup(
        day=day,
        governing=library.release,
        code=record,
        effective_from=first,
        effective_to=last,
        lineage=(table, record) if table is not None else (record,),
        notes=(),
        replaced_by=tuple(library.replacements(record.code)),
        choices=(),
        axes=lookup_procedures.axes(store, record, day),
    )


def _closest_in_time(codes: list[Code], store: ReleaseStore, day: date) -> Code:
    starts = {release.id: release.effective_from for release in store.installed()}
    return min(codes, key=lambda code: abs((starts[code.release] - day).days))


def _home(store: ReleaseStore, record: Code, everywhere: list[tuple[Release, Code]]) -> Library:
    release = next(release for release, code in everywhere if code.release == record.release)
    return store.library(release)


def _effective(
    store: ReleaseStore, everywhere: list[tuple[Release, Code]]
) -> tuple[date | None, date | None]:
    """First and last day on which installed releases accept the code.

    The first day is None when the oldest installed release already has it, the last day None while
    the newest one still does: nothing more is known.
    """
    valid = [release for release, code in everywhere if code.valid]
    if not valid:
        return None, None
    system = valid[0].system
    installed = sorted(
        (r for r in store.installed() if r.system is system), key=lambda r: r.effective_from
    )
    first = min(valid, key=lambda release: release.effective_from)
    last = max(valid, key=lambda release: release.effective_from)
    known = next(code for release, code in everywhere if release is first).effective_from
    begins = known or (None if first.id == installed[0].id else first.effective_from)
    ends = None if last.id == installed[-1].id else last.effective_to
    return begins, ends


def _choices(library: Library, record: Code) -> tuple[Code, ...]:
    if record.valid or record.level in (Level.CHAPTER, Level.SECTION):
        return ()
    return tuple(library.descendants(record.code))


def lookup_view(record: Lookup) -> RenderableType:
    """The lookup as a terminal shows it."""
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    parts: list[RenderableType] = [Text(record.headline(), style="bold"), Text("")]
    for depth, step in enumerate(record.lineage):
        parts.append(Text(f"{'  ' * depth}{step.code}  {step.title}"))
    by_kind: dict[NoteKind, list[Note]] = {}
    for note in record.notes:
        by_kind.setdefault(note.kind, []).append(note)
    for kind, notes in by_kind.items():
        parts += [Text(""), Text(HEADINGS[kind], style="bold")]
        parts += [
            Padding(
                Text(f"• {n.text}" + ("" if n.owner == record.code.code else f"  (at {n.owner})")),
                (0, 0, 0, 2),
            )
            for n in notes
        ]
    if record.entries:
        parts += [Text(""), Text("Index entries", style="bold")]
        parts += [
            Padding(Text(f"{', '.join(e.path)}  {e.printed}  ({e.release})"), (0, 0, 0, 2))
            for e in record.entries[:_MAX_ENTRIES]
        ]
        if len(record.entries) > _MAX_ENTRIES:
            more = len(record.entries) - _MAX_ENTRIES
            parts.append(Padding(Text(f"and {more} more"), (0, 0, 0, 2)))
    if record.choices:
        parts += [Text(""), Text("Valid codes below it", style="bold")]
        parts += [Padding(Text(f"{c.code}  {c.title}"), (0, 0, 0, 2)) for c in record.choices[:60]]
        if len(record.choices) > 60:
            parts.append(Padding(Text(f"and {len(record.choices) - 60} more"), (0, 0, 0, 2)))
    if record.axes:
        parts += [Text(""), Text("Character by character", style="bold")]
        parts += [
            Padding(
                Text.assemble(
                    (f"{axis.character} ", "bold"),
                    f"{axis.axis}: {axis.label}",
                    (f"  {axis.definition}" if axis.definition else "", "dim"),
                ),
                (0, 0, 0, 2),
            )
            for axis in record.axes
        ]
    if record.information is not None:
        parts += [Text(""), Text("Beside the code", style="bold")]
        parts += [
            Padding(Text(line), (0, 0, 0, 2)) for line in information_lines(record.information)
        ]
    days = [
        f"from {record.effective_from}" if record.effective_from else "",
        f"until {record.effective_to}" if record.effective_to else "",
    ]
    effective = " ".join(day for day in days if day)
    parts += [
        Text(""),
        Text(
            f"{record.code.system.value} {record.governing.id} · date of service {record.day}"
            + (f" · effective {effective}" if effective else ""),
            style="dim",
        ),
    ]
    return Group(*parts)
