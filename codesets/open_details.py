"""What a resolved text leaves open: the details a record tells apart and nobody has said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.gaps import class_or_kind, organism_elsewhere
from codesets.specificity import Axis, AxisOption, expand, seventh_name
from codesets.wording import is_plain, word_class

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from codesets.branches import Branch, Tree
    from codesets.library import Library
    from codesets.models import Code, SeventhCharacter
    from codesets.seventh import Choice
    from codesets.support import Matcher


@dataclass(frozen=True, slots=True)
class OpenDetails:
    """One text against one category; ``leads_to`` gives the valid codes below a record."""

    library: Library
    tree: Tree
    matcher: Matcher
    leads_to: Callable[[Branch], list[Code]]

    def axes(
        self,
        branch: Branch,
        defaulted: Collection[Branch],
        assumed: bool,
        choice: Choice | None,
    ) -> list[Axis]:
        """The axes open at ``branch``.

        ``defaulted`` are records above it that an inclusion term "NOS" chose, ``assumed`` says that
        a convention supplied a word of it, ``choice`` is what became of its 7th character.
        """
        gaps: dict[str, Axis] = {}

        def add(axis: Axis | None) -> None:
            if axis is not None and axis.options:
                gaps.setdefault(axis.name, axis)

        by_nos = set(map(id, defaulted))
        for child in branch.lineage():
            if child.parent is not None and (id(child) in by_nos or _leaves_open(child)):
                add(self._gap_between(child.parent, child))
        if branch.children:
            add(self._gap_between(branch, None))
        elif assumed:
            parent = branch.parent
            if parent is not None:
                add(self._gap_between(parent, branch))
        add(organism_elsewhere(self.library, self.tree, branch))
        if choice is not None and (choice.chosen is None or choice.unspecified):
            add(self._seventh_gap(branch, choice))
        order = [axis for name, axis in gaps.items() if name == "organism"]
        return order + [axis for name, axis in gaps.items() if name != "organism"]

    def _gap_between(self, parent: Branch, chosen: Branch | None) -> Axis | None:
        """What tells the siblings of the default apart, each with the code it would lead to."""
        rivals = [
            child
            for child in parent.children
            if child is not chosen
            and not self.matcher.contradicted(child)
            and (chosen is None or self._agrees(child, chosen))
            and (chosen is None or self._is_kind_of(child, chosen))
        ]
        naming = class_or_kind(parent, chosen, rivals)
        if naming is None:
            return None
        name, labelled = naming
        options: dict[str, list[str]] = {}
        for child, label in labelled:
            options.setdefault(label, []).extend(code.code for code in self.leads_to(child))
        return Axis(
            name,
            tuple(
                AxisOption(label, tuple(dict.fromkeys(codes)))
                for label, codes in options.items()
                if codes
            ),
        )

    def _agrees(self, rival: Branch, chosen: Branch) -> bool:
        """Whether the rival keeps every qualifier the text gives ("left" stays left)."""
        said = {
            form
            for form in chosen.title.forms
            if _is_qualifier(form) and self.matcher.reader.said(form)
        }
        if not rival.children and not said <= rival.title.forms:
            return False
        classes = {word_class(form) for form in said}
        return all(
            form in said or word_class(form) not in classes
            for form in rival.title.forms
            if _is_qualifier(form)
        )

    def _is_kind_of(self, rival: Branch, chosen: Branch) -> bool:
        """Whether the rival refines the condition the default names, rather than being another."""
        parent = chosen.parent
        settled = self.tree.given
        if parent is not None and parent.parent is not None:
            settled = settled | parent.title.forms
        required = {
            form
            for form in chosen.title.forms - settled
            if not is_plain(form) and not _is_qualifier(form)
        }
        wordings = [*rival.titles, *(ask for below in rival.children for ask in below.titles)]
        return any(required <= ask.forms for ask in wordings)

    def _seventh_gap(self, stem: Branch, choice: Choice) -> Axis:
        meanings = [seventh.meaning for seventh in stem.sevenths]
        silent = choice.chosen.character if choice.chosen is not None else None
        return Axis(
            seventh_name(meanings),
            tuple(
                AxisOption(seventh.meaning, (expand(stem.code.code, seventh.character),))
                for seventh in stem.sevenths
                if seventh.character != silent and not self.ruled_out(seventh)
            ),
        )

    def ruled_out(self, seventh: SeventhCharacter) -> bool:
        """A fracture not said to be open is closed; one said to be open is not closed."""
        words = seventh.meaning.split()
        is_open = bool(self.matcher.reader.said("open"))
        return ("open" in words and not is_open) or ("closed" in words and is_open)


def _leaves_open(child: Branch) -> bool:
    """Whether the record leaves open what its parent does not leave open already."""
    title = child.title
    above = child.parent.title if child.parent is not None else title
    if not title.unspecified:
        return False
    return bool(title.open - above.open) or not title.open


def _is_qualifier(form: str) -> bool:
    return word_class(form) is not None
