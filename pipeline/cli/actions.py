"""Actions on recommendations: `actions` and what is done with it, by hand and by file."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import Annotated

import typer

from pipeline.cli.options import (
    OF_AN_ACTION,
    Clear,
    Dry,
    Entry,
    LeaveOut,
    On,
    Sheet,
    SheetOut,
    Skip,
    named,
    with_fields,
)
from pipeline.cli.output import Format, say
from pipeline.cli.register import require_nothing
from pipeline.cli.register_sheets import REFUSED, SKIPPED, content_of, keep, show_lists
from pipeline.cli.reviews import As
from pipeline.cli.workspace import Form, Home, opened, password
from pipeline.errors import SomeFailedError, UsageError

Action = Annotated[str, typer.Argument(metavar="ACTION", help="An action's id, a-….")]
_WHO = (
    "Owners and evidence are sealed. Nothing was listed. Name your account with --as NAME; that "
    "it was looked at is written into the ledger."
)


class Flag(StrEnum):
    """What somebody should look at."""

    OWNERLESS = "ownerless"
    NO_DUE = "no_due"
    OVERDUE = "overdue"
    UNPROVEN = "done_without_evidence"


actions_app = typer.Typer(
    name="actions",
    help="Track what boards do about recommendations: owner, date, proof, and every change.",
    epilog="Example: candour actions add r-7f3k2m --from-recommendations --as jo",
    invoke_without_command=True,
)


@actions_app.callback()
def listing(
    context: typer.Context,
    as_name: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help="The account that asks; needed here.")
    ] = None,
    review: Annotated[str, typer.Option("--review", metavar="ID", help="Of one review.")] = "",
    board: Annotated[str, typer.Option("--board", help="Of boards with this in their name.")] = "",
    status: Annotated[str, typer.Option("--status", help="not started, in progress, done …")] = "",
    flag: Annotated[Flag | None, typer.Option("--flag", help="What is wrong with them.")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only what is overdue.")] = False,
    ownerless: Annotated[bool, typer.Option("--ownerless", help="Only what nobody owns.")] = False,
    on: On = None,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """List the actions, the longest overdue first.

    Example: candour actions --overdue --as jo
    """
    from pipeline.flow import actions

    if context.invoked_subcommand is not None:
        require_nothing(context)
        return
    if as_name is None:
        raise UsageError(_WHO)
    asked = Flag.OVERDUE if overdue else Flag.OWNERLESS if ownerless else flag
    wanted = actions.Wanted(review, board, "" if asked is None else asked.value, status)
    rows = actions.listed(
        opened(home, as_name), wanted, on=on, as_name=as_name, password=password()
    )
    show_lists(rows, form)


@with_fields(OF_AN_ACTION)
def add(
    review: Entry,
    as_name: As,
    from_recommendations: Annotated[
        bool, typer.Option("--from-recommendations", help="One for each of its recommendations.")
    ] = False,
    home: Home = None,
    **fields: str | None,
) -> None:
    """Add an action: of a paragraph's recommendation, or one for each that a review makes.

    Several boards may answer one recommendation: add it again for each, with --board.
    Example: candour actions add r-7f3k2m --from-recommendations --board "Marl Council" --as jo
    """
    from pipeline.flow import actions

    workspace, secret = opened(home, as_name), password()
    given = named(fields)
    if from_recommendations:
        made = actions.from_recommendations(
            workspace, review, board=given.get("board", ""), as_name=as_name, password=secret
        )
    else:
        made = (actions.add(workspace, review, given, as_name=as_name, password=secret),)
    show_lists([{"action": id_, "review": review} for id_ in made], Format.JSONL)
    say(f"{len(made)} added.")


@with_fields(OF_AN_ACTION)
def set_fields(
    action: Action,
    as_name: As,
    clear: Clear = None,
    home: Home = None,
    **fields: str | None,
) -> None:
    """Record who owns an action, by when, how far it is, and the proof.

    Example: candour actions set a-9k2mfd --owner "head of service" --due 2026-09-30 --as jo
    """
    from pipeline.flow import actions

    changed = actions.change(
        opened(home, as_name), action, named(fields), clear or (), as_name=as_name,
        password=password(),
    )  # fmt: skip
    say(f"Recorded: {', '.join(changed)}." if changed else "That is recorded already.")


def remove(action: Action, as_name: As, home: Home = None) -> None:
    """Take an action out, with its history. It cannot be brought back.

    Example: candour actions remove a-9k2mfd --as jo
    """
    from pipeline.flow import actions

    actions.remove(opened(home, as_name), action, as_name=as_name, password=password())
    say("The action is out.")


def history(action: Action, as_name: As, home: Home = None, form: Form = Format.TABLE) -> None:
    """List every change of an action: when, who, before and after.

    Example: candour actions history a-9k2mfd --as jo
    """
    from pipeline.flow import actions

    workspace = opened(home, as_name)
    show_lists(actions.history(workspace, action, as_name=as_name, password=password()), form)


def answered(
    as_name: As,
    on: On = None,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """List every recommendation with the boards that answer it, and how far they are.

    Example: candour actions answered --as jo --format csv > answered.csv
    """
    from pipeline.flow import actions

    workspace = opened(home, as_name)
    rows = actions.answered(workspace, on=on, as_name=as_name, password=password())
    show_lists(rows, form)


def read_in(
    file: Sheet,
    as_name: As,
    dry_run: Dry = False,
    skip_bad: Skip = False,
    leave_out: LeaveOut = False,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """Take a sheet of actions in; where one row is refused nothing is written.

    Example: candour actions import actions.csv --as jo --dry-run
    """
    from pipeline.flow import action_sheets

    rows, kept = action_sheets.read_in(
        opened(home, as_name), content_of(file), dry_run=dry_run, skip_bad=skip_bad,
        leave_out=leave_out, as_name=as_name, password=password(),
    )  # fmt: skip
    show_lists(rows, form)
    counts = Counter(str(row["what"]) for row in rows)
    told = ", ".join(f"{what} {count}" for what, count in sorted(counts.items()))
    say(f"{told}." + (" A dry run: nothing was written." if dry_run else ""))
    if counts["refused"]:
        raise SomeFailedError(SKIPPED if kept else REFUSED)


def export(
    out: SheetOut,
    as_name: As,
    home: Home = None,
) -> None:
    """Write the actions for a spreadsheet; what is changed in it can be taken in again.

    Example: candour actions export actions.csv --as jo
    """
    from pipeline.flow import action_sheets

    workspace = opened(home, as_name)
    keep(out, action_sheets.written(workspace, as_name=as_name, password=password()))
    say(f"The actions are in {out}. It may hold names: delete it when done.")


def register_with(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    for name, command in (
        ("add", add), ("set", set_fields), ("remove", remove), ("history", history),
        ("answered", answered), ("import", read_in), ("export", export),
    ):  # fmt: skip
        actions_app.command(name)(command)
    app.add_typer(actions_app)
