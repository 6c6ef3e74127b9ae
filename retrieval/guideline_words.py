"""How coders ask and how the guidelines say it: question frames taken off, wordings added.

Wordings are general (a lay or trade term and the guidelines' own), never about one question.
"""

from __future__ import annotations

import re

from codesets import abbreviations

_FRAME = re.compile(
    r"^\W*(?:(?:so|and|please|hi|hello|if|question)\b[ ,:]*)*"
    r"(?:(?:what|which|how|when|where|why|who|can|could|may|should|do|does|must|is|are|will|would)"
    r"\b(?:'s| is| are| do| does| should| can| may| must| will| to| it)*"
    r"(?: (?:i|we|you|one|a coder|coders|the coder))?"
    r"(?: (?:ever|also|still|just|need to|have to|allowed to|use|assign|code|report|sequence"
    r"|list))*"
    r"(?: (?:the|a|an))?)\s+",
    re.IGNORECASE,
)
_NOISE = re.compile(
    r"\b(?:rules?|guidelines?|official|icd(?:-?10)?(?:-?cm)?|codes?|coded|coding|codable|reported"
    r"|reporting|assigned|assign|patients?|allowed|possible to|correct(?:ly)?|proper(?:ly)?"
    r"|what|which|how|when|can|should|may|must|do|does|i|we|you|a|an|the|is|are|it|for|to|if)\b",
    re.IGNORECASE,
)
# Names of conventions, in which "code" and "and" are the words that matter.
_CONVENTION = re.compile(
    r"\b(?:code also|code first|use additional|code title|see also|default code|\"?and\"? mean"
    r"|\"?with\"? mean)\b",
    re.IGNORECASE,
)
_WORDINGS_TEXT = r"""
late effects? = sequelae
residual(?:s| effects?) = sequelae
old stroke|prior stroke|previous stroke = sequelae history of cerebrovascular disease
strokes?|cva = cerebrovascular infarction accident
heart attacks? = acute myocardial infarction
mi\b|stemi|nstemi = acute myocardial infarction
(?:second|another|new) (?:mi|heart attack|infarct\w*) = subsequent infarction
how long = weeks length time period duration
link(?:ing|ed)? .{0,30}(?:surgery|procedure|care) = documentation of complications of care
without .{0,20}(?:link\w*|document\w*) = provider documents relationship
(?:elevated|high|raised) blood pressure = transient hypertension reading
urgency|emergency crisis = hypertensive crisis
assum\w*|presum\w*|automatic\w*|link(?:ed|s)? = presumed relationship linked causal
secondary diagnos[ei]s|other diagnos[ei]s|comorbid\w* = additional diagnoses
principal|first[- ]listed|primary diagnosis|sequenc\w*|comes first|goes first|order = sequence
cancel\w*|not performed|not done|aborted procedure|postponed = treatment plan not carried out
cancers?|tumou?rs?|malignan\w* = neoplasm malignancy
metastas[ei]s|metastatic|secondar(?:y|ies) (?:site|cancer) = secondary site metastasis
chemo(?:therapy)?|radiation|immunotherapy = antineoplastic therapy encounter
low (?:hemoglobin|blood count) = anemia
colonoscop\w*|mammogra\w*|pap smear|routine test = screening
polyps?|lesion found|finding = condition discovered during screening
(?:annual|yearly|routine|wellness) (?:physical|exam\w*|visit|checkup) = routine general examination
pre-?op\w*|clearance = preoperative evaluation
post-?op\w*|after surgery|surgical = postoperative postprocedural procedure surgery
during surgery|intraoperative|operation = procedure intraoperative
doctors?|physicians?|providers? = provider
nurses?|dietitian\w*|therapists?|emt|paramedic|social worker = clinicians other than the provider
bed ?sores?|decubitus|pressure (?:sore|injur\w*) = pressure ulcer
got worse|worsen\w*|progress\w*|deteriorat\w* = evolves progresses higher stage
deep tissue injury = deep tissue damage
copd = chronic obstructive pulmonary disease exacerbation
ckd|kidney disease|renal disease = chronic kidney disease
esrd|dialysis = end stage renal disease chronic kidney
chf|heart failure = heart failure heart disease
cad|coronary = coronary atherosclerosis arteriosclerosis
insulin|oral (?:meds|drugs|hypoglycemics?) = insulin antidiabetic drugs long-term
babies|baby|infants?|neonat\w* = newborn perinatal
birth defects?|malformation\w* = congenital anomalies
miscarriage = spontaneous abortion
expecting|pregnan\w*|obstetric\w*|maternal = pregnancy obstetric
deliver(?:y|ies|ed)|gave birth = delivery
after delivery|postpartum = postpartum peripartum puerperium
smok\w*|cigarettes|nicotine|vap(?:e|ing) = tobacco vaping
drunk|alcoholi\w*|drinking = alcohol
overdos\w*|took too much|wrong drug|wrong dose = poisoning
under-?dos\w*|took less|stopped taking|noncomplian\w* = underdosing
side effects?|drug reactions?|allergic reaction to (?:a )?drug = adverse effect
chemicals?|venom|carbon monoxide = toxic effect
broken bones? = fracture
bone thinning|fragility = osteoporosis pathological fracture
both (?:sides|eyes|knees|legs|arms) = bilateral laterality
which side|left or right = laterality
side = laterality dominant
(?:er|emergency (?:room|department)|ed visit|observation) = outpatient encounter
before admission|prior to admission = prior to inpatient admission order
(?:on|at) arrival = present on admission
poa = present on admission
(?:diagnosed|found|identified) during (?:the )?(?:admission|stay) = but clearly present
lab(?:oratory|s)?|test results?|abnormal (?:lab|test|finding)\w* = abnormal findings diagnostic
x-?rays?|imaging|radiology|ct|mri|pathology report = diagnostic services interpreted
rule ?out|r/o|suspect\w*|probable|possible|likely|maybe|unconfirmed = uncertain diagnosis
office|clinic|ambulatory = outpatient
hospital(?:ized)?|inpatients? = inpatient
rehab\w* = rehabilitation
follow[- ]?up = follow-up
homeless\w*|housing|food insecurity|sdoh|social determinants = social determinants of health
child abuse|elder abuse|assault|neglect|domestic violence = abuse neglect maltreatment
where (?:it|the injury) happened|location of injury = place of occurrence
multiple|several|many|more than one = multiple two or more
same (?:site|time|code|visit|encounter) = same
twice|repeat\w*|more than once = same code more than once
only|solely|never = only
vaccin\w*|immuni[sz]\w*|unvaccinated = vaccination underimmunization
brackets|parenthes[ei]s|colons? = punctuation
nec|nos = abbreviations
tests? positive|positive test|tested positive = confirmed positive test
long covid|post[- ]covid = post COVID-19 condition
covid|coronavirus|sars-cov-2 = COVID-19
exposed|contact with = exposure contact
device|catheter|implant|graft|prosthe\w* = device implant graft complication
amputat\w*|stoma|ostomy = status
removed|excised|resected = excised removal
remission = remission
severity = severity documented
criteria|clinical validity = clinical criteria provider's statement
define[ds]?|definition|meaning|mean|qualif\w* = definition
how many|number of = as many as
"""
_WORDINGS = tuple(
    (re.compile(rf"\b(?:{said.strip()})(?!\w)", re.IGNORECASE), meant.strip())
    for said, _, meant in (line.partition(" = ") for line in _WORDINGS_TEXT.strip().splitlines())
)


def subject(question: str) -> str:
    """What a question is about: without its frame and the words every question has.

    >>> subject("how do I code a pressure ulcer that is healing?")
    'pressure ulcer that healing'
    """
    asked = _FRAME.sub(" ", question, count=1)
    bare = asked if _CONVENTION.search(asked) else _NOISE.sub(" ", asked)
    kept = " ".join(re.sub(r"[?!.,;:]", " ", bare).split())
    return kept or question


def wordings(question: str) -> tuple[str, ...]:
    """The guidelines' own words for what a question says in others; empty where it uses theirs.

    >>> wordings("late effects of a fracture")
    ('sequelae',)
    """
    found = [meant for said, meant in _WORDINGS if said.search(question)]
    shorthand = abbreviations.Kind.SHORTHAND
    for each in abbreviations.expand(question):
        meaning = each.meanings[0]
        if meaning.kind is not shorthand:
            found.append(meaning.spoken)
    return tuple(dict.fromkeys(found))
