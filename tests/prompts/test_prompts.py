"""Prompts are versioned files; rendering cannot smuggle values into each other."""

import pytest

import prompts
from prompts import PromptError

VALUES = {"setting": "outpatient", "day": "2026-11-21", "text": "gout", "options": "o1: …"}


def test_the_draft_prompt_renders_every_value() -> None:
    text = prompts.load("draft").render(**VALUES)
    assert "{{" not in text
    assert "<<<TEXT\ngout\nTEXT>>>" in text


def test_a_value_is_never_expanded_again() -> None:
    text = prompts.load("draft").render(**{**VALUES, "text": "{{options}}"})
    assert "<<<TEXT\n{{options}}\nTEXT>>>" in text


@pytest.mark.parametrize("change", [{"text": None}, {"extra": "x"}])
def test_missing_or_unknown_values_are_refused(change: dict[str, str | None]) -> None:
    values = {k: v for k, v in {**VALUES, **change}.items() if v is not None}
    with pytest.raises(PromptError, match="differ in"):
        prompts.load("draft").render(**values)


def test_an_unknown_prompt_is_refused() -> None:
    with pytest.raises(PromptError, match="no prompt named"):
        prompts.load("nonesuch")


def test_codes_exist_in_a_reply_only_as_option_ids() -> None:
    item = prompts.reply_schema()["properties"]["suggestions"]["items"]
    assert "code" not in item["properties"]
    assert item["additionalProperties"] is False
    assert "option" in item["required"]


def test_the_fingerprint_names_its_version_and_is_stable() -> None:
    assert prompts.fingerprint().startswith("v1:")
    assert prompts.fingerprint() == prompts.fingerprint()
