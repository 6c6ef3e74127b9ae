"""How well vectors alone find the code: exact cosine over official passages, no words, no rules.

Two kinds of rows: official pairs that training never saw, and labelled files of others' wording.
Labelled rows are only read here, to be reported; nothing is chosen by them within a run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codesets.models import NoteKind
from retrieval.evaluation import read_rows
from retrieval.training.pairs import PairSource

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from codesets.formats.tabular import Tabular
    from retrieval.training.pairs import Pair

    Array = NDArray[np.float32]
    Embed = Callable[[Sequence[str]], Array]

LABELLED = {
    "eicu_dx": "eicu_dx.jsonl",
    "doid_agree without overlap": "doid_agree.jsonl",
    "mondo_names without overlap": "mondo_names.jsonl",
}
_SEARCHED = (NoteKind.INCLUSION_TERM, NoteKind.INCLUDES)
_NEAREST = 400
_DEPTH = 10


@dataclass(frozen=True, slots=True)
class Question:
    """A wording and the undotted codes that are right for it."""

    text: str
    codes: tuple[str, ...]


def tabular_passages(book: Tabular) -> list[tuple[str, str]]:
    """(text, undotted code) of every title and of the notes that name conditions coded there."""
    found = []
    for record in book.records:
        if record.element == "diag":
            code = record.code.replace(".", "")
            found.append((record.title, code))
            found += [
                (note.text, code)
                for note in record.notes
                if note.kind in _SEARCHED and note.text.strip()
            ]
    return found


def index_passages(pairs: Sequence[Pair]) -> list[tuple[str, str]]:
    """(path as printed, undotted code) of the Alphabetic Index's coded paths."""
    return [(pair.wordings[0], pair.code) for pair in pairs if pair.source is PairSource.INDEX]


def labelled_questions(folder: Path) -> dict[str, list[Question]]:
    """Rows of the labelled files in ``folder``; those of ontologies only where wording differs."""
    return {
        name: [
            Question(row.text, tuple(code.replace(".", "") for code in row.codes))
            for row in read_rows(folder / file)
            if "overlap" not in name or row.fields.get("tabular_overlap") == "none"
        ]
        for name, file in LABELLED.items()
    }


def hits(
    embed: Embed,
    passages: Sequence[tuple[str, str]],
    questions: dict[str, list[Question]],
    valid: frozenset[str],
) -> dict[str, tuple[float, float]]:
    """(hit@1, hit@10) by kind of question, codes ranked by their nearest passage.

    A hit is a right code, or a code under a right one that is not itself ``valid``. A kind without
    questions is left out.
    """
    codes = [code for _, code in passages]
    vectors = embed([text for text, _ in passages])
    found = {}
    for name, asked in questions.items():
        if not asked:
            continue
        scores = embed([question.text for question in asked]) @ vectors.T
        places = [
            _place(ranked_codes(row, codes), question.codes, valid)
            for row, question in zip(scores, asked, strict=True)
        ]
        found[name] = (
            round(sum(place < 1 for place in places) / len(places), 4),
            round(sum(place < _DEPTH for place in places) / len(places), 4),
        )
    return found


def ranked_codes(scores: Array, codes: Sequence[str]) -> list[str]:
    """The ten best codes, each by its best passage."""
    import numpy as np

    best = np.argpartition(-scores, min(_NEAREST, len(scores) - 1))[:_NEAREST]
    best = best[np.argsort(-scores[best], kind="stable")]
    return list(dict.fromkeys(codes[number] for number in best))[:_DEPTH]


def _place(ranked: list[str], right: tuple[str, ...], valid: frozenset[str]) -> int:
    for place, code in enumerate(ranked):
        if any(code == one or (code.startswith(one) and one not in valid) for one in right):
            return place
    return _DEPTH
