"""`codecite codesets`: what official releases are here, and how more of them get here."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import config
from bot.commands import JsonFlag, err, note, out, print_json
from codesets.models import System

if TYPE_CHECKING:
    from codesets.releases import ReleaseStore

codesets_app = typer.Typer(help="Official releases on this machine.", no_args_is_help=True)

PathsArgument = Annotated[list[Path], typer.Argument(help="Files, folders or zips you downloaded.")]


@codesets_app.command("list", epilog="Example: codecite codesets list --json")
def codesets_list(as_json: JsonFlag = False) -> None:
    """Show what is installed: system, release, dates, counts, source, licence."""
    from bot.codesets_views import inventory_view
    from codesets.inventory import inventory

    rows = inventory(_store(packaged=True))
    if as_json:
        print_json({"codesets": [row.to_json() for row in rows]})
    else:
        out.print(inventory_view(rows))


@codesets_app.command("install", epilog="Example: codecite codesets install ~/Downloads/cms")
def codesets_install(
    paths: PathsArgument,
    licensee: Annotated[
        str, typer.Option("--licensee", help="Who holds the CPT licence; needed for CPT files.")
    ] = "",
    release: Annotated[
        str | None,
        typer.Option("--release", help="Their release, where the files do not say it: FY2026-04."),
    ] = None,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Trust these files over others of the same release."),
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Install official files; each is told by its content, and what is unknown is left alone."""
    from bot.codesets_views import reports_view, summary
    from bot.progress import TerminalProgress
    from codesets.installing import Outcome, install

    with TerminalProgress(err) as progress:
        reports = install(
            paths,
            _store(),
            licensee=licensee,
            release=release,
            replace=replace,
            progress=progress,
        )
    failed = any(r.outcome in (Outcome.FAILED, Outcome.REFUSED) for r in reports)
    if as_json:
        print_json({"ok": not failed, "files": [report.to_json() for report in reports]})
    else:
        out.print(reports_view(reports))
        note(summary(reports))
    if failed or not reports:
        raise typer.Exit(1)


@codesets_app.command("update", epilog="Example: codecite codesets update --system icd10cm")
def codesets_update(
    system: Annotated[
        list[System] | None, typer.Option("--system", help="Only this system; may be repeated.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Get the current files from the publishers' catalogue pages and install them."""
    from bot.codesets_views import update_view
    from bot.progress import TerminalProgress
    from codesets.acquire import update

    settings = config.load()
    with TerminalProgress(err) as progress:
        result = update(
            _store(),
            settings.catalogue_url,
            date.today(),  # the local calendar day
            systems=frozenset(system or ()),
            progress=progress,
        )
    if as_json:
        print_json(result.to_json())
    else:
        if not result.offline:
            out.print(update_view(result))
        note(result.sentence())
    if not result.ok:
        raise typer.Exit(1)


@codesets_app.command("verify", epilog="Example: codecite codesets verify")
def codesets_verify(as_json: JsonFlag = False) -> None:
    """Check every file against its hash, and titles against second sources."""
    from bot.codesets_views import verification_sentence, verification_view
    from bot.progress import TerminalProgress
    from codesets.verifying import verify

    with TerminalProgress(err) as progress:
        result = verify(_store(packaged=True), progress)
    if as_json:
        print_json(result.to_json())
    else:
        out.print(verification_view(result))
        note(verification_sentence(result))
    if not result.ok:
        raise typer.Exit(1)


@codesets_app.command("diff", epilog="Example: codecite codesets diff FY2026-04 FY2027 --chapter 9")
def codesets_diff(
    old: Annotated[str, typer.Argument(help="The earlier release, such as FY2026-04.")],
    new: Annotated[str, typer.Argument(help="The later release, such as FY2027.")],
    chapter: Annotated[
        str | None, typer.Option("--chapter", help="Only this chapter, by its number.")
    ] = None,
    system: Annotated[System, typer.Option("--system", help="The code system.")] = System.ICD10CM,
    as_json: JsonFlag = False,
) -> None:
    """Show codes added, deleted and revised from one release to another."""
    from bot.codesets_views import difference_view
    from codesets.diffing import diff, find_release

    store = _store(packaged=system is System.ICD10CM)
    before, after = find_release(store, system, old), find_release(store, system, new)
    found = diff(store, before, after, chapter)
    if as_json:
        print_json(found.to_json())
    else:
        out.print(difference_view(found))


def _store(*, packaged: bool = False) -> ReleaseStore:
    """The releases under the home folder; with ``packaged``, those that came with Codecite too."""
    from bot.progress import TerminalProgress
    from codesets.releases import ReleaseStore

    store = ReleaseStore(config.load().home)
    if packaged:
        with TerminalProgress(err) as progress:
            store.ensure_default(progress)
    return store
