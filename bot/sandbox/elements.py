"""The rules of Block Kit for elements and composition objects, which blocks are made of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

Check: TypeAlias = Callable[[dict[str, Any], str], Iterator[str]]
"""Says what is wrong with an object at a path."""

_BUTTON_STYLES = frozenset({None, "primary", "danger"})
_IN_ACTIONS = frozenset({
    "button", "checkboxes", "channels_select", "conversations_select", "datepicker",
    "datetimepicker", "external_select", "overflow", "radio_buttons", "static_select",
    "timepicker", "users_select", "workflow_button", "multi_static_select", "rich_text_input",
})  # fmt: skip
IN_SECTIONS = _IN_ACTIONS | {"image", "multi_users_select", "multi_conversations_select"}
IN_INPUTS = (_IN_ACTIONS - {"button", "overflow", "workflow_button"}) | {
    "email_text_input", "file_input", "number_input", "plain_text_input", "url_text_input",
    "multi_users_select", "multi_conversations_select",
}  # fmt: skip


def interactive_problems(block: dict[str, Any], path: str, limit: int) -> Iterator[str]:
    """Up to ``limit`` elements that a person acts on, each with an action id of its own."""
    seen: set[str] = set()
    for element, place in listed(block, path, limit):
        yield from element_problems(element, place, _IN_ACTIONS)
        action = element.get("action_id") if isinstance(element, dict) else None
        if action is not None and action in seen:
            yield f"{place}.action_id: used twice in the block"
        seen.add(str(action))


def element_problems(
    element: Any, path: str, places: frozenset[str] | None = None
) -> Iterator[str]:
    """One element; ``places`` are the kinds that may stand there."""
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
        yield from text_problems(element["placeholder"], f"{path}.placeholder", 150, plain=True)


def _button(element: dict[str, Any], path: str) -> Iterator[str]:
    yield from text_problems(element.get("text"), f"{path}.text", 75, plain=True)
    if "value" in element:
        yield from string_problems(element["value"], f"{path}.value", 2_000)
    if "url" in element:
        yield from string_problems(element["url"], f"{path}.url", 3_000)
    if element.get("style") not in _BUTTON_STYLES:
        yield f"{path}.style: primary or danger"
    if len(str(element.get("accessibility_label") or "")) > 75:
        yield f"{path}.accessibility_label: more than 75 characters"


def image_problems(block: dict[str, Any], path: str) -> Iterator[str]:
    """An image, as a block or an element."""
    yield from string_problems(block.get("alt_text"), f"{path}.alt_text", 2_000)
    if "image_url" in block:
        yield from string_problems(block["image_url"], f"{path}.image_url", 3_000)
    elif "slack_file" not in block:
        yield f"{path}: image needs image_url or slack_file"
    if "title" in block:
        yield from text_problems(block["title"], f"{path}.title", 2_000, plain=True)


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
            yield from text_problems(group.get("label"), f"{place}.label", 75, plain=True)
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
        yield from text_problems(option.get("text"), f"{place}.text", 75, plain=not rich)
        yield from string_problems(option.get("value"), f"{place}.value", 150)
        if "description" in option:
            yield from text_problems(
                option["description"], f"{place}.description", 75, plain=not rich
            )
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


_ELEMENTS = {
    "button": _button,
    "checkboxes": _few_options,
    "datepicker": _date,
    "image": image_problems,
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


def _confirm(value: Any, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path}: must be an object"
        return
    yield from text_problems(value.get("title"), f"{path}.title", 100, plain=True)
    yield from text_problems(value.get("text"), f"{path}.text", 300)
    yield from text_problems(value.get("confirm"), f"{path}.confirm", 30, plain=True)
    yield from text_problems(value.get("deny"), f"{path}.deny", 30, plain=True)


def text_problems(value: Any, path: str, limit: int, *, plain: bool = False) -> Iterator[str]:
    """A text object of up to ``limit`` characters."""
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
    yield from string_problems(value.get("text"), f"{path}.text", limit)


def string_problems(value: Any, path: str, limit: int) -> Iterator[str]:
    """A string that must be there, of up to ``limit`` characters."""
    if not isinstance(value, str) or not value:
        yield f"{path}: required"
    elif len(value) > limit:
        yield f"{path}: {len(value)} characters, at most {limit}"


def count_problems(block: dict[str, Any], path: str, limit: int) -> Iterator[str]:
    """Whether a block has from 1 to ``limit`` elements."""
    elements = block.get("elements")
    if not isinstance(elements, list) or not 1 <= len(elements) <= limit:
        yield f"{path}.elements: 1 to {limit} elements"


def listed(block: dict[str, Any], path: str, limit: int) -> Iterator[tuple[Any, str]]:
    """A block's elements, each with its path."""
    elements = block.get("elements")
    if isinstance(elements, list):
        for position, element in enumerate(elements[:limit]):
            yield element, f"{path}.elements[{position}]"
