"""What a title or an inclusion term asks of a text before its code may be chosen.

The words of a title are of several kinds. Most must be said; alternatives joined by "and" or "or"
need one of them (convention I.A.14); words in parentheses need not be said (I.A.7); words after
"unspecified" are what the code leaves open (I.A.9.b); words after "without" must not be said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from codesets.quantities import MEASURE_WORDS, Range, range_of
from codesets.wording import Word, is_plain, lists, read_title, word_class

if TYPE_CHECKING:
    from collections.abc import Sequence

_ENCLOSED = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
# "navicular [scaphoid] bone": two names of one thing.
_SYNONYM = re.compile(r"(\b[a-z]+) \[([a-z]+)\]")
_INCLUDING = re.compile(r",? including ([^,]*)|(?<=leukemia) of B-cell type()")
_PHRASE_END = re.compile(r"\s*(?:$|,|(?:and|or)\b)")
_PLURAL = re.compile(r"(?<=\w)\((s|es|e|i|ies|a|ae)\)")
_ACRONYM = re.compile(r"[A-Za-z]*[A-Z][A-Za-z]*[A-Z]{1,}[A-Za-z]*|[A-Z]\. [a-z]+")
_ELSEWHERE = re.compile(
    r",?\s*(?:not )?elsewhere classified|,?\s*(?:in|as the cause of) (?:other )?(?:diseases|"
    r"conditions|disorders) classified elsewhere|\bNEC\b",
    re.IGNORECASE,
)
_NOS = re.compile(r",?\s*\bNOS\b")
_OTHER = re.compile(r"\bother\b(?!\s+(?:than|eye))", re.IGNORECASE)
_OTHER_OR_OPEN = re.compile(r"\bother (?:and|or) unspecified\b", re.IGNORECASE)
# "not specified as recurrent" and "without mention of" say that a detail was not given.
_NOT_SAID = re.compile(
    r"not specified as|not stated as|without mention of|not otherwise specified as", re.IGNORECASE
)
_OPEN = re.compile(r"\b(?:unspecified|not specified|status unknown|unqualified)\b", re.IGNORECASE)
_OPEN_END = frozenset(
    (
        *("of", "in", "with", "without", "to", "by", "for", "due", "during", "on", "from", "and"),
        *("affecting", "involving", "following", "as", "whether", "associated", "not"),
    )
)
# "unspecified whether with hypoxia or hypercapnia", "unspecified as to episode of care"
_WHETHER = re.compile(r"\s*(?:whether|as)\b[^,]*", re.IGNORECASE)
_BOTH = frozenset({"both", "combined", "multiple"})
_EITHER = re.compile(
    r"(?P<start>.*\b(?:with|due to))\s+(?P<first>(?:(?! or |\bunspecified\b).)+) or "
    r"(?P<second>(?:(?! or | in | of | with |\bunspecified\b).)+)"
)
_JOINS = frozenset({"and", "or", "and/or"})
_ACUTE_AND_CHRONIC = frozenset({"acute", "chronic"})
_SKIN_OF = re.compile(r"\bskin and subcutaneous tissue of (?!other|unspecified)", re.IGNORECASE)
# "Hypo-osmolality and hyponatremia": either will do, as of any two conditions (I.A.14).
_PAIR = re.compile(r"(?P<first>[A-Za-z]+-[a-z]+) and (?P<second>[a-z]+)")
_IMAGED = re.compile(r" NOS found on diagnostic imaging of \w+", re.IGNORECASE)
_PREEXISTING = frozenset({"preexisting"})

_SITES = re.compile(
    r"(?P<start>.*\bneoplasms? of) (?P<first>[\w-]+) and (?P<second>[\w-]+(?: [\w-]+){1,2})",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"(.*\b(?:of|to)\b(?:\s+(?:left|right|unspecified|bilateral|other))*)\s+[^,]+", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Ask:
    """The conditions a wording puts.

    ``groups``: each needs one of its forms in the text. ``negated``: forms the text must not
    assert. ``optional``: forms that count when said. ``open``: forms of what the wording leaves
    unspecified, and ``open_names`` the same as printed ("organism"). ``other`` marks the "other
    specified" choice, ``unspecified`` and ``nos`` the choice for a text that says no more.
    ``quantity`` is the range of values the wording stands for, if it is about a number.
    ``forms`` are those of all groups.
    ``cause`` is the number of the first group that stands after "due to", or the number of groups.
    """

    wording: str
    groups: tuple[frozenset[str], ...]
    negated: tuple[frozenset[str], ...]
    optional: frozenset[str]
    open: frozenset[str]
    open_names: tuple[str, ...]
    other: bool
    unspecified: bool
    nos: bool
    cause: int
    both: bool
    quantity: Range | None
    forms: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        # Read a dozen times for every record of a category: worked out once.
        object.__setattr__(self, "forms", frozenset[str]().union(*self.groups))

    @property
    def finding(self) -> bool:
        """Whether it names a finding that is negative ("receptor negative status")."""
        return any(phrase <= lists().negation for phrase in self.negated)


@lru_cache(maxsize=65_536)
def asks_of(wording: str) -> tuple[Ask, ...]:
    """What ``wording`` asks; a second entry where it gives its own acronym ("(NSTEMI)").

    >>> [sorted(group) for group in asks_of("Fracture of lower end of right radius")[0].groups]
    [['fracture'], ['distal'], ['right'], ['radius']]
    >>> asks_of("Unspecified fracture of the lower end of left radius")[0].open_names
    ('fracture',)
    """
    plain = _IMAGED.sub(" NOS", _PLURAL.sub("", wording))
    optional: list[str] = []
    acronyms: list[str] = []
    plain = _SYNONYM.sub(r"\1 or \2 ", plain)
    if _SKIN_OF.search(plain):
        # Of tumors by site the Index gives the skin as a nonessential modifier: "trunk (skin)".
        optional.append("skin subcutaneous tissue")
        plain = _SKIN_OF.sub("", plain)
    for match in _ENCLOSED.finditer(plain):
        inside = (match[1] or match[2] or "").strip()
        # Within a phrase an acronym stands for the words before it only ("(STEMI) ... of").
        last = _PHRASE_END.match(plain, match.end()) is not None
        (acronyms if last and _ACRONYM.fullmatch(inside) else optional).append(inside)
    without = [part for part in optional if part.casefold().startswith("without ")]
    optional = [part for part in optional if part not in without]
    plain = " ".join([_ENCLOSED.sub(" ", plain), *without])
    including = _INCLUDING.search(plain)
    if including is not None:
        optional.append(including[1] or "")
        plain = plain[: including.start()] + plain[including.end() :]
    first = _read(wording, plain, optional)
    found = [first, *(_read(wording, part, optional) for part in _alternatives(plain))]
    if including is not None and (part := _included(plain, including[1] or "")):
        found.append(_read(wording, part, []))
    for acronym in acronyms:
        if len(acronym) < 3:
            continue
        alone = _read(wording, acronym, [])
        forms = tuple(group for group in alone.groups)
        if forms and not any(group <= first.forms for group in forms):
            found.append(alone)
    return tuple(found)


def _read(wording: str, plain: str, enclosed: Sequence[str]) -> Ask:
    nos = bool(_NOS.search(plain))
    plain = _ELSEWHERE.sub(" ", _NOS.sub(" ", plain))
    other = bool(_OTHER.search(plain)) and not _OTHER_OR_OPEN.search(plain)
    plain = _NOT_SAID.sub(" without ", plain)
    unspecified = bool(_OPEN.search(plain))
    plain, open_parts, names = _take_open(plain)
    words = [word for word in read_title(plain) if word.surface.casefold() != "other"]
    groups, negated, cause = _group(plain, words)
    quantity = range_of(wording)
    if quantity is not None:
        kept = [group for group in groups if not _is_measured(group, quantity)]
        groups, cause = tuple(kept), len(kept)
    staged: list[str] = []
    if re.search(r"\bor unspecified\b", wording):
        # "stage 1 through stage 4, or unspecified": a stage counts when said, and need not be.
        staged = [form for g in groups for form in g if form.startswith("stage=")]
        groups = tuple(g for g in groups if not any(form in staged for form in g))
        cause = min(cause, len(groups))
    if _PREEXISTING in groups and any(f.startswith("type=") for g in groups for f in g):
        # Type 1 and type 2 diabetes in pregnancy are never gestational: O24.0, O24.1.
        cause -= groups.index(_PREEXISTING) < cause
        groups = tuple(group for group in groups if group != _PREEXISTING)
        enclosed = (*enclosed, "preexisting")
    said = frozenset[str]().union(*groups) if groups else frozenset()
    optional = {f for part in enclosed for f in _forms(read_title(part)) if f not in said}
    optional.update(staged)
    left_open = {f for part in open_parts for f in _forms(read_title(part)) if f not in said}
    return Ask(
        wording=wording,
        groups=groups,
        negated=tuple(phrase - said for phrase in negated if phrase - said),
        optional=frozenset(optional),
        open=frozenset(left_open),
        open_names=names,
        other=other,
        unspecified=unspecified and not staged,
        nos=nos,
        cause=cause,
        both=any(word.surface.casefold() in _BOTH for word in words),
        quantity=quantity,
    )


def _included(plain: str, part: str) -> str:
    """The wording of the part alone: of "left upper limb, including shoulder", the shoulder's."""
    match = _WHOLE.fullmatch(plain.strip(" ,"))
    return f"{match[1]} {part}" if match is not None and part else ""


def _alternatives(plain: str) -> list[str]:
    """Both readings of "... with stage 5 chronic kidney disease or end stage renal disease".

    "And" between two sites means one or the other as well (Official Guidelines I.A.14): "of liver
    and intrahepatic bile duct".
    """
    sites = _SITES.fullmatch(plain.strip())
    if sites is not None and not lists().body.isdisjoint(_forms(read_title(sites["first"]))):
        return [f"{sites['start']} {part}" for part in (sites["first"], sites["second"])]
    pair = _PAIR.fullmatch(plain.strip())
    if pair is not None:
        return [pair["first"], pair["second"]]
    match = _EITHER.fullmatch(plain)
    if match is None or "," in match["second"]:
        return []
    first, second = match["first"].split(), match["second"].split()
    if len(first) < 2 or len(second) < 2:
        return []
    return [f"{match['start']} {part}" for part in (match["first"], match["second"])]


def site_readings(title: str) -> list[str]:
    """A title of two sites as a title of each (I.A.14); empty for any other.

    >>> site_readings("Secondary malignant neoplasm of liver and intrahepatic bile duct")[0]
    'Secondary malignant neoplasm of liver'
    """
    return _alternatives(title) if _SITES.fullmatch(title.strip()) else []


def _is_measured(group: frozenset[str], quantity: Range) -> bool:
    """Whether a stated value makes the group good: a number, or a word of its measure."""
    words = MEASURE_WORDS[quantity.measure]
    return all(form in words or form[:1].isdigit() for form in group)


def _take_open(plain: str) -> tuple[str, list[str], tuple[str, ...]]:
    """Remove each "unspecified ..." with what it leaves open; the parts and the nouns."""
    parts: list[str] = []
    names: list[str] = []
    while (match := _OPEN.search(plain)) is not None:
        rest = plain[match.end() :]
        if detail := _WHETHER.match(rest):
            parts.append(detail.group())
            plain = plain[: match.start()] + rest[detail.end() :]
            continue
        taken = ""
        for piece in re.finditer(r"\s*(,|[^\s,]+)", rest):
            word = piece.group(1)
            # "Unspecified atrial fibrillation and atrial flutter" leaves both open.
            joined = word.casefold() == "and" and (not taken.strip() or match.start() == 0)
            if taken.strip().casefold() == "weeks" and word.casefold() == "of":
                ends = False  # "unspecified weeks of gestation"
            else:
                ends = word == "," or (word.casefold() in _OPEN_END and not joined)
            if ends and not (word.casefold() == "and" and _is_short(rest[piece.end() :])):
                break
            taken = rest[: piece.end()]
        before = plain[: match.start()]
        if taken.strip():
            parts.append(taken)
            names.append(_noun(taken))
        elif match.group().casefold() != "unspecified":
            head = re.split(r",|\b(?:with|of|in)\b", before)[-1]
            names.append(_noun(head))
            parts.append(head)
            before = before[: len(before) - len(head)]
        # "with unspecified complications" is chosen for a text that names a complication.
        named = (
            re.search(r"\b(?:with|from|following)\s+(?:other (?:and|or)\s+)?$", before)
            or "complication" in taken
        )
        kept = taken if named else _qualifiers_in(taken)
        plain = before + kept + " " + rest[len(taken) :]
    return plain, parts, tuple(name for name in names if name)


def _qualifiers_in(taken: str) -> str:
    """The qualifiers of an open part: "unspecified displaced fracture" is still displaced."""
    return " " + " ".join(
        word.surface for word in read_title(taken) if any(word_class(form) for form in word.forms)
    )


def _is_short(rest: str) -> bool:
    """Whether what follows an "and" is one last word, as in "unspecified ankle and foot"."""
    return len(rest.split()) == 1


def _noun(part: str) -> str:
    """The noun of an open part as printed, without joining words."""
    words = [w for w in part.replace(",", " ").split() if w.casefold() not in ("as", "to", "the")]
    return " ".join(words).strip()


def _forms(words: Sequence[Word]) -> list[str]:
    stop = lists().stop
    return [form for word in words for form in word.forms if form not in stop]


def _group(
    plain: str, words: Sequence[Word]
) -> tuple[tuple[frozenset[str], ...], list[frozenset[str]], int]:
    """Groups of alternatives, the negated forms, and where the cause begins."""
    stop = lists().stop
    both = any(word.surface.casefold() in _BOTH for word in words)
    groups: list[frozenset[str]] = []
    negated: list[frozenset[str]] = []
    denied: Word | None = None
    cause: int | None = None
    last: Word | None = None  # the content word before, while it may still be joined
    joined = False
    for word in words:
        surface = word.surface.casefold()
        if surface in _JOINS:
            joined = last is not None
            continue
        forms = [form for form in word.forms if form not in stop]
        if not forms:
            if surface == "due" and cause is None:
                cause = len(groups)
            if surface in ("the", "a", "an"):
                continue
            last, joined = None, False
            continue
        if word.negated:
            between = plain[denied.end : word.start].casefold() if denied is not None else ","
            if negated and not re.search(r",|\b(?:or|and|without|not|with)\b", between):
                negated[-1] |= set(forms)
            else:
                negated.append(frozenset(forms))
            denied = word
            last, joined = None, False
            continue
        listed = last is not None and "," in plain[last.end : word.start] and _in_list(plain, word)
        # Of "acute and chronic" a text must say both, unlike two sites (I.A.14).
        both_times = joined and groups and groups[-1] | set(forms) == _ACUTE_AND_CHRONIC
        joined = joined and not both_times
        if (joined or listed) and not both and groups and len(forms) == 1:
            groups[-1] = groups[-1] | {forms[0]}
        elif len(forms) > 1 and all("=" in form for form in forms):
            groups.append(frozenset(forms))  # one value under several names ("Grade/stage II")
        else:
            groups += [frozenset({form}) for form in forms]
        last, joined = word, False
    unique = list(dict.fromkeys(groups))
    if cause is not None:
        cause = len(dict.fromkeys(groups[:cause]))
    return tuple(unique), negated, len(unique) if cause is None else cause


def _in_list(plain: str, word: Word) -> bool:
    """Whether a comma before ``word`` lists alternatives: "and" or "or" closes the list."""
    rest = plain[word.end :]
    return re.match(r"\s*(?:,\s*[\w-]+\s*)*,?\s+(?:and|or)\s", rest) is not None


@lru_cache(maxsize=65_536)
def is_needed(group: frozenset[str]) -> bool:
    """Whether a text must say one of the group: plain words alone need not be repeated."""
    return not all(is_plain(form) for form in group)
