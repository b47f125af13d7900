"""Commands of the workspace: init, user, hold."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.output import Format, say
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.store.workspace import Workspace

Home = Annotated[
    Path | None,
    typer.Option("--home", envvar="CANDOUR_HOME", help="The workspace's folder."),
]
Form = Annotated[Format, typer.Option("--format", help="For people, or for other programs.")]


class Duty(StrEnum):
    """What an account may do."""

    UPLOADER = "uploader"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    RESEARCHER = "researcher"
    ADMINISTRATOR = "administrator"


def home_of(home: Path | None) -> Path:
    """The workspace's folder, from --home or CANDOUR_HOME."""
    if home is None:
        raise UsageError(
            "No workspace is named. Nothing was done. Add --home DIR, or set CANDOUR_HOME."
        )
    return home


def password() -> str | None:
    """The account's password: from CANDOUR_PASSWORD, or asked for where a person sits there."""
    given = os.environ.get("CANDOUR_PASSWORD")
    if given is not None or not sys.stdin.isatty():
        return given
    asked: str = typer.prompt("Password (empty for none)", hide_input=True, default="", err=True)
    return asked or None


def opened(home: Path | None, as_name: str | None, include_drafts: bool = False) -> Workspace:
    """The workspace, after checking that this account may see drafts where it asks for them."""
    from pipeline.flow import learning
    from pipeline.store.migrations import VERSION
    from pipeline.store.workspace import Workspace

    workspace = Workspace.open(home_of(home))
    if workspace.came_from < VERSION:
        say("The workspace was made by an older release and is brought up to this one.")
    if include_drafts:
        secret = password() if as_name else None
        learning.allow_drafts(workspace, as_name, password=secret)
    return workspace


def init(home: Home = None) -> None:
    """Make a workspace: one folder with an encrypted vault, a library, a register and a ledger.

    Example: candour init --home reviews
    """
    from pipeline.flow import intake

    workspace = intake.init(home_of(home))
    say(f"The workspace is in {workspace.home}.")
    say(f"Its master key is in {workspace.key_path}: keep a copy in a safe place, apart from it.")
    for warning in workspace.warnings:
        say(warning)


user_app = typer.Typer(help="Accounts and their duties.", no_args_is_help=True)


@user_app.command("add")
def user_add(
    name: Annotated[str, typer.Argument(help="The account's name.")],
    duty: Annotated[list[Duty], typer.Option("--duty", help="Give it again for a second duty.")],
    demonstration: Annotated[
        bool, typer.Option("--demonstration", help="What it approves says so on every page.")
    ] = False,
    home: Home = None,
) -> None:
    """Add an account, or a duty to one. The password comes from CANDOUR_PASSWORD or a question.

    Example: candour user add jo --duty uploader --duty reviewer
    """
    from pipeline.flow import intake

    workspace = opened(home, None)
    secret = password()
    for one in duty:
        intake.add_user(workspace, name, one.value, password=secret, demonstration=demonstration)
        say(f"{name} is now {one.value}.")
    if secret is None:
        say("The account has no password: what it approves is marked as unproven.")


_NO_BASIS = (
    "A hold needs its basis. Nothing was changed. Add --basis criminal, inquest, court-order, "
    "family or other, or end a hold with --lift."
)


def hold(
    review: Annotated[str, typer.Argument(metavar="ID", help="A review's id.")],
    as_name: Annotated[str, typer.Option("--as", metavar="NAME", help="An administrator.")],
    basis: Annotated[
        str | None, typer.Option("--basis", help="criminal, inquest, court-order, family, other.")
    ] = None,
    until: Annotated[str | None, typer.Option("--until", help="A date, as 2026-12-31.")] = None,
    lift: Annotated[bool, typer.Option("--lift", help="End the hold.")] = False,
    home: Home = None,
) -> None:
    """Hold a review back from publication, or lift the hold.

    Example: candour hold r-7f3k2m --basis criminal --until 2026-12-31 --as jo
    """
    from pipeline.flow import year

    workspace = opened(home, as_name)
    if lift:
        year.lift_hold(workspace, review, as_name=as_name, password=password())
        say("The hold is lifted.")
        return
    if basis is None:
        raise UsageError(_NO_BASIS)
    year.set_hold(workspace, review, basis=basis, until=until, as_name=as_name, password=password())
    say("The review is on hold: it cannot be published until the hold is lifted.")


def register_with(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    app.add_typer(user_app, name="user")
    for command in (init, hold):
        app.command()(command)
