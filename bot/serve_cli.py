"""`codecite serve` and `demo`: the Slack app, against Slack or the sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands import runtime

if TYPE_CHECKING:
    from bot.runtime import Runtime
    from bot.slack.ports import WatchedAnswerer


def _watched(running: Runtime) -> WatchedAnswerer | None:
    """What tells its steps in Slack: with a chat model, whose answers take seconds."""
    return running.assistant.answer if running.settings.model else None


def serve(
    mode: Annotated[
        str, typer.Option("--mode", help="How Slack reaches the app: socket or http.")
    ] = "socket",
    host: Annotated[str, typer.Option("--host", help="Where HTTP mode listens.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Its port.")] = 3000,
) -> None:
    """Run the Slack app."""
    from bot.slack.codes import code_desk
    from bot.slack.serve import serve as run_app

    running = runtime()
    running.warm()
    console = None
    if mode == "http":
        from bot.console.app import console_app
        from bot.console.serving import web_of

        console = console_app(web_of(running))
    run_app(
        running.settings, running.assistant.answer, running.journal, mode=mode,
        codes=code_desk(running.store), review=running.desk, watched=_watched(running),
        host=host, port=port, console=console,
    )  # fmt: skip


def demo(
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Port; 0 picks a free one.")] = 8765,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the page.")] = True,
) -> None:
    """Open a Slack workspace on this machine with Codecite in it: no account needed."""
    from bot.sandbox.demo import run_demo
    from bot.slack.codes import code_desk

    running = runtime()
    running.warm()
    run_demo(
        running.settings, running.assistant.answer, running.journal,
        host=host, port=port, open_browser=open_browser, codes=code_desk(running.store),
        review=running.desk, watched=_watched(running),
    )  # fmt: skip
