"""What no candidate may stand against: what a text denies, or says nothing of.

A code that fails here is not worth less: it is not supported at all.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.phrasing import said_in
from bot.unsaid import BRACKETED, unsaid
from codesets.combining import is_presumed, keeps_apart
from codesets.metastases import only_metastases
from codesets.substances import is_unsaid_use
from codesets.wording import is_head, is_plain, lists, read_text, read_title

if TYPE_CHECKING:
    from codesets.models import Code
    from retrieval.search import Candidate

_PRIMARY_SITE = re.compile(r"C(?!7[79B]|78)")
"""Malignant neoplasms that are no metastases (I.C.2)."""
_RELATED = re.compile(r"\b(?:hypertensive|diabetic)\b", re.IGNORECASE)
"""A relation that a text states itself."""
_STATUS = re.compile(
    r"(?P<what>resistance|(?:[\w/, -]+ )?allergy status|long[- ]term|carrier|personal history"
    r"|outcome of delivery"
    r"|encounter for (?P<reason>.+?)(?= (?:of|to|for|with|in|due|and|following)\b|,|$))",
    re.IGNORECASE,
)
"""Titles that say a status, or why a patient came."""
_VENTILATED = re.compile(r"J1[2-8]")
"""Pneumonias that are not coded beside one of a ventilator (I.C.10.d.1)."""
_REPEATED = re.compile(r"repeated|recurrent", re.IGNORECASE)
_AGAIN = re.compile(
    r"\b(?:repeated\w*|recurr\w*|frequent\w*|multiple|several|many|often|again|relaps\w*|chronic"
    r"|habitual|\d+(?:st|nd|rd|th)|another|second|third)\b|\bfalls\b|[xX]\s?\d",
    re.IGNORECASE,
)
_FRAIL = re.compile(r"\b(?:pathological|stress|fatigue|atypical femoral) fracture", re.IGNORECASE)
"""A fracture is traumatic unless the text calls it otherwise, as in the Alphabetic Index."""
_FRAILTY = re.compile(
    r"patholog|stress|fatigue|osteopor|insufficien|spontan|fragil|neoplas|metasta|\bmets\b|tumou?r"
    r"|cancer|carcinoma|malignan|myeloma|lymphoma|atypical|collapse|bisphosph|paget|bone disease",
    re.IGNORECASE,
)
_ACUTE = re.compile(r"\bacute\b", re.IGNORECASE)
_FOLLOWING = re.compile(r"(?P<what>.+?) following ", re.IGNORECASE)
_RELATIVE = re.compile(r"family history", re.IGNORECASE)
_RELATIVES = re.compile(
    r"\b(?:famil\w+|fhx?|fam hx|mother|father|parents?|brother|sister|sibling|grand\w+|aunt|uncle"
    r"|cousin|son|daughter|maternal|paternal|relatives?|mom|dad)\b",
    re.IGNORECASE,
)


_ONLY_WHERE = (
    (
        re.compile(r"I22"),
        re.compile(
            r"subsequent|second|another|again|recurr|re-?infarct|previous|prior|recent|\bnew\b"
            r"|(?:weeks?|days?) (?:ago|after|post|later)",
            re.IGNORECASE,
        ),
    ),
    (
        re.compile(r"Z28"),
        re.compile(
            r"\bnot\b|\bno\b|n't\b|refus|declin|unvaccinat|immuniz\w* status|under-?immun|partial"
            r"|incomplete|delinquent|behind|overdue|delay|missed|contraindic|non-?complian|hesitan",
            re.IGNORECASE,
        ),
    ),
)
"""Codes for what is out of the ordinary, and the words without which nothing says so: a second
infarction within four weeks (I.C.9.e.4), an immunization not carried out."""


def is_barred(candidate: Candidate, code: Code, context: str, phrase: str) -> bool:
    """Whether a text keeps ``code`` out, however well the words of ``phrase`` fit it."""
    return bool(
        (_PRIMARY_SITE.match(code.code) and only_metastases(phrase))
        or (_VENTILATED.match(code.code) and "ventilator" in said_in(context))
        or is_unsaid_use(code.code, context)
        or (_RELATIVE.match(code.title) and not _RELATIVES.search(context))
        or (_REPEATED.match(code.title) and not _AGAIN.search(context))
        or (_FRAIL.search(code.title) and not _FRAILTY.search(context))
        or any(c.match(code.code) and not words.search(context) for c, words in _ONLY_WHERE)
        or is_past_attack(code, context)
        or _is_unsaid_effect(candidate, code, context)
        or _is_denied(code, context)
        or _is_unsaid_status(candidate, code, context)
    )


def is_past_attack(code: Code, context: str) -> bool:
    """Whether a title is of an acute condition or injury that the text only calls history."""
    if not _ACUTE.search(BRACKETED.sub(" ", code.title)) and code.code[0] not in "ST":
        return False
    title = {form for word in read_title(code.title) for form in word.own if _is_condition(form)}
    named = [w for w in read_text(context) if not w.negated and not title.isdisjoint(w.forms)]
    return bool(named) and all(word.past for word in named)


def _is_unsaid_effect(candidate: Candidate, code: Code, context: str) -> bool:
    """Whether a title says what followed something, and the text only what it followed."""
    match = _FOLLOWING.match(code.title)
    if match is None:
        return False
    said = said_in(context)
    if candidate.matches and candidate.matches[0].variant:
        said |= said_in(candidate.matches[0].variant)
    effects = {form for w in read_title(match["what"]) for form in w.forms if _is_condition(form)}
    return bool(effects) and effects.isdisjoint(said)


def _is_condition(form: str) -> bool:
    return is_head(form) and form not in lists().body


def _is_denied(code: Code, context: str) -> bool:
    """Whether the title names a condition that the text only denies, or sets apart.

    "Heart failure not due to hypertension" is no hypertensive heart failure (I.C.9.a).
    """
    words = read_text(context)
    said = said_in(context)
    denied = {f for word in words if word.negated for f in word.own if f not in said}
    names = {
        form
        for word in read_title(BRACKETED.sub(" ", code.title))
        if not word.negated
        for form in word.own
        if _is_condition(form)
    }
    presumed = keeps_apart(context) and not _RELATED.search(context)
    return bool(names & denied) or (presumed and is_presumed(code.code))


def _is_unsaid_status(candidate: Candidate, code: Code, context: str) -> bool:
    """Whether a title says a status or a reason for an encounter of which the text has no word.

    A drug that is named says nothing of resistance to it, an allergy or long-term use.
    """
    status = _STATUS.match(code.title)
    if status is None:
        return False
    said = said_in(context)
    if candidate.matches and candidate.matches[0].variant:
        said |= said_in(candidate.matches[0].variant)
    if any(word.past for word in read_text(context)):
        said.add("history")
    wordings = [match.passage.text for match in candidate.matches]
    if any(not unsaid(wording.replace(" > ", " "), said) for wording in wordings):
        return False
    return not any(
        form in said and not is_plain(form)
        for word in read_title(status["reason"] or status["what"])
        for form in word.forms
    )
