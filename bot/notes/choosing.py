"""A phrase of a note and the code that says it, with detail gathered from the rest of the note.

The search proposes; a candidate counts for as much as it says of the phrase. What the chosen
category leaves open (side, type, stage, control, episode) is looked for in the sentences that
belong to the condition, and only the words found there decide.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.notes.misfits import is_elsewhere, is_opposed
from bot.notes.records import Chosen
from codesets.errors import CodesetError
from codesets.models import Level
from codesets.notation import find_codes, undotted
from codesets.resolution import resolve
from codesets.wording import is_plain, read_text, read_title
from codesets.wordlists import is_head
from retrieval.notes.cues import Status
from retrieval.notes.status import SentenceStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codesets.library import Library
    from codesets.models import Code
    from codesets.resolution import Resolution
    from codesets.wording import Word
    from retrieval.notes.reading import NoteReader
    from retrieval.notes.sentences import Sentence
    from retrieval.search import Candidate, Searcher

TRIED = 6
"""Candidates of a phrase that are compared."""
_LEFT_OUT = 0.12
"""What a body part or condition of the phrase costs that the code's wordings leave out."""
_UNSAID = 0.04
_NAMED = 0.08
"""What it is worth that the release words the code as the phrase does."""
_OPPOSED = 0.25
"""What it costs that the candidate says the other side, end or course."""
MOST_SEARCHED = 100
"""Phrases of one note that are searched; a longer list of problems is no note of one visit."""
_MOST_DETAILS = 60
LEAST = 0.38
"""The least worth of a code that is suggested for a phrase."""
_OPEN = re.compile(r"\bunspecified\b|\bNOS\b|\bnot (?:otherwise )?specified\b", re.IGNORECASE)

_RIVAL = 0.04
"""How near another code of the category comes that the words may mean as well."""
_SURE_OF_SITE = 0.7
_EPONYM = re.compile(
    r"\b(?:Colles|Smith|Barton|Boxer|Jones|Lisfranc|Bennett|Monteggia|Galeazzi|Maisonneuve|Segond"
    r"|Salter|Achilles|Baker|De ?Quervain|Dupuytren|Morton|Haglund|Osgood|Perthes|Bankart"
    r"|Hill)'?s?\b",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_NOISE = frozenset(
    {
        "patient", "history", "current", "new", "newly", "today", "follow", "followup",
        "visit", "evaluation", "management", "stable", "known", "likely", "recent", "post",
        "status", "chronic", "acute", "mild", "moderate", "severe", "uncontrolled",
        "controlled", "well", "poorly", "reduced", "problem", "complaint", "presentation",
        "setting", "longstanding", "ongoing", "persistent", "intermittent",
    }
)  # fmt: skip


def without_codes(words: str) -> str:
    """``words`` with each written code covered by spaces, so that offsets stay.

    Without a point it may be a vertebra ("T12") or a drug, and is left.

    >>> without_codes("Depression F32.A, T12 fracture")
    'Depression      , T12 fracture'
    """
    for _, start, end in find_codes(words):
        if "." in words[start:end]:
            words = words[:start] + " " * (end - start) + words[end:]
    return words


class Chooser:
    """Chooses codes for the phrases of one note.

    ``weeks`` are those of a pregnancy, as words: they decide the trimester.
    """

    def __init__(self, library: Library, searcher: Searcher, reader: NoteReader) -> None:
        self._library = library
        self._searcher = searcher
        self._reader = reader
        self.seen: dict[str, Candidate] = {}
        self.weeks = ""
        self._cache: dict[str, list[Candidate]] = {}

    def search(self, words: str) -> list[Candidate]:
        """Candidates for ``words``, each remembered with its best score.

        A code that stands in a note is no evidence of itself: only words are.
        """
        words = without_codes(words)
        key = " ".join(words.casefold().split())
        if key not in self._cache:
            if len(self._cache) >= MOST_SEARCHED:
                return []
            self._cache[key] = list(self._searcher.search(words))
            for candidate in self._cache[key]:
                known = self.seen.get(candidate.code)
                if known is None or known.score < candidate.score:
                    self.seen[candidate.code] = candidate
        return self._cache[key]

    def choose(
        self,
        words: str,
        details: Sequence[Sentence] = (),
        inferred: str = "",
        allow: str = "",
    ) -> Chosen | None:
        """The code for ``words``; None where nothing says enough of them.

        ``details`` are sentences of the note that may add what the phrase leaves open;
        ``inferred`` is said by the note as a whole ("initial encounter"). ``allow`` is a pattern
        that the code must match.
        """
        own = [w for w in read_text(words) if not w.negated]
        said = {form for word in own for form in word.forms}
        heads = [w for w in own if _is_head(w)]
        named = self._named(words)
        best: tuple[float, Candidate, float] | None = None
        worths: dict[str, float] = {}
        for candidate in self._candidates(words, named):
            if candidate.code[0] in "VWXY" or (allow and not re.match(allow, candidate.code)):
                continue  # how it happened is no problem
            record = self._library.find(candidate.code)
            if record is None or record.level in (Level.CHAPTER, Level.SECTION):
                continue
            told = self._told(candidate)
            left_out = sum(told.isdisjoint(word.forms) for word in heads)
            worth = candidate.score - _LEFT_OUT * left_out
            worth -= _UNSAID * min(self._unsaid(candidate, said), 3)
            worth += _NAMED * (candidate.code in named or candidate.resolved in named)
            worth -= _OPPOSED * is_opposed(self._record(candidate), said, words.casefold())
            worths[candidate.code] = worth
            if best is None or worth > best[0]:
                share = 1 - left_out / max(len(heads), 1)
                best = (worth, candidate, share)
        if best is None or best[0] < LEAST:
            return None
        worth, candidate, share = best
        by_name = candidate.code in named or candidate.resolved in named
        if worth < _SURE_OF_SITE and not by_name and self._is_elsewhere(candidate, words, details):
            return None
        chosen = self._resolved(candidate, words, details, inferred, worth, share)
        near = (code for code, other in worths.items() if other >= worth - _RIVAL)
        stem = candidate.code
        return replace(chosen, rivals=tuple(c for c in near if c != stem and c[:3] == stem[:3]))

    def _candidates(self, words: str, named: frozenset[str]) -> list[Candidate]:
        """What is compared: the best found for the phrase, and for an eponym's own words in it."""
        found = self.search(words)[:TRIED]
        if not named or any(c.code in named or c.resolved in named for c in found):
            return found
        runs = [run for run in self._reader.named(words) if run.words > 1]
        eponyms = [words[r.start : r.end] for r in runs if _EPONYM.search(words[r.start : r.end])]
        return [*found, *(c for run in eponyms[:1] for c in self.search(run)[:2])]

    def _named(self, words: str) -> frozenset[str]:
        """The codes that the longest run of the phrase names by a wording of the release."""
        found = self._reader.named(words)
        if not found:
            return frozenset()
        longest = max(found, key=lambda named: named.words)
        return frozenset(self._reader.codes(longest.numbers))

    # --- weighing ---------------------------------------------------------------------------------

    def _told(self, candidate: Candidate) -> set[str]:
        """The forms of every word that the candidate's wordings say."""
        texts = [match.passage.text for match in candidate.matches[:2]]
        texts += [match.variant for match in candidate.matches[:1] if match.covered > 0.99]
        for code in {candidate.code, candidate.resolved}:
            record = self._library.find(code) if code else None
            if record is not None:
                texts.append(record.title)
        return {form for text in texts for word in read_title(text) for form in word.forms}

    def _record(self, candidate: Candidate) -> Code | None:
        return self._library.find(candidate.resolved or candidate.code)

    def _is_elsewhere(self, candidate: Candidate, words: str, details: Sequence[Sentence]) -> bool:
        told = (each.text for each in details[:_MOST_DETAILS])
        return is_elsewhere(self._record(candidate), ". ".join([words, *told]))

    def _unsaid(self, candidate: Candidate, said: set[str]) -> int:
        """Meaningful words of the candidate's best wording that the phrase does not say."""
        if not candidate.matches:
            return 0
        text = candidate.matches[0].passage.text
        said = said | {
            form for word in read_text(candidate.matches[0].variant or "") for form in word.forms
        }
        return sum(
            not (word.negated or all(map(is_plain, word.forms)) or said.intersection(word.forms))
            for word in read_title(_BRACKETS.sub(" ", text))
        )

    # --- resolving --------------------------------------------------------------------------------

    def _resolved(
        self,
        candidate: Candidate,
        words: str,
        details: Sequence[Sentence],
        inferred: str,
        worth: float,
        share: float,
    ) -> Chosen:
        exact = bool(candidate.matches) and candidate.matches[0].lexical_score > 0.999
        code = candidate.resolved or candidate.code
        said_as = candidate.matches[0].variant if candidate.matches else ""
        words = f"{said_as}{_unsaid_side(words, said_as)}" if said_as else words
        found = self._resolve(candidate.code, words)
        added, spans = self._details(found, words, details) if found else ([], [])
        code, smoked = _smoked(code, details)
        spans += smoked
        if (flare := _flare(code, details)) is not None:
            added.append("with exacerbation")
            spans.append(flare)
        if self.weeks and code[0] == "O":
            inferred = f"{inferred}, {self.weeks}" if inferred else self.weeks
        text = ", ".join([words, *added, *([inferred] if inferred else [])])
        told = self._resolve(candidate.code, text) if text != words else found
        chosen = code
        adds = found is None or (told is not None and told.code.code != found.code.code)
        if told is not None and adds and self._holds(told, candidate, code):
            chosen = told.code.code
        elif inferred and len(undotted(code)) == 7:
            chosen = _with_encounter(self._library, code, inferred)
        resolution = told or found
        if resolution is None:
            resolution = resolve(self._library, code, words)
        kept = chosen != code or bool(smoked)
        return Chosen(
            candidate, chosen, resolution, worth, share, exact,
            tuple(added) if kept else (), tuple(spans) if kept else (),
        )  # fmt: skip

    def _resolve(self, code: str, text: str) -> Resolution | None:
        try:
            return resolve(self._library, code, text)
        except CodesetError:
            return None  # a candidate that this release does not know

    def _holds(self, told: Resolution, candidate: Candidate, code: str) -> bool:
        """Whether what the note resolves the candidate to may stand for what the search settled."""
        if not (told.final and told.code.valid):
            return False
        reached = undotted(told.code.code)
        if reached == undotted(code):
            return True
        if reached[:3] != undotted(code)[:3]:
            return False
        record = self._library.get(code)
        if _OPEN.search(told.code.title) and not _OPEN.search(record.title):
            return False
        stem = undotted(candidate.code)
        return (
            reached.startswith(stem)
            or _OPEN.search(record.title) is not None
            or reached[:5] == undotted(code)[:5]
            or (code[0] in "ST" and not _OPEN.search(told.code.title))
        )

    def _details(
        self, found: Resolution, words: str, details: Sequence[Sentence]
    ) -> tuple[list[str], list[tuple[int, int]]]:
        """Words of the open choices that the details say, and where they say them."""
        if not details or not found.gaps:
            return [], []
        said = {form for word in read_text(words) for form in word.forms}
        reads = [(each, read_text(each.text)) for each in details[:_MOST_DETAILS]]
        added: list[str] = []
        spans: list[tuple[int, int]] = []
        for axis in found.gaps:
            if axis.name.startswith("episode"):
                continue
            for read in reads:
                hits = _fullest(
                    [
                        (option.label, place)
                        for option in axis.options
                        if (place := _said_in(option.label, said, read)) is not None
                    ]
                )
                if len(hits) == 1:
                    added.append(hits[0][0])
                    spans += hits[0][1]
                    break
        return added, spans


def _unsaid_side(words: str, said_as: str) -> str:
    """The side of a phrase, where the words it was found by leave it out."""
    sides = re.findall(r"\b(?:left|right|bilateral)\b", words, re.IGNORECASE)
    return "".join(f", {side}" for side in sides if side.casefold() not in said_as.casefold())


_SMOKES = re.compile(
    r"\b(?:smokes|smoking|smoker)\b.{0,60}\b(?:cigarettes?|packs?|ppd)\b|\bcigarette smoker\b", re.I
)


def _smoked(code: str, details: Sequence[Sentence]) -> tuple[str, list[tuple[int, int]]]:
    """Tobacco use that the note tells as smoking cigarettes is nicotine dependence (Z72.0, F17)."""
    if code != "Z72.0":
        return code, []
    for sentence in details:
        match = _SMOKES.search(sentence.text)
        if match is not None:
            return "F17.210", [(sentence.start + match.start(), sentence.start + match.end())]
    return code, []


_FLARES = re.compile(r"J4[457]")
_FLARE = re.compile(
    r"\b(?:exacerbat\w+|flar(?:e|ed|es|ing)(?:[- ]?ups?)?|acting up)\b", re.IGNORECASE
)


def _flare(code: str, details: Sequence[Sentence]) -> tuple[int, int] | None:
    """Where the note says that an airway disease is worse now; None where it does not."""
    if not _FLARES.match(code):
        return None
    for sentence in details:
        for match in _FLARE.finditer(sentence.text):
            status = SentenceStatus(sentence.text).of(match.start(), match.end()).status
            if status is Status.ASSERTED:
                return sentence.start + match.start(), sentence.start + match.end()
    return None


def _fullest(
    hits: list[tuple[str, list[tuple[int, int]]]],
) -> list[tuple[str, list[tuple[int, int]]]]:
    """Hits that no other hit says and more: "foot" gives way to "right foot"."""
    return [hit for hit in hits if not any(set(hit[1]) < set(other[1]) for other in hits)]


def _said_in(
    label: str, said: set[str], read: tuple[Sentence, Sequence[Word]]
) -> list[tuple[int, int]] | None:
    """Where a sentence asserts every meaningful word of an option that the phrase does not say."""
    wanted = [
        word
        for word in read_title(_BRACKETS.sub(" ", label))
        if not all(map(is_plain, word.forms)) and said.isdisjoint(word.forms)
    ]
    if not wanted or _OPEN.search(label) or re.match(r"other\b|without\b|not\b", label, re.I):
        return None
    sentence, words = read
    places = []
    for want in wanted:
        hit = next((w for w in words if not w.negated and set(w.forms) & set(want.forms)), None)
        if hit is None:
            return None
        places.append((sentence.start + hit.start, sentence.start + hit.end))
    return places


def _with_encounter(library: Library, code: str, inferred: str) -> str:
    """``code`` with the 7th character of the encounter inferred from the note."""
    if "subsequent" in inferred and code.endswith(("A", "B")):
        other = library.find(f"{code[:-1]}D")
        return other.code if other is not None and other.valid else code
    return code


def _is_head(word: Word) -> bool:
    return word.surface.casefold() not in _NOISE and any(
        is_head(form) for form in word.forms if not is_plain(form)
    )
