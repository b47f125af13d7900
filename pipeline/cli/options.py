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
_Kind = Annotated[str | None, typer.Option("--kind", help="scr, lcspr, sar, dhr … or in full.")]
_Text = Annotated[str | None, typer.Option(metavar="TEXT")]
_Day = Annotated[str | None, typer.Option(metavar="DATE")]
_Word = Annotated[str | None, typer.Option(metavar="WORD")]
OF_AN_ENTRY: Mapping[str, object] = {
    "board": _Text, "kind": _Kind, "subject": _Text, "reference": _Text, "author": _Text,
    "chair": _Text, "independence": _Word, "incident": _Day, "notified": _Day,
    "expected_by": _Day, "begun": _Day, "completed": _Day, "judgement": _Word, "judged": _Day,
    "resubmission_due": _Day, "resubmitted": _Word, "resubmitted_on": _Day,
    "publication_due": _Day, "board_published": _Day, "note": _Text,
}  # fmt: skip
OF_AN_ACTION: Mapping[str, object] = {
    "paragraph": _Text, "board": _Text, "task": _Text, "owner": _Text, "due": _Day,
    "status": _Word, "evidence": _Text, "evidence_on": _Day, "note": _Text,
}  # fmt: skip
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
