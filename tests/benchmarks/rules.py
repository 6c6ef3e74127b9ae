"""The floors of the coding rules, measured on the compiled FY2027 release, beside the machine.

python -m tests.benchmarks.rules                  # the packaged releases, compiled if need be
python -m tests.benchmarks.rules --pairs 5        # pairs tried per reference of each Excludes1 note
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
import time
from bisect import bisect_left
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bot.checking import CheckRequest, check_codes
from codesets.guidelines import GuidelineSetting
from codesets.models import NoteKind, System
from codesets.notation import dotted, in_range, undotted
from codesets.releases import ReleaseStore
from codesets.rules.engine import check, rule
from tests.benchmarks.machine import median, percentile, show

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codesets.library import Library
    from codesets.models import CodeRange
    from codesets.rules.records import RuleFinding

DAY, EARLIER = date(2026, 11, 21), date(2026, 9, 30)
SEED = 20261121
OUT = GuidelineSetting.OUTPATIENT
VALIDITY = (rule("invalid-code"), rule("seventh-character"))
EXCLUDES1 = (rule("excludes1"),)
_CODE = re.compile(r"\b[A-Z][0-9A][0-9A-Z](?:\.[0-9A-Z]{1,4})?\b")


class Codes:
    """The valid codes of a release, with ranges found by letter order."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.valid = [code.code for code in library.valid_codes()]
        self.known = set(self.valid)
        self._sorted = sorted((undotted(code), code) for code in self.valid)
        self._notes = [n for n in library.all_notes() if n.kind is NoteKind.EXCLUDES1]

    def within(self, reference: CodeRange) -> list[str]:
        """The valid codes that a reference means."""
        start = bisect_left(self._sorted, (undotted(reference.first),))
        end = bisect_left(self._sorted, (undotted(reference.last) + "\uffff",))
        return [code for _, code in self._sorted[start:end] if in_range(code, reference)]

    def excluded(
        self, each: int, chance: random.Random, every: int = 1
    ) -> Iterator[tuple[str, str]]:
        """Pairs that an Excludes1 note forbids: codes under its owner, codes it names.

        Of each reference up to ``each`` pairs, in either order; a note of a category or chapter is
        so tried on the codes that inherit it. A reference that covers the owner's own code too
        says nothing of the pair. ``every`` takes one note of so many.
        """
        for note in self._notes[::every]:
            owners = [code.code for code in self.library.descendants(note.owner)]
            owners = owners or [note.owner]
            for reference in note.references:
                named = self.within(reference)
                for _ in range(each if named else 0):
                    one, other = chance.choice(owners), chance.choice(named)
                    if one in self.known and one != other and not in_range(one, reference):
                        yield (one, other) if chance.random() < 0.5 else (other, one)

    def near_misses(self, count: int, chance: random.Random) -> Iterator[tuple[str, str]]:
        """(kind, spelling) of codes that are none: one slip away from a valid code."""
        sevens = [code for code in self.valid if len(undotted(code)) == 7]
        fillers = [code for code in sevens if "X" in undotted(code)[3:6]]
        makers = {
            "dropped 7th character": (sevens, lambda c: c[:-1]),
            "wrong 7th character": (sevens, lambda c: c[:-1] + "Z"),
            "missing placeholder": (
                fillers,
                lambda c: dotted(undotted(c)[:6].rstrip("X") + c[-1]),
            ),
            "category or subcategory": (
                [c for c in self.valid if len(undotted(c)) > 3],
                lambda c: c[:3] if chance.random() < 0.5 else c[:-1].rstrip("."),
            ),
            "a character too many": (self.valid, lambda c: dotted(undotted(c)[:6] + "9")),
        }
        for kind, (codes, make) in makers.items():
            made = 0
            while made < count:
                slip = make(chance.choice(codes))
                if slip not in self.known:
                    made += 1
                    yield kind, slip


def findings(library: Library, codes: Sequence[str], day: date) -> tuple[RuleFinding, ...]:
    """What the two rules about codes alone say."""
    return check(library, codes, day=day, setting=OUT, rules=VALIDITY)


def refused(library: Library, code: str, day: date) -> tuple[bool, bool]:
    """Whether a code is refused, and with codes in the fix that are all valid."""
    found = findings(library, [code], day)
    if len(found) != 1:
        return False, False
    named = _CODE.findall(found[0].fix)
    valid = [record for name in named if (record := library.find(name)) and record.valid]
    return True, bool(valid)


def excludes1_rows(codes: Codes, each: int, chance: random.Random) -> list[tuple[str, str, str]]:
    """Recall on the Tabular's own pairs and how often unrelated codes are flagged."""
    tried = flagged = 0
    for pair in codes.excluded(each, chance):
        tried += 1
        flagged += bool(check(codes.library, pair, day=DAY, setting=OUT, rules=EXCLUDES1))
    count = 20_000
    wrong = sum(
        bool(
            check(
                codes.library, chance.sample(codes.valid, 2), day=DAY, setting=OUT, rules=EXCLUDES1
            )
        )
        for _ in range(count)
    )
    return [
        (f"Excludes1 pairs flagged (of {tried:,})", f"{flagged / tried:.2%}", "99 %"),
        (f"random pairs flagged (of {count:,})", f"{wrong / count:.2%}", "1 % at most"),
    ]


def validity_rows(
    codes: Codes, earlier: Codes, count: int, chance: random.Random
) -> list[tuple[str, str, str]]:
    """Valid codes accepted, near-misses refused, and how many refusals name a valid code."""
    library = codes.library
    blocked = sum(
        bool(findings(library, codes.valid[at : at + 500], DAY))
        for at in range(0, len(codes.valid), 500)
    )
    rows = [(f"valid codes accepted (of {len(codes.valid):,})", f"{1 - blocked:.2%}", "100 %")]
    misses: dict[str, list[tuple[Library, str, date]]] = {}
    for kind, slip in codes.near_misses(count, chance):
        misses.setdefault(kind, []).append((library, slip, DAY))
    misses["deleted code"] = [(library, old.code, DAY) for old in library.retired_codes()]
    new = [code for code in codes.valid if code not in earlier.known]
    misses["not yet in force"] = [(earlier.library, code, EARLIER) for code in new]
    for kind, made in misses.items():
        results = [refused(*one) for one in made]
        right = sum(said for said, _ in results)
        helped = sum(near for _, near in results)
        figure = f"{right / len(made):.2%}, {helped / len(made):.2%} with a valid code to use"
        rows.append((f"{kind} refused (of {len(made):,})", figure, "100 %"))
    return rows


def speed_rows(
    store: ReleaseStore, codes: Codes, chance: random.Random
) -> list[tuple[str, str, str]]:
    """Time of ``check`` over 25 codes with all that is installed: findings and their order.

    Codes new to the process and known to it; the very first list loads what the rules are made of.
    """
    lists = [tuple(chance.sample(codes.valid, 25)) for _ in range(100)]
    times = []
    first = 0.0
    for _ in range(2):
        spent = []
        for listed in lists:
            started = time.perf_counter()
            check_codes(store, CheckRequest(listed, DAY))
            spent.append((time.perf_counter() - started) * 1000)
        first = first or spent[0]
        times.append(f"{median(spent):.1f} / {percentile(spent, 0.95):.1f} ms")
    return [
        ("first check of the process", f"{first:.1f} ms", ""),
        ("check of 25 codes not met before, p50 / p95", times[0], "20 ms"),
        ("check of 25 codes met before, p50 / p95", times[1], "20 ms"),
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, help="a folder that already holds the releases")
    parser.add_argument("--pairs", type=int, default=2, help="pairs tried per reference")
    parser.add_argument("--slips", type=int, default=1000, help="near-misses of each kind")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = ReleaseStore(chosen.home or Path(folder))
        store.ensure_default()
        codes = Codes(store.library_for(System.ICD10CM, DAY))
        earlier = Codes(store.library_for(System.ICD10CM, EARLIER))
        chance = random.Random(SEED)
        rows = speed_rows(store, codes, chance)
        rows += excludes1_rows(codes, chosen.pairs, chance)
        rows += validity_rows(codes, earlier, chosen.slips, chance)
        store.close()
    show("Codecite: the coding rules", rows)


if __name__ == "__main__":
    main()
