"""BERT layers over texts laid end to end, without padding: half the work on short phrases.

Parameters keep the names that the packaged weights file gives them, so trained tensors can be
saved and loaded by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from retrieval.embedding import has_fast_bfloat16

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_EPSILON = 1e-12
_LINEAR = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
_NORMS = ("attention.output.LayerNorm", "output.LayerNorm")


def fast_products() -> Any:
    """A context with bfloat16 products, where the processor has them."""
    return torch.autocast("cpu", torch.bfloat16, enabled=has_fast_bfloat16())


def unpadded_positions(lengths: Any) -> tuple[Any, Any]:
    """(text number, position in the text) of every token of texts laid end to end."""
    text = torch.repeat_interleave(torch.arange(len(lengths)), lengths)
    starts = torch.cumsum(lengths, 0) - lengths
    return text, torch.arange(int(lengths.sum())) - starts[text]


class Block(nn.Module):
    """One layer, built from the packaged weights; ``prefix`` is its name there."""

    def __init__(self, weights: Mapping[str, Any], number: int, heads: int) -> None:
        super().__init__()
        self.prefix = f"encoder.layer.{number}."
        self.heads = heads
        self.parts = nn.ParameterDict()
        for name in (*_LINEAR, *_NORMS):
            for kind in ("weight", "bias"):
                full = f"{name}.{kind}"
                self.parts[full.replace(".", "/")] = nn.Parameter(
                    weights[self.prefix + full].clone()
                )
        self.width = int(self.parts["output/dense/bias"].shape[0])

    def named(self) -> dict[str, Any]:
        """The layer's tensors by their name in the weights file."""
        return {self.prefix + name.replace("/", "."): part for name, part in self.parts.items()}

    def forward(self, hidden: Any, lengths: Any) -> Any:
        """Shape (tokens, width) in and out; ``lengths`` says where each text ends."""
        hidden = self._norm(_NORMS[0], self._attend(hidden, lengths) + hidden)
        inner = nn.functional.gelu(self._dense("intermediate.dense", hidden))
        return self._norm(_NORMS[1], self._dense("output.dense", inner) + hidden)

    def _attend(self, hidden: Any, lengths: Any) -> Any:
        text, position = unpadded_positions(lengths)
        count, longest = len(lengths), int(lengths.max())
        shape = (count, longest, self.heads, self.width // self.heads)

        def padded(name: str) -> Any:
            values = self._dense(f"attention.self.{name}", hidden)
            room = values.new_zeros(count, longest, self.width)
            return room.index_put((text, position), values).view(shape).transpose(1, 2)

        seen = (torch.arange(longest) < lengths[:, None])[:, None, None, :]
        mixed = nn.functional.scaled_dot_product_attention(
            padded("query"), padded("key"), padded("value"), attn_mask=seen
        )
        flat = mixed.transpose(1, 2).reshape(count, longest, self.width)[text, position]
        return self._dense("attention.output.dense", flat)

    def _dense(self, name: str, values: Any) -> Any:
        key = name.replace(".", "/")
        return nn.functional.linear(values, self.parts[key + "/weight"], self.parts[key + "/bias"])

    def _norm(self, name: str, values: Any) -> Any:
        key = name.replace(".", "/")
        return nn.functional.layer_norm(
            values.float(),
            (self.width,),
            self.parts[key + "/weight"],
            self.parts[key + "/bias"],
            _EPSILON,
        )


def blocks_from(weights: Mapping[str, Any], numbers: Iterable[int], heads: int) -> list[Block]:
    """Layers by number, counted from 0 at the bottom."""
    return [Block(weights, number, heads) for number in numbers]


class TopLayers(nn.Module):
    """The trained layers, mean pooling and normalisation: token states in, unit vectors out."""

    def __init__(self, weights: Mapping[str, Any], numbers: Iterable[int], heads: int) -> None:
        super().__init__()
        self.layers = blocks_from(weights, numbers, heads)
        self.blocks = nn.ModuleList(self.layers)  # so that torch finds their parameters

    def named(self) -> dict[str, Any]:
        """Every trained tensor by its name in the weights file."""
        return {name: part for block in self.layers for name, part in block.named().items()}

    def forward(self, hidden: Any, lengths: Any) -> Any:
        """Shape (texts, width), float32."""
        for block in self.layers:
            hidden = block(hidden, lengths)
        text, _ = unpadded_positions(lengths)
        hidden = hidden.float()
        total = hidden.new_zeros(len(lengths), hidden.shape[1]).index_add(0, text, hidden)
        return nn.functional.normalize(total / lengths[:, None], dim=1)
