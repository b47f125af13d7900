"""Commands of keeping a workspace: backup, restore, health, metrics, migrate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.output import Format, Row, emit, say, show
from pipeline.cli.workspace import Form, Home, home_of, opened, password
from pipeline.errors import StoreError, UsageError

_NOT_WELL = (
    'Something is wrong with this workspace: the rows with "wrong" say what and what to do. Make '
    "no publication until it is mended."
)

_SEE_TO = (
    'The workspace is whole, and something needs to be seen to: the rows with "warn" say what and '
    "what to do."
)


def backup(
    to: Annotated[Path | None, typer.Argument(metavar="FILE|DIR", help="Where it goes.")] = None,
    check: Annotated[
        Path | None, typer.Option("--check", metavar="FILE", help="Check a backup; make none.")
    ] = None,
    as_name: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help="Who makes it; for the ledger.")
    ] = None,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """Back a workspace up into one encrypted, signed file, while others work; or check a backup.

    The keys are not in it: keep copies of them apart. With --check, every byte is looked at, and
    with --home whether the workspace's ledger goes on from it.
    Example: candour backup /media/backups
    """
    from pipeline.flow import backing_up

    if check is not None:
        found = list(backing_up.check(check, home))
        show(({"check": one.what, "holds": one.holds} for one in found), form)
        if not all(one.holds for one in found):
            raise StoreError(_NOT_WELL)
        told = backing_up.described(check)
        say(
            f"The backup is whole. It was made at {told['made']} by Candour {told['program']} and "
            f"holds {told['reviews']} reviews and {told['ledger_rows']} rows of the ledger."
        )
        return
    if to is None:
        raise UsageError("Where should it go? No backup was made. Name a file or a folder.")
    workspace = opened(home, as_name)
    made = backing_up.backup(
        workspace, to, as_name=as_name, password=password() if as_name else None
    )
    row: Row = {
        "path": str(made.path),
        "sha256": made.sha256,
        "bytes": made.size,
        "reviews": made.reviews,
        "ledger_rows": made.ledger_rows,
    }
    show([row], form)
    keys = workspace.keys
    say("The backup was read back and is whole. It opens only with the keys, which are not in it:")
    for path in (keys.master, keys.signing, keys.taken_back):
        if path.exists():
            say(f"  {path}")
    say("Keep a copy of that folder apart from the backups, made anew after each purge.")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    home: Home = None,
) -> None:
    """Bring a backup back into a folder that is new or empty, once all of it was checked.

    What was withdrawn or purged since is withdrawn and purged in it again.
    Example: candour restore candour-1f2e.backup --home reviews
    """
    from pipeline.flow import restoring

    done = restoring.restore(file, home_of(home), progress=say)
    say(
        f"Restored: {done.reviews} reviews and {done.ledger_rows} rows of the ledger, as they were "
        f"at {done.made}. What was done after that is not in it."
    )
    for what, reviews in (("Withdrawn", done.withdrawn), ("Purged", done.purged)):
        if reviews:
            say(f"{what} again, because it was done after the backup: {', '.join(reviews)}")
    say(
        f"The list beside the key has {done.listed} lines"
        + (f", the last of {done.last}. " if done.last else ". ")
        + "If anything was withdrawn or purged later, bring the newer list and restore again."
    )
    say("Check it with `candour health --deep` before anybody works with it.")


def health(
    deep: Annotated[
        bool, typer.Option("--deep", help="Also open everything in the vault; it takes longer.")
    ] = False,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """Look whether a workspace is whole: ledger, hashes, keys, files, disk, backups.

    Exit code 7 where something is wrong; what only needs seeing to is "warn" and exit code 0.
    Example: candour health --format jsonl
    """
    from pipeline.flow import health as flow

    workspace, found = opened(home, None), Counter[flow.Status]()

    def rows() -> Iterator[Row]:
        for one in flow.check(workspace, deep=deep):
            found[one.status] += 1
            yield {
                "check": one.check,
                "status": one.status.value,
                "count": one.count,
                "then": one.then,
                "reviews": list(one.reviews),
            }

    show(rows(), form)
    if found[flow.Status.WRONG]:
        raise StoreError(_NOT_WELL)
    say(_SEE_TO if found[flow.Status.WARN] else "Nothing is wrong.")


def metrics(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write it there, as a whole.")
    ] = None,
    home: Home = None,
) -> None:
    """Print counts of a workspace as Prometheus reads them: no id and no word of a report.

    Example: candour metrics --out /var/lib/node_exporter/candour.prom
    """
    from pipeline.flow import metrics as flow

    workspace = opened(home, None)
    if out is None:
        emit(flow.text(workspace))
    else:
        flow.write(workspace, out)


def migrate(home: Home = None) -> None:
    """Bring a workspace of an older release up to this one; every command does so by itself.

    It is one transaction: all of it, or nothing. Make a backup with the older release's files
    first if you may want to go back.
    Example: candour migrate --home reviews
    """
    from pipeline.store.migrations import VERSION

    workspace = opened(home, None)
    if workspace.came_from == VERSION:
        say("The workspace is of this version already. Nothing was changed.")


def register_with(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    for command in (backup, restore, health, metrics, migrate):
        app.command()(command)
