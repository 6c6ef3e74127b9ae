"""Which settings of a model fit together, and what eval and doctor make of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from model_support import (
    Reply,
    Server,
)
from typer.testing import CliRunner

from bot.cli import app
from bot.config import Settings
from bot.doctor import examine
from bot.drafting.chat import Limits, Spent
from bot.drafting.configured import chat_model
from bot.drafting.connecting import ModelSettings, connect, options
from bot.drafting.model import reply_schema
from bot.errors import ConfigurationError
from bot.runtime import Runtime


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"model": "openai:gpt", "model_dollars": 0.01}, "CODECITE_MODEL_PRICE_IN"),
        ({"model": "openai:gpt", "phi": "allow"}, "CODECITE_MODEL_PHI"),
        ({"model": "openai:gpt", "phi": "allow", "model_url": "https://api.example/v1"},
         "CODECITE_MODEL_PHI"),
    ],
)  # fmt: skip
def test_settings_that_do_not_fit_together_are_refused(
    given: dict[str, object], says: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError, match=says):
        chat_model(Settings(home=tmp_path, **given))  # type: ignore[arg-type]  # as a file would


@pytest.mark.parametrize(
    "given",
    [
        {"model": "openai:gpt"},
        {"model": "openai:gpt", "phi": "allow", "model_phi": True},
        {"model": "openai:gpt", "phi": "allow", "model_url": "http://127.0.0.1:8000/v1"},
        {"model": "ollama:llama", "phi": "allow"},
    ],
)
def test_settings_that_fit_are_taken(given: dict[str, object], tmp_path: Path) -> None:
    assert chat_model(Settings(home=tmp_path, **given)) is not None  # type: ignore[arg-type]  # likewise


@pytest.mark.parametrize(
    ("given", "fine"),
    [
        ({}, True),
        ({"model": "openai:gpt", "model_key": "k"}, True),
        ({"model": "anthropic:claude", "model_key": "k"}, False),
        ({"model": "openai:gpt", "phi": "allow"}, False),
        ({"model": "nonesuch:x"}, False),
    ],
)
def test_the_doctor_looks_at_the_model(
    given: dict[str, object], fine: bool, tmp_path: Path
) -> None:
    settings = Settings(home=tmp_path, **given)  # type: ignore[arg-type]  # as a file would
    (check,) = [c for c in examine(settings) if c.name == "chat model"]
    assert check.ok is fine
    assert fine or check.remedy


@pytest.mark.parametrize(
    ("name", "url", "host", "local"),
    [
        ("ollama:llama", None, None, True),
        ("ollama:llama", None, "127.0.0.1:11434", True),
        ("ollama:llama", None, "http://localhost:11434", True),
        ("ollama:llama", None, "gpu.example:11434", False),
        ("ollama:llama", "http://10.0.0.5:11434", None, False),
        ("openai:gpt", None, None, False),
        ("openai:gpt", "http://[::1]:8000/v1", None, True),
        ("openai:gpt", "http://127.0.0.1.example/v1", None, False),
    ],
)
def test_only_an_address_on_loopback_is_local(
    name: str, url: str | None, host: str | None, local: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OLLAMA_HOST", raising=False)
    if host is not None:
        monkeypatch.setenv("OLLAMA_HOST", host)
    assert ModelSettings(name, url).is_local is local


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("openai:gpt", {"base_url": "http://x/v1", "max_tokens": 7, "max_retries": 0,
                        "timeout": 5.0}),
        ("anthropic:claude", {"base_url": "http://x/v1", "max_tokens": 7, "max_retries": 0}),
        ("bedrock_converse:claude", {"base_url": "http://x/v1", "max_tokens": 7,
                                     "max_retries": 0}),
        ("azure_openai:gpt", {"azure_endpoint": "http://x/v1", "api_version": "2024-10-21"}),
        ("ollama:llama", {"base_url": "http://x/v1", "num_predict": 7,
                          "client_kwargs": {"timeout": 5.0}}),
    ],
)  # fmt: skip
def test_every_provider_is_held_to_the_limits(
    name: str, given: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_VERSION", raising=False)
    limits = Limits(seconds=5.0, output_tokens=7)
    found = options(ModelSettings(name, "http://x/v1", "k", limits))
    assert found["temperature"] == 0
    assert found["api_key"] == "k"
    assert given.items() <= found.items()


def test_an_azure_endpoint_is_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_VERSION", raising=False)
    model = connect(ModelSettings("azure_openai:ours", "https://x.openai.azure.com", "k"))
    assert type(model).__name__ == "AzureChatOpenAI"


def test_without_a_model_the_rules_draft(tmp_path: Path) -> None:
    assert chat_model(Settings(home=tmp_path)) is None


def test_a_missing_package_says_what_to_install(tmp_path: Path) -> None:
    model = chat_model(Settings(home=tmp_path, model="anthropic:claude"))
    assert model is not None
    with pytest.raises(ConfigurationError, match=r"pip install 'codecite\[anthropic\]'"):
        model.ask("x", reply_schema(["o1"]), Spent())


def test_eval_reports_model_and_rules_on_the_same_rows(
    built_runtime: Runtime, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.mode = "good"
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"id": "1", "text": "gout", "codes": ["M10.9"]}\n')
    for name, value in {
        "HOME": built_runtime.settings.home, "MODEL": "openai:loopback", "MODEL_URL": server.url,
        "MODEL_KEY": "sk-secret", "MODEL_PRICE_IN": "1", "MODEL_PRICE_OUT": "2",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'journal.sqlite'}",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"CODECITE_{name}", str(value))
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()

    def scored(drafter: str, *more: str) -> Reply:
        words = ["eval", str(rows), "--out", f"{drafter}.jsonl", "--drafter", drafter, "--json"]
        done = runner.invoke(app, [*words, *more])
        assert done.exit_code == 0, done.stderr
        found: Reply = json.loads(done.stdout)
        return found

    assert scored("rules")["models"] == []
    report = scored("model", "--compare", "rules.jsonl")
    assert report["comparison"]["rows"] == 1
    (used,) = report["models"]
    assert (used["answers"], used["calls"], used["outcomes"]) == (1, 1, {"drafted": 1})
    assert used["cost"] == pytest.approx(0.00018)
    helped = scored("model", "--assist", "expand")
    (used,) = helped["models"]
    assert used["calls"] == 2  # the draft and the phrases
    shown = runner.invoke(
        app, ["eval", str(rows), "--out", "model.jsonl", "--score-only", "--drafter", "model"]
    )
    assert "What the chat model took" in shown.stdout


def test_eval_with_a_model_needs_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"id": "1", "text": "gout", "codes": ["M10.9"]}\n')
    monkeypatch.setenv("CODECITE_HOME", str(tmp_path))
    words = ["eval", str(rows), "--out", str(tmp_path / "o.jsonl"), "--drafter", "model"]
    with pytest.raises(ConfigurationError, match="CODECITE_MODEL"):
        CliRunner().invoke(app, words, catch_exceptions=False)


def test_eval_with_help_needs_a_model_that_drafts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"id": "1", "text": "gout", "codes": ["M10.9"]}\n')
    monkeypatch.setenv("CODECITE_HOME", str(tmp_path))
    words = ["eval", str(rows), "--out", str(tmp_path / "o.jsonl"), "--assist", "expand"]
    for more in ((), ("--drafter", "rules")):
        with pytest.raises(ConfigurationError, match="--drafter model"):
            CliRunner().invoke(app, [*words, *more], catch_exceptions=False)
