"""Commands of the central body: release, risk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypedDict

import typer

from pipeline.cli.output import Format, say, show
from pipeline.cli.workspace import Form, Home, opened, password
from pipeline.errors import LeakError

if TYPE_CHECKING:
    from pipeline.store.workspace import Workspace

Quarter = Annotated[str, typer.Option("--quarter", metavar="QUARTER", help="As 2009Q1.")]
Profile = Annotated[str, typer.Option("--profile", help="Under which they were approved.")]
As = Annotated[str, typer.Option("--as", metavar="NAME", help="An approver or administrator.")]

_TAKES_PLACE = (
    "This edition takes the place of the one before, which still lies beside it and says what it "
    "said. Take that one down wherever it stands, put this one there, and send it to whoever has "
    "the other: `candour circulate send`."
)


def release(
    quarter: Quarter,
    as_name: As,
    reviews: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID...]", help="Only these; else all that may go."),
    ] = None,
    profile: Profile = "public",
    out: Annotated[
        Path, typer.Option("--out", help="The folder in which the release gets its own.")
    ] = Path("releases"),
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only list which would go, which not, and why.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="A new edition of a quarter, with the same ids.")
    ] = False,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """Release a quarter's approved reviews together: a site, every text, one archive, a manifest.

    At least as many as the workspace's min_batch, in an order drawn by lot. All or nothing.
    Example: candour release --quarter 2009Q1 --profile public --out releases --as sam
    """
    workspace, secret = opened(home, as_name), password()
    asked: _Asked = {
        "as_name": as_name,
        "password": secret,
        "reviews": tuple(reviews or ()),
        "again": again,
        "progress": say,
    }
    if dry_run:
        _show_dry_run(workspace, quarter, profile, asked, form)
    else:
        _show_release(workspace, quarter, profile, out, asked, form)


class _Asked(TypedDict):
    """What a release and its dry run are both asked."""

    as_name: str
    password: str | None
    reviews: tuple[str, ...]
    again: bool
    progress: Callable[[str], None]


def _show_dry_run(
    workspace: Workspace, quarter: str, profile: str, asked: _Asked, form: Format
) -> None:
    from pipeline.flow import releasing

    rows = releasing.dry_run(workspace, quarter, profile, **asked)
    show(rows, form)
    goes = sum(bool(row["goes"]) for row in rows)
    say(f"{goes} would go. A release has at least {workspace.settings.min_batch}.")


def _show_release(
    workspace: Workspace, quarter: str, profile: str, out: Path, asked: _Asked, form: Format
) -> None:
    from pipeline.flow import releasing

    try:
        done = releasing.release(workspace, quarter, profile, out, **asked)
    except LeakError as leak:
        for places in getattr(leak, "__notes__", ()):  # files, lines and forms: never a word
            say(places)
        raise
    done.pop("left_out")  # it was said
    show([done], form)
    if int(str(done["edition"])) > 1:
        say(_TAKES_PLACE)
    if not done["lessons"]:
        say("It tells no lessons: run `candour learn` before the release, then --again.")


def risk(
    review_id: Annotated[str, typer.Argument(metavar="ID", help="A review's id.")],
    as_name: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help="The account that asks.")
    ] = None,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """List what combination of facts a text leaves, how many reviews share it, and what is rare.

    It counts the reviews registered here, drafts too. It does not say who can be recognised.
    Example: candour risk r-7f3k2m
    """
    from pipeline.flow import rarity

    workspace = opened(home, as_name, True)
    rows = rarity.risk(workspace, review_id)
    show(rows, form, apart=("review",))
    say("Whoever knows the case can recognise it by much less. Read the text as they would.")


circulate = typer.Typer(
    help="Who receives which profile, and what goes to them each quarter.",
    epilog='Example: candour circulate add "National panel" --kind government --as sam',
    invoke_without_command=True,
)


@circulate.callback()
def circulate_all(
    context: typer.Context,
    matrix: Annotated[
        bool, typer.Option("--matrix", help="Which profiles may go to which kind of recipient.")
    ] = False,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """List the recipients, or with --matrix what each kind of recipient may have.

    Example: candour circulate --matrix
    """
    if context.invoked_subcommand is not None:
        return
    from pipeline.flow import circulating

    show(circulating.matrix() if matrix else circulating.recipients(opened(home, None)), form)


@circulate.command("add")
def circulate_add(
    name: Annotated[str, typer.Argument(help="A body or an office.")],
    kind: Annotated[str, typer.Option("--kind", help="As in candour circulate --matrix.")],
    as_name: As,
    profile: Annotated[str, typer.Option("--profile", help="What it receives.")] = "public",
    agency: Annotated[
        str, typer.Option("--agency", help='Whose digest it gets, as "health visitors".')
    ] = "",
    home: Home = None,
) -> None:
    """Add a recipient, or change one. It never gets a profile that its kind may not have.

    Example: candour circulate add "Health visiting lead" --kind professional --agency
    "health visitors" --as sam
    """
    from pipeline.flow import circulating
    from pipeline.store.recipients import Recipient

    one = Recipient(name, kind, profile, agency)
    circulating.add(opened(home, as_name), one, as_name=as_name, password=password())
    say("It will get the next release that is sent.")


@circulate.command("remove")
def circulate_remove(
    name: Annotated[str, typer.Argument(help="As `candour circulate` lists it.")],
    as_name: As,
    home: Home = None,
) -> None:
    """Remove a recipient. What it received is still listed when a review is withdrawn.

    Example: candour circulate remove "Health visiting lead" --as sam
    """
    from pipeline.flow import circulating

    circulating.remove(opened(home, as_name), name, as_name=as_name, password=password())
    say("Nothing more goes to it.")


@circulate.command("send")
def circulate_send(
    quarter: Quarter,
    out: Annotated[Path, typer.Option("--out", help="The folder for theirs.")],
    as_name: As,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """Write a folder for each recipient: the release of its profile, and its digest.

    Example: candour circulate send --quarter 2009Q1 --out to-send --as sam
    """
    from pipeline.flow import circulating

    workspace, secret = opened(home, as_name), password()
    show(circulating.send(workspace, quarter, out, as_name=as_name, password=secret), form)
    say("Nothing was sent anywhere: hand each folder to its recipient.")


def register_with(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    app.add_typer(circulate, name="circulate")
    for command in (release, risk):
        app.command()(command)
