"""Naming what a text leaves open: the axis between a default and its siblings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codesets.models import Level
from codesets.specificity import Axis, AxisOption, label_of, name_of, qualifiers
from codesets.wording import is_plain, lists, read_title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codesets.branches import Branch, Tree
    from codesets.library import Library


def class_or_kind(
    parent: Branch, chosen: Branch | None, rivals: Sequence[Branch]
) -> tuple[str, list[tuple[Branch, str]]] | None:
    """The axis between ``chosen`` and its siblings, and each sibling's label on it.

    A class of qualifiers where that is all they differ by ("laterality"), otherwise what their own
    words tell apart.
    """
    if not rivals:
        return None
    settled = parent.title.forms
    own = [qualifiers(rival.title, settled) for rival in rivals]
    kinds = [label_of(rival.title, parent.title) for rival in rivals]
    taken = qualifiers(chosen.title, settled) if chosen is not None else {}
    if not any(kinds):
        for name in dict.fromkeys(name for each in own for name in each):
            if len({each.get(name, "") for each in own} | {taken.get(name, "")}) > 1:
                labelled = [
                    (rival, each[name])
                    for rival, each in zip(rivals, own, strict=True)
                    if name in each and each[name] != taken.get(name)
                ]
                if labelled:
                    return _shown(name), labelled
        return None
    family = [*rivals, chosen] if chosen is not None else list(rivals)
    labels = [
        _full(rival, kind, each) for rival, kind, each in zip(rivals, kinds, own, strict=True)
    ]
    return name_of(family, labels, settled, chosen), list(zip(rivals, labels, strict=True))


def _full(rival: Branch, kind: str, own: dict[str, str]) -> str:
    """The label of a sibling: its own words, with its qualifiers before them."""
    if not kind:
        return ", ".join(own.values()) or rival.code.title
    missing = [label for label in own.values() if label.casefold() not in kind.casefold()]
    return " ".join([*missing, kind])


def _shown(name: str) -> str:
    from codesets.specificity import _NAMES

    return _NAMES[name]


def organism_elsewhere(library: Library, tree: Tree, leaf: Branch) -> Axis | None:
    """The gap of a category whose own title leaves something open ("unspecified organism").

    Its codes cannot say more; the options are the other categories of its section that name the
    same condition with that detail.
    """
    root = tree.root
    names = [name for name in root.title.open_names if name in leaf.title.open_names]
    if not names:
        return None
    lineage = library.lineage(root.code.code)
    sections = [code for code in lineage if code.level is Level.SECTION]
    if not sections:
        return None
    own = {form for group in root.title.groups for form in group if not is_plain(form)}
    options = []
    for category in library.children(sections[-1].code):
        if (
            category.code == root.code.code
            or "classified elsewhere"
            in category.title.casefold().replace("not elsewhere classified", "")
        ):
            continue
        forms = {form for word in read_title(category.title) for form in word.forms}
        if own <= forms and not all(name in category.title.casefold() for name in names):
            options.append(AxisOption(_label(category.title, own), _codes(library, category.code)))
    return Axis(names[0].casefold(), tuple(options)) if options else None


def _codes(library: Library, category: str) -> tuple[str, ...]:
    return tuple(code.code for code in library.descendants(category, valid_only=True)) or (
        category,
    )


def _label(title: str, own: set[str]) -> str:
    """What the category adds to the shared condition: "Streptococcus pneumoniae", "Viral"."""
    words = [
        word
        for word in read_title(title.replace(", not elsewhere classified", ""))
        if any(form not in own and form not in lists().stop for form in word.forms)
    ]
    return title[words[0].start : words[-1].end] if words else title


__all__ = ["class_or_kind", "organism_elsewhere"]
