"""The real path: LangChain's OpenAI package against a server on loopback that misbehaves."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from answer_support import question
from langchain_core.messages import AIMessage
from model_support import (
    Make,
    Server,
    codes,
    loopback_model,
    suggesting,
)

from bot.drafting.breaker import Breaker
from bot.drafting.chat import ChatModel, Limits, Spent, one_answer
from bot.drafting.errors import (
    ModelBudgetError,
    ModelError,
    ModelRestingError,
    ModelTimeoutError,
)
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


def test_questions_at_the_same_time_do_not_wait_for_each_other() -> None:
    """Each call returns only once all three are under way."""
    together = threading.Barrier(3, timeout=10)

    class Meeting:
        def with_structured_output(self, *_: object, **__: object) -> Meeting:
            return self

        def invoke(self, _prompt: str) -> AIMessage:
            together.wait()
            return AIMessage(json.dumps(suggesting()))

    model = ChatModel("x:y", Limits(attempts=1), Meeting)  # type: ignore[arg-type]  # all that is asked of one
    with ThreadPoolExecutor(3) as pool:
        asked = [pool.submit(model.ask, "q", reply_schema(["o1"]), Spent()) for _ in range(3)]
    assert [each.result() for each in asked] == [suggesting()] * 3


def test_a_breaker_opens_after_failures_in_a_row_and_lets_one_try_after_a_rest() -> None:
    now = [0.0]
    breaker = Breaker(most=3, rest=60, clock=lambda: now[0])
    for _ in range(2):
        breaker.failed()
    breaker.succeeded()  # not in a row
    for _ in range(3):
        assert breaker.admits()
        breaker.failed()
    assert not breaker.admits()
    now[0] = 60.0
    assert [breaker.admits(), breaker.admits()] == [True, False]  # one trial at a time
    breaker.failed()
    now[0] = 119.0
    assert not breaker.admits()
    now[0] = 120.0
    assert breaker.admits()
    breaker.succeeded()
    assert breaker.admits()


@pytest.mark.parametrize("mode", ["refusing", "prose", "truncated"])
def test_a_model_that_answers_badly_is_not_taken_for_one_that_is_down(
    server: Server, mode: str
) -> None:
    server.mode = mode
    model = loopback_model(server, seconds=20.0, attempts=1)
    for _ in range(7):
        with pytest.raises(ModelError) as caught:
            model.ask("question", reply_schema(["o1"]), Spent())
        assert caught.type is not ModelRestingError


def test_a_help_takes_a_share_of_the_time_and_is_asked_once(server: Server) -> None:
    model = loopback_model(server, seconds=20.0, attempts=3)
    server.mode = "good"
    model.ask("o1 (rules): I10 x\n", reply_schema(["o1"]), Spent())  # connects, on a busy machine
    server.mode = "slow"
    server.bodies.clear()
    with one_answer() as whole:
        with pytest.raises(ModelTimeoutError):
            model.ask("question", reply_schema(["o1"]), Spent(), share=0.075)
        assert len(server.bodies) == 1
        assert whole.calls == 1
        server.mode = "good"
        assert model.ask("o1 (rules): I10 x\n", reply_schema(["o1"]), Spent())
