"""What a chat model sees: versioned prompt text and the schema of its reply.

A prompt is a file in this folder: a header line `version: N`, a blank line, the text. In the text,
`{{name}}` marks a value filled in by the caller. Codes exist in a reply only as option ids, and
quotes only as words of the question, so that nothing a model writes can become a code by itself.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_VALUE = re.compile(r"\{\{(\w+)\}\}")


class PromptError(Exception):
    """A prompt file is malformed, or was rendered with the wrong values."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt: its name, its version, its text and the SHA-256 of the whole file."""

    name: str
    version: int
    text: str
    sha256: str

    def render(self, **values: str) -> str:
        """The text with each `{{name}}` replaced; values are never expanded again.

        Raises PromptError when a value is missing or not asked for.

        >>> Prompt("t", 1, "Question: {{question}}", "").render(question="{{gout}}?")
        'Question: {{gout}}?'
        """
        wanted = set(_VALUE.findall(self.text))
        if wanted != values.keys():
            odd = ", ".join(sorted(wanted ^ values.keys()))
            raise PromptError(f"Prompt {self.name} and the values given differ in: {odd}.")
        return _VALUE.sub(lambda match: values[match.group(1)], self.text)


@cache
def load(name: str) -> Prompt:
    """The prompt of this name. Raises PromptError when there is none or its header is wrong."""
    source = files(__name__).joinpath(f"{name}.md")
    try:
        raw = source.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise PromptError(f"There is no prompt named {name}.") from None
    header, separator, text = raw.partition("\n\n")
    version = re.fullmatch(r"version: (\d+)", header)
    if not separator or version is None:
        raise PromptError(f"Prompt {name} must start with a line `version: N` and a blank line.")
    return Prompt(name, int(version[1]), text, hashlib.sha256(raw.encode()).hexdigest())


@cache
def schema(name: str = "reply") -> dict[str, Any]:
    """The JSON Schema ``NAME.schema.json``, which a model's reply must follow; do not change it.

    Raises PromptError when there is none of this name.
    """
    source = files(__name__).joinpath(f"{name}.schema.json")
    try:
        found: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PromptError(f"There is no schema named {name}.") from None
    return found


@cache
def fingerprint() -> str:
    """One hash over every prompt and the schema: an exchange records which wording was in force."""
    digest = hashlib.sha256()
    for source in sorted(files(__name__).iterdir(), key=lambda entry: entry.name):
        if source.name.endswith((".md", ".json")):
            digest.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    return f"v1:{digest.hexdigest()[:16]}"
