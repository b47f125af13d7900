"""Commands of researchers and of the central body: learn, passages, lessons, digest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.output import Format, say, show
from pipeline.cli.workspace import Home, opened
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Drafts = Annotated[
    bool,
    typer.Option("--include-drafts", help="Add texts that nobody approved; every row says so."),
]
Form = Annotated[Format, typer.Option("--format", help="For people, or for other programs.")]
As = Annotated[str | None, typer.Option("--as", help="The account that asks.", metavar="NAME")]


def learn(
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Start anew and print old id -> new id.")
    ] = False,
    codebook: Annotated[
        Path | None,
        typer.Option(
            "--codebook", help="Your own frame of themes: a .csv or a .qdc.", metavar="FILE"
        ),
    ] = None,
    include_drafts: Drafts = False,
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, max=256, help="Processes and threads; one a core."),
    ] = None,
    as_name: As = None,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """Find what recurs: passages, themes, and the lessons that several reviews share.

    What is found does not depend on the number of processes.

    Example: candour learn
    """
    from pipeline.batch import local, marking
    from pipeline.flow import learning
    from pipeline.safe import theme_frame

    frame = None if codebook is None else theme_frame.read(codebook)
    workspace = opened(home, as_name, include_drafts)
    number = workers or local.workers()
    rows = learning.learn(
        workspace,
        fresh=fresh,
        include_drafts=include_drafts,
        progress=say,
        frame=frame,
        reader=marking.reader(number),
        threads=number,
    )
    if form is not Format.TABLE:
        show(rows, form)
        return
    show(rows[:1], form)
    if rows[1:]:
        say("Lessons of the last run that are gone, and the lesson that took their place, if any:")
        show(rows[1:], form)


_NO_FORMAT = (
    "A digest is a page or a PDF. Nothing was written. End the name of the file in .html or .pdf."
)


_APART = ("heading", "start", "end")


def passages(
    reviews: Annotated[
        list[str] | None, typer.Argument(metavar="[ID...]", help="Reviews; all without any.")
    ] = None,
    include_drafts: Drafts = False,
    as_name: As = None,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """List passages with their role and themes.

    Example: candour passages --format csv > passages.csv
    """
    from pipeline.flow import learning

    workspace = opened(home, as_name, include_drafts)
    rows = learning.passages(workspace, tuple(reviews or ()), include_drafts=include_drafts)
    show(_with_codes(rows) if form is Format.TABLE else rows, form, apart=_APART)


def _with_codes(rows: Iterable[Mapping[str, object]]) -> Iterator[dict[str, object]]:
    """Rows whose themes are told by their codes alone.

    >>> list(_with_codes([{"passage": "p1", "themes": [{"code": "D7"}, {"code": "A1"}]}]))
    [{'passage': 'p1', 'themes': ['D7', 'A1']}]
    """
    for row in rows:
        found = row.get("themes")
        codes = [one["code"] for one in found] if isinstance(found, list) else []
        yield {**row, "themes": codes}


def lessons(
    by_theme: Annotated[
        bool, typer.Option("--by-theme", help="Theme by theme, then what recurs without one.")
    ] = False,
    like: Annotated[
        str | None,
        typer.Option(
            "--like",
            metavar="REVIEW:PASSAGE",
            help="The learning points nearest to this passage, and their lessons.",
        ),
    ] = None,
    include_drafts: Drafts = False,
    as_name: As = None,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """List lessons, the most recurrent first, as n of N reviews with a quotation.

    Example: candour lessons --format jsonl
    """
    from pipeline.flow import learning

    workspace = opened(home, as_name, include_drafts)
    if like is not None:
        rows = learning.more_like(workspace, like, include_drafts=include_drafts)
    elif by_theme:
        rows = learning.by_theme(workspace, include_drafts=include_drafts)
    else:
        rows = learning.lessons(workspace, include_drafts=include_drafts)
    show((_for_people(row) for row in rows) if form is Format.TABLE else rows, form)


def _for_people(row: Mapping[str, object]) -> dict[str, object]:
    """A row in fewer and narrower columns; the passages behind it stay in the other formats.

    >>> _for_people({"id": "L1", "title": "Visits", "reviews": 2, "of": 9, "first": "2009",
    ...              "last": "2012", "stability": 1.0, "quote": "Visit.", "draft": False})
    {'id': 'L1', 'title': 'Visits', 'reviews': '2 of 9', 'years': '2009 to 2012', 'quote': 'Visit.'}
    """
    if "of" not in row:
        return dict(row)
    told: dict[str, object] = {}
    for name in ("id", "theme", "title", "reviews", "first", "lessons", "quote"):
        held = row.get(name)
        if name == "reviews":
            # Those of its lessons, where a theme is told: `trends` counts what was met.
            told["said in" if "lessons" in row else name] = f"{held} of {row['of']}"
        elif name == "first" and name in row:
            told["years"] = held if held == row["last"] else f"{held} to {row['last']}"
        elif isinstance(held, list):
            told[name] = "\n".join(one["title"] for one in held)
        elif name in row:
            told[name] = held
    return told | ({"draft": True} if row.get("draft") else {})


def digest(
    out: Annotated[Path, typer.Option("--out", help="The file to write: .html or .pdf.")],
    since: Annotated[str, typer.Option("--from", help="First year or month, as 2009 or 2009-04.")],
    until: Annotated[str, typer.Option("--to", help="Last year or month.")],
    agency: Annotated[
        str | None,
        typer.Option("--agency", help='Only what speaks to one agency, as "health visitors".'),
    ] = None,
    include_drafts: Drafts = False,
    as_name: As = None,
    home: Home = None,
) -> None:
    """Write a digest of a period: lessons, themes, trends, training needs, good practice.

    Example: candour digest --from 2009 --to 2012 --out digest.pdf
    """
    from pipeline.flow import digesting

    ending = out.suffix.lower()
    if ending not in (".html", ".htm", ".pdf"):
        raise UsageError(_NO_FORMAT)
    workspace = opened(home, as_name, include_drafts)
    page = digesting.digest(
        workspace,
        since,
        until,
        agency=agency,
        pdf=ending == ".pdf",
        include_drafts=include_drafts,
        tell=say,
    )
    out.write_bytes(page)
    say(f"The digest is in {out}.")


def register_with(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    for command in (learn, passages, lessons, digest):
        app.command()(command)
