"""A small BERT sentence encoder in numpy: embeds a question without the training stack.

It reads a sentence-transformers folder (``config.json``, ``tokenizer.json``, ``model.safetensors``,
mean pooling, L2 normalisation) and gives the vectors sentence-transformers gives, to about 1e-6.
Importing torch costs seconds; this costs the mapping of one file. Weights stay memory-mapped, so
only the rows of the word table that a text uses are read.
"""

from __future__ import annotations

import json
import mmap
from typing import TYPE_CHECKING, Any

from retrieval.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float32]

WEIGHTS = "model.safetensors"
_MAX_HEADER = 100_000_000


def read_json(path: Path) -> Any:
    """The parsed JSON file. Raises ModelError when it is missing or not JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"The embedding model's {path} cannot be read.") from error


def is_light(folder: Path) -> bool:
    """Whether ``folder`` holds a plain BERT with mean pooling that ``LightEncoder`` can run."""
    names = ("config.json", "modules.json", "tokenizer.json", WEIGHTS, "1_Pooling/config.json")
    if not all((folder / name).is_file() for name in names):
        return False
    config = read_json(folder / "config.json")
    modules = [
        str(entry.get("type", "")).rsplit(".", 1)[-1]
        for entry in read_json(folder / "modules.json")
    ]
    pooling = read_json(folder / "1_Pooling/config.json")
    return (
        config.get("model_type") == "bert"
        and config.get("hidden_act") == "gelu"
        and config.get("position_embedding_type", "absolute") == "absolute"
        and modules == ["Transformer", "Pooling", "Normalize"]
        and _mean_only(pooling)
    )


def _mean_only(pooling: dict[str, Any]) -> bool:
    if "pooling_mode" in pooling:
        return pooling["pooling_mode"] in ("mean", ["mean"])
    on = [name for name, value in pooling.items() if name.startswith("pooling_mode") and value]
    return on == ["pooling_mode_mean_tokens"]


def map_weights(path: Path) -> dict[str, Array]:
    """Float32 views into a memory-mapped safetensors file, by tensor name.

    Half-precision tensors are widened. Raises ModelError on a file of another format.
    """
    import numpy as np

    kinds: dict[str, np.dtype[Any]] = {"F32": np.dtype("<f4"), "F16": np.dtype("<f2")}
    try:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        size = int.from_bytes(mapped[:8], "little")
        if size > min(_MAX_HEADER, len(mapped)):
            raise ValueError("header")
        header = json.loads(mapped[8 : 8 + size])
    except (OSError, ValueError) as error:
        raise ModelError(f"The embedding model's weights {path} cannot be read.") from error
    tensors: dict[str, Array] = {}
    for name, entry in header.items():
        if name == "__metadata__" or entry["dtype"] not in kinds:
            continue
        kind = kinds[entry["dtype"]]
        first, last = entry["data_offsets"]
        flat = np.frombuffer(mapped, kind, (last - first) // kind.itemsize, 8 + size + first)
        tensors[name] = flat.reshape(entry["shape"]).astype(np.float32, copy=False)
    return tensors


def fitting(tuned: dict[str, Array], own: dict[str, Array], path: Path) -> dict[str, Array]:
    """``tuned``, when each tensor replaces one of ``own`` in its shape; else ModelError."""
    for name, tensor in tuned.items():
        if name not in own or own[name].shape != tensor.shape:
            raise ModelError(f"The tuned weights {path} do not fit the embedding model: {name}.")
    return tuned


class LightEncoder:
    """The forward pass of a sentence-transformers BERT folder, in float32 numpy.

    ``tuned`` is a safetensors file with tensors to use instead of the folder's own of these names.
    Safe to share between threads: nothing is written after construction.
    """

    def __init__(self, folder: Path, tuned: Path | None = None) -> None:
        from threadpoolctl import ThreadpoolController
        from tokenizers import Tokenizer

        # One question's matrices are small: a second BLAS thread only waits for the first, and on
        # a busy machine that waiting made a product take fifteen milliseconds instead of one.
        ThreadpoolController().limit(limits=1, user_api="blas")
        if not is_light(folder):
            raise ModelError(f"{folder} is not a plain BERT with mean pooling.")
        config = read_json(folder / "config.json")
        limit = read_json(folder / "sentence_bert_config.json").get("max_seq_length") or 512
        self._heads = int(config["num_attention_heads"])
        self._layers = int(config["num_hidden_layers"])
        self._epsilon = float(config["layer_norm_eps"])
        self.dimension = int(config["hidden_size"])
        self._weights = map_weights(folder / WEIGHTS)
        if tuned is not None:
            self._weights |= fitting(map_weights(tuned), self._weights, tuned)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(
            max_length=min(int(limit), int(config["max_position_embeddings"]))
        )

    def encode(self, texts: Sequence[str]) -> Array:
        """Unit vectors, shape (len(texts), dimension), one text at a time."""
        import numpy as np

        vectors = np.empty((len(texts), self.dimension), np.float32)
        for row, encoding in enumerate(self._tokenizer.encode_batch(list(texts))):
            vectors[row] = self._pool(np.asarray(encoding.ids, np.int64))
        return vectors

    def _pool(self, ids: NDArray[np.int64]) -> Array:
        import numpy as np

        hidden = self._embed(ids)
        for layer in range(self._layers):
            hidden = self._block(f"encoder.layer.{layer}.", hidden)
        mean = hidden.mean(axis=0)
        pooled: Array = mean / max(float(np.linalg.norm(mean)), 1e-12)
        return pooled

    def _embed(self, ids: NDArray[np.int64]) -> Array:
        weights = self._weights
        total = (
            weights["embeddings.word_embeddings.weight"][ids]
            + weights["embeddings.position_embeddings.weight"][: len(ids)]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        return self._normalise("embeddings.LayerNorm.", total)

    def _block(self, name: str, hidden: Array) -> Array:
        attended = self._attend(name + "attention.self.", hidden)
        attended = self._dense(name + "attention.output.dense.", attended)
        hidden = self._normalise(name + "attention.output.LayerNorm.", attended + hidden)
        inner = gelu(self._dense(name + "intermediate.dense.", hidden))
        outer = self._dense(name + "output.dense.", inner)
        return self._normalise(name + "output.LayerNorm.", outer + hidden)

    def _attend(self, name: str, hidden: Array) -> Array:
        import numpy as np

        length, width = hidden.shape
        shape = (length, self._heads, width // self._heads)
        query, key, value = (
            self._dense(f"{name}{part}.", hidden).reshape(shape).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 2, 1) / np.float32(np.sqrt(shape[2]))
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        mixed: Array = (scores @ value).transpose(1, 0, 2).reshape(length, width)
        return mixed

    def _dense(self, name: str, values: Array) -> Array:
        result: Array = values @ self._weights[name + "weight"].T + self._weights[name + "bias"]
        return result

    def _normalise(self, name: str, values: Array) -> Array:
        import numpy as np

        centred = values - values.mean(axis=-1, keepdims=True)
        variance = np.square(centred).mean(axis=-1, keepdims=True)
        scaled: Array = centred / np.sqrt(variance + np.float32(self._epsilon))
        return scaled * self._weights[name + "weight"] + self._weights[name + "bias"]


def gelu(values: Array) -> Array:
    """The exact (erf) GELU that BERT was trained with.

    erf by Abramowitz and Stegun 7.1.26, whose error stays below 1.5e-7: numpy has no erf, and
    scipy would cost more to import than the whole forward pass.
    """
    import numpy as np

    scaled = np.abs(values) * np.float32(0.7071067811865476)
    step = 1 / (1 + np.float32(0.3275911) * scaled)
    series = step * (
        0.254829592
        + step * (-0.284496736 + step * (1.421413741 + step * (-1.453152027 + step * 1.061405429)))
    )
    error = np.copysign(1 - series * np.exp(-scaled * scaled), values)
    result: Array = np.float32(0.5) * values * (1 + error)
    return result
