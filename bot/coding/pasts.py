"""What is over: treated conditions, histories and procedures, each by a code of its own.

A phrase such as "h/o TIA" or "s/p CABG" names no condition of today. Where the classification has a
code for exactly what it says, that code stands, and none for the condition itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot import messages
from bot.coding.gathered import Stretch
from bot.coding.taking import Terms
from bot.drafting.case import Option
from bot.phrasing import means, merged, names_condition
from codesets.follow_ups import follow_up
from codesets.histories import personal_history
from codesets.infarctions import old_infarction, reinfarction
from codesets.resolution import resolve
from codesets.wording import read_text
from retrieval.passages import note_passage

if TYPE_CHECKING:
    from bot.coding.gathered import Gathered
    from bot.coding.taking import Taker
    from codesets.models import Code, Note

_MALIGNANT = re.compile(r"C(?!7[7-9]|80)")
_OVER = re.compile(r"[A-R]")
"""Chapters of conditions that can be treated and gone."""
_AFTER_CANCER, _AFTER_OTHER = "Z08", "Z09"
_PIECE = r"(?P<what>[^,;.()]+?)(?=\s+(?:and|with|on|now|presents?|but)\b|[,;.()]|$)"
_HISTORY = re.compile(
    rf"(?<!family )\b(?:h/o|(?:personal |past )?(?:history|hx) of)\s+{_PIECE}"
    r"|(?<!due to )(?<!from )(?<!after )(?<!following )(?<!an )"
    r"\b(?:old|prior|previous|remote)\s+(?P<vessel>stroke|cva|cerebral infarct(?:ion)?|tia)\b",
    re.IGNORECASE,
)
_DONE = re.compile(rf"\b(?:s/p|status post)\s+{_PIECE}", re.IGNORECASE)
_PERSONAL = re.compile(r"Z8[5-7]|Z91\.[58]|Z92")
_STATUS = re.compile(r"Z9[02345678]|Z89")
_ACUTE = re.compile(r"\bacute\b", re.IGNORECASE)
_SUBSEQUENT = "I22"
_OLD_INFARCTION = "I25.2"
_INFARCTIONS = ("I21", "I22")
_BURN_SCAR = re.compile(
    r"\bburn\s+(?P<scar>scars?|scarring|contractures?|keloids?)\b"
    r"|\b(?P<late>scars?|scarring|contractures?|keloids?)\s+(?:from|of|due to|after)\s+(?:an?\s+)?"
    r"(?:old\s+)?burns?\b",
    re.IGNORECASE,
)


_EXACTLY = Terms(whole_only=True, doubt=0.25, least=0.2)
"""A title may say "personal" or "presence", or what it is not, beyond the words."""


class Pasts:
    """Takes what is over into what is gathered."""

    def __init__(self, gathered: Gathered, taker: Taker) -> None:
        self._gathered = gathered
        self._taker = taker
        self._text = gathered.text
        self._library = gathered.library

    # --- follow-up after treatment ----------------------------------------------------------------

    def take_follow_up(self) -> bool:
        """Z08 or Z09 with the history of what was treated; whether the text is such a visit."""
        visit = follow_up(self._text)
        if visit is None:
            return False
        condition = " ".join(self._text[start:end] for start, end in visit.condition)
        found = next(iter(self._gathered.search(condition)), None)
        if found is None:
            return False
        name = found.resolved or found.code
        malignant = _MALIGNANT.match(name) is not None
        record = self._library.find(_AFTER_CANCER if malignant else _AFTER_OTHER)
        past = personal_history(self._library, name, condition) if _OVER.match(name) else None
        if record is None or past is None:
            return False
        self._add(record, (visit.visit,), messages.FOLLOW_UP.format(code=record.code))
        history, note = past
        reason = messages.PERSONAL_HISTORY.format(
            condition=condition, code=name, term=note.text, history=history.code
        )
        self._add(history, visit.condition, reason, note)
        self._gathered.account(word.start for word in self._gathered.words)
        return True

    # --- infarctions ------------------------------------------------------------------------------

    def take_reinfarction(self) -> bool:
        """I22 for an infarction within four weeks of another; whether the text says both."""
        pair = reinfarction(self._text)
        if pair is None:
            return False
        words = self._text[slice(*pair.newer)]
        later = resolve(self._library, _SUBSEQUENT, f"subsequent {words}").code
        if not later.valid:
            return False
        self._add(later, (pair.newer,), messages.REINFARCTION.format(code=later.code))
        older = self._text[slice(*pair.older)]
        self._taker.take(
            self._gathered.search(older), Stretch(read_text(older), older, pair.older[0])
        )
        self._gathered.account(
            word.start for word in self._gathered.words if word.start < pair.newer[1]
        )
        return True

    def take_old_infarction(self) -> None:
        """I25.2 for an infarction that the text puts more than four weeks back."""
        span = old_infarction(self._text)
        code = self._library.find(_OLD_INFARCTION) if span is not None else None
        if span is None or code is None or not code.valid or self._gathered.has(code):
            return
        self._gathered.options = [
            option
            for option in self._gathered.options
            if option.code.code[:3] not in _INFARCTIONS or not _stands_within(option, span)
        ]
        self._add(code, (span,), messages.OLD_INFARCTION.format(code=code.code))

    # --- what a burn left -------------------------------------------------------------------------

    def take_scar(self) -> None:
        """The scar that a burn has left, before the burn's code as a sequela (I.B.10)."""
        match = _BURN_SCAR.search(self._text)
        if match is None or not any(o.code.code.endswith("S") for o in self._gathered.options):
            return
        start, end = match.span("scar" if match["scar"] else "late")
        word = self._text[start:end]
        before = self._gathered.options
        self._gathered.options = []
        self._taker.take(self._gathered.search(word), Stretch(read_text(word), word, start))
        self._gathered.options = [*self._gathered.options, *before]

    # --- histories and procedures -----------------------------------------------------------------

    def take_named(self) -> None:
        """A history or a procedure whose code says no more than the words do."""
        for pattern, codes in ((_HISTORY, _PERSONAL), (_DONE, _STATUS)):
            for match in pattern.finditer(self._text):
                group = "what" if match["what"] else "vessel"
                self._take_piece(match.span(), match.start(group), codes)

    def _take_piece(self, span: tuple[int, int], what: int, codes: re.Pattern[str]) -> None:
        start, end = span
        piece = self._text[start:end]
        words = [word for word in read_text(piece) if word.start + start >= what]
        if not any(means(word) for word in words):
            return
        candidates = [c for c in self._gathered.search(piece) if codes.match(c.code)]
        stretch = Stretch(words, piece, start)
        taken = self._taker.take(candidates, stretch, _EXACTLY)
        if not taken and codes is _PERSONAL:
            taken = self._take_attack(span, self._text[what:end])
        if taken:
            self._gathered.account_within((span,), self._text)
            self._gathered.options = [
                option
                for option in self._gathered.options
                if codes.match(option.code.code) or not self._names_within(option, span)
            ]

    def _take_attack(self, span: tuple[int, int], condition: str) -> bool:
        """An acute condition that is history, by the term that covers its range."""
        found = next(iter(self._gathered.search(condition)), None)
        name = (found.resolved or found.code) if found is not None else ""
        code = self._library.find(name) if _OVER.match(name) else None
        if code is None or not _ACUTE.search(code.title):
            return False
        past = personal_history(self._library, name, condition)
        if past is None:
            return False
        history, note = past
        reason = messages.PERSONAL_HISTORY.format(
            condition=condition, code=name, term=note.text, history=history.code
        )
        self._add(history, (span,), reason, note)
        return True

    def _names_within(self, option: Option, span: tuple[int, int]) -> bool:
        """Whether the conditions that an option rests on all stand in the span."""
        if _stands_within(option, span):
            return True
        named = [
            word.start
            for word in self._gathered.words
            if names_condition(word) and any(a <= word.start < b for a, b in option.spans)
        ]
        return bool(named) and all(span[0] <= start < span[1] for start in named)

    def _add(
        self, code: Code, spans: tuple[tuple[int, int], ...], reason: str, note: Note | None = None
    ) -> None:
        passages = [self._gathered.title(code)]
        if note is not None:
            owner = self._library.get(note.owner)
            passages.append(note_passage(note, owner, self._library.release.source))
        self._gathered.options.append(
            Option(
                id=self._gathered.new_id(),
                code=code,
                score=1.0,
                spans=merged(spans, self._text),
                passages=tuple(passages),
                reasons=(reason,),
            )
        )


def _stands_within(option: Option, span: tuple[int, int]) -> bool:
    return bool(option.spans) and all(span[0] <= a and b <= span[1] for a, b in option.spans)
