"""The rules of Block Kit that Slack enforces, as a list of what is wrong with a payload.

Sources: Slack's Block Kit reference (lengths, counts, required fields, unique ids). An empty list
means Slack would take the payload. Paths in the messages look like ``blocks[2].text.text``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

Check: TypeAlias = Callable[[dict[str, Any], str], Iterator[str]]

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MARKDOWN_TOTAL = 12_000
TEXT_TOTAL = 13_200
MESSAGE_TEXT = 40_000
_BUTTON_STYLES = frozenset({None, "primary", "danger"})
_RICH_TEXT_PARTS = frozenset(
    {"rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted"}
)


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
        problems.extend(_text(view.get("title"), "title", 24, plain=True))
        for name in ("submit", "close"):
            if name in view:
                problems.extend(_text(view[name], name, 24, plain=True))
        inputs = any(block.get("type") == "input" for block in view.get("blocks") or ())
        if inputs and "submit" not in view:
            problems.append("submit: required when the view has input blocks")
    for name, limit in (("private_metadata", 3_000), ("callback_id", 255)):
        if len(str(view.get(name) or "")) > limit:
            problems.append(f"{name}: more than {limit} characters")
    return problems


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
        yield from _text(block["text"], f"{path}.text", 3_000)
    if "fields" in block:
        fields = block["fields"]
        if not isinstance(fields, list) or not 1 <= len(fields) <= 10:
            yield f"{path}.fields: 1 to 10 fields"
        else:
            for position, item in enumerate(fields):
                yield from _text(item, f"{path}.fields[{position}]", 2_000)
    if "accessory" in block:
        yield from _element(block["accessory"], f"{path}.accessory")


def _header(block: dict[str, Any], path: str) -> Iterator[str]:
    yield from _text(block.get("text"), f"{path}.text", 150, plain=True)


def _divider(block: dict[str, Any], path: str) -> Iterator[str]:
    extra = set(block) - {"type", "block_id"}
    if extra:
        yield f"{path}: a divider has no {', '.join(sorted(extra))}"


def _context(block: dict[str, Any], path: str) -> Iterator[str]:
    for element, place in _listed(block, path, 10):
        if isinstance(element, dict) and element.get("type") == "image":
            yield from _image(element, place)
        else:
            yield from _text(element, place, 3_000)
    yield from _count(block, path, 10)


def _actions(block: dict[str, Any], path: str) -> Iterator[str]:
    yield from _count(block, path, 25)
    yield from _interactive(block, path, 25)


def _context_actions(block: dict[str, Any], path: str) -> Iterator[str]:
    yield from _count(block, path, 5)
    for element, place in _listed(block, path, 5):
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
    yield from _text(button.get("text"), f"{path}.text", 75, plain=True)
    yield from _string(button.get("value"), f"{path}.value", 2_000)


def _markdown(block: dict[str, Any], path: str) -> Iterator[str]:
    yield from _string(block.get("text"), f"{path}.text", MARKDOWN_TOTAL)


def _image(block: dict[str, Any], path: str) -> Iterator[str]:
    yield from _string(block.get("alt_text"), f"{path}.alt_text", 2_000)
    if "image_url" in block:
        yield from _string(block["image_url"], f"{path}.image_url", 3_000)
    elif "slack_file" not in block:
        yield f"{path}: image needs image_url or slack_file"
    if "title" in block:
        yield from _text(block["title"], f"{path}.title", 2_000, plain=True)


def _input(block: dict[str, Any], path: str) -> Iterator[str]:
    yield from _text(block.get("label"), f"{path}.label", 2_000, plain=True)
    if "hint" in block:
        yield from _text(block["hint"], f"{path}.hint", 2_000, plain=True)
    if not isinstance(block.get("element"), dict):
        yield f"{path}.element: required"
    else:
        yield from _element(block["element"], f"{path}.element")


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
    "image": _image,
    "input": _input,
    "markdown": _markdown,
    "rich_text": _rich_text,
    "section": _section,
}
_MESSAGE_ONLY = frozenset({"markdown", "context_actions"})


def _interactive(block: dict[str, Any], path: str, limit: int) -> Iterator[str]:
    seen: set[str] = set()
    for element, place in _listed(block, path, limit):
        yield from _element(element, place)
        action = element.get("action_id") if isinstance(element, dict) else None
        if action is not None and action in seen:
            yield f"{place}.action_id: used twice in the block"
        seen.add(str(action))


def _element(element: Any, path: str) -> Iterator[str]:
    if not isinstance(element, dict) or not isinstance(element.get("type"), str):
        yield f"{path}: must be an element object"
        return
    action = element.get("action_id")
    if action is not None and (not isinstance(action, str) or not 1 <= len(action) <= 255):
        yield f"{path}.action_id: 1 to 255 characters"
    if element["type"] == "image":
        yield from _image(element, path)
    if element["type"] != "button":
        return
    yield from _text(element.get("text"), f"{path}.text", 75, plain=True)
    if "value" in element:
        yield from _string(element["value"], f"{path}.value", 2_000)
    if "url" in element:
        yield from _string(element["url"], f"{path}.url", 3_000)
    if element.get("style") not in _BUTTON_STYLES:
        yield f"{path}.style: primary or danger"
    if len(str(element.get("accessibility_label") or "")) > 75:
        yield f"{path}.accessibility_label: more than 75 characters"


def _text(value: Any, path: str, limit: int, *, plain: bool = False) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path}: a text object is required"
        return
    kind = value.get("type")
    if kind != "plain_text" and (plain or kind != "mrkdwn"):
        yield f"{path}.type: must be plain_text" + ("" if plain else " or mrkdwn")
    if kind == "mrkdwn" and "emoji" in value:
        yield f"{path}.emoji: only for plain_text"
    if kind == "plain_text" and "verbatim" in value:
        yield f"{path}.verbatim: only for mrkdwn"
    yield from _string(value.get("text"), f"{path}.text", limit)


def _string(value: Any, path: str, limit: int) -> Iterator[str]:
    if not isinstance(value, str) or not value:
        yield f"{path}: required"
    elif len(value) > limit:
        yield f"{path}: {len(value)} characters, at most {limit}"


def _count(block: dict[str, Any], path: str, limit: int) -> Iterator[str]:
    elements = block.get("elements")
    if not isinstance(elements, list) or not 1 <= len(elements) <= limit:
        yield f"{path}.elements: 1 to {limit} elements"


def _listed(block: dict[str, Any], path: str, limit: int) -> Iterator[tuple[Any, str]]:
    elements = block.get("elements")
    if isinstance(elements, list):
        for position, element in enumerate(elements[:limit]):
            yield element, f"{path}.elements[{position}]"


def _letters(value: Any) -> int:
    if isinstance(value, dict):
        return sum(
            len(item) if key == "text" and isinstance(item, str) else _letters(item)
            for key, item in value.items()
        )
    if isinstance(value, list):
        return sum(map(_letters, value))
    return 0
