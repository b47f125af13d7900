"""The register by file: sheets in and out, the tables of a report, and back again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import Dry, LeaveOut, Sheet, SheetOut, Skip
from pipeline.cli.output import Format, Row, say, show
from pipeline.cli.reviews import As
from pipeline.cli.workspace import Form, Home, opened, password
from pipeline.errors import SomeFailedError, UsageError

if TYPE_CHECKING:
    from pipeline.flow.register_sheets import Taken

REFUSED = (
    "Some rows were refused; each says why. Nothing of the file was taken. Correct those rows and "
    "take it in again, or add --skip-bad to take the others."
)
SKIPPED = (
    "Some rows were refused; each says why. The others were taken. Correct those rows and take the "
    "file in again: what is known already is left as it is."
)
_NO_FILE = "The file is not there. Nothing was changed. Check its name and its folder."


def content_of(file: Path) -> bytes:
    """The bytes of a file that was named; UsageError where it is not there."""
    if not file.is_file():
        raise UsageError(_NO_FILE)
    return file.read_bytes()


def keep(out: Path, content: bytes) -> None:
    """Write a file that holds names: one that is made here is for its owner alone."""
    out.touch(mode=0o600)
    out.write_bytes(content)


def read_in(
    file: Sheet,
    as_name: As,
    dry_run: Dry = False,
    skip_bad: Skip = False,
    leave_out: LeaveOut = False,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """Take a sheet of reviews in: each row is added, changes a review, or says why it cannot.

    Where one row is refused nothing is written. The last sheet can be undone.
    Example: candour register import reviews.csv --as jo --dry-run
    """
    from pipeline.flow import register_sheets

    workspace = opened(home, as_name)
    taken = register_sheets.read_in(
        workspace, content_of(file), dry_run=dry_run, skip_bad=skip_bad, leave_out=leave_out,
        as_name=as_name, password=password(),
    )  # fmt: skip
    tell(taken, form, dry_run=dry_run)


def show_lists(rows: Iterable[Row], form: Format) -> None:
    """Show rows; for people lists are told with commas, not as a program writes them."""
    show([_plainly(row) for row in rows] if form is Format.TABLE else rows, form)


def _plainly(row: Row) -> Row:
    """A row whose lists are told in words.

    >>> _plainly({"fields": ["board", "judged"], "line": 2})
    {'fields': 'board, judged', 'line': 2}
    """
    return {k: ", ".join(map(str, v)) if isinstance(v, list) else v for k, v in row.items()}


def tell(taken: Taken, form: Format, *, dry_run: bool) -> None:
    """Show what a sheet did; an error where rows of it were refused."""
    rows: Iterable[Row] = taken.rows
    if form is Format.TABLE:  # of hundreds of rows people look for those that are not as they were
        rows = [row for row in taken.rows if row["what"] in ("refused", "changed") or row["odd"]]
    if rows or form is not Format.TABLE:
        show_lists(rows, form)
    say(_counted(taken.counts) + (" A dry run: nothing was written." if dry_run else ""))
    if taken.counts["refused"]:
        raise SomeFailedError(SKIPPED if taken.kept else REFUSED)


def _counted(counts: Mapping[str, int]) -> str:
    """Counts as a sentence.

    >>> _counted({"added": 2, "left": 0})
    'added 2, left 0.'
    """
    return ", ".join(f"{what} {count}" for what, count in counts.items()) + "."


def undo(as_name: As, home: Home = None, form: Form = Format.TABLE) -> None:
    """Take back what the last sheet did; what was changed since stays.

    Example: candour register undo --as jo
    """
    from pipeline.flow import register_sheets

    rows = register_sheets.undo(opened(home, as_name), as_name=as_name, password=password())
    show_lists(rows, form)


def export(
    out: SheetOut,
    as_name: As,
    home: Home = None,
) -> None:
    """Write the register for a spreadsheet; what is changed in it can be taken in again.

    Example: candour register export register.csv --as jo
    """
    from pipeline.flow import register_sheets

    keep(out, register_sheets.written(opened(home, as_name), as_name=as_name, password=password()))
    say(
        f"The register is in {out}. It holds names: keep it where the reports are kept, and delete "
        "it when done."
    )


def suggest(
    out: SheetOut,
    as_name: As,
    home: Home = None,
) -> None:
    """Write what reports say of themselves and nobody has recorded, to be looked through.

    Nothing is recorded by it: correct the sheet, then take it in with `candour register import`.
    Example: candour register suggest suggested.csv --as jo
    """
    from pipeline.flow import suggesting

    workspace = opened(home, as_name)
    keep(
        out,
        suggesting.suggested(workspace, as_name=as_name, password=password(), progress=say),
    )
    say(f"The suggestions are in {out}. Read each before you take the sheet in; it holds names.")


def from_report(
    file: Annotated[Path, typer.Argument(help="A report with tables of reviews.")],
    as_name: As,
    columns: Annotated[
        str, typer.Option("--columns", help="What the columns are: board,judgement,judged.")
    ] = "",
    kind: Annotated[
        str, typer.Option("--kind", help="What all of them are: scr, lcspr, sar, dhr …")
    ] = "",
    period: Annotated[
        str, typer.Option("--period", help="Dates outside are odd: 2008-04-01..2009-03-31.")
    ] = "",
    table: Annotated[int | None, typer.Option("--table", min=1, help="Only this table.")] = None,
    dry_run: Dry = False,
    skip_bad: Skip = False,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """Take the tables that stand in a report in as reviews: board, judgement, dates, yes or no.

    Columns are known by their headings or by what they hold; --columns says it otherwise.
    Example: candour register from-report inspection.pdf --kind scr --as jo --dry-run
    """
    from pipeline.flow import register_sheets

    asked = register_sheets.asked(columns, kind, period, table)
    taken = register_sheets.from_report(
        opened(home, as_name), file, asked, dry_run=dry_run, skip_bad=skip_bad, as_name=as_name,
        password=password(),
    )  # fmt: skip
    tell(taken, form, dry_run=dry_run)
