"""A case as a model sees it: the redacted text, the options with their entries, the guidance.

Citation ids are long and say codes; the model sees ``c1``, ``c2`` and so on instead, which can be
copied without a slip and turned back without a guess.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.drafting.case import Case, Option
    from retrieval.passages import Passage

_PASSAGES = 4
_LONGEST_PASSAGE = 300


@dataclass(frozen=True, slots=True)
class Shown:
    """What a prompt shows of a case; ``citations`` turns the model's short ids back."""

    marker: str
    options: str
    citations: dict[str, str]


def marker_of(text: str) -> str:
    """A word that opens and closes the material, and that ``text`` does not contain.

    It follows from the text, so that the same question gives the same prompt; a text that holds it
    cannot be written without knowing its own hash.

    >>> marker_of("gout")
    'TEXT-8892B24B'
    """
    seed = text
    while True:
        marker = "TEXT-" + hashlib.sha256(seed.encode()).hexdigest()[:8].upper()
        if marker not in text:
            return marker
        seed += "."


def shown(case: Case) -> Shown:
    """The options of ``case`` as lines of a prompt: those that can be reported as they stand."""
    names: dict[str, str] = {}
    lines: list[str] = []
    for option in case.options:
        if not option.final:
            continue
        lines.append(f"{option.id} ({'rules' if option.chosen else 'also retrieved'}): "
                     f"{option.code.code} {option.code.title}")  # fmt: skip
        lines += [f"    because: {reason}" for reason in option.reasons[:3]]
        if option.asked_by is not None:
            lines.append(f"    asked for by the note at {option.asked_by.owner}")
        lines += _entries(option.passages, names)
    return Shown(marker_of(case.text), "\n".join(lines) or "none", {v: k for k, v in names.items()})


def _entries(passages: Sequence[Passage], names: dict[str, str]) -> list[str]:
    lines = []
    for passage in passages[:_PASSAGES]:
        short = names.setdefault(passage.id, f"c{len(names) + 1}")
        lines.append(f"    {short} [{passage.kind} {passage.code}]: "
                     f"{passage.text[:_LONGEST_PASSAGE]}")  # fmt: skip
    return lines


def allowed_ids(case: Case) -> list[str]:
    """Ids that a reply may name: options that can be reported as they stand."""
    return [option.id for option in case.options if option.final]


def support_of(option: Option) -> str:
    """Every official wording that speaks for an option, as one text."""
    return ". ".join([option.code.title, *(passage.text for passage in option.passages)])
