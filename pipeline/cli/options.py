"""Options and arguments that several commands of the register and of actions have, each once."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, TypeVar

import typer

Entry = Annotated[str, typer.Argument(metavar="ID", help="A review's id, r-… or e-….")]
Expected = Annotated[str, typer.Argument(metavar="EXPECTED", help="The e- id.")]
Sheet = Annotated[Path, typer.Argument(help="A CSV file, as a spreadsheet saves it.")]
SheetOut = Annotated[Path, typer.Argument(metavar="FILE", help="The CSV file to write.")]
Dry = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")]
Skip = Annotated[bool, typer.Option("--skip-bad", help="Take the good rows, skip the others.")]
LeaveOut = Annotated[
    bool, typer.Option("--leave-out", help="Leave out columns that are not known.")
]
On = Annotated[str | None, typer.Option("--on", help="A day; without it, today.")]
Clear = Annotated[
    list[str] | None, typer.Option("--clear", metavar="FIELD", help="Take a value away.")
]


# What is recorded of a review and of an action, field by field, by what is typed.
def _text(says: str) -> object:
    return Annotated[str | None, typer.Option(metavar="TEXT", help=says)]


def _day(says: str) -> object:
    return Annotated[str | None, typer.Option(metavar="DATE", help=says)]


def _word(says: str) -> object:
    return Annotated[str | None, typer.Option(metavar="WORD", help=says)]


OF_AN_ENTRY: Mapping[str, object] = {
    "board": _text("The body that commissioned the review."),
    "kind": Annotated[
        str | None, typer.Option("--kind", help="scr, lcspr, sar, dhr … or in full.")
    ],
    "subject": _text('As the board says, such as "Child A".'),
    "reference": _text("The board's own number of the case."),
    "author": _text("Who wrote the report."),
    "chair": _text("Who chaired the panel."),
    "independence": _word('"independent" or "not independent": the author.'),
    "incident": _day("When it happened; a day as 2026-03-31, a month or a year."),
    "notified": _day("When it was announced."),
    "expected_by": _day("When the file should come."),
    "begun": _day("When the review was begun."),
    "completed": _day("When it was completed."),
    "judgement": _word(
        "outstanding, good, adequate, requires improvement, inadequate, not judged."
    ),
    "judged": _day("When it was judged."),
    "resubmission_due": _day("When it should be submitted again."),
    "resubmitted": _word("yes or no."),
    "resubmitted_on": _day("When it was submitted again."),
    "publication_due": _day("When the board means to publish it."),
    "board_published": _day("When the board published it."),
    "note": _text("Anything else, for colleagues."),
}
OF_AN_ACTION: Mapping[str, object] = {
    "paragraph": _text("The recommendation's paragraph."),
    "board": _text("The body that answers it."),
    "task": _text("What is to be done."),
    "owner": _text("Who does it: a role, or a person."),
    "due": _day("By when; a day as 2026-03-31, a month or a year."),
    "status": _word("not started, in progress, done, not accepted, superseded."),
    "evidence": _text("What shows that it was done."),
    "evidence_on": _day("Of when the evidence is."),
    "note": _text("Anything else, for colleagues."),
}
_Command = TypeVar("_Command", bound=Callable[..., None])


def with_fields(fields: Mapping[str, object]) -> Callable[[_Command], _Command]:
    """Give a command an option for each field, before --home; they come to it as `fields`."""

    def given(command: _Command) -> _Command:
        written = inspect.signature(command, eval_str=True)
        own = [p for p in written.parameters.values() if p.kind is not p.VAR_KEYWORD]
        options = [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
            for name, kind in fields.items()
        ]
        keyed = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own]
        first = [p for p in keyed if p.name != "home"]
        last = [p for p in keyed if p.name == "home"]
        told = written.replace(parameters=[*first, *options, *last])
        command.__signature__ = told  # type: ignore[attr-defined]
        return command

    return given


def named(fields: Mapping[str, str | None]) -> dict[str, str]:
    """The fields whose options were given.

    >>> named({"board": "Marl Board", "chair": None})
    {'board': 'Marl Board'}
    """
    return {name: held for name, held in fields.items() if held is not None}
