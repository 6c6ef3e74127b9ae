"""Find the identifiers of a text and put placeholders in their place.

Recognizers propose spans; overlaps are settled by rank; names that were found by strong evidence
are found again wherever they stand; and the result is screened once more, until nothing is found,
so that screening a screened text changes nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.phi.dates import find_dates
from bot.phi.identity import PLACEHOLDER, Numbering
from bot.phi.institutions import find_institutions
from bot.phi.interchange import find_interchange
from bot.phi.lexicon import LABELS, lexicon
from bot.phi.name_contexts import HAPPENED, is_subject
from bot.phi.name_words import WORD, fold, headed
from bot.phi.names import find_names
from bot.phi.numbers import find_numbers
from bot.phi.other_numbers import find_other_numbers
from bot.phi.places import find_places
from bot.phi.records import Identifier, Redaction, Screened, Span
from bot.phi.roles import DOERS
from codesets.abbreviations import meanings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Recognizer = Callable[[str], Iterable[Span]]
    Packaged = Callable[..., Iterable[Span]]

RECOGNIZERS: tuple[Packaged, ...] = (
    find_interchange, find_numbers, find_other_numbers, find_dates,
    find_places, find_institutions, find_names,
)  # fmt: skip
_PASSES = 4
_REACH = 200


def _beside(text: str) -> list[Span]:
    """What only what is out already shows: the rules that read a placeholder."""
    return [span for recognizer in RECOGNIZERS for span in recognizer(text, later=True)]


def spans(text: str) -> list[Span]:
    """What the packaged recognizers propose, overlaps not yet settled."""
    return [span for recognizer in RECOGNIZERS for span in recognizer(text)]


def _without_verb(text: str, span: Span) -> Span:
    """A name without the verb behind it: "Smith fell" names Smith."""
    words = text[span.start : span.end].split(" ")
    if span.kind is not Identifier.NAME or len(words) < 2 or words[-1] not in HAPPENED:
        return span
    return replace(span, end=span.end - len(words[-1]) - 1)


def find(text: str, propose: Recognizer = spans) -> tuple[Redaction, ...]:
    """The identifiers of ``text`` in order, never overlapping, each with a stable placeholder.

    The same identifier gets the same placeholder wherever it stands. ``propose`` is what finds
    spans; the packaged recognizers by default.

    >>> [r.placeholder for r in find("Mr. Smith, MRN 1234567, seen 3/4/2026. Mr. Smith is 64.")]
    ['[NAME-1]', '[RECORD-1]', '[DATE-1]', '[NAME-1]']
    """
    found: list[Span] = []
    new: list[Span] = []
    windows = [(0, len(text))]
    blobs = [match.span() for match in _BLOB.finditer(text)]
    read = _BLOB.sub(lambda match: "\n" * len(match.group()), text)
    for _ in range(_PASSES):
        masked, offsets = _masked(read, found)
        if found:
            windows = _around(masked, offsets, new)
        proposed = [
            Span(span.kind, span.start + low, span.end + low, span.rank)
            for low, high in windows
            for span in (_beside if found else propose)(masked[low:high])
        ]
        proposed = [_without_verb(masked, span) for span in proposed]
        if not found:
            proposed += _across_lines(read, propose)
            proposed += [Span(Identifier.ID, *span) for span in blobs if _keyed(text[slice(*span)])]
        settled = _settle(masked, proposed)
        settled = _settle(masked, [*settled, *_again(masked, settled)])
        if not settled:
            break
        new = [
            Span(span.kind, _back(offsets, span.start), _back(offsets, span.end - 1) + 1, span.rank)
            for span in settled
        ]
        found = sorted([*found, *new], key=lambda span: span.start)
    numbering = Numbering(text)
    return tuple(
        Redaction(
            span.kind, span.start, span.end,
            numbering.placeholder(span.kind, text[span.start : span.end]),
        )
        for span in found
    )  # fmt: skip


# A run of letters no word or name is as long as: a key or a picture as text. It is read as nothing,
# because patterns that look for the end of a word at every letter would take minutes.
_BLOB = re.compile(r"[\w'’\-]{120,}|[\w'’.\-]{400,}")


def _keyed(blob: str) -> bool:
    return sum(character.isdigit() for character in blob) > 2


# A line that was broken for its length goes on in the next one.
_BROKEN = re.compile(
    r"(?<=[^\n]{52})(?<=[\w,.])[ ]?\n(?=[A-Za-zÀ-þ0-9(])"
    r"(?![A-Z][A-Za-z /&]{1,28}:)(?!\d{1,2}[.)][ ])"
)
_BESIDES = 48


def _across_lines(text: str, propose: Recognizer) -> list[Span]:
    """Identifiers that a broken line divides: found where the break is read as a blank."""
    breaks = [match.end() - 1 for match in _BROKEN.finditer(text)]
    if not breaks:
        return []
    pieces, starts, length = [], [], 0
    for at in breaks:
        low, high = max(0, at - _BESIDES), min(len(text), at + _BESIDES)
        piece = text[low:at] + " " + text[at + 1 : high]
        starts.append((length, low, at))
        pieces.append(piece.replace("\n", "\v") + "\n\n")
        length += len(pieces[-1])
    found = []
    for span in propose("".join(pieces)):
        here, low, at = starts[bisect_right(starts, span.start, key=lambda one: one[0]) - 1]
        start, end = span.start - here + low, span.end - here + low
        if start < at < end:
            found.append(Span(span.kind, start, end, span.rank))
    return found


def redact(text: str, propose: Recognizer = spans) -> Screened:
    """``text`` with every identifier replaced by its placeholder.

    >>> redact("call 555-867-5309 about her pneumonia").text
    'call [PHONE-1] about her pneumonia'
    """
    redactions = find(text, propose)
    parts, position = [], 0
    for item in redactions:
        parts += [text[position : item.start], item.placeholder]
        position = item.end
    parts.append(text[position:])
    return Screened("".join(parts), redactions)


def _masked(text: str, found: list[Span]) -> tuple[str, list[tuple[int, int]]]:
    """``text`` with what is found replaced, and pairs (offset here, offset in ``text``)."""
    numbering = Numbering(text)
    parts: list[str] = []
    offsets, position, length = [(0, 0)], 0, 0
    for span in found:
        mark = numbering.placeholder(span.kind, text[span.start : span.end])
        parts += [text[position : span.start], mark]
        length += span.start - position + len(mark)
        offsets.append((length, span.end))
        position = span.end
    parts.append(text[position:])
    return "".join(parts), offsets


def _around(masked: str, offsets: list[tuple[int, int]], new: list[Span]) -> list[tuple[int, int]]:
    """Whole lines or sentences of ``masked`` around what was last found; none overlaps another."""
    ends = {there: here for here, there in offsets}
    windows: list[tuple[int, int]] = []
    for span in new:
        here = ends[span.end]
        reach = max(0, here - _REACH)
        line, stop = masked.rfind("\n", 0, reach), masked.rfind(". ", 0, reach)
        low = max(line, stop + 1 if stop >= 0 else -1)
        after = [masked.find(mark, here + _REACH) for mark in ("\n", ". ")]
        high = min((at + 1 for at in after if at >= 0), default=len(masked))
        if windows and low + 1 <= windows[-1][1]:
            windows[-1] = (windows[-1][0], max(high, windows[-1][1]))
        else:
            windows.append((low + 1, high))
    return windows


def _back(offsets: list[tuple[int, int]], offset: int) -> int:
    at = bisect_left(offsets, (offset + 1, 0)) - 1
    here, there = offsets[at]
    return there + offset - here


# Phrases with a name in them that are nobody's: a drug, a law, a scale.
_KEPT = re.compile(
    r"\bMary[ ]Jane(?=[ ](?:daily|weekly|nightly|us(?:e|ed|er|es)|smok\w+|edibles?|habit|since)\b)"
    r"|\bRancho[ ]Los[ ]Amigos\b|\bGood[ ]Samaritan(?=[ ](?:law|act))"
    r"|\bMiranda(?=[ ](?:rights|warning))|\bTai[ ][Cc]hi\b|\bHong[ ]Kong\b"
    r"|\bRaymond-Roy\b"
)


def _settle(text: str, proposed: Iterable[Span]) -> list[Span]:
    """Spans that do not overlap one another nor a placeholder; the lower rank wins, then length.

    What loses still tells that its text is no clinical word: a span of the same kind makes the one
    it overlaps longer, and one of another kind keeps what is left of it.
    """
    kept: list[Span] = []
    marks = sorted(
        (match.start(), match.end())
        for pattern in (PLACEHOLDER, _KEPT)
        for match in pattern.finditer(text)
    )
    for span in sorted(set(proposed), key=lambda s: (s.rank, s.start - s.end, s.start)):
        if span.start >= span.end or _crosses(marks, span):
            continue
        low = bisect_left(kept, span.start, key=lambda one: one.end - 1)
        high = bisect_left(kept, span.end, key=lambda one: one.start)
        beaten = kept[low:high]
        if not beaten:
            kept.insert(low, span)
            continue
        if span.start >= beaten[0].start and span.end <= beaten[-1].end and len(beaten) == 1:
            continue
        if len(beaten) == 1 and beaten[0].kind is span.kind:
            one = beaten[0]
            start, end = min(one.start, span.start), max(one.end, span.end)
            kept[low:high] = [Span(one.kind, start, end, one.rank)]
            continue
        kept[low:high] = sorted([*beaten, *_left(text, span, beaten)], key=lambda one: one.start)
    return [_with_suffix(text, _without_role(text, span)) for span in kept]


_SUFFIXED = re.compile(r",?[ ](?:Jr|Sr|JR|SR|II|III|IV)\b\.?(?!\w)")
_IRISH = re.compile(r"(?<![\w])(?:Ó|Ní|Nic|Uí)[ ]\Z")
_GIVEN = re.compile(r"(?<![\w.])(?:(?:[A-Z]\.[ ]?){1,3}|[A-ZÀ-Þ][a-zà-þ]{2,}[ ])\Z")
_REGISTERED = re.compile(r"[ ][A-Z]{2}(?=,[ ]|[ ]\()")


def _with_suffix(text: str, span: Span) -> Span:
    """A name with "Jr." behind it and "Ó" before it."""
    if span.kind is not Identifier.NAME:
        return span
    start, end = span.start, span.end
    irish = _IRISH.search(text, max(0, start - 5), start)
    if irish is not None or text[start : start + 2] in ("Ó ", "Ní"):
        start = irish.start() if irish else start
        if (match := _GIVEN.search(text, max(0, start - 24), start)) is not None:
            start = match.start()
    if (match := _REGISTERED.match(text, end)) is not None and text[start - 2 : start] in (
        "",
        ", ",
        ": ",
        "Ó ",
    ):
        end = match.end()
    if (
        (match := _SUFFIXED.match(text, end)) is not None
        and not text[start:end].isupper()
        and " " in text[start:end]
    ):
        end = match.end()
    return Span(span.kind, start, end, span.rank)


def _without_role(text: str, span: Span) -> Span:
    """A name without the role it begins with: "Judge Dhillon"."""
    first = WORD.match(text, span.start) if span.kind is Identifier.NAME else None
    if first is None or first.group().casefold() not in DOERS:
        return span
    following = WORD.search(text, first.end(), span.end)
    if following is None or text[first.end() : following.start()].strip(" .:,"):
        return span
    return Span(span.kind, following.start(), span.end, span.rank)


def _crosses(marks: list[tuple[int, int]], span: Span) -> bool:
    at = bisect_left(marks, span.start, key=lambda mark: mark[1] - 1)
    return at < len(marks) and marks[at][0] < span.end


def _left(text: str, span: Span, beaten: list[Span]) -> list[Span]:
    """What of ``span`` stands outside ``beaten``, trimmed to letters and digits."""
    bounds = [span.start, *(at for one in beaten for at in (one.start, one.end)), span.end]
    pieces = []
    for start, end in zip(bounds[::2], bounds[1::2], strict=True):
        said = [at for at in range(start, end) if text[at].isalnum()]
        if len(said) > 1 or (said and text[said[0]].isupper()):
            pieces.append(Span(span.kind, said[0], said[-1] + 1, span.rank))
    return pieces


def _again(text: str, found: list[Span]) -> list[Span]:
    """Every other place where a name that was found stands alone."""
    words = lexicon()
    names: set[str] = set()
    for span in found:
        if span.kind is Identifier.NAME:
            names.update(
                fold(part)
                for part in WORD.findall(text[span.start : span.end])
                if len(part) > 2
                and fold(part) not in LABELS
                and not (part.isupper() and meanings(part))
            )
    if not names:
        return []
    more = []
    for match in WORD.finditer(text):
        low = fold(match.group())
        if low not in names:
            continue
        clinical = words.is_worded(low) or low in words.eponyms
        end = match.end() - (2 if match.group()[-2:] in ("'s", "’s") else 0)
        if match.group()[0].islower() and (clinical or headed(text, end, 1)):
            continue
        plain = words.is_plain(low) and _opens_sentence(text, match.start())
        if clinical and (plain or headed(text, end, 3)) and not is_subject(text, end):
            continue
        if (
            text[match.end() : match.end() + 1] == "-"
            or text[match.start() - 1 : match.start()] == "-"
        ):
            continue
        if low in words.eponyms and text[match.end() - 2 : match.end()] in ("'s", "’s"):
            continue
        more.append(Span(Identifier.NAME, match.start(), end, 200))
    return more


def _opens_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 3) : start].rstrip(" \t")
    return not before or before[-1] in ".!?:;\n-•*"
