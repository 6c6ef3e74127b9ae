"""The real path: LangChain's OpenAI package against a server on loopback that misbehaves."""

from __future__ import annotations

import json

import pytest
from answer_support import question
from model_support import (
    Make,
    Server,
    codes,
    loopback_model,
)

from bot.drafting.chat import ChatModel, Limits, Spent
from bot.drafting.errors import ModelBudgetError, ModelRestingError
from bot.drafting.model import ModelDrafter, reply_schema

DIABETES = "type 2 diabetes with diabetic CKD stage 3a, on long-term insulin"
RULED = ["E11.22", "N18.31", "Z79.4"]


@pytest.mark.parametrize(
    ("mode", "outcome", "calls"),
    [
        ("good", "drafted", 1),
        ("fenced", "drafted", 1),
        ("flaky", "drafted", 2),
        ("limited", "unavailable", 2),
        ("broken", "unavailable", 2),
        ("cut", "unavailable", 2),
        ("unauthorized", "unavailable", 2),
        ("truncated", "refused", 1),
        ("refusing", "refused", 1),
        ("prose", "unreadable", 2),
        ("wrong_shape", "unreadable", 2),
        ("invented", "unreadable", 2),
        ("endless", "unreadable", 2),
        ("empty", "empty", 1),
        ("slow", "timeout", 1),
        ("dripping", "timeout", 1),
    ],
)
def test_whatever_the_server_does_the_question_is_answered(
    assisted: Make, server: Server, mode: str, outcome: str, calls: int
) -> None:
    server.mode = mode
    server.bodies.clear()
    late = outcome == "timeout"
    model = loopback_model(server, seconds=0.6 if late else 20.0)
    answer = assisted(ModelDrafter(model)).answer(question(DIABETES))
    assert codes(answer) == RULED
    assert answer.model is not None
    assert answer.model["outcome"] == outcome
    assert len(server.bodies) == calls
    assert (answer.drafter == "rules") is (outcome != "drafted")
    if outcome == "drafted":
        assert answer.model["input_tokens"] == 120 if calls == 1 else 120
        assert server.bodies[-1]["temperature"] == 0
    everything = json.dumps(answer.to_json())
    assert "sk-secret" not in everything
    assert "99215" not in everything


def test_a_failing_model_is_left_alone_for_a_while(server: Server) -> None:
    server.mode = "broken"
    server.bodies.clear()
    model = loopback_model(server, seconds=20.0, attempts=1)
    outcomes = []
    for _ in range(7):
        with pytest.raises(Exception) as caught:  # noqa: PT011  # which one is the point
            model.ask("question", reply_schema(["o1"]), Spent())
        outcomes.append(type(caught.value))
    assert outcomes[-1] is ModelRestingError
    assert len(server.bodies) <= 5


def test_a_question_beyond_the_budget_is_not_sent() -> None:
    asked: list[str] = []

    def connecting() -> None:
        asked.append("connected")

    model = ChatModel("x:y", Limits(input_tokens=500), connecting)  # type: ignore[arg-type]  # never used
    with pytest.raises(ModelBudgetError):
        model.ask("word " * 2_000, reply_schema(["o1"]), Spent())
    dear = Limits(dollars=0.001, price_in=10.0, price_out=10.0)
    with pytest.raises(ModelBudgetError):
        ChatModel("x:y", dear, connecting).ask("word", reply_schema(["o1"]), Spent())  # type: ignore[arg-type]  # never used
    assert asked == []


def test_nothing_is_sent_to_a_tracing_service(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LangChain would post every prompt to LangSmith where these variables are set."""
    server.mode = "good"
    server.bodies.clear()
    posted: list[str] = []
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    monkeypatch.setenv("LANGSMITH_API_KEY", "k")
    monkeypatch.setattr("langsmith.client.Client.create_run", lambda *a, **k: posted.append("run"))
    loopback_model(server).ask("o1 (rules): I10 x\n", reply_schema(["o1"]), Spent())
    assert posted == []
    assert len(server.bodies) == 1
