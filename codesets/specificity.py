"""The axes on which the codes of a category differ, worked out from titles and structure.

An axis is a question a coder would put to the record: which side, which stage, which organism. Its
options come from the words that tell sibling titles apart; its name from the class of those words,
or from what the "unspecified" sibling says it leaves open ("unspecified organism").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.asks import Ask, is_needed
from codesets.branches import Branch, tree_of
from codesets.wording import is_plain, lists, read_title, word_class

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from codesets.library import Library

EPISODE = "episode of care"
_NAMES = {
    "laterality": "laterality", "acuity": "acuity", "severity": "severity",
    "displacement": "displacement", "wound": "open or closed", "stage": "stage",
    "sex": "sex", "trimester": "trimester", "dominance": "dominant side", "intent": "intent",
}  # fmt: skip
_ORDINAL = {"1": "first", "2": "second", "3": "third", "4": "fourth"}
_SITE_NOUNS = frozenset({"site", "part", "region", "location", "level", "area", "artery", "vein"})
# Below this share of the options a class of words does not name the axis.
_MOST = 0.5


@dataclass(frozen=True, slots=True)
class AxisOption:
    """One choice on an axis, and the codes (before any 7th character) it leads to."""

    label: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """One detail on which codes differ: ``laterality``, ``organism``, ``stage``, ``type``, ..."""

    name: str
    options: tuple[AxisOption, ...]


def axes(library: Library, code: str) -> tuple[Axis, ...]:
    """The axes on which the codes at or below ``code`` differ; empty for a code that is final.

    Raises:
        UnknownCodeError: the release has no such code, or it is a chapter or section.

    """
    tree = tree_of(library, code)
    branch = tree.find(library.get(code).code)
    if branch is None or len(code) == 8:
        return ()
    kept = tree.axes.get(branch.code.code)
    if kept is None:
        kept = tree.axes[branch.code.code] = tuple(_axes(branch))
    return kept


def _axes(branch: Branch) -> list[Axis]:
    found: list[Axis] = []
    level = branch
    while len(level.children) == 1:
        level = level.children[0]
    if len(level.children) > 1:
        structural = between(level.children, level.title)
        found += [structural] if structural is not None else []
        found += _repeated(level)
        found += _by_class(level)
    seventh = _seventh_axis(level)
    if seventh is not None:
        found.append(seventh)
    unique: dict[str, Axis] = {}
    for axis in found:
        known = unique.get(axis.name)
        labels = {option.label for option in known.options} if known else set()
        fresh = tuple(option for option in axis.options if option.label not in labels)
        unique[axis.name] = Axis(axis.name, (known.options if known else ()) + fresh)
    return list(unique.values())


def leaves(branch: Branch) -> list[Branch]:
    """The records at the end of the tree, before any 7th character."""
    return [below for below in branch.walk() if not below.children]


# --- axes that the structure gives ----------------------------------------------------------------


def between(children: Sequence[Branch], parent: Ask) -> Axis | None:
    """The axis on which siblings differ apart from qualifiers such as the side."""
    options: dict[str, list[str]] = {}
    for child in children:
        label = label_of(child.title, parent)
        if label:
            options.setdefault(label, []).extend(leaf.code.code for leaf in leaves(child))
    settled = parent.forms | parent.open
    single = len(options) == 1 and not any(qualifiers(c.title, settled) for c in children)
    if len(options) < 2 and not (single and any(child.title.unspecified for child in children)):
        return None
    name = name_of(children, list(options), settled)
    return Axis(name, tuple(AxisOption(label, tuple(codes)) for label, codes in options.items()))


def label_of(ask: Ask, parent: Ask) -> str:
    """The words of a title that its parent does not carry, as printed, without qualifiers."""
    settled = parent.forms | parent.open
    bare = _bare(ask.wording)
    words = [
        word
        for word in read_title(bare)
        if any(form not in settled and not is_plain(form) for form in word.forms)
        and not all(word_class(form) for form in word.forms)
        and word.surface.casefold() not in ("unspecified", "nos", "bilateral")
        and bare.count("(", 0, word.start) == bare.count(")", 0, word.start)
    ]
    words = [word for word in words if word.surface.casefold() != "other"]
    if not words:
        return "other" if ask.other and not ask.unspecified else ""
    start, end = words[0].start, _with_its_noun(bare, words[-1].end)
    if words[0].negated:
        before = re.search(r"\b(?:without|not|no)\s+(?:mention of\s+)?$", bare[:start])
        start = before.start() if before else start
    label = re.sub(r"\s+", " ", bare[start:end]).strip(" ,;")
    return f"other {label}" if ask.other and not ask.unspecified and len(label) < 60 else label


def _with_its_noun(title: str, end: int) -> int:
    """The end of a label, moved over the noun it stands before ("Torus" to "Torus fracture")."""
    rest = re.match(r"['’]?s?\)?", title[end:])
    end += rest.end() if rest else 0
    noun = re.match(r" ([A-Za-z]+)(?![\w-])", title[end:])
    if noun and noun.group(1).casefold() not in lists().stop:
        return end + noun.end()
    return end


def _bare(wording: str) -> str:
    return re.sub(r"\s*\[[^\]]*\]", "", wording)


def name_of(
    children: Sequence[Branch],
    labels: Sequence[str],
    settled: frozenset[str],
    chosen: Branch | None = None,
    *,
    by_open: bool = True,
) -> str:
    """What to call the axis between siblings.

    ``chosen`` is the sibling that leaves it open, ``settled`` the forms the parent carries;
    ``by_open`` lets an "unspecified" sibling name the axis.
    """
    everywhere = frozenset.intersection(*(child.title.open for child in children))
    unspecified = [chosen] if chosen else [c for c in children if c.title.unspecified][:1]
    if not by_open:
        unspecified = []
    for child in unspecified:
        name = "" if child.title.open & everywhere else _left_open(child.title)
        if name:
            return name
    forms = [
        [f for w in read_title(label) for f in w.forms if not is_plain(f) and f not in settled]
        for label in labels
    ]
    known = lists()
    if _share(forms, known.organisms) >= _MOST:
        return "organism"
    if _share(forms, known.body) >= _MOST:
        return "site"
    joined = [f" {child.code.title.casefold()} " for child in children]
    with_ = sum(
        " with " in title or " without " in title or "uncomplicated" in title for title in joined
    )
    if with_ >= max(2, _MOST * len(joined)):
        return "complication"
    if sum(" due to " in title for title in joined) >= max(2, _MOST * len(joined)):
        return "cause"
    return "type"


def _left_open(ask: Ask) -> str:
    """The axis that an "unspecified" title names itself, or nothing."""
    if not ask.unspecified or not ask.open_names:
        return ""
    noun = ask.open_names[0].casefold().strip()
    forms = [form for word in read_title(noun) for form in word.forms]
    if not forms or "other" in noun or " or " in noun:
        return ""
    if any(form in lists().organisms for form in forms):
        return "organism"
    if _SITE_NOUNS.intersection(noun.replace("arteries", "artery").rstrip("s").split()):
        return "site"
    if any(form in lists().body for form in forms):
        return ""
    if any(form in lists().condition_words for form in forms):
        return f"kind of {noun}"
    noun = noun.removesuffix("s") if noun.endswith("ns") else noun
    return noun if len(noun.split()) <= 2 else ""


def _share(forms: Sequence[Sequence[str]], words: frozenset[str]) -> float:
    """The share of the labels that hold one of the words."""
    held = sum(any(form in words for form in label) for label in forms)
    return held / len(forms) if forms else 0.0


def _repeated(level: Branch) -> list[Axis]:
    """An axis one level further down that several siblings share (a vessel, a complication)."""
    options: dict[str, list[str]] = {}
    branches: dict[str, set[str]] = {}
    children: list[Branch] = []
    for child in level.children:
        for below in child.children:
            label = label_of(below.title, child.title)
            if label:
                options.setdefault(label, []).extend(leaf.code.code for leaf in leaves(below))
                branches.setdefault(label, set()).add(child.code.code)
                children.append(below)
    shared = {label: codes for label, codes in options.items() if len(branches[label]) > 1}
    if len(shared.keys() - {"other"}) < 2:
        return []
    name = name_of(children, list(shared), level.title.forms, by_open=False)
    return [Axis(name, tuple(AxisOption(label, tuple(codes)) for label, codes in shared.items()))]


# --- axes that classes of words give --------------------------------------------------------------


def _by_class(level: Branch) -> list[Axis]:
    """One axis for each class of qualifiers on which the codes below differ."""
    found: dict[str, dict[str, list[str]]] = {}
    settled = level.title.forms
    for leaf in leaves(level):
        for name, label in qualifiers(leaf.title, settled).items():
            found.setdefault(name, {}).setdefault(label, []).append(leaf.code.code)
    return [
        Axis(
            _NAMES[name], tuple(AxisOption(label, tuple(codes)) for label, codes in options.items())
        )
        for name, options in found.items()
        if len(options) > 1
    ]


def qualifiers(ask: Ask, settled: Iterable[str] = ()) -> dict[str, str]:
    """The qualifiers a title carries: class to label ("laterality" to "left").

    >>> from codesets.asks import asks_of
    >>> qualifiers(asks_of("Acute on chronic systolic (congestive) heart failure")[0])
    {'acuity': 'acute on chronic'}
    """
    passed = set(settled)
    found: dict[str, list[str]] = {}
    for group in ask.groups:
        for form in sorted(group):
            name = word_class(form)
            if name in _NAMES and form not in passed:
                found.setdefault(name, []).append(form)
    labels: dict[str, str] = {}
    for name, forms in found.items():
        shown = [pretty(form) for form in forms if form != "unilateral" or len(forms) == 1]
        joint = " on " if name == "acuity" and " on chronic" in ask.wording.casefold() else " and "
        labels[name] = joint.join(shown)
    return labels


def pretty(form: str) -> str:
    """A canonical form as a person writes it.

    >>> pretty("stage=3a"), pretty("trimester=1"), pretty("left")
    ('stage 3a', 'first trimester', 'left')
    """
    name, equals, value = form.partition("=")
    if not equals:
        return form
    if name in ("trimester", "degree"):
        return f"{_ORDINAL.get(value, value)} {name}"
    return f"{name} {value}"


# --- the 7th character ----------------------------------------------------------------------------


def seventh_name(meanings: Sequence[str]) -> str:
    """What the 7th characters with these meanings tell: the episode of care, a stage, a fetus."""
    joined = " ".join(meanings).casefold()
    if "encounter" in joined:
        return EPISODE
    for noun in ("stage", "fetus", "eye"):
        if noun in joined:
            return "laterality" if noun == "eye" else noun
    return "time" if "time" in joined else "type"


def _seventh_axis(level: Branch) -> Axis | None:
    options: dict[str, list[str]] = {}
    for leaf in leaves(level):
        for seventh in leaf.sevenths:
            if seventh.meaning.startswith(("unspecified", "stage unspecified")):
                continue
            options.setdefault(seventh.meaning, []).append(
                expand(leaf.code.code, seventh.character)
            )
    if not options:
        return None
    return Axis(
        seventh_name(list(options)),
        tuple(AxisOption(label, tuple(codes)) for label, codes in options.items()),
    )


def expand(stem: str, character: str) -> str:
    """``stem`` with placeholders and its 7th character (Official Guidelines I.A.4, I.A.5).

    >>> expand("S52.502", "A"), expand("T36.0X1", "D"), expand("M1A.9", "0")
    ('S52.502A', 'T36.0X1D', 'M1A.9XX0')
    """
    padded = stem if "." in stem else f"{stem}."
    return padded.ljust(7, "X") + character


__all__ = ["EPISODE", "Axis", "AxisOption", "axes", "expand", "is_needed"]
