"""What to document for a condition, and whether a note says it: documented, missing, what changes.

The axes are those on which the codes of the category differ; what the words decide is documented,
and every other axis is a gap with the code that each answer would lead to.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot import messages
from bot.answer import Citation, Gap, Kind
from bot.citing import cite
from bot.coding.built import gap_of
from codesets.branches import tree_of
from codesets.guidelines import load
from codesets.models import Level, NoteKind
from codesets.resolution import resolve
from codesets.specificity import axes
from codesets.wording import read_title
from retrieval.passages import title_passage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.answer import Answer, Blank, Suggestion
    from codesets.library import Library
    from codesets.models import Code, Note
    from codesets.resolution import Resolution
    from codesets.specificity import Axis
    from retrieval.guidelines import GuidelineSearch

_LARGE = 120
"""Categories with more codes than this are asked about where the words lead, not as a whole."""
_SHARE = 0.4
"""Share of the branches that have to differ on a class of words for it to be asked of all."""
_MOST_OPTIONS = 8
_MOST_AXES = 5
_MOST_CODES = 4
_MOST_NOTES = 4
_MOST_SECTIONS = 3


@dataclass(frozen=True, slots=True)
class Standing:
    """How far words document a condition: the code so far, what is said, what is left open."""

    category: Code
    code: Code
    final: bool
    documented: tuple[tuple[str, str], ...]
    missing: tuple[Gap, ...]
    changes: tuple[str, ...]


def standing(library: Library, target: str, words: str) -> Standing:
    """What ``words`` document of the condition whose code is ``target``.

    Raises UnknownCodeError where the release lacks it.
    """
    category = _category(library, target)
    reached = resolve(library, category.code, words)
    start = _start(library, category, reached.code)
    every = _asked(library, start)
    documented = _documented(every, reached, words)
    said = {name for name, _ in documented}
    asked = {axis.name: axis for axis in reached.gaps}
    for axis in every:
        if axis.name not in said and not _repeats(axis, asked.values()):
            asked.setdefault(axis.name, axis)
    missing = [axis for axis in asked.values() if len(axis.options) > 1 and axis.name not in said]
    missing = missing[:_MOST_AXES]
    return Standing(
        category,
        reached.code,
        reached.final,
        documented,
        tuple(_short(gap_of(axis)) for axis in missing),
        tuple(_changes(axis, category) for axis in missing),
    )


def describe(
    blank: Blank,
    library: Library,
    guidelines: GuidelineSearch,
    found: Standing,
    subject: str,
    note: Answer | None,
) -> Answer:
    """The answer: where the words lead, what they document, what is missing and would change.

    ``note`` is the answer about the note in question, None where only the subject was asked about.
    """
    lines = [_verdict(found, subject, note)]
    if found.documented:
        told = "; ".join(f"{axis}: {value}" for axis, value in found.documented)
        lines.append(messages.DOCUMENTED.format(axes=told))
    lines += [
        messages.MISSING.format(axis=gap.axis, options=changes)
        for gap, changes in zip(found.missing, found.changes, strict=True)
    ]
    if not found.missing and (note is None or _named(found, note)):
        lines.append(messages.NOTHING_MISSING)
    beside = _beside(library, found.category)
    cited = _citations(library, guidelines, found, beside)
    cautions = [
        messages.ASKS_BESIDE.format(owner=n.owner, kind=n.kind.value.replace("-", " "), text=n.text)
        for n in beside
    ]
    if found.missing:
        cautions.append(messages.DRAFT_A_QUERY)
    suggestions: tuple[Suggestion, ...] = ()
    if note is not None:
        cited = tuple({c.id: c for c in (*cited, *note.citations)}.values())
        suggestions = tuple(s for s in note.suggestions if s.code[:3] == found.category.code)
        cautions = [*cautions, *note.cautions]
    return replace(
        blank(Kind.CLARIFICATION, "\n".join(lines)),
        suggestions=suggestions,
        citations=cited,
        gaps=found.missing,
        rejected=note.rejected if note is not None else (),
        cautions=tuple(dict.fromkeys(cautions)),
    )


def not_found(blank: Blank, subject: str) -> Answer:
    """The answer where no category goes by the words."""
    said = messages.NO_CATEGORY.format(subject=subject)
    return replace(blank(Kind.CLARIFICATION, said), abstained=said)


def target_of(answer: Answer) -> str | None:
    """The first ICD-10-CM code that an answer leads to: suggested, or among its choices."""
    for suggestion in answer.suggestions:
        if suggestion.system == "icd10cm":
            return suggestion.code
    codes = [code.rstrip("-").rstrip(".") for gap in answer.gaps for code in gap.codes]
    cited = [c.locator for c in answer.citations if c.id.endswith(":title")]
    return next((code for code in (*codes, *cited) if code), None)


def _verdict(found: Standing, subject: str, note: Answer | None) -> str:
    values = {"code": found.code.code, "title": found.code.title, "subject": subject,
              "category": found.category.code}  # fmt: skip
    if note is None:
        form = messages.TO_DOCUMENT if found.missing else messages.ALL_SAID
        return form.format(**values)
    if not _named(found, note):
        return messages.NOTE_DOES_NOT_NAME.format(**values)
    if not found.missing:
        return messages.NOTE_IS_ENOUGH.format(**values)
    form = messages.NOTE_IS_OPEN if found.final else messages.NOTE_IS_NOT_ENOUGH
    return form.format(count=len(found.missing), **values)


def _named(found: Standing, note: Answer) -> bool:
    """Whether the note was coded in the category, or waits there for a choice."""
    codes = [s.code for s in note.suggestions] + [c for gap in note.gaps for c in gap.codes]
    return any(code[:3] == found.category.code for code in codes)


def _repeats(axis: Axis, asked: Iterable[Axis]) -> bool:
    """Whether another axis already asks for it in its labels ("mild persistent asthma")."""
    labels = [option.label.casefold() for option in axis.options]
    for other in asked:
        others = [option.label.casefold() for option in other.options]
        if all(any(label in longer for longer in others) for label in labels):
            return True
    return False


def _changes(axis: Axis, category: Code) -> str:
    """Each option with the code it would lead to, or the codes where other details decide too."""
    parts = []
    for option in axis.options[:_MOST_OPTIONS]:
        shared = gap_of(replace(axis, options=(option,))).codes[0]
        if shared.rstrip("-.") == category.code or len(shared) <= len(category.code):
            more = len(option.codes) - _MOST_CODES
            shared = ", ".join(option.codes[:_MOST_CODES]) + (", …" if more > 0 else "")
        parts.append(f"{option.label} → {shared}")
    return "; ".join(parts)


def _short(gap: Gap) -> Gap:
    return Gap(gap.axis, gap.options[:_MOST_OPTIONS], gap.codes[:_MOST_OPTIONS])


def _category(library: Library, target: str) -> Code:
    lineage = library.lineage(target)
    return next((code for code in lineage if code.level is Level.CATEGORY), lineage[-1])


def _start(library: Library, category: Code, reached: Code) -> Code:
    """Where to ask from: the category, or in a large one the record the words lead to."""
    if len(library.descendants(category.code)) <= _LARGE or reached.code == category.code:
        return category
    above = [code for code in library.lineage(reached.code) if code.code != reached.code]
    return above[-1] if reached.valid else reached


def _asked(library: Library, start: Code) -> tuple[Axis, ...]:
    """The axes asked of every record below ``start``, not of one corner of it."""
    branch = tree_of(library, start.code).find(start.code)
    if branch is None or not branch.children:
        return axes(library, start.code)
    heads = [child.code.code for child in branch.children]
    kept = []
    for axis in axes(library, start.code):
        codes = {code for option in axis.options for code in option.codes}
        held = sum(any(code.startswith(head) for code in codes) for head in heads)
        if held >= _SHARE * len(heads):
            kept.append(axis)
    return tuple(kept)


def _documented(
    every: Sequence[Axis], reached: Resolution, words: str
) -> tuple[tuple[str, str], ...]:
    """The axes on which the words decide; a choice made for lack of words is not one."""
    open_names = {axis.name for axis in reached.gaps}
    forms = {form for word in read_title(words) for form in word.forms}
    found = []
    for axis in every:
        if axis.name in open_names:
            continue
        own = [
            option.label
            for option in axis.options
            if any(_leads(reached.code.code, code) for code in option.codes)
        ]
        said = [
            label
            for label in own
            if forms & {form for word in read_title(label) for form in word.forms}
        ]
        # Where the resolution leaves nothing open, a synonym of the label was said ("HFrEF").
        kept = said or ([] if reached.gaps else own)
        if kept and len(own) < len(axis.options):
            found.append((axis.name, kept[-1]))
    return tuple(found)


def _leads(reached: str, code: str) -> bool:
    return code == reached or code.startswith(f"{reached}") or reached.startswith(code)


def _beside(library: Library, category: Code) -> list[Note]:
    """What the Tabular List asks for beside the codes of the category."""
    wanted = (NoteKind.USE_ADDITIONAL, NoteKind.CODE_FIRST, NoteKind.CODE_ALSO)
    notes = library.notes(category.code, inherited=False)
    return [note for note in notes if note.kind in wanted and note.references][:_MOST_NOTES]


def _citations(
    library: Library, guidelines: GuidelineSearch, found: Standing, beside: Sequence[Note]
) -> tuple[Citation, ...]:
    source = library.release.source
    codes = [found.category]
    if found.code.code != found.category.code:
        codes.append(found.code)
    for name in [code for gap in found.missing for code in gap.codes]:
        record = library.find(name.rstrip("-").rstrip("."))
        if record is not None and record.level is not Level.SECTION:
            codes.append(record)
    cited = [cite(title_passage(code, source)) for code in dict.fromkeys(codes)]
    cited += [
        Citation(
            f"icd10cm:{note.text_release}:{note.passage_id}", source, note.text_release,
            f"{note.owner}, {note.kind.value.replace('-', ' ')}", note.text,
        )
        for note in beside
    ]  # fmt: skip
    entries = [e for e in load().sections_for(found.category.code) if _of_chapter(e.number)]
    for entry in entries[:_MOST_SECTIONS]:
        section = guidelines.section(entry.number)
        if section is not None:
            cited.append(
                Citation(
                    section.passage.id, section.citation.label, section.citation.fiscal_year,
                    section.citation.locator, f"{section.citation.title}: {section.entry.rule}",
                )
            )  # fmt: skip
    return tuple({citation.id: citation for citation in cited}.values())


def _of_chapter(number: str) -> bool:
    """Whether a section is a chapter's own: external causes and wide rules touch every code."""
    return number.startswith("I.C.") and not number.startswith(("I.C.20", "I.C.21"))
