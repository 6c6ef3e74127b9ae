"""The layers of DESIGN: imports point one way, and each outside library has one home."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "codesets", "prompts", "retrieval")
ALLOWED = {
    "bot": {"bot", "retrieval", "codesets", "prompts"},
    "retrieval": {"retrieval", "codesets"},
    "codesets": {"codesets"},
    "prompts": {"prompts"},
}
# Outside library -> the only folders or modules that may import it.
HOMES = {
    "chromadb": ("retrieval/",),
    "langchain_chroma": ("retrieval/",),
    "langchain_core": ("retrieval/", "bot/drafting/"),
    "langchain": ("bot/drafting/",),
    "langchain_openai": ("bot/drafting/",),
    "langsmith": ("bot/drafting/",),
    "sentence_transformers": ("retrieval/",),
    "torch": ("retrieval/",),
    "tokenizers": ("retrieval/",),
    "safetensors": ("retrieval/",),
    "presidio_analyzer": ("bot/phi/",),
    "spacy": ("retrieval/", "bot/phi/"),
    "slack_bolt": ("bot/slack/",),
    "slack_sdk": ("bot/slack/",),
    "sqlalchemy": ("bot/journal/",),
    "alembic": ("bot/journal/",),
}
# What people reach the answers through: nothing behind them knows them.
DOORS = ("bot.console", "bot.sandbox", "bot.slack")
# Costly to import: only inside functions, so that `import bot` loads no model stack.
# What trains the shipped ranker and weights is run by hand, and nothing else imports it.
TRAINING = "retrieval/training/"
LAZY = {
    "chromadb", "langchain", "langchain_chroma", "presidio_analyzer", "sentence_transformers",
    "spacy", "torch",
}  # fmt: skip


def modules() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def imports(tree: ast.Module) -> list[tuple[str, bool]]:
    """Every imported top-level name of a module, with whether it is imported at module level."""
    typing_only = {
        id(child)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for child in ast.walk(node)
    }
    inside = {
        id(child)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for child in ast.walk(node)
    }
    found = []
    for node in ast.walk(tree):
        top = id(node) not in inside and id(node) not in typing_only
        if isinstance(node, ast.Import):
            found += [(alias.name.split(".")[0], top) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.append((node.module.split(".")[0], top))
    return found


def breaches(path: str, source: str) -> list[str]:
    """What in this module's imports breaks the layers."""
    package = path.split("/")[0]
    wrong = []
    for name, at_top in imports(ast.parse(source)):
        if name in PACKAGES and name not in ALLOWED[package]:
            wrong.append(f"{path}: {package} must not import {name}")
        homes = HOMES.get(name)
        if homes and not path.startswith(homes):
            wrong.append(f"{path}: {name} belongs in {' or '.join(homes)}")
        if name in LAZY and at_top and not path.startswith(TRAINING):
            wrong.append(f"{path}: import {name} where it is first needed, not at the top")
    return wrong


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path: Path) -> None:
    assert breaches(str(path.relative_to(ROOT)), path.read_text()) == []


@pytest.mark.parametrize(
    ("path", "source", "count"),
    [
        ("codesets/x.py", "import retrieval.search", 1),
        ("codesets/x.py", "def f():\n    from bot import cli", 1),
        ("retrieval/x.py", "from bot.answer import Answer", 1),
        ("retrieval/x.py", "import torch", 1),
        ("retrieval/x.py", "def f():\n    import torch", 0),
        ("bot/cli.py", "import sqlalchemy", 1),
        ("bot/journal/x.py", "import sqlalchemy", 0),
        ("bot/x.py", "from slack_bolt import App", 1),
        ("prompts/x.py", "import codesets", 1),
        ("bot/x.py", "from codesets.models import Code", 0),
    ],
)
def test_a_wrong_edge_is_seen(path: str, source: str, count: int) -> None:
    assert len(breaches(path, source)) == count


def doors(path: str, source: str) -> set[str]:
    """The doors of `bot` that a module imports from, other than its own."""
    named = {
        name
        for node in ast.walk(ast.parse(source))
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    }
    return {
        door
        for door in DOORS
        if any(name == door or name.startswith(f"{door}.") for name in named)
        and not path.startswith(f"{door.replace('.', '/')}/")
    }


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_only_commands_open_doors(path: Path) -> None:
    name = str(path.relative_to(ROOT))
    allowed = {"bot.slack"} if name == "bot/sandbox/demo.py" else set()  # the app it shows
    if not name.endswith("_cli.py"):
        assert doors(name, path.read_text()) <= allowed


def test_a_door_that_is_opened_is_seen() -> None:
    assert doors("bot/x.py", "def f():\n    from bot.slack.app import build_app") == {"bot.slack"}
    assert doors("bot/x.py", "import bot.sandbox.demo\nfrom bot import answer") == {"bot.sandbox"}
    assert doors("bot/slack/x.py", "from bot.slack.app import build_app") == set()
    assert doors("bot/x.py", "from bot.slackness import y") == set()


def test_nothing_that_answers_imports_what_trains() -> None:
    importing = [
        str(path.relative_to(ROOT))
        for path in modules()
        if re.search(r"^\s*(?:from|import) retrieval\.training", path.read_text(), re.MULTILINE)
        and not str(path.relative_to(ROOT)).startswith(TRAINING)
    ]
    assert importing == []


def test_the_top_level_holds_only_what_was_agreed() -> None:
    agreed = {
        "pyproject.toml", "README.md", "LICENSE", ".gitignore", ".ci",
        "bot", "retrieval", "codesets", "prompts", "tests",
    }  # fmt: skip
    tracked = subprocess.run(  # the files a clone would hold, whatever else lies about here
        ["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    assert {name.split("/")[0] for name in tracked} <= agreed
