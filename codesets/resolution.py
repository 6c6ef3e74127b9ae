"""From a candidate to the most specific valid code that the words of a text support.

The walk starts at any record: a category, a subcategory, a valid code. It goes up while the text
does not say what the record asks for (specificity is never inferred), then down to the record
whose distinguishing words are all said, and where the text says no more to the choice the
classification keeps for that ("unspecified", "NOS", "without"). What the text leaves open becomes
a gap with its options; where no such choice exists the result is not final and lists the codes to
choose from.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from codesets.branches import Branch, Tree, tree_of
from codesets.defaults import default_child
from codesets.entries import entry_words
from codesets.explanation import assumption, default_step, listed, rivals, spans_of
from codesets.notation import find_codes
from codesets.open_details import OpenDetails
from codesets.seventh import Choice, choose
from codesets.specificity import Axis, expand, seventh_name
from codesets.support import Support, matcher_of
from codesets.wording import is_plain, word_class

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codesets.library import Library
    from codesets.models import Code

_MOST_ALTERNATIVES = 24
_MOST_NEAR = 4
# Qualifiers that say nothing against the condition an index entry leads to.
_APART = frozenset({"intent", "encounter", "laterality"})


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a text supports below one category.

    ``final`` says that ``code`` is valid and nothing had to be guessed; otherwise ``code`` is the
    furthest record the text reaches and ``alternatives`` the valid codes to choose from. Of a
    final code ``alternatives`` are codes of which the text says something, but not all they ask.
    ``spans`` are half-open character offsets of the words that decided. ``gaps`` are details not
    given, each option with the codes it would lead to. ``also`` are further codes of the same
    category that other words of the text support. ``steps`` say in plain words how the code was
    reached.
    """

    code: Code
    spans: tuple[tuple[int, int], ...]
    gaps: tuple[Axis, ...]
    alternatives: tuple[Code, ...]
    steps: tuple[str, ...]
    final: bool
    also: tuple[Code, ...] = ()


def resolve(library: Library, code: str, text: str, entries: Sequence[str] = ()) -> Resolution:
    """Resolve ``code`` (category, subcategory, stem or valid code, in any spelling) for ``text``.

    ``entries`` are wordings of the Alphabetic Index that give ``code`` ("Cellulitis > foot"). Where
    the text says all of one, the classification has decided that far (I.B.1): the choice is made
    at or below ``code``, though no title repeats the words.

    Raises:
        UnknownCodeError: the release has no such code, or it is a chapter or section.

    """
    tree = tree_of(library, code)
    start = tree.find(library.get(code).code) or tree.root
    said = (entry_words(text, entry) for entry in entries)
    entered = max(said, key=len, default=frozenset[int]())
    return _Walk(library, tree, text, entered).run(start)


@dataclass(slots=True)
class _End:
    """Where a walk ended: a leaf, or the record below which it could not choose."""

    branch: Branch
    defaults: list[tuple[Branch, Branch, str]] = field(default_factory=list)  # parent, child, why
    words: set[int] = field(default_factory=set)
    assumed: set[str] = field(default_factory=set)
    steps: list[str] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        return not self.branch.children


class _Walk:
    """One text against one category."""

    def __init__(
        self, library: Library, tree: Tree, text: str, entry: frozenset[int] = frozenset()
    ) -> None:
        self.library = library
        self.tree = tree
        self.text = text
        self.matcher = matcher_of(text, tree)
        self.entry = entry
        self.open = OpenDetails(library, tree, self.matcher, self._leads_to)

    def run(self, start: Branch) -> Resolution:
        steps: list[str] = []
        scope, support = self._scope(start, steps)
        end = self._down(scope, support)
        steps += end.steps
        choice = choose(end.branch.sevenths, self.matcher.reader) if end.branch.sevenths else None
        words = set(end.words) | self.entry | self.matcher.reader.category_words()
        for form in end.branch.title.open | end.branch.title.forms:
            if not is_plain(form):
                words.update(self.matcher.reader.said(form))
        code, final = self._compose(end, choice, steps, words)
        gaps = self.open.axes(
            end.branch,
            [child for _, child, why in end.defaults if why == "nos"],
            bool(end.assumed),
            choice,
        )
        alternatives = self._near(end, support) if final else self._choices(end)
        return Resolution(
            code=code,
            spans=self._spans(words),
            gaps=tuple(gaps),
            alternatives=alternatives,
            steps=tuple(steps),
            final=final,
            also=self._also(end, support),
        )

    # --- up ---------------------------------------------------------------------------------------

    def _scope(self, start: Branch, steps: list[str]) -> tuple[Branch, Support | None]:
        """The record to go down from, and what supports it."""
        named = {code for code, _, _ in find_codes(self.text)}
        best = self.matcher.best(start)
        if start.code.code in named or any(c.startswith(start.code.code) for c in named):
            return start, best
        if best is None and self.entry:
            return self._entered(start, steps)
        if best is None and not self.matcher.reader.speaks_of_category():
            return self._bare(start, steps), None
        scope = start
        while best is None and scope.parent is not None:
            scope = scope.parent
            best = self.matcher.best(scope)
        step = scope
        while step.parent is not None:
            step = step.parent
            wider = self.matcher.best(step)
            if wider is not None and (best is None or _extends(wider, best)):
                scope, best = step, wider
        if scope is not start and start.parent is not None:
            self._explain_up(start, scope, best, steps)
        return scope, best

    def _entered(self, start: Branch, steps: list[str]) -> tuple[Branch, Support | None]:
        """Stay where the index leads, unless the text says that and more of another record."""
        reader = self.matcher.reader
        if start.side_open and start.parent is not None and reader.has({"left", "right"}):
            start = start.parent  # an entry names the site, and the text its side
        own = self.entry - reader.category_words()
        shared = self.tree.root.title.forms
        telling = {
            index
            for index, word in enumerate(reader.words)
            if shared.isdisjoint(word.forms)
            and not all(word_class(form) in _APART or is_plain(form) for form in word.forms)
        }
        step = start
        while step.parent is not None:
            step = step.parent
            wider = self.matcher.best(step)
            if wider is not None and wider.words >= own and (wider.words - own) & telling:
                return step, wider
        if start.parent is not None:
            quotes = listed(self._quotes(self.entry))
            steps.append(
                f"The Alphabetic Index leads from {quotes} to {start.code.code} "
                f"({start.code.title})."
            )
        return start, None

    def _bare(self, start: Branch, steps: list[str]) -> Branch:
        """Keep a record that the text names in other words, but none of its qualifiers."""
        scope = start
        while (
            scope.parent is not None
            and scope.title.forms - scope.parent.title.forms
            and all(
                form in scope.assumed or _is_qualifier(form)
                for form in scope.title.forms - scope.parent.title.forms
            )
        ):
            scope = scope.parent
        if scope is not start:
            steps.append(
                f"The text does not say what {start.code.code} adds ({start.code.title}), "
                f"so the choice is made again under {scope.code.code}."
            )
        return scope

    def _explain_up(
        self, start: Branch, scope: Branch, best: Support | None, steps: list[str]
    ) -> None:
        if best is not None and start in best.branch.lineage():
            return
        if self.matcher.support(start) is not None and best is None:
            return
        steps.append(
            f"The text does not say what {start.code.code} asks for ({start.code.title}), "
            f"so the choice is made under {scope.code.code}."
        )

    # --- down -------------------------------------------------------------------------------------

    def _down(self, scope: Branch, support: Support | None) -> _End:
        """Go down from ``scope``, first to what ``support`` says, then by defaults."""
        end = _End(scope)
        if support is not None:
            self._take(end, scope, support)
        while end.branch.children:
            below = self.matcher.below(end.branch)
            if below is not None:
                self._take(end, end.branch, below)
                continue
            child, why = default_child(end.branch, self.matcher)
            if child is None:
                break
            if why in ("unspecified", "nos"):
                end.steps.append(default_step(end.branch, child, why))
            elif why == "without":
                end.steps.append(
                    f"The text states none of the details that the other codes under "
                    f"{end.branch.code.code} add, so {child.code.code} ({child.code.title}) stands."
                )
            end.defaults.append((end.branch, child, why))
            end.branch = child
        return end

    def _take(self, end: _End, scope: Branch, support: Support) -> None:
        """Move to the supported record, saying which words chose it."""
        end.words |= support.words
        end.assumed |= support.assumed
        target = support.branch
        if target is not scope:
            quotes = self._quotes(support.words)
            others = rivals(target)
            over = f" over {others}" if others else ""
            verb = "selects" if len(quotes) == 1 else "select"
            end.steps.append(
                f"{listed(quotes)} {verb} {target.code.code} ({target.code.title}){over}."
                if quotes
                else f"{target.code.code} ({target.code.title}) is what the text names."
            )
        for form in sorted(support.assumed):
            end.steps.append(assumption(form))
        end.branch = target

    def _quotes(self, words: set[int] | frozenset[int]) -> list[str]:
        return [f"'{self.text[a:b]}'" for a, b in self._spans(words)]

    def _spans(self, words: set[int] | frozenset[int]) -> tuple[tuple[int, int], ...]:
        return spans_of(self.text, self.matcher.reader.words, words)

    # --- the end ----------------------------------------------------------------------------------

    def _compose(
        self, end: _End, choice: Choice | None, steps: list[str], words: set[int]
    ) -> tuple[Code, bool]:
        """The code reached, with its 7th character where it takes one; whether it is final."""
        branch = end.branch
        if branch.children:
            steps.append(
                f"{branch.code.code} ({branch.code.title}) has no code for a text that says no "
                f"more: a choice is needed."
            )
            return branch.code, False
        if choice is None:
            return branch.code, branch.code.valid
        if choice.chosen is None:
            steps.append(
                f"{branch.code.code} takes a 7th character, and the text does not say the "
                f"{seventh_name([s.meaning for s in branch.sevenths])}: a choice is needed."
            )
            return branch.code, False
        found = self.library.find(expand(branch.code.code, choice.chosen.character))
        if found is None or not found.valid:
            return branch.code, False
        words |= choice.words
        quotes = self._quotes(choice.words)
        meaning = f"7th character {choice.chosen.character} ({choice.chosen.meaning})"
        verb = "selects" if len(quotes) == 1 else "select"
        steps.append(f"{listed(quotes)} {verb} {meaning}." if quotes else f"{meaning} stands.")
        steps += [assumption(form) for form in choice.assumed]
        return found, True

    def _choices(self, end: _End) -> tuple[Code, ...]:
        """The valid codes that a choice at the end would lead to."""
        found: list[Code] = []
        if end.branch.children:
            for child in end.branch.children:
                if not self.matcher.contradicted(child):
                    found += self._leads_to(child)
        else:
            found += self._expanded(end.branch)
        return tuple(dict.fromkeys(found))[:_MOST_ALTERNATIVES]

    def _near(self, end: _End, support: Support | None) -> tuple[Code, ...]:
        """Valid codes that a word of the text points to without saying all they ask for."""
        lineage = set(map(id, end.branch.lineage()))
        found: list[Code] = []
        for branch in self.matcher.near(support)[:_MOST_NEAR]:
            if id(branch) not in lineage:
                found += [code for code in self._leads_to(branch) if code.valid]
        return tuple(dict.fromkeys(found))[:_MOST_NEAR]

    def _leads_to(self, branch: Branch) -> list[Code]:
        """The valid codes below ``branch`` that fit the text: one where it can settle."""
        end = self._down(branch, None)
        if end.branch.children:
            return [
                code
                for child in end.branch.children
                if not self.matcher.contradicted(child)
                for code in self._leads_to(child)
            ]
        choice = choose(end.branch.sevenths, self.matcher.reader) if end.branch.sevenths else None
        if choice is not None and choice.chosen is not None:
            code = self.library.find(expand(end.branch.code.code, choice.chosen.character))
            return [code] if code is not None and code.valid else []
        if choice is not None:
            return [end.branch.code]
        return [end.branch.code] if end.branch.code.valid else []

    def _expanded(self, stem: Branch) -> list[Code]:
        """The valid expansions of a stem that the text does not rule out."""
        found = (
            self.library.find(expand(stem.code.code, seventh.character))
            for seventh in stem.sevenths
            if not self.open.ruled_out(seventh)
        )
        return [code for code in found if code is not None and code.valid]

    # --- more than one code -----------------------------------------------------------------------

    def _also(self, end: _End, support: Support | None) -> tuple[Code, ...]:
        """Codes of other branches that other words of the text support."""
        if support is None or not support.words:
            return ()
        taken = set(support.words)
        lineage = set(map(id, end.branch.lineage()))
        found: list[Code] = []
        for other in self.matcher.ranked():
            shared = {
                index
                for group in other.groups & support.groups
                for form in group
                for index in self.matcher.reader.said(form)
            }
            own = other.words - shared
            if id(other.branch) in lineage or not own or own & taken or other.assumed:
                continue
            told = {form for index in own for form in self.matcher.reader.words[index].forms}
            if not other.ask.quantity and told.isdisjoint(other.ask.forms):
                continue  # said only in parentheses (I.A.7)
            if (
                (other.ask.other and other.ask.quantity is None)
                or _is_default(other.branch)
                or all(all(_is_qualifier(form) for form in group) for group in other.groups)
            ):
                continue
            taken |= own
            codes = self._leads_to(other.branch)
            if len(codes) == 1 and codes[0].valid:
                found += codes
        return tuple(dict.fromkeys(found))


def _extends(wider: Support, best: Support) -> bool:
    """Whether ``wider`` is chosen by the same words and more."""
    more = len(wider.groups) > len(best.groups) or best.ask.unspecified
    return wider.words > best.words and more


def _is_default(branch: Branch) -> bool:
    """Whether the record is a choice for texts that say no more."""
    title = branch.title
    return title.unspecified or any(term.nos for term in branch.terms) or not title.groups


def _is_qualifier(form: str) -> bool:
    return word_class(form) is not None
