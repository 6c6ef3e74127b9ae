"""The sandbox answers as Slack does: over real HTTP, with Slack's own clients where they exist."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.webhook import WebhookClient

from bot.sandbox.errors import SlackError
from bot.sandbox.pages import state
from bot.sandbox.server import Sandbox
from bot.sandbox.web_api import Fault
from bot.sandbox.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

DANA, MORGAN, CODING, DIRECT = "U0DANA", "U0MORGAN", "C0CODING", "D0DANA"
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "words"}}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(ack_seconds=0.2) as running:
        yield running


@pytest.fixture
def web(sandbox: Sandbox) -> WebClient:
    return WebClient(sandbox.workspace.bot_token, base_url=sandbox.api_url)


def refused(call: Any, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    return str(caught.value.response["error"])


# -- tokens and arguments -------------------------------------------------------------------------


def test_auth_test_names_the_bot(web: WebClient, sandbox: Sandbox) -> None:
    answer = web.auth_test()
    assert (answer["user_id"], answer["bot_id"]) == ("U0CODECITE", "B0CODECITE")
    assert answer["team_id"] == sandbox.workspace.team_id


@pytest.mark.parametrize(
    ("token", "error"),
    [("", "not_authed"), ("xoxb-wrong", "invalid_auth"), ("app", "not_allowed_token_type")],
)
def test_a_wrong_token_is_refused(sandbox: Sandbox, token: str, error: str) -> None:
    used = sandbox.workspace.app_token if token == "app" else token
    assert refused(WebClient(used, base_url=sandbox.api_url).auth_test) == error


def test_a_connection_needs_the_app_token(web: WebClient, sandbox: Sandbox) -> None:
    bot, app = sandbox.workspace.bot_token, sandbox.workspace.app_token
    assert refused(web.apps_connections_open, app_token=bot) == "not_allowed_token_type"
    assert web.apps_connections_open(app_token=app)["url"].startswith("ws://127.0.0.1:")


def test_an_unknown_method(web: WebClient) -> None:
    assert refused(web.api_call, api_method="chat.shout") == "unknown_method"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": CODING}, "no_text"),
        ({"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        ({"channel": CODING, "text": "x", "blocks": [{"type": "nope"}]}, "invalid_blocks"),
        ({"channel": CODING, "text": "x", "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2_900}}] * 5},
         "msg_blocks_too_long"),
        ({"channel": CODING, "text": "x", "thread_ts": "1.0"}, "thread_not_found"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)  # fmt: skip
def test_post_message_refuses(web: WebClient, arguments: dict[str, Any], error: str) -> None:
    assert refused(web.api_call, api_method="chat.postMessage", json=arguments) == error


def test_invalid_blocks_say_where(web: WebClient) -> None:
    with pytest.raises(SlackApiError) as caught:
        web.chat_postMessage(channel=CODING, text="x", blocks=[SECTION, {"type": "section"}])
    assert "blocks[1]" in caught.value.response["response_metadata"]["messages"][0]


@pytest.mark.parametrize("form", [True, False], ids=["form", "json"])
def test_both_encodings_are_read(sandbox: Sandbox, form: bool) -> None:
    values = {"channel": CODING, "text": "encoded & <read>", "blocks": [SECTION]}
    headers = {"Authorization": f"Bearer {sandbox.workspace.bot_token}"}
    body = {"data": values | {"blocks": json.dumps(values["blocks"])}} if form else {"json": values}
    answer = httpx.post(f"{sandbox.api_url}chat.postMessage", headers=headers, **body).json()
    assert answer["ok"]
    posted = sandbox.workspace.message(CODING, answer["ts"])
    assert (posted.text, posted.blocks) == ("encoded & <read>", [SECTION])


def test_messages_are_updated_and_deleted_by_their_author_only(
    web: WebClient, sandbox: Sandbox
) -> None:
    ts = web.chat_postMessage(channel=CODING, text="first")["ts"]
    web.chat_update(channel=CODING, ts=ts, text="second")
    assert sandbox.workspace.message(CODING, ts).text == "second"
    theirs = sandbox.workspace.post(CODING, DANA, "mine")
    update = {"channel": CODING, "ts": theirs.ts, "text": "yours"}
    assert refused(web.chat_update, **update) == "cant_update_message"
    assert refused(web.chat_delete, channel=CODING, ts=theirs.ts) == "cant_delete_message"
    web.chat_delete(channel=CODING, ts=ts)
    assert refused(web.chat_delete, channel=CODING, ts=ts) == "message_not_found"


def test_an_ephemeral_message_is_seen_by_one(web: WebClient, sandbox: Sandbox) -> None:
    web.chat_postEphemeral(channel=CODING, user=DANA, text="for Dana alone")
    seen = {
        person: [m["text"] for m in state(sandbox.workspace, person)["messages"]]
        for person in (DANA, MORGAN)
    }
    assert "for Dana alone" in seen[DANA]
    assert "for Dana alone" not in seen[MORGAN]
    assert refused(web.chat_postEphemeral, channel=DIRECT, user=MORGAN, text="x") == (
        "user_not_in_channel"
    )


def test_a_status_goes_when_the_app_answers(web: WebClient, sandbox: Sandbox) -> None:
    asked = sandbox.workspace.post(CODING, DANA, "a question")
    web.assistant_threads_setStatus(channel_id=CODING, thread_ts=asked.ts, status="is thinking…")
    assert sandbox.workspace.statuses[CODING, asked.ts] == "is thinking…"
    web.chat_postMessage(channel=CODING, thread_ts=asked.ts, text="an answer")
    assert (CODING, asked.ts) not in sandbox.workspace.statuses


@pytest.mark.parametrize("count", [0, 5])
def test_one_to_four_prompts(web: WebClient, count: int) -> None:
    prompts = [{"title": "t", "message": "m"}] * count
    assert refused(
        web.assistant_threads_setSuggestedPrompts, channel_id=DIRECT, prompts=prompts
    ) == ("invalid_arguments")


def test_a_home_view_is_checked(web: WebClient, sandbox: Sandbox) -> None:
    web.views_publish(user_id=DANA, view={"type": "home", "blocks": [SECTION]})
    assert sandbox.workspace.homes[DANA]["blocks"] == [SECTION]
    wrong = {"type": "home", "blocks": [{"type": "section"}]}
    assert refused(web.views_publish, user_id=DANA, view=wrong) == "invalid_arguments"
    assert refused(web.views_publish, user_id="U0NOBODY", view={"type": "home", "blocks": []}) == (
        "user_not_found"
    )


def test_a_method_needs_its_scope(web: WebClient, sandbox: Sandbox) -> None:
    assert refused(web.conversations_open, users=DANA) == "missing_scope"
    sandbox.workspace.scopes.discard("users:read")
    try:
        assert refused(web.users_info, user=DANA) == "missing_scope"
    finally:
        sandbox.workspace.scopes.add("users:read")
    assert "users:read" in web.auth_test().headers["x-oauth-scopes"]


def test_people_and_conversations(web: WebClient, sandbox: Sandbox) -> None:
    sandbox.workspace.scopes.add("im:write")
    assert web.users_info(user=DANA)["user"]["profile"]["title"] == "Coder"
    assert refused(web.users_info, user="U0NOBODY") == "user_not_found"
    assert web.conversations_info(channel=DIRECT)["channel"]["is_im"]
    assert web.conversations_open(users=DANA)["channel"]["id"] == DIRECT


def test_a_reaction_once(web: WebClient, sandbox: Sandbox) -> None:
    sandbox.workspace.scopes.add("reactions:write")
    posted = sandbox.workspace.post(CODING, DANA, "words")
    web.reactions_add(channel=CODING, timestamp=posted.ts, name="eyes")
    assert refused(web.reactions_add, channel=CODING, timestamp=posted.ts, name="eyes") == (
        "already_reacted"
    )


def test_a_fault_is_given_once(web: WebClient, sandbox: Sandbox) -> None:
    sandbox.api.fail_next("auth.test", Fault("ratelimited", 429, retry_after=7))
    with pytest.raises(SlackApiError) as caught:
        web.auth_test()
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["retry-after"] == "7"
    assert web.auth_test()["ok"]


def test_every_call_is_on_record(web: WebClient, sandbox: Sandbox) -> None:
    before = len(sandbox.workspace.calls_of("users.info"))
    web.users_info(user=MORGAN)
    refused(web.users_info, user="U0NOBODY")
    calls = sandbox.workspace.calls_of("users.info")[before:]
    assert [(call.arguments["user"], call.error) for call in calls] == [
        (MORGAN, ""),
        ("U0NOBODY", "user_not_found"),
    ]
    assert all("token" not in call.arguments for call in sandbox.workspace.calls)


# -- response_url ---------------------------------------------------------------------------------


def test_a_response_url_works_five_times(sandbox: Sandbox) -> None:
    url = f"{sandbox.url}/response/{sandbox.workspace.handles.open_response(CODING, DANA)}"
    client = WebhookClient(url)
    answers = [client.send(text=f"use {number}").body for number in range(6)]
    assert answers == ["ok"] * 5 + ["used_url"]
    private = [m for m in sandbox.workspace.from_bot(CODING) if m.text == "use 0"]
    assert [m.visible_to for m in private] == [DANA]


def test_a_response_url_ends_after_thirty_minutes() -> None:
    now = [1_000.0]
    workspace = Workspace(clock=lambda: now[0])
    opened = workspace.handles.open_response(CODING, DANA)
    now[0] += 30 * 60
    assert workspace.handles.use_response(opened).user == DANA
    now[0] += 1
    with pytest.raises(SlackError, match="expired_url"):
        workspace.handles.use_response(opened)
    with pytest.raises(SlackError, match="no_such_url"):
        workspace.handles.use_response("guessed")


def test_a_response_in_channel_replacing_and_deleting(sandbox: Sandbox) -> None:
    workspace = sandbox.workspace
    original = workspace.post(CODING, workspace.bot.user_id, "original", visible_to=DANA)
    url = f"{sandbox.url}/response/{workspace.handles.open_response(CODING, DANA, original.ts)}"
    client = WebhookClient(url)
    client.send(text="for all", response_type="in_channel")
    assert [m.visible_to for m in workspace.messages if m.text == "for all"] == [""]
    client.send(text="replaced", replace_original=True)
    assert workspace.message(CODING, original.ts).text == "replaced"
    client.send(text="", delete_original=True)
    with pytest.raises(SlackError, match="message_not_found"):
        workspace.message(CODING, original.ts)
    assert client.send(text="x", blocks=[{"type": "nope"}]).body == "invalid_blocks"


# -- Socket Mode ----------------------------------------------------------------------------------


def test_an_envelope_is_sent_again_until_it_is_acknowledged(sandbox: Sandbox) -> None:
    web = WebClient(base_url=sandbox.api_url)
    client = SocketModeClient(sandbox.workspace.app_token, web_client=web, ping_interval=1)
    seen: list[tuple[int | None, str | None]] = []

    def listen(socket: Any, request: Any) -> None:
        seen.append((request.retry_attempt, request.retry_reason))
        if len(seen) == 3:
            socket.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))

    client.socket_mode_request_listeners.append(listen)
    client.connect()
    try:
        _, (envelope,) = sandbox.client.say(DANA, DIRECT, "hello")
        assert sandbox.workspace.wait_until(lambda: envelope.acknowledged is not None)
        assert seen == [(0, ""), (1, "timeout"), (2, "timeout")]
        assert envelope.latency is not None
        assert envelope.latency > 0.3
        assert envelope.payload["event"]["channel_type"] == "im"
    finally:
        client.auto_reconnect_enabled = False
        client.close()
    assert sandbox.workspace.wait_until(lambda: sandbox.hub.connections == 0)


def test_events_wait_for_a_connection(sandbox: Sandbox) -> None:
    _, (envelope,) = sandbox.client.say(DANA, DIRECT, "is anyone there")
    web = WebClient(base_url=sandbox.api_url)
    client = SocketModeClient(sandbox.workspace.app_token, web_client=web, ping_interval=1)
    client.socket_mode_request_listeners.append(
        lambda socket, request: socket.send_socket_mode_response(
            SocketModeResponse(envelope_id=request.envelope_id)
        )
    )
    client.connect()
    try:
        assert sandbox.workspace.wait_until(lambda: envelope.acknowledged is not None)
    finally:
        client.auto_reconnect_enabled = False
        client.close()


def test_a_ticket_works_once(sandbox: Sandbox) -> None:
    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import connect

    app = WebClient(base_url=sandbox.api_url)
    url = app.apps_connections_open(app_token=sandbox.workspace.app_token)["url"]
    with connect(url) as socket:
        assert json.loads(socket.recv())["type"] == "hello"
    with pytest.raises(InvalidStatus), connect(url):
        pass
    with pytest.raises(InvalidStatus), connect(url.replace("ticket=", "ticket=x")):
        pass


# -- the page's endpoints -------------------------------------------------------------------------


def test_the_page_is_whole_and_loads_nothing_from_elsewhere(sandbox: Sandbox) -> None:
    index = httpx.get(sandbox.url)
    assert "default-src 'self'" in index.headers["content-security-policy"]
    for path in ("page.css", "page.js", "blocks.js", "mrkdwn.js"):
        file = httpx.get(f"{sandbox.url}/page/{path}")
        assert file.status_code == 200
        assert "https://" not in file.text
        assert "http://" not in file.text


def test_another_sites_form_cannot_act(sandbox: Sandbox) -> None:
    body = json.dumps({"action": "say", "person": DANA, "channel": CODING, "text": "forged"})
    answer = httpx.post(
        f"{sandbox.url}/sandbox/do", content=body, headers={"Content-Type": "text/plain"}
    )
    assert answer.status_code == 415
    assert not [m for m in sandbox.workspace.messages if m.text == "forged"]


def test_another_name_for_this_address_is_refused(sandbox: Sandbox) -> None:
    assert httpx.get(sandbox.url, headers={"Host": "evil.test"}).status_code == 400


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        ({"action": "say", "person": DANA, "channel": "D0MORGAN", "text": "x"}, "not_in_channel"),
        ({"action": "say", "person": "U0NOBODY", "channel": CODING, "text": "x"}, "user_not_found"),
        ({"action": "say", "person": DANA, "channel": CODING}, "invalid_arguments"),
        ({"action": "fly"}, "invalid_arguments"),
        ({"action": "press", "person": DANA, "channel": CODING, "ts": "1.0", "action_id": "a"},
         "message_not_found"),
    ],
)  # fmt: skip
def test_what_a_person_cannot_do_is_refused(
    sandbox: Sandbox, wanted: dict[str, Any], error: str
) -> None:
    answer = httpx.post(f"{sandbox.url}/sandbox/do", json=wanted)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_nobody_reads_the_direct_messages_of_another(sandbox: Sandbox) -> None:
    sandbox.workspace.post(DIRECT, DANA, "between Dana and the bot")
    seen = httpx.get(f"{sandbox.url}/sandbox/state", params={"person": MORGAN}).text
    assert "between Dana and the bot" not in seen


def test_a_change_is_announced(sandbox: Sandbox) -> None:
    with httpx.stream("GET", f"{sandbox.url}/sandbox/changes", timeout=10) as stream:
        lines = stream.iter_lines()
        first = next(line for line in lines if line.startswith("data: "))
        sandbox.workspace.touch()
        second = next(line for line in lines if line.startswith("data: "))
    assert int(second[6:]) > int(first[6:])


def test_timestamps_are_unique_and_rise() -> None:
    workspace = Workspace(clock=lambda: 1_790_000_000.5)
    stamps = [workspace.next_ts() for _ in range(1_000)]
    assert stamps == sorted(set(stamps))
    assert stamps[0] == "1790000000.500000"
