"""Commands of what becomes of a report: version, compare, recheck, withdraw."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipeline.cli.output import Format, Row, say, show
from pipeline.cli.reviews import As, Review
from pipeline.cli.workspace import Form, Home, opened, password
from pipeline.errors import LeakError, NotSettledError, SomeFailedError, UsageError

if TYPE_CHECKING:
    from pipeline.flow.withdrawing import Withdrawn

_HIDDEN_STANDS = (
    'Something that a publication hides stands in it elsewhere: the rows with "known". Look at '
    "them at once, and withdraw the publication if it is so."
)
_NOT_LISTED = (
    "The list beside the master key could not be written: a backup that is restored would not know "
    "of it. Bring the keys back and withdraw it again."
)
_PURGE_MEANS = (
    "Purging destroys the key of this review, once a second person confirms it. Its file, every "
    "version, all decisions, the notes and the list of who received it can never be opened again. "
    "What stays is the register's row and the ledger. Older backups of the workspace still hold "
    "the key. Nothing was changed. If that is meant, add --yes."
)


def version(
    review_id: Review,
    as_name: As,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="The file of the later version.")
    ] = None,
    sender: Annotated[
        str | None, typer.Option("--from", metavar="WHO", help="Who sent it; kept in the vault.")
    ] = None,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """Take in a later version of a report, or without a file list the versions there are.

    What was decided counts where it surely speaks of the same thing; the rest is open again, and
    every approval is void. The versions before are kept as they came.
    Example: candour version r-7f3k2m report-final.docx --from "the author, by email" --as jo
    """
    from pipeline.flow import versions

    workspace, secret = opened(home, as_name), password()
    if file is None:
        show(versions.listed(workspace, review_id, as_name=as_name, password=secret), form)
        return
    if sender is None:
        raise UsageError("From whom did the file come? Nothing was changed. Add --from WHO.")
    row = versions.receive(
        workspace,
        review_id,
        file,
        sender=sender,
        as_name=as_name,
        password=secret,
        progress=say,
    )
    show([row], form)
    say(
        f"Version {row['version']} is the one that counts now. {row['carried']} decisions still "
        f"count, {row['opened']} do not. To decide: {row['undecided']}. Not read: "
        f"{row['uncleared']}. Left and not looked at: {row['left']}."
    )
    if row["same_text"]:
        say("Its text is the very same as before; only the file is another.")
    if row["hardly_the_same"]:
        say("Hardly a paragraph is as it was. Make sure that it is a version of this report.")
    if row["leak"]:
        say("The gate kept its draft back: settle it before anything else is made of it.")
    say("A reviewer has to look at it: see what changed with `candour compare`.")


def compare(
    review_id: Review,
    as_name: As,
    versions: Annotated[
        tuple[int, int] | None,
        typer.Option("--versions", metavar="A B", help="Their numbers; else the last two."),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Also the paragraphs that are the same.")
    ] = False,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """Show paragraph by paragraph what changed between two versions of a report.

    Rows hold names. In the table, [-words-] are gone and {+words+} are new.
    Example: candour compare r-7f3k2m --versions 1 2 --as jo
    """
    from pipeline.flow import versions as flow

    workspace, secret = opened(home, as_name), password()
    made = flow.compared(workspace, review_id, as_name=as_name, password=secret, versions=versions)
    rows = flow.rows(made, every=every)
    show(map(_marked, rows) if form is Format.TABLE else rows, form)
    told = ", ".join(f"{count} {change}" for change, count in made.counts.items())
    say(f"Version {made.versions[0]} to version {made.versions[1]}: {told}.")
    say("These rows hold names: keep them where the report is kept, and delete them when done.")


def _marked(row: Row) -> Row:
    """A row of a comparison for people: one column of words, with marks."""
    pieces = row["pieces"] if isinstance(row["pieces"], list) else []
    marks = {"removed": "[-{}-]", "added": "{{+{}+}}"}
    text = "".join(marks.get(p["how"], "{}").format(p["text"].strip("\n")) for p in pieces)
    number, page = row["number"] or row["number_before"], row["page"] or row["page_before"]
    return {
        "change": row["change"],
        "page": page,
        "paragraph": number,
        "text": text.strip() or row["after"],
    }


def recheck(
    reviews: Annotated[
        list[str] | None, typer.Argument(metavar="[ID...]", help="Reviews; all without any.")
    ] = None,
    as_name: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help="The account that asks.")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Also what a person saw and let stay.")
    ] = False,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """Look with today's program at what is approved or published, for anything new.

    A row a text, then a row for each place: where it is, never what it says. Exit code 5 where
    something that a text hides stands in it elsewhere, 8 where a text could not be checked, else 0
    whether or not there are rows.
    Example: candour recheck --format jsonl > recheck.jsonl
    """
    from pipeline.flow import rechecking

    workspace = opened(home, as_name)
    secret = password() if as_name else None
    found = rechecking.recheck(
        workspace, reviews or (), as_name=as_name, password=secret, every=every, progress=say
    )
    known, new, failed, texts = 0, 0, 0, 0

    def counted(rows: Iterable[Row]) -> Iterator[Row]:
        nonlocal known, new, failed, texts
        for row in rows:
            if row["type"] == "review":
                texts += 1
                known += int(str(row.get("known", 0)))
                new += int(str(row.get("new", 0)))
                failed += bool(row["code"])
            yield row

    if form is Format.TABLE:
        rows = list(counted(found))
        for kind in ("review", "mention"):
            listed = [
                {k: v for k, v in r.items() if k != "type"} for r in rows if r["type"] == kind
            ]
            if listed or kind == "review":
                show(listed, form)
    else:
        show(counted(found), form)
    say(f"Texts looked at: {texts}. Places to look at: {new}.")
    if known:
        raise LeakError(_HIDDEN_STANDS)
    if failed:
        raise SomeFailedError(f"{failed} of {texts} texts could not be checked; each is listed.")


_RELEASES = {
    "made again": (
        "Made again without it: {name} in {place}. It still has {texts} texts; send it out anew."
    ),
    "as it was": "It was taken out before: {name} in {place}.",
    "not there": "NOT THERE: {name} is no longer in {place}. Name where it lies with --out.",
    "changed": (
        "CHANGED: {name} in {place} is not as it was released, so nothing in it was touched. Take "
        "the whole folder down, and release the quarter again with --again."
    ),
    "taken down": (
        "TAKEN DOWN: {name} in {place} could not be made again without it; its pages and the "
        "text are removed. Release the quarter again with --again."
    ),
}
Reasons = Literal["leak", "court-order", "family", "error", "superseded", "other"]


def withdraw(
    review_id: Review,
    as_name: As,
    reason: Annotated[Reasons, typer.Option("--reason", help="Kept in the ledger, told nowhere.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="The folder in which it was published.")
    ] = None,
    purge: Annotated[
        bool,
        typer.Option("--purge", help="Also ask for all that the vault holds of it to be purged."),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Confirms --purge.")] = False,
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """Take a review back for good, with all that was made of it and learned from it.

    Lists to whom it went, so that they can be told. In a folder, a signed notice takes the place
    of the published files; what was changed there by others is left and named. Do it again for
    another folder, or where it was cut short.
    Example: candour withdraw r-7f3k2m --reason leak --out published --as sam
    """
    from pipeline.flow import purging, withdrawing

    if purge and not yes:
        raise UsageError(_PURGE_MEANS)
    workspace, secret = opened(home, as_name), password()
    done = withdrawing.withdraw(
        workspace, review_id, reason, out=out, as_name=as_name, password=secret
    )
    rows = withdrawing.recipient_rows(done.handouts)
    show(map(_who, rows) if form is Format.TABLE else rows, form)
    if done.handouts:
        say("Tell everybody in this list that it was withdrawn, and ask them to delete it.")
    say("The review is withdrawn: it is in no search, no lesson and no approval any more.")
    if done.public_ids and out is None and not done.releases:
        say(
            "No published file was touched. Name the folder with --out, and have copies "
            "elsewhere taken down."
        )
    _what_became(done)
    if purge:
        try:
            purging.ask(workspace, review_id, "other", as_name=as_name, password=secret)
        except NotSettledError as error:  # it was asked for before, or is done
            say(str(error))
            return
        say("Nothing is destroyed yet: a second person does it with `candour purge ID --confirm`.")
        say("Keep the list above: it cannot be made again afterwards.")


def _what_became(done: Withdrawn) -> None:
    """Tell what became of the published files, of the list beside the key, and of releases."""
    for name in done.files.written:
        say(f"Written: {name}")
    for name in done.files.removed:
        say(f"Removed: {name}")
    for name in done.files.left:
        say(f"LEFT, because it is not as it was published: {name}. Look at it yourself.")
    if not done.listed:
        say(_NOT_LISTED)
    for one in done.releases:
        place = str(Path(one.folder).parent)
        say(_RELEASES[one.became].format(name=one.name, texts=one.texts, place=place))
        for name in one.left:
            say(f"Kept beside it, though nobody vouches for it: {name}. Look at it yourself.")


def _who(row: Row) -> Row:
    """A row of who received it, for people: in which release, before the long names of files."""
    first = ("recipient", "public_id", "profile", "published", "release", "folder")
    return {name: row[name] for name in first}


def register_with(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    for command in (version, compare, recheck, withdraw):
        app.command()(command)
