"""What the frozen lower layers make of each text, computed once: the input of the trained layers.

The lower layers are most of the cost of a training step and never change, so a few epochs over
cached states cost less than one epoch through the whole model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrieval.embedding import packaged_model
from retrieval.training.layers import blocks_from, fast_products, unpadded_positions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    Progress = Callable[[str, int, int], None]

MAX_TOKENS = 32
_BATCH = 256
_BLOCK = 8192


class HiddenStates:
    """Token vectors of texts after the frozen layers, float16, one text after the other.

    ``row(text)`` numbers a text; ``take(rows)`` gives the tokens of some texts, stacked, as a
    float32 tensor of shape (tokens, width), and their lengths.
    """

    def __init__(
        self, texts: Sequence[str], states: NDArray[np.float16], starts: NDArray[np.int64]
    ) -> None:
        self._rows = {text: number for number, text in enumerate(texts)}
        self._states = states
        self._starts = starts

    def __len__(self) -> int:
        return len(self._rows)

    def row(self, text: str) -> int:
        """The number of a text that was given."""
        return self._rows[text]

    def length(self, row: int) -> int:
        """How many tokens a text has."""
        return int(self._starts[row + 1] - self._starts[row])

    def take(self, rows: Sequence[int]) -> tuple[Any, Any]:
        """(tokens, lengths) of ``rows``."""
        import numpy as np
        import torch

        pieces = [self._states[self._starts[row] : self._starts[row + 1]] for row in rows]
        lengths = torch.tensor([len(piece) for piece in pieces])
        return torch.from_numpy(np.concatenate(pieces)).float(), lengths


def compute(
    texts: Sequence[str],
    weights: Mapping[str, Any],
    layers: int,
    heads: int,
    progress: Progress | None = None,
) -> HiddenStates:
    """Run the embeddings and the first ``layers`` layers, one at least, over distinct ``texts``."""
    import numpy as np
    import torch

    ids = _token_ids(texts)
    starts = np.concatenate([[0], np.cumsum([len(one) for one in ids])]).astype(np.int64)
    blocks = blocks_from(weights, range(layers), heads)
    states = np.empty((int(starts[-1]), blocks[0].width), np.float16)
    order = sorted(range(len(ids)), key=lambda row: len(ids[row]))
    for first in range(0, len(order), _BATCH):
        rows = order[first : first + _BATCH]
        lengths = torch.tensor([len(ids[row]) for row in rows])
        flat = torch.tensor([token for row in rows for token in ids[row]])
        with torch.no_grad(), fast_products():
            hidden = _embed(weights, flat, lengths)
            for block in blocks:
                hidden = block(hidden, lengths)
        at = 0
        values = hidden.to(torch.float16).numpy()
        for row in rows:
            size = len(ids[row])
            states[starts[row] : starts[row + 1]] = values[at : at + size]
            at += size
        if progress is not None:
            progress("states", first + len(rows), len(order))
    return HiddenStates(texts, states, starts)


def _token_ids(texts: Sequence[str]) -> list[list[int]]:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(packaged_model() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length=MAX_TOKENS)
    ids: list[list[int]] = []
    for first in range(0, len(texts), _BLOCK):
        some = list(texts[first : first + _BLOCK])
        ids += [encoding.ids for encoding in tokenizer.encode_batch(some)]
    return ids


def _embed(weights: Mapping[str, Any], ids: Any, lengths: Any) -> Any:
    import torch

    _, positions = unpadded_positions(lengths)
    total = (
        weights["embeddings.word_embeddings.weight"][ids]
        + weights["embeddings.position_embeddings.weight"][positions]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    scale = weights["embeddings.LayerNorm.weight"]
    shift = weights["embeddings.LayerNorm.bias"]
    return torch.nn.functional.layer_norm(total, scale.shape, scale, shift, 1e-12)
