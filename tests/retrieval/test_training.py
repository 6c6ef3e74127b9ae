from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs PyTorch, answering does not")

from safetensors.torch import load_file  # noqa: E402  # after the check that torch is there

from retrieval.embedding import packaged_model  # noqa: E402  # likewise
from retrieval.encoder import WEIGHTS, LightEncoder  # noqa: E402  # likewise
from retrieval.training.finetune import Settings, embedder, is_held_out, mix, save, train  # noqa: E402  # likewise
from retrieval.training.layers import TopLayers  # noqa: E402  # likewise
from retrieval.training.measure import Question, hits  # noqa: E402  # likewise
from retrieval.training.objective import batches, contrast, related  # noqa: E402  # likewise
from retrieval.training.pairs import Pair, PairSource  # noqa: E402  # likewise
from retrieval.training.states import HiddenStates, compute  # noqa: E402  # likewise

if TYPE_CHECKING:
    from pathlib import Path

TITLES = {
    "E109": "Type 1 diabetes mellitus without complications",
    "E119": "Type 2 diabetes mellitus without complications",
    "E1122": "Type 2 diabetes mellitus with diabetic chronic kidney disease",
    "I10": "Essential (primary) hypertension",
    "I219": "Acute myocardial infarction, unspecified",
    "J189": "Pneumonia, unspecified organism",
    "J449": "Chronic obstructive pulmonary disease, unspecified",
    "N179": "Acute kidney failure, unspecified",
}
WORDINGS = {
    "E109": ("juvenile diabetes", "brittle sugar sickness"),
    "E119": ("adult onset diabetes", "sweet urine of age"),
    "E1122": ("diabetic nephropathy", "sugar kidneys"),
    "I10": ("high blood pressure", "tension of the arteries"),
    "I219": ("heart attack", "coronary"),
    "J189": ("lung infection", "chest fever"),
    "J449": ("emphysematous bronchitis", "smoker's lung"),
    "N179": ("acute renal shutdown", "kidneys stopped"),
}
PAIRS = [Pair(words, TITLES[code], code, PairSource.INDEX) for code, words in WORDINGS.items()]


@pytest.fixture(scope="module")
def weights() -> dict[str, torch.Tensor]:
    torch.set_num_threads(1)
    return load_file(packaged_model() / WEIGHTS)


@pytest.fixture(scope="module")
def states(weights: dict[str, torch.Tensor]) -> HiddenStates:
    texts = [*TITLES.values(), *(form for words in WORDINGS.values() for form in words)]
    return compute(texts, weights, 5, 12)


def test_frozen_and_top_layers_together_are_the_packaged_model(
    weights: dict[str, torch.Tensor], states: HiddenStates
) -> None:
    vectors = embedder(states, TopLayers(weights, [5], 12))(list(TITLES.values()))
    reference = LightEncoder(packaged_model()).encode(list(TITLES.values()))
    assert (vectors * reference).sum(axis=1).min() > 0.9998


def test_training_moves_wordings_to_their_titles_and_repeats_exactly(
    weights: dict[str, torch.Tensor], states: HiddenStates
) -> None:
    settings = Settings(top=1, steps=15, batch=8, cluster=2, rate=1e-4)
    questions = {"own": [Question(word, (c,)) for c, words in WORDINGS.items() for word in words]}
    titles = [(title, code) for code, title in TITLES.items()]

    def tuned() -> tuple[TopLayers, dict[str, tuple[float, float]]]:
        torch.manual_seed(1)
        top = TopLayers(weights, [5], 12)
        train(PAIRS, states, top, settings, lambda line: None)
        return top, hits(embedder(states, top), titles, questions, frozenset(TITLES))

    plain = TopLayers(weights, [5], 12)
    before = hits(embedder(states, plain), titles, questions, frozenset(TITLES))["own"][0]
    top, after = tuned()
    again, _ = tuned()
    assert after["own"][0] > before
    assert all(torch.equal(part, again.named()[name]) for name, part in top.named().items())
    assert set(top.named()) <= set(weights)


@pytest.mark.parametrize(("blend", "value"), [(0.0, 1.0), (0.25, 1.5), (1.0, 3.0)])
def test_weights_are_mixed_by_share(
    weights: dict[str, torch.Tensor], blend: float, value: float
) -> None:
    tuned, published = (TopLayers(weights, [5], 12) for _ in range(2))
    name = "encoder.layer.5.output.dense.bias"
    with torch.no_grad():
        tuned.named()[name].fill_(3.0)
        published.named()[name].fill_(1.0)
    mix(tuned, published, blend)
    assert tuned.named()[name].detach().numpy() == pytest.approx(value)
    assert published.named()[name].detach().numpy() == pytest.approx(1.0)


def test_what_is_saved_is_half_precision_and_named_in_the_card(
    tmp_path: Path, weights: dict[str, torch.Tensor]
) -> None:
    import hashlib

    save(TopLayers(weights, [5], 12).named(), tmp_path, {"name": "test"})
    card = json.loads((tmp_path / "training.json").read_text())
    content = (tmp_path / "tuned.safetensors").read_bytes()
    saved = load_file(tmp_path / "tuned.safetensors")
    assert card == {"name": "test", "weights_sha256": hashlib.sha256(content).hexdigest()}
    assert len(saved) == 16
    assert {tensor.dtype for tensor in saved.values()} == {torch.float16}
    assert all(torch.allclose(t.float(), weights[n], atol=1e-2) for n, t in saved.items())


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("E11", "E1122", True), ("E1122", "E11", True), ("E119", "E119", True),
     ("E1121", "E1122", False), ("E10", "E11", False)],
)  # fmt: skip
def test_codes_of_one_line_are_related(one: str, other: str, expected: bool) -> None:
    assert related([one], [other]).item() is expected


def test_a_related_title_is_no_wrong_answer() -> None:
    """Three equal titles: only the unrelated one may count against the wording."""
    vectors = torch.eye(4)[[0, 0, 0]]
    alone = contrast(vectors[:1], vectors[:1], ["E11"], 20.0)
    masked = contrast(vectors[:2], vectors[:2], ["E11", "E1122"], 20.0)
    counted = contrast(vectors[:2], vectors[:2], ["E11", "I10"], 20.0)
    assert alone.item() == pytest.approx(0.0)
    assert masked.item() == pytest.approx(0.0)
    assert counted.item() == pytest.approx(np.log(2))


def test_batches_take_each_pair_once_with_siblings_side_by_side() -> None:
    many = [
        Pair((f"{code}{n}", f"{code}{n} too"), "title", f"{code}{n}", PairSource.INDEX)
        for code in ("A00", "B00", "C00", "D00")
        for n in range(4)
    ]
    found = list(batches(many, 8, 4, seed=1))
    assert sorted(pair.code for batch in found for pair, _ in batch) == sorted(
        pair.code for pair in many
    )
    assert all(said in pair.wordings for batch in found for pair, said in batch)
    runs = [{pair.code[:3] for pair, _ in batch[n : n + 4]} for batch in found for n in (0, 4)]
    assert all(len(run) == 1 for run in runs)
    assert found == list(batches(many, 8, 4, seed=1))
    assert found != list(batches(many, 8, 4, seed=2))


def test_one_pair_in_fifty_is_held_out_whatever_its_order() -> None:
    pairs = [Pair((f"wording {n}",), "t", "A00", PairSource.INDEX) for n in range(5000)]
    share = sum(map(is_held_out, pairs)) / len(pairs)
    assert share == pytest.approx(0.02, abs=0.006)
    shouted = [Pair((p.wordings[0].upper(), "x"), "u", "B00", PairSource.DRUG) for p in pairs]
    assert list(map(is_held_out, pairs)) == list(map(is_held_out, shouted))


@pytest.mark.parametrize(
    ("right", "hit"),
    [
        (("E119",), (0.0, 1.0)),  # second best
        (("E1122",), (1.0, 1.0)),
        (("E11",), (1.0, 1.0)),  # not valid: a code under it counts
        (("I10",), (0.0, 0.0)),
        (("I10", "E1122"), (1.0, 1.0)),
    ],
)
def test_a_hit_is_the_code_or_one_under_an_invalid_one(
    right: tuple[str, ...], hit: tuple[float, float]
) -> None:
    places = {"query": [1.0, 0.0], "best": [1.0, 0.0], "next": [0.8, 0.6], "best again": [0.9, 0.1]}

    def embed(texts: list[str]) -> np.ndarray:
        return np.array([places[text] for text in texts], np.float32)

    passages = [("next", "E119"), ("best", "E1122"), ("best again", "E1122")]
    found = hits(
        embed, passages, {"rows": [Question("query", right)]}, frozenset({"E119", "E1122"})
    )
    assert found == {"rows": hit}
