"""The rules of Block Kit that Slack enforces, as a list of what is wrong with a payload.

Sources: Slack's Block Kit reference (lengths, counts, required fields, unique ids). An empty list
means Slack would take the payload. Paths in the messages look like ``blocks[2].text.text``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

Check: TypeAlias = Callable[[dict[str, Any], str], Iterator[str]]

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MARKDOWN_TOTAL = 12_000
TEXT_TOTAL = 13_200
MESSAGE_TEXT = 40_000
TASK_TEXT = 256
_TASK_STATES = frozenset({"pending", "in_progress", "complete", "error"})
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
    yield from _string(chunk.get("text"), f"{path}.text", MARKDOWN_TOTAL)


def _task_chunk(chunk: dict[str, Any], path: str) -> Iterator[str]:
    for name in ("id", "title"):
        yield from _string(chunk.get(name), f"{path}.{name}", TASK_TEXT)
    if chunk.get("status") not in _TASK_STATES:
        yield f"{path}.status: pending, in_progress, complete or error"
    for name in ("details", "output"):
        if name in chunk:
            yield from _string(chunk[name], f"{path}.{name}", TASK_TEXT)


def _plan_chunk(chunk: dict[str, Any], path: str) -> Iterator[str]:
    yield from _string(chunk.get("title"), f"{path}.title", TASK_TEXT)


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
        yield from _text(block["text"], f"{path}.text", 3_000)
    if "fields" in block:
        fields = block["fields"]
        if not isinstance(fields, list) or not 1 <= len(fields) <= 10:
            yield f"{path}.fields: 1 to 10 fields"
        else:
            for position, item in enumerate(fields):
                yield from _text(item, f"{path}.fields[{position}]", 2_000)
    if "accessory" in block:
        yield from _element(block["accessory"], f"{path}.accessory", _IN_SECTIONS)


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
        yield from _element(block["element"], f"{path}.element", _IN_INPUTS)


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


_ELEMENTS: dict[str, Check]
_IN_ACTIONS = frozenset({
    "button", "checkboxes", "channels_select", "conversations_select", "datepicker",
    "datetimepicker", "external_select", "overflow", "radio_buttons", "static_select",
    "timepicker", "users_select", "workflow_button", "multi_static_select", "rich_text_input",
})  # fmt: skip
_IN_SECTIONS = _IN_ACTIONS | {"image", "multi_users_select", "multi_conversations_select"}
_IN_INPUTS = (_IN_ACTIONS - {"button", "overflow", "workflow_button"}) | {
    "email_text_input", "file_input", "number_input", "plain_text_input", "url_text_input",
    "multi_users_select", "multi_conversations_select",
}  # fmt: skip


def _interactive(block: dict[str, Any], path: str, limit: int) -> Iterator[str]:
    seen: set[str] = set()
    for element, place in _listed(block, path, limit):
        yield from _element(element, place, _IN_ACTIONS)
        action = element.get("action_id") if isinstance(element, dict) else None
        if action is not None and action in seen:
            yield f"{place}.action_id: used twice in the block"
        seen.add(str(action))


def _element(element: Any, path: str, places: frozenset[str] | None = None) -> Iterator[str]:
    if not isinstance(element, dict) or not isinstance(element.get("type"), str):
        yield f"{path}: must be an element object"
        return
    kind = element["type"]
    if places is not None and kind not in places:
        yield f"{path}.type: {kind!r} does not go here"
        return
    action = element.get("action_id")
    if action is not None and (not isinstance(action, str) or not 1 <= len(action) <= 255):
        yield f"{path}.action_id: 1 to 255 characters"
    check = _ELEMENTS.get(kind)
    if check is None:
        yield f"{path}.type: unsupported element {kind!r}"
        return
    yield from check(element, path)
    if "confirm" in element:
        yield from _confirm(element["confirm"], f"{path}.confirm")
    if "placeholder" in element:
        yield from _text(element["placeholder"], f"{path}.placeholder", 150, plain=True)


def _button(element: dict[str, Any], path: str) -> Iterator[str]:
    yield from _text(element.get("text"), f"{path}.text", 75, plain=True)
    if "value" in element:
        yield from _string(element["value"], f"{path}.value", 2_000)
    if "url" in element:
        yield from _string(element["url"], f"{path}.url", 3_000)
    if element.get("style") not in _BUTTON_STYLES:
        yield f"{path}.style: primary or danger"
    if len(str(element.get("accessibility_label") or "")) > 75:
        yield f"{path}.accessibility_label: more than 75 characters"


def _select(element: dict[str, Any], path: str) -> Iterator[str]:
    if ("options" in element) == ("option_groups" in element):
        yield f"{path}: either options or option_groups"
    yield from _options(element, path, 100)
    if "option_groups" in element:
        groups = element["option_groups"]
        if not isinstance(groups, list) or not 1 <= len(groups) <= 100:
            yield f"{path}.option_groups: 1 to 100 groups"
            return
        for position, group in enumerate(groups):
            place = f"{path}.option_groups[{position}]"
            yield from _text(group.get("label"), f"{place}.label", 75, plain=True)
            yield from _options(group, place, 100)


def _few_options(element: dict[str, Any], path: str) -> Iterator[str]:
    yield from _options(element, path, 10, required=True, rich=True)


def _overflow(element: dict[str, Any], path: str) -> Iterator[str]:
    yield from _options(element, path, 5, required=True)


def _options(
    element: dict[str, Any], path: str, limit: int, *, required: bool = False, rich: bool = False
) -> Iterator[str]:
    options = element.get("options")
    if options is None and not required:
        return
    if not isinstance(options, list) or not 1 <= len(options) <= limit:
        yield f"{path}.options: 1 to {limit} options"
        return
    seen: set[str] = set()
    for position, option in enumerate(options):
        place = f"{path}.options[{position}]"
        if not isinstance(option, dict):
            yield f"{place}: must be an object"
            continue
        yield from _text(option.get("text"), f"{place}.text", 75, plain=not rich)
        yield from _string(option.get("value"), f"{place}.value", 150)
        if "description" in option:
            yield from _text(option["description"], f"{place}.description", 75, plain=not rich)
        if option.get("value") in seen:
            yield f"{place}.value: used twice"
        seen.add(str(option.get("value")))
    for name in ("initial_option", "initial_options"):
        begun = element.get(name)
        chosen = begun if isinstance(begun, list) else [begun] if begun is not None else []
        if name == "initial_options" and begun == []:
            yield f"{path}.{name}: at least one, or left out"
        if any(option not in options for option in chosen):
            yield f"{path}.{name}: must be one of the options"


def _date(element: dict[str, Any], path: str) -> Iterator[str]:
    begun = element.get("initial_date")
    if begun is not None and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(begun)):
        yield f"{path}.initial_date: YYYY-MM-DD"


def _input_text(element: dict[str, Any], path: str) -> Iterator[str]:
    if not 0 <= int(element.get("min_length") or 0) <= 3_000:
        yield f"{path}.min_length: 0 to 3000"
    longest = int(element.get("max_length") or 3_000)
    if not 1 <= longest <= 3_000:
        yield f"{path}.max_length: 1 to 3000"
    if len(str(element.get("initial_value") or "")) > longest:
        yield f"{path}.initial_value: longer than max_length"


def _number(element: dict[str, Any], path: str) -> Iterator[str]:
    if not isinstance(element.get("is_decimal_allowed"), bool):
        yield f"{path}.is_decimal_allowed: required"
    for name in ("min_value", "max_value", "initial_value"):
        if name in element and not isinstance(element[name], str):
            yield f"{path}.{name}: a number as a string"


def _any_element(_element: dict[str, Any], _path: str) -> Iterator[str]:
    return iter(())


def _confirm(value: Any, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path}: must be an object"
        return
    yield from _text(value.get("title"), f"{path}.title", 100, plain=True)
    yield from _text(value.get("text"), f"{path}.text", 300)
    yield from _text(value.get("confirm"), f"{path}.confirm", 30, plain=True)
    yield from _text(value.get("deny"), f"{path}.deny", 30, plain=True)


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


_ELEMENTS = {
    "button": _button,
    "checkboxes": _few_options,
    "datepicker": _date,
    "image": _image,
    "multi_static_select": _select,
    "number_input": _number,
    "overflow": _overflow,
    "plain_text_input": _input_text,
    "radio_buttons": _few_options,
    "static_select": _select,
} | dict.fromkeys(
    (
        "channels_select", "conversations_select", "datetimepicker", "email_text_input",
        "external_select", "file_input", "multi_conversations_select", "multi_users_select",
        "rich_text_input", "timepicker", "url_text_input", "users_select", "workflow_button",
    ),
    _any_element,
)  # fmt: skip


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
