"""Fine-tune the packaged MiniLM on official synonym pairs, reproducibly, with one command:

    python -m retrieval.training.finetune --data ../shared/data --out FOLDER

In-batch negatives: each wording must find its own title among all titles of the batch. Titles of
the same code, or of a code above or below it, are masked, since they are no wrong answers. Part of
each batch holds wordings of one category, so that sibling codes serve as hard negatives. Ends with
the weights in half precision (under 50 MB) and a card naming data hashes, settings and losses.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codesets.packaged import tabular_path
from retrieval.embedding import PACKAGED_SHA256, has_fast_bfloat16, packaged_model
from retrieval.training.pairs import Pair, official_pairs

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 20261001
BATCH = 128
CLUSTER = 8
RATE = 5e-5
WARMUP = 0.06
SCALE = 20.0
MAX_TOKENS = 32
INDEX_FILE = "icd10cm-index-2025.xml"
NEOPLASM_FILE = "icd10cm-neoplasm-April-1-2026.xml"


def batches(pairs: list[Pair], epoch: int) -> Iterator[list[Pair]]:
    """Shuffled batches in which runs of ``CLUSTER`` pairs share a category."""
    shuffle = random.Random(SEED + epoch)  # noqa: S311  # a seeded shuffle, not a secret
    by_category: dict[str, list[Pair]] = {}
    for pair in pairs:
        by_category.setdefault(pair.code[:3], []).append(pair)
    runs = []
    for members in by_category.values():
        shuffle.shuffle(members)
        runs += [members[start : start + CLUSTER] for start in range(0, len(members), CLUSTER)]
    shuffle.shuffle(runs)
    flat = [pair for run in runs for pair in run]
    for start in range(0, len(flat) - BATCH + 1, BATCH):
        yield flat[start : start + BATCH]


def related(one: str, other: str) -> bool:
    """Whether two undotted codes are the same or one stands above the other."""
    return one.startswith(other) or other.startswith(one)


def train(pairs: list[Pair], epochs: int) -> tuple[Any, Any, list[float]]:
    """The tuned model, its tokenizer, and the mean loss of each hundred steps."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    torch.manual_seed(SEED)
    torch.use_deterministic_algorithms(True)
    tokenizer = AutoTokenizer.from_pretrained(packaged_model())
    model = AutoModel.from_pretrained(packaged_model()).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.01)
    total = epochs * (len(pairs) // BATCH)
    warm = max(1, int(WARMUP * total))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, max(0.0, (total - step) / (total - warm)))
    )

    def embed(texts: list[str]) -> Any:
        encoded = tokenizer(
            texts, padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="pt"
        )
        hidden = model(**encoded).last_hidden_state.float()
        mask = encoded["attention_mask"].unsqueeze(-1).float()
        pooled = (hidden * mask).sum(1) / mask.sum(1)
        return torch.nn.functional.normalize(pooled, dim=1)

    losses: list[float] = []
    window: list[float] = []
    started = time.monotonic()
    step = 0
    for epoch in range(epochs):
        for batch in batches(pairs, epoch):
            with torch.autocast("cpu", torch.bfloat16, enabled=has_fast_bfloat16()):
                wordings = embed([pair.wording for pair in batch])
                titles = embed([pair.title for pair in batch])
            scores = wordings.float() @ titles.float().T * SCALE
            masked = torch.tensor(
                [[i != j and related(a.code, b.code) for j, b in enumerate(batch)]
                 for i, a in enumerate(batch)]
            )  # fmt: skip
            goal = torch.arange(len(batch))
            forward = scores.masked_fill(masked, -1e4)
            backward = scores.T.masked_fill(masked.T, -1e4)
            loss = (
                torch.nn.functional.cross_entropy(forward, goal)
                + torch.nn.functional.cross_entropy(backward, goal)
            ) / 2
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            window.append(loss.item())
            step += 1
            if step % 100 == 0:
                losses.append(sum(window) / len(window))
                window.clear()
                left = (time.monotonic() - started) / step * (total - step)
                print(
                    f"step {step}/{total}  loss {losses[-1]:.4f}  {left / 60:.1f} min left",
                    flush=True,
                )  # a command's own output
    return model.eval(), tokenizer, losses


def save(model: Any, out: Path, card: dict[str, Any]) -> None:
    """Write a sentence-transformers folder with half-precision weights and the card."""
    import torch

    out.mkdir(parents=True, exist_ok=True)
    for name in (
        "tokenizer.json",
        "tokenizer_config.json",
        "special_tokens_map.json",
        "modules.json",
        "sentence_bert_config.json",
        "config_sentence_transformers.json",
    ):
        shutil.copyfile(packaged_model() / name, out / name)  # fmt: skip
    shutil.copytree(packaged_model() / "1_Pooling", out / "1_Pooling", dirs_exist_ok=True)
    model.to(torch.float16).save_pretrained(out)
    weights = (out / "model.safetensors").read_bytes()
    card["weights_sha256"] = hashlib.sha256(weights).hexdigest()
    (out / "training.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Read the official files, train, save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the official files")
    parser.add_argument("--out", type=Path, required=True, help="where the weights go")
    parser.add_argument("--epochs", type=int, default=1)
    chosen = parser.parse_args()
    tabular = tabular_path()
    files = (tabular, chosen.data / INDEX_FILE, chosen.data / NEOPLASM_FILE)
    pairs = official_pairs(*files)
    model, _, losses = train(pairs, chosen.epochs)
    card = {
        "base": "sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0)",
        "base_sha256": PACKAGED_SHA256,
        "licence": "Apache-2.0",
        "data": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files},
        "pairs": len(pairs),
        "settings": {
            "seed": SEED, "batch": BATCH, "cluster": CLUSTER, "rate": RATE, "warmup": WARMUP,
            "scale": SCALE, "max_tokens": MAX_TOKENS, "epochs": chosen.epochs,
        },
        "losses": [round(loss, 4) for loss in losses],
    }  # fmt: skip
    save(model, chosen.out, card)


if __name__ == "__main__":
    main()
