"""Which condition of a text a side belongs to.

In "fracture of left radius and right ulna" each side is one part's. A record is of a side only
where the side stands with its part, or straight after the words that are the record's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codesets.wording import is_plain, lists, word_class

if TYPE_CHECKING:
    from codesets.asks import Ask
    from codesets.branches import Branch, Tree
    from codesets.reading import Reader


class Sides:
    """The sides of one text, for the records of one category."""

    def __init__(self, reader: Reader, tree: Tree) -> None:
        self.reader = reader
        self.tree = tree

    def where(self, form: str, ask: Ask, branch: Branch) -> list[int]:
        """Where the text asserts the form; of a side, where it is one of this record's part."""
        found = self.reader.said(form)
        if found and form in ("left", "right"):
            found = [index for index in found if self._is_side_of(index, branch)]
            return self._near(form, found, ask) if found else found
        return found

    def _is_side_of(self, index: int, branch: Branch) -> bool:
        """Whether a side stands before a part of this record, not one of a sibling's."""
        head = self.reader.head_after(index)
        if head is None or self._names_between(index, head, branch):
            return True
        if self._names_before(index, branch):
            return True
        forms = self.reader.words[head].forms
        if branch.parent is not None and branch.parent.title.unspecified:
            return True  # "right radius" is a side of the forearm that no part is told of
        return any(form in branch.family for form in forms) or not any(
            form in lists().body and form in self.tree.vocabulary for form in forms
        )

    def _names_between(self, index: int, head: int, branch: Branch) -> bool:
        """Whether the record's own words stand before the part ("left intertrochanteric hip")."""
        own = branch.title.forms - self.tree.given
        return any(
            form in own and word_class(form) is None and not is_plain(form)
            for word in self.reader.words[index + 1 : head]
            for form in word.forms
        )

    def _names_before(self, index: int, branch: Branch) -> bool:
        """Whether the record's own words stand straight before a side ("... of right hip").

        A part that the side then names is where the condition is: the hip of a femur.
        """
        own = branch.title.forms - self.tree.given
        words = self.reader.words
        while index and words[index - 1].clause == words[index].clause:
            index -= 1
            forms = words[index].forms
            if any(f in own and word_class(f) is None and not is_plain(f) for f in forms):
                return True
            if not all(form in self.tree.given or is_plain(form) for form in words[index].own):
                return False
        return False

    def _near(self, form: str, found: list[int], ask: Ask) -> list[int]:
        """Of several sides in one text, the one that stands nearest to the wording's own words."""
        other = "right" if form == "left" else "left" if form == "right" else None
        if other is None or not (rivals := self.reader.said(other)):
            return found
        own = [
            index
            for group in ask.groups
            for own_form in group
            if word_class(own_form) is None and not is_plain(own_form)
            for index in self.reader.said(own_form)
        ]
        if not own:
            return found
        words = self.reader.words

        def distance(index: int) -> int:
            return min(
                abs(index - mine) + 50 * (words[index].clause != words[mine].clause) for mine in own
            )

        nearest = min(map(distance, found))
        return (
            [i for i in found if distance(i) == nearest]
            if nearest <= min(map(distance, rivals))
            else []
        )
