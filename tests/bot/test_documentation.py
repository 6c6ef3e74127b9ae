"""The README names every command and every setting, and every command shows an example."""

import re
from pathlib import Path

import click
import pytest
import typer

from bot.cli import app
from bot.config import Settings

README = (Path(__file__).parents[2] / "README.md").read_text()


def commands() -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = []

    def walk(command: click.Command, name: str) -> None:
        children = getattr(command, "commands", None)
        if children is None:
            found.append((name, command))
        for child, inner in (children or {}).items():
            walk(inner, f"{name} {child}")

    walk(typer.main.get_command(app), "codecite")
    return found


@pytest.mark.parametrize("name", [name for name, _ in commands()])
def test_every_command_is_in_the_readme(name: str) -> None:
    assert re.search(rf"`{re.escape(name)}\b", README)


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_in_the_readme(name: str) -> None:
    assert f"`CODECITE_{name.upper()}`" in README


@pytest.mark.parametrize(("name", "command"), commands(), ids=[name for name, _ in commands()])
def test_every_command_has_help_and_an_example(name: str, command: click.Command) -> None:
    assert command.help
    assert f"Example: {name}" in (command.epilog or "")
