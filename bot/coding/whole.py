"""A question read as one phrase, unless it is only a list of several.

Some sentences are taken apart by what they say: a neoplasm and its metastases, an unknown primary,
a drug and what it did.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot import messages
from bot.coding.built import gap_of
from bot.coding.companions import NO_DOUBT
from bot.coding.gathered import Stretch
from bot.coding.pasts import Pasts
from bot.coding.taking import Terms
from bot.drafting.case import Option
from bot.phrasing import bare, names_condition, tells
from codesets.adverse import adverse_effect, blamed_drugs
from codesets.combining import keeps_apart
from codesets.metastases import (
    metastasis_piece,
    metastatic_to,
    neoplasm_pieces,
    unknown_primary,
)
from codesets.models import NoteKind
from codesets.resolution import resolve
from codesets.wording import read_text, read_title
from retrieval.mentions import Assertion, find_mentions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.coding.gathered import Gathered
    from bot.coding.taking import Taker
    from codesets.wording import Word
    from retrieval.mentions import Mention
    from retrieval.search import Candidate

FOUND_NEGATIVE = re.compile(r"\b(?:negative|neg|not detected|nonreactive)\W*$", re.IGNORECASE)
"""A test that found nothing: "HIV negative"."""
_DUE = re.compile(
    r"\b(?:(?:due|secondary) to|2/2|caused by)\s+(?:an?\s+|the\s+)?(?P<cause>[^,;.()]+)",
    re.IGNORECASE,
)
_IN = re.compile(
    r"\b(?:(?:due|secondary) to|2/2|caused by|in|from)\s+(?:an?\s+|the\s+)?(?P<cause>[^,;.()]+)",
    re.IGNORECASE,
)
_SECONDARY = ("C77", "C78", "C79")
_LEAST_OF_ALL = 0.25
"""Worth from which one code may stand for all conditions of a list."""
_UNKNOWN_SITE = "C80.1"
"""A malignant neoplasm whose primary site nobody knows."""


class Whole:
    """Takes what a question says as a whole into what is gathered."""

    def __init__(self, gathered: Gathered, taker: Taker) -> None:
        self._gathered = gathered
        self._taker = taker
        self._text = gathered.text
        self._library = gathered.library
        self._pasts = Pasts(gathered, taker)

    def take(self) -> None:
        """The question as one phrase, unless it is only a list of several."""
        mentions = find_mentions(self._text)
        candidates = self._gathered.search(self._text)
        self._gathered.whole = tuple(candidates)
        if self._pasts.take_follow_up():
            return
        if not self._is_one_phrase(mentions):
            return
        if self._take_unknown_primary() or self._take_neoplasms():
            return
        if self._pasts.take_reinfarction():
            return
        self._take_harm()
        if not self._gathered.options:
            self._take_at_once(candidates, mentions)
        self._take_adverse_effect()
        self._taker.take_leftovers(Stretch(self._gathered.words, self._text))
        self._take_cause()
        self._take_metastasis()
        self._pasts.take_old_infarction()
        self._pasts.take_scar()
        self._pasts.take_named()

    def _is_one_phrase(self, mentions: Sequence[Mention]) -> bool:
        """Whether all of it is asserted of the patient, and nothing called unrelated."""
        if any(FOUND_NEGATIVE.search(mention.text) for mention in mentions):
            return False
        if len(mentions) > 1 and keeps_apart(self._text):
            return False
        return {mention.status for mention in mentions} == {Assertion.ASSERTED}

    def _take_at_once(self, candidates: Sequence[Candidate], mentions: Sequence[Mention]) -> None:
        """One code for it all; of several conditions only what says a word of each."""
        words = self._gathered.words
        named = [
            [w for w in words if m.start <= w.start < m.end and names_condition(w)]
            for m in mentions
        ]
        conditions = [heads for heads in named if heads]
        several = len(conditions) > 1
        terms = Terms(every=conditions, least=_LEAST_OF_ALL) if several else Terms()
        self._taker.take(candidates, Stretch(words, self._text), terms)

    def _take_piece(self, start: int, end: int) -> None:
        """What stands between two offsets, searched and read by itself."""
        words = self._text[start:end]
        self._taker.take(self._gathered.search(words), Stretch(read_text(words), words, start))

    # --- neoplasms --------------------------------------------------------------------------------

    def _take_neoplasms(self) -> bool:
        """A primary neoplasm and its metastases, each by itself; whether the text has both."""
        called = metastatic_to(self._text)
        if called is not None:
            primary, sites = called
            self._take_piece(*primary)
            for site in sites:
                self._take_spread(primary, site)
            return True
        pieces = neoplasm_pieces(self._text)
        for start, end in pieces:
            self._take_piece(start, end)
        return bool(pieces)

    def _take_spread(self, primary: tuple[int, int], site: tuple[int, int]) -> None:
        """One site of a spread that is named after its primary, whose words are blotted out."""
        gathered, start = self._gathered, primary[1]
        spread = f"{' ' * (site[0] - start - 11)} metastases{self._text[site[0] - 1 : site[1]]}"
        said = spread.lstrip()
        taken = len(gathered.options)
        base = site[1] - len(said)
        self._taker.take(gathered.search(said), Stretch(read_text(said), said, base))
        gathered.options[taken:] = [
            replace(o, spans=tuple(s for s in o.spans if s[0] >= site[0]) or (site,))
            for o in gathered.options[taken:]
        ]

    def _take_metastasis(self) -> None:
        """The metastasis that a fracture or another condition is due to, where none is coded."""
        piece = metastasis_piece(self._text)
        coded = any(o.code.code.startswith(_SECONDARY) for o in self._gathered.options)
        if piece is not None and not coded:
            self._take_piece(*piece)

    def _take_unknown_primary(self) -> bool:
        """C80.1 where the primary is called unknown, then what the rest says by itself."""
        gathered = self._gathered
        unknown = unknown_primary(self._text)
        code = self._library.find(_UNKNOWN_SITE) if unknown is not None else None
        if unknown is None or code is None or not code.valid:
            return False
        for start, end in ((0, unknown[0]), (unknown[1], len(self._text))):
            rest = self._text[start:end]
            own = bare(read_text(rest))
            if any(tells(word) for word in own):
                self._taker.take(gathered.search(rest.strip(" ,;.")), Stretch(own, rest, start))
        gathered.options.append(
            Option(
                id=gathered.new_id(),
                code=code,
                score=1.0,
                spans=(unknown,),
                passages=(gathered.title(code),),
                reasons=(messages.UNKNOWN_PRIMARY.format(code=code.code),),
            )
        )
        gathered.account_within((unknown,), self._text)
        return True

    # --- causes -----------------------------------------------------------------------------------

    def _take_cause(self) -> None:
        """The condition that another is due to, where no code taken says it in its own words.

        An entry of the Index may name a cause that the code's title does not ("Encephalopathy,
        septic"); the cause is then a diagnosis of its own.
        """
        gathered = self._gathered
        match = (_IN if any(map(self._asks_cause, gathered.options)) else _DUE).search(self._text)
        if match is None or not gathered.options or blamed_drugs(self._text):
            return
        start, end = match.span("cause")
        words = [w for w in gathered.words if start <= w.start < end]
        heads = [word for word in words if names_condition(word)]
        printed = {
            form
            for option in gathered.options
            for part in read_title(option.code.title)
            for form in part.forms
        }
        if not heads or any(not printed.isdisjoint(word.forms) for word in heads):
            return
        piece = self._text[start:end]
        own = Stretch(read_text(piece), piece, start)
        self._taker.take(gathered.search(piece), own, Terms(whole_only=True, least=0.3))

    def _asks_cause(self, option: Option) -> bool:
        """Whether a note of a code has its cause coded first, without saying by which codes."""
        return any(
            note.kind is NoteKind.CODE_FIRST
            and not note.references
            and "underlying" in note.text.casefold()
            for note in self._library.notes(option.code.code)
        )

    # --- drugs ------------------------------------------------------------------------------------

    def _take_harm(self) -> None:
        """What a drug that the text blames has done, as drugs do it where a title says so."""
        found = adverse_effect(self._library, self._text)
        if found is None:
            return
        start, end = found.harm
        own: list[Word] = [w for w in self._gathered.words if start <= w.start and w.end <= end]
        if any(tells(word) for word in own):
            drug = [w for w in self._gathered.words if _within(w, found.spans)]
            both = Stretch(sorted([*own, *drug], key=lambda w: w.start), self._text)
            harm = Stretch(own, self._text)
            plainly = Terms(whole_only=True, doubt=NO_DOUBT)
            tried = (
                (both.phrase, both, plainly),
                (f"drug induced {harm.phrase}", both, plainly),
                (harm.phrase, harm, Terms(whole_only=True)),
            )
            for words, stretch, terms in tried:
                if self._taker.take(self._gathered.search(words), stretch, terms):
                    return

    def _take_adverse_effect(self) -> None:
        """The adverse effect of a drug that the text blames, its 7th character left to choose."""
        gathered = self._gathered
        found = adverse_effect(self._library, self._text)
        if found is None or not gathered.options:
            return
        if any(o.code.code.startswith(found.code.code[:5]) for o in gathered.options):
            return
        said = f"{found.code.title}, {self._text}"
        resolution = resolve(self._library, found.code.code, said)
        code, final = resolution.code, resolution.final and resolution.code.valid
        if not code.code.startswith(found.code.code):
            return
        gathered.options.append(
            Option(
                id=gathered.new_id(),
                code=code,
                score=gathered.options[0].score,
                spans=found.spans,
                passages=(gathered.title(code),),
                reasons=(found.reason,),
                gaps=tuple(gap_of(axis) for axis in resolution.gaps),
                final=final,
                choices=() if final else found.choices,
            )
        )
        gathered.account_within(found.spans, self._text)


def _within(word: Word, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= word.start < end for start, end in spans)
