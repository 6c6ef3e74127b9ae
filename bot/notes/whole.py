"""What a note as a whole documents beside its problems: pregnancy, birth, dependence, vaccines.

Weeks of gestation and the outcome of a delivery go with codes of chapter 15 (I.C.15, I.C.21.c.11),
a birth with the newborn's own record (I.C.16.a), dependence on oxygen or dialysis with the disease
that needs it, and Z23 with a vaccine that was given.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bot.notes.combining import Drop
from codesets.quantities import Measure, find_quantities
from retrieval.notes.cues import Status
from retrieval.notes.headings import TELLING, SectionKind
from retrieval.notes.services import ServiceKind
from retrieval.notes.standing import Standing
from retrieval.notes.status import SentenceStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.notes.reading import Note
    from retrieval.notes.services import Service

_DATING = re.compile(
    r"(?<![\d.])(?P<weeks>\d{1,2})\s*(?:w(?:eeks?|ks?)?\s*(?:and\s*)?\d\s*d(?:ays?)?\b|\+\s*\d\b"
    r"|\d/7\b)",
    re.IGNORECASE,
)
_WITH_CHILD = re.compile(
    r"\b(?:gestation\w*|pregnan\w*|EGA|IUP|LMP|G\d+\s*,?\s*P\d|\w*gravida?|trimester|labor|obstetric"
    r"|fetal|prenatal|OB)\b",
    re.IGNORECASE,
)
_OTHER_TIME = re.compile(
    r"\b(?:return|follow[- ]?up|repeat|recheck|next|until|by|prior|previous|last pregnancy|history of|ago"
    r"|postpartum|post[- ]?partum|first pregnancy|previously|was born|born at)\b",
    re.IGNORECASE,
)
_LEAST_WEEKS, _MOST_WEEKS = 4, 42
_TELLING = frozenset(
    {*TELLING, SectionKind.ASSESSMENT, SectionKind.DIAGNOSES, SectionKind.PROBLEMS,
     SectionKind.PLAN, SectionKind.OTHER}
)  # fmt: skip
_ABORTIVE = re.compile(r"O0[0-8]")
_PUERPERAL = re.compile(r"O8[56]|O9[0-2]|O94")
_DELIVERED = re.compile(
    r"\bdeliver(?:ed|y)\b|\bgave birth\b|\bc(?:a?esarean)?[- ]section\b|\bSVD\b|\bNSVD\b", re.I
)
_OUTCOMES: tuple[tuple[str, str], ...] = (
    (r"\btwins?\b.{0,60}\b(?:one|1) (?:live\w*|living)\b.{0,40}\b(?:one|1) still\w*", "Z37.3"),
    (r"\btwins?\b.{0,60}\b(?:live\w*|viable|vigorous)|\blive(?:born)? twins?\b", "Z37.2"),
    (r"\bstillb(?:orn|irth)\b", "Z37.1"),
    (
        r"\b(?:live ?born|live|viable|vigorous|healthy)\b.{0,30}\b(?:infant|male|female|boy|girl|baby"
        r"|newborn|neonate)\b|\blive ?birth\b|\bliveborn\b",
        "Z37.0",
    ),
)
_OUTCOME_RULES = tuple((re.compile(words, re.IGNORECASE), code) for words, code in _OUTCOMES)
_NEWBORN_NOTE = re.compile(
    r"\bnewborn (?:nursery|admission|discharge|h ?& ?p|history and physical|exam(?:ination)?|record"
    r"|progress|summary|note)\b|\b(?:well[- ]baby|newborn) nursery\b|\bday of life\b|\bDOL\b",
    re.IGNORECASE,
)
_BORN = re.compile(
    r"\b(?:born|delivered)\b(?P<how>.{0,60})|\b(?:newborn|neonate|infant)\b.{0,40}\b(?:via|by)\b(?P<way>.{0,40})",
    re.IGNORECASE,
)
_GRAVIDA = re.compile(r"\bG\d+\s*P\d")
_ELSEWHERE = re.compile(
    r"\b(?:outside (?:the )?hospital|(?:at|another|other|outside) (?:home|hospital|facility)|at home|in the ambulance"
    r"|en route|transferred (?:from|in))\b",
    re.IGNORECASE,
)
_BY_SECTION = re.compile(r"\bc(?:a?esarean)?[- ]section\b|\bcesarean\b|\bc/s\b", re.IGNORECASE)
_VAGINALLY = re.compile(
    r"\bvaginal(?:ly)?\b|\bN?SVD\b|\bvacuum\b|\bforceps\b|\bVBAC\b", re.IGNORECASE
)
_OXYGEN = re.compile(
    r"\bhome (?:oxygen|o2)\b|\b(?:on|uses?|requires?|continue[sd]?)\b.{0,20}\b\d(?:\.\d)? ?(?:l|lpm|liters?)\b"
    r"(?:/min)?.{0,25}(?:home|chronic\w*|continuous\w*|baseline|at all times|at night|nocturnal\w*)"
    r"|\boxygen[- ]dependent\b|\bchronic (?:home )?oxygen\b|\b(?:supplemental )?oxygen dependence\b",
    re.IGNORECASE,
)
_NEEDS_OXYGEN = re.compile(r"J96\.1|J96\.2|J4[34]|J84|E84|I27|J47|J61|J70\.1|E66\.2")
_ON_DIALYSIS = re.compile(
    r"\bon (?:\w+ )?(?:hemo|peritoneal )?dialysis\b|\b(?:hemo|peritoneal )dialysis (?:on )?"
    r"(?:MWF|TTS|TThS|monday|tuesday|three times|3x)|\bESRD on (?:HD|PD|hemodialysis|dialysis)\b"
    r"|\bon (?:HD|PD)\b|\bdialysis[- ]dependent\b|\bcontinue (?:hemo|peritoneal )?dialysis\b",
    re.IGNORECASE,
)
_NEEDS_DIALYSIS = re.compile(r"N18\.6|I12\.0|I13\.[12]1?")


_AFTERCARE = re.compile(
    r"\b(?:post[- ]?op(?:erative)?|surgical|routine) aftercare\b|\baftercare (?:following|after|of)\b",
    re.IGNORECASE,
)
_AFTERCARE_TOLD = frozenset(
    {SectionKind.COMPLAINT, SectionKind.ASSESSMENT, SectionKind.DIAGNOSES, SectionKind.OPENING}
)
_AFTER: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(words, re.IGNORECASE), code)
    for words, code in (
        (
            r"\b(?:total |partial |reverse )*(?:knee|hip|shoulder|ankle|elbow) (?:replacement|arthroplasty)\b|\bT[KH]A\b",
            "Z47.1",
        ),
        (
            r"\b(?:cholecystectomy|appendectomy|colectomy|hernia repair|herniorrhaphy|gastrectomy|bowel resection|hemorrhoidectomy|gastric (?:bypass|sleeve))\b",
            "Z48.815",
        ),
        (
            r"\b(?:CABG|coronary artery bypass|valve replacement|endarterectomy|aneurysm repair)\b",
            "Z48.812",
        ),
        (
            r"\b(?:hysterectomy|prostatectomy|nephrectomy|cystectomy|oophorectomy|TURP|orchiectomy)\b",
            "Z48.816",
        ),
        (r"\b(?:cataract (?:surgery|extraction)|vitrectomy|tympanoplasty)\b", "Z48.810"),
        (r"\b(?:craniotomy|laminectomy|discectomy)\b", "Z48.811"),
        (r"\b(?:lobectomy|pneumonectomy|thoracotomy)\b", "Z48.813"),
    )
)


class Documented(NamedTuple):
    """A code that words of the note document, where, and by which rule."""

    code: str
    start: int
    end: int
    reason: str


def weeks_of(note: Note) -> tuple[int, int, int] | None:
    """The completed weeks of gestation at this encounter, and where the note says them."""
    for sentence, section in note.places:
        text = sentence.text
        if section.kind not in _TELLING or not _WITH_CHILD.search(text):
            continue
        found = [(int(m["weeks"]), m.start(), m.end()) for m in _DATING.finditer(text)]
        found += [
            (int(q.value), q.start, q.end)
            for q in find_quantities(text)
            if q.measure is Measure.WEEKS
        ]
        for weeks, start, end in found:
            other = _OTHER_TIME.search(text, max(0, start - 40), start)
            if _LEAST_WEEKS <= weeks <= _MOST_WEEKS and not other:
                return weeks, sentence.start + start, sentence.start + end
    return None


def documented(
    note: Note, codes: Sequence[str], services: Sequence[Service], *, stay: bool
) -> Iterator[Documented]:
    """Codes to add for what the note as a whole documents; ``stay`` is an inpatient's."""
    yield from _of_pregnancy(note, codes, stay=stay)
    yield from _of_dependence(note, codes)
    yield from _of_stroke(note, codes)
    yield from _of_aftercare(note, codes)
    for service in services:
        if service.kind is ServiceKind.VACCINE and service.standing is Standing.DONE:
            yield Documented("Z23", service.start, service.end, "A vaccine was given (I.C.21.c.2).")
            return


def newborn(note: Note, *, stay: bool) -> Documented | None:
    """The code of the birth for a newborn's own record of the birth, which leads (I.C.16.a.2)."""
    if not stay and not _NEWBORN_NOTE.search(note.text):
        return None
    if not re.search(r"\b(?:newborn|neonat\w+|infant)\b", note.text, re.IGNORECASE):
        return None
    for sentence, section in note.places:
        match = _BORN.search(sentence.text)
        if (
            match is None
            or section.kind not in _TELLING
            or re.search(r"\bG\d+\s*P\d", sentence.text[: match.start()])
        ):
            continue
        said = f"{match['how'] or ''} {match['way'] or ''}"
        if _ELSEWHERE.search(sentence.text):
            return None
        by_section = bool(_BY_SECTION.search(said))
        if not by_section and not _VAGINALLY.search(said):
            continue
        twin = bool(re.search(r"\btwin\b", sentence.text, re.IGNORECASE))
        code = f"Z38.{3 if twin else 0}{1 if by_section else 0}"
        start = sentence.start + match.start()
        reason = "The newborn's record of the birth is led by Z38 (I.C.16.a.2)."
        return Documented(code, start, sentence.start + match.end(), reason)
    return None


def undone(codes: Sequence[str]) -> list[Drop]:
    """Codes that others of the note rule out."""
    system = next((c for c in codes if re.match(r"Z47\.1|Z48\.81", c)), "")
    if "Z48.89" in codes and system:
        return [Drop("Z48.89", f"{system} says which aftercare it is.")]
    chapter = [c for c in codes if c[0] == "O" and c != "O80" and not _ABORTIVE.match(c)]
    if "O80" in codes and chapter:
        reason = (
            f"O80 is never used with another code of chapter 15, here {chapter[0]} (I.C.15.n.1)."
        )
        return [Drop("O80", reason)]
    return []


def _of_pregnancy(note: Note, codes: Sequence[str], *, stay: bool) -> Iterator[Documented]:
    chapter = [c for c in codes if c[0] == "O" and not _ABORTIVE.match(c)]
    if not chapter:
        return
    if not all(map(_PUERPERAL.match, chapter)) and not any(c.startswith("Z3A") for c in codes):
        found = weeks_of(note)
        if found is not None:
            weeks, start, end = found
            code = "Z3A.01" if weeks < 8 else f"Z3A.{weeks:02d}"
            yield Documented(
                code, start, end, "The weeks of gestation are documented (I.C.21.c.11)."
            )
    if not stay or any(c.startswith("Z37") for c in codes):
        return
    for sentence, section in note.places:
        if section.kind not in _TELLING or not _DELIVERED.search(sentence.text):
            continue
        for pattern, code in _OUTCOME_RULES:
            match = pattern.search(sentence.text)
            if match is not None and not _OTHER_TIME.search(sentence.text[: match.start()]):
                start, end = sentence.start + match.start(), sentence.start + match.end()
                reason = "The mother's record of a delivery has its outcome (I.C.15.b.5)."
                yield Documented(code, start, end, reason)
                return


def _of_stroke(note: Note, codes: Sequence[str]) -> Iterator[Documented]:
    """The NIH stroke scale beside an acute stroke, the first that the note gives (I.C.18.i)."""
    if not any(code.startswith("I63") for code in codes):
        return
    for sentence, section in note.places:
        if section.kind in (SectionKind.PAST, SectionKind.FAMILY):
            continue
        for found in find_quantities(sentence.text):
            if found.measure is Measure.NIHSS and 0 <= found.value <= 42:
                start = sentence.start + found.start
                code = f"R29.7{int(found.value):02d}"
                reason = "The NIHSS score goes beside the stroke's code (I.C.18.i)."
                yield Documented(code, start, sentence.start + found.end, reason)
                return


def _of_aftercare(note: Note, codes: Sequence[str]) -> Iterator[Documented]:
    """Surgical aftercare by body system, at a visit that is called so (I.C.21.c.7)."""
    if any(c.startswith(("Z47", "Z48", "Z51")) and c != "Z48.89" for c in codes):
        return
    for sentence, section in note.places:
        match = _AFTERCARE.search(sentence.text)
        if match is None or section.kind not in _AFTERCARE_TOLD:
            continue
        operation = next(
            (code for pattern, code in _AFTER if pattern.search(sentence.text)), None
        ) or next((code for pattern, code in _AFTER if pattern.search(note.text)), None)
        if operation is not None:
            start, end = sentence.start + match.start(), sentence.start + match.end()
            yield Documented(
                operation, start, end, "The visit is aftercare of an operation (I.C.21.c.7)."
            )
        return


def _of_dependence(note: Note, codes: Sequence[str]) -> Iterator[Documented]:
    """Dependence on oxygen or dialysis, where a disease that needs it is coded."""
    for code, pattern, needed, why in (
        ("Z99.81", _OXYGEN, _NEEDS_OXYGEN, "Dependence on oxygen is documented."),
        ("Z99.2", _ON_DIALYSIS, _NEEDS_DIALYSIS, "The note at N18.6 asks for dialysis status."),
    ):
        if code in codes or not any(map(needed.match, codes)):
            continue
        for sentence, section in note.places:
            match = pattern.search(sentence.text)
            if match is None or section.kind is SectionKind.FAMILY:
                continue
            judged = SentenceStatus(sentence.text, section.kind).of(match.start(), match.end())
            if judged.status is Status.ASSERTED:
                start, end = sentence.start + match.start(), sentence.start + match.end()
                yield Documented(code, start, end, why)
                break
