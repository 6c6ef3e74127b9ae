"""Identifiers in machine formats: HL7 v2, X12, XML and FHIR, CSV, keys with values.

In such text the place of a value says what it is, whatever it looks like: field 5 of PID is the
patient, element 3 of NM1 a surname, ``<city>`` a town, ``user=`` somebody's name at a computer.
HL7 Messaging Standard 2.5.1, chapters 3 and 6; ASC X12N 005010X222.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.phi.lexicon import lexicon
from bot.phi.name_words import LETTER, fold
from bot.phi.records import Identifier, Span
from bot.phi.strangers import kind

if TYPE_CHECKING:
    from collections.abc import Iterator

_RANK = 40
_K = Identifier
_SEGMENT = re.compile(
    r"(?m)^[ \t]*(?P<s>MSH|EVN|PID|PD1|NK1|PV1|PV2|GT1|IN1|IN2|ORC|OBR|MRG|ROL|TXA|SCH|AIP|ACC|ZPD|CON)\|(?P<f>[^\n]*)"
)
# Fields that identify, by segment: kind and field numbers, as the standard counts them.
_FIELDS: dict[str, tuple[tuple[Identifier, frozenset[int]], ...]] = {
    "MSH": ((_K.PLACE, frozenset({4, 6})), (_K.ID, frozenset({10})), (_K.DATE, frozenset({7}))),
    "EVN": ((_K.DATE, frozenset({2, 6})), (_K.NAME, frozenset({5})), (_K.PLACE, frozenset({7}))),
    "PID": (
        (_K.RECORD, frozenset({2, 3, 4})), (_K.NAME, frozenset({5, 6, 9})), (_K.DATE, frozenset({7, 29})),
        (_K.PLACE, frozenset({11, 12, 23})), (_K.PHONE, frozenset({13, 14})), (_K.ACCOUNT, frozenset({18})),
        (_K.SSN, frozenset({19})), (_K.LICENSE, frozenset({20})), (_K.RECORD, frozenset({21})),
    ),
    "PD1": ((_K.PLACE, frozenset({3})), (_K.NAME, frozenset({4}))),
    "NK1": ((_K.NAME, frozenset({2, 30})), (_K.PLACE, frozenset({4})), (_K.PHONE, frozenset({5, 6})), (_K.RECORD, frozenset({12, 33}))),
    "PV1": ((_K.NAME, frozenset({7, 8, 9, 17, 52})), (_K.RECORD, frozenset({19, 50})), (_K.DATE, frozenset({44, 45}))),
    "GT1": ((_K.RECORD, frozenset({2})), (_K.NAME, frozenset({3, 4, 16})), (_K.PLACE, frozenset({5, 17})), (_K.PHONE, frozenset({6, 7, 18})), (_K.DATE, frozenset({8})), (_K.SSN, frozenset({12}))),
    "IN1": ((_K.PLAN, frozenset({8, 36, 49})), (_K.NAME, frozenset({11, 16})), (_K.DATE, frozenset({12, 13, 18})), (_K.PLACE, frozenset({19})), (_K.PHONE, frozenset({7}))),
    "IN2": ((_K.RECORD, frozenset({1})), (_K.SSN, frozenset({2})), (_K.NAME, frozenset({3})), (_K.PLAN, frozenset({6, 8, 61}))),
    "ORC": ((_K.ID, frozenset({2, 3, 4})), (_K.NAME, frozenset({10, 11, 12})), (_K.DATE, frozenset({9, 15})), (_K.PLACE, frozenset({21, 22}))),
    "OBR": ((_K.ID, frozenset({2, 3})), (_K.DATE, frozenset({7, 8, 14, 22})), (_K.NAME, frozenset({10, 16, 28, 32, 33, 34}))),
    "MRG": ((_K.RECORD, frozenset({1, 4})), (_K.NAME, frozenset({7}))),
    "ROL": ((_K.NAME, frozenset({4})),),
    "TXA": ((_K.NAME, frozenset({5, 9, 10, 11})), (_K.ID, frozenset({12})), (_K.DATE, frozenset({4, 6, 7}))),
    "AIP": ((_K.NAME, frozenset({3})),),
}  # fmt: skip
_PIECE = re.compile(r"[^|^~&\n\r]+")
_CODED = re.compile(
    r"[A-Z]{1,3}|USA?|Home|Spouse|Self|Child|Parent|Mother|Father|Brother|Sister|SELF|MD|DO|RN|NP|PA|Mr|Mrs|Ms|Dr|Jr|Sr|I{2,3}|\d{1,3}|PRN|ORN|CP|Internet|(?:MR|SS|PI|NPI|DL|VN|AN|SSA|ISO|UPIN)"
)
_CARET = re.compile(
    rf"(?<![\w^])(?P<l>{LETTER}(?:{LETTER}|['’\- ](?={LETTER}))+)\^(?P<f>{LETTER}(?:{LETTER}|['’\-](?={LETTER}))*)(?P<m>\^{LETTER}+\.?)?(?=[\^|~\s]|\Z)"
)
# X12: segment, then the elements that identify.
_X12 = re.compile(
    r"(?:^|(?<=~)|(?<=\n))[ \t\n]*(?P<s>NM1|N3|N4|DMG|REF|PER|CLM|SBR|N1|ISA|GS|DTP|BHT|TRN|PAT|HI|SVD)\*(?P<f>[^~\n]*)"
)
_ELEMENTS: dict[str, tuple[tuple[int, Identifier], ...]] = {
    "NM1": ((3, _K.NAME), (4, _K.NAME), (5, _K.NAME), (9, _K.PLAN)),
    "N1": ((2, _K.NAME), (4, _K.PLAN)),
    "N3": ((1, _K.PLACE), (2, _K.PLACE)),
    "N4": ((1, _K.PLACE), (3, _K.PLACE)),
    "DMG": ((2, _K.DATE),),
    "REF": ((2, _K.ID),),
    "PER": ((2, _K.NAME), (4, _K.PHONE), (6, _K.PHONE), (8, _K.PHONE)),
    "CLM": ((1, _K.ACCOUNT),),
    "SBR": ((3, _K.PLAN),),
    "DTP": ((3, _K.DATE),),
    "BHT": ((3, _K.ID), (4, _K.DATE)),
    "TRN": ((2, _K.ID), (3, _K.ID)),
    "ISA": ((6, _K.ID), (8, _K.ID), (13, _K.ID)),
    "GS": ((2, _K.ID), (3, _K.ID)),
}  # fmt: skip
_TAG = re.compile(
    r"<(?:\w+:)?(?P<t>given|family|firstName|lastName|middleName|first|last|middle|fullName|patientName|name|streetAddressLine|street|line|address\d?|addressLine\d?|city|county|postalCode|zip|zipCode|birthDate|birthTime|dob|phone|telephone|email|ssn|mrn|user|author|assignedPerson|guardian|provider|signature|employer)(?:[ ][^<>]*)?>(?P<v>[^<>\n]{1,80})</",
    re.IGNORECASE,
)
_TAG_KINDS = (
    (re.compile(r"(?i)street|line|address|city|county|postal|zip"), _K.PLACE),
    (re.compile(r"(?i)birth|dob"), _K.DATE),
    (re.compile(r"(?i)phone"), _K.PHONE),
    (re.compile(r"(?i)email"), _K.EMAIL),
    (re.compile(r"(?i)ssn"), _K.SSN),
    (re.compile(r"(?i)mrn"), _K.RECORD),
)
# A key with its value: JSON, YAML, key=value, "Field: value" of a form.
_PLACE_KEY = r"(?:street|address|addr|addressline|address_line|city|town|county|zip|zip_?code|postal_?code|home_?address|residence|birth_?place|hometown|mailing|location_?address|city[/ ]st(?:ate)?(?:[/ ]zip)?)"
_NAME_KEY = r"(?:(?:\w*[_.\-])?(?:name|given|family|first|last|middle|surname|nickname|maiden|alias|patient|pt|guardian|mother|father|parent|spouse|partner|contact|provider|physician|attending|surgeon|author|performer|recorder|reviewer|requester|ordering|referring|nurse|operator|owner|assignee|witness|interpreter|caller|client|subscriber|insured|guarantor|employer|school|signed|signature|prescriber)(?:_?(?:name|first|last|maiden))?|[a-z]*(?:First|Last|Middle|Full|Given|Family|Maiden|Patient|Provider|Display)[Nn]ame)"
_USER_KEY = r"(?:user(?:_?(?:name|id))?|login|uid|by|performed_by|created_by|updated_by|modified_by|signed_by|entered_by|author|actor|session(?:_?id)?|token|account|acct|owner|assignee|sub|principal|device_?id|host(?:name)?|workstation|message_?id|request_?id|correlation_?id|trace_?id|guid|uuid|key|\w+_id|id)"
_PAIRS: tuple[tuple[Identifier, re.Pattern[str]], ...] = (
    (_K.PLACE, re.compile(rf"(?<![\w])[\"']?{_PLACE_KEY}[\"']?[ ]?[:=][ ]?\[?[ ]?(?:\"(?P<v>[^\"\n]{{2,60}})\"|(?P<w>[^\n\"',;|{{}}\[\]]{{2,48}}?)(?=[ ]{{2,}}|[,;|}}\n]|\Z))", re.IGNORECASE)),
    (_K.PLACE, re.compile(r"\"line\d?\"[ ]?:[ ]?\[?[ ]?\"(?P<v>[^\"\n]{2,60})\"")),
    (_K.NAME, re.compile(rf"(?<![\w])[\"']?(?:{_NAME_KEY})[\"']?[ ]?(?:=[ ]?|:[ ]?\[?[ ]?(?=[\"']))(?:\"(?P<v>[^\"\n]{{2,48}})\"|'(?P<x>[^'\n]{{2,48}})'|(?P<w>[A-ZÀ-Þ][\w'’\-]*(?:[ ][A-Z][\w'’\-.]*){{0,3}}))")),
    (_K.ID, re.compile(rf"(?<![\w.])[\"']?{_USER_KEY}[\"']?(?:=|:[ ]?(?=[\"'])|:[ ](?=[\w\-]*\d[\w\-]*(?:\n|\Z)))[\"']?(?P<v>[A-Za-z0-9][\w\-.@:]{{3,63}})")),
)  # fmt: skip
_SAID = re.compile(
    r"(?i)true|false|null|none|yes|no|unknown|n/?a|self|same|male|female|m|f|u|unspecified|other|active|final|home|work|usual|official|mobile|phone|patient|provider|refused|declined|pending|withheld|not provided|obs-\w+|lab|vital-signs|system|admin|auto"
)
_QUOTED = re.compile(
    rf"(?<![\w])[\"“](?P<v>(?P<l>(?:(?:de|van|von|la|del|der|De|La|Van|Von|Del|St\.)[ ]){{0,2}}{LETTER}[\w'’\-]+(?:[ ]{LETTER}[\w'’\-]+)?),[ ]?(?P<f>{LETTER}[\w'’\-]*)(?:[ ][A-Z]\b\.?)?)[\"”]"
)
_CELLED = re.compile(
    r"(?:(?<=\|)|(?<=\t)|(?<=\|[ ])|(?<=[ ]{2})|(?<=,)|(?<=Patient[ ])|(?<=Phys[ ])|(?<=Pt[ ]))(?P<v>(?P<l>(?:(?:[Dd]e|[Vv]an|[Vv]on|[Ll]a|[Dd]el|[Dd]er|DE|LA|VAN|St\.)[ ]){0,2}[A-ZÀ-Þ][\w'’\-]+),[ ]?(?P<f>[A-ZÀ-Þ][\w'’\-]*)(?:[ ][A-Z]\b\.?)?)(?=[ ]*(?:[|\t\n]|[ ]{2}|\Z|[ ]\d))"
)
_LEGEND = re.compile(r"(?<![\w])(?P<v>[A-Z]{2,3})[ ]?=[ ]?(?=\[NAME-\d+\])")


def find_interchange(text: str, *, later: bool = False) -> Iterator[Span]:
    """Identifiers of ``text`` by their place in a machine format; ``later`` what a legend tells."""
    for match in _LEGEND.finditer(text):
        yield Span(_K.NAME, *match.span("v"), _RANK + 7)
    if later:
        return
    if "|" in text:
        for match in _SEGMENT.finditer(text):
            yield from _hl7(match)
    if "^" in text:
        for match in _CARET.finditer(text):
            kinds = [_one(match["l"]), _one(match["f"])]
            if (
                "name" in kinds
                or kinds == ["both", "both"]
                or (kinds[0] == "strange" and kinds[1] == "both")
            ):
                yield Span(_K.NAME, *match.span(), _RANK + 2)
    if "*" in text:
        for match in _X12.finditer(text):
            yield from _x12(match)
    if "</" in text:
        for match in _TAG.finditer(text):
            kind_ = next((k for pattern, k in _TAG_KINDS if pattern.search(match["t"])), _K.NAME)
            if _identifies(match["v"], kind_):
                yield Span(kind_, *match.span("v"), _RANK + 2)
    for kind_, pattern in _PAIRS:
        for match in pattern.finditer(text):
            start, end = match.span(match.lastgroup or "v")
            if _identifies(text[start:end], kind_):
                yield Span(kind_, start, end, _RANK + 5)
    for pattern in (_QUOTED, _CELLED):
        for match in pattern.finditer(text):
            kinds = [_one(match["l"].split()[-1]), _one(match["f"])]
            if (
                set(kinds) <= {"name", "both", "strange", "short", "town", "eponym"}
                and "name" in kinds
            ) or (pattern is _CELLED and kinds[0] == "name" and kinds[1] != "label"):
                yield Span(_K.NAME, *match.span("v"), _RANK + 6)
            elif kinds[0] in ("both", "eponym", "strange") and fold(match["f"]) in lexicon().first:
                if fold(match["l"].split()[-1]) in lexicon().last:
                    yield Span(_K.NAME, *match.span("v"), _RANK + 6)


def _one(words: str) -> str:
    return kind(fold(words.split()[-1])) if words.strip() else "short"


def _hl7(match: re.Match[str]) -> Iterator[Span]:
    """The identifying fields of one segment."""
    wanted = _FIELDS.get(match["s"], ())
    start = match.start("f")
    first = 2 if match["s"] == "MSH" else 1  # MSH-1 is the separator itself
    for number, field in enumerate(match["f"].split("|"), start=first):
        for kind_, numbers in wanted:
            if number in numbers:
                for piece in _PIECE.finditer(field):
                    said = piece.group().strip()
                    if (
                        (kind_ is _K.PLACE and match["s"] == "MSH")
                        or (said and not _CODED.fullmatch(said))
                        or (kind_ is _K.NAME and _named(said))
                    ):
                        yield Span(kind_, start + piece.start(), start + piece.end(), _RANK)
                    elif (
                        match["s"] == "PID"
                        and number == 3
                        and said not in ("MR", "SS", "SSA", "PI", "AN")
                    ):
                        yield Span(_K.PLACE, start + piece.start(), start + piece.end(), _RANK)
        start += len(field) + 1


def _named(said: str) -> bool:
    return len(said) > 2 and kind(fold(said)) in ("name", "both")


def _x12(match: re.Match[str]) -> Iterator[Span]:
    """The identifying elements of one segment."""
    wanted = dict(_ELEMENTS.get(match["s"], ()))
    start = match.start("f")
    for number, element in enumerate(match["f"].split("*"), start=1):
        kind_ = wanted.get(number)
        if kind_ is not None and len(element.strip()) > 1:
            yield Span(kind_, start, start + len(element.rstrip()), _RANK)
        start += len(element) + 1


def _identifies(value: str, kind_: Identifier) -> bool:
    """Whether a value behind such a key is one, and no word that says there is none."""
    said = value.strip()
    if len(said) < 2 or _SAID.fullmatch(said) or said.startswith(("[", "{", "$")):
        return False
    words = lexicon()
    if kind_ is _K.PLACE:
        return (
            said.casefold() not in words.regions
            and not re.fullmatch(r"[A-Z]{2}", said)
            and any(c.isdigit() or c.isupper() for c in said)
        )
    if kind_ is _K.NAME:
        parts = re.findall(rf"{LETTER}+(?:['’\-]{LETTER}+)*", said)
        return bool(parts) and not all(
            kind(fold(part)) in ("plain", "label", "eponym") for part in parts if len(part) > 1
        )
    if kind_ is _K.ID:
        return any(c.isdigit() for c in said) or (
            said.islower()
            and said.isalpha()
            and kind(said) not in ("plain", "label", "both", "eponym")
        )
    return True
