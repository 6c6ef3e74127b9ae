"""A note becomes a case: the conditions this encounter dealt with, and what is left out and why.

The problems of the assessment come first, then conditions its text assesses; a note without an
assessment is read whole; one without a diagnosis is coded by its reason for the visit. What is
found is combined, integral symptoms and repetitions go, external causes and status codes join.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot import messages
from bot.answer import Setting
from bot.coding import Built, gap_of
from bot.drafting.case import Case, Option
from bot.notes import combining, history
from bot.notes.causes import external_causes
from bot.notes.choosing import LEAST, Chooser
from bot.notes.circumstances import long_term_drugs, reads_inpatient, social_determinants
from bot.notes.phrases import phrases_of
from bot.notes.records import Coded, Ground, Link, Phrase
from bot.notes.rejecting import rejected_mentions
from codesets.models import NoteKind
from codesets.pairing import companions
from retrieval.notes.cues import Status
from retrieval.notes.headings import SectionKind
from retrieval.notes.reading import reader_of
from retrieval.notes.tables import row_status
from retrieval.passages import note_passage, title_passage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.answer import Question
    from bot.notes.records import Chosen
    from codesets.library import Library
    from retrieval.notes.problems import Problem
    from retrieval.notes.reading import Mention, Note
    from retrieval.notes.sentences import Sentence
    from retrieval.passages import Passage
    from retrieval.search import Candidate, Searcher

MOST_CODED = 25
MOST_SEARCHED = 60
_TITLED = frozenset({SectionKind.ASSESSMENT, SectionKind.DIAGNOSES})
_TELLING = frozenset(
    {SectionKind.PRESENT, SectionKind.COMPLAINT, SectionKind.OPENING, SectionKind.COURSE}
)
_LATER = re.compile(
    r"\b(?:follow[- ]?up|post[- ]?op(?:erative)?|status post|s/p|recheck|re-?evaluat\w+|healing|weeks? (?:out|after|since|ago) (?:from )?(?:surgery|the injury|injury|orif|fracture)"
    r"|cast (?:removal|removed)|returns? (?:today )?for|continued care)\b",
    re.IGNORECASE,
)
_NO_PROBLEM = re.compile(
    r"^\W*(?:preventative|preventive|health maintenance|healthcare maintenance|immuni[sz]ations?|vaccin\w+|disposition|medication (?:refill|management|review)"
    r"|lab (?:review|work)|follow[- ]?up|return|diet|exercise|counsel\w*|advance care|code status|dvt prophylaxis|prophylaxis|fen|nutrition|pain control|pain management|contact|smoking cessation counseling)\b",
    re.IGNORECASE,
)
_PLANNED_TEST = re.compile(
    r"^\W*(?:screening )?(?:colonoscopy|mammogram|mammography|endoscopy|egd|echocardiogram|mri|ct(?: scan)?|x-?rays?|ultrasound|labs?|pap smear|dexa(?: scan)?|stress test|ekg)\W*$",
    re.IGNORECASE,
)
_ORDERED = re.compile(
    r"\b(?:vitals|cbc|cmp|bmp|tsh|a1c|panel|labs?|urinalysis|cultures?|x-?rays?|mri|ct|ultrasound|ekg|ecg|echo\w*"
    r"|referrals?|consults?|physical therapy|imaging|biopsy|testing|studies|levels?|vaccin\w+|injection|brace|splint|crutches)\b",
    re.IGNORECASE,
)
"""What a line of a plan orders; such a line is no problem."""
_REGARDING = re.compile(
    r"^\W*(?:in regards? to|with regards? to|regarding|as for|as far as|concerning|for) (?:her|his|the|their|the patient's)\b",
    re.IGNORECASE,
)
_SYMPTOM = re.compile(r"R|M25\.5|M54\.[259]|M54\.50|M79\.[16]|G89|N64\.4|H57\.1|H92\.0|K08\.89")
_ACTIVE = re.compile(
    r"\b(?:continue|continues|start|started|increase|decrease|refill|prescri\w+|adjust|titrate|taking|takes|treat\w*|stable|control\w*|monitor\w*|medication)\b",
    re.IGNORECASE,
)


def build_note_case(text: str, question: Question, library: Library, searcher: Searcher) -> Built:
    """Read ``text`` as a note and code what the encounter dealt with."""
    return _NoteCase(text, question, library, searcher).built()


@dataclass(frozen=True, slots=True)
class _Asked:
    """A phrase to code, its ground, and the sentences that may add detail."""

    phrase: Phrase
    ground: Ground
    details: tuple[Sentence, ...]


class _NoteCase:
    """One note under way."""

    def __init__(self, text: str, question: Question, library: Library, searcher: Searcher) -> None:
        self._text = text
        self._question = question
        self._library = library
        self._searcher = searcher
        self._reader = reader_of(searcher.index)
        self._note: Note = self._reader.read(text)
        self._chooser = Chooser(library, searcher, self._reader)
        self._setting, self._cautions = self._inferred_setting()
        self._coded: dict[str, Coded] = {}
        self._refused: dict[str, str] = {}
        self._searches = 0
        self._later = self._is_later()

    # --- what the note is -------------------------------------------------------------------------

    def _inferred_setting(self) -> tuple[Setting, list[str]]:
        signs = reads_inpatient(self._note)
        given = self._question.setting
        if signs and self._question.infer_setting and given is Setting.OUTPATIENT:
            said = messages.INFERRED_INPATIENT.format(
                signs=", ".join(f"“{sign}”" for sign in signs[:3])
            )
            return Setting.INPATIENT, [said]
        if signs and given is Setting.OUTPATIENT:
            said = messages.READS_INPATIENT.format(signs=", ".join(f"“{s}”" for s in signs[:3]))
            return given, [said]
        return given, []

    def _is_later(self) -> bool:
        """Whether the note is of a later visit for what it treats, not of the first."""
        opening = [
            sentence.text
            for sentence, section in self._note.places
            if section.kind in (SectionKind.COMPLAINT,)
        ]
        told = [
            sentence.text
            for sentence, section in self._note.places
            if section.kind in (SectionKind.PRESENT, SectionKind.OPENING)
        ][:3]
        return any(_LATER.search(words) for words in (*opening, *told))

    @property
    def _is_outpatient(self) -> bool:
        return self._setting is Setting.OUTPATIENT

    # --- what is asked ----------------------------------------------------------------------------

    def built(self) -> Built:
        """What was found."""
        self._take_problems()
        self._take_prose()
        if not self._has_condition():
            self._take_reason()
        self._settle()
        self._take_companions()
        self._take_circumstances()
        return self._case()

    def _take_problems(self) -> None:
        problems = self._note.assessed.problems
        titled = [p for p in problems if p.section.kind in _TITLED]
        listed = [p for p in problems if p.section.kind is SectionKind.PROBLEMS]
        planned = [p for p in problems if p.section.kind is SectionKind.PLAN]
        lead = titled or listed
        for problem in lead:
            self._take_problem(problem, self._body_of(problem, planned))
        for problem in planned:
            if not any(_alike(problem.title.text, other.title.text) for other in lead):
                self._take_problem(problem, problem.body, sure=not lead)

    def _body_of(self, problem: Problem, planned: Sequence[Problem]) -> tuple[Sentence, ...]:
        body = list(problem.body)
        for other in planned:
            if _alike(problem.title.text, other.title.text):
                body += other.body
        only = len([p for p in self._note.assessed.problems if p.section.kind in _TITLED]) == 1
        if only:
            body += [sentence for sentence, _ in self._note.assessed.prose]
        return tuple(body)

    def _take_problem(
        self, problem: Problem, body: tuple[Sentence, ...], *, sure: bool = True
    ) -> None:
        title = problem.title
        if _NO_PROBLEM.match(title.text) or _PLANNED_TEST.match(title.text):
            return
        if problem.section.kind is SectionKind.PLAN and _ORDERED.search(title.text):
            return
        told = row_status(self._text, title.end)
        if told is not None and (told is not Status.UNCERTAIN or self._is_outpatient):
            return
        phrases = phrases_of(self._reader, self._text, title.start, title.end, problem.section.kind)
        details = (title, *body)
        if self._take_whole(title, phrases, details):
            return
        certain: list[Phrase] = []
        for phrase in phrases:
            if self._take_phrase(phrase, details, sure=sure):
                certain.append(phrase)

    def _take_whole(
        self, title: Sentence, phrases: list[Phrase], details: tuple[Sentence, ...]
    ) -> bool:
        """One code for a title of several conditions that are one ("CKD due to hypertension")."""
        if len(phrases) < 2 or any(p.status is not Status.ASSERTED for p in phrases):
            return False
        if all(p.link is Link.AND for p in phrases[1:]):
            return False
        chosen = self._choose(title.text, details)
        if chosen is None or chosen.covered < 1 or chosen.worth < 0.75:
            return False
        whole = Phrase(title.start, title.end, title.text, Status.ASSERTED)
        self._add(chosen, whole, Ground.TITLE)
        return True

    def _take_phrase(
        self, phrase: Phrase, details: tuple[Sentence, ...], *, sure: bool = True
    ) -> bool:
        status = phrase.status
        if status is Status.UNCERTAIN or status is Status.RULE_OUT:
            status = self._uncertain(phrase)
        if status is Status.RESOLVED and not self._is_outpatient:
            status = Status.ASSERTED  # it was treated during the stay
        if status in (Status.HISTORICAL, Status.RESOLVED):
            return self._take_past(phrase, details)
        operation = history.operation_code(phrase.text)
        if operation is not None and re.search(
            r"\b(?:s/p|status[- ]post|history of|presence of|has an?|post[- ]?op\w*)\b",
            phrase.text,
            re.I,
        ):
            return self._take_past(phrase, details)
        if status is not Status.ASSERTED:
            return False
        chosen = self._choose(phrase.text, details)
        if chosen is None and (head := re.split(r"[,(;:]", phrase.text)[0]) != phrase.text:
            chosen = self._choose(head, details)
        if chosen is None or (not sure and chosen.worth < 0.8):
            return False
        self._add(chosen, phrase, Ground.TITLE)
        return True

    def _uncertain(self, phrase: Phrase) -> Status:
        words = " ".join(phrase.text.split())
        if self._setting is Setting.INPATIENT:
            self._say(messages.UNCERTAIN_KEPT.format(words=words))
            return Status.ASSERTED
        if self._is_certain_elsewhere(phrase):
            return Status.ASSERTED
        self._say(messages.UNCERTAIN_SKIPPED.format(words=words))
        return Status.UNCERTAIN

    def _is_certain_elsewhere(self, phrase: Phrase) -> bool:
        """Whether the assessment or plan states without doubt what a title states with doubt."""
        heads = [w for w in re.findall(r"[a-z]{5,}", phrase.text.casefold())][-2:]
        if len(heads) < 2:
            return False
        words = " ".join(heads)
        for sentence, section in self._note.assessed.prose:
            at = sentence.text.casefold().find(words)
            if at < 0 or section.kind not in (SectionKind.PLAN, SectionKind.ASSESSMENT):
                continue
            judged = self._reader.judge(sentence.text, at, at + len(words), section.kind)
            if judged.status is Status.ASSERTED:
                return True
        return False

    def _take_past(self, phrase: Phrase, details: tuple[Sentence, ...]) -> bool:
        """A past condition or an operation had, as the status code that says so."""
        operation = history.operation_code(phrase.text)
        named = self._reader.named(phrase.text)
        if operation is not None and not (named and named[0].end <= operation[1]):
            code, start, end = operation
            if code == "Z98.890" and self._coded:
                return False
            self._add_status(code, phrase, ((phrase.start + start, phrase.start + end),))
            return True
        words = re.sub(
            r"^\W*(?:(?:personal |past |prior |remote )*(?:history|hx) of|h/o|s/p|status post|prior|previous|resolved|old|remote)\s+",
            "", phrase.text, flags=re.IGNORECASE,
        )  # fmt: skip
        chosen = self._choose(words, details)
        if chosen is None and (head := re.split(r"[,(;:]", words)[0]) != words:
            chosen = self._choose(head, details)
        if chosen is None:
            return False
        past = history.past_code(chosen.code, phrase.text)
        if past is None or self._library.find(past) is None:
            self._add(chosen, phrase, Ground.TITLE)
            return True
        self._add_status(past, phrase, ((phrase.start, phrase.end),), chosen.candidate)
        return True

    # --- prose ------------------------------------------------------------------------------------

    def _take_prose(self) -> None:
        """Conditions that the assessment's running text assesses."""
        titled = bool(self._coded)
        prose = {(s.start, s.end) for s, _ in self._note.assessed.prose}
        kinds = {section.kind for _, section in self._note.places}
        whole = not kinds & {*_TITLED, SectionKind.PLAN, SectionKind.PROBLEMS}
        for mention in self._note.mentions:
            place = (mention.sentence.start, mention.sentence.end)
            if mention.judgement.status is not Status.ASSERTED:
                continue
            if whole and mention.section.kind in _TELLING:
                self._take_mention(mention)
            elif place in prose and mention.section.kind in _TITLED and not titled:
                self._take_mention(mention)
            elif place in prose and _REGARDING.match(mention.sentence.text):
                self._take_mention(mention, lasting=True)

    def _take_mention(self, mention: Mention, *, lasting: bool = False) -> None:
        if self._searches >= MOST_SEARCHED or len(self._coded) >= MOST_CODED:
            return
        if lasting and not any(history.LASTING.match(code) for code in mention.codes):
            return
        self._searches += 1
        phrase = Phrase(mention.start, mention.end, mention.text, Status.ASSERTED)
        chosen = self._choose(mention.text, (mention.sentence,))
        if chosen is not None:
            self._add(chosen, phrase, Ground.PROSE)

    def _has_condition(self) -> bool:
        return any(not code.startswith("Z") for code in self._coded)

    def _take_reason(self) -> None:
        """The reason for the visit, where the note makes no diagnosis (IV.G)."""
        for sentence in self._note.of(SectionKind.COMPLAINT):
            words = sentence.text
            if _NO_PROBLEM.match(words):
                continue
            for phrase in phrases_of(
                self._reader, self._text, sentence.start, sentence.end, SectionKind.COMPLAINT
            ):
                if phrase.status is Status.ASSERTED:
                    chosen = self._choose(phrase.text, (sentence,))
                    if chosen is not None:
                        self._add(chosen, phrase, Ground.REASON)
        if self._coded:
            return
        for mention in self._note.mentions:
            if mention.judgement.status is Status.ASSERTED and mention.section.kind in _TELLING:
                self._take_mention(mention)
                if self._coded:
                    return

    # --- choosing ---------------------------------------------------------------------------------

    def _choose(self, words: str, details: tuple[Sentence, ...]) -> Chosen | None:
        encounter = "subsequent encounter" if self._later else "initial encounter"
        return self._chooser.choose(words, details, encounter)

    def _add(self, chosen: Chosen, phrase: Phrase, ground: Ground) -> None:
        if chosen.code in self._coded or len(self._coded) >= MOST_CODED:
            return
        spans = [(phrase.start, phrase.end), *chosen.spans]
        source = self._library.release.source
        passages = [title_passage(self._library.get(chosen.code), source)]
        stem = chosen.code.replace(".", "")
        for match in chosen.candidate.matches:
            near = stem.startswith(match.passage.code.replace(".", ""))
            if near and all(match.passage.id != passage.id for passage in passages):
                passages.append(match.passage)
        reasons = (
            list(chosen.resolution.steps) if chosen.resolution.code.code == chosen.code else []
        )
        if chosen.inferred:
            reasons.append(messages.FROM_THE_NOTE.format(words=", ".join(chosen.inferred)))
        self._coded[chosen.code] = Coded(
            chosen.code, phrase, ground, chosen.candidate.score, tuple(dict.fromkeys(spans)),
            tuple(passages[:3]), tuple(reasons), chosen.resolution, chosen.candidate,
        )  # fmt: skip

    def _add_status(
        self,
        code: str,
        phrase: Phrase,
        spans: tuple[tuple[int, int], ...],
        candidate: Candidate | None = None,
        ground: Ground = Ground.STATUS,
        reason: str = "",
    ) -> None:
        record = self._library.find(code)
        if record is None or not record.valid or code in self._coded:
            return
        passage = title_passage(record, self._library.release.source)
        self._coded[code] = Coded(
            record.code, phrase, ground, candidate.score if candidate else 1.0, spans, (passage,),
            (reason,) if reason else (), None, candidate,
        )  # fmt: skip

    # --- all codes together -----------------------------------------------------------------------

    def _settle(self) -> None:
        for merge in combining.merges(tuple(self._coded), self._library, self._text):
            parts = [self._coded[c] for c in merge.words_of if c in self._coded]
            if not parts:
                continue
            spans = tuple(dict.fromkeys(span for part in parts for span in part.spans))
            lead = parts[0].phrase
            order = list(self._coded)
            at = min(order.index(c) for c in merge.words_of if c in order)
            for code in merge.gone:
                if code in self._coded:
                    self._refused[code] = merge.reason
                    del self._coded[code]
            if merge.code not in self._coded:
                self._add_status(merge.code, lead, spans, None, Ground.COMBINED, merge.reason)
                self._move(merge.code, at)
        for drop in combining.drops(tuple(self._coded), self._text, self._library):
            self._refused[drop.code] = drop.reason
            del self._coded[drop.code]

    def _move(self, code: str, place: int) -> None:
        order = [c for c in self._coded if c != code]
        order.insert(place, code)
        self._coded = {c: self._coded[c] for c in order if c in self._coded}

    def _take_companions(self) -> None:
        """Codes that "use additional code" notes ask for and the same problem's words support."""
        for code, coded in list(self._coded.items()):
            if coded.ground not in (Ground.TITLE, Ground.COMBINED):
                continue
            context, places = self._context(coded)
            for companion in companions(self._library, code, context):
                name = companion.code.code
                if companion.note.kind is not NoteKind.USE_ADDITIONAL or not companion.code.valid:
                    continue
                if (name[0] == "Z" and name[:3] != "Z68") or any(
                    name[:3] == known[:3] for known in self._coded
                ):
                    continue
                spans = tuple(
                    (s + shift, e + shift)
                    for s, e in companion.spans
                    for begin, end, shift in places
                    if begin <= s and e <= end
                )
                if not spans:
                    continue
                self._add_status(
                    name, coded.phrase, spans, coded.candidate, Ground.COMPANION, companion.reason
                )

    def _context(self, coded: Coded) -> tuple[str, list[tuple[int, int, int]]]:
        """The problem's own words and what is said under it, with how its offsets map back."""
        said = [(start, self._text[start:end]) for start, end in coded.spans]
        known = {start for start, _ in said}
        for problem in self._note.assessed.problems:
            if problem.title.start <= coded.phrase.start < problem.title.end:
                said += [(s.start, s.text) for s in problem.body[:8] if s.start not in known]
        pieces: list[str] = []
        places: list[tuple[int, int, int]] = []
        position = 0
        for start, words in said:
            pieces.append(words)
            places.append((position, position + len(words), start - position))
            position += len(words) + 2
        return ". ".join(pieces), places

    def _take_circumstances(self) -> None:
        if any(re.match(r"[ST]\d", c) and c.endswith(("A", "B", "C")) for c in self._coded):
            for cause in external_causes(self._note.of(*_TELLING, SectionKind.SOCIAL)):
                span = ((cause.start, cause.end),)
                phrase = Phrase(
                    cause.start, cause.end, self._text[cause.start : cause.end], Status.ASSERTED
                )
                self._add_status(cause.code, phrase, span, None, Ground.CAUSE)
        drugs, _ = long_term_drugs(self._note)
        for drug in drugs:
            if drug.code == "Z79.4" and not any(
                re.match(r"E(?:08|09|11|13)|O24", c) for c in self._coded
            ):
                continue
            self._plain(drug.code, drug.start, drug.end, Ground.DRUG)
        for social in social_determinants(self._note):
            self._plain(social.code, social.start, social.end, Ground.SOCIAL)

    def _plain(self, code: str, start: int, end: int, ground: Ground) -> None:
        phrase = Phrase(start, end, self._text[start:end], Status.ASSERTED)
        self._add_status(code, phrase, ((start, end),), None, ground)

    # --- the case ---------------------------------------------------------------------------------

    def _say(self, sentence: str) -> None:
        if sentence not in self._cautions:
            self._cautions.append(sentence)

    def _case(self) -> Built:
        options = [
            self._option(number, coded) for number, coded in enumerate(self._coded.values(), 1)
        ]
        taken = [span for coded in self._coded.values() for span in coded.spans]
        rejected = rejected_mentions(self._note, self._library, tuple(self._coded), taken)
        ranked = sorted(self._chooser.seen.values(), key=lambda c: (-c.score, c.code))
        gaps = {gap: None for option in options for gap in option.gaps}
        return Built(
            case=Case(self._text, self._setting, self._question.day, tuple(options)),
            candidates=tuple(ranked[:50]),
            gaps=tuple(gaps),
            cautions=tuple(self._cautions),
            open_choices=tuple(option for option in options if not option.final),
            rejected=rejected,
        )

    def _option(self, number: int, coded: Coded) -> Option:
        record = self._library.get(coded.code)
        resolution = coded.resolution
        same = resolution is not None and resolution.code.code == coded.code
        return Option(
            id=f"o{number}",
            code=record,
            score=coded.score,
            spans=coded.spans,
            passages=coded.passages,
            reasons=coded.reasons,
            gaps=tuple(gap_of(axis) for axis in resolution.gaps) if same and resolution else (),
            alternatives=resolution.alternatives
            if same and resolution and resolution.final
            else (),
            final=record.valid,
        )


def _alike(one: str, other: str) -> bool:
    """Whether two titles are of one problem."""
    left, right = (set(re.findall(r"[a-z0-9]{2,}", t.casefold())) for t in (one, other))
    return bool(left and right) and len(left & right) / min(len(left), len(right)) >= 0.75
