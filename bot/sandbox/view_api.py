"""`views.*`: modals and Home tabs, checked as Slack checks them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox import validator
from bot.sandbox.arguments import required
from bot.sandbox.errors import SlackError

if TYPE_CHECKING:
    from bot.sandbox.arguments import Arguments, Method
    from bot.sandbox.workspace import Workspace


class ViewApi:
    """The views of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def methods(self) -> dict[str, Method]:
        """The methods by their names."""
        return {
            "views.open": self._open,
            "views.publish": self._publish,
            "views.push": self._push,
            "views.update": self._update,
        }

    def _open(self, arguments: Arguments) -> dict[str, Any]:
        return self._show(arguments, root=True)

    def _push(self, arguments: Arguments) -> dict[str, Any]:
        return self._show(arguments, root=False)

    def _show(self, arguments: Arguments, *, root: bool) -> dict[str, Any]:
        person = self._workspace.handles.use_trigger(required(arguments, "trigger_id"))
        view = _modal(arguments)
        return {"view": self._workspace.push_view(person, view, root=root)}

    def _update(self, arguments: Arguments) -> dict[str, Any]:
        view = _modal(arguments)
        return {"view": self._workspace.replace_view(required(arguments, "view_id"), view)}

    def _publish(self, arguments: Arguments) -> dict[str, Any]:
        view = arguments.get("view")
        if not isinstance(view, dict):
            raise SlackError("invalid_arguments")
        problems = validator.view_problems(view)
        if view.get("type") != "home":
            problems.append("type: only a home view is published")
        if problems:
            raise SlackError("invalid_arguments", tuple(problems))
        self._workspace.publish_home(required(arguments, "user_id"), view)
        return {"view": view}


def _modal(arguments: Arguments) -> dict[str, Any]:
    view = arguments.get("view")
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments")
    problems = validator.view_problems(view)
    if view.get("type") != "modal":
        problems.append("type: only a modal is opened")
    if problems:
        raise SlackError("invalid_arguments", tuple(problems))
    return view
