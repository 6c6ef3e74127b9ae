from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest

from retrieval.embedding import PACKAGED_SHA256, Embedder, has_fast_bfloat16, packaged_model
from retrieval.encoder import LightEncoder, gelu, is_light
from retrieval.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = [
    "type 2 diabetes mellitus with diabetic chronic kidney disease",
    "AKI",
    "a",
    "",
    "😀",
    "Ménière's disease, bilateral; café-au-lait spots",
    "fracture " * 400,
    "I10",
]


def test_the_packaged_weights_are_the_published_ones() -> None:
    assert Embedder().weights_sha256 == PACKAGED_SHA256


def test_light_vectors_are_those_of_sentence_transformers() -> None:
    embedder = Embedder()
    reference = embedder._heavy.encode(TEXTS, normalize_embeddings=True)
    light = LightEncoder(packaged_model()).encode(TEXTS)
    assert np.abs(light - reference).max() < 1e-5


def test_bulk_vectors_are_close_to_query_vectors_whatever_the_precision() -> None:
    embedder = Embedder()
    texts = [*TEXTS, *(f"{text} {number}" for text in TEXTS[:3] for number in range(30))]
    kept: dict[int, np.ndarray] = {}
    seen: list[tuple[str, int, int]] = []
    bulk = embedder.bulk(
        texts,
        lambda *state: seen.append(state),
        lambda rows, block: kept.update(dict(zip(rows, block, strict=True))),
    )
    light = LightEncoder(packaged_model()).encode(texts)
    assert (bulk * light).sum(axis=1).min() > 0.999
    assert sorted(kept) == list(range(len(texts)))
    assert all((kept[row] == bulk[row]).all() for row in kept)
    assert seen[-1] == ("embed", len(texts), len(texts))


def test_a_question_is_embedded_as_langchain_expects() -> None:
    embedder = Embedder()
    one = embedder.embed_query("hypertension")
    many = embedder.embed_documents(["hypertension", "asthma"])
    assert len(one) == embedder.dimension == 384
    assert many[0] == pytest.approx(one)
    assert sum(value * value for value in one) == pytest.approx(1.0, abs=1e-5)


def test_gelu_is_exact() -> None:
    from math import erf, sqrt

    values = np.linspace(-6, 6, 2001).astype(np.float32)
    exact = np.array([0.5 * v * (1 + erf(v / sqrt(2))) for v in values.tolist()])
    assert np.abs(gelu(values) - exact).max() < 1e-5


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nowhere"):
        Embedder(tmp_path / "nowhere")


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


def test_a_changed_model_has_another_fingerprint(tmp_path: Path) -> None:
    folder = tmp_path / "tuned"
    shutil.copytree(packaged_model(), folder)
    weights = folder / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    assert Embedder(folder).fingerprint != Embedder().fingerprint
    assert Embedder(folder).name == "tuned"


def test_damaged_packaged_weights_are_refused(tmp_path: Path, monkeypatch) -> None:
    folder = tmp_path / "model"
    shutil.copytree(packaged_model(), folder)
    (folder / "model.safetensors").write_bytes(b"damaged")
    monkeypatch.setattr("retrieval.embedding.packaged_model", lambda: folder)
    with pytest.raises(ModelError, match="reinstall"):
        _ = Embedder().fingerprint


def test_the_processor_is_read_from_what_linux_says(tmp_path: Path) -> None:
    (tmp_path / "new").write_text("processor: 0\nflags\t\t: fpu avx512f avx512_bf16\n")
    (tmp_path / "old").write_text("processor: 0\nflags\t\t: fpu avx512f\n")
    assert has_fast_bfloat16(tmp_path / "new")
    assert not has_fast_bfloat16(tmp_path / "old")
    assert not has_fast_bfloat16(tmp_path / "absent")
