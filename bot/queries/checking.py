"""What makes a provider query leading or otherwise not compliant: a rule, a reason, a sentence.

After the ACDIS/AHIMA practice brief "Guidelines for Achieving a Compliant Query Practice": a query
is supported by clinical indicators, names no diagnosis that is not in the record save as one of
several options, offers "other" and "unable to determine", asks yes or no only to substantiate a
documented diagnosis, for POA or for cause and effect, and says nothing of payment or quality.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.queries.parts import take_apart, unquoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.queries.parts import Parts


@dataclass(frozen=True, slots=True)
class Objection:
    """One reason to refuse a query. ``rule`` is stable; ``reason`` is a plain sentence."""

    rule: str
    reason: str


PAYMENT = re.compile(
    r"\b(?:pay(?:s|ment|ments|ers?|ing)?|paid|reimburs\w*|ms-?drgs?|drgs?|m?ccs?|hccs?|raf|revenue"
    r"|profit\w*|billed|billing|severity of illness|risk[- ]of[- ]mortality|soi|rom"
    r"|risk[- ]adjust\w*|quality (?:scores?|measures?|metrics?|ratings?)|star rating|psi-?\d*"
    r"|case[- ]mix|cmi|upcod\w*|weight(?:ed|ing)? (?:drg|code)|higher[- ]weighted|denials?|denied"
    r"|penalt(?:y|ies)|medical necessity|length of stay|physician profile|profiles?|get credit"
    r"|capture the severity|severity is reflected|low severity|codes better|productivity"
    r"|hospital-acquired condition)\b",
    re.IGNORECASE,
)
_IDENTIFIER = re.compile(
    r"\b(?:MRN|DOB|SSN|date of birth|account (?:no|number)|patient name)\b"
    r"|\b(?:Mr|Mrs|Ms)\.? [A-Z][a-z]+",
)
_PRESSING = re.compile(
    r"\b(?:would(?:n't)? you (?:not )?(?:agree|consider|like to add|probably|call)"
    r"|do(?:n't)? you (?:not )?(?:concur|think|wish to document)|is(?:n't| not) (?:this|it|the)\b"
    r"|was(?:n't| not) it|wouldn't you|if you agree|please agree|please (?:validate|concur)"
    r"|agree or disagree|sign (?:here|below)|by answering yes|reply [“\"…]*\s*(?:yes)?"
    r"|we (?:think|believe|feel|need|want|would like)|i (?:think|believe|feel|noticed)"
    r"|(?:you|it) (?:forgot|should|must|need(?:s)? to|were going to|ought)|needs the word"
    r"|it (?:appears|seems)|appears (?:to|that)|most likely|surely|clearly|obviously|undoubtedly"
    r"|(?:findings?|indicators?|labs?|values?|chart|record) (?:clearly )?(?:point|suggest"
    r"|support)s?"
    r"|\bsuggests?\b|suggested wording|indicative of|consistent with|indicators of"
    r"|(?:meets?|meeting|met)\b.{0,30}\bcriteria|criteria (?:\w+ )?(?:are|is|were) met"
    r"|should we|can we say|call(?: the)? .{0,30} [“\"…]|any chance|be a better"
    r" (?:description|term)"
    r"|be (?:correct|safe|helpful|so kind)|has determined|is it possible that|could this be"
    r"|in your medical opinion, this|the other (?:hospitalists|physicians|providers)"
    r"|consider documenting|upgrade|so that (?:it|we)|so we can|in order (?:to|for)|to complete the"
    r"|represents? a|potential diagnosis|as (?:we )?discussed|would help)\b"
    r"|, (?:correct|right|yes|no|wasn't it|isn't it)\s*\?",
    re.IGNORECASE,
)
_TELLING = re.compile(
    r"(?<!\bthe )(?<!\ba )(?<!\bin )(?<!status )(?<!progress )"
    r"\b(?P<verb>document|add|include|list|addend|amend|append|update|change|upgrade"
    r"|confirm|state|write|rewrite|note|repeat|remove|link|put down|specify that|indicate that"
    r"|validate|call|diagnose)\b(?P<object>[^.?!\n]*)",
    re.IGNORECASE,
)
_NEUTRAL_OBJECT = re.compile(
    r"^\s*(?:(?:any|the|your|an?|its|their|which|whether|if|what|how|in|patient's|clinical|all"
    r"|further|additional|and|or|own|associated|underlying|current|known|please)\s+)*"
    r"(?:\W*(?:response|answer|judg(?:e)?ment|clinical (?:significance|indicators|judgment)"
    r"|significance|diagnos[ei]s|condition|conditions|type|acuity|stage|severity|degree|cause|site"
    r"|side|laterality|etiology|reason|relationship|status|nutritional status|assessment|episode"
    r"|organism|indication|extent|intent|manifestations?|drug|joint|product|trimester|primary"
    r"|class|level|vaccination|record|if|whether|which|associated|liver condition|documented"
    r"|medical record|was|were|is|are|differ|states?|"
    r"by|on|of|as|from|at|with)\b)",
    re.IGNORECASE,
)
# Several named in the question with a way out are choices: "whether A, B or another condition".
_ALTERNATIVES = re.compile(
    r"\bwhether\b.*,.*\bor (?:an)?other\b|\bwhether\b.*\bor of another\b", re.IGNORECASE
)
_DICTATED = re.compile(r"\s*(?:your \w+ (?:as|to) |that |down )?[“\"]")
_DIAGNOSES_TEXT = r"""
sepsis|septic(?: shock)?|urosepsis|bacteremia|(?<!type of )shock|respiratory failure|pulmonary edema
|pneumonia|pneumonitis|pulmonary embol(?:us|ism)|cor pulmonale|acidosis|alkalosis|encephalopath\w+
|delirium|coma(?:tose)?|stroke|cerebral edema|herniation|malnutrition|malnourished|cachexia|obesity
|aki|acute (?:kidney injury|renal failure)|kidney injury|renal failure|tubular necrosis|atn|ckd
|chronic kidney disease|hyponatremi\w|hypernatremi\w|hypokalemi\w|hyperkalemi\w|an(?:a)?emia
|thrombocytopeni\w|pancytopeni\w|coagulopath\w|neutropeni\w|rhabdomyolysis|heart failure|chf
|myocardial infarction|nstemi|stemi|\bmi\b|angina|acute coronary syndrome|hypertensive \w+
|cardiomyopathy|hepat(?:itis|orenal syndrome|ic failure)|liver failure|cirrhosis|pancreatitis|ileus
|cystitis|uti|urinary tract infection|ketoacidosis|hyperosmolarity|dka|neuropathy
|diabetes|dvt|deep vein thrombosis|thrombosis|pressure (?:ulcer|injury)|quadriplegia|dysphagia
|dehydration|hyperlipidemia|depression|bipolar|dementia|seizures?|epilepsy|fracture|osteoporosis
|wound infection|surgical complication|cellulitis|abscess|meningitis|endocarditis|cholecystitis
|appendicitis|peritonitis|copd|exacerbation|asthma|bronchitis|hypoxia|hypoxemia|lymphoma|cancer
|carcinoma|metastas[ei]s|melanoma|hypertension|atrial fibrillation|preeclampsia|gout|hematuria
"""
_DIAGNOSES = re.compile(rf"\b(?:{''.join(_DIAGNOSES_TEXT.split(chr(10)))})\b", re.IGNORECASE)
_YES_NO_START = re.compile(
    r"(?:^|[,:]\s*)(?:is|was|were|are|does|do|did|has|have|had|can|could|would|should)\b",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\b(?:what|which|how|clarif\w+|specif(?:y|ied)|further|describe|explain|provide|whether"
    r"|diagnos[ie]s(?:, if any)?, if|if (?:any|known|one can))\b",
    re.IGNORECASE,
)
_ALLOWED = re.compile(
    r"\bpresent (?:on admission|at (?:the )?time)|\bPOA\b|\b(?:due|related|linked"
    r"|attributable) to\b"
    r"|\b(?:caused by|secondary to|associated with|a (?:result|complication|sequela|part"
    r"|consequence)"
    r" of|because of)\b|\bagree with\b.*\b(?:report|finding|radiolog|patholog|consult|note)"
    r"|\bdocumented\b",
    re.IGNORECASE,
)
_OTHER = re.compile(r"\bother\b|specify|explain|additional", re.IGNORECASE)
_UNDETERMINED = re.compile(
    r"\b(?:unable to (?:be )?determine|undetermined|undeterminable|cannot be determined|unknown"
    r"|not (?:able|possible) to determine|unable)\b",
    re.IGNORECASE,
)
_YES = re.compile(r"\W*(?:yes|y|no|n|agree|disagree|i (?:do not )?agree\b.*)\W*", re.IGNORECASE)
_PRAISED = re.compile(
    r"recommended|preferred|most likely|best|\*\*|impacts?|clinically significant, ", re.IGNORECASE
)
_FEWEST_OPTIONS = 2


def check(text: str) -> tuple[Objection, ...]:
    """The objections to a query, in the order of the rules; empty where none is raised.

    >>> [each.rule for each in check("WBC 18. Does the patient have sepsis? Yes / No")]
    ['undocumented-diagnosis', 'yes-no', 'choices']
    """
    parts = take_apart(text)
    found = [objection for rule in _RULES for objection in rule(parts)]
    return tuple({objection.rule: objection for objection in found}.values())


def is_leading(text: str) -> bool:
    """Whether ``text`` is refused."""
    return bool(check(text))


def _payment(parts: Parts) -> Iterator[Objection]:
    words = PAYMENT.search(unquoted(parts.text))
    if words is not None:
        yield Objection(
            "payment",
            f"It speaks of “{words.group()}”: payment, severity and quality figures have no place "
            "in a query.",
        )


def _identifiers(parts: Parts) -> Iterator[Objection]:
    if _IDENTIFIER.search(parts.text):
        yield Objection(
            "identifier", "It names the patient: the header of a query is patient-neutral."
        )


def _title(parts: Parts) -> Iterator[Objection]:
    for word in _undocumented(parts.title, parts):
        yield Objection("leading-title", f"Its title names “{word}”, which the record does not.")


def _pressing(parts: Parts) -> Iterator[Objection]:
    for sentence in parts.asked:
        words = _PRESSING.search(unquoted(sentence))
        if words is not None:
            yield Objection(
                "leading-words",
                f"“{words.group().strip()}” leads to an answer: ask what the indicators mean "
                "instead of saying it.",
            )


def _telling(parts: Parts) -> Iterator[Objection]:
    for sentence in parts.asked:
        if sentence.rstrip().endswith("?") and not re.match(
            r"(?:can|could|would) (?:you|the)\b|please|kindly", sentence, re.IGNORECASE
        ):
            continue
        for match in _TELLING.finditer(sentence):
            wanted = match["object"]
            if re.match(r"ed|ation|s\b|ing", wanted, re.IGNORECASE):
                continue
            if _DICTATED.match(wanted) or not _NEUTRAL_OBJECT.match(
                unquoted(wanted).replace("…", "documented")
            ):
                yield Objection(
                    "tells-what-to-document",
                    f"It tells the provider what to {match['verb'].casefold()}: ask for the "
                    "diagnosis, type or significance in the provider's own judgment.",
                )


def _names(parts: Parts) -> Iterator[Objection]:
    for sentence in parts.asked:
        if _ALTERNATIVES.search(sentence):
            continue
        for word in _undocumented(unquoted(sentence), parts):
            yield Objection(
                "undocumented-diagnosis",
                f"The question names “{word}”, which the query does not show in the record: offer "
                "it only as one of several options.",
            )


def _yes_no(parts: Parts) -> Iterator[Objection]:
    answers = [option for option in parts.options if _YES.fullmatch(option.text)]
    clinical = [option for option in parts.options if not _YES.fullmatch(option.text)]
    real = [o for o in clinical if not (_OTHER.search(o.text) or _UNDETERMINED.search(o.text))]
    for sentence in parts.asked:
        if not sentence.rstrip().endswith("?") or not _YES_NO_START.search(sentence):
            continue
        if (real and not answers) or (not answers and _OPEN.search(sentence)):
            continue
        if not _ALLOWED.search(sentence):
            yield Objection(
                "yes-no",
                "A yes/no question is only allowed to substantiate a documented diagnosis, for "
                "present on admission, or for cause and effect.",
            )


def _choices(parts: Parts) -> Iterator[Objection]:
    if not parts.options:
        return
    texts = [option.text for option in parts.options]
    real = [t for t in texts if not (_UNDETERMINED.search(t) or re.match(r"other\b", t, re.I))]
    if len(real) < _FEWEST_OPTIONS:
        yield Objection(
            "one-option", "It offers one clinical choice: give every option the indicators support."
        )
    missing = [
        name
        for name, pattern in (("other", _OTHER), ("unable to determine", _UNDETERMINED))
        if not any(pattern.search(text) for text in texts)
    ]
    if missing:
        named = " and ".join(f"“{name}”" for name in missing)
        yield Objection("choices", f"Its options lack {named}.")


def _marked(parts: Parts) -> Iterator[Objection]:
    for option in parts.options:
        if option.marked or _PRAISED.search(option.text):
            yield Objection(
                "marked-option", f"The option “{option.text}” is marked or praised beforehand."
            )


def _indicators(parts: Parts) -> Iterator[Objection]:
    if not parts.has_indicators:
        yield Objection("no-indicators", "It shows no clinical indicator from the record.")


def _undocumented(text: str, parts: Parts) -> list[str]:
    return [
        match.group()
        for match in _DIAGNOSES.finditer(text)
        if not _is_documented(match.group().casefold(), parts.documented)
    ]


def _is_documented(diagnosis: str, documented: str) -> bool:
    if re.search(rf"\b{re.escape(diagnosis)}", documented):
        return True
    return any(
        re.search(rf"\b{re.escape(word[: max(4, len(word) - 3)])}", documented)
        for word in diagnosis.split()
        if len(word) > 4 and word not in ("acute", "chronic", "failure", "injury", "disease")
    )


_RULES = (
    _payment, _identifiers, _title, _pressing, _telling, _names, _yes_no, _choices, _marked,
    _indicators,
)  # fmt: skip
