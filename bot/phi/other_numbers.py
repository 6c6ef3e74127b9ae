"""Any other unique number (45 CFR 164.514(b)(2)(i)(R)): numbers that nothing clinical explains.

A number behind a word and "no.", "#" or "ID" is an identifier whatever the word; so is a run of
digits, or of digits and capitals, too long or too mixed for a code, a quantity, a range, a level of
the spine, a variant of a gene or a score. What explains a number is listed here, in one place.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.phi.records import Identifier, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_RANK = 95  # after every labelled number, before dates
_NET_RANK = 230
_UNIT = re.compile(
    r"[ ]?(?:-?fold|%|x\b(?!-)|x?10\^|mg|mcg|µg|ug\b|g\b|gm|kg|ml|cc\b|l\b|dl|mmol|meq|m?[iu]?units?|iu\b|[mµk]?u/|copies|cells|cfu|colon|/|per\b|kcal|cal\b|steps"
    r"|days?|weeks?|hours?|hrs?|h\b|mins?|secs?|years?|yrs?|mm|cm|lbs?|bpm|k\b|platelets|wbc|rbc|ng|pg|miu|dollars|usd|patients|people|gy\b|cgy|rad\b|french|fr\b|gauge|°|degrees)",
    re.IGNORECASE,
)
_MEASURED = re.compile(
    r"(?:platelets?|plts?|wbcs?|rbcs?|counts?|titers?|viral|load|copies|colon(?:y|ies)|cells|ferritin|bnp|nt-?probnp|ck\b|cpk|ast|alt|lipase|amylase|ldh|hcg|afp|psa|cea|ca[ -]?\d+(?:-\d)?|troponin\w*|trig(?:lyceride)?s|glucose|d-dimer|procalcitonin"
    r"|i/?o|intake|output|volume|urine|total|dose|units?|neutrophils?|anc|alc|lymphocytes?|eosinophils?|igg|ige|igm|vitamin|b12|titre|range|normal|ref|between|over|about|approximately|of|to|up)[ \t]*(?:of|was|is|at|:|=|>|<|~)?[ \t]*[><~]?\Z",
    re.IGNORECASE,
)
_VOCABULARY = re.compile(
    r"(?<![a-z])(?:snomed(?:[ -]?ct)?|sctid|loinc|rxnorm|rxcui|ndc|umls|cui|concept|meddra|cpt|hcpcs|icd(?:-?\d+)?(?:-?(?:cm|pcs))?|pcs|procedure|px|dx|diagnosis|drg|gtin|orpha|omim|mondo|doid|hpo?|cvx|mvx|atc|unii|nct|pmid|doi"
    r"|codes?|revenue|rev|modifier|modifiers|taxonomy|grouper|principal|secondary|billed|bill|billing|assign(?:ed)?|coded?(?:[ ](?:as|to|with|for))?|charge[sd]?|cdm|hcc|apc|pos|tob|supported|suggest(?:ed)?|report(?:ed)?|versus|vs|or|and|with|use|using|for|to|not|is|,|/|\+|-)[ \t:#=]*[\[(]?\Z",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"[A-TV-Z]\d[0-9A-Z](?:\.?[0-9A-Z]{1,4})?|[A-V]\d{4}|\d{4}[A-Z]|\d{5}(?:-[0-9A-Z]{2}){0,4}|[A-V]\d{4}(?:-[0-9A-Z]{2}){1,4}|[0-9A-HJ-NP-Z]{7}"
)
# Clinical forms that mix letters with four digits or more.
_LABELS = re.compile(
    r"(?<![a-z])(?:snomed(?:[ -]?ct)?|sctid|loinc|rxnorm|rxcui|ndc|umls|cui|concept|meddra|cpt|hcpcs|icd(?:-?\d+)?(?:-?(?:cm|pcs))?|pcs|procedure|drg|gtin|orpha|omim|mondo|doid|hpo?|cvx|mvx|atc|unii|nct|pmid|doi|codes?|revenue|modifiers?|taxonomy)[ \t:#=]*[\[(]?\Z",
    re.IGNORECASE,
)
_EXPLAINED = re.compile(
    r"(?:[CTLSV]\d{1,2}[\-/])+[CTLSV]?\d{1,2}|G\d{1,2}P\d(?:-\d){2,4}|G\d{1,2}(?:T\d)?P\d{1,5}(?:A\d)?(?:L\d)?|P\d{4}|[ACGT]\d{2,6}[ACGT]|[A-Z]\d{2,5}[A-Z*X]|\d{1,5}(?:DEL|INS|DUP)[ACGT]*|(?:19|20)\d{2}[A-Z]{0,2}"
    r"|(?:BP|HR|RR|T|TEMP|SPO2|O2|SAT|WT|HT|BMI|GCS|EF|LVEF|BG|FS|FSBS|BS|HGB|HCT|PLT|WBC|NA|CR|BUN|BNP|CK|PSA|I|O|UOP|EBL|MAP|CVP|ICP|FIO2|PEEP|VT|TV|PH|PCO2|PO2|DOS|AC|SIMV|PS|CPAP|BIPAP|POD|HD|DOL)[\d/.\-]+"
    r"|(?:FY|CY|Q[1-4]|ICD|DSM|V|VERSION|PY|MY)-?\d{2,4}(?:-\d{2,4})?[A-Z]*|\d+(?:[.\-/]\d+)*(?:IU|U|MG|ML|MCG|G|KG|CC|CFU|K|M|X|F|C|FR|CM|MM|MIN|HRS?|H|L|D|PM|AM|W|MBQ|MCI|GY|CGY|LB|LBS|YO|Y|EST|CST|MST|PST|EDT|PT|ET|S|ST|ND|RD|TH)(?:/\w+)?"
    r"|(?:CYP|CD|IL|HLA|BRCA|MUC|TP|SNP|RS|NM|NP|ENST|CHR|LOC|KIR|TLR|HPV|HSV|HHV|HIV|HTLV|MRSA|COVID|SARS|CK|CAM|EGFR|FGFR|PIK|JAK|CALR|MSH|MLH|PMS|SMN|DRB|DQB|ANTI|TSH|FT|PTH|MGMT|IDH|NCT|ISO|ASTM|PMID|AZD|MK|BMS|GSK|LY|ABT|INH|TDF|XR|UTF|AHA|ACC)[\-_]?[\dA-Z*:\-/.]+"
    r"|(?:\d{1,2}[A-Z]{1,2}){2,}|[A-Z]{1,3}\d(?:[/\-][A-Z]{0,3}\d)+|\d{1,2}[/\-]\d{1,2}[A-Z]{1,3}(?:\d{1,2}[/\-]\d{1,2}[A-Z]{0,3})*|[A-Z]?\d[A-Z]\d[A-Z]\d[A-Z]?|(?:[A-Z]\d){2,}"
)
_NO = r"(?:#|[Nn]o\.?|NO\.?|[Nn]umbers?|NUMBER|[Nn]um\.?|ID(?:[ ]?#)?|[Ii]d(?=[ :#=])|[Rr]ef(?:erence)?(?:[ ]?(?:\#|no\.?))?)"
_VALUE = (
    r"(?P<v>(?=(?:[A-Za-z\-/.]*\d){3})[A-Za-z0-9](?:[A-Za-z0-9]|[\-/.](?=[A-Za-z0-9]))*)(?![\w])"
)
_LABELLED = re.compile(
    rf"(?<![\w])(?P<l>[A-Za-z][A-Za-z.'’/\-]*(?:[ ][A-Za-z][A-Za-z'’]*)?)[ ]?(?<![A-Za-z]){_NO}[ \t]*[:=\-#]*[ \t]*(?:is[ ]|was[ ])?{_VALUE}"
    rf"|(?<![\w#])#[ ]?(?P<w>(?=(?:[A-Z\-]*\d){{5}})[A-Z0-9][A-Z0-9\-]*)(?![\w.])"
)
_COUNTED = re.compile(
    r"\b(?:gauge|french|visit|day|cycle|page|version|v|grade|stage|phase|level|tooth|teeth|dose|disp(?:ense)?d?|qty|quantity|refills?|tablets?|caps(?:ules)?|sutures?|blade|size|step|type|class|factor|part|chapter|section|room|bed|icd|cpt|hcpcs|snomed|loinc|drg|ndc|rxnorm|pmid|code|codes|cvx)\Z",
    re.IGNORECASE,
)
_MIXED = re.compile(
    r"(?<![\w.\-/@*^])(?=[0-9\-/_]*[A-Z])(?=(?:[A-Z\-/_]*\d){4})[A-Z0-9]+(?:[\-/_][A-Z0-9]+)*(?![\w\-/@*^]|\.\w)"
)
# Machine keys: letters and digits in turn, as hashes and session names have them.
_HASHED = re.compile(
    r"(?<![\w.\-/@])(?=[\w\-]*[a-z])(?:[A-Za-z]{1,4}[\-_])?(?=(?:[A-Za-z\-_]*\d){3})(?=\w*[A-Za-z]\d)(?=\w*\d[A-Za-z])[A-Za-z0-9]{8,64}(?![\w@]|[\-.]\w)"
)
_GROUPED = re.compile(r"(?<![\w.\-/,])\d{2,}(?:[\-/.]\d{2,}){1,4}(?![\w\-/,]|\.\d)")
_LETTERED = re.compile(
    r"\b(?:ID|Id|No\.?|NO|[Nn]umber|no\.|#)[ :#]{1,3}(?P<v>[A-Z]{1,4}\d{0,6}(?:[ \-]\d{2,6}){1,4})(?![\w\-])"
)
_SIX = re.compile(r"(?<![\w.\-/,$:+])\d{6}(?![\w\-/:%]|[.,]\d)")
_SPACED = re.compile(
    r"(?<![\w.\-/])\d(?:[ \-.]\d|[ ][\-–.][ ]\d){6,15}(?![\w\-/]|\.\d)|(?i:\b(?:id|no\.?|number|\#|card|account|acct|zoom|meeting|member|policy|reference|ref|mrn|record|tracking|passcode|confirmation)[ :#=]{1,3}(?:is[ ])?)(?P<v>\d{2,5}(?:[ ]\d{2,5}){1,4})(?![\w\-/%]|[ ]?(?:mg|mL|units)|[.,]\d)"
)
_OTHERS: tuple[tuple[Identifier, re.Pattern[str]], ...] = (
    (Identifier.EMAIL, re.compile(r"\b[\w.+\-]+[ ]?(?:[\[(<{][ ]?at[ ]?[\])>}]|[ ]at[ ])[ ]?[a-z0-9\-]+(?:[ ]?(?:[\[(<{][ ]?(?:dot|\.)[ ]?[\])>}]|[ ]dot[ ]|\.)[ ]?[a-z0-9\-]+){0,2}[ ]?(?:[\[(<{][ ]?(?:dot|\.)[ ]?[\])>}]|[ ]dot[ ]|\.)[ ]?(?:com|org|net|edu|gov|us|io|info|biz|mil|co|uk|ca)\b", re.IGNORECASE)),
    (Identifier.EMAIL, re.compile(r"\be-?mail(?:[ ](?:address|is|me|at|her|him))*[ :]+(?P<v>[\w.]+[ ]at[ ](?:yahoo|gmail|g[ ]mail|hotmail|outlook|aol|icloud|comcast|proton\w*|msn|live|verizon|att|me)(?:[ ](?:dot[ ])?(?:com|net|org))?)(?!\w)", re.IGNORECASE)),
    (Identifier.VEHICLE, re.compile(r"\b(?:plates?|tag)(?:[ ]?(?:no\.?|number|\#|is))?[ :#]+(?:[A-Z][a-z]+(?:[ ][A-Z][a-z]+)?|[A-Z]{2})[ ,]+(?P<v>(?=[A-Z \-]*\d)[A-Z0-9]{2,4}[ \-]?[A-Z0-9]{2,5})(?!\w)")),
    (Identifier.URL, re.compile(r"\b(?:w{3}[ ]dot[ ])?[a-z0-9\-]+(?:[ ]dot[ ][a-z0-9\-]+)*[ ]dot[ ](?:com|org|net|edu|gov)\b(?:[ ]slash[ ]\w+)*", re.IGNORECASE)),
    (Identifier.URL, re.compile(r"(?<![\w@.\-])(?:[a-z0-9\-]+\.)+(?:biz|mil|tv|ly|be|ca|uk|de|fr|eu|dev|cloud|site|online|page|link|care|clinic|healthcare|xyz|tech|ai|gg)/[^\s<>\"')\]|]+", re.IGNORECASE)),
    (Identifier.PLACE, re.compile(r"(?<![\w.])-?\d{1,3}\.\d{3,}°?[ ]?[NS]?[ ]?[,/][ ]?-?\d{1,3}\.\d{3,}°?[ ]?[EWew]?(?!\w)|\b\d{1,3}°[ ]?\d{1,2}['′](?:[ ]?[\d.]+[\"″])?[ ]?[NS],?[ ]+\d{1,3}°[ ]?\d{1,2}['′](?:[ ]?[\d.]+[\"″])?[ ]?[EW]")),
    (Identifier.URL, re.compile(r"\b(?:instagram|insta|ig|facebook|fb|twitter|x\.com|snap(?:chat)?|tiktok|venmo|cash[ ]?app|whatsapp|skype|linkedin|reddit|discord|telegram|signal|youtube|twitch|gamertag|screen[ ]?name|user[ ]?(?:name|id)?|login|log-in|handle)(?:[ ](?:account|handle|id|name|page|user|profile|tag))?(?:[ ]?[:=][ ]?|[ ]+(?:is[ ]|as[ ])?(?=[\w.$]*[\d_.]|@))(?P<v>[@$/]?[A-Za-z0-9][\w.\-]{2,30}\w)", re.IGNORECASE)),
    (Identifier.URL, re.compile(r"(?<![\w.@])@(?P<v>(?=[A-Za-z.]*[\d_.])[A-Za-z][\w.]{2,30}\w)(?!\w)")),
    (Identifier.ID, re.compile(r"\b(?:workstation|computer|terminal|kiosk|printer|host ?name|laptop|tablet|PC|server|station|bluetooth|ssid|wi-?fi|network)(?:[ ](?:name|id|tag|named|network))?[ :#=]{1,3}(?P<v>(?=[\w\-]*\d)[A-Z][A-Z0-9]*(?:[\-_][A-Z0-9]+)*)(?!\w)")),
    (Identifier.ID, re.compile(r"\b(?:pw|pwd|password|passcode|code[ ]?word|safe[ ]?word|pass[ ]?phrase)\b[^\n.\"“]{0,24}[\"“‘](?P<v>[^\"”’\n]{3,24})[\"”’]", re.IGNORECASE)),
    (Identifier.VEHICLE, re.compile(r"\b(?:tag|plates?|license)[ :#]+(?P<v>[A-Z]{2,4}[ \-]\d{2,4}|\d{2,4}[ \-][A-Z]{2,4})(?!\w)")),
    (Identifier.PLAN, re.compile(r"\b(?:policy|member|subscriber|group|plan|claim|contract|certificate)(?:[ ](?:no\.?|number|id|\#))?[ ]*[:#][ ]*(?P<v>(?-i:[A-Z0-9]{2,6}(?:[ ][A-Z0-9]{1,6}){1,4}))(?=[ ]{2}|\n|\Z|[,;])(?<=[\dA-Z])", re.IGNORECASE)),
    (Identifier.ID, re.compile(r"(?<![\w.])[A-Z]{1,3}\d{2}:\d{3,6}(?!\w)")),
    (Identifier.RECORD, re.compile(r"\bMR[ #:]{1,2}(?P<v>\d{2,3}-\d{2}-\d{2,3}|\d{6,9})(?![\w\-])")),
    (Identifier.PLACE, re.compile(r"(?<![\w.])\d{1,3}\.\d+°?[ ]?[NS],?[ ]+\d{1,3}\.\d+°?[ ]?[EW](?!\w)")),
    (Identifier.ID, re.compile(r"\b(?:pass(?:word|code|phrase)|pin|pw|pwd|passcode|combo|combination|access[ ]code|(?:door|gate|lock[ ]?box|alarm|entry|garage|security|key)[ ]code)(?:[ ](?:is|was)[ ]|[ ]?[:=#][ ]?|[ ])(?P<v>(?=\S*\d)[^\s,;]{3,24}[^\s,;.])", re.IGNORECASE)),
    (Identifier.RECORD, re.compile(r"\b(?:chart|folder|jacket)[ ]+(?P<v>\d[\d\-]{4,12}\d)(?![\w\-/])|\b(?:mrn|chart|record|ssn|acct|account|card|phone|id|policy|member|social)\b[^\n\d]{0,14}\b(?:ends?|ending)(?:[ ](?:in|with))?[ :]{1,2}(?P<w>\d{3,6})(?!\d)", re.IGNORECASE)),
    (Identifier.ID, re.compile(r"\b(?:kit|tag|tail|badge|bag|bottle|locker|band|wristband|sample|samples|specimen|slide|block|cassette|vial|file|claim|lot|tray|asset|plate|case|barcode|voucher|ticket|bin|crate|pump|cart|bed[ ]tag|chip|microchip|collar|stmt|statement|check|ck|chk|conf|enc|spec|irb|protocol|grant|inv|invoice|po|incident|complaint|referral|dispatch|pcr|store|donor|recipient|cane|straw|tube|transmitter|receiver|sensor|ser|scope|shelf|freezer|aliquot|patient|pt|animal|booking|inmate|docket|permit|parcel|unit[ ]no)s?[ ](?:no\.?[ ]|number[ ]|\#[ ]?)?(?P<v>(?-i:(?=(?:[A-Z\-]*\d){3})[A-Z0-9]+(?:[\-/][A-Z0-9]+)*))(?![\w])(?![ ]?(?:mg|mL|units|g\b|of\b|%))", re.IGNORECASE)),
    (Identifier.ID, re.compile(r"(?<!icd )(?<!cpt )(?<!dx )\b(?:couple|donor|study|patient|pt|family|case|cohort|sample|site|participant|subject|research|enrollment|client|cycle)[ ]code[ :#]*(?P<v>[A-Z]{1,4}-?\d{3,8}(?:-[A-Z0-9]+)?)(?!\w)|\bunit[ ](?P<w>[A-Z]\d{4}[ ]\d{2}[ ]\d{6})(?!\w)", re.IGNORECASE)),
    (Identifier.RECORD, re.compile(r"(?<![\w.])(?P<v>[A-Z]\d{5,8})(?=[ ]?[/|][ ]?\d{1,3}[ ]?[MF]\b)|\[NAME-\d+\][ ,#]{1,4}(?P<w>\d{3,4}[ \-]\d{3,5}(?:[ \-]\d{2,4})?)(?![\w/]|[ ]?(?:mg|mL))")),
    (Identifier.DEVICE, re.compile(r"\b(?:transmitter|receiver|sensor|pod|pump|modem|meter|handset|processor|remote|reader)[ ](?:no\.?[ ]|\#[ ]?|id[ :]+|s/n[ ])?(?P<v>(?-i:(?=[A-Z]*\d[A-Z]*\d?)(?=\d*[A-Z]\d*[A-Z])[A-Z0-9]{6,10}))(?!\w)", re.IGNORECASE)),
    (Identifier.ACCOUNT, re.compile(r"\b(?:ending|ends|end)[ ](?:in|with)[ :]?(?P<v>\d{3,6})\b|(?<!\w)(?:\*{2,}|x{2,}|X{2,}|\.{3}|…|•+)[\- ]?(?P<w>\d{3,6})\b|\blast[ ](?:4|four|5|five|6|six)(?:[ ]digits?)?(?:[ ](?:of[ ])?(?:\w+[ ]){0,3}?)?[: ]*(?:is[ ]|are[ ]|=[ ]?)?(?P<x>\d{4,6})\b", re.IGNORECASE)),
)  # fmt: skip

_LATER = tuple(row for row in _OTHERS if "-\\d+\\]" in row[1].pattern)


def find_other_numbers(text: str, *, later: bool = False) -> Iterator[Span]:
    """Numbers and handles of ``text`` that no narrower rule names; ``later`` beside placeholders."""
    for kind, pattern in _LATER if later else _OTHERS:
        for match in pattern.finditer(text):
            if (
                kind is Identifier.PLAN
                and sum(c.isdigit() for c in match[match.lastgroup or 0]) < 5
            ):
                continue
            if (
                kind is Identifier.EMAIL
                and _SPOKEN.search(match.group()) is None
                and match.group()[:1] not in "eE"
            ):
                continue  # "posted at facebook.com"
            yield Span(kind, *match.span(match.lastgroup or 0), _RANK - 60)
    if later or _DIGITS.search(text) is None:
        return
    for match in _LABELLED.finditer(text):
        name = "v" if match["v"] else "w"
        if not _labelled_code(text, match, name):
            yield Span(Identifier.ID, *match.span(name), _RANK)
    for match in _MIXED.finditer(text):
        if not explained(match.group()) and not _LABELS.search(
            text, max(0, match.start() - 24), match.start()
        ):
            yield Span(Identifier.ID, *match.span(), _NET_RANK)
    for match in _HASHED.finditer(text):
        if not re.search(
            r"(?:mg|mcg|ml|mm|cm|kg|units?|hz|mhz)(?:\d|$)|^(?:\d+[dwhmy])+$|^[cpyrm]*T\d",
            match.group(),
        ):
            yield Span(Identifier.ID, *match.span(), _NET_RANK)
    for match in _LETTERED.finditer(text):
        yield Span(Identifier.ID, *match.span("v"), _NET_RANK)
    for match in _GROUPED.finditer(text):
        if not _ranged(text, match):
            yield Span(Identifier.ID, *match.span(), _NET_RANK + 1)
    for match in _SIX.finditer(text):
        before = max(0, match.start() - 28)
        if _UNIT.match(text, match.end()) or _MEASURED.search(text, before, match.start()):
            continue
        if not _VOCABULARY.search(text, before, match.start()):
            yield Span(Identifier.ID, *match.span(), _NET_RANK + 2)
    for match in _SPACED.finditer(text):
        span = match.span("v") if match["v"] else match.span()
        if sum(c.isdigit() for c in text[span[0] : span[1]]) >= 6:
            yield Span(Identifier.ID, *span, _NET_RANK + 3)


_SPOKEN = re.compile(r"[\[(<{]|[ ]dot[ ]|^\S*[\d._]", re.IGNORECASE)
_DIGITS = re.compile(r"\d[\d\-/. ]?\d|\#")


def _labelled_code(text: str, match: re.Match[str], name: str) -> bool:
    value, end = str(match[name]), match.end(name)
    label = match["l"] or ""
    if _COUNTED.search(label) or _UNIT.match(text, end):
        return True
    digits = sum(character.isdigit() for character in value)
    if digits < 4 and not value[:1].isalpha() and "-" not in value and label.islower():
        return digits < 3
    coded = re.search(
        r"(?:code|icd|cpt|hcpcs|drg|ndc|loinc|snomed|rxnorm|query|dx)\b", label, re.IGNORECASE
    )
    return coded is not None


def explained(value: str) -> bool:
    """Whether a mix of letters and digits is a code or another clinical form.

    >>> explained("J1885"), explained("G2P1001"), explained("PJN176417L")
    (True, True, False)
    """
    if _EXPLAINED.fullmatch(value) or _CODE.fullmatch(value):
        return True
    parts = re.split(r"[\-/_]", value)
    return (
        len(parts) > 1
        and all(
            _CODE.fullmatch(part)
            or (_EXPLAINED.fullmatch(part) and not part.isdigit())
            or part.isalpha()
            for part in parts
        )
        and not any(part.isdigit() and len(part) > 3 for part in parts)
    )


def _ranged(text: str, match: re.Match[str]) -> bool:
    """Whether digits in groups are a range, years, a code with its modifier, a ratio or a drug code."""
    value = match.group()
    groups = re.split(r"[\-/.]", value)
    if sum(map(len, groups)) < 7 or _UNIT.match(text, match.end()):
        return True
    if "." in value and ("-" in value or "/" in value or len(groups) < 3):
        return True
    if (
        _VOCABULARY.search(text, max(0, match.start() - 12), match.start())
        and len(groups) < 4
        and re.search(
            r"(?i)(?:ndc|loinc|snomed|rxnorm|cpt|hcpcs|codes?|icd)\W*\Z",
            text[max(0, match.start() - 14) : match.start()],
        )
    ):
        return True
    if len(groups) != 2:
        return False
    first, second = groups
    if all(re.fullmatch(r"(?:18|19|20)\d\d", group) for group in groups):
        return True
    if (
        len(first) == 5
        and len(second) in (2, 5)
        and int(first) <= int(second + ("" if len(second) == 5 else "999"))
    ):
        return True
    return (
        not first.startswith("0")
        and int(first) < int(second)
        and len(second) - len(first) in (0, 1)
        and second.endswith("0")
    )
