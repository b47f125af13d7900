"""Suggesting: what reports say of themselves, as a sheet that a person reads and takes in.

Nothing is recorded by it. A sheet of suggestions is looked through in a spreadsheet, and what
is right in it comes in as any sheet does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pipeline.flow import registered
from pipeline.raw import entry, facts, sheet
from pipeline.raw.facts import NAMED, Facts
from pipeline.raw.field import ValueRefusedError, named, value
from pipeline.store.accounts import Who
from pipeline.store.casefile import CaseFile
from pipeline.store.register import State
from pipeline.store.workspace import Workspace

Progress = Callable[[str], None]
_FIELDS = named(entry.FIELDS)
# By the field of the register: the fact of a report that may fill it.
_FROM = {
    "kind": "kind",
    "board": "board",
    "subject": "subject",
    "author": "authors",
    "chair": "chairs",
    "independence": "independence",
    "incident": "incident",
    "begun": "begun",
    "completed": "completed",
    "judgement": "judgement",
    "board_published": "published",
}


def suggested(
    workspace: Workspace,
    *,
    as_name: Who,
    password: str | None = None,
    progress: Progress | None = None,
) -> bytes:
    """A sheet of what reports say and nobody has recorded: a row a review that has any of it.

    What a report does not say is left empty, and not told as "not stated": nobody has looked.
    """
    register = registered.opened(workspace, as_name, password=password, step="suggest")
    held = [
        one for one in register.all().values()
        if one.row is not None and one.row.state is not State.WITHDRAWN
    ]  # fmt: skip
    rows = []
    for number, one in enumerate(held, start=1):
        if one.row is not None and "document" in register.entries.sealed.names(one.id):
            case = CaseFile(register.entries.sealed, one.id)
            said = dict(_said(facts.stated(case.document(one.row.edition))))
            new = {name: it for name, it in said.items() if not one.record.get(name)}
            if new:
                rows.append({"review": one.id, **new})
        if progress is not None and (number % 20 == 0 or number == len(held)):
            progress(f"{number} of {len(held)} reports looked through.")
    return sheet.write(rows, ("review", *_FROM))


def _said(stated: Facts) -> Iterator[tuple[str, str]]:
    for name, fact in _FROM.items():
        if name == "subject" and stated.register_subject == NAMED:
            continue  # the register calls a subject by a label: a name is not offered
        found = getattr(stated, fact)
        told = found if isinstance(found, tuple) else (found,)
        words = "; ".join(dict.fromkeys(one.value for one in told if one.stated))
        try:
            kept = value(_FIELDS[name], words) if words else ""
        except ValueRefusedError:  # a kind or a date that the register has no word for
            continue
        if kept:
            yield name, kept
