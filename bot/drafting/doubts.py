"""What a model's own choice must stand up to: a code that was retrieved and the rules left out.

The rules' options have been through resolution and rejection already. A code beyond them counts
only with words of the text that are about it, that are asserted of the patient, and that say as
much as the code does.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from bot.answer import Setting
from bot.drafting.rendering import support_of
from codesets.errors import CodesetError
from codesets.resolution import resolve
from codesets.wording import is_plain, read_text, read_title
from retrieval.mentions import Assertion, find_mentions, status_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.answer import Quote
    from bot.drafting.case import Case, Option
    from codesets.library import Library

_SHARE = 0.5
"""Share of the meaningful words of a title that the quoted words must say."""


class Failure(StrEnum):
    """Why something a drafter wrote was dropped."""

    UNKNOWN_OPTION = "unknown-option"
    REPEATED_OPTION = "repeated-option"
    UNKNOWN_CODE = "unknown-code"
    NOT_VALID = "not-valid-on-date"
    NOT_FINAL = "characters-missing"
    QUOTE_NOT_IN_TEXT = "quote-not-in-text"
    NOT_ASSERTED = "words-not-asserted"
    UNSUPPORTED = "words-do-not-support"
    CITATION_NOT_RETRIEVED = "citation-not-retrieved"
    NOTHING_LEFT = "no-evidence-and-no-citation"


def doubt(case: Case, option: Option, quotes: Sequence[Quote], library: Library) -> Failure | None:
    """Why ``option``, which the rules left out, cannot stand on ``quotes``; None when it can."""
    about = [quote for quote in quotes if _is_about(quote.quote, option)]
    if not about:
        return Failure.UNSUPPORTED
    if not any(_is_asserted(case, quote) for quote in about):
        return Failure.NOT_ASSERTED
    said = " … ".join(quote.quote for quote in about)
    for words in (said, case.text):  # words left out of a quote may say more, or otherwise
        try:
            resolution = resolve(library, option.code.code, words)
        except CodesetError:
            return Failure.UNSUPPORTED
        if not resolution.final or resolution.code.code != option.code.code:
            return Failure.UNSUPPORTED
    return None


def _is_about(words: str, option: Option) -> bool:
    """Whether quoted words say a good part of some official wording of the option."""
    said = {form for word in read_text(words) if not word.negated for form in word.forms}
    wordings = [option.code.title, *(passage.text for passage in option.passages)]
    return any(_share(wording, said) >= _SHARE for wording in wordings) and bool(
        said & {form for word in read_title(support_of(option)) for form in word.forms
                if not is_plain(form)}
    )  # fmt: skip


def _share(wording: str, said: set[str]) -> float:
    words = [w for w in read_title(wording) if not all(is_plain(form) for form in w.forms)]
    if not words:
        return 0.0
    return sum(bool(said.intersection(word.forms)) for word in words) / len(words)


def _is_asserted(case: Case, quote: Quote) -> bool:
    """Whether the words are said of the patient, now, and surely enough for the setting."""
    allowed = {Assertion.ASSERTED}
    if case.setting is Setting.INPATIENT:
        allowed.add(Assertion.UNCERTAIN)  # II.H and III.C; outpatient IV.H
    around = {
        mention.status
        for mention in find_mentions(case.text)
        if mention.start < quote.end and quote.start < mention.end
    }
    return {status_of(quote.quote), *around} <= allowed
