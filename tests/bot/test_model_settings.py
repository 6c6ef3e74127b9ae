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
from bot.drafting.chat import Spent
from bot.drafting.configured import chat_model
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
