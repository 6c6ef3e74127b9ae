"""What a chapter asks of the words: codes whose condition the question does not mention step back.

Nobody means a postprocedural, obstetric, neonatal or external-cause code who says nothing of the
kind, although its title may share every other word. A rule names the codes, the words that call for
them, and by how much a candidate without such words is lowered. The words are the chapters' and
sections' own (Official Guidelines I.C.2, 9.d, 15, 16, 18 to 21; I.A.13; I.B.10).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

MOST = 0.3
"""However many rules apply, a candidate is lowered by no more than this."""


@dataclass(frozen=True, slots=True)
class Convention:
    """One rule. ``codes`` and ``titles`` say whom it concerns: either is enough, empty is nobody.

    ``called`` are the words of a question that call for such codes; ``only_if``, where given, are
    words without which the rule does not apply. All are regular expressions, case ignored. A
    passage that says the question's very words is spared, unless the rule holds ``always``.
    """

    name: str
    called: str
    codes: str = ""
    titles: str = ""
    only_if: str = ""
    always: bool = False
    weight: float = 0.15

    def concerns(self, code: str, title: str) -> bool:
        """Whether a code falls under the rule."""
        return bool(
            (self.codes and _compiled(self.codes).match(code))
            or (self.titles and _compiled(self.titles).search(title))
        )

    def is_silent(self, question: str) -> bool:
        """Whether the question says nothing that calls for such codes."""
        if self.only_if and not _compiled(self.only_if).search(question):
            return False
        return not _compiled(self.called).search(question)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_SURGERY = (
    r"post-?\s?(?:op|proc|surg)|complic|following|after|graft|device|implant|prosthe|catheter"
    r"|transplant|transfus|infus|s/p|status post|surg|procedur|iatrogen|intra-?op"
)
_MALIGNANT = r"cancer|carcinoma|malignan|\bca\b|sarcoma"

CONVENTIONS = (
    Convention(
        "pregnancy, childbirth and the puerperium",
        r"pregnan|gravid|gestation|obstet|deliver|labou?r\b|puerper|(?:post|ante|peri)-?partum"
        r"|maternal|trimester|abortion|miscarr|ectopic|eclamp|placent|hydatid|molar|f(?:o)?etal"
        r"|f(?:o)?etus|breech|lactation|breast-?feed|ca?esarean|childbirth|amnio|umbilical|ovum"
        r"|hellp|hyperemesis|previa",
        codes="O",
    ),
    Convention(
        "conditions originating in the perinatal period",
        r"newborn|neonat|perinatal|birth|infant|preterm|prematur|f(?:o)?etal|f(?:o)?etus|congenital"
        r"|baby|still-?born|maternal|meconium|obstet",
        codes="P",
    ),
    Convention(
        "external causes",
        r"accident|collision|\bfall|\bfell\b|struck|hit by|bit(?:e|ten)|assault|crash|pedestrian"
        r"|driver|passenger|vehicle|firearm|\bgun|exposure|\bwar\b|terror|legal|drown|activity"
        r"|place of|playing|while|\bmv[ac]\b|bicycl|motorcycl|attack|suicid|self-harm|sting"
        r"|contact",
        codes="[VWXY]",
    ),
    Convention(
        "injury and poisoning",
        r"injur|trauma|fractur|\bfx|sprain|strain|dislocat|lacerat|wound|burn|contus|abrasion"
        r"|amputat|crush|ruptur|tear|torn|avuls|bite|sting|poison|overdos|toxic|adverse|underdos"
        r"|foreign|puncture|ha?ematoma|concuss|frostbite|heat|drown|abuse|neglect|assault|venom"
        r"|corrosion|asphyx|intoxic|stab|shot|blast|sublux|anaphyl|allerg|shock|hypothermia"
        r"|ha?emorrhage|accident|compartment|embol|syndrome|sickness|effect|swallow|ingest|blister"
        r"|maltreat|whiplash|perforat|transect|exposure",
        codes="S|T[0-7]",
    ),
    Convention(
        "complications of care",
        rf"{_SURGERY}|leak|stent|pacemaker|reject|anastomo|dumping|dialysis|shunt|\bline\b|\bport\b"
        r"|malfunct|hernia|lymphedema",
        codes="T8[0-8]|I97|J95|K91|N99|H59|H95|E89|G97|L76|M96|D78",
    ),
    Convention(
        "conditions after a procedure",
        rf"{_SURGERY}|deliver|obstet",
        titles=r"postprocedural|intraoperative|complicating (?:a )?procedure"
        r"|following (?:a )?(?:procedure|delivery)|due to .*(?:device|prosthe)",
        weight=0.09,
    ),
    Convention(
        "personal and family history",
        r"histor|h/o|\bhx|personal|family|prior|previous|past|former|status post|s/p|allerg"
        r"|non-?complian",
        codes="Z8|Z9[12]",
    ),
    Convention(
        "encounters and status",
        r"encounter|screen|exam|exposure|immuni|vaccin|aftercare|follow|check|visit|donor|counsel"
        r"|test|contact|surveill|contracep|manage|fitting|adjust|attention|dialysis|chemo|radio"
        r"|removal|monitor|status|presence|absence|dependence|transplant|carrier|resist|\bbmi\b"
        r"|body mass|long[- ]term|current use|s/p|homeless|employ|stress|problem|liv(?:e|ing)"
        r"|care\b|prophyl|pregnan|implant|ostomy|need|advice|supervis|risk|device|amputat|palliat"
        r"|\bdnr\b|resuscit|newborn|liveborn|ventilator|oxygen|wheelchair|insulin|anticoag",
        codes="Z[0-7]|Z9[03-9]",
    ),
    Convention(
        "fractures are traumatic unless called otherwise, as in the Alphabetic Index",
        r"patholog|stress|fatigue|osteopor|insufficiency|spontaneous|fragility|neoplas|metasta"
        r"|tumou?r|cancer|atypical|periprosthetic|collapse",
        titles=r"(?:pathological|stress|fatigue|atypical femoral|periprosthetic) fracture"
        r"|current pathological fracture",
        weight=0.12,
    ),
    Convention(
        "sequelae",
        r"sequel|late effect|following|\bold\b|residual|after|post|history",
        titles="sequela",
        weight=0.12,
    ),
    Convention(
        "manifestations, which are never coded first (I.A.13)",
        "classified elsewhere",
        titles=r"in (?:other )?(?:\w+ ){0,3}diseases classified elsewhere",
        always=True,
        weight=0.075,
    ),
    Convention(
        "in situ neoplasms",
        r"in[- ]situ|stage 0|\bdcis|\blcis|bowen|non-?invasive|intraepithelial|\bcin\b|\bvin\b"
        r"|erythroplasia|queyrat|melanosis|lentigo",
        codes="D0",
        weight=0.18,
    ),
    Convention(
        "secondary neoplasms",
        r"metast|\bmets?\b|secondary|spread|carcinomatosis",
        codes="C7[789]|C7B",
        weight=0.18,
    ),
    Convention(
        "neuroendocrine tumors",
        r"carcinoid|neuroendocrine|\bnet\b",
        codes="C7A|D3A",
        weight=0.18,
    ),
    Convention(
        "a malignancy is no other condition",
        r"histor|h/o|\bhx|family|screen|risk|due to|complic|associated|related",
        codes="[ABE-Z]|D[5-8]",
        only_if=_MALIGNANT,
    ),
    Convention(
        "a malignancy is not benign or uncertain",
        r"benign|adenoma|lipoma|uncertain|polyp|nevus|behavio|myoma|hemangioma|fibroma|papilloma",
        codes="D[1-4]",
        only_if=_MALIGNANT,
        weight=0.18,
    ),
)


class Reading:
    """The rules as one question leaves them; made once a question, asked once a candidate."""

    def __init__(self, question: str) -> None:
        self.silent = tuple(rule for rule in CONVENTIONS if rule.is_silent(question))

    def lowers(self, code: str, title: str, overlap: float = 0.0) -> tuple[float, tuple[str, ...]]:
        """By how much a candidate is lowered (0 to MOST), and the names of the rules that do.

        ``overlap`` is how far the passage says the question's very words, 0 to 1.
        """
        rules = [rule for rule in self.silent if rule.concerns(code, title)]
        total = sum(rule.weight * (1.0 if rule.always else 1.0 - overlap) for rule in rules)
        return min(total, MOST), tuple(rule.name for rule in rules)
