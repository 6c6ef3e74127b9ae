"""Which records of a category a text supports, and by which of its words.

A record is supported when every needed group of one of its wordings (title or inclusion term) is
said, either on its own or on top of a supported parent. A qualifier ("left", "acute", "stage 3")
counts only where it belongs to the condition: in "acute bronchitis and systolic heart failure",
acute says nothing about the heart failure. What is negated never supports; what a title rules out
("without ...") must not be asserted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.asks import Ask, is_needed
from codesets.branches import Branch, Tree, neutral
from codesets.quantities import Range, find_quantities
from codesets.wording import Word, is_head, is_plain, lists, read_text, word_class

if TYPE_CHECKING:
    from collections.abc import Iterable

# Where a qualifier stops looking for what it belongs to.
_BOUNDARY = frozenset(
    (
        *("and", "with", "or", "due", "secondary", "on", "in", "without", "from", "to", "for"),
        *("plus", "but", "since", "after"),
    )
)
# Words that join two qualifiers of one condition ("acute on chronic", "left and right").
_JOINING = frozenset({"and", "or", "on", "to"})
# Origins that a classification distinguishes from the primary condition.
_SECONDARY = frozenset({"secondary", "posttraumatic", "dysplasia"})
# Words that conventions may supply where the text does not say them.
_CONVENTIONAL = frozenset({"primary", "dominant", "nondominant", "single"})


_NOWHERE: list[int] = []


@dataclass(frozen=True, slots=True)
class Support:
    """How the text supports one record.

    ``groups`` are the said forms, one a group, that choosing the category had not settled; ``words`` indexes
    the words of the text that say them; ``assumed`` are words a convention supplies.
    ``stated_absent`` counts the wording's "without" details that the text denies too.
    """

    branch: Branch
    ask: Ask
    groups: frozenset[frozenset[str]]
    words: frozenset[int]
    assumed: frozenset[str] = frozenset()
    unmatched: int = 0
    stated_absent: int = 0
    open_said: int = 0

    @property
    def rank(self) -> tuple[int, ...]:
        """Greater is better: more said, less assumed, less ruled out without being said."""
        said = min(len(self.groups), 1) if self.ask.nos else len(self.groups)
        return (
            # A stated value in the range decides more than a word that any neighbour shares.
            said + self.stated_absent + 2 * int(self.ask.quantity is not None),
            -len(self.assumed),
            -int(self.branch.is_other(self.ask)),
            -self.unmatched,
            self.open_said,
            self.stated_absent - len(self.ask.negated),
            -int(self.ask.nos),
            len(self.words),
            int(self.ask.unspecified),
            -len(self.branch.code.code),
        )


class Reader:
    """One text, read for one category."""

    def __init__(self, text: str, tree: Tree) -> None:
        self.text = text
        self.tree = tree
        self.words = read_text(text)
        self.quantities = find_quantities(text)
        self._said: dict[str, list[int]] = {}
        self._denied: dict[str, list[int]] = {}
        known = lists()
        for index, word in enumerate(self.words):
            for form in word.forms:
                kind = word_class(form)
                tied = kind is not None and kind not in known.everywhere
                if tied and not self._belongs(index):
                    continue
                target = self._denied if word.negated else self._said
                target.setdefault(form, []).append(index)
                whole = known.wholes.get(form)
                if whole in tree.vocabulary and form not in tree.vocabulary:
                    target.setdefault(whole, []).append(index)
        for form, places in self._said.items():
            if len(places) > 1:
                own = [index for index in places if form in self.words[index].own]
                self._said[form] = own or places

    def said(self, form: str) -> list[int]:
        """Where the text asserts the form, as indexes of ``words``.

        Words that are the form itself come alone; only without them, words that imply it.
        """
        return self._said.get(form, _NOWHERE)

    def denied(self, form: str) -> list[int]:
        """Where the text denies the form."""
        return self._denied.get(form, [])

    def has(self, forms: Iterable[str]) -> bool:
        """Whether the text asserts one of the forms."""
        return any(form in self._said for form in forms)

    def measured(self, wanted: Range) -> list[int]:
        """The words of the values that lie in the range."""
        return [
            index
            for quantity in self.quantities
            if quantity.measure is wanted.measure and wanted.covers(quantity.value)
            for index, word in enumerate(self.words)
            if quantity.start <= word.start < quantity.end
        ]

    def category_words(self) -> frozenset[int]:
        """The words that name the category itself."""
        forms = {form for form in self.tree.given if not is_plain(form)}
        return frozenset(index for form in forms for index in self.said(form))

    def speaks_of_category(self) -> bool:
        """Whether any word of the text is one of the category's."""
        return any(form in self._said for form in self.tree.vocabulary)

    # --- what a qualifier belongs to --------------------------------------------------------------

    def _belongs(self, index: int) -> bool:
        """Whether the qualifier at ``index`` belongs to the condition of this category."""
        if any(form in self.tree.vocabulary for form in self.words[index].forms):
            return True
        after = self._scan(index, 1)
        if after is not None:
            return after
        before = self._scan(index, -1)
        if before is not None:
            return before
        return self._clause_of_its_own(index)

    def _scan(self, index: int, step: int) -> bool | None:
        """Look for the nearest head on one side: ours (True), another's (False), or none."""
        clause = self.words[index].clause
        position = index + step
        while 0 <= position < len(self.words) and self.words[position].clause == clause:
            word = self.words[position]
            if any(form in self.tree.vocabulary for form in word.forms):
                return True
            if any(is_head(form) for form in word.forms):
                return False
            joining = word.surface.casefold() in _JOINING and self._between_qualifiers(position)
            if word.surface.casefold() in _BOUNDARY and not joining:
                return None
            position += step
        return None

    def _between_qualifiers(self, position: int) -> bool:
        """Whether a joining word stands between two qualifiers ("acute on chronic")."""
        around = [
            self.words[near] for near in (position - 1, position + 1) if 0 <= near < len(self.words)
        ]
        return len(around) == 2 and all(
            any(word_class(form) for form in word.forms) for word in around
        )

    def _clause_of_its_own(self, index: int) -> bool:
        """Whether the clause names nothing else, and this category stands in the sentence."""
        word = self.words[index]
        ours = False
        for other in self.words:
            if other.sentence != word.sentence:
                continue
            mine = any(form in self.tree.vocabulary for form in other.forms)
            if other.clause == word.clause and not mine and any(map(is_head, other.forms)):
                return False
            ours = ours or mine
        return ours or not self.speaks_anywhere()

    def speaks_anywhere(self) -> bool:
        """Whether some word of the text, in any clause, is one of the category's."""
        vocabulary = self.tree.vocabulary
        return any(form in vocabulary for word in self.words for form in word.forms)


class Matcher:
    """The supported records of one category for one text, worked out once.

    With ``whole`` nothing is taken as settled by the category: each record must be said in full.
    """

    def __init__(self, text: str, tree: Tree, *, whole: bool = False) -> None:
        self.reader = Reader(text, tree)
        self.tree = tree
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
        if self._contradicts(ask):
            return None
        groups: set[frozenset[str]] = set(above.groups) if above else set()
        words: set[int] = set(above.words) if above else set()
        missing: set[frozenset[str]] = set()
        unmatched = 0
        if ask.quantity is not None:
            measured = self.reader.measured(ask.quantity)
            if not measured:
                return None
            groups.add(frozenset({ask.quantity.measure.value}))
            words.update(measured)
        for group in self._groups_of(ask):
            if above is not None and group in branch.assumed_groups:
                continue
            settled = not group.isdisjoint(given)
            hits = [(form, self._where(form, ask)) for form in group if form not in given]
            said = [found for _, found in hits if found]
            forms = {frozenset({form}) for form, found in hits if found}
            if said:
                if not settled and self._asked(group, ask):
                    groups |= forms
                    unmatched += len(group) - len(said)
                    words.update(index for found in said for index in found)
            elif not settled and self._asked(group, ask):
                if group.isdisjoint(self._suppliable):
                    return None
                missing.add(group)
        assumed = self._assumable(missing, words, groups, ask.wording) if missing else frozenset()
        if assumed is None:
            return None
        for form in ask.optional if groups else ():  # nonessential words never choose alone
            if form not in given and not is_plain(form) and (found := self._where(form, ask)):
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
        )

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

    def _where(self, form: str, ask: Ask) -> list[int]:
        """Where the text asserts the form, the nearest side only when it names both."""
        found = self.reader.said(form)
        if found and word_class(form) == "laterality":
            return self._near(form, found, ask)
        return found

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
            return not self.reader.has({self.tree.defaults[form]})
        if form == "dominant":
            return frozenset({"right"}) in groups and not self.reader.has({"nondominant"})
        if form == "nondominant":
            return frozenset({"left"}) in groups and not self.reader.has({"dominant"})
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


def _better(first: Support | None, second: Support | None) -> Support | None:
    if first is None or second is None:
        return first or second
    return second if second.rank > first.rank else first


def _eligible(support: Support, base: Branch | None = None) -> bool:
    """Whether the text says something for it; for an "other specified" wording, what it names."""
    ask = support.ask
    if not support.groups and not support.stated_absent:
        return False
    return not support.branch.is_other(ask, base) or _says_more(support)


def _says_more(support: Support) -> bool:
    """An "other" wording is chosen by what it names, not by words any sibling shares."""
    ask, branch = support.ask, support.branch
    if ask.quantity is not None:
        return True
    shared = branch.assumed.union(*branch.assumed_groups)
    said = {form for group in support.groups for form in group}
    return any(
        is_needed(group) and not group.isdisjoint(said) and group.isdisjoint(shared)
        for group in ask.groups
    )


def default_child(branch: Branch, matcher: Matcher) -> tuple[Branch | None, str]:
    """The child for a text that says no more, and why; None when the classification has none.

    In this order: a title that says "unspecified"; an inclusion term "... NOS"; a title that only
    rules details out; a title that adds nothing; the only child.
    """
    given = matcher.tree.given
    ranked: list[tuple[int, Branch, str]] = []
    for child in branch.children:
        if matcher.contradicted(child):
            continue
        plain = [ask for ask in child.titles if neutral(ask, child, given)]
        if any(ask.unspecified for ask in plain):
            ranked.append((0, child, "unspecified"))
        elif any(term.nos and neutral(term, child, given) for term in child.terms):
            ranked.append((1, child, "nos"))
        elif any(ask.negated and not child.is_other(ask, branch) for ask in plain) or any(
            term.negated and neutral(term, child, given) for term in child.terms
        ):
            ranked.append((2, child, "without"))
        elif any(not ask.other for ask in plain):
            ranked.append((3, child, "same"))
    if ranked:
        first = min(rank for rank, _, _ in ranked)
        chosen = [(child, why) for rank, child, why in ranked if rank == first]
        if len(chosen) == 1:
            return chosen[0]
        narrowed = _single_out(chosen, matcher.reader)
        return narrowed if narrowed is not None else (None, "")
    if len(branch.children) == 1:
        return branch.children[0], "only"
    return None, ""


def _single_out(chosen: list[tuple[Branch, str]], reader: Reader) -> tuple[Branch, str] | None:
    """Among equal defaults, the one whose words are said, or that leaves most open.

    None when they are alike.
    """
    said = [
        sum(bool(reader.said(form)) for form in c.title.open | c.title.forms) for c, _ in chosen
    ]
    if said.count(max(said)) == 1:
        return chosen[said.index(max(said))]
    openness = [len(child.title.open) + len(child.title.negated) for child, _ in chosen]
    best = max(openness)
    if openness.count(best) == 1:
        return chosen[openness.index(best)]
    nines = [pair for pair in chosen if pair[0].code.code.endswith("9")]
    return nines[0] if len(nines) == 1 else None


__all__ = ["Matcher", "Reader", "Support", "Word", "default_child"]
