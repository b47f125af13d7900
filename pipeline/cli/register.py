"""The register: `register` and what is done with it, by hand and by file."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli import register_sheets
from pipeline.cli.options import OF_AN_ENTRY, Clear, Entry, Expected, On, named, with_fields
from pipeline.cli.output import Format, Row, say, show
from pipeline.cli.register_sheets import show_lists
from pipeline.cli.reviews import As
from pipeline.cli.workspace import Form, Home, opened, password
from pipeline.errors import UsageError

SEALED = (
    "Board, author, chair and all else that was recorded by hand is sealed. Add --as NAME to see "
    "it; that it was looked at is written into the ledger."
)
_AFTER = "Options of a sub-command stand after it. Nothing was done. Write them at the end."
# What people see in a table, with what is sealed and without; programs get every column.
_OPEN = ("review", "state", "kind", "board", "subject", "received", "published", "hold")
_FOR_PEOPLE = (
    "review", "state", "kind", "board", "subject", "judgement", "judged", "hold", "missing",
)  # fmt: skip

register_app = typer.Typer(
    name="register",
    help="List every review, what is recorded of it, what is missing, and what is due.",
    epilog="Example: candour register import reviews.csv --as jo --dry-run",
    invoke_without_command=True,
)


@register_app.callback()
def listing(
    context: typer.Context,
    as_name: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help="Show what is sealed, too.")
    ] = None,
    state: Annotated[str, typer.Option("--state", help="Only these: expected, settled …")] = "",
    words: Annotated[str, typer.Option("--find", help="Words of what is recorded.")] = "",
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """List every review with its state, board, dates and hold; those that are expected, too.

    Example: candour register --as jo --format csv > register.csv
    """
    from pipeline.flow import registering, year

    if context.invoked_subcommand is not None:
        require_nothing(context)
        return
    workspace = opened(home, None)
    if as_name is None:
        if words:
            raise UsageError(SEALED)
        rows = [row for row in year.register(workspace) if state in ("", row["state"])]
        show([{k: row[k] for k in _OPEN} for row in rows] if form is Format.TABLE else rows, form)
        if any(row["state"] == "expected" for row in rows):
            say(SEALED)
        return
    found = registering.listed(
        workspace, state=state, words=words, as_name=as_name, password=password()
    )
    show(map(_for_people, found) if form is Format.TABLE else found, form)


def require_nothing(context: typer.Context) -> None:
    """An option before a sub-command would not reach it: better an error than another place."""
    sources = [context.get_parameter_source(name) for name in context.params]
    if any(source is not None and source.name == "COMMANDLINE" for source in sources):
        raise UsageError(_AFTER)


def _for_people(row: Row) -> Row:
    told = {name: row[name] for name in _FOR_PEOPLE}
    lacks = row["missing"]
    return told | {"missing": len(lacks) if isinstance(lacks, list) else 0}


@with_fields(OF_AN_ENTRY)
def add(as_name: As, home: Home = None, **fields: str | None) -> None:
    """Enter a review that was announced and whose file has not come; its id is printed.

    Example: candour register add --board "Marl Safeguarding Board" --expected-by 2026-09-30 --as jo
    """
    from pipeline.flow import registering

    workspace = opened(home, as_name)
    review = registering.add(workspace, named(fields), as_name=as_name, password=password())
    show([{"review": review, "state": "expected"}], Format.JSONL)


@with_fields(OF_AN_ENTRY)
def set_fields(
    review: Entry,
    as_name: As,
    clear: Clear = None,
    home: Home = None,
    **fields: str | None,
) -> None:
    """Record what is known of a review. "not stated" says that the report does not say.

    Example: candour register set r-7f3k2m --judgement inadequate --judged 2026-01-19 --as jo
    """
    from pipeline.flow import registering

    workspace = opened(home, as_name)
    changed = registering.change(
        workspace, review, named(fields), clear or (), as_name=as_name, password=password()
    )
    say(f"Recorded: {', '.join(changed)}." if changed else "That is recorded already.")


def join(
    expected: Expected,
    review: Annotated[str, typer.Argument(metavar="ID", help="Its file, or another entry.")],
    as_name: As,
    home: Home = None,
) -> None:
    """Say that the file of an expected review has come, or that two entries are one review.

    Example: candour register join e-4kd8vw r-7f3k2m --as jo
    """
    from pipeline.flow import joining

    workspace = opened(home, as_name)
    differ = joining.join(workspace, expected, review, as_name=as_name, password=password())
    say("They are one review now.")
    if differ:
        say(f"What was recorded of the file stands in: {', '.join(differ)}. See the history.")


def unjoin(review: Entry, as_name: As, home: Home = None) -> None:
    """Take the last joining of a review back; what was recorded since stays with the review.

    Example: candour register unjoin r-7f3k2m --as jo
    """
    from pipeline.flow import joining

    workspace = opened(home, as_name)
    entry, stayed = joining.unjoin(workspace, review, as_name=as_name, password=password())
    say(f"They are two again. The entry is {entry}.")
    if stayed:
        say(f"Changed since, and left as it is: {', '.join(stayed)}.")


def remove(
    expected: Expected,
    as_name: As,
    home: Home = None,
) -> None:
    """Take out a review that is not expected any more. It cannot be brought back.

    Example: candour register remove e-4kd8vw --as jo
    """
    from pipeline.flow import registering

    registering.remove(opened(home, as_name), expected, as_name=as_name, password=password())
    say("It is out of the register.")


def arrived(as_name: As, home: Home = None, form: Form = Format.TABLE) -> None:
    """List expected reviews beside files that may be theirs, for `candour register join`.

    Example: candour register arrived --as jo
    """
    from pipeline.flow import joining

    show_lists(joining.likely(opened(home, as_name), as_name=as_name, password=password()), form)


def history(review: Entry, as_name: As, home: Home = None, form: Form = Format.TABLE) -> None:
    """List every change of what is recorded of a review: when, who, before and after.

    Example: candour register history r-7f3k2m --as jo
    """
    from pipeline.flow import registering

    workspace = opened(home, as_name)
    show(registering.history(workspace, review, as_name=as_name, password=password()), form)


# -- looking -------------------------------------------------------------------------------


def gaps(
    as_name: As,
    by_field: Annotated[
        bool, typer.Option("--by-field", help="How many reviews have each field.")
    ] = False,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """List what is missing: files that have not come, numbers in a series, fields; odd dates.

    Example: candour register gaps --by-field --as jo
    """
    from pipeline.flow import register_gaps

    workspace, secret = opened(home, as_name), password()
    if by_field:
        show(register_gaps.completeness(workspace, as_name=as_name, password=secret), form)
    else:
        show_lists(register_gaps.gaps(workspace, as_name=as_name, password=secret), form)


def duplicates(
    as_name: As,
    apart: Annotated[
        bool, typer.Option("--apart", help="Those that somebody said are not the same.")
    ] = False,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """List pairs of reviews that may be one: by text, by case, by board and date.

    Example: candour register duplicates --as jo
    """
    from pipeline.flow import register_twice

    workspace = opened(home, as_name)
    rows = register_twice.duplicates(
        workspace, apart=apart, as_name=as_name, password=password(), progress=say
    )
    show_lists(rows, form)


def apart(
    review: Entry,
    other: Annotated[str, typer.Argument(metavar="OTHER", help="The id of the other one.")],
    as_name: As,
    again: Annotated[bool, typer.Option("--again", help="Take it back: show them again.")] = False,
    home: Home = None,
) -> None:
    """Keep that two reviews are not the same, so that `duplicates` does not list them again.

    Example: candour register apart r-7f3k2m r-4kd8vw --as jo
    """
    from pipeline.flow import register_twice

    keep = register_twice.show_again if again else register_twice.keep_apart
    keep(opened(home, as_name), review, other, as_name=as_name, password=password())
    say("They are shown as a pair again." if again else "They are not shown as a pair again.")


def due(
    as_name: As,
    on: On = None,
    within: Annotated[int, typer.Option("--within", min=0, help="Days to look ahead.")] = 90,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """List what is due, overdue first: resubmissions, publications, files, holds, actions.

    Example: candour register due --within 30 --as jo
    """
    from pipeline.flow import register_gaps

    rows = register_gaps.due(
        opened(home, as_name), on=on, within=within, as_name=as_name, password=password()
    )
    show(rows, form)


def register_with(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    for name, command in (
        ("add", add), ("set", set_fields), ("join", join), ("unjoin", unjoin), ("remove", remove),
        ("arrived", arrived), ("history", history), ("import", register_sheets.read_in),
        ("undo", register_sheets.undo),
        ("export", register_sheets.export),
        ("from-report", register_sheets.from_report),
        ("suggest", register_sheets.suggest), ("gaps", gaps),
        ("duplicates", duplicates), ("apart", apart), ("due", due),
    ):  # fmt: skip
        register_app.command(name)(command)
    app.add_typer(register_app)
