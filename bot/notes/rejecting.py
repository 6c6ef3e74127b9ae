"""What a note names and is not coded, each with the reason a coder would give."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.answer import Rejected
from bot.notes.circumstances import long_term_drugs
from bot.notes.combining import integral_to
from bot.notes.history import LASTING, operation_code, past_code
from bot.notes.records import VAGUE
from codesets.errors import CodesetError
from codesets.resolution import resolve
from retrieval.notes.cues import Status
from retrieval.notes.headings import SectionKind
from retrieval.notes.status import SentenceStatus
from retrieval.settling import default_below

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.notes.records import Coded
    from codesets.library import Library
    from retrieval.notes.reading import Mention, Note

MOST_REJECTED = 120
NEGATED = "{words}: denied in the note."
FAMILY = "{words}: a relative's, not the patient's."
OTHER = "{words}: said of someone else."
UNCERTAIN = "{words}: stated as uncertain; not coded in the outpatient setting (IV.H)."
RULE_OUT = "{words}: to be ruled out, not diagnosed (IV.H)."
HYPOTHETICAL = "{words}: only possible in the future, or what to watch for."
SCREENING = "{words}: looked for by screening or vaccination, not diagnosed."
RESOLVED = "{words}: resolved{past}."
HISTORICAL = "history of {words}: no longer treated at this visit{past}."
LASTING_HISTORY = "{words}: listed in the history and not addressed at this visit."
COPIED = "{words}: copied from an earlier note and not addressed at this visit."
LISTED = "{words}: listed under {heading}, not evaluated or treated at this visit (IV.J)."
RESULT = "{words}: a result alone; coded only where the provider says what it means (III.B)."
FOUND = "{words}: found on examination and not assessed."
SYMPTOM = "{words}: a symptom that belongs to {code} (I.B.5)."
SUPERSEDED = "{words}: the assessment says more ({code})."
UNASSESSED = "{words}: mentioned, but not evaluated, monitored or treated at this visit."
TOO_GENERAL = "{words}: too general to be coded by itself."
OPERATION = "{words}: had before, not what this visit was about; {code} says so where it matters."
DRUG = "{words}: its use is not called long-term; {code} where your policy reports it."
_REASONS = {
    Status.NEGATED: NEGATED,
    Status.FAMILY: FAMILY,
    Status.OTHER_PERSON: OTHER,
    Status.UNCERTAIN: UNCERTAIN,
    Status.RULE_OUT: RULE_OUT,
    Status.HYPOTHETICAL: HYPOTHETICAL,
    Status.SCREENING: SCREENING,
    Status.COPIED: COPIED,
}
_RESULTS = (SectionKind.RESULTS,)
_EXAMINED = (SectionKind.EXAM, SectionKind.VITALS)
_LISTS = (
    SectionKind.PAST, SectionKind.SURGICAL, SectionKind.SOCIAL, SectionKind.MEDICATIONS,
    SectionKind.PROBLEMS, SectionKind.ALLERGIES,
)  # fmt: skip


def rejected_mentions(
    note: Note,
    library: Library,
    coded: Sequence[str],
    taken: Iterable[tuple[int, int]],
    dropped: Iterable[tuple[Coded, str]] = (),
) -> tuple[Rejected, ...]:
    """The conditions that ``note`` names and that are not coded, each code and reason once.

    ``coded`` are the codes suggested, ``taken`` the spans that carry them, ``dropped`` what was
    found and taken back, with the reason.
    """
    covered = sorted(taken)
    found: dict[tuple[str, str], Rejected] = {}
    for each, reason in dropped:
        phrase = each.phrase
        found[each.code, Status.ASSERTED.value] = Rejected(
            phrase.text, phrase.start, phrase.end, reason, (each.code,)
        )
    for mention in note.mentions:
        if len(found) >= MOST_REJECTED:
            break
        code = _code(library, mention)
        if not code or any(s <= mention.start < e for s, e in covered):
            continue
        if mention.judgement.status in (Status.ASSERTED, Status.HISTORICAL) and (
            code in coded or any(c.startswith(code) for c in coded)
        ):
            continue
        reason, codes = _reason(mention, code, coded, library)
        key = (code, mention.judgement.status.value)
        if key not in found:
            found[key] = Rejected(mention.text, mention.start, mention.end, reason, codes)
    for rejected in (*_operations(note, library, coded), *_drugs(note, coded)):
        if len(found) < MOST_REJECTED:
            found.setdefault((rejected.codes[0], "had"), rejected)
    return tuple(found.values())


def _operations(note: Note, library: Library, coded: Sequence[str]) -> Iterable[Rejected]:
    """Operations that the note says the patient has had and that this visit was not about."""
    for sentence, section in note.places:
        if section.kind is SectionKind.FAMILY:
            continue
        found = operation_code(sentence.text)
        if found is None or found[0] in coded or found[0] == "Z98.890":
            continue
        code, first, last = found
        words = sentence.text[first:last]
        judged = SentenceStatus(sentence.text, section.kind).of(first, last).status
        if judged in (Status.ASSERTED, Status.HISTORICAL) and library.find(code) is not None:
            start = sentence.start + first
            reason = OPERATION.format(words=words, code=code)
            yield Rejected(words, start, start + len(words), reason, (code,))


def _drugs(note: Note, coded: Sequence[str]) -> Iterable[Rejected]:
    """Drugs that the note lists without calling their use long-term."""
    for drug in long_term_drugs(note)[1]:
        if drug.code not in coded:
            words = note.text[drug.start : drug.end]
            reason = DRUG.format(words=words, code=drug.code)
            yield Rejected(words, drug.start, drug.end, reason, (drug.code,))


def _code(library: Library, mention: Mention) -> str:
    """The valid code that stands for a mention by itself."""
    for code in mention.codes:
        reached = _standing(library, code)
        record = library.find(reached)
        if record is not None and record.valid:
            return reached
    return mention.codes[0] if mention.codes else ""


@lru_cache(maxsize=16_384)
def _standing(library: Library, code: str) -> str:
    """The valid code that stands for a record when its title is all that is said."""
    record = library.find(code)
    if record is None or record.valid:
        return code
    try:
        reached = resolve(library, code, record.title)
    except CodesetError:
        return default_below(library, code)
    return reached.code.code if reached.code.valid else default_below(library, code)


def _reason(
    mention: Mention, code: str, coded: Sequence[str], library: Library
) -> tuple[str, tuple[str, ...]]:
    words = " ".join(mention.text.split())
    status, kind = mention.judgement.status, mention.section.kind
    if status in _REASONS:
        return _REASONS[status].format(words=words), (code,)
    listed = status is Status.HISTORICAL and LASTING.match(code)
    if listed and (same := _says_more(code, coded)):
        return SUPERSEDED.format(words=words, code=same), (code,)
    if status in (Status.RESOLVED, Status.HISTORICAL):
        return _past(mention, words, code, library, status)
    if code in VAGUE:
        return TOO_GENERAL.format(words=words), (code,)
    explained = integral_to(code, coded) if code[0] in "RM" else ""
    if explained:
        return SYMPTOM.format(words=words, code=explained), (code,)
    if same := _says_more(code, coded):
        return SUPERSEDED.format(words=words, code=same), (code,)
    if kind in _RESULTS:
        return RESULT.format(words=words), (code,)
    if kind in _EXAMINED:
        return FOUND.format(words=words), (code,)
    if kind in _LISTS:
        heading = mention.section.heading.casefold() or kind.value
        return LISTED.format(words=words, heading=heading), (code,)
    return UNASSESSED.format(words=words), (code,)


def _says_more(code: str, coded: Sequence[str]) -> str:
    """The coded condition that already says what ``code`` would; "" for none.

    Hypertension is part of hypertensive heart and kidney disease (I.C.9.a), and an injury with a
    site says more than one without (T14).
    """
    within = {"I10": r"I1[1-3]|I16", "T14": r"[ST]\d"}.get(code[:3], code[:3])
    return next((c for c in coded if c[:3] == code[:3] or re.match(within, c)), "")


def _past(
    mention: Mention, words: str, code: str, library: Library, status: Status
) -> tuple[str, tuple[str, ...]]:
    if status is Status.HISTORICAL and LASTING.match(code):
        return LASTING_HISTORY.format(words=words), (code,)
    operation = operation_code(mention.sentence.text)
    past = past_code(code, mention.text)
    if (
        operation is not None
        and operation[1] <= mention.start - mention.sentence.start < operation[2]
    ):
        past = operation[0]
    record = library.find(past) if past else None
    codes = (record.code, code) if record is not None and record.valid else (code,)
    told = f", {record.code}" if record is not None and record.valid else ""
    form = RESOLVED if status is Status.RESOLVED else HISTORICAL
    return form.format(words=words, past=told), codes
