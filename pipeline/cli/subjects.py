"""Commands for people whom reports speak of: subject-access, rectify."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from pipeline.cli.output import Format, say, show
from pipeline.cli.reviews import As, Review
from pipeline.cli.workspace import Form, Home, opened, password
from pipeline.errors import UsageError

Outcomes = Literal["correct", "statement", "refused"]
_NO_FOLDER = (
    "The folder for the export could not be made. Nothing was searched. Name a folder that is new "
    "or your own."
)
_NO_FILE = "That file could not be read. Nothing was done. Check the path and who owns it."


def subject_access(
    as_name: As,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the export goes.")],
    names: Annotated[
        Path | None,
        typer.Option(
            "--names", metavar="FILE", help="The person's names, one a line; - for stdin."
        ),
    ] = None,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """Export what is held of one person, with everybody else hidden, to be looked through.

    The names come from a file or are asked for: on the command line they would stand in its
    history. They are kept nowhere; the ledger says that a search was made, without a name.
    Example: candour subject-access --names names.txt --out exports --as sam
    """
    from pipeline.flow import subject_access as flow

    wanted = _names(names)
    _made(out)
    workspace, secret = opened(home, as_name), password()
    answer = flow.search(workspace, wanted, as_name=as_name, password=secret, progress=say)
    folder = flow.write(answer, out)
    rows = (
        {
            "review": one.review,
            "state": one.state,
            "passages": len(one.passages),
            "unclear": one.unclear,
            "earlier": one.earlier,
            "notes": one.notes,
        }
        for one in answer.held
    )
    show(rows, form)
    say(f"Searched: {answer.searched} reviews. Not searched, because purged: {answer.purged}.")
    say(f"Written to {folder}. It is not encrypted and holds personal data: look at every line,")
    say("send it only by a way that is safe, and delete it and the file of names when done.")


def _made(folder: Path) -> None:
    """The folder in which exports lie, each in a new one of its own; nobody else may look."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        # Not chained: the error holds a path.
        raise UsageError(_NO_FOLDER) from None


def _names(path: Path | None) -> list[str]:
    if path is None:
        say("The person's names, one after the other; nothing is shown. An empty line ends it.")
        found: list[str] = []
        while name := typer.prompt(
            "Name", default="", hide_input=True, show_default=False, err=True
        ):
            found.append(name)
        return found
    if str(path) == "-":
        return sys.stdin.read().splitlines()
    return _read(path).splitlines()


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        # Not chained: the error holds a path or a text.
        raise UsageError(_NO_FILE) from None


def rectify(
    review_id: Review,
    as_name: As,
    request: Annotated[
        Path | None, typer.Option("--request", metavar="FILE", help="What the person wrote.")
    ] = None,
    outcome: Annotated[Outcomes | None, typer.Option("--outcome", help="What came of it.")] = None,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """Keep what somebody says is wrong in a report, and what came of it; or list what is kept.

    With the outcome "correct" every approval is void until a corrected version is approved.
    Example: candour rectify r-7f3k2m --request letter.txt --outcome correct --as sam
    """
    from pipeline.flow import rectifying

    workspace, secret = opened(home, as_name), password()
    if request is None and outcome is None:
        show(rectifying.listed(workspace, review_id, as_name=as_name, password=secret), form)
        return
    if request is None or outcome is None:
        raise UsageError("A request and its outcome go together. Nothing was kept. Name both.")
    voided = rectifying.rectify(
        workspace, review_id, _read(request), outcome, as_name=as_name, password=secret
    )
    say("It is kept with the review. Delete the file that it came in.")
    if outcome == "correct":
        say(f"Approvals that are void now: {voided}. To do: ask the author for a corrected report,")
        say("take it in with `candour version`, settle and approve it, and publish it again. If")
        say("what is published does harm meanwhile, withdraw it.")


def register_with(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    app.command("subject-access")(subject_access)
    app.command()(rectify)
