"""Which records of a category a text supports, and by which of its words.

A record is supported when every needed group of one of its wordings (title or inclusion term) is
said, either on its own or on top of a supported parent. A qualifier ("left", "acute", "stage 3")
counts only where it belongs to the condition: in "acute bronchitis and systolic heart failure",
acute says nothing about the heart failure. What is negated never supports; what a title rules out
("without ...") must not be asserted.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from codesets.asks import Ask, is_needed
from codesets.reading import Reader
from codesets.sides import Sides
from codesets.wording import is_head, is_plain, lists, word_class

if TYPE_CHECKING:
    from codesets.branches import Branch, Tree

# Origins that a classification distinguishes from the primary condition.
_SECONDARY = frozenset({"secondary", "posttraumatic", "dysplasia"})
# Words that conventions may supply where the text does not say them.
_CONVENTIONAL = frozenset({"primary", "dominant", "nondominant", "single"})
_MULTIPLES = frozenset({"twin", "triplet", "quadruplet", "quintuplet", "multiple", "sextuplet"})
_PHRASE = 400
"""Characters of a text whose matchers are kept: one question asks them again for each candidate."""


@dataclass(frozen=True, slots=True)
class Support:
    """How the text supports one record.

    ``groups`` are the said forms, one a group, that choosing the category had not settled;
    ``words`` indexes the words of the text that say them; ``assumed`` are words a convention
    supplies. ``stated_absent`` counts the wording's "without" details that the text denies too.
    """

    branch: Branch
    ask: Ask
    groups: frozenset[frozenset[str]]
    words: frozenset[int]
    assumed: frozenset[str] = frozenset()
    unmatched: int = 0
    stated_absent: int = 0
    open_said: int = 0
    names_other: bool = False
    side_lost: bool = False

    @property
    def rank(self) -> tuple[int, ...]:
        """Greater is better: more said, less assumed, less ruled out without being said."""
        # A trimester tells apart what is told otherwise; it never chooses a condition.
        times = sum(all(form.startswith("trimester=") for form in g) for g in self.groups)
        said = len(self.groups) - times
        said = min(said, 1) if self.ask.nos else said
        return (
            # A stated value in the range decides more than a word that any neighbour shares.
            said
            + self.stated_absent
            + 4 * int(self.ask.quantity is not None)
            - int(self.side_lost),
            times,
            -len(self.assumed),
            int(self.branch.is_other(self.ask)) * (1 if self.names_other else -1),
            -self.unmatched,
            self.open_said,
            self.stated_absent - len(self.ask.negated),
            -int(self.ask.nos),
            len(self.words),
            int(self.ask.unspecified),
            (-1 if self.ask.unspecified else 1) * len(self.branch.code.code),
        )


def matcher_of(text: str, tree: Tree, *, whole: bool = False) -> Matcher:
    """The matcher of ``text`` and ``tree``; of a phrase the one made before, if it is still kept.

    Candidates of one question share their categories, and search and answer ask the same again.
    """
    if len(text) > _PHRASE:
        return Matcher(text, tree, whole=whole)
    return _kept(text, tree, whole)


@lru_cache(maxsize=256)
def _kept(text: str, tree: Tree, whole: bool) -> Matcher:
    return Matcher(text, tree, whole=whole)


class Matcher:
    """The supported records of one category for one text, worked out once.

    With ``whole`` nothing is taken as settled by the category: each record must be said in full.
    """

    def __init__(self, text: str, tree: Tree, *, whole: bool = False) -> None:
        self.reader = Reader(text, tree)
        self.tree = tree
        self._sides = Sides(self.reader, tree)
        self._whole = whole
        self._given = frozenset[str]() if whole else tree.given
        self._own: dict[str, Support | None] = {}
        self._suppliable = _CONVENTIONAL | tree.defaults.keys()
        for branch in tree.root.walk():
            self._own[branch.code.code] = self._support(branch)

    def support(self, branch: Branch) -> Support | None:
        """How the text supports the record itself; None when it does not."""
        return self._own[branch.code.code]

    def best(self, branch: Branch) -> Support | None:
        """The best supported record at or below ``branch`` that the text says something for."""
        found = [
            support
            for below in branch.walk()
            if (support := self._own[below.code.code]) is not None and _eligible(support)
        ]
        return max(found, key=lambda support: support.rank, default=None)

    def ranked(self) -> list[Support]:
        """Every supported record that the text says something for, the best first."""
        found = [s for s in self._own.values() if s is not None and s.groups and _eligible(s)]
        return sorted(found, key=lambda support: support.rank, reverse=True)

    def is_of_other_course(self) -> bool:
        """Whether the text says another course than the category's ("chronic", of an acute one)."""
        own = {form for form in self.tree.root.title.forms if word_class(form) == "acuity"}
        said = {form for form in self.reader.forms if word_class(form) == "acuity"}
        return bool(own and said) and own.isdisjoint(said)

    def near(self, taken: Support | None) -> list[Branch]:
        """Records of which the text says something that the chosen one does not, yet not all.

        The best first: "morbid" is said of codes whose titles ask for a cause as well.
        """
        used = {form for group in taken.groups for form in group} if taken else set()
        scored: list[tuple[int, int, Branch]] = []
        for order, branch in enumerate(self.tree.root.walk()):
            if self._own[branch.code.code] is not None or branch.title.other:
                continue
            settled = self._given | (branch.parent.title.forms if branch.parent else frozenset())
            said = {
                form
                for form in branch.title.forms - settled
                if self.reader.said(form) and not is_plain(form) and word_class(form) is None
            }
            if said - used:
                scored.append((-len(said - used), order, branch))
        return [branch for _, _, branch in sorted(scored, key=lambda item: item[:2])]

    def below(self, branch: Branch) -> Support | None:
        """The best supported record below ``branch``, taking ``branch`` itself as settled."""
        settled = Support(branch, branch.title, frozenset(), frozenset())
        found: list[Support] = []
        self._descend(branch, settled, found, branch)
        return max(found, key=lambda support: support.rank, default=None)

    def _descend(
        self, branch: Branch, above: Support | None, found: list[Support], base: Branch
    ) -> None:
        for child in branch.children:
            support = self._own[child.code.code]
            if above is not None:
                given = self._given | child.assumed
                for ask in (*child.titles, *child.terms):
                    support = _better(support, self._match(child, ask, given, above))
            if support is not None and _eligible(support, base):
                found.append(support)
            self._descend(child, support, found, base)

    def contradicted(self, branch: Branch) -> bool:
        """Whether the text asserts what the title rules out."""
        return self._contradicts(branch.title)

    def _support(self, branch: Branch) -> Support | None:
        best: Support | None = None
        for ask in branch.titles:
            best = _better(best, self._match(branch, ask, self._given, None))
        for term in branch.terms:
            best = _better(best, self._match(branch, term, self._given, None))
        parent = branch.parent
        above = self._own.get(parent.code.code) if parent is not None else None
        if above is not None and (above.words or not self._whole):
            given = self._given | branch.assumed
            for ask in (*branch.titles, *branch.terms):
                best = _better(best, self._match(branch, ask, given, above))
        return best

    def _match(
        self, branch: Branch, ask: Ask, given: frozenset[str], above: Support | None
    ) -> Support | None:
        """Match one wording; ``above`` lends what already supports the parent."""
        if self._falls_short(branch, ask, given, above) or self._contradicts(ask):
            return None
        if ask.finding and not all(map(self._denials, ask.negated)):
            return None
        # What the category's own title says tells none of its records apart.
        lends = above is not None and above.branch.parent is not None
        groups = _lent(above, ask) if above and lends else set()
        words: set[int] = set(above.words) if above and lends else set()
        missing: set[frozenset[str]] = set()
        unmatched = 0
        if ask.quantity is not None:
            measured = self.reader.measured(ask.quantity)
            if not measured:
                return None
            groups.add(frozenset({ask.quantity.measure.value}))
            words.update(measured)
        for group in self._groups_of(ask):
            inherited = above is not None and group in branch.assumed_groups
            settled = inherited or not group.isdisjoint(given)
            hits = [
                (form, self._sides.where(form, ask, branch)) for form in group if form not in given
            ]
            said = [found for _, found in hits if found]
            forms = {frozenset({form}) for form, found in hits if found}
            if said:
                # Of alternatives the parent lists, those that are said still tell children apart.
                told = inherited and len(group) > 1
                if told or (not settled and self._asked(group, ask)):
                    groups |= forms
                    values = {form.partition("=")[2] for form in group}
                    unmatched += len(group) - len(said) if len(values) > 1 or "" in values else 0
                    words.update(index for found in said for index in found)
            elif not settled and self._asked(group, ask):
                if group.isdisjoint(self._suppliable):
                    return None
                missing.add(group)
        assumed = self._assumable(missing, words, groups, ask.wording) if missing else frozenset()
        if assumed is None:
            return None
        for form in ask.optional if groups else ():  # nonessential words never choose alone
            if (
                form not in given
                and not is_plain(form)
                and (found := self._sides.where(form, ask, branch))
            ):
                groups.add(frozenset({form}))
                words.update(found)
        # An "unspecified dislocation" is a dislocation when the text says so.
        for form in ask.open - given - lists().body:
            if is_head(form) and (found := self.reader.said(form)):
                groups.add(frozenset({form}))
                words.update(found)
        denials = [self._denials(phrase) for phrase in ask.negated]
        words.update(index for found in denials for index in found)
        return Support(
            branch,
            ask,
            frozenset(groups),
            frozenset(words),
            assumed | (above.assumed if above else frozenset()),
            unmatched,
            sum(bool(found) for found in denials),
            sum(bool(self.reader.said(form)) for form in ask.open),
            self.reader.names_other,
            branch.side_open and self.reader.has({"left", "right"}),
        )

    def _falls_short(
        self, branch: Branch, ask: Ask, given: frozenset[str], above: Support | None
    ) -> bool:
        """Whether some needed group is plainly unsaid: most records end here."""
        said = self.reader.forms
        for group in ask.groups:
            if said.isdisjoint(group) and given.isdisjoint(group) and is_needed(group):
                if above is not None and group in branch.assumed_groups:
                    continue
                if self._suppliable.isdisjoint(group):
                    return True
        return False

    def _groups_of(self, ask: Ask) -> tuple[frozenset[str], ...]:
        """What must be said; of a wording said in full, also what it leaves open.

        "Unspecified encephalopathy" is an encephalopathy, though it asks for no kind of one.
        """
        if self._whole and ask.unspecified and not any(is_needed(g) for g in ask.groups):
            return (*ask.groups, *(frozenset({form}) for form in sorted(ask.open)))
        return ask.groups

    def _asked(self, group: frozenset[str], ask: Ask) -> bool:
        """Whether the text must say one of the group.

        A kind of body part ("bone") is asked for only where nothing else tells the title apart.
        """
        if is_needed(group):
            return True
        if ask.unspecified or group.isdisjoint(lists().parts):
            return False
        return all(
            other is group or not is_needed(other) or not other.isdisjoint(self._given)
            for other in ask.groups
        )

    def _contradicts(self, ask: Ask) -> bool:
        """Whether the text asserts what the wording rules out."""
        for phrase in ask.negated:
            told = [form for form in phrase if not is_plain(form) and form not in self._given]
            if told and all(self.reader.said(form) for form in told):
                return True
        return False

    def _denials(self, phrase: frozenset[str]) -> list[int]:
        """The words that deny a ruled-out phrase, empty unless the text denies all of it."""
        told = [form for form in phrase if not is_plain(form)]
        found = [self.reader.denied(form) for form in told]
        return [index for places in found for index in places] if found and all(found) else []

    # --- conventions ------------------------------------------------------------------------------

    def _assumable(
        self,
        missing: set[frozenset[str]],
        words: set[int],
        groups: set[frozenset[str]],
        wording: str,
    ) -> frozenset[str] | None:
        """The missing words when conventions supply every one of them, otherwise None."""
        assumed: set[str] = set()
        sided = any("left" in g or "right" in g or "bilateral" in g for g in groups)
        for group in missing:
            form = next(
                (f for f in sorted(group) if self._supplied(f, groups, sided, wording)), None
            )
            if form is None:
                return None
            assumed.add(form)
        return frozenset(assumed) if words else None

    def _supplied(self, form: str, groups: set[frozenset[str]], sided: bool, wording: str) -> bool:
        if form in self.tree.defaults:
            return not self.reader.has(self.tree.defaults[form])
        if form == "dominant":
            return frozenset({"right"}) in groups and not self.reader.has({"nondominant"})
        if form == "nondominant":
            return frozenset({"left"}) in groups and not self.reader.has({"dominant"})
        if form == "single" and "liveborn infant" in wording.casefold():
            return not self.reader.has(_MULTIPLES)  # Index: Newborn (singleton)
        if form == "single":
            return "episode" in wording.casefold() and not self.reader.has({"recurrent"})
        if form == "primary":
            return sided and self._contrasts()
        return False

    def _contrasts(self) -> bool:
        """Whether the category sets "primary" against secondary and post-traumatic forms."""
        return any(
            not _SECONDARY.isdisjoint(child.title.forms) for child in self.tree.root.children
        ) and not self.reader.has(_SECONDARY)


def _lent(above: Support, ask: Ask) -> set[frozenset[str]]:
    """What a supported parent lends: of alternatives in its title, only those the child keeps."""
    listed = {form for group in above.ask.groups if len(group) > 1 for form in group}
    return {group for group in above.groups if group.isdisjoint(listed) or group <= ask.forms}


def _better(first: Support | None, second: Support | None) -> Support | None:
    if first is None or second is None:
        return first or second
    return second if second.rank > first.rank else first


def _eligible(support: Support, base: Branch | None = None) -> bool:
    """Whether the text says something for it; for an "other specified" wording, what it names."""
    ask = support.ask
    if not support.groups and not support.stated_absent:
        return False
    if ask.other and support.names_other:
        return True
    return not support.branch.is_other(ask, base) or _says_more(support)


def _says_more(support: Support) -> bool:
    """An "other" wording is chosen by what it names, not by words any sibling shares."""
    ask, branch = support.ask, support.branch
    if ask.quantity is not None:
        return True
    shared = branch.assumed.union(*branch.assumed_groups)
    said = {form for group in support.groups for form in group}
    # Below "Other osteomyelitis" a site says nothing of what kind it is.
    above = branch.parent if branch.parent is not None and branch.parent.parent else None
    sites = lists().body if ask.other and above and above.title.other else frozenset()
    return any(
        is_needed(group)
        and not group.isdisjoint(said)
        and group.isdisjoint(shared)
        and not all(form in sites or (sites and word_class(form) == "laterality") for form in group)
        for group in ask.groups
    )
