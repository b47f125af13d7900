"""Commands of coders: `code`, by file and step by step, and `agreement` of two of them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.lessons import Drafts, Form
from pipeline.cli.output import Format, say, show
from pipeline.cli.workspace import Home, opened, password

if TYPE_CHECKING:
    from pipeline.store.accounts import Actor
    from pipeline.store.workspace import Workspace

By = Annotated[str, typer.Option("--as", help="The account that codes.", metavar="NAME")]
Reason = Annotated[str, typer.Option("--reason", help="Why: kept in the trail, never in a log.")]
At = Annotated[int | None, typer.Option("--at", min=0, help="A version: up to that step.")]
Review = Annotated[str, typer.Argument(metavar="REVIEW", help="A review's id, r-….")]
Passage = Annotated[str, typer.Argument(metavar="PASSAGE", help="A passage's id, p….")]
Code = Annotated[str, typer.Argument(metavar="THEME", help="A theme's code, as D7.")]
LessonId = Annotated[str, typer.Argument(metavar="LESSON", help="A lesson's id, L….")]

_WHOSE = (
    "Reasons are shown to coders. Nothing was listed. Name your account with --as NAME, or leave "
    "--reasons out."
)


class Polarity(StrEnum):
    """How a passage speaks of a theme."""

    FINDING = "finding"
    PRAISE = "praise"
    ADVICE = "advice"
    NEGATED = "negated"
    FOR = "for"
    AGAINST = "against"


code_app = typer.Typer(
    help="Confirm, reject and add themes; change the codebook and the lessons. All can be undone.",
    no_args_is_help=True,
)


def _begin(
    home: Path | None, as_name: str, include_drafts: bool = False
) -> tuple[Workspace, Actor]:
    from pipeline.flow import coding

    workspace = opened(home, as_name, include_drafts)
    return workspace, coding.coder(workspace, as_name, password())


@code_app.command("export")
def export(
    out: Annotated[Path, typer.Option("--out", help="The CSV file to write.")],
    reviews: Annotated[
        list[str] | None, typer.Argument(metavar="[ID...]", help="Reviews; all without any.")
    ] = None,
    blind: Annotated[
        bool, typer.Option("--blind", help="Show no theme: for a second coder.")
    ] = False,
    sample: Annotated[
        int | None, typer.Option("--sample", min=1, help="So many passages, always the same.")
    ] = None,
    include_drafts: Drafts = False,
    as_name: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help="The account that asks.")
    ] = None,
    home: Home = None,
) -> None:
    """Write a sheet to code in a spreadsheet: one row a theme, or a blind one without any.

    Example: candour code export --blind --sample 200 --out second.csv
    """
    from pipeline.exporters import to_csv
    from pipeline.flow import sheets

    workspace = opened(home, as_name, include_drafts)
    rows = sheets.sheet(
        workspace, tuple(reviews or ()), blind=blind, sample=sample, include_drafts=include_drafts
    )
    out.write_bytes(to_csv.render(rows))
    say(f"The sheet is in {out}.")


@code_app.command("import")
def read_in(
    file: Annotated[Path, typer.Argument(help="A sheet that was filled in: CSV or JSON lines.")],
    as_name: By,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")
    ] = False,
    include_drafts: Drafts = False,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """Take the decisions of a sheet that was filled in; one row each says what became of it.

    Example: candour code import second.csv --as sam --dry-run
    """
    from pipeline.errors import SomeFailedError
    from pipeline.flow import sheets

    workspace, actor = _begin(home, as_name, include_drafts)
    rows = sheets.read_in(
        workspace, actor, file.read_bytes(), dry_run=dry_run, include_drafts=include_drafts
    )
    show(rows, form)
    counts = {word: sum(row["outcome"] == word for row in rows) for word in sheets.OUTCOMES}
    told = ", ".join(f"{count} {word}" for word, count in counts.items())
    say(f"{told}. Nothing was kept: a dry run." if dry_run else f"{told}.")
    if counts["refused"]:
        raise SomeFailedError(sheets.SOME_REFUSED)


def _decide(
    act: str,
    place: tuple[str, str, str],
    as_name: str,
    home: Path | None,
    form: Format,
    include_drafts: bool,
    **words: str,
) -> None:
    from pipeline.flow import coding
    from pipeline.safe import lesson
    from pipeline.safe.coding import Act

    workspace, actor = _begin(home, as_name, include_drafts)
    said = words.pop("polarity", "")
    row = coding.decide(
        workspace, actor, Act(act), *place,
        polarity=lesson.Polarity(said) if said else None, include_drafts=include_drafts, **words,
    )  # fmt: skip
    show([row], form)


@code_app.command("confirm")
def confirm(
    review: Review,
    passage: Passage,
    theme: Code,
    as_name: By,
    reason: Reason = "",
    include_drafts: Drafts = False,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """Confirm a theme that a passage has.

    Example: candour code confirm r-7f3k2m p0a1b2c3d4e D7 --as kim
    """
    place = (review, passage, theme)
    _decide("confirm", place, as_name, home, form, include_drafts, reason=reason)


@code_app.command("reject")
def reject(
    review: Review,
    passage: Passage,
    theme: Code,
    as_name: By,
    reason: Reason = "",
    include_drafts: Drafts = False,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """Take a theme away from a passage.

    Example: candour code reject r-7f3k2m p0a1b2c3d4e D7 --as kim
    """
    place = (review, passage, theme)
    _decide("reject", place, as_name, home, form, include_drafts, reason=reason)


@code_app.command("add")
def add(
    review: Review,
    passage: Passage,
    theme: Code,
    as_name: By,
    quote: Annotated[str, typer.Option("--quote", help="The evidence, word for word.")] = "",
    polarity: Annotated[
        Polarity | None, typer.Option("--polarity", help="How the passage speaks of it.")
    ] = None,
    reason: Reason = "",
    include_drafts: Drafts = False,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """Give a passage a theme.

    Example: candour code add r-7f3k2m p0a1b2c3d4e D7 --polarity praise --as kim
    """
    _decide(
        "add", (review, passage, theme), as_name, home, form, include_drafts,
        quote=quote, polarity=polarity.value if polarity else "", reason=reason,
    )  # fmt: skip


@code_app.command("undo")
def undo(
    as_name: By,
    number: Annotated[
        int | None, typer.Argument(metavar="[VERSION]", min=1, help="A number of the trail.")
    ] = None,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """Take back a step: your own last one, or that of a number in the trail.

    Example: candour code undo 12 --as kim
    """
    from pipeline.flow import coding

    workspace, actor = _begin(home, as_name)
    show([coding.undo(workspace, actor, number)], form)


@code_app.command("trail")
def trail(
    as_name: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help="The account that asks.")
    ] = None,
    reasons: Annotated[
        bool, typer.Option("--reasons", help="With the reasons that people wrote; needs --as.")
    ] = False,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """List every step: who, when, what, and whether it still holds.

    Example: candour code trail --format csv > trail.csv
    """
    from pipeline.errors import UsageError
    from pipeline.flow import coding

    if reasons and as_name is None:
        raise UsageError(_WHOSE)
    workspace = _begin(home, as_name)[0] if as_name else opened(home, None)
    show(coding.trail(workspace, reasons=reasons), form)


@code_app.command("themes")
def themes(at: At = None, home: Home = None, form: Form = Format.TABLE) -> None:
    """List the codebook, now or at a version, with what became of each theme.

    Example: candour code themes --at 12
    """
    from pipeline.flow import coding

    show(coding.themes(opened(home, None), at), form, apart=("codebook",))


_NOTHING_SHARED = (
    "There is no passage that both have coded: nothing to compare. Give both the same sheet, from "
    "`candour code export --blind --sample 200`."
)


def agreement(
    first: Annotated[str, typer.Argument(metavar="CODER1", help="The account of one coder.")],
    second: Annotated[str, typer.Argument(metavar="CODER2", help="That of the other.")],
    listed: Annotated[
        bool, typer.Option("--disagreements", help="List what they see differently instead.")
    ] = False,
    at: At = None,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """Say how far two coders agree: Cohen's kappa by theme, Krippendorff's alpha over all.

    Example: candour agreement kim sam --disagreements
    """
    from pipeline.flow import agreement as flow

    workspace = opened(home, None)
    if listed:
        show(flow.disagreements(workspace, first, second, at), form)
        return
    rows = flow.table(workspace, first, second, at)
    if form is Format.TABLE and not any(row["n"] for row in rows):
        say(_NOTHING_SHARED)
        return
    show(rows, form)


def register_with(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    from pipeline.cli import codebook

    codebook.register_with(code_app)
    app.add_typer(code_app, name="code")
    app.command()(agreement)
