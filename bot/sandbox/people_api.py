"""`auth.test`, `users.*`, `conversations.*` and the like: who and what is in a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.arguments import check_message, place, required
from bot.sandbox.errors import SlackError

if TYPE_CHECKING:
    from bot.sandbox.arguments import Arguments, Method
    from bot.sandbox.workspace import Workspace


class PeopleApi:
    """The people, conversations and reactions of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._reactions: list[tuple[str, str, str]] = []

    def methods(self) -> dict[str, Method]:
        """The methods by their names."""
        return {
            "auth.test": self._auth_test,
            "blocks.validate": self._blocks_validate,
            "conversations.info": self._conversations_info,
            "conversations.open": self._conversations_open,
            "reactions.add": self._reactions_add,
            "usergroups.users.list": self._usergroup_members,
            "users.info": self._users_info,
        }

    def _auth_test(self, _arguments: Arguments) -> dict[str, Any]:
        workspace = self._workspace
        return {
            "url": "https://sandbox.slack.test/",
            "team": workspace.team_name,
            "user": workspace.bot.name,
            "team_id": workspace.team_id,
            "user_id": workspace.bot.user_id,
            "bot_id": workspace.bot.bot_id,
            "is_enterprise_install": bool(self._workspace.enterprise_id),
            "enterprise_id": self._workspace.enterprise_id or None,
        }

    def _users_info(self, arguments: Arguments) -> dict[str, Any]:
        person = self._workspace.people.get(required(arguments, "user"))
        if person is None:
            raise SlackError("user_not_found")
        return {
            "user": {
                "id": person.id,
                "name": person.name,
                "real_name": person.real_name,
                "team_id": person.home_team or self._workspace.team_id,
                "deleted": person.deleted,
                "is_restricted": person.guest,
                "is_bot": False,
                "profile": {"title": person.title, "real_name": person.real_name},
            }
        }

    def _usergroup_members(self, arguments: Arguments) -> dict[str, Any]:
        group = self._workspace.groups.get(required(arguments, "usergroup"))
        if group is None:
            raise SlackError("no_such_subteam")
        return {"users": list(group)}

    def _conversations_info(self, arguments: Arguments) -> dict[str, Any]:
        channel = self._workspace.channel(required(arguments, "channel"))
        return {
            "channel": {
                "id": channel.id,
                "name": channel.name,
                "is_channel": not channel.direct,
                "is_im": channel.direct,
                "is_ext_shared": channel.ext_shared,
                "is_member": self._workspace.bot.user_id in channel.members,
            }
        }

    def _conversations_open(self, arguments: Arguments) -> dict[str, Any]:
        channel = self._workspace.direct_with(required(arguments, "users"))
        return {"channel": {"id": channel.id}}

    def _reactions_add(self, arguments: Arguments) -> dict[str, Any]:
        channel = place(self._workspace, arguments)
        posted = self._workspace.message(channel, required(arguments, "timestamp"))
        reaction = (channel, posted.ts, required(arguments, "name"))
        if reaction in self._reactions:
            raise SlackError("already_reacted")
        self._reactions.append(reaction)
        return {}

    def _blocks_validate(self, arguments: Arguments) -> dict[str, Any]:
        check_message({"text": "x", "blocks": arguments.get("blocks")})
        return {}
