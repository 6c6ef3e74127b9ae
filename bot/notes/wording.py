"""What lines of an assessment or plan say of themselves: orders, remarks, later visits, the past."""

from __future__ import annotations

import re

LATER = re.compile(
    r"\b(?:follow[- ]?up|post[- ]?op(?:erative)?|status post|s/p|recheck|re-?evaluat\w+|healing|weeks? (?:out|after|since|ago) (?:from )?(?:surgery|the injury|injury|orif|fracture)"
    r"|cast (?:removal|removed)|returns? (?:today )?for|continued care)\b",
    re.IGNORECASE,
)

NO_PROBLEM = re.compile(
    r"^\W*(?:preventative|preventive|health maintenance|healthcare maintenance|immuni[sz]ations?|vaccin\w+|disposition|medication (?:refill|management|review)"
    r"|lab (?:review|work)|follow[- ]?up|return|diet|exercise|counsel\w*|advance care|code status|dvt prophylaxis|prophylaxis|fen|nutrition|pain control|pain management|contact|smoking cessation counseling)\b",
    re.IGNORECASE,
)

PLANNED_TEST = re.compile(
    r"^\W*(?:screening )?(?:colonoscopy|mammogram|mammography|endoscopy|egd|echocardiogram|mri|ct(?: scan)?|x-?rays?|ultrasound|labs?|pap smear|dexa(?: scan)?|stress test|ekg)\W*$",
    re.IGNORECASE,
)

ORDERED = re.compile(
    r"\b(?:vitals|cbc|cmp|bmp|tsh|a1c|panel|labs?|urinalysis|cultures?|x-?rays?|mri|ct|ultrasound|ekg|ecg|echo\w*"
    r"|referrals?|consults?|physical therapy|imaging|biopsy|testing|studies|levels?|vaccin\w+|injection|brace|splint|crutches)\b",
    re.IGNORECASE,
)
"""What a line of a plan orders; such a line is no problem."""

REGARDING = re.compile(
    r"^\W*(?:in regards? to|with regards? to|regarding|as for|as far as|concerning|for) (?:her|his|the|their|the patient's)\b",
    re.IGNORECASE,
)

PAST_LEAD = re.compile(
    r"^\W*(?:(?:personal |past |prior |remote )*(?:history|hx) of|h/o|s/p|status post|prior|previous|resolved|old|remote)\s+",
    re.IGNORECASE,
)
HAD = re.compile(
    r"\b(?:s/p|status[- ]post|history of|presence of|has an?|post[- ]?op\w*)\b", re.IGNORECASE
)

CUT = re.compile(
    r"(?P<due>,?\s+(?:(?:likely|probably|possibly|most likely)\s+)?(?:due to|secondary to|2/2|caused by|from|because of|related to|attributed to|as a result of)\s+)"
    r"|(?P<with>,?\s+(?:with(?!out)|w/|complicated by|in the setting of|on top of|superimposed on|along with|associated with)\s+)"
    r"|(?P<also>\s*;\s*|,\s+(?:and\s+|as well as\s+)?|\s+(?:and|&|plus|\+|as well as|versus|vs\.?)\s+|\s+[-–—]+\s+|\s*/\s*(?=[A-Za-z]{4}))"
    r"|(?P<doubt>\s+(?=(?:suspicious for|concerning for|consistent with|suspected|possible|probable|likely)\s))",
    re.IGNORECASE,
)

QUALIFIES = re.compile(
    r"^\W*(?:(?:un|well |poorly |sub)?[- ]?(?:controlled|optimi[sz]ed)|stable|unstable|improv\w+|worsening|chronic|acute|new|old|mild|moderate|severe|left|right|bilateral|resolved|active|recurrent|stage|type|grade|status|at goal|not at goal|no |without|on |initial|subsequent|follow)",
    re.IGNORECASE,
)

AHEAD = re.compile(
    r"\bin (?:about )?(?:\d+|one|two|three|four|six|a few|several)(?:[- ](?:to )?\d+)? (?:days?|weeks?|months?|years?)\b|\bnext (?:week|month|visit|year)\b",
    re.IGNORECASE,
)
"""What a line of a plan says is for later; it is no problem of this visit."""

ORGANISMS = ("B95", "B96", "B97")
CAUSED_BY = re.compile(
    r"\b(?:due to|caused by|secondary to|from|associated with|positive for|grew|growing|with)\s+(?:an? |the )?(?:\w+ )?$",
    re.IGNORECASE,
)

SIDED = re.compile(r"^\W*(?:left|right|bilateral|rt\.?|lt\.?)(?:[- ]sided)?\s+", re.IGNORECASE)

_QUALIFIED = re.compile(
    r"(?:\b(?:acute|chronic|subacute|recurrent|left|right|bilateral|mild|moderate|severe|primary|secondary)\s+)+\Z",
    re.IGNORECASE,
)


def qualified_from(text: str, floor: int, start: int) -> int:
    """Where a mention begins with the words before it that say of which course, side or degree.

    >>> qualified_from("has chronic gastric ulcer", 0, 12)
    4
    """
    match = _QUALIFIED.search(text, floor, start)
    return match.start() if match else start
