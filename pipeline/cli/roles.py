"""The command `roles`: how much of each report tells, asks and explains."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.lessons import As, Drafts, Form
from pipeline.cli.output import Format, show
from pipeline.cli.workspace import Home, opened


def roles(
    reviews: Annotated[
        list[str] | None, typer.Argument(metavar="[ID...]", help="Reviews; all without any.")
    ] = None,
    include_drafts: Drafts = False,
    as_name: As = None,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """Count the words of each role: chronology against analysis, and why against what.

    Example: candour roles --format csv > roles.csv
    """
    from pipeline.flow import weighing

    workspace = opened(home, as_name, include_drafts)
    rows = weighing.roles(workspace, tuple(reviews or ()), include_drafts=include_drafts)
    show(rows, form, apart=("places", "words", "of"))  # `told` says the two numbers in words


def register_with(app: typer.Typer) -> None:
    """Put this command on the command line."""
    app.command()(roles)
