"""The command of trends: themes and lessons by year, pairs of themes, tables of facts."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.lessons import As, Drafts, Form
from pipeline.cli.output import Format, show
from pipeline.cli.workspace import Home, opened


def trends(
    by: Annotated[str, typer.Option("--by", help="theme, lesson or pair.")] = "theme",
    table: Annotated[
        str | None,
        typer.Option("--table", help="One fact by another, as judgement-duration; completeness."),
    ] = None,
    process: Annotated[
        bool, typer.Option("--process", help="Add the themes of the review itself.")
    ] = False,
    everywhere: Annotated[
        bool, typer.Option("--everywhere", help="Count what the story of the case tells, too.")
    ] = False,
    include_drafts: Drafts = False,
    as_name: As = None,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """List the share of each year's reviews by theme or lesson, with what makes up each number.

    Example: candour trends --by theme --format csv > trends.csv
    """
    from pipeline.flow import trending, trends_shown

    workspace = opened(home, as_name, include_drafts)
    rows = trending.rows(
        workspace,
        by=by,
        table=table,
        process=process,
        everywhere=everywhere,
        include_drafts=include_drafts,
    )
    show(trends_shown.for_people(rows) if form is Format.TABLE else rows, form)


def register_with(app: typer.Typer) -> None:
    """Put this command on the command line."""
    app.command()(trends)
