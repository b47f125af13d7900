"""Commands that need no workspace: read, detect, draft, evaluate."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.output import Format, Row, emit, say, show
from pipeline.errors import CandourError, SomeFailedError, UsageError

if TYPE_CHECKING:
    from pipeline.config import Settings

Files = Annotated[list[Path], typer.Argument(help="PDF, Word or text files.", metavar="FILE...")]
Profile = Annotated[str, typer.Option("--profile", help="What is hidden and what stays.")]


class ReadFormat(StrEnum):
    """The forms that `candour read` offers."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSONL = "jsonl"


def _each(files: list[Path], act: Callable[[Path], Iterator[Row]]) -> Iterator[Row]:
    """The rows of each file; a file that fails gets a row with its code, the others go on."""
    failed: list[CandourError] = []
    for path in files:
        try:
            yield from act(path)
        except CandourError as error:
            if len(files) == 1:
                raise
            failed.append(error)
            yield {"path": str(path), "error": str(error), "code": error.exit_code}
    if failed:
        raise SomeFailedError(f"{len(failed)} of {len(files)} files failed; each is listed.")


def read(
    files: Files,
    form: Annotated[
        ReadFormat, typer.Option("--format", help="For people, or for other programs.")
    ] = ReadFormat.TEXT,
    facts: Annotated[
        bool, typer.Option("--facts", help="What the file says of itself, and what it does not.")
    ] = False,
    boxes: Annotated[
        Path | None,
        typer.Option("--boxes", help="Folder for pictures of a PDF's pages, blocks outlined."),
    ] = None,
) -> None:
    """Show what Candour reads in files: text, structure, and what it could not read.

    Example: candour read review.pdf --format jsonl

    Example: candour read review.pdf --boxes looked-at
    """
    from pipeline import config
    from pipeline.flow import showing

    settings = config.load()

    def rows(path: Path) -> Iterator[Row]:
        yield from showing.rows(path, settings)

    def text(path: Path) -> Iterator[Row]:
        emit(showing.text(path, form.value, settings))
        yield from ()

    def stated(path: Path) -> Iterator[Row]:
        from pipeline.flow import drafting

        for row in drafting.facts_rows(path, settings):
            yield row if len(files) == 1 else {"path": str(path), **row}

    if boxes is not None:
        _draw(files, boxes, settings, facts=facts)
        return
    if facts:
        listed = Format.JSONL if form is ReadFormat.JSONL else Format.TABLE
        show(_each(files, stated), listed, apart=("start", "end"))
        return
    if form is ReadFormat.JSONL:
        show(_each(files, rows), Format.JSONL)
        return
    for row in _each(files, text):
        say(f"{row['path']}: {row['error']}")


def _draw(files: list[Path], folder: Path, settings: Settings, *, facts: bool) -> None:
    """Draws the pages of each file, of several files in folders 1, 2, … in the order given."""
    from pipeline.flow import drafting

    if facts:
        raise UsageError("--boxes draws pages and lists nothing. Give it without --facts.")
    if len(files) > 1:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    numbers = count(1)

    def drawn(path: Path) -> Iterator[Row]:
        own = folder / str(next(numbers)) if len(files) > 1 else folder
        made = drafting.outlined(path, own, settings)
        say(f"{path}: {made.pages} pages drawn in {own}")
        if made.older:
            say(f"{own} also holds {made.older} pictures of pages that this file does not have.")
        yield from ()

    for row in _each(files, drawn):
        say(f"{row['path']}: {row['error']}")
    say("The pictures show the whole report with all its names. Keep them where it is kept.")


def detect(
    files: Files,
    profile: Annotated[
        str | None, typer.Option("--profile", help="Only what this profile would change.")
    ] = None,
    form: Annotated[
        Format, typer.Option("--format", help="For people, or for other programs.")
    ] = Format.JSONL,
) -> None:
    """List what should be hidden in files, as offsets and kinds, never as words.

    Example: candour detect review.docx --profile public --format jsonl
    """
    from pipeline import config
    from pipeline.flow import drafting

    settings = config.load()
    for warning in drafting.warnings():
        say(warning)

    def rows(path: Path) -> Iterator[Row]:
        yield drafting.detected(path, profile, settings)

    show(_each(files, rows), form)


def draft(
    files: Files,
    out: Annotated[Path, typer.Option("--out", help="Folder for the drafts.")],
    profile: Profile = "public",
    form: Annotated[
        Format, typer.Option("--format", help="For people, or for other programs.")
    ] = Format.TABLE,
) -> None:
    """Write NAME.draft.txt for each file: everything that is found is hidden, nobody has looked.

    Example: candour draft reviews/*.pdf --out drafts --profile public
    """
    from pipeline import config
    from pipeline.flow import drafting

    settings = config.load()
    for warning in drafting.warnings():
        say(warning)
    out.mkdir(parents=True, exist_ok=True)
    taken: set[Path] = set()

    def rows(path: Path) -> Iterator[Row]:
        made = drafting.draft(path, profile, settings)
        target = _free(out, path.stem, taken)
        target.write_bytes(made.text)
        yield {
            "path": str(path),
            "draft": str(target),
            "words": made.words,
            "words_kept": made.words_kept,
            "unread": made.unread,
            **made.counts,
        }

    show(_each(files, rows), form)
    say("These are drafts: nobody has reviewed them. Do not publish them.")


def _free(out: Path, stem: str, taken: set[Path]) -> Path:
    """A name for a draft that no other file of this call has taken."""
    target, number = out / f"{stem}.draft.txt", 2
    while target in taken:
        target, number = out / f"{stem}-{number}.draft.txt", number + 1
    taken.add(target)
    return target


def evaluate(
    gold: Annotated[Path, typer.Argument(help="Texts with marked spans (contracts: gold).")],
    profile: Profile = "public",
    form: Annotated[
        Format, typer.Option("--format", help="For people, or for other programs.")
    ] = Format.TABLE,
) -> None:
    """Measure detection on marked texts: recall, every-mention recall, precision, over-redaction.

    Example: candour evaluate corpora/sample/gold.jsonl
    """
    from pipeline import config
    from pipeline.flow import measuring

    show(measuring.evaluate(gold, profile, config.load(), progress=say), form)


def register_with(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    for command in (read, detect, draft, evaluate):
        app.command()(command)
