"""Why each candidate ranked where it did, and why it was suggested or not, as records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.trials import Fate
from bot.weighing import TRIED

if TYPE_CHECKING:
    from bot.answer import Answer
    from bot.coding.built import Built
    from bot.drafting.case import Option
    from bot.trials import Trial
    from codesets.library import Library
    from retrieval.search import Candidate, Match

NOT_TRIED = (
    f"Not compared: it ranks below the first {TRIED} for its words, or those words are not to be "
    "coded or already accounted for."
)
TOO_BROAD = "It is a chapter or a section, and the words lead to no code within it."
UNSUPPORTED = "Its wording accounts for too few words of “{phrase}”."
OUTWEIGHED = "For “{phrase}”, {winner} is worth more (this: {worth:.3f})."
SAME_CODE = "It leads to {winner} as well, from an entry that is worth less for “{phrase}”."
SUGGESTED = "It carries “{phrase}”."
SUGGESTED_NAMED = "It is what another candidate resolves to."
COMPANION = "The note at {owner} asks for it: “{text}”."
UNFINISHED = "It fits “{phrase}”, but the text does not give {axis}."
REPEATED = "It resolves to a code that an earlier phrase already has, or verification left it out."


@dataclass(frozen=True, slots=True)
class Explained:
    """One candidate: the passage that ranked it, and what became of it.

    ``best`` is None for a code that no search found (an instructional note asked for it).
    ``resolved`` is the code that the text, or a default, narrows it to.
    """

    code: str
    title: str
    score: float
    best: Match | None
    resolved: str
    suggested: bool
    why: str

    def to_json(self) -> dict[str, Any]:
        """Plain values, as `codecite ask --explain --json` prints them."""
        found: dict[str, Any] = {
            "code": self.code, "title": self.title, "score": round(self.score, 6),
            "resolved": self.resolved, "suggested": self.suggested, "why": self.why,
            "passage": None,
        }  # fmt: skip
        if (best := self.best) is not None:
            found["passage"] = {"id": best.passage.id, "text": best.passage.text}
            found |= {
                "wording": best.variant,
                "lexical": {
                    "rank": best.lexical_rank, "score": round(best.lexical_score, 6),
                    "covered": round(best.covered, 6), "said": round(best.said, 6),
                },
                "dense": {"rank": best.dense_rank, "score": round(best.dense_score, 6)},
                "lowered_by": list(best.lowered_by),
                "parts": {name: round(value, 6) for name, value in best.parts},
            }  # fmt: skip
        return found


@dataclass(frozen=True, slots=True)
class Explanation:
    """An answer, and its candidates best first; none where the question needed no search."""

    answer: Answer
    candidates: tuple[Explained, ...] = ()


def explained(answer: Answer, built: Built, library: Library) -> tuple[Explained, ...]:
    """Every candidate of ``built`` in its rank, then codes that only a note brought in."""
    trials = {trial.code: trial for trial in built.trials}
    suggested = {suggestion.code for suggestion in answer.suggestions}
    rows = [
        _row(each, trials.get(each.code), suggested, built, library) for each in built.candidates
    ]
    shown = {row.code for row in rows}
    rows += [
        Explained(
            option.code.code, option.code.title, option.score, None, option.code.code,
            option.code.code in suggested, _asked(option),
        )
        for option in built.case.options
        if option.asked_by is not None and option.code.code not in shown
    ]  # fmt: skip
    return tuple(rows)


def _row(
    candidate: Candidate,
    trial: Trial | None,
    suggested: set[str],
    built: Built,
    library: Library,
) -> Explained:
    code = library.find(candidate.code)
    taken = trial is not None and trial.fate is Fate.TAKEN and trial.resolved in suggested
    return Explained(
        candidate.code,
        code.title if code else "",
        candidate.score,
        candidate.matches[0] if candidate.matches else None,
        trial.resolved if trial else candidate.resolved,
        taken or candidate.code in suggested,
        _why(candidate, trial, suggested, built),
    )


def _why(candidate: Candidate, trial: Trial | None, suggested: set[str], built: Built) -> str:
    option = next((o for o in built.case.options if o.code.code == candidate.code), None)
    if option is not None and option.asked_by is not None:
        return _asked(option)
    if candidate.code in suggested and (trial is None or trial.fate is not Fate.TAKEN):
        return SUGGESTED_NAMED
    if trial is None:
        return NOT_TRIED
    if trial.fate is Fate.TOO_BROAD:
        return TOO_BROAD
    if trial.fate is Fate.UNSUPPORTED:
        return UNSUPPORTED.format(phrase=trial.phrase)
    if trial.fate is Fate.OUTWEIGHED:
        form = SAME_CODE if trial.winner == trial.resolved else OUTWEIGHED
        return form.format(winner=trial.winner, phrase=trial.phrase, worth=trial.worth)
    if trial.resolved in suggested:
        return " ".join((SUGGESTED.format(phrase=trial.phrase), *trial.steps))
    for choice in built.open_choices:
        if choice.code.code == trial.resolved:
            axis = choice.gaps[-1].axis if choice.gaps else "a further character"
            return UNFINISHED.format(phrase=trial.phrase, axis=axis)
    return REPEATED


def _asked(option: Option) -> str:
    note = option.asked_by
    return COMPANION.format(owner=note.owner, text=note.text) if note is not None else ""
