"""A case made whole: what single codes miss once they stand beside one another.

Codes that one phrase found and another says better are dropped, parts of a combination become it,
severe sepsis and the extent of burns are added, and everything is put in the order that the rules
ask for, each place with its reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.answer import Setting
from bot.drafting.case import Option
from codesets.combining import joined
from codesets.extents import burn_extent
from codesets.guidelines import GuidelineSetting
from codesets.longterm import long_term_use
from codesets.models import Level, NoteKind
from codesets.references import in_range
from codesets.rules.sequencing import sequence
from codesets.sepsis import Severe, severe_sepsis
from codesets.superseding import superseded
from codesets.wording import is_plain, read_text, read_title
from retrieval.passages import note_passage, title_passage

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from codesets.library import Library
    from codesets.models import Code, Note

_LEFT_OPEN = re.compile(r"\bunspecified\b|\bNOS\b", re.IGNORECASE)
_ORGANISMS = ("B95", "B96", "B97")
_NORMAL_DELIVERY = "O80"
_SINGLE_LIVEBORN = "Z37.0"
_BURNS = ("T20", "T21", "T22", "T23", "T24", "T25", "T26", "T27", "T28", "T30")


@dataclass(frozen=True, slots=True)
class Completed:
    """The options in order, and what a reader has to be told besides."""

    options: tuple[Option, ...]
    cautions: tuple[str, ...]


def complete(
    options: Sequence[Option],
    text: str,
    library: Library,
    setting: Setting,
    new_id: Callable[[], str],
) -> Completed:
    """Join, add and order the options of one text; those that are not final keep their place."""
    work = _Completion(list(options), text, library, new_id)
    work.drop_repeated()
    work.join()
    work.add_severe_sepsis()
    work.add_burn_extent()
    work.add_long_term_use()
    work.add_outcome_of_delivery()
    work.order(setting)
    return Completed(tuple(work.options), tuple(work.cautions))


class _Completion:
    """The options of one text under way."""

    def __init__(
        self, options: list[Option], text: str, library: Library, new_id: Callable[[], str]
    ) -> None:
        self.options = options
        self.cautions: list[str] = []
        self._text = text
        self._library = library
        self._new_id = new_id

    def _final(self) -> list[Option]:
        return [option for option in self.options if option.final]

    def _codes(self) -> list[str]:
        return [option.code.code for option in self._final()]

    # --- what another code says -------------------------------------------------------------------

    def drop_repeated(self) -> None:
        """Drop a code resting only on words of another that its notes or its section set apart."""
        for option in self._final():
            rivals = [other for other in self._final() if other is not option]
            repeated = option.companion_of is None and any(
                self._is_repeated(option, other) for other in rivals
            )
            if repeated or any(self._names_organism(option, other) for other in rivals):
                self.options.remove(option)
        self._drop_superseded()
        self._drop_left_open()

    def _drop_left_open(self) -> None:
        """Drop an unspecified code whose words a more specific sibling has (I.A.9.b)."""
        for option in self._final():
            category = self._library.get(option.code.code[:3])
            shared = {form for word in read_title(category.title) for form in word.forms}
            own = self._covered(option, besides=shared)
            better = (
                other
                for other in self._final()
                if other is not option
                and other.code.code[:3] == option.code.code[:3]
                and "unspecified" not in other.code.title.casefold()
                and own <= self._covered(other)
            )
            found = next(better, None) if own and _LEFT_OPEN.search(option.code.title) else None
            if found is not None:
                self.options.remove(option)
                self._inherit(option, found)

    def _drop_superseded(self) -> None:
        """Drop what another listed code makes wrong, by the section that says so."""
        codes = self._codes()
        for code, by in superseded(codes):
            self.options = [
                replace(option, reasons=(*option.reasons, by.reason))
                if option.code.code == by.code
                else option
                for option in self.options
                if option.code.code != code
            ]

    def _is_repeated(self, option: Option, other: Option) -> bool:
        own, theirs = self._covered(option), self._covered(other)
        if other.companion_of == option.id or not own or not own <= theirs:
            return False
        if self._excludes(option.code, other.code) or self._excludes(other.code, option.code):
            return True
        if option.code.code.startswith(_ORGANISMS):
            return True
        same = self._section(option.code) == self._section(other.code)
        less = own < theirs or other.companion_of is not None
        return less and same and option.code.code[:3] != other.code.code[:3]

    def _names_organism(self, option: Option, other: Option) -> bool:
        """Whether an organism's code only repeats what the code of an infection itself names.

        "Sepsis due to E. coli UTI": the sepsis is E. coli's, and B96.20 would say it twice.
        """
        if not option.code.code.startswith(_ORGANISMS) or option.companion_of == other.id:
            return False
        infection = other.code.code.startswith(("A", "B")) and other.companion_of is None
        own = self._covered(option)
        title = {form for word in read_title(other.code.title) for form in word.forms}
        named = [
            word
            for word in read_text(self._text)
            if word.start in own and not title.isdisjoint(word.forms)
        ]
        return infection and bool(own) and own <= self._covered(other) and len(named) == len(own)

    def _covered(self, option: Option, besides: Collection[str] = ()) -> set[int]:
        """Where the words stand that carry an option, joining words and some others aside."""
        return {
            word.start
            for word in read_text(self._text)
            if any(start <= word.start < end for start, end in option.spans)
            and not all(is_plain(form) for form in word.forms)
            and not (besides and word.surface.isdigit())
            and not any(form in besides for form in word.forms)
        }

    def _excludes(self, first: Code, second: Code) -> bool:
        return any(
            note.kind is NoteKind.EXCLUDES1
            and any(in_range(second.code, reference) for reference in note.references)
            for note in self._library.notes(first.code)
        )

    def _section(self, code: Code) -> str:
        lineage = self._library.lineage(code.code)
        return next((c.code for c in reversed(lineage) if c.level is Level.SECTION), "")

    # --- combinations -----------------------------------------------------------------------------

    def join(self) -> None:
        """Put each combination code in the place of the parts it stands for."""
        for step in joined(self._library, self._codes(), self._text):
            parts = [o for o in self._final() if o.code.code in step.parts]
            gone = [option for option in parts if option.code.code in step.replaced]
            at = self.options.index(parts[0])
            spans = tuple(sorted({span for option in parts for span in option.spans}))
            names = " and ".join(option.code.code for option in parts)
            option = Option(
                id=self._new_id(),
                code=step.code,
                score=max(part.score for part in parts),
                spans=spans,
                passages=(title_passage(step.code, self._library.release.source),),
                reasons=(
                    f"{names} are both supported, and {step.message} ({step.section}): "
                    f"{step.code.code} says so unless the record calls them unrelated.",
                ),
                gaps=tuple(gap for old in gone for gap in old.gaps if _applies(gap, step.code)),
            )
            self.options.insert(at, option)
            for old in gone:
                self.options.remove(old)
                self._inherit(old, option)

    def _inherit(self, old: Option, new: Option) -> None:
        """Companions of a replaced option belong to what replaced it."""
        self.options = [
            replace(option, companion_of=new.id) if option.companion_of == old.id else option
            for option in self.options
        ]

    # --- additions --------------------------------------------------------------------------------

    def add_severe_sepsis(self) -> None:
        """R65.2- where a sepsis and an acute organ dysfunction belong together (I.C.1.d.1.b)."""
        found = severe_sepsis(self._library, self._codes(), self._text)
        if found is None:
            return
        if isinstance(found, str):
            self.cautions.append(found)
            return
        spans = tuple(
            sorted({s for o in self._final() if o.code.code in found.rests_on for s in o.spans})
        )
        self._add_noted(found, spans)

    def _add_noted(self, found: Severe, spans: tuple[tuple[int, int], ...]) -> None:
        self._append(found.code, spans, found.reason, found.note)

    def add_burn_extent(self) -> None:
        """T31.- beside burns of stated sites, when the share of body surface is stated."""
        burns = [c for c in self._codes() if c.startswith(_BURNS)]
        found = burn_extent(self._library, self._text) if burns else None
        if found is not None and found.code.code not in self._codes():
            self._append(found.code, found.spans, found.reason)
            extent = self._covered(self.options[-1])
            self.options = [
                option
                for option in self.options
                if option.code.code[0] == "T" or not self._covered(option) <= extent
            ]

    def add_long_term_use(self) -> None:
        """Z79.- of a drug that the text says the patient is on."""
        kept_out = any(code.startswith("O24.4") for code in self._codes())
        for found in long_term_use(self._library, self._text):
            # I.C.4.a.3 and I.C.15.i: the codes of gestational diabetes say how it is treated.
            if kept_out and found.code.code.startswith(("Z79.4", "Z79.84", "Z79.85")):
                continue
            if found.code.code not in self._codes():
                self._append(found.code, found.spans, found.reason)

    def add_outcome_of_delivery(self) -> None:
        """Z37.0 beside O80: no other outcome goes with a normal delivery (I.C.15.n.3)."""
        outcome = self._library.find(_SINGLE_LIVEBORN)
        codes = self._codes()
        if _NORMAL_DELIVERY not in codes or any(code.startswith("Z37") for code in codes):
            return
        if outcome is not None and outcome.valid:
            delivery = next(o for o in self._final() if o.code.code == _NORMAL_DELIVERY)
            reason = (
                f"{_NORMAL_DELIVERY} is a delivery of a single liveborn: {outcome.code} is the "
                f"only outcome that goes with it (I.C.15.n.3)."
            )
            self._append(outcome, delivery.spans, reason)

    def _append(
        self,
        code: Code,
        spans: tuple[tuple[int, int], ...],
        reason: str,
        note: Note | None = None,
    ) -> None:
        source = self._library.release.source
        passages = [title_passage(code, source)]
        if note is not None:
            passages.append(note_passage(note, self._library.get(note.owner), source))
        self.options.append(
            Option(
                id=self._new_id(),
                code=code,
                score=0.0,
                spans=spans,
                passages=tuple(passages),
                reasons=(reason,),
            )
        )

    # --- order ------------------------------------------------------------------------------------

    def order(self, setting: Setting) -> None:
        """The order that notes and guidelines ask for, and one sentence a place."""
        final = {option.code.code: option for option in self._final()}
        inpatient = setting is Setting.INPATIENT
        placed = sequence(
            self._library,
            list(final),
            GuidelineSetting.INPATIENT if inpatient else GuidelineSetting.OUTPATIENT,
        )
        ordered = []
        for number, place in enumerate(placed):
            option = final.pop(place.code, None)
            if option is None:
                continue
            sentence = ""
            if len(placed) > 1 and (place.citation or not number):
                known = ":" in place.citation or place.citation in place.reason
                section = "" if known else f" ({place.citation})"
                sentence = f"{place.code} {place.reason}{section}."
            ordered.append(replace(option, place=sentence))
        rest = [option for option in self.options if not option.final]
        self.options = [*ordered, *final.values(), *rest]


def _applies(gap: object, code: Code) -> bool:
    """Whether a gap of a replaced code offers codes of the combination's category."""
    return any(other[:3] == code.code[:3] for other in getattr(gap, "codes", ()))
