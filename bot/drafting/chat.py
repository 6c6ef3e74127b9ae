"""One chat model, asked for one structured reply within limits of time, tokens and money.

Attempts are repeated with back-off while the time for an answer lasts; after several failures in a
row the model rests (a circuit breaker), so that a provider's bad hour does not make every answer
slow. Which model it is, ``bot.drafting.connecting`` says.
"""

from __future__ import annotations

import json
import threading
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from time import monotonic
from typing import TYPE_CHECKING, Any

from bot.drafting.breaker import Breaker
from bot.drafting.errors import (
    ModelBudgetError,
    ModelError,
    ModelRefusedError,
    ModelReplyError,
    ModelRestingError,
    ModelTimeoutError,
    ModelUnavailableError,
)
from bot.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage

_CHARACTERS_A_TOKEN = 3.0
"""A low estimate for English prose and ids, so that a budget is kept rather than met."""
_MOST_REPLY = 60_000
_FIRST_WAIT = 0.5
_LONGEST_WAIT = 8.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What one answer may take: seconds in all, tokens each way, attempts, and US dollars.

    ``price_in`` and ``price_out`` are US dollars a million tokens; without them no cost is known.
    """

    seconds: float = 30.0
    attempts: int = 3
    input_tokens: int = 16_000
    output_tokens: int = 2_000
    dollars: float | None = None
    price_in: float | None = None
    price_out: float | None = None

    def cost(self, input_tokens: int, output_tokens: int) -> float | None:
        """US dollars for so many tokens; None where no price is configured.

        >>> Limits(price_in=1.0, price_out=4.0).cost(500_000, 250_000)
        1.5
        """
        if self.price_in is None or self.price_out is None:
            return None
        return (input_tokens * self.price_in + output_tokens * self.price_out) / 1_000_000


@dataclass(slots=True)
class Spent:
    """What calls have used so far; ``began`` is when the first was prepared, None before."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    began: float | None = None

    def begin(self) -> None:
        """Let the time run, unless it does already."""
        if self.began is None:
            self.began = monotonic()

    @property
    def milliseconds(self) -> float:
        """Milliseconds since the first call was prepared; 0 before it."""
        return 0.0 if self.began is None else round((monotonic() - self.began) * 1000, 2)


_ANSWER: ContextVar[Spent | None] = ContextVar("codecite_model_spent", default=None)


@contextmanager
def one_answer() -> Iterator[Spent]:
    """Hold every question put to a model within against the limits of one answer together."""
    spent = Spent()
    token = _ANSWER.set(spent)
    try:
        yield spent
    finally:
        _ANSWER.reset(token)


class ChatModel:
    """A model that is asked for replies which follow a schema. Safe to share between threads."""

    def __init__(
        self,
        name: str,
        limits: Limits,
        connect: Callable[[], BaseChatModel],
        sleep: Callable[[float], None] | None = None,
        breaker: Breaker | None = None,
    ) -> None:
        self.name = name
        self.limits = limits
        self._connect = connect
        self._sleep = sleep or threading.Event().wait
        self._breaker = breaker or Breaker()

    @cached_property
    def _model(self) -> BaseChatModel:
        return self._connect()

    def prepare(self) -> None:
        """Set the model up without asking it anything. Raises ConfigurationError."""
        _ = self._model

    def ask(
        self, prompt: str, schema: dict[str, Any], spent: Spent, share: float = 1.0
    ) -> dict[str, Any]:
        """The reply to ``prompt``, an object that follows ``schema``; adds to ``spent``.

        Within ``one_answer`` the limits hold for all that was asked there, else for ``spent``.
        With a ``share`` below 1 it is asked once, for at most that share of an answer's seconds.

        Raises a ModelError, whose message holds nothing of the prompt or the reply.
        """
        within = _ANSWER.get()
        whole = spent if within is None else within
        spent.begin()
        whole.begin()
        self._afford(prompt, whole)
        failure: ModelError = ModelUnavailableError(f"{self.name} was not asked.")
        wait = _FIRST_WAIT
        for attempt in range(self.limits.attempts if share >= 1 else 1):
            if attempt:
                if self._left(whole) <= wait:
                    break
                self._sleep(wait)
                wait = min(wait * 2, _LONGEST_WAIT)
            try:
                return self._attempt(prompt, schema, spent, whole, share)
            except (ModelTimeoutError, ModelBudgetError, ModelRefusedError, ModelRestingError):
                raise
            except ModelError as error:
                failure = error
        raise failure

    def _afford(self, prompt: str, spent: Spent) -> None:
        tokens = int(len(prompt) / _CHARACTERS_A_TOKEN) + 1
        if spent.input_tokens + tokens > self.limits.input_tokens:
            raise ModelBudgetError(f"The question is too long for {self.name} here.")
        cost = self.limits.cost(
            spent.input_tokens + tokens, spent.output_tokens + self.limits.output_tokens
        )
        if cost is not None and self.limits.dollars is not None and cost > self.limits.dollars:
            raise ModelBudgetError(f"An answer by {self.name} would cost more than is allowed.")

    def _left(self, spent: Spent) -> float:
        return self.limits.seconds - spent.milliseconds / 1000

    def _attempt(
        self, prompt: str, schema: dict[str, Any], spent: Spent, whole: Spent, share: float
    ) -> dict[str, Any]:
        self._afford(prompt, whole)  # what an earlier attempt took counts
        if self._left(whole) <= 0:
            raise ModelTimeoutError(f"{self.name} did not answer in time.")
        if not self._breaker.admits():
            raise ModelRestingError(
                f"{self.name} failed several times and is left alone for a minute."
            )
        try:
            seconds = min(self._left(whole), self.limits.seconds * share)
            raw = self._within(prompt, schema, seconds)
        except (ModelRefusedError, ConfigurationError):
            self._breaker.succeeded()  # it answered, if only with a refusal; or was never asked
            raise
        except BaseException:
            self._breaker.failed()
            raise
        finally:
            for each in {id(spent): spent, id(whole): whole}.values():
                each.calls += 1
        self._breaker.succeeded()
        usage: dict[str, Any] = {**raw.usage_metadata} if raw.usage_metadata else {}
        text = _written(raw)
        asked = int(usage.get("input_tokens") or len(prompt) / _CHARACTERS_A_TOKEN)
        written = int(usage.get("output_tokens") or len(text) / _CHARACTERS_A_TOKEN)
        for each in {id(spent): spent, id(whole): whole}.values():
            each.input_tokens += asked
            each.output_tokens += written
        return self._read(raw, text, schema)

    def _within(self, prompt: str, schema: dict[str, Any], seconds: float) -> AIMessage:
        """Call the model in a thread of its own, and stop waiting when the time is up.

        A reply that drips in slowly keeps a socket's own time limit from ever running out.
        """
        done: Future[AIMessage] = Future()

        def call() -> None:
            try:
                done.set_result(self._call(prompt, schema))
            except BaseException as error:  # noqa: BLE001  # handed to the thread that waits
                done.set_exception(error)

        threading.Thread(target=call, name="codecite-model", daemon=True).start()
        try:
            return done.result(timeout=seconds)
        except FutureTimeoutError:
            raise ModelTimeoutError(f"{self.name} did not answer in time.") from None
        except (ConfigurationError, ModelError):
            raise
        except Exception as error:  # noqa: BLE001  # each provider has its own; none may be quoted
            kind = type(error).__name__
            if "timeout" in kind.casefold():
                raise ModelTimeoutError(f"{self.name} did not answer in time.") from None
            if kind.startswith(("LengthFinish", "ContentFilterFinish")):
                raise ModelRefusedError(
                    f"{self.name} was cut off before its reply was whole."
                ) from None
            raise ModelUnavailableError(f"{self.name} could not be asked ({kind}).") from None

    def _call(self, prompt: str, schema: dict[str, Any]) -> AIMessage:
        from langchain_core.messages import AIMessage
        from langchain_core.runnables import RunnableSequence
        from langsmith import tracing_context

        structured = self._model.with_structured_output(schema, include_raw=True)
        # Its first step is the model bound to the schema. The parser after it mends broken JSON
        # letter by letter, which takes minutes for a reply that never ends; ours does not.
        asked = structured.first if isinstance(structured, RunnableSequence) else structured
        # LangChain sends whole prompts to LangSmith where its variables are set: never from here.
        with tracing_context(enabled=False):
            reply = asked.invoke(prompt)
        raw = reply.get("raw") if isinstance(reply, dict) else reply
        if not isinstance(raw, AIMessage):
            raise ModelReplyError(f"{self.name} gave no structured reply.")
        return raw

    def _read(self, raw: AIMessage, text: str, schema: dict[str, Any]) -> dict[str, Any]:
        import jsonschema

        if raw.additional_kwargs.get("refusal"):
            raise ModelRefusedError(f"{self.name} declined to answer.")
        if raw.response_metadata.get("finish_reason") in ("length", "content_filter"):
            raise ModelRefusedError(f"{self.name} was cut off before its reply was whole.")
        if len(text) > _MOST_REPLY:
            raise ModelReplyError(f"{self.name} wrote far more than was asked for.")
        said = raw.tool_calls[0]["args"] if raw.tool_calls else _json_in(text)
        try:
            jsonschema.validate(said, schema)
        except jsonschema.ValidationError:
            raise ModelReplyError(f"{self.name} did not follow the form of a reply.") from None
        return dict(said)


def _written(raw: AIMessage) -> str:
    return raw.content if isinstance(raw.content, str) else json.dumps(raw.content)


def _json_in(text: str) -> Any:  # whatever a model wrote
    """The outermost JSON object in ``text``, as models without a JSON mode wrap it; else None."""
    first, last = text.find("{"), text.rfind("}")
    if first < 0 or last < first:
        return None
    try:
        return json.loads(text[first : last + 1])
    except ValueError:
        return None  # braces, but no JSON between them: the reply is refused as it is
