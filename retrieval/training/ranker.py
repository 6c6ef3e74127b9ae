"""Learn the ranker's weights from official files only, reproducibly, with one command.

    python -m retrieval.training.ranker --data ../shared/data --out retrieval/ranker.json

Entries of the Alphabetic Index and inclusion terms of the Tabular are the questions. What an entry
says itself, and every other passage worded the same, is held out of the pool; the code it leads to
must come first among everything else. The weights maximise the likelihood of that (a softmax over
the pool), with a penalty on their distance from a prior that says what coders know: the words and
the meaning must agree, "other" comes late, chapters have conventions. Without the prior the weights
fit official wording only and place fewer right codes among the first ten. No labelled row is read.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codesets.installing import install
from codesets.models import System
from codesets.releases import ReleaseStore
from retrieval.embedding import Embedder
from retrieval.evidence import COLUMN, FEATURES, gather
from retrieval.index import VectorIndex
from retrieval.passages import PassageKind
from retrieval.rewriting import variants
from retrieval.settling import default_below
from retrieval.traits import Trait
from retrieval.wordings import wording_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from codesets.library import Library

    Floats = NDArray[np.float32]

SEED = 20261001
QUESTIONS = 2500
DAY = date(2026, 10, 1)
SHARPNESS = 15.0
"""A score that is higher by 1/15 makes a code e times as likely to be right."""
PENALTY = 20.0
HELD_IN = 0.2
"""Share of questions whose own passage stays, so that saying the very words is worth something."""
PRIOR = {
    "cosine": 0.8,
    "words": 0.2,
    "vote": 0.15,
    "category_vote": 0.08,
    "open": 0.012,
    "other": -0.03,
    "numbers": -0.1,
    "numbers_missing": -0.15,
    "convention": -1.0,
}
FIXED = ("convention", "cause", "guess", "numbers", "numbers_missing")
"""Features that official wording cannot teach: it never leaves out what a chapter asks for, and an
entry whose type or stage is another number is mostly held out with its own kind.
"""
_ASKED = (PassageKind.INDEX, PassageKind.INCLUSION_TERM)


def questions(index: VectorIndex, count: int) -> list[tuple[int, str]]:
    """Numbers and wordings of ``count`` passages to ask for, spread over the files."""
    import numpy as np

    other = int(Trait.OTHER | Trait.OPEN)
    numbers = np.flatnonzero((np.asarray(index.traits.flags) & other) == 0).tolist()
    choice = random.Random(SEED)  # noqa: S311  # a seeded sample, not a secret
    choice.shuffle(numbers)
    found: list[tuple[int, str]] = []
    for start in range(0, len(numbers), 1000):
        for number, passage in index.store.by_number(numbers[start : start + 1000]).items():
            words = wording_of(passage).spoken
            if passage.kind in _ASKED and 1 <= len(words.split()) <= 12:
                found.append((number, words.casefold()))
        if len(found) >= count:
            break
    return found[:count]


def examples(
    index: VectorIndex, library: Library, embedder: Embedder, asked: list[tuple[int, str]]
) -> list[tuple[Floats, NDArray[np.bool_]]]:
    """For each question the features of its pool, and which rows lead to the right code."""
    import numpy as np

    wanted = {number: index.traits.codes[index.traits.code_numbers[number]] for number, _ in asked}
    made = []
    for place, (number, words) in enumerate(asked):
        wordings = variants(words)[:5]
        vectors = embedder.vectors([each.text for each in wordings if each.whole][:3])
        pool = gather(index, wordings, vectors)
        keep = np.ones(len(pool.numbers), bool)
        if (place * 7919) % 100 >= HELD_IN * 100:
            same = (pool.values[:, COLUMN["exact"]] > 0) | (
                pool.values[:, COLUMN["cosine"]] > 0.9995
            )
            keep &= ~same & (pool.numbers != number)
        codes = index.traits.code_numbers[pool.numbers]
        target = default_below(library, wanted[number])
        right = np.array(
            [default_below(library, index.traits.codes[code]) == target for code in codes.tolist()]
        )
        if right[keep].any() and not right[keep].all():
            made.append((pool.values[keep], right[keep]))
    return made


def fit(made: list[tuple[Floats, NDArray[np.bool_]]]) -> Floats:
    """The weights under which right rows are likeliest, by L-BFGS from the prior."""
    import numpy as np
    from scipy.optimize import minimize  # type: ignore[import-untyped]  # ships no types

    values = np.concatenate([rows for rows, _ in made]).astype(np.float64)
    right = np.concatenate([flags for _, flags in made])
    starts = np.cumsum([0, *(len(rows) for rows, _ in made)])[:-1]
    sizes = np.diff([*starts, len(values)])
    prior = np.array([PRIOR.get(name, 0.0) * SHARPNESS for name in FEATURES])
    free = np.array([name not in FIXED for name in FEATURES])

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = values @ weights
        top = np.maximum.reduceat(scores, starts)
        mass = np.exp(scores - np.repeat(top, sizes))
        everyone = np.add.reduceat(mass, starts)
        correct = np.add.reduceat(mass * right, starts) + 1e-12
        share = mass / np.repeat(everyone, sizes) - mass * right / np.repeat(correct, sizes)
        away = weights - prior
        gradient = (values.T @ share + PENALTY * away) * free
        return float(np.log(everyone / correct).sum() + PENALTY / 2 * away @ away), gradient

    found = minimize(loss, prior, jac=True, method="L-BFGS-B")
    return np.asarray(found.x / SHARPNESS, np.float32)


def rounded(weights: Floats) -> tuple[dict[str, float], float]:
    """The weights to write, and the constant that puts a passage that says the very words at 1."""
    named = {name: round(float(weights[COLUMN[name]]), 4) for name in FEATURES}
    perfect = sum(named[name] for name in ("cosine", "words", "covered", "said", "exact"))
    shared = (named["vote"] + named["category_vote"]) / 2
    return named, round(1.0 - perfect - shared, 4)


def main() -> None:
    """Install the official files, build their index, learn, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of official files")
    parser.add_argument("--out", type=Path, required=True, help="the JSON file to write")
    parser.add_argument("--home", type=Path, help="keep or reuse the built index here")
    parser.add_argument("--questions", type=int, default=QUESTIONS)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        document = train(chosen.data, chosen.home or Path(scratch), chosen.questions)
    chosen.out.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def train(data: Path, home: Path, count: int) -> dict[str, Any]:
    """The document to write: weights, constant, and how they came about."""
    store = ReleaseStore(home)
    store.ensure_default()
    install([data], store)
    library = store.library_for(System.ICD10CM, DAY)
    embedder = Embedder()
    index = VectorIndex.build(home, library, embedder)
    made = examples(index, library, embedder, questions(index, count))
    weights, constant = rounded(fit(made))
    return {
        "what": "Weights of the features in retrieval/evidence.py; a score is their sum plus the "
        "constant, about 1 for a passage that says the very words.",
        "command": "python -m retrieval.training.ranker --data ../shared/data --out "
        "retrieval/ranker.json",
        "licence": "Learnt from CDC/NCHS and CMS files in the public domain (United States).",
        "model": hashlib.sha256(embedder.fingerprint.encode()).hexdigest()[:16],
        "sources": index.manifest.sources,
        "questions": len(made),
        "weights": weights,
        "constant": constant,
    }


if __name__ == "__main__":
    main()
