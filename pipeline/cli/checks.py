"""Checks of a report: its summary against it, its figures, its recommendations."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.lessons import As, Drafts, Form
from pipeline.cli.output import Format, say, show
from pipeline.cli.workspace import Home, opened

if TYPE_CHECKING:
    from collections.abc import Mapping

check = typer.Typer(
    name="check",
    help="Check a summary against its report, or figures against each other.",
    no_args_is_help=True,
)


def summary(
    summary_file: Annotated[Path, typer.Argument(metavar="SUMMARY", help="The summary.")],
    full_file: Annotated[Path, typer.Argument(metavar="FULL", help="The report in full.")],
    profile: Annotated[
        str, typer.Option("--profile", help="What is hidden in both before they are compared.")
    ] = "public",
    form: Form = Format.TABLE,
) -> None:
    """List what a summary leaves out of its report, adds to it, changes or turns round.

    Example: candour check summary summary.pdf report.pdf --format jsonl
    """
    from pipeline import config
    from pipeline.flow import checking, drafting

    for warning in drafting.warnings():
        say(warning)
    found = checking.check_summary(summary_file, full_file, profile, config.load())
    show([_for_people(r) for r in found.rows] if form is Format.TABLE else found.rows, form)
    say(f"{found.summary} statements of the summary were compared with {found.full} of the report.")


def _for_people(row: Mapping[str, object]) -> dict[str, object]:
    """A row whose places are told in words.

    >>> _for_people({"kind": "omission", "summary": {}, "full": {"page": 2, "paragraph": "8.1",
    ...              "quote": "8.1 No."}, "why": "Left out."})
    {'kind': 'omission', 'summary': '', 'full': 'page 2: 8.1 No.', 'why': 'Left out.'}
    """
    told = dict(row)
    for side in ("summary", "full"):
        place = row.get(side)
        if isinstance(place, dict):
            told[side] = f"page {place['page']}: {place['quote']}" if place else ""
    return told


def figures(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="One report or several.")],
    fails: Annotated[
        bool, typer.Option("--fails", help="Only the figures that do not fit together.")
    ] = False,
    form: Form = Format.TABLE,
) -> None:
    """Check sums, shares, totals and counts in reports, and between reports given together.

    Example: candour check figures report.pdf --fails
    """
    from pipeline import config
    from pipeline.flow import checking

    rows = checking.check_figures(files, config.load())
    show([r for r in rows if not fails or r["verdict"] == "fails"], form)
    wrong = sum(r["verdict"] == "fails" for r in rows)
    say(f"{wrong} of {len(rows)} sets of figures do not fit. Read each place before you judge it.")


def recommendations(
    scope: Annotated[
        str | None,
        typer.Option("--scope", help="Only those for local, regional or national bodies."),
    ] = None,
    points: Annotated[
        bool, typer.Option("--points", help="Learning points that ask somebody, instead.")
    ] = False,
    include_drafts: Drafts = False,
    as_name: As = None,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """List recommendations with addressee, date, what can be measured, repeats and answers.

    With --scope national: the issues for government. A scope may be local, regional, national or
    not-said.
    Example: candour recommendations --scope national --format csv > government.csv
    """
    from pipeline.flow import checking, scoping

    workspace = opened(home, as_name, include_drafts)
    if points:
        show(scoping.points(workspace, scope, include_drafts=include_drafts), form)
        return
    found = checking.list_recommendations(workspace, include_drafts=include_drafts, wanted=scope)
    show(found, form, apart=("start", "end"))


def rollup(
    include_drafts: Drafts = False,
    as_name: As = None,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """Count what is asked of local, regional and national bodies; the rows add up to all.

    Example: candour rollup --format csv > rollup.csv
    """
    from pipeline.flow import scoping

    workspace = opened(home, as_name, include_drafts)
    show(scoping.rollup(workspace, include_drafts=include_drafts), form)


def register_with(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    check.command()(summary)
    check.command()(figures)
    app.add_typer(check)
    app.command()(recommendations)
    app.command()(rollup)
