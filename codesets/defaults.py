"""The child of a record for a text that says no more: unspecified, NOS, or "without"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codesets.branches import Branch, neutral

if TYPE_CHECKING:
    from codesets.asks import Ask
    from codesets.reading import Reader
    from codesets.support import Matcher


def default_child(branch: Branch, matcher: Matcher) -> tuple[Branch | None, str]:
    """The child for a text that says no more, and why; None when the classification has none.

    In this order: a title that says "unspecified"; an inclusion term "... NOS"; a title that only
    rules details out; a title that adds nothing; the only child.
    """
    if _is_undecided_drug(branch, matcher.reader):
        return None, ""
    given = matcher.tree.given
    ranked: list[tuple[int, Branch, str]] = []
    for child in branch.children:
        if matcher.contradicted(child):
            continue
        plain = [ask for ask in child.titles if neutral(ask, child, given)]
        if matcher.reader.names_other and any(ask.other for ask in plain):
            ranked.append((-1, child, "other"))
            continue
        if any(ask.unspecified for ask in plain):
            ranked.append((0, child, "unspecified"))
        elif any(term.nos and neutral(term, child, given) for term in child.terms):
            ranked.append((1, child, "nos"))
        elif any(_is_without(ask) and not child.is_other(ask, branch) for ask in plain) or any(
            _is_without(term) and neutral(term, child, given) for term in child.terms
        ):
            ranked.append((2, child, "without"))
        elif any(not ask.other and not ask.finding for ask in plain):
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
    # "Glaucoma suspect" has its unspecified choice under another name ("Preglaucoma").
    named = [child for child in branch.children if child.title.unspecified]
    if len(named) == 1 and not matcher.contradicted(named[0]):
        return named[0], "unspecified"
    return None, ""


def _is_without(ask: Ask) -> bool:
    """Whether a wording only rules details out; a "negative status" is a finding to be stated."""
    return bool(ask.negated) and not ask.finding


_DRUG_INTENTS = frozenset({"poisoning", "adverse", "underdosing"})
_HARM = frozenset({"poisoning", "overdose", "toxicity", "toxic", "intoxication"})


def _is_undecided_drug(branch: Branch, reader: Reader) -> bool:
    """Whether the choice is between poisoning, adverse effect and underdosing, and none is said.

    A drug that is only named was not for that taken wrongly (Official Guidelines I.C.19.e.5).
    """
    intents = {
        form for child in branch.children for form in child.title.forms if form in _DRUG_INTENTS
    }
    return (
        len(intents) > 1
        and not reader.has(_DRUG_INTENTS)
        and not reader.has(_HARM - {"toxicity", "toxic"})
    )


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
