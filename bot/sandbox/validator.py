"""The rules of Block Kit that Slack enforces, as a list of what is wrong with a payload.

Sources: Slack's Block Kit reference (lengths, counts, required fields, unique ids). An empty list
means Slack would take the payload. Paths in the messages look like ``blocks[2].text.text``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.elements import (
    IN_INPUTS,
    IN_SECTIONS,
    count_problems,
    element_problems,
    image_problems,
    interactive_problems,
    listed,
    string_problems,
    text_problems,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox.elements import Check

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MARKDOWN_TOTAL = 12_000
TEXT_TOTAL = 13_200
MESSAGE_TEXT = 40_000
TASK_TEXT = 256
_TASK_STATES = frozenset({"pending", "in_progress", "complete", "error"})
_RICH_TEXT_PARTS = frozenset(
    {"rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted"}
)
_MESSAGE_ONLY = frozenset({"markdown", "context_actions"})


def message_problems(payload: dict[str, Any]) -> list[str]:
    """What is wrong with the arguments of a `chat.*` call or a `response_url` body."""
    blocks = payload.get("blocks")
    problems = []
    if len(str(payload.get("text") or "")) > MESSAGE_TEXT:
        problems.append(f"text: more than {MESSAGE_TEXT} characters")
    if blocks is not None:
        problems.extend(_block_list(blocks, MESSAGE_BLOCKS, view=False))
    return problems


def view_problems(view: dict[str, Any]) -> list[str]:
    """What is wrong with a Home tab or a modal."""
    problems = list(_block_list(view.get("blocks"), VIEW_BLOCKS, view=True))
    kind = view.get("type")
    if kind not in ("home", "modal"):
        problems.append("type: must be home or modal")
    if kind == "modal":
        problems.extend(text_problems(view.get("title"), "title", 24, plain=True))
        for name in ("submit", "close"):
            if name in view:
                problems.extend(text_problems(view[name], name, 24, plain=True))
        inputs = any(block.get("type") == "input" for block in view.get("blocks") or ())
        if inputs and "submit" not in view:
            problems.append("submit: required when the view has input blocks")
    for name, limit in (("private_metadata", 3_000), ("callback_id", 255), ("external_id", 255)):
        if len(str(view.get(name) or "")) > limit:
            problems.append(f"{name}: more than {limit} characters")
    return problems


def chunk_problems(chunks: Any) -> list[str]:
    """What is wrong with the chunks of a `chat.*Stream` call."""
    if not isinstance(chunks, list) or not all(isinstance(chunk, dict) for chunk in chunks):
        return ["chunks: must be a list of objects"]
    problems: list[str] = []
    for position, chunk in enumerate(chunks):
        check = _CHUNKS.get(str(chunk.get("type")))
        path = f"chunks[{position}]"
        if check is None:
            problems.append(f"{path}.type: unsupported chunk {chunk.get('type')!r}")
        else:
            problems.extend(check(chunk, path))
    return problems


def _markdown_chunk(chunk: dict[str, Any], path: str) -> Iterator[str]:
    yield from string_problems(chunk.get("text"), f"{path}.text", MARKDOWN_TOTAL)


def _task_chunk(chunk: dict[str, Any], path: str) -> Iterator[str]:
    for name in ("id", "title"):
        yield from string_problems(chunk.get(name), f"{path}.{name}", TASK_TEXT)
    if chunk.get("status") not in _TASK_STATES:
        yield f"{path}.status: pending, in_progress, complete or error"
    for name in ("details", "output"):
        if name in chunk:
            yield from string_problems(chunk[name], f"{path}.{name}", TASK_TEXT)


def _plan_chunk(chunk: dict[str, Any], path: str) -> Iterator[str]:
    yield from string_problems(chunk.get("title"), f"{path}.title", TASK_TEXT)


def _blocks_chunk(chunk: dict[str, Any], path: str) -> Iterator[str]:
    for problem in _block_list(chunk.get("blocks"), MESSAGE_BLOCKS, view=False):
        yield f"{path}.{problem}"


_CHUNKS: dict[str, Check] = {
    "blocks": _blocks_chunk,
    "markdown_text": _markdown_chunk,
    "plan_update": _plan_chunk,
    "task_update": _task_chunk,
}


def too_long(payload: dict[str, Any]) -> bool:
    """Whether Slack would answer `msg_blocks_too_long`: all text of all blocks together."""
    return _letters(payload.get("blocks") or []) > TEXT_TOTAL


def _block_list(blocks: Any, limit: int, *, view: bool) -> Iterator[str]:
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        yield "blocks: must be a list of objects"
        return
    if len(blocks) > limit:
        yield f"blocks: {len(blocks)} blocks, at most {limit}"
    seen: set[str] = set()
    for position, block in enumerate(blocks):
        path = f"blocks[{position}]"
        block_id = block.get("block_id")
        if block_id is not None:
            if not isinstance(block_id, str) or not 1 <= len(block_id) <= 255:
                yield f"{path}.block_id: 1 to 255 characters"
            elif block_id in seen:
                yield f"{path}.block_id: used twice"
            seen.add(str(block_id))
        check = _BLOCKS.get(str(block.get("type")))
        if check is None or (view and block.get("type") in _MESSAGE_ONLY):
            yield f"{path}.type: unsupported block {block.get('type')!r}"
            continue
        yield from check(block, path)
    markdown = sum(len(str(b.get("text", ""))) for b in blocks if b.get("type") == "markdown")
    if markdown > MARKDOWN_TOTAL:
        yield f"blocks: {markdown} characters of markdown, at most {MARKDOWN_TOTAL}"


def _section(block: dict[str, Any], path: str) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield f"{path}: section needs text or fields"
    if "text" in block:
        yield from text_problems(block["text"], f"{path}.text", 3_000)
    if "fields" in block:
        fields = block["fields"]
        if not isinstance(fields, list) or not 1 <= len(fields) <= 10:
            yield f"{path}.fields: 1 to 10 fields"
        else:
            for position, item in enumerate(fields):
                yield from text_problems(item, f"{path}.fields[{position}]", 2_000)
    if "accessory" in block:
        yield from element_problems(block["accessory"], f"{path}.accessory", IN_SECTIONS)


def _header(block: dict[str, Any], path: str) -> Iterator[str]:
    yield from text_problems(block.get("text"), f"{path}.text", 150, plain=True)


def _divider(block: dict[str, Any], path: str) -> Iterator[str]:
    extra = set(block) - {"type", "block_id"}
    if extra:
        yield f"{path}: a divider has no {', '.join(sorted(extra))}"


def _context(block: dict[str, Any], path: str) -> Iterator[str]:
    for element, place in listed(block, path, 10):
        if isinstance(element, dict) and element.get("type") == "image":
            yield from image_problems(element, place)
        else:
            yield from text_problems(element, place, 3_000)
    yield from count_problems(block, path, 10)


def _actions(block: dict[str, Any], path: str) -> Iterator[str]:
    yield from count_problems(block, path, 25)
    yield from interactive_problems(block, path, 25)


def _context_actions(block: dict[str, Any], path: str) -> Iterator[str]:
    yield from count_problems(block, path, 5)
    for element, place in listed(block, path, 5):
        kind = element.get("type") if isinstance(element, dict) else None
        if kind not in ("feedback_buttons", "icon_button"):
            yield f"{place}.type: context_actions takes feedback_buttons or icon_button"
        elif kind == "feedback_buttons":
            for name in ("positive_button", "negative_button"):
                yield from _feedback(element.get(name), f"{place}.{name}")


def _feedback(button: Any, path: str) -> Iterator[str]:
    if not isinstance(button, dict):
        yield f"{path}: required"
        return
    yield from text_problems(button.get("text"), f"{path}.text", 75, plain=True)
    yield from string_problems(button.get("value"), f"{path}.value", 2_000)


def _markdown(block: dict[str, Any], path: str) -> Iterator[str]:
    yield from string_problems(block.get("text"), f"{path}.text", MARKDOWN_TOTAL)


def _input(block: dict[str, Any], path: str) -> Iterator[str]:
    yield from text_problems(block.get("label"), f"{path}.label", 2_000, plain=True)
    if "hint" in block:
        yield from text_problems(block["hint"], f"{path}.hint", 2_000, plain=True)
    if not isinstance(block.get("element"), dict):
        yield f"{path}.element: required"
    else:
        yield from element_problems(block["element"], f"{path}.element", IN_INPUTS)


def _rich_text(block: dict[str, Any], path: str) -> Iterator[str]:
    elements = block.get("elements")
    if not isinstance(elements, list):
        yield f"{path}.elements: required"
        return
    for position, element in enumerate(elements):
        kind = element.get("type") if isinstance(element, dict) else None
        place = f"{path}.elements[{position}]"
        if kind not in _RICH_TEXT_PARTS:
            yield f"{place}.type: unsupported {kind!r}"
        elif not isinstance(element.get("elements"), list):
            yield f"{place}.elements: required"


_BLOCKS: dict[str, Check] = {
    "actions": _actions,
    "context": _context,
    "context_actions": _context_actions,
    "divider": _divider,
    "header": _header,
    "image": image_problems,
    "input": _input,
    "markdown": _markdown,
    "rich_text": _rich_text,
    "section": _section,
}


def _letters(value: Any) -> int:
    if isinstance(value, dict):
        return sum(
            len(item) if key == "text" and isinstance(item, str) else _letters(item)
            for key, item in value.items()
        )
    if isinstance(value, list):
        return sum(map(_letters, value))
    return 0
