"""What the two searches found for a question, as arrays: one row a passage, one column a feature.

Every passage that either search put in its pool, for any wording of the question, is compared with
every wording in both ways, so that nothing depends on which search found it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.conventions import CONVENTIONS, MOST, Reading
from retrieval.traits import Trait

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from retrieval.index import VectorIndex
    from retrieval.rewriting import Variant

    Floats = NDArray[np.float32]
    Ints = NDArray[np.int64]

NEAR = 100
"""Passages taken from the vector search for each wording, and from the word search."""
_SHARP = 0.05
"""How fast a neighbour's vote fades with its distance: a cosine 0.05 lower counts 1/e."""
FEATURES = (
    "cosine",
    "words",
    "covered",
    "said",
    "exact",
    "vote",
    "category_vote",
    "open",
    "other",
    "convention",
    "unsaid",
    "missing",
    "title",
    "index",
    "table",
    "cause",
    "valid",
    "category",
    "main",
    "default_title",
    "numbers",
    "numbers_missing",
    "guess",
)
COLUMN = {name: place for place, name in enumerate(FEATURES)}


@dataclass(frozen=True, slots=True)
class Evidence:
    """One question's pool. ``values`` has a row a passage and a column for each of ``FEATURES``.

    ``wording`` is the variant under which a passage fits best; ranks count from 1, 0 for none.
    """

    numbers: Ints
    values: Floats
    wording: Ints
    lexical_rank: Ints
    dense_rank: Ints
    lowered: Ints


def gather(index: VectorIndex, wordings: Sequence[Variant], vectors: Floats) -> Evidence:
    """The pool for a question worded as ``wordings``, with the vectors of the first of them.

    ``vectors`` may have fewer rows than there are wordings: the others are searched by words only.
    """
    import numpy as np

    questions = [index.lexical.score(wording.text) for wording in wordings]
    near = index.nearest(vectors, NEAR)
    best = [question.best(NEAR) for question in questions]
    numbers = np.unique(np.concatenate([*near, *best]))
    cosines = index.similarities(vectors, numbers)
    hits = [question.at(numbers) for question in questions]
    words = np.stack([hit.score for hit in hits])
    weights = np.array([wording.weight for wording in wordings], np.float32)[:, None]
    joint = np.full_like(words, -1.0)
    count = len(vectors)
    joint[:count] = (cosines + 0.25 * words[:count]) * weights[:count]
    joint[count:] = (cosines.max(axis=0) + 0.25 * words[count:]) * weights[count:]
    chosen = joint.argmax(axis=0)
    columns = np.arange(len(numbers))

    def pick(name: str) -> Floats:
        picked: Floats = np.stack([getattr(hit, name) for hit in hits])[chosen, columns]
        return picked

    flags = np.asarray(index.traits.flags[numbers])
    weight = weights[chosen, 0]
    values = np.zeros((len(numbers), len(FEATURES)), np.float32)
    full = np.concatenate([cosines, np.repeat(cosines.max(axis=0)[None], len(hits) - count, 0)])
    cosine = full[chosen, columns] * weight
    overlap = words[chosen, columns]
    reading = Reading(" ; ".join(wording.text for wording in wordings))
    rules = np.asarray(index.traits.rules[numbers])
    lowered, conventions = _conventions(reading, rules, overlap)
    columns_by_name = {
        "cosine": cosine,
        "words": overlap * weight,
        "covered": pick("covered") * weight,
        "said": pick("said"),
        "exact": (overlap > 0.999) * weight,
        "vote": _votes(cosine, np.asarray(index.traits.code_numbers[numbers])),
        "category_vote": _votes(cosine, _categories(index, numbers)),
        "open": ((flags & int(Trait.OPEN)) > 0) * pick("covered"),
        "other": (flags & int(Trait.OTHER)) > 0,
        "convention": conventions,
        "unsaid": np.minimum(pick("unsaid"), 20) / 10,
        "missing": np.minimum(pick("missing"), 20) / 10,
        "title": (flags & int(Trait.TITLE)) > 0,
        "index": (flags & int(Trait.INDEX)) > 0,
        "table": (flags & int(Trait.TABLE)) > 0,
        "cause": (flags & int(Trait.CAUSE)) > 0,
        "valid": (flags & int(Trait.VALID)) > 0,
        "category": (flags & int(Trait.CATEGORY)) > 0,
        "main": (flags & int(Trait.MAIN)) > 0,
        "default_title": ((flags & int(Trait.DEFAULT_TITLE)) > 0) * pick("covered"),
        "numbers": np.minimum(pick("figures"), 2),
        "numbers_missing": np.minimum(pick("figures_missing"), 2),
        "guess": weight < 0.98,
    }
    for place, name in enumerate(FEATURES):
        values[:, place] = columns_by_name[name]
    return Evidence(numbers, values, chosen, _ranks(numbers, best), _ranks(numbers, near), lowered)


def _ranks(numbers: Ints, lists: Sequence[Ints]) -> Ints:
    """The best place of each number in any of the lists, from 1; 0 where it is in none."""
    import numpy as np

    ranks = np.zeros(len(numbers), np.int64)
    for found in lists:
        places = np.searchsorted(numbers, found)
        fresh = np.arange(1, len(found) + 1)
        held = ranks[places]
        ranks[places] = np.where((held == 0) | (fresh < held), fresh, held)
    return ranks


def _votes(cosine: Floats, groups: Ints) -> Floats:
    """What each passage's group gathers of all neighbours' votes, 0 to 1, near ones counting more.

    A code that many near wordings lead to is a likelier reading than one led to by a single one.
    """
    import numpy as np

    weight = np.exp((cosine - cosine.max()) / _SHARP)
    _, places = np.unique(groups, return_inverse=True)
    sums = np.bincount(places, weights=weight)
    return np.asarray(sums[places] / weight.sum(), np.float32)


def _categories(index: VectorIndex, numbers: Ints) -> Ints:
    return index.traits.categories[index.traits.code_numbers[numbers]]


def _conventions(
    reading: Reading, rules: NDArray[np.int32], overlap: Floats
) -> tuple[Ints, Floats]:
    """The bits of the conventions that lower each passage, and by how much they do."""
    import numpy as np

    bits = np.zeros(len(rules), np.int64)
    total = np.zeros(len(rules), np.float32)
    for place, rule in enumerate(CONVENTIONS):
        if rule not in reading.silent:
            continue
        concerned = (rules >> place) & 1
        bits |= concerned.astype(np.int64) << place
        total += concerned * rule.weight * (1.0 if rule.always else 1.0 - overlap)
    return bits, np.minimum(total, MOST)
