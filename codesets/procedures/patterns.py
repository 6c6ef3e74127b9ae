"""What words a value's label asks for: its head, what narrows it, its side and its number.

Labels are written "Lower Lung Lobe, Right" or "Coronary Artery, Two Arteries": what stands before
the first comma names the thing, what follows narrows it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from codesets.wordlists import level

SIDES = frozenset({"right", "left", "bilateral"})
_WORD = re.compile(r"[a-z0-9]+(?:'s)?")
# Words that a label has and speech leaves out; said, they still count.
_UNSAID_WORDS = (
    "gland joint region surface cavity tissue structure supporting organ body single "
    "general part multiple system duration consecutive hour per day than device substitute"
)
_OPTIONAL = frozenset(_UNSAID_WORDS.split())
_SMALL_WORDS = "of the in with to or for a an s less greater more without no other"
_SMALL = frozenset(_SMALL_WORDS.split())
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "1": 1, "2": 2, "3": 3, "4": 4, "8": 8}
_MANY = 99
_COUNTED = (
    (re.compile(r"\b(\w+) to (\d+)\b"), "range"),
    (re.compile(r"\b(\w+) or more\b", re.IGNORECASE), "up"),
    (re.compile(r",\s*(one|two|three|four)\b(?: arter\w+)?\s*$", re.IGNORECASE), "exact"),
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """One label taken apart.

    ``head`` are groups of word forms, one of each of which must be said; ``tail`` narrow the value
    and need not be. ``spare`` are words of the head that speech leaves out. ``sides`` are the
    sides it names; ``count`` is how many it stands for (lowest, highest), or None. ``name`` is the
    head's wording and ``full`` the label's without its side, for lists that name a value.
    """

    label: str
    name: str
    full: str
    head: tuple[frozenset[str], ...]
    tail: tuple[frozenset[str], ...]
    spare: frozenset[str]
    sides: frozenset[str]
    count: tuple[int, int] | None

    @property
    def is_none(self) -> bool:
        """Whether it says that there is none: No Device, No Qualifier, None."""
        return self.name in ("no device", "no qualifier", "none")


def words(text: str) -> list[str]:
    """Level forms of the words of ``text``."""
    return [level(word) for word in _WORD.findall(text.lower())]


def key(label: str) -> str:
    """A label's wording without side and number, in level forms: what lists name it by."""
    return " ".join(word for word in words(_uncounted(label)[0]) if word not in SIDES)


@lru_cache(maxsize=8192)
def read_label(label: str) -> Pattern:
    """Take one label apart.

    >>> pattern = read_label("Upper Lung Lobe, Right")
    >>> sorted(map(sorted, pattern.head)), sorted(pattern.sides)
    ([['lobe'], ['lung'], ['upper']], ['right'])
    >>> read_label("Coronary Artery, Three Arteries").count
    (3, 3)
    """
    # What stands in brackets is another name ("Iridium 192 (Ir-192)"), listed by itself.
    plain, count = _uncounted(re.sub(r"\([^()]*\)", " ", label))
    first, _, rest = plain.partition(",")
    head_words = [word for word in words(first) if word not in SIDES]
    sides = frozenset(word for word in words(plain) if word in SIDES)
    head = _groups(first)
    # "Lumbar Vertebral Joint" is said "lumbar"; a vertebral artery is said so.
    jointed = {"joint", "disc"} & set(head_words)
    optional = _OPTIONAL | {"vertebral"} if jointed else _OPTIONAL
    return Pattern(
        label=label,
        name=" ".join(head_words),
        full=key(label),
        head=tuple(group for group in head if not group <= optional) or tuple(head),
        tail=tuple(_groups(rest)),
        spare=frozenset(word for group in head if group <= optional for word in group),
        sides=sides,
        count=count,
    )


def _uncounted(label: str) -> tuple[str, tuple[int, int] | None]:
    """The label without its number, and the number."""
    lower = label.lower()
    for expression, kind in _COUNTED:
        found = expression.search(lower)
        low = _NUMBERS.get(found.group(1)) if found else None
        if found is None or low is None:
            continue
        high = {"range": _NUMBERS.get(found.group(2), 7)} if kind == "range" else {}
        top = high.get("range", _MANY if kind == "up" else low)
        rest = label[: found.start()] + label[found.end() :]
        rest = re.sub(r"\bArteries\s*$", "", rest, flags=re.IGNORECASE)
        return rest.strip().strip(",").strip(), (low, top)
    return label, None


def _groups(text: str) -> list[frozenset[str]]:
    """Words in order, those that "and" or a stroke joins as one group of alternatives."""
    groups: list[frozenset[str]] = []
    joined = False
    for word in re.findall(r"[a-z0-9]+|/", re.sub(r"'s\b", "", text.lower())):
        if word in ("and", "/"):
            joined = bool(groups)
            continue
        form = level(word)
        if form in SIDES or word in _SMALL:
            continue
        if joined:
            # "Subcutaneous Tissue and Fascia": the alternative to fascia is subcutaneous.
            before = groups.pop()
            if before <= _OPTIONAL and groups:
                before |= groups.pop()
            groups.append(before | {form})
            joined = False
        else:
            groups.append(frozenset({form}))
    return groups
