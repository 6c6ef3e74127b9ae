from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest

from retrieval.embedding import packaged_model
from retrieval.encoder import LightEncoder, gelu, is_light, map_weights
from retrieval.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path


def test_gelu_is_exact() -> None:
    from math import erf, sqrt

    values = np.linspace(-6, 6, 2001).astype(np.float32)
    exact = np.array([0.5 * v * (1 + erf(v / sqrt(2))) for v in values.tolist()])
    assert np.abs(gelu(values) - exact).max() < 1e-5


@pytest.mark.parametrize(
    ("file", "key", "value"),
    [
        ("config.json", "model_type", "mpnet"),
        ("config.json", "hidden_act", "relu"),
        ("1_Pooling/config.json", "pooling_mode_cls_token", True),
    ],
)
def test_another_architecture_is_left_to_sentence_transformers(
    tmp_path: Path, file: str, key: str, value: object
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(packaged_model(), folder)
    assert is_light(folder)
    path = folder / file
    path.write_text(json.dumps(json.loads(path.read_text()) | {key: value}))
    assert not is_light(folder)


def test_half_precision_tensors_are_widened(tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    save_file({"halves": np.array([0.5, -2], np.float16)}, tmp_path / "halves.safetensors")
    halves = map_weights(tmp_path / "halves.safetensors")["halves"]
    assert halves.dtype == np.float32
    assert halves.tolist() == [0.5, -2]


@pytest.mark.parametrize(
    ("name", "shape"),
    [("encoder.layer.5.output.dense.bias", (383,)), ("encoder.layer.9.output.dense.bias", (384,))],
)
def test_tensors_of_another_model_are_refused(
    tmp_path: Path, name: str, shape: tuple[int, ...]
) -> None:
    from safetensors.numpy import save_file

    path = tmp_path / "other.safetensors"
    save_file({name: np.zeros(shape, np.float16)}, path)
    with pytest.raises(ModelError, match=name):
        LightEncoder(packaged_model(), path)
