"""Codes that go with one taken: those its instructional notes pair it with or ask to identify."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot import messages
from bot.drafting.case import Option
from bot.phrasing import is_head_word, merged, names_condition, said_in
from bot.trials import Fate
from bot.unsaid import BRACKETED
from bot.weighing import TRIED
from codesets.dependents import dependents
from codesets.models import NoteKind
from codesets.pairing import companions, prompted
from codesets.quantities import range_of
from codesets.references import in_range
from codesets.substances import is_unsaid_use
from codesets.wording import lists, read_text, read_title
from retrieval.passages import note_passage

if TYPE_CHECKING:
    from bot.coding.gathered import Gathered
    from bot.weighing import Scale
    from codesets.models import Code
    from codesets.pairing import Companion, Prompt
    from codesets.wording import Word

NO_DOUBT = 0.05
"""Doubt up to which a wording says nothing that the text does not."""
_RELATIVES = ("Z80", "Z81", "Z82", "Z83", "Z84")
_ANSWERED = frozenset({"O80"})
"""Records whose note a guideline answers: the outcome of a normal delivery (I.C.15.n.3)."""
_IDENTIFY = re.compile(r"(?:code )?to identify (?:the )?(?P<what>infection|sepsis)", re.IGNORECASE)
_ASKING = (NoteKind.USE_ADDITIONAL, NoteKind.CODE_ALSO)
"""Notes that name a condition and no codes."""
_CONTACT = re.compile(r"contact with", re.IGNORECASE)
_CONTACT_SAID = re.compile(r"(?<!pre-)(?<!pre )\b(?:contacts?|expos(?:ed|ure))\b", re.IGNORECASE)
_NEAR = re.compile(r"[A-Z][0-9A-Z]{2}(?:\.[0-9A-Z]+)?")
"""A category or a code, not a chapter or a block."""


class Companions:
    """Takes what goes with an option into what is gathered."""

    def __init__(self, gathered: Gathered, scale: Scale) -> None:
        self._gathered = gathered
        self._library = gathered.library
        self._scale = scale

    def take_for(self, option: Option, context: str, base: int) -> None:
        """Companions of ``option`` that ``context`` says; a caution where it should say one."""
        code = option.code.code
        for companion in companions(self._library, code, context):
            self._add(option, companion, base, context)
        if option.final:
            for companion in dependents(self._library, code, context):
                if not self._is_told_elsewhere(companion, option, base, context):
                    self._add(option, companion, base, context, after=True)
        if option.final or self._lacks_encounter(option):
            self._add_identified(option, base, context)
        for prompt in prompted(self._library, code, context):
            if _is_asked_for(prompt) and prompt.note.owner not in _ANSWERED:
                self._gathered.say(
                    messages.COMPANION_MISSING.format(owner=prompt.note.owner, text=prompt.text)
                )

    def _add(
        self, asker: Option, companion: Companion, base: int, context: str, after: bool = False
    ) -> None:
        """Take a code that a note pairs with ``asker``; ``after``: the note is the code's own."""
        gathered, name = self._gathered, companion.code.code
        spans = merged([(s + base, e + base) for s, e in companion.spans], gathered.text)
        gathered.account_within(spans, context, base)
        gathered.options = [
            option
            for option in gathered.options
            if option.code.code != name or option.companion_of is not None
        ]
        if gathered.has(companion.code) or (not after and not _is_said(companion, context)):
            return
        if name.startswith(_RELATIVES):
            return  # a relative's condition is looked up by what it is
        owner = self._library.get(companion.note.owner)
        added = Option(
            id=gathered.new_id(),
            code=companion.code,
            score=asker.score,
            spans=spans,
            passages=(
                gathered.title(companion.code),
                note_passage(companion.note, owner, self._library.release.source),
            ),
            reasons=(companion.reason,) if after else (),
            companion_of=asker.id,
            asked_by=None if after else companion.note,
            final=companion.code.valid,
        )
        gathered.options.append(added)
        if not after:
            # What the added code asks for in turn: end-stage disease and its dialysis.
            for further in companions(self._library, name, context):
                if further.note.kind is NoteKind.USE_ADDITIONAL:
                    self._add(added, further, base, context)

    def _lacks_encounter(self, option: Option) -> bool:
        """Whether nothing but the 7th character is left open."""
        stem = option.code.code
        return bool(self._library.seventh_characters(stem)) and len(option.gaps) == 1

    def _is_told_elsewhere(
        self, companion: Companion, asker: Option, base: int, context: str
    ) -> bool:
        """Whether what a companion adds to its asker is coded already by another option."""
        spans = [(s + base, e + base) for s, e in companion.spans]
        heads = [
            word.start + base
            for word in read_text(context)
            if names_condition(word) and any(s <= word.start + base < e for s, e in spans)
        ]
        own = [place for place in heads if not any(s <= place < e for s, e in asker.spans)]
        others = [o for o in self._gathered.options if o is not asker and o.final]
        # What the note itself puts first does not stand for what follows it.
        others = [
            o
            for o in others
            if not any(in_range(o.code.code, each) for each in companion.note.references)
        ]
        return bool(own) and all(
            any(s <= place < e for other in others for s, e in other.spans) for place in own
        )

    # --- notes that name a condition and no codes -------------------------------------------------

    def _add_identified(self, asker: Option, base: int, context: str) -> None:
        """What a note that names no codes asks to identify: the infection of a catheter's UTI."""
        for note in self._library.notes(asker.code.code):
            asked = _IDENTIFY.fullmatch(note.text.strip())
            if note.kind not in _ASKING or note.references or asked is None:
                continue
            noun = asked["what"].casefold()
            for word in read_text(context):
                if word.negated or noun not in word.forms:
                    continue
                found = self._identified(word, noun, context, asker.code)
                if found is None or self._gathered.has(found.code):
                    continue
                source = self._library.release.source
                asking = note_passage(note, self._library.get(note.owner), source)
                self._gathered.options.append(
                    replace(
                        found,
                        spans=((word.start + base, word.end + base),),
                        passages=(*found.passages, asking),
                        companion_of=asker.id,
                        asked_by=note,
                    )
                )
                return

    def _identified(self, word: Word, noun: str, context: str, asker: Code) -> Option | None:
        """The code of a condition that one word names, outside the complications' own chapter.

        Of a short form that names the device too ("CAUTI"), what its infection is.
        """
        phrase = context[word.start : word.end]
        device = {form for part in read_title(asker.title) for form in part.forms} - {noun}
        rest = [form for form in word.forms if form not in device and form not in word.own]
        for words in (phrase, " ".join(rest)) if device.intersection(word.forms) else (phrase,):
            found = self._named(words, noun, asker)
            if found is not None:
                return found
        return None

    def _named(self, phrase: str, noun: str, asker: Code) -> Option | None:
        """The code of another category that says a phrase and nothing else."""
        for candidate in self._gathered.search(phrase)[:TRIED]:
            if candidate.code.startswith(("T", asker.code[:3])):
                continue
            fate, reading = self._scale.read(candidate, phrase, read_text(phrase), leading=False)
            code = reading.resolution.code
            title = {form for part in read_title(code.title) for form in part.forms}
            if (
                fate is Fate.OUTWEIGHED
                and reading.accounted
                and reading.resolution.final
                and (noun in title or asker.code[0] != "T")
                and reading.doubt <= NO_DOUBT
            ):
                return Option(
                    id=self._gathered.new_id(),
                    code=code,
                    score=candidate.score,
                    spans=(),
                    passages=(self._gathered.title(code),),
                )
        return None


def _is_asked_for(prompt: Prompt) -> bool:
    """Whether a reader should hear of a note the text does not answer.

    A "use additional code" note of the category or below speaks of this condition; notes of whole
    chapters, and those that apply only in some cases, would be noise beside every answer.
    """
    near = _NEAR.fullmatch(prompt.note.owner) is not None
    return near and not prompt.conditional and prompt.note.kind is NoteKind.USE_ADDITIONAL


def _is_said(companion: Companion, context: str) -> bool:
    """Whether the text names the condition of a companion, not only a qualifier of it.

    A code that would lead (a "code first" note) must have every condition of its title said.
    """
    said = said_in(context)
    kinds = {f for w in read_title(companion.code.title) for f in w.forms if f in lists().parts}
    if kinds and said.isdisjoint(kinds):
        return False  # a laceration of the scalp says nothing of its muscles
    title = BRACKETED.sub(" ", companion.code.title)
    heads = [word for word in read_title(title) if is_head_word(word)]
    named = sum(bool(said.intersection(word.forms)) for word in heads)
    if companion.note.kind is NoteKind.CODE_FIRST:
        return named == len(heads)
    if is_unsaid_use(companion.code.code, context):
        return False
    if _CONTACT.match(companion.code.title) and not _CONTACT_SAID.search(context):
        return False
    if range_of(companion.code.title) is not None:
        return True  # the value that the text states is what the title asks for
    return named > 0 or not heads
