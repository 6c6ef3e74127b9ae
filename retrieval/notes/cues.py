"""What words say of the conditions around them, as data: each cue, its status, and its reach.

A cue is a regular expression over lower-case text. ``FORWARD`` cues speak of what follows them up
to the end of their scope, ``BACKWARD`` cues of what stands before. Words that only look like a cue
("no longer on oxygen", "not only", "no change in") are listed first and hide it.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Status(StrEnum):
    """What a note claims of a mention."""

    ASSERTED = "asserted"
    NEGATED = "negated"
    HISTORICAL = "historical"
    RESOLVED = "resolved"
    FAMILY = "family"
    OTHER_PERSON = "someone else's"
    UNCERTAIN = "uncertain"
    RULE_OUT = "rule out"
    HYPOTHETICAL = "hypothetical"
    SCREENING = "screening"
    COPIED = "copied forward"


class Reach(StrEnum):
    """Which side of a cue it speaks of."""

    FORWARD = "forward"
    BACKWARD = "backward"
    SENTENCE = "sentence"


_R = Reach
_S = Status

HIDDEN = r"""
no longer|no (?:significant |interval |acute )?(?:change|improvement|worsening|progression|increase|decrease)(?: in| of| from)?
not only|not just|no further (?:work ?up|testing|treatment|evaluation|intervention|questions|management)
not (?:certain|sure) (?:if|whether)|not (?:drain|well[- ]controlled|controlled|at goal|improv(?:ed|ing)|resolved|better|responding|tolerat\w+|taking|compliant|adherent|able|currently taking|been|on|completely|fully|entirely|necessarily|limited to|otherwise specified|healing|using|yet|surprising|optimally controlled|optimal)
without (?:difficulty|incident|issue|issues|improvement|relief|success|help|assistance|further|problems?|any (?:relief|improvement|help)|treatment|medications?|insulin|contrast)
no known (?:injury|cause|mechanism)|no (?:doubt|question)(?: that| about)?|cannot be (?:denied|ignored)
gram[- ]negative|(?:triple|rh|hormone receptor|her2|er|pr)[- ]negative|negative pressure|no[- ]show|false negative
no (?:relief|response|help|success|benefit) (?:with|from|to)|denies (?:relief|improvement)|non[- ]\w+
history and physical|history of present illness|history taking|family (?:practice|medicine|physician|doctor|planning|meeting|conference|therapy|and social support)|social history
maternal (?:care|conditions?|infection|diabetes)|fetal|mother and baby|mother's milk
(?:mother|father|parents?|patient|pt|he|she|wife|husband|family|daughter|son|guardian|caregiver) (?:is |are |was |were )?(?:also )?(?:concerned|worried) (?:about|that)|(?:mother|father|sister|brother|wife|husband|son|daughter|friend) (?:drove|brought|took|accompanied|dropped) (?:him|her|them)(?: in| here| to \w+)*|(?:brought|accompanied|referred|seen|driven|raised|witnessed)(?: in| here| to \w+)* (?:by|with) (?:his|her|their|the)? ?(?:mother|father|mom|dad|parents?|brother|sister|son|daughter|wife|husband|spouse|aunt|uncle|grandmother|grandfather|friend|neighbou?r|partner)|(?:lives?|living|resides|here|stays|staying) with (?:his|her|their|the)? ?(?:mother|father|mom|dad|parents?|brothers?|sisters?|siblings|son|daughter|wife|husband|spouse|aunt|uncle|grandmother|grandfather|friends?|partner|family|children|roommate)
if (?:not improv\w+|no improvement)|may (?:take|use|continue|return|resume|repeat|increase|need)|could not|would (?:like|benefit)|should (?:take|continue|follow|avoid|return)|likely (?:to )?(?:benefit|need|require)
no other (?=injur)|rule of|as ruled
""".strip().replace("\n", "|")

NEGATED_BEFORE = r"""
not (?:concerning|suspicious|suggestive|consistent|compatible|indicative) (?:for|of|with)|no evidence (?:of|for|to suggest)|no (?:clinical |radiographic |obvious |definite |apparent |acute |significant |current |known |new |prior |previous |personal |reported |associated |other |further |recent |appreciable |visible |overt |focal |discrete |residual )*(?:evidence|signs?|symptoms?|indications?|suggestion|stigmata|findings?|features?|history|hx|h/o|complaints?|reports?) (?:of|for|to suggest|suggestive of|concerning for|consistent with|or symptoms of)
no|not have|not having|not had|not|without(?: any)?(?: evidence of| signs? of)?|w/o|absence of|absent|lack of|lacks|lacking|free of|free from|fails to reveal|failed to (?:reveal|show|demonstrate)
denies|denied|denying|deny|negative for|neg for|neg|negative|never (?:had|has had|been diagnosed with|diagnosed with|experienced|developed)|never|nor|neither|none of|ruled out for
(?:do not|don't|did not|didn't) (?:think|believe|feel|suspect)(?: that)?(?: (?:he|she|they|the patient|patient|this|it|there))?(?: has| is| have| are)?
(?:does|did|do|has|have|had|is|are|was|were|could(?! not be)(?! not ex)|can|would) not (?:have|had|show|demonstrate|reveal|report|endorse|exhibit|complain of|experience|appreciate|see|meet criteria for|appear to have|suggest|support)?
(?:doesn't|didn't|don't|hasn't|haven't|hadn't|isn't|aren't|wasn't|weren't|cannot|can't|couldn't)(?! exclude| rule out| be (?:excluded|ruled))(?: have| show| report| see| endorse| appreciate| demonstrate| reveal)?
unremarkable for|no suspicion (?:of|for)|low suspicion (?:of|for)|against (?:a |the )?diagnosis of
""".strip().replace("\n", "|")

NEGATED_AFTER = r"""
(?<!to be )(?<!not )(?<!cannot be )(?<!not be )(?<!can't be )(?<!be )(?:is |are |was |were |has been |have been |had been )?ruled out|(?:is |are |was |were )?(?:not (?:seen|present|identified|noted|found|appreciated|detected|demonstrated|observed|visualized|suspected|evident|palpable|palpated|reported|felt|elicited|supported|confirmed|likely))|(?:is |are |was |were )?(?<!be )(?<!not )(?:absent|negative|denied|excluded|unlikely|less likely|doubtful)|(?:has|have|had) not (?:been )?(?:seen|developed|occurred|recurred|found|confirmed)|: (?:no|none|negative|absent|denies|neg)|- (?:no|none|negative|absent|neg|denies)|(?:came|come|were|was|is) (?:back )?negative|never (?:materialized|confirmed|developed|occurred)|none
""".strip()

HISTORICAL_BEFORE = r"""
pmhx?:|past (?:medical )?history:|medical history:|(?:personal |past |prior |previous |remote |known |significant |surgical |medical |long |strong |distant |extensive |childhood |lifetime )*(?:history|hx) (?:is )?(?:significant |notable |remarkable |positive )?(?:of|for|includes?|s/f)|h/o|hx|phx|pmhx? (?:of|includes|significant for|notable for)|status[- ]post|s/p|prior|previous(?:ly)?|remote|old|former|formerly|ex|past(?! week| day| month| year| few| couple| \d| several| two| three)|in remission from|survivor of|survived|(?:formerly|previously|once) (?:treated|hospitali[sz]ed|diagnosed|seen) (?:for|with)|years ago (?:he |she |they |the patient )?(?:had|with|was treated for|was diagnosed with|suffered)|recovered from|(?:treated|hospitali[sz]ed|admitted|seen) (?:previously |in the past |last year |years ago )(?:for|with)|used to (?:have|be|get|suffer from)|had (?:a |an )?(?=[^.]{0,60}\b(?:\d+ (?:years?|months?) ago|years ago|in (?:19|20)\d\d|as a (?:child|teenager|kid)|in childhood|last year))
""".strip()

HISTORICAL_AFTER = r"""
(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|several|many|a few|few|couple of|a couple of|twenty|thirty|fifteen) (?:years?|yrs?|decades?)(?: ago| prior| previously| earlier| back)|years ago|(?:many|several) months ago|in (?:the )?(?:remote |distant )?past|in (?:19|20)\d\d|as a (?:child|teenager|kid|young adult|baby)|in childhood|previously|last year|at age \d+|in (?:his|her|their) (?:teens|twenties|thirties|forties|fifties|20s|30s|40s|50s|youth)|status post (?:resection|excision|removal|repair|treatment|chemotherapy|radiation)|by history|remotely
""".strip()

RESOLVED_AFTER = r"""
(?:(?:is|are|was|were|has|have|had|appears?|seems?)(?: to have| to be| been| now| since| completely| fully| entirely| all| largely| spontaneously| currently| also| both| essentially)* )?(?:now |since |completely |fully |clinically |spontaneously |entirely |essentially )*(?:resolved|gone|cleared(?: up)?|subsided|disappeared|cured|went away|healed|inactive|in (?:complete )?remission|eradicated|corrected)|no longer (?:present|active|a problem|an issue|evident|seen|bothersome|symptomatic)|has not recurred|without recurrence|with (?:full|complete) (?:recovery|resolution)|resolution|(?:went|gone) away|status:? (?:resolved|inactive)|(?:which|that|and) (?:has |have )?(?:since )?resolved
""".strip()

RESOLVED_BEFORE = r"""
resolved|resolution of|interval resolution of|no longer (?:has|having|with|complains of|experiences|experiencing|suffers from|reports|reporting|feels|suffering from)|cured of|cleared of|inactive|healed|recovered from|complete resolution of
""".strip()

FAMILY_BEFORE = r"""
(?:strong |positive |significant |known |extensive )*(?:family|fam) (?:medical |psychiatric |cardiac |cancer )?(?:history|hx)(?: is| was)?(?: significant| notable| remarkable| positive| negative)?(?: of| for| includes?|:)?|fhx?(?: of| for| positive for|:)?|(?:his|her|their|patient's|the patient's|maternal|paternal|my)? ?(?:maternal |paternal |identical |twin |half[- ]|older |younger |elder |late |biological |deceased )*(?:mother|father|mom|dad|parents?|brothers?|sisters?|siblings?|grandmothers?|grandfathers?|grandparents?|grandma|grandpa|aunts?|uncles?|cousins?|nephews?|nieces?|half[- ]sister|half[- ]brother|first[- ]degree relatives?|relatives?|family members?)(?:'s)?|runs in (?:the|his|her) family
""".strip()

FAMILY_AFTER = r"""
runs in (?:the|his|her|their) family|in (?:several |many |multiple |some |other |two |three )(?:family members|relatives|siblings|cousins)|in (?:his|her|their|the patient's|a|her maternal|his maternal|her paternal|his paternal)? ?(?:maternal |paternal |first[- ]degree |older |younger )*(?:mother|father|mom|dad|parents?|brothers?|sisters?|siblings?|grandmother|grandfather|grandparents?|aunts?|uncles?|cousins?|relatives?|family(?: members?)?|side of the family)|on (?:his|her|the) (?:mother|father|maternal|paternal)(?:'s)? side|\((?:mother|father|brother|sister|mgm|mgf|pgm|pgf|grandmother|grandfather|aunt|uncle|mom|dad|parent|sibling)s?\)|(?:maternal|paternal) side
""".strip()

OTHER_BEFORE = r"""
(?:his|her|their|my|patient's|neighbou?r's|friend's|coworker's|older|younger|young|other) (?:son|daughter|child|children|kids?)(?:'s)?(?: who| was| is| has| had| recently| with| at home| were| are)?|(?:son|daughter|kids|children) (?:at home |also )?(?:with|has|have|had)(?=\b)|(?:his|her|their|the|patient's|a|my)? ?(?:wife|husband|spouse|partner|girlfriend|boyfriend|roommate|room mate|coworkers?|co-workers?|colleagues?|neighbou?rs?|friends?|classmates?|caregiver|fianc[eé]e?|boss|employee|donor|teacher|grandson|granddaughter|grandchild(?:ren)?|stepson|stepdaughter|household (?:contact|member)s?|close contact|sick contacts?|sexual partner|landlord|tenant)(?:'s)?(?: who| was| is| has| had| recently| with| tested| were| are| have| diagnosed| sick| ill)?
""".strip()

OTHER_AFTER = r"""
in (?:his|her|their|the|a) (?:wife|husband|spouse|partner|roommate|coworker|co-worker|neighbou?r|friend|daughter|son|child|household|classmate)
""".strip()

UNCERTAIN_BEFORE = r"""
probabl[ey]|possibl[ey]|likely|most likely|very likely|suspect(?:ed|s|ing)?|suspicio(?:us|n)(?: is)?(?: high)?(?: for| of)|high suspicion (?:for|of)|questionable|presum(?:ed|ably|ptive|es?)(?: to be)?|concern(?:s|ed|ing)? (?:for|about|of|that|regarding)|worrisome for|worried about|compatible with|consistent with|c/w|suggest(?:s|ed|ing|ive)(?: of| that)?|indicative of|may (?:be|have|represent|reflect|also have|well be|be due to|be related to|indicate)|might (?:be|have|represent|reflect)|could (?:be|have|represent|reflect|indicate|also be|potentially be)|appears? to (?:be|have|represent)|seems? to (?:be|have)|seems? (?:consistent|like)|appears? (?:consistent|like|most consistent)|thought to (?:be|have|represent)|felt to (?:be|represent)|working diagnosis(?: of| is)?|differential(?: diagnosis| diagnoses)?(?: includes?| is|:| of)?|ddx|vs\.?|versus|favor(?:s|ed|ing)?|cannot (?:exclude|rule out)|can't (?:exclude|rule out)|not excluded|potential(?:ly)?|equivocal for|in question|query|\?|unclear (?:if|whether)|not (?:certain|sure) (?:if|whether)|evaluat(?:e|ed|ion|ing) for (?:possible |potential |suspected )|apparent|believed to be|i (?:think|believe|suspect|wonder)(?: if| whether| that)?(?: this (?:is|may be|could be|represents)| he has| she has| the patient has)?|question of|suggest|raises? (?:concern|the possibility|suspicion)(?: for| of| about)?|possibility of|to be determined|impression of possible|similar to|resembl(?:es|ing)|tentative(?:ly)?|doubt(?:ful)?
""".strip()

UNCERTAIN_AFTER = r"""
vs\.?|versus|(?:is |are |was |were |remains? |seems? |appears? |being )(?:highly |still |also |most )?(?:suspected|possible|likely|probable|in question|questionable|presumed|not excluded|a possibility|a concern|considered|in the differential|on the differential|to be ruled out|favored|uncertain|unclear|equivocal|entertained)|(?:suspected|possible|likely|probable|questionable|presumed|unconfirmed|not excluded|in question|on the differential)(?=\s*(?:[.;)\]]|$))|(?:to be|not yet|cannot be|could not be|can't be|not been) (?:ruled out|excluded|confirmed)|\?
""".strip()

RULE_OUT = r"""
(?:to )?rule[- ]out|r/o|(?:to )?(?:rule|ruling) out|to exclude|to evaluate for|(?:to )?assess for|to look for|to check for|evaluat(?:e|ion) for|work[- ]?up for|workup of possible|monitor(?:ing)? for (?:signs|symptoms|development|any|possible)(?: of)?|eval for|investigat(?:e|ion) for|tested for|testing for|to determine (?:if|whether)|check for|watch for
""".strip()

HYPOTHETICAL_BEFORE = r"""
if(?: (?:he|she|they|you|the patient|patient|pt|there|any|this|these|it|her|his))?|should (?:he|she|they|you|the patient|any|there|it)|should(?= [a-z ]{2,40}\b(?:appears?|occurs?|develops?|worsens?|recurs?|persists?|arises?|happens?)\b)|in case of|in the event (?:of|that)|unless|return (?:to (?:the )?(?:clinic|er|ed|hospital|emergency(?: room| department)?) )?(?:if|for|with)|call (?:the (?:office|clinic) |us |me |back )?(?:if|for|with)|(?:seek|go to) [^.]{0,40}(?:if|for|with)|return precautions(?: for| given for| include| reviewed)?:?|risks? (?:of|for|include[sd]?|are|discussed|including)|at (?:high |increased |higher )?risk (?:of|for)|complications? (?:include[sd]?|such as|including|of)|side effects? (?:include[sd]?|such as|including|of|like)|potential (?:side effects?|complications?|adverse effects?)|(?:prevent|avoid|prevention of|prophylaxis (?:for|against)|protect against|reduce (?:the |her |his )?risk of|to minimize|preventing|avoiding)|(?:can|could|may|might) (?:cause|lead to|result in|develop|increase|worsen|trigger|occur)|prone to|as needed for|prn(?: for)?|p\.r\.n\.? for|when (?:he|she|they|you) (?:has|have|develops?|gets?|experiences?)|(?:educated|counsel(?:l)?ed|advised|instructed|warned|information|educat(?:e|ion)|literature|handouts?|talked|discussed|discussion)[^.,;]{0,40}(?:about|regarding|on|of|to watch for) (?:signs? (?:and symptoms? )?of|symptoms? of|the risks? of|possible|potential|warning signs)|signs? (?:and|or) symptoms? of|(?:watch|monitor|look(?:ing)?|observe|vigilant|alert) (?:out )?(?:for|closely for)|concern(?:ing)? (?:symptoms|signs) (?:such as|like|including)|report any|notify [^.]{0,30}(?:if|of any|for)|contact [^.]{0,30}(?:if|for|with)|fear of|afraid of|worried (?:she|he|they) (?:has|have|may have)|until (?:her|his|the)?
""".strip()

SCREENING = r"""
screen(?:ed|ing|s)?(?: today| test(?:ing)?| exam(?:ination)?| tool)?(?: for|:)|screening (?=\w+(?: \w+){0,2}$)|screen(?:ed|ing)? negative for|(?:vaccine|vaccination|vaccinated|immuni[sz](?:ation|ed)|shot|booster|vaccines)(?: for| against| series for)?
""".strip()

SCREENING_AFTER = r"""
(?:screen(?:ing|ed)?s?(?: test(?:ing)?| questionnaire| exam)?|vaccin(?:e|ation)s?|immuni[sz]ations?|shots?|booster|titer|prophylaxis|precautions)\b
""".strip()

COPIED = r"""
copied (?:forward|from)|carried forward|per (?:prior|previous|last) note|from (?:the )?(?:prior|previous|last) (?:note|visit)|\[copied\]|unchanged from (?:prior|previous|last) note|(?:imported|pulled) from (?:prior|previous)|as (?:documented|noted) (?:in|on) (?:the )?(?:prior|previous|last) (?:note|visit)
""".strip()

CUES: tuple[tuple[Status, Reach, str], ...] = (
    (_S.FAMILY, _R.FORWARD, FAMILY_BEFORE),
    (_S.FAMILY, _R.BACKWARD, FAMILY_AFTER),
    (_S.OTHER_PERSON, _R.FORWARD, OTHER_BEFORE),
    (_S.OTHER_PERSON, _R.BACKWARD, OTHER_AFTER),
    (_S.NEGATED, _R.FORWARD, NEGATED_BEFORE),
    (_S.NEGATED, _R.BACKWARD, NEGATED_AFTER),
    (_S.HYPOTHETICAL, _R.FORWARD, HYPOTHETICAL_BEFORE),
    (_S.SCREENING, _R.FORWARD, SCREENING),
    (_S.SCREENING, _R.BACKWARD, SCREENING_AFTER),
    (_S.RULE_OUT, _R.FORWARD, RULE_OUT),
    (_S.UNCERTAIN, _R.FORWARD, UNCERTAIN_BEFORE),
    (_S.UNCERTAIN, _R.BACKWARD, UNCERTAIN_AFTER),
    (_S.RESOLVED, _R.FORWARD, RESOLVED_BEFORE),
    (_S.RESOLVED, _R.BACKWARD, RESOLVED_AFTER),
    (_S.HISTORICAL, _R.FORWARD, HISTORICAL_BEFORE),
    (_S.HISTORICAL, _R.BACKWARD, HISTORICAL_AFTER),
    (_S.COPIED, _R.SENTENCE, COPIED),
)

_ENDS_ANY = r"but|however|except(?: for)?|although|though|yet|whereas|nevertheless|aside from|apart from|other than|besides"
ENDS: dict[Status, str] = {
    _S.NEGATED: rf"{_ENDS_ANY}|(?:he|she|they|patient|pt|which|who|that) (?:is|has|does|was|reports?|endorses?|admits?|complains?|notes?|states?|had|also)|(?:and|,) (?:has|have|had|is|are|was|reports?|endorses?|admits?|complains?|presents?|notes?|states?|does|will|continues?|now|currently|positive|shows?|with)|reports|endorses|admits|complains|positive for|is here|presents|who presents|secondary to|due to|because of|attributed to|since|after|as well as|cause of|causing|source of|status[- ]post|s/p|on (?:metformin|insulin)|consistent with|which|still|remains|continue[sd]?|likely|suggesting|(?:and|with|,|has|has a|with a) (?:a )?(?:past |known |remote |personal )?history of",
    _S.FAMILY: rf"(?:the )?patient(?! 's)|pt\b|she(?= (?:has|is|reports|denies|herself|presents|was))|he(?= (?:has|is|reports|denies|himself|presents|was))|presents|here for|{_ENDS_ANY}|brought (?:him|her|in)|(?:states|reports|notes|says|concerned|worried|noticed|brought|accompanied|present|helps|gave|lives|called|noted)(?: that| about| him| her)?",
    _S.OTHER_PERSON: rf"(?:the )?patient(?! 's)|pt\b|she(?= (?:has|is|reports|denies|herself|presents|was))|he(?= (?:has|is|reports|denies|himself|presents|was))|presents|here for|{_ENDS_ANY}|(?:states|reports|notes|says|said|noticed|concerned|worried|brought|accompanied|present|helps|lives|gave|called|drove|thinks|feels|complains|witnessed|found|encouraged|told|told her|reported|noted)(?: that| about| him| her)?|whom?\b|and (?:she|he) ",
    _S.HYPOTHETICAL: rf"{_ENDS_ANY}|continue|currently|then|we will|she (?:has|is|was|reports)|he (?:has|is|was|reports)",
    _S.SCREENING: rf"{_ENDS_ANY}|was positive|is positive|positive for|shows?|revealed?|found|which|due to|and (?:has|is|was)|history of",
    _S.RULE_OUT: rf"{_ENDS_ANY}|given|in (?:a )?patient with|due to|because of|in the setting of|in view of|with (?:known|her|his|history)|on background of|which|and (?:start|continue|treat)|, (?:continue|start)|history of|for (?:her|his)",
    _S.UNCERTAIN: rf"{_ENDS_ANY}|due to known|given|in (?:a )?patient with|in the setting of|on (?:a )?background of|with (?:known|a history|history|underlying)|with|and (?:has|is|was|also has|reports|denies|known|continue|start|will)|, (?:continue|start|will|known|recommend|for which|and known)|history of|which|because of (?:her|his)|who|superimposed on|in (?:her|his)|denies|status[- ]post|s/p|secondary to (?:her|his|known)|exacerbated by|contributing to|complicating|aggravated by|related to (?:her|his)",
    _S.RESOLVED: rf"{_ENDS_ANY}|(?:and|,) (?:has|is|now|currently)|now (?:has|with)|presents|reports|continues|persistent|here for|remains|denies|which",
    _S.HISTORICAL: rf"{_ENDS_ANY}|who (?:is|presents|comes|was|returns|has|now|complains|reports)|presents?|presenting|presented|here (?:for|with|today)|now (?:has|with|presents|presenting|here|complains)|comes in|complains of|c/o|reports|currently|admitted (?:with|for)|is (?:here|seen|being|evaluated)|with (?:new|acute|current|worsening|\d+|a \d+)|for (?:evaluation|follow)|returns?|today|and (?:has|is|now|currently|presents|reports)|, (?:has|is|now|currently|presents|who|here)|found to have|develop(?:ed|s)|seen (?:for|today|in)",
    _S.COPIED: r"(?!)",
}

PRIORITY = (
    _S.NEGATED,
    _S.FAMILY,
    _S.OTHER_PERSON,
    _S.HYPOTHETICAL,
    _S.SCREENING,
    _S.RULE_OUT,
    _S.UNCERTAIN,
    _S.RESOLVED,
    _S.HISTORICAL,
    _S.COPIED,
)
"""Which status stands where several reach a mention: the one that keeps it from being coded."""


def compiled(alternatives: str) -> re.Pattern[str]:
    """The alternatives of a cue as one pattern of whole words."""
    return re.compile(rf"(?:(?<![\w/])|(?=\W))(?:{alternatives})(?:(?<=\?)|(?![\w]))", re.IGNORECASE)
