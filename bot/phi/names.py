"""Names of persons, found without a model: by title, role, label, signature, relation and lists.

Strong evidence (a title, a label, a signature, credentials) takes any capitalised word that is not
an ordinary one; ``name_lists`` finds the rest. 45 CFR 164.514(b)(2)(i)(A).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.phi.lexicon import (
    LABELS,
    lexicon,
)
from bot.phi.name_contexts import placed
from bot.phi.name_lists import (
    beside,
    given_names,
    listed,
)
from bot.phi.name_shapes import shaped
from bot.phi.name_words import (
    COMMON,
    CREDENTIALS,
    LETTER,
    PARTICLES,
    SHORT_CREDENTIALS,
    SUFFIX,
    WORD,
    fold,
    headed,
    is_known,
    is_plain_word,
    take,
)
from bot.phi.plain_names import find_plain_names
from bot.phi.records import Identifier, Span
from bot.phi.strangers import strangers
from codesets.abbreviations import meanings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.phi.lexicon import Lexicon

_TITLE = re.compile(
    r"(?<![\w])(?:Mr|Mrs|Ms|Mx|Miss|Mister|Madam|Dr|Drs|Doctor|Prof|Professor|Rev|Reverend|Pastor|Rabbi|Imam|Sgt|Sergeant|Capt|Captain"
    r"|Lt|Lieutenant|Col|Colonel|Maj|Officer|Ofc|Nurse|Judge|Hon|Señora?|Sra|Madame|Mme|Sir|Dame"
    r"|MR|MRS|MS|DR|MISS|PROF|mr|mrs|ms(?=\.)|dr|miss|doctor|nurse|officer|pastor)\b(?:\.[ ]?|[ ]+)(?:and[ ]+(?:Mrs?|Ms)\.?[ ]+)?(?=\w)"
)
_LABEL_WORDS = (
    r"(?:patient(?:'?s)?(?:[ ](?:full|legal|preferred))?(?:[ ]name)?|pt\.?(?:'s)?(?:[ ]name)?|(?:full|legal|first|last|middle|given|family|maiden|preferred|birth|sur)[ ]?name"
    r"|mother'?s[ ]maiden[ ]name|name(?:[ ](?:of[ ]\w+|\(last,?[ ]first(?:[ ]m(?:iddle|i)?)?\)))?|surname|alias|a\.?k\.?a\.?|guarantor|subscriber(?:[ ]name)?|insured|policy ?holder|beneficiary|member(?:[ ]name)?"
    r"|preferred(?:[ ]name)?|nick[ ]?name|goes[ ]by|emergency[ ]contacts?|next[ ]of[ ]kin|nok|contact(?:[ ]person)?|spouse|wife|husband|partner|guardian|mother|father|parents?|son|daughter|sister|brother|care(?:giver|taker)|responsible[ ]party"
    r"|(?:attending|admitting|referring|ordering|consulting|treating|primary(?:[ ]care)?|rendering|performing|supervising|billing|operating|covering|discharging|family|interpreting|reading|assistant|co-?)?[ ]?"
    r"(?:physician|provider|prescriber|submitter|preparer|approver|reviewer|verifier|examiner|counselor|evaluator|requester|requestor|sender|recipient|owner|lead|surgeon|doctor|practitioner|clinician|md|nurse|therapist|pathologist|radiologist|anesthesiologist|cardiologist|oncologist|consultant|specialist)s?(?:[ ]name)?"
    r"|attending|pcp|resident|intern|fellow|surgeon|(?:first|second|surgical)?[ ]?assistants?|anesthesia|anesthetist|crna|scrub(?:[ ](?:nurse|tech))?|circulat(?:or|ing[ ]nurse)|rn|technologist|technician|tech|sonographer|phlebotomist|scribe|author"
    r"|(?:electronically[ ])?(?:signed|dictated|transcribed|authenticated|verified|reviewed|prepared|entered|ordered|requested|collected|referred|performed|interpreted|completed|seen|witnessed|cosigned|approved)(?:[ ]by)?"
    r"|signature|signed|cc|attn|attention|dear|from|to|re|employer|informant|historian|source|interpreter|witness|hc?poa|mpoa|poa|proxy|health[ ]?care[ ]proxy|surrogate|case[ ]manager|social[ ]worker|coordinator|donor|recipient|caller|spoke[ ]with|accompanied[ ]by|passenger|driver|ordering|operator|reader|client|coach|teacher|lawyer|attorney|employee|supervisor|user)"
)
_LABEL = re.compile(
    rf"(?<![\w\-])(?i:{_LABEL_WORDS})(?:[ ]?\((?:s|[a-z ]{{2,20}})\))?[ ]?(?:[:=|\t]|[ ]-[ ]|\#)[ \t|]*(?i:(?:is|the|dr|mr|mrs|ms|miss|prof)\b\.?[ ]*)?(?=\w)"
)
_BY = re.compile(
    r"(?<![\w])(?i:(?:(?:electronically|digitally|e-?)[ \-]?)?(?:signed|dictated|transcribed|authenticated|reviewed|verified|prepared|entered|documented|scribed|performed|read|interpreted|ordered"
    r"|referred|seen|evaluated|examined|followed|treated|managed|accompanied|attested|approved|co-?signed|witnessed|assisted|staffed|admitted|discharged|delivered|operated[ ]on|written|typed|completed|brought[ ]in|brought|driven|contacted|called|notified|paged|placed|done|given|told|supervised|cared[ ]for|collected|drawn|requested|recommended|prescribed|consulted|translated|interpreted|reported|provided|observed|found|raised|cosigned|obtained|administered)"
    r"[ ]+(?:electronically[ ]+)?(?:by|with|per|to|from)|discussed(?:[ ]\w+){0,3}?[ ]+with|d/w|spoke(?:n)?[ ]+(?:with|to)|talked[ ]+(?:with|to)|met[ ]+with|seen[ ]+with|saw|visited|consult(?:ed)?[ ]+(?:with|to)?|refer(?:red)?[ ]+to|follow(?:ed|s|ing)?[ -]?up[ ]+with|f/u[ ]+(?:with|w/)"
    r"|appointment[ ]+with|appt[ ]+(?:with|w/)|history[ ]+(?:from|per|by|obtained[ ]from)|per|cc|c/o[ ]+of|care[ ]+of|dear|hello|hi|thank[ ]you,?|thanks,?|sincerely,?|regards,?|best,?|respectfully,?|yours(?:[ ]truly)?,?|attn|via|/s/|///?|staffed[ ]with|attending|resident|surgeon|nurse|pharmacist|provider|therapist|counselor|patient|pt|client|resident|veteran|named|called|name[ ]is|names[ ]are|goes[ ]by|known[ ]as|aka|a\.k\.a\.|n[ée]e|formerly|alias|by|passenger|driver|introduced[ ]as|i,|i[ ]am|under[ ]+(?:the[ ]+)?(?:care|service)[ ]+of|on[ ]behalf[ ]of|with)(?![\w'’])"
    r"[ \t]*[:,\-]?[ \t\n]*(?i:(?:is|the|this|our|my|his|her|their|also|dr|mr|mrs|ms)\b\.?[ ]*)?"
    r"(?i:(?:attending|resident|surgeon|nurse|physician|provider|doctor|patient|fellow|intern|scribe|np|pa|rn|wife|husband|son|daughter|mother|father|sister|brother|friend|caregiver|aunt|uncle|neighbor|partner|spouse|mom|dad|grandmother|grandfather|niece|nephew|grandson|granddaughter)\b[ ,]*)?(?=[^\W\d_])"
)
_RELATION = re.compile(
    r"\b(?i:(?:wife|husband|son|daughter|mother|father|mom|dad|brother|sister|spouse|partner|aunt|uncle|niece|nephew|cousin|grandmother|grandfather|grandma|grandpa|grandson|granddaughter"
    r"|stepson|stepdaughter|stepmother|stepfather|girlfriend|boyfriend|fianc[ée]e?|friend|neighbou?r|caregiver|caretaker|aide|roommate|boss|supervisor|coworker|teacher|coach|twin|family|relatives|ex-wife|ex-husband"
    r"|daughter-in-law|son-in-law|mother-in-law|father-in-law|sibling|children|kids|sons|daughters|parents|interpreter|chaplain|social[ ]worker|case[ ]manager|cardiologist|neurologist|oncologist|urologist|nephrologist|psychiatrist"
    r"|psychologist|orthopedist|podiatrist|dentist|pediatrician|gynecologist|dermatologist|endocrinologist|rheumatologist|gastroenterologist|pulmonologist|ophthalmologist|hospitalist|internist|midwife|doula|dietitian|pharmacist|therapist|pcp|physician|surgeon|doctor|baby|infant|newborn|roommate))"
    r"(?:[ ]?[,(:][ ]?|[ ]+(?:is[ ]+|was[ ]+|named[ ]+|called[ ]+)?)(?=[A-ZÀ-Þ])"
)
_CREDENTIALED = re.compile(rf"(?P<comma>[ ]*,)?[ ]+(?P<c>{CREDENTIALS})(?![\w\-])(?!/)")


_LETTERS = re.compile(r"[^\W\d_]+")


def find_names(text: str, *, later: bool = False) -> Iterator[Span]:
    """Names of ``text``, possibly overlapping; the strongest evidence has the lowest rank.

    ``later`` reads only what stands beside a placeholder.
    """
    if later:
        yield from placed(text, later=True)
        yield from beside(text)
        yield from find_plain_names(text, later=True)
        return
    yield from _after(text, _TITLE, 60, comma=False)
    yield from _after(text, _LABEL, 61, comma=True)
    for span in _by_their_look(text):
        if not is_shorthand(text[span.start : span.end]):
            yield span


def is_shorthand(words: str) -> bool:
    """Whether words are clinical abbreviations in capitals and no name: a list of conditions.

    >>> is_shorthand("HTN, DM"), is_shorthand("SMITH, JO")
    (True, False)
    """
    found = _LETTERS.findall(words)
    return len(found) > 1 and all(each.isupper() and meanings(each) for each in found)


def _by_their_look(text: str) -> Iterator[Span]:
    yield from _credentialed(text)
    yield from _called(text)
    yield from placed(text)
    yield from shaped(text)
    yield from beside(text)
    yield from listed(text)
    yield from find_plain_names(text)
    yield from strangers(text)


def _after(text: str, pattern: re.Pattern[str], rank: int, *, comma: bool) -> Iterator[Span]:
    for match in pattern.finditer(text):
        end = take(text, match.end(), strong=True, comma=comma, titled=pattern is _TITLE)
        if end is None:
            continue
        if match.group()[:2].casefold() == "re" and (
            headed(text, end) or _SUBJECT_LINE.match(text, end) is None
        ):
            continue  # "RE: Hashimoto's thyroiditis"
        yield Span(Identifier.NAME, match.end(), end, rank)


# What stands behind a person whom a letter is about; "ref", "read by" and the like share it.
_SUBJECT_LINE = re.compile(
    r"[ \t]*(?:[,;.(\[|\n\r/—–-]|[ ]{2}|\Z|(?:MRN|DOB|and|&|who|to|in|on|for|at|re)\b|\d|[A-Z]{2,4}\b)"
)


def _called(text: str) -> Iterator[Span]:
    """Names after "signed by", "discussed with", "daughter" and the like."""
    words = lexicon()
    for pattern in (_BY, _RELATION):
        for match in pattern.finditer(text):
            begin = match.end()
            if match.group()[:2] == "I," and _NUMBERED.search(
                text, max(0, match.start() - 20), match.start()
            ):
                continue  # "DeBakey I, Stanford A"
            end = take(text, begin, strong=True, comma=pattern is _BY, lower=False)
            if end is not None and text[begin:end].isupper() and not _LISTED.search(match.group()):
                continue
            if end is None or headed(text, end) or text[end : end + 6] == " et al":
                continue
            parts = [fold(part) for part in WORD.findall(text[begin:end])]
            if not any(text[begin].isupper() or words.is_name(part) for part in parts):
                continue
            if len(parts) == 1 and parts[0] in words.eponyms and parts[0] not in COMMON:
                if not (parts[0] in words.first and text[begin:end].istitle()):
                    continue
            if len(parts) == 1 and parts[0] not in words.first and parts[0] not in words.last:
                # One unknown word: a new drug or test as likely as a name.
                if pattern is _BY and not _NAMING.search(match.group()):
                    continue
            if len(parts) == 1 and parts[0] in words.words and not _NAMING.search(match.group()):
                if parts[0] not in words.first or pattern is not _RELATION:
                    continue
            if (
                len(parts) == 1
                and match.group().strip().casefold()
                in (
                    "by",
                    "driver",
                    "passenger",
                    "with",
                )
                and parts[0] not in given_names()
            ):
                continue
            if all(part in words.cities or part in words.regions for part in parts):
                if not _NAMING.search(match.group()):
                    continue
            yield Span(Identifier.NAME, begin, end, 64)


_NUMBERED = re.compile(r"[A-Z][A-Za-z]+[ ]\Z")
_LISTED = re.compile(
    r"signed|dictated|transcribed|authenticated|/s/|dear|attn|patient|pt\b", re.IGNORECASE
)
_NAMING = re.compile(
    r"signed|dictated|transcribed|authenticated|scribed|attested|named|called|name|known as|aka|/s/|dear|sincerely|regards"
    r"|seen by|read by|evaluated by|examined by|interpreted by|ordered by|performed by|referred by|staffed|accompanied|spoke|d/w|discussed"
    r"|mother|father|wife|husband|son\b|daughter|brother|sister|mom|dad",
    re.IGNORECASE,
)


def _credentialed(text: str) -> Iterator[Span]:
    """Names before "MD", "RN" and other letters: walked back to where the name begins."""
    words = lexicon()
    for match in _CREDENTIALED.finditer(text):
        credential = match["c"].replace(".", "")
        begin, last = _walk_back(text, match.start(), words)
        if begin is None or last is None:
            continue
        name = [fold(part) for part in WORD.findall(text[begin : match.start()])]
        known = any(words.is_name(part) and not words.is_plain(part) for part in name)
        known = known or (
            len(name) > 1
            and match["comma"] is not None
            and not any(words.is_plain(part) or part in words.eponyms for part in name)
        )
        if (credential in SHORT_CREDENTIALS or match["comma"] is None) and not known:
            continue
        if match["c"].islower() or (len(name) == 1 and not known and match["comma"] is None):
            continue
        yield Span(Identifier.NAME, begin, match.start(), 62)


_BACK = re.compile(rf"((?:{LETTER}|['’\-.])+)[ ]*,?[ ]*\Z")


def _walk_back(text: str, end: int, words: Lexicon) -> tuple[int | None, str | None]:
    begin, last, position, count = None, None, end, 0
    while count < 4:
        match = _BACK.search(text, max(0, position - 40), position)
        if match is None or (count and "," in match.group() and count > 1):
            break
        word = match.group(1)
        low = fold(word.strip("."))
        bare = word.strip(".")
        if not bare or not bare[0].isupper() or (low in LABELS and len(bare) > 1):
            if not (low in PARTICLES and count):
                break
        elif (
            (
                len(bare) > 1
                and not is_known(bare, words)
                and (is_plain_word(bare, words) or (word.endswith(".") and low not in SUFFIX))
            )
            or (len(bare) > 1 and word.endswith(".") and low not in SUFFIX)
            or (count and is_plain_word(bare, words) and low not in words.first and len(bare) > 1)
        ):
            break
        begin, last = match.start(1), last or low
        position, count = match.start(1), count + 1
        if count > 1 and "," in text[match.end(1) : end] and low not in words.last:
            break
    if last is not None and len(last) == 1 and count == 1:
        return None, None
    return begin, last
