"""What one code system has for the services of a note, put together part by part."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.answer import Answer, Citation, Gap, Suggestion
    from retrieval.notes.services import Service

_MOST_QUOTED = 3


@dataclass(frozen=True, slots=True)
class Part:
    """Suggestions with their citations, what is left open, and what a reader has to be told."""

    suggestions: tuple[Suggestion, ...] = ()
    citations: tuple[Citation, ...] = ()
    gaps: tuple[Gap, ...] = ()
    cautions: tuple[str, ...] = ()
    releases: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, answer: Answer, shift: int = 0) -> Part:
        """What ``answer`` says of a text that begins ``shift`` characters into the note."""
        suggestions = tuple(
            replace(
                s,
                evidence=tuple(
                    replace(q, start=q.start + shift, end=q.end + shift) for q in s.evidence
                ),
            )
            for s in answer.suggestions
        )
        cited = answer.citations if suggestions or answer.gaps else ()
        return cls(suggestions, cited, answer.gaps, answer.cautions, dict(answer.releases))

    def joined(self, other: Part) -> Part:
        """Both, each code and each gap once; a code's later words join its first."""
        known = {s.code: s for s in self.suggestions}
        for each in other.suggestions:
            first = known.setdefault(each.code, each)
            if first is not each:
                quotes = tuple(dict.fromkeys((*first.evidence, *each.evidence)))
                known[each.code] = replace(first, evidence=quotes)
        return Part(
            tuple(known.values()),
            tuple({c.id: c for c in (*self.citations, *other.citations)}.values()),
            tuple(dict.fromkeys((*self.gaps, *other.gaps))),
            tuple(dict.fromkeys((*self.cautions, *other.cautions))),
            {**self.releases, **other.releases},
        )


def quoted(services: Sequence[Service]) -> str:
    """The words of a few services in quotation marks, and how many more there are."""
    words = list(dict.fromkeys(" ".join(service.text.split()) for service in services))
    shown = ", ".join(f"“{each}”" for each in words[:_MOST_QUOTED])
    more = len(words) - _MOST_QUOTED
    return f"{shown} and {more} more" if more > 0 else shown
