"""The command of researchers who take what was learned into their own tools: export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.lessons import As, Drafts
from pipeline.cli.output import say
from pipeline.cli.workspace import Home, opened
from pipeline.exporters.kinds import Kind, What


def export(
    form: Annotated[Kind, typer.Option("--format", help="The format of the file.")],
    out: Annotated[Path, typer.Option("--out", help="The file to write.")],
    what: Annotated[
        What | None,
        typer.Option("--what", help="One listing; passages where csv or jsonl name none."),
    ] = None,
    include_drafts: Drafts = False,
    as_name: As = None,
    home: Home = None,
) -> None:
    """Write passages, lessons, reviews or codings for other tools; approved texts only.

    Example: candour export --format qdpx --out reviews.qdpx
    """
    from pipeline.flow import exporting

    workspace = opened(home, as_name, include_drafts)
    out.write_bytes(exporting.export(workspace, form, what, include_drafts=include_drafts))
    say(f"The export is in {out}.")


def register_with(app: typer.Typer) -> None:
    """Put this command on the command line."""
    app.command()(export)
