"""Notes by a writer who never saw the recognizers, each set scored once before it was read.

Recall at first sight, in the order of reading: 0.918 on set 1 with the recognizers as they were,
0.821 on 2 (names that are ordinary words), 0.857 on 3 (machine formats), 0.867 on 4 (social and
legal papers), 0.852 on 5 (reports of specialties) and 0.922 on 6 (everything, the last one). After
each the principle behind the misses was mended, never a value, so none of them is unseen any more;
the floors below hold what is reached now. One note of every template stands here.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot import phi

FOLDER = Path(__file__).parent
ROWS = [json.loads(line) for line in (FOLDER / "phi_blind.jsonl").read_text().splitlines()]
CLINICAL = [
    line
    for name in ("phi_blind_clinical_1to3.txt", "phi_blind_clinical_4to6.txt")
    for line in (FOLDER / name).read_text().splitlines()
]
WORD = re.compile(r"[^\W\d_][\w'’\-]*")


def covered(text: str) -> bytearray:
    taken = bytearray(len(text))
    for item in phi.find(text):
        taken[item.start : item.end] = b"\1" * (item.end - item.start)
    return taken


def test_the_sets_are_large_enough() -> None:
    assert len(ROWS) >= 110
    assert sum(len(row["identifiers"]) for row in ROWS) >= 1700
    assert len({kind for row in ROWS for _, _, kind in row["identifiers"]}) >= 15
    assert len(set(CLINICAL)) >= 700


@pytest.mark.parametrize("number", range(1, 7))
def test_identifiers_are_found_and_hardly_anything_else(number: int) -> None:
    found, missed, lost, others = 0, [], 0, 0
    for row in (row for row in ROWS if row["set"] == number):
        text, taken = row["text"], covered(row["text"])
        labelled = bytearray(len(text))
        for start, end, kind in row["identifiers"]:
            labelled[start:end] = b"\1" * (end - start)
            if all(taken[at] or not text[at].isalnum() for at in range(start, end)):
                found += 1
            else:
                missed.append((kind, text[start:end]))
        for word in WORD.finditer(text):
            if not any(labelled[word.start() : word.end()]):
                others += 1
                lost += any(taken[word.start() : word.end()])
    assert found / (found + len(missed)) >= 0.98, missed
    assert lost / others <= 0.02


@pytest.mark.parametrize("start", range(0, 720, 120))
def test_no_clinical_line_is_touched(start: int) -> None:
    assert not [line for line in CLINICAL[start : start + 120] if phi.find(line)]
