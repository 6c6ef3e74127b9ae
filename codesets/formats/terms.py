"""What the titles of index and table terms have in common: modifiers, plain wording, stable ids."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections import Counter

    from codesets.formats.elements import Node

_NOT_WORD = re.compile(r"[^a-z0-9]+")


def plain_title(title: Node, wording: tuple[str, ...] = ()) -> str:
    """The title without its nonessential modifiers; bracketed ``wording`` follows it.

    A title that is all modifier, as notes in the Neoplasm Table are, keeps its words.
    """
    text = (title.text or " ".join(title.texts("nemod"))).replace(" ,", ",")
    return " ".join([text, *(f"[{words}]" for words in wording)])


def modifiers(title: Node) -> tuple[str, ...]:
    """The nonessential modifiers of a title, one an entry, without their parentheses.

    >>> from codesets.formats.elements import Node
    >>> modifiers(Node("title", {}, 1, "Abasia", [Node("nemod", {}, 1, "(-astasia) (a (b) c)")]))
    ('-astasia', 'a (b) c')
    """
    found: list[str] = []
    for node in title.all("nemod"):
        found += _groups(node.text)
    return tuple(found)


def identify(path: tuple[str, ...], seen: Counter[str]) -> str:
    """An id made of the path, ``diabetes-diabetic/type-2/with``; a repeated path is numbered.

    ``seen`` counts the ids given so far in one file. Ids do not depend on what stands elsewhere in
    the file, except for the few paths that are printed twice.
    """
    slug = "/".join(_slug(title) for title in path)
    seen[slug] += 1
    return slug if seen[slug] == 1 else f"{slug}~{seen[slug]}"


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return _NOT_WORD.sub("-", plain.lower()).strip("-") or "-"


def _groups(text: str) -> list[str]:
    """The parenthesised groups of a text; groups within groups stay whole."""
    groups: list[str] = []
    depth = start = 0
    for at, character in enumerate(text):
        if character == "(":
            if depth == 0:
                start = at + 1
            depth += 1
        elif character == ")" and depth:
            depth -= 1
            if depth == 0:
                groups.append(text[start:at].strip())
    if depth:
        # The official files drop a closing parenthesis now and then.
        groups.append(text[start:].strip())
    return [group for group in groups if group] or [text.strip()]
