"""Commands of publication staff: review, approve, publish, verify."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipeline.cli.output import Format, Row, say, show
from pipeline.cli.workspace import Home, home_of, opened, password
from pipeline.errors import LeakError, NotSettledError, StoreError, UsageError

if TYPE_CHECKING:
    from pipeline.store.workspace import Workspace

_NOBODY_LOOKED = (
    "Nothing is open, but no reviewer has looked at it since it came in. See what changed with "
    "`candour compare`, then export it and take the decisions in, so that somebody stands for them."
)
_EXPORT = "Check its name, or write it anew with --export."
_ANSWERS = (
    "Check its name. It has an answer for each question (holds, family, names, rights, read, "
    'signed) and "signed_by"; without --checklist you are asked.'
)
_PROFILES = "For whom: public, board, practitioner, inspectorate, as-published."
As = Annotated[str, typer.Option("--as", help="The account that acts.", metavar="NAME")]
Review = Annotated[str, typer.Argument(metavar="ID", help="A review's id, as in the register.")]
Profile = Annotated[str, typer.Option("--profile", metavar="PROFILE", help=_PROFILES)]


def review(
    review_id: Review,
    as_name: As,
    export: Annotated[
        Path | None, typer.Option("--export", help="Write what is proposed, to be decided.")
    ] = None,
    decisions: Annotated[
        Path | None, typer.Option("--decisions", help="Read a file of decisions.")
    ] = None,
    view: Annotated[
        Literal["accepted", "original"] | None,
        typer.Option("--view", help="Read a Word file with tracked changes in this view."),
    ] = None,
    home: Home = None,
    form: Annotated[
        Format, typer.Option("--format", help="For people, or for other programs.")
    ] = Format.TABLE,
) -> None:
    """List what is still open in a review; write what is proposed to a file, or take decisions in.

    Set each "verdict" to accept or reject; a line of what was not read also needs a code in
    "cleared_as"; accept a group under "left" once you looked at what stays. Nothing that is open
    can be approved.
    Example: candour review r-7f3k2m --export decide.json --as jo
    """
    from pipeline.flow import settling

    if sum(one is not None for one in (export, decisions, view)) > 1:
        raise UsageError("Do one thing at a time: --export, --decisions or --view.")
    workspace = opened(home, as_name)
    secret = password()
    if export is not None:
        content = settling.export(workspace, review_id, as_name=as_name, password=secret)
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        # Names stand in it: a file that is made here is for its owner alone.
        export.touch(mode=0o600)
        export.write_text(text, encoding="utf-8")
        say(
            f"What is proposed is in {export}. It holds names: keep it where the report is kept, "
            'and delete it when done. Set each "verdict", then take it in with --decisions.'
        )
    elif decisions is not None:
        content = _json(decisions, _EXPORT)
        _tell(settling.decide(workspace, review_id, content, as_name=as_name, password=secret))
    elif view is not None:
        _read_again(workspace, review_id, view, as_name, secret)
    else:
        rows = settling.still_open(workspace, review_id, as_name=as_name, password=secret)
        if rows:
            show(rows, form)
        elif workspace.register.row(review_id).state == "proposed":
            say(_NOBODY_LOOKED)
        else:
            say("Nothing is open: a second person can approve this review.")


def _read_again(
    workspace: Workspace, review_id: str, wanted: str, as_name: str, secret: str | None
) -> None:
    from pipeline.flow import settling
    from pipeline.raw.document import View

    view = View(wanted)
    aside = settling.set_aside(workspace, review_id, view, as_name=as_name, password=secret)
    say(
        f"The file is read again, in the {view.value} view. {aside} decisions were made on the "
        "other text: they are kept and do not count for this one. Every approval is void."
    )
    state = settling.read_again(workspace, review_id, view, as_name=as_name, password=secret)
    if state["again"]:
        say(f"{state['again']} decisions made on this very text before count again.")
    _tell(state)


def _tell(state: Mapping[str, object]) -> None:
    say(
        f"State: {state['state']}. Undecided: {state['undecided']}. "
        f"Not yet cleared: {state['uncleared']}. Left and not looked at: {state['left']}."
    )
    if state["state"] == "settled":
        say("Nothing is open: a second person can approve this review.")


def _json(path: Path, again: str) -> dict[str, object]:
    """The object in a file; UsageError, which says how to come by one, where there is none."""
    if not path.is_file():
        raise UsageError(f"The file is not there. Nothing was changed. {again}")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"The file is not JSON. Nothing was changed. {again}") from error
    if not isinstance(content, dict):
        raise UsageError(f"The file holds no answers by their names. Nothing was changed. {again}")
    return content


def approve(
    review_id: Review,
    as_name: As,
    profile: Profile = "public",
    checklist: Annotated[
        Path | None, typer.Option("--checklist", help="A JSON file with the answers.")
    ] = None,
    home: Home = None,
) -> None:
    """Approve a settled review for one profile; a second person than the last editor does this.

    The checklist is asked for where a person sits there, or read from a file; without answers
    the approval says that nobody was asked.
    Example: candour approve r-7f3k2m --profile public --as sam --checklist answers.json
    """
    from pipeline.flow import settling

    workspace, secret = opened(home, as_name), password()
    if checklist is None:  # whoever cannot approve yet need not answer first
        settling.require_settled(workspace, review_id, as_name=as_name, password=secret)
    given = _asked() if checklist is None else _json(checklist, _ANSWERS)
    signatory = str(given.pop("signed_by", ""))
    answers = {str(code): str(answer) for code, answer in given.items()}
    settling.approve(
        workspace,
        review_id,
        profile,
        as_name=as_name,
        password=secret,
        checklist=answers or None,
        signatory=signatory,
    )
    say("Approved. Any later change to the review, the profile or an output makes it void.")
    if not answers:
        say(
            "The checklist was not answered, and the approval says so. The review desk asks for it."
        )


def _asked() -> dict[str, object]:
    """The answers of a person who sits there; none where nobody does."""
    from pipeline.store.approval import CHECKLIST

    if not sys.stdin.isatty():
        return {}
    given: dict[str, object] = {}
    for question in CHECKLIST:
        offered = "; ".join(f"{code}: {words}" for code, words in question.answers)
        given[question.code] = typer.prompt(f"{question.asks} ({offered})", err=True)
    return given | {"signed_by": typer.prompt("Who signed the profile, and when", err=True)}


def publish(
    reviews: Annotated[
        list[str], typer.Argument(metavar="ID...", help="Reviews that are approved.")
    ],
    out: Annotated[Path, typer.Option("--out", help="Folder for the publication.")],
    profile: Profile = "public",
    as_name: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help="The account that publishes.")
    ] = None,
    to: Annotated[
        list[str] | None,
        typer.Option("--to", metavar="WHO", help="Who receives it; again for each. In the vault."),
    ] = None,
    home: Home = None,
    form: Annotated[
        Format, typer.Option("--format", help="For people, or for other programs.")
    ] = Format.TABLE,
) -> None:
    """Write approved reviews as web page, PDF, Word, text, Markdown, JSON, and a signed manifest.

    Name with --to everybody who receives it: they can be told if it is ever withdrawn.
    Example: candour publish r-7f3k2m --profile public --out published --to "the national library"
    """
    from pipeline.flow import publishing

    workspace = opened(home, as_name)
    secret = password() if as_name else None
    rows = publishing.publish(
        workspace, reviews, profile, out, as_name=as_name, password=secret, recipients=to or ()
    )
    show(rows, form)
    say(f"The publication is in {out}.")


def verify(
    manifest: Annotated[Path, typer.Argument(help="A manifest of a publication.")],
    original: Annotated[
        Path | None, typer.Option("--original", help="Replay from the file as received.")
    ] = None,
    home: Home = None,
    form: Annotated[
        Format, typer.Option("--format", help="For people, or for other programs.")
    ] = Format.TABLE,
) -> None:
    """Check a publication against its manifest; with the original, replay every redaction.

    A certificate of a purge is checked too: with --home also that the key is gone.
    Example: candour verify published/cr-xxxxxxxx.manifest.json --original review.pdf
    """
    from pipeline.flow import publishing, purging

    where = home_of(home) if original is not None else home
    if purging.is_certificate(manifest):
        _certificate(list(purging.verify(manifest, where)), form)
        return
    rows = list(publishing.verify(manifest, original=original, home=where))
    show(rows, form)
    failed = {str(row["check"]) for row in rows if not row["holds"]}
    if publishing.STANDS in failed or any(row["check"] == publishing.WITHDRAWN for row in rows):
        raise NotSettledError(
            "This publication was withdrawn. Do not use it, and delete every copy. Ask the body "
            "that published it if there is a later one."
        )
    if "original" in failed:
        raise LeakError(
            "The file named as the original is not the one that this publication was made from, "
            "or the publication was changed. Look at the rows above, and name the file as received."
        )
    if failed == {publishing.LATEST}:
        raise NotSettledError(
            "This is what was published once, and a later publication took its place. Do not pass "
            "it on. Use the later one."
        )
    if failed:
        raise LeakError(
            "The publication is not what was approved. Do not use it. Publish the review again."
        )
    say("Everything that the manifest says holds.")


def _certificate(rows: list[Row], form: Format) -> None:
    show(rows, form)
    if not all(row["holds"] for row in rows):
        raise StoreError(
            "The certificate is not what happened in this workspace. Do not rely on it. Look at "
            "the rows above, and at `candour health`."
        )
    say("Everything that the certificate says holds.")


def register_with(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    for command in (review, approve, publish, verify):
        app.command()(command)
