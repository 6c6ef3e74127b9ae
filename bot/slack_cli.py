"""`codecite slack`: the manifest of the app, a check of its token, a key for its tokens."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from bot import config
from bot.commands import JsonFlag, print_json
from bot.errors import ConfigurationError

slack_app = typer.Typer(help="Set the Slack app up.", no_args_is_help=True)


@slack_app.command("manifest", epilog="Example: codecite slack manifest --mode socket")
def slack_manifest(
    mode: Annotated[str, typer.Option("--mode", help="socket or http.")] = "socket",
    url: Annotated[str, typer.Option("--url", help="Public https address of HTTP mode.")] = "",
    oauth: Annotated[
        bool, typer.Option("--oauth", help="Many workspaces install it (HTTP mode).")
    ] = False,
) -> None:
    """Print the app manifest to paste where Slack creates an app from one."""
    from bot.slack.manifest import manifest

    if mode not in ("socket", "http"):
        raise ConfigurationError(f"--mode {mode} is not known: use socket or http.")
    if (mode == "http" or oauth) and not url.startswith("https://"):
        raise ConfigurationError("HTTP mode needs --url, the https address that Slack reaches.")
    document = manifest(socket_mode=mode == "socket", url=url, oauth=oauth)
    print_json(document)


@slack_app.command("check", epilog="Example: codecite slack check --json")
def slack_check(
    as_json: JsonFlag = False,
) -> None:
    """Ask Slack whether the token works and the app's blocks are well-formed."""
    from bot.slack.checking import check_app

    found = check_app(config.load(), os.environ.get("SLACK_API_URL", ""))
    if as_json:
        rows = [{"name": c.name, "ok": c.ok, "state": c.state} for c in found]
        document = {"ok": all(c.ok for c in found), "checks": rows}
        print_json(document)
    else:
        for check in found:
            typer.echo(f"{'ok     ' if check.ok else 'PROBLEM'} {check.name}: {check.state}")
    if not all(check.ok for check in found):
        raise typer.Exit(1)


@slack_app.command("key", epilog="Example: codecite slack key")
def slack_key() -> None:
    """Print a fresh key for CODECITE_SLACK_ENCRYPTION_KEY. Keep it secret."""
    from bot.slack.installations import new_key

    sys.stdout.write(new_key() + "\n")
