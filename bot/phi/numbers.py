"""Numbers and addresses of machines: telephone, mail, web, record, plan, licence, device and more.

Each rule is a row: the kind, a pattern whose group ``v`` (or whole match) is the identifier, and a
check that may refuse it. Rows stand in order of rank: where two overlap, the earlier row wins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.phi import checks
from bot.phi.records import Identifier, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_NO = r"[ \t]*(?:numbers?|num\b\.?|nos?\b\.?|id\b\.?|ids\b|identifier|\#)?"
_IS = r"[\"']?[ \t]*(?:[:#=|>^\t]+[ \t]*[\"']?|\bis\b[ \t]*|\bof\b[ \t]*|\bwas\b[ \t]*)?\#?[ \t]*"
# A value: at least one digit and four characters, in groups of letters and digits.
_VALUE = r"(?P<v>(?=[A-Z\-/.]{0,8}\d)[A-Z0-9](?:[A-Z0-9]|[\-/.](?=[A-Z0-9])){2,24})(?![\w])"
_SPACED = (
    r"(?P<v>(?=[A-Z]{0,5}[ \-]?\d)[A-Z0-9]{1,9}"
    r"(?:[\-/.][A-Z0-9]+|[ ](?=[A-Z]{0,2}\d)[A-Z0-9]{2,6}(?![a-z]))*)"
)
_UNIT_AFTER = re.compile(
    r"\s?(?:-?fold|%|x\b|mg|mcg|µg|g\b|kg|ml|l\b|dl|mmol|meq|units?|iu\b|u/|copies|cells|cfu|/|per\b"
    r"|days?|weeks?|hours?|hrs?|mins?|years?|yrs?|mm|cm|lbs?|bpm|platelets|wbc|rbc|ng|pg|miu|dollars)",
    re.IGNORECASE,
)
_VOCABULARY_BEFORE = re.compile(
    r"(?<![a-z])(?:snomed(?:[ -]?ct)?|sctid|loinc|rxnorm|rxcui|ndc|umls|cui|concept|meddra|cpt|hcpcs|icd(?:-?\d+)?"
    r"(?:-?(?:cm|pcs))?|pcs|procedure|drg|gtin|orpha|omim|mondo|doid|cvx|atc|unii|nct|pmid|doi|codes?)"
    r"[ \t]*(?:codes?|id|number|no\.?|\#)?[ \t:#=]*[\[(]?\Z",
    re.IGNORECASE,
)
_PCS = re.compile(r"[0-9A-HJ-NP-Z]{7}")
_HCPCS = re.compile(r"[A-V]\d{4}")
_ICD = re.compile(r"[A-TV-Z]\d[0-9A-Z](?:\.?[0-9A-Z]{1,4})?")
# A digit as it is dictated.
_SAID = r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: what it finds and what may refuse a match; ``check`` gets the text and the match."""

    kind: Identifier
    pattern: re.Pattern[str]
    check: Callable[[str, re.Match[str]], bool]


def _any(_text: str, _match: re.Match[str]) -> bool:
    return True


def _value(match: re.Match[str]) -> tuple[str, int, int]:
    name = "v" if "v" in match.re.groupindex else 0
    return match.group(name), match.start(name), match.end(name)


def _no_code(text: str, match: re.Match[str]) -> bool:
    """Not a code of a code system nor a quantity: for labels that also stand before those."""
    value, start, end = _value(match)
    upper = value.upper()
    coded = _ICD.fullmatch(upper) or _HCPCS.fullmatch(upper) or re.fullmatch(r"\d{5}", upper)
    if coded and not re.search(
        r"n(?:o|um(?:ber)?)\b|\bid|#|account|acct", text[match.start() : start], re.I
    ):
        return False
    if _VOCABULARY_BEFORE.search(text, max(0, start - 30), start):
        return False
    return not _UNIT_AFTER.match(text, end)


def _long_number(text: str, match: re.Match[str]) -> bool:
    """A bare run of digits that no code system, quantity or procedure code explains."""
    value, start, end = _value(match)
    if not _no_code(text, match):
        return False
    if re.match(r"[ ,\"]+display\b", text[end : end + 12]) or _CODE_SYSTEM.search(
        text, max(0, start - 70), start
    ):
        return False
    if re.fullmatch(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", value):
        return False  # a date
    return not (len(value) == 7 and value[0] == "0" and _PCS.fullmatch(value)) or (
        text[max(0, start - 1) : start] == "(" and text[end : end + 1] == ")"
    )


_CODE_SYSTEM = re.compile(
    r"(?i)(?:code[ ]?system|snomed|loinc|rxnorm|\bcodes?\b)[^\n]{0,60}(?:value|code)\W{1,4}\Z"
)


def _mixed(text: str, match: re.Match[str]) -> bool:
    value, _, _ = _value(match)
    digits = sum(character.isdigit() for character in value)
    if digits < 4 or value.isdigit():
        return False
    return _no_code(text, match) and not _PCS.fullmatch(value.upper())


def _ip(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - 12) : match.start()].casefold()
    return not before.rstrip().endswith(("version", "v", "section", "ec", "chapter"))


def _abroad(_text: str, match: re.Match[str]) -> bool:
    return sum(character.isdigit() for character in match.group()) >= 9


def _local(text: str, match: re.Match[str]) -> bool:
    """Seven digits without an area code; a range of normal values is none."""
    before = text[max(0, match.start() - 24) : match.start()]
    ranged = re.search(
        r"(?:range|normal|ref\w*|values?|limits?|between|from)\b[^.\n]*\Z", before, re.I
    )
    return ranged is None and _no_quantity(text, match)


def _card(text: str, match: re.Match[str]) -> bool:
    return checks.luhn(match.group()) and _no_code(text, match)


def _vin(_text: str, match: re.Match[str]) -> bool:
    return checks.vin(match.group())


def _npi(_text: str, match: re.Match[str]) -> bool:
    return checks.npi(match.group())


def _dea(_text: str, match: re.Match[str]) -> bool:
    return checks.dea(match.group().upper())


def _no_quantity(text: str, match: re.Match[str]) -> bool:
    value, _, end = _value(match)
    if sum(character.isdigit() for character in value) > 2 and value[:1].isalpha():
        return True  # no quantity begins with a letter
    return not _UNIT_AFTER.match(text, end)


_K = Identifier
_MRN = (
    r"(?:e?mrn|mr\#|mr[ ]no\.?|mpi|(?:medical|health|hospital|patient|clinic|unit)[ ]record"
    r"|med(?:ical)?\.?[ ]rec(?:ord)?\.?|record[ ](?=no|num|\#|id)|chart[ ]?(?=no|num|\#|id|:)"
    r"|(?:patient|pt|person|hospital|unit|enterprise|epic|cerner|study|subject|participant|donor"
    r"|research|visit|encounter|case|episode|admission|registration|national|employee|badge(?=[ ]?[:#\d])|student"
    r"|inmate|prisoner|military|service|user|login)[ ]?(?:ids?\b|numbers?|nos?\b\.?|num\b\.?|\#)"
    r"|csn|fin|har|emr[ ]?\#|ehr[ ]?(?:id|\#)|epi|encounter(?=[ ]?[:#])|case(?=[ ]?\#))"
)
_PLAN = (
    r"(?:health[ ]?plan(?:[ ]beneficiary)?|beneficiary|medicare(?=[ ](?:beneficiary|number|no|id|\#|hicn|mbi|claim)|:)"
    r"|medicaid(?=[ ](?:number|no|id|\#|recipient)|:)|mbi|hicn?|member(?:ship)?|subscriber|polic(?:y|ies)|group"
    r"|insurance(?=[ ](?:id|number|no|policy|\#|member))|insured(?:'s)?[ ]id|enrollee|cardholder|rx[ ]?bin|rx[ ]?grp"
    r"|bcbs|blue[ ]?cross(?:[ ]blue[ ]?shield)?|aetna|cigna|humana|tricare|kaiser|unitedhealthcare|uhc|payer[ ]id"
    r"|recipient|prior[ ]auth(?:orization)?|pre-?auth(?:orization)?|authorization|auth|referral)"
    r"(?:[ ](?:beneficiary|recipient|member|policy|group|claim|plan|identifier|certificate))?"
)
_ACCOUNT = (
    r"(?:(?:bank|patient|guarantor|billing|hospital|checking|savings|financial)?[ ]?(?:account|acct|acc|a/c)"
    r"|invoice|statement|routing|iban|aba|credit[ ]card|debit[ ]card|card(?=[ ](?:no|num|ending|\#))"
    r"|visa(?=[ ](?:card|ending|\#))|mastercard|claim|bill(?=[ ](?:no|num|\#|id))|receipt|transaction"
    r"|confirmation|icn|dcn|tax[ ]?(?=id)|tin|ein)(?:[ ]control)?"
)
_LICENSE = (
    r"(?:(?:driver(?:'?s|s')?[ ]?)?licen[cs]e|ncpdp(?:[ ]?id)?|lic\.?|d/?l(?=[ ]?(?:\#|no|num|:))|cdl|dea|npi|upin|certificate"
    r"|certification|cert\.?|credential|board[ ]cert(?:ification)?|registration|passport|visa(?=[ ](?:no|num))"
    r"|green[ ]card|alien[ ]registration|state[ ]id|state[ ]medical|permit|medical[ ]licen[cs]e|rn[ ]licen[cs]e)"
)
_DEVICE = (
    r"(?:(?:device|implant|pacemaker|icd|generator|lead|pump|prosthesis|implanted[ ]\w+|stent|valve|lens|iol"
    r"|hearing[ ]aid|cpap|ventilator|monitor|sensor|model|unit|component|instrument|loop[ ]recorder)?[ ]?"
    r"(?:s/n|sn(?=[ ]?[:#])|serial|ser\.?(?=[ ]?(?:no|\#|num))|lot(?=[ ]?(?:no|num|\#|:|[A-Z0-9\-]*\d))|l/n|udi|udi-di|udi-pi"
    r"|imei|imsi|mac[ ]address|model(?=[ ]?(?:no|num|\#))|ref(?=[ ]?\#)|catalog(?:ue)?|device[ ]id(?:entifier)?|implant[ ]id|asset))"
)
_VEHICLE = (
    r"(?:(?:license|licence|number|registration|vehicle|car|truck|vanity|temp(?:orary)?)[ ]?plates?|plates?(?=[ ]?(?:no|num|\#|:|[A-Z0-9]{2,4}[\- ]?\d|\d))"
    r"|license[ ]tag|vin|vehicle[ ](?:id|identification|identifier|registration)|tag(?=[ ](?:no|num|\#)))"
)
_OTHER = (
    r"(?:accession|acc(?=[ ]?\#)|specimen|sample|slide|cassette|path(?:ology)?[ ](?=\#|no|num)|surgical[ ]path(?:ology)?(?=[ ]?[:#])|requisition"
    r"|req(?=[ ]?\#)|order(?=[ ]?(?:no|num|\#|id))|rx(?=[ ]?(?:no|num|\#))|prescription(?=[ ]?(?:no|num|\#))"
    r"|study(?=[ ]?(?:no|num|\#|uid|instance))|protocol(?=[ ]?(?:no|num|\#))|trial[ ](?=id|no|num|\#)|ticket|tracking|case(?=[ ]?(?:no|num|\#|id))"
    r"|exam(?=[ ]?(?:\#|no|num|id))|file(?=[ ]?(?:\#|no|num|id))|reference(?=[ ]?(?:\#|no|num|id))|ref(?=[ ]?(?:no|num|id))"
    r"|unit(?=[ ]?\#)|blood[ ](?:unit|bag)|donation|locker|job(?=[ ]?(?:\#|no|num|id))|docket|incident|police[ ]report|report(?=[ ]?(?:\#|no|num|id))"
    r"|document(?=[ ]?(?:\#|no|num|id))|doc(?=[ ]?(?:\#|id))|uuid|guid|barcode|wristband|bracelet|pin(?=[ ]?(?:no|num|\#|code))|token|password|passcode|username)"
)


def _labelled(label: str, value: str = _VALUE) -> str:
    return rf"(?:(?<![\w\-])|(?<=_)|(?-i:(?<=[a-z])(?=[A-Z]))){label}(?:(?<=[ ])|(?![a-z])){_NO}{_IS}{value}"


def _rules() -> Iterator[Rule]:
    rows: tuple[tuple[Identifier, str, Callable[[str, re.Match[str]], bool]], ...] = (
        (_K.ID, r"(?<![\w.])1\.[23]\.(?:840|276|6\.1)(?:\.\d+){3,}", _any),
        (_K.EMAIL, r"(?<![\w.])[\w.+\-']+[ ]?@[ ]?[a-z0-9\-]+(?:\.[a-z0-9\-]+)+(?![\w])", _any),
        (_K.EMAIL, r"\b[\w.+\-]+[ ]?[\[(]?\bat\b[\])]?[ ]?[a-z0-9\-]+[ ]?[\[(](?:dot|\.)[\])][ ]?[a-z]{2,}\b", _any),
        (_K.PHOTO, r"(?<![\w/])[\w\-./\\]*[\w\-]\.(?:jpe?g|png|tiff?|bmp|heic|gif|dcm|mov|mp4|webp)\b", _any),
        (_K.URL, r"\b(?:https?|ftp|sftp|s3|file)://[^\s<>\"')\]|]+", _any),
        (_K.URL, r"\bwww\.[^\s<>\"')\]|]+", _any),
        (_K.URL, r"(?<![\w@.\-])(?:[a-z0-9\-]+\.)+(?:com|org|net|edu|gov|io|health|info|us|co\.uk|me|app)\b(?:/[^\s<>\"')\]|]*)?", _any),
        (_K.SSN, r"(?<![\d\-])\d{3}[\- ]\d{2}[\- ]\d{4}(?![\w\-])", _any),
        (_K.SSN, r"(?<![\w])(?:x{3}|\*{3})[\- ](?:x{2}|\*{2})[\- ]\d{4}(?!\d)", _any),
        (_K.SSN, rf"\b(?:ssn?|ss\#|soc(?:ial)?\.?[ ]sec(?:urity)?\.?)(?![a-z0-9]){_NO}(?:[ ]\((?:ssn?)\))?{_IS}(?:(?:ending|ends)[ ](?:in|with)[ ])?(?:last[ ](?:4|four)(?:[ ]digits)?{_IS})?(?P<v>\d[\d\- .]{{2,10}}\d)(?!\d)", _any),
        (_K.SSN, r"\blast[ ](?:4|four)(?:[ ]digits)?(?:[ ]of)?[ ](?:the[ ]|her[ ]|his[ ])?(?:ssn|social)(?:[ ]security)?(?:[ ]number)?[: ]*(?:is[ ]|are[ ])?(?P<v>\d{4})\b", _any),
        (_K.IP, r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d]|\.\d)", _ip),
        (_K.IP, r"(?<![\w:])(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![\w:])", _any),
        (_K.IP, r"(?<![\w:])(?:[0-9a-f]{1,4}:){2,6}:(?:[0-9a-f]{1,4}:){0,4}[0-9a-f]{1,4}(?![\w:])", _any),
        (_K.IP, r"(?<![\w:])[0-9a-f]{4}::(?:[0-9a-f]{1,4}:){0,5}[0-9a-f]{1,4}(?![\w:])", _any),
        (_K.DEVICE, r"(?<![\w:\-])(?:[0-9a-f]{2}[:\-]){5}[0-9a-f]{2}(?![\w:\-])", _any),
        (_K.DEVICE, r"\(01\)\d{14}(?:\((?:10|11|17|21|240)\)[A-Z0-9\-]+)*", _any),
        (_K.DEVICE, r"\+[A-Z]\d{3}[A-Z0-9]{4,18}/[$\d][A-Z0-9$+/]{4,}", _any),
        (_K.VEHICLE, r"(?<!\w)vin(?!\w)(?:[ ]?(?:no\.?|number|\#))?[ ]*[:=]?[ ]*(?P<v>[A-HJ-NPR-Z0-9]{17})(?![\w])", _any),
        (_K.VEHICLE, r"(?<![\w])[A-HJ-NPR-Z0-9]{17}(?![\w])", _vin),
        (_K.VEHICLE, _labelled(_VEHICLE, r"(?:[A-Z]{2}[ ](?=[A-Z0-9]{2,4}[\- ]?\d))?" + _SPACED), _no_quantity),
        (_K.DEVICE, _labelled(_DEVICE), _no_quantity),
        (_K.RECORD, _labelled(_MRN, _VALUE.replace("{2,24}", "{3,24}")), _any),
        (_K.LICENSE, _labelled(_LICENSE), _no_quantity),
        (_K.LICENSE, r"\b[A-Z][A-Z9]\d{7}\b", _dea),
        (_K.VEHICLE, r"\bplates?[ ]*\([^)\n]{1,30}\)[ ]*[:\#][ ]*(?P<v>(?=[A-Z \-]*\d)[A-Z0-9]{2,4}[\- ]?[A-Z0-9]{2,5})(?![\w])", _no_quantity),
        (_K.VEHICLE, r"\b(?:vehicle|car|truck|license|licence|plate)[ ]tag[ ]*(?:no\.?|number|\#|:)?[ ]*(?P<v>(?=[A-Z \-]{0,4}\d)[A-Z0-9]{2,4}[\- ]?[A-Z0-9]{2,5})(?![\w])", _no_quantity),
        (_K.DEVICE, r"\b(?:s/n|sn)[ ]+(?P<v>(?=(?:[A-Z\-]*\d){4})[A-Z0-9][A-Z0-9\-]{4,20})(?![\w])", _no_quantity),
        (_K.PLAN, r"(?<![\w\-])\d{3}-\d{2}-\d{4}[A-Z]\d?(?![\w\-])", _any),
        (_K.PLAN, r"\b(?:grp|group|gr)\b\.?(?:[ ]?(?:no\.?|number|id|\#))?[ ]*[:\#][ ]*(?P<v>(?=(?:[A-Z\-]*\d){4})[A-Z0-9][A-Z0-9\-]{3,20})(?![\w])", _no_quantity),
        (_K.PLAN, r"(?:\bmember|\bsubscriber|\bpolicy|\binsur\w*|\bpayer|\bplan|\bsecondary|\bprimary|\bemployer|\[PLAN-\d+\])[^\n]{0,60}?\b(?:grp|group|gr)\b\.?[ ]?(?:no\.?|number|id|\#|:)*[ ]*(?P<v>(?=(?:[A-Z\-]*\d){3})[A-Z0-9][A-Z0-9\-]{2,20})(?![\w])", _any),
        (_K.PLAN, r"\bcard[ ]*(?:no\.?|number|id|\#|:)*[ ]*(?P<v>(?=(?:[A-Z\-]*\d){6})[A-Z0-9][A-Z0-9\-]{5,20}(?:[ ]\d{2}(?!\d))?)(?![\w])", _no_quantity),
        (_K.PLAN, r"\b(?:id|member|subscriber|policy)(?:[ ]?(?:no\.?|number|\#))?[ ]*[:\#]*[ ]*(?P<v>\d{9,12}[ \-]\d{2})(?![\w\-/.])", _no_quantity),
        (_K.RECORD, r"\b(?:hrn|ptan|pmi|umrn|cmrn|mpi|visit[ ]no\.?|acct|encounter|enc)[ ]*(?:no\.?|number|id|\#|:)*[ ]*(?P<v>(?=(?:[A-Z\-]*\d){5})[A-Z0-9][A-Z0-9\-]{4,20})(?![\w])", _no_quantity),
        (_K.ID, r"\b(?:badge|shield)[ ]*(?:no\.?|number|id|\#|:)*[ ]*(?P<v>[A-Z]{0,3}-?\d{3,8})(?![\w\-])", _no_quantity),
        (_K.ID, r"\b(?:run|case|report|incident|file|job|ticket|claim[ ]file|call|kit|provider|trip|dispatch|event)[ ]*(?:no\.?|number|id|ref\.?|\#|:)+[ \#:]*(?P<v>(?=(?:[A-Z\-]*\d){5})[A-Z0-9][A-Z0-9\-]{4,20})(?![\w])", _no_code),
        (_K.ID, r"\b(?:(?-i:ME|EMS|ED|VA)|coroner|police|fire|court|sheriff|claim)[ ](?:(?:run|case|report|file|claim)[ ]?){1,2}(?:no\.?|number|\#|:)*[ ]*(?P<v>(?=(?:[A-Z\-]*\d){5})[A-Z0-9][A-Z0-9\-]{4,20})(?![\w])", _no_quantity),
        (_K.ID, r"\b(?:access|activation|summary|confirmation|verification|sign-?up|invitation|portal|enrollment|meeting|pairing)[ ]code[ ]*(?:is|:|\#)?[ ]*(?P<v>(?=[A-Z\-]*\d)[A-Z0-9]{2,8}(?:-[A-Z0-9]{2,8}){0,3})(?![\w])", _no_quantity),
        (_K.ID, r"(?-i:\bID)(?:[ ]?(?:no\.?|number|\#))?[ ]*[:\#]*[ ]+(?P<v>(?=(?:[A-Z\-]*\d){4})[A-Z0-9][A-Z0-9\-]{3,20})(?![\w/])", _no_quantity),
        (_K.LICENSE, r"\blic(?:en[cs]e)?\b\.?[ ]*(?:no\.?|number|\#|:)*[ ]*(?P<v>(?:[A-Z]{1,3}[ \-])\d{4,8})(?![\w\-])", _any),
        (_K.PHONE, r"(?<![\w.\-/])\d{3}/\d{3}-\d{4}(?![\w\-])", _any),
        (_K.PHONE, r"(?<![\w\-])011[\- .]\d{1,3}(?:[\- .]\d{2,5}){2,4}(?![\w\-])", _any),
        (_K.PHONE, r"(?<=[a-z\]][ ])p(?P<v>\d{5})(?!\w)", _any),
        (_K.FAX, r"(?<=\d/)(?P<v>(?:1[ ])?\(\d{3}\)[ ]?\d{3}-\d{4})(?![\w\-])", _any),
        (_K.PHONE, r"\bpaged?[ ](?:at|to)[ ](?P<v>\d{4,7})(?![\w\-])", _no_quantity),
        (_K.FAX, r"\[(?:PHONE|FAX)-\d+\][ ]?/[ ]?(?P<v>(?:1[ \-.])?\(?\d{3}\)?[ \-./]?\d{3}[\-. ]\d{4})(?![\w\-])", _any),
        (_K.RECORD, r"\[NAME-\d+\][ ][\[(](?P<v>\d{5,9}|\d{2,3}-\d{2}-\d{2,3})[\])]", _any),
        (_K.ID, r"\bsubject[ ]*(?:no\.?|number|id|\#|:)*[ ]*(?P<v>\d{2,5}-\d{2,6}(?:-\d{1,5})?)(?![\w\-])", _no_quantity),
        (_K.ID, r"\b(?:wrist|id[ ])?band[ ]*(?:no\.?|number|\#|:)+[ ]*(?P<v>[A-Z]{0,2}\d{3,8}(?:-\d{1,3})?)(?![\w\-])", _no_quantity),
        (_K.ID, r"\b(?:query|ref(?:erence)?)[ ]*(?:no\.?|number|\#|:)*[ ]*(?P<v>(?=(?:[A-Z\-]*\d){6})[A-Z0-9][A-Z0-9\-]{5,20})(?![\w])", _no_code),
        (_K.PHONE, rf"\b{_SAID}(?:[ ,\-]+{_SAID}){{6,10}}\b", _any),
        (_K.FAX, rf"\b(?:fax|facsimile|f(?=[ ]?[:\#]))(?:[ ]?(?:number|no\.?|\#|line))?(?:[ ]to)?{_IS}(?P<v>\+?[\d(][\d()\-. ]{{5,18}}\d)(?!\d)", _any),
        (_K.PHONE, r"(?<![\w.\-/])(?:\+?1[ .\-]?)?(?:\([2-9]\d{2}\)[ .\-]?|[2-9]\d{2}[ .\-/])[2-9]\d{2}[ .\-]\d{4}(?:[ ,]*(?:x|ext\.?|extension)[ ]?\d{1,6})?(?![\w\-])", _any),
        (_K.PHONE, r"(?<![\w.\-/])(?:\+?1[ .\-])?(?:\(\d{3}\)[ .\-]?|\d{3}[\-.])\d{3}[.\-]\d{4}(?:[ ,]*(?:x|ext\.?|extension)[ ]?\d{1,6})?(?![\w\-])", _any),
        (_K.PHONE, r"(?<![\w])\+\d{1,3}(?:[ .\-]?\(?\d{1,4}\)?){2,5}(?!\d)", _abroad),
        (_K.PHONE, rf"\b(?:phones?|tel(?:ephone)?|cell(?:ular)?|mobile|pager|beeper|call(?:ed)?(?:[ ](?:back|me|us|her|him|them|patient|office|clinic))?|contact|text|reach(?:ed)?|voicemail|home|work|ph|callback|hotline|dial|phoned|cb)\b\.?(?:[ ](?:number|no\.?|\#))?(?:[ ](?:at|on|to|is))?{_IS}(?P<v>\(?\d{{3}}\)?[ .\-]?\d{{3}}[ .\-]?\d{{4}}|\d{{3}}[ .\-]\d{{4}})(?![\w\-])", _no_quantity),
        (_K.PHONE, r"(?<![\w.\-/$])[2-9]\d{2}-\d{2}(?!00|50)\d{2}(?![\w\-/]|\.\d)", _local),
        (_K.PHONE, r"(?<!\.\d )(?<!\.\d\d )\b(?:pager|beeper|extension|ext)\b\.?[ ]?[:#]?[ ]*(?P<v>\d{3,7})(?![\w\-])", _no_quantity),
        (_K.PHONE, r"(?<!\w)x(?P<v>\d{4,5})(?!\w)", _no_quantity),
        (_K.LICENSE, r"(?<![\w.\-])[12]\d{9}(?![\w\-])", _npi),
        (_K.PLAN, r"(?<!\w)[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d-?[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d-?[AC-HJKMNP-RT-Y]{2}\d{2}(?!\w)", _any),
        (_K.ACCOUNT, r"(?<![\w\-])(?:\d{4}[ \-]){3}\d{4}(?![\w\-])|(?<![\w\-])\d{13,16}(?![\w\-])", _card),
        (_K.ACCOUNT, r"(?<!\w)[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){3,7}(?:[ ]?[A-Z0-9]{1,3})?(?!\w)", _mixed),
        (_K.ACCOUNT, r"\b(?:card|account|acct)\b[ ]?(?:ending[ ](?:in|with)|\*+|x+)[ ]*(?P<v>\d{4})\b", _any),
        (_K.PLAN, _labelled(_PLAN), _no_code),
        (_K.ACCOUNT, _labelled(_ACCOUNT), _no_code),
        (_K.BIOMETRIC, rf"\b(?:finger[ \-]?prints?|retina(?:l)?[ ]scan|iris[ ]scan|voice[ \-]?prints?|palm[ \-]?prints?|face[ \-]?prints?|facial[ ]recognition|biometrics?|faceid|dna[ ]profile|hand[ ]geometry|gait[ ]signature)(?:[ ](?:template|hash|record|reference|file|scan|sample|token|key|enrollment|signature))?{_NO}{_IS}{_VALUE}", _any),
        (_K.PHOTO, rf"\b(?:photo(?:graph)?s?|images?|picture|pic|img|film|x-?ray[ ]film|video|headshot|mugshot|dicom)(?:[ ](?:file|id|reference|ref|no\.?|number|\#|study|series|instance|uid))+{_IS}{_VALUE}", _no_code),
        (_K.ID, r"(?<![\w.])1\.2\.840(?:\.\d+){3,}", _any),
        (_K.ID, r"(?<![\w\-])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![\w\-])", _any),
        (_K.ID, _labelled(_OTHER), _no_code),
        (_K.ID, r"(?<![\w.\-/])(?:S|SP|SU|SS|C|CY|NG|NGC|P|PS|PAP|FN|F|H|HP|B|BX|BM|AU|A|M|MB|CT|MR|US|XR|NM|RAD|PATH|CYT|SURG|ACC|GI|MP)\d{0,2}-?(?:20)?[0-3]\d[\-–:]\d{3,8}(?![\w\-])", _no_code),
        (_K.ID, r"(?<![\w.\-/])(?=[A-Z0-9\-]*[A-Z])[A-Z]{1,5}[\-\#]?\d{6,14}[A-Z]?(?![\w\-]|\.\d)", _mixed),
        (_K.ID, r"(?<![\w.\-/])\d{7,20}(?![\w\-/]|\.\d)", _long_number),
    )  # fmt: skip
    for kind, pattern, check in rows:
        flags = 0 if kind is Identifier.ID and r"[A-Z]{1,5}[\-" in pattern else re.IGNORECASE
        yield Rule(kind, re.compile(pattern, flags), check)


RULES = tuple(_rules())
_LATER = tuple(
    (rank, rule)
    for rank, rule in enumerate(RULES)
    if r"\]" in rule.pattern.pattern and "-\\d" in rule.pattern.pattern
)
_LEGAL = re.compile(
    rf"\d|@|www|://|\.(?:com|org|net|edu|gov|jpe?g|png|tiff?|bmp|heic|gif|dcm|mov|mp4|webp)|\b{_SAID}[ ,\-]+{_SAID}\b",
    re.IGNORECASE,
)


def find_numbers(text: str, *, later: bool = False) -> Iterator[Span]:
    """Numbers and machine addresses of ``text``, possibly overlapping.

    ``later`` runs only the rules that read a placeholder.
    """
    if _LEGAL.search(text) is None:
        return
    for rank, rule in _LATER if later else enumerate(RULES):
        for match in rule.pattern.finditer(text):
            if rule.check(text, match):
                _, start, end = _value(match)
                yield Span(rule.kind, start, end, rank)
