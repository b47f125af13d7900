"""Commands of retention: retention, purge."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

import typer

from pipeline.cli.output import Format, say, show
from pipeline.cli.reviews import As, Review
from pipeline.cli.workspace import Form, Home, opened, password
from pipeline.errors import UsageError

Reasons = Literal["retention", "erasure", "court-order", "error", "other"]
_MEANS = {
    "raw": (
        "Confirming destroys its key: its file, every version, all decisions and notes can never "
        "be opened again. The publication, its proof and the list of who received it stay."
    ),
    "all": (
        "Confirming destroys its key: its file, every version, all decisions, the notes and the "
        "list of who received it can never be opened again."
    ),
}


def retention(
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="As of a day, as 2026-12-31.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Also what is not due yet.")] = False,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """List the reviews whose raw text is due to be purged by the workspace's rules.

    Nothing is purged by it. The rules are in settings.toml: purge_months_after_publication and
    purge_months_after_withdrawal.
    Example: candour retention --on 2027-01-01 --format csv
    """
    from pipeline.flow import purging

    workspace = opened(home, None)
    show(purging.due(workspace, on, every=every), form)
    rules = workspace.settings
    if not rules.purge_months_after_publication and not rules.purge_months_after_withdrawal:
        say("This workspace has no rule of retention: set one in its settings.toml.")


def purge(
    review_id: Review,
    as_name: As,
    reason: Annotated[
        Reasons | None, typer.Option("--reason", help="Asks for it: the first of two people.")
    ] = None,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Does it: the second of two people.")
    ] = False,
    cancel: Annotated[bool, typer.Option("--cancel", help="Takes back what was asked.")] = False,
    certificate: Annotated[
        Path | None, typer.Option("--certificate", metavar="FILE", help="Where the proof goes.")
    ] = None,
    home: Home = None,
) -> None:
    """Destroy the key of a review: one person asks for it, a second one confirms it.

    Of a withdrawn review everything goes, of a published one the raw text. A hold forbids it.
    Example: candour purge r-7f3k2m --confirm --certificate purged.json --as sam
    """
    from pipeline.flow import purging

    if (reason is not None) + confirm + cancel != 1:
        raise UsageError(
            "Nothing was changed. Ask for it with --reason CODE, do it as a second person with "
            "--confirm, or take it back with --cancel."
        )
    purging.require_free(certificate)
    workspace, secret = opened(home, as_name), password()
    if reason is not None:
        scope = purging.ask(workspace, review_id, reason, as_name=as_name, password=secret)
        say(f"Asked for. Nothing is destroyed yet. {_MEANS[scope.value]}")
        say("A second person does it with `candour purge ID --confirm --as NAME`.")
        return
    if cancel:
        purging.cancel(workspace, review_id, as_name=as_name, password=secret)
        say("Taken back. Nothing was destroyed.")
        return
    done = purging.purge(workspace, review_id, as_name=as_name, password=secret)
    say(f"Its key is destroyed, with {done.blobs} things that it opened. The ledger says so.")
    say(f"The certificate is a line of {workspace.keys.taken_back}: copy that file apart.")
    if certificate is not None:
        purging.write(done, certificate)
        say(f"Written: {certificate}. Check it with `candour verify {os.fspath(certificate)}`.")
    say("Backups that are older still hold the key: delete them when their time has come.")


def register_with(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    for command in (retention, purge):
        app.command()(command)
