"""What the register lacks and what is due of it, for the officer who keeps it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from pipeline.errors import UsageError
from pipeline.flow import registered
from pipeline.flow.registered import Held, Opened
from pipeline.raw import action, entry_due, entry_gaps
from pipeline.raw.entry_due import Due
from pipeline.raw.field import ValueRefusedError, day
from pipeline.store.accounts import Who
from pipeline.store.register import State, today
from pipeline.store.workspace import Workspace

Row = dict[str, object]
A_LOOK_AHEAD = 90  # days
_NO_DATE = (
    "The day for which it is asked is no date like 2026-12-31. Nothing was listed. Write it so, "
    "or leave it out for today."
)


def gaps(workspace: Workspace, *, as_name: Who, password: str | None = None) -> Iterator[Row]:
    """What is missing or odd: files that have not come, numbers, fields, dates; a row each."""
    register = registered.opened(workspace, as_name, password=password, step="gaps")
    held = {r: one for r, one in register.all().items() if one.state != State.WITHDRAWN}
    for one in held.values():
        if one.row is None:
            said = {"fields": [], "since": one.added, "by": one.values.get("expected_by", "")}
            yield _gap("file", one) | said
    for hole in entry_gaps.holes({r: one.values for r, one in held.items()}):
        written = next(one for r, one in held.items() if r == hole.of[0])
        yield {
            "what": "number",
            "review": "",
            "state": "",
            "board": written.values.get("board", ""),
            "subject": "",
            "fields": [hole.field],
            "numbers": list(hole.numbers),
            "beside": list(hole.of),
        }
    for one in held.values():
        if lacks := entry_gaps.missing(one.values):
            yield _gap("field", one) | {"fields": list(lacks)}
    for one in held.values():
        if codes := entry_gaps.odd(one.values, today()):
            yield _gap("odd", one) | {"fields": [], "odd": list(codes)}


def _gap(what: str, held: Held) -> Row:
    return {
        "what": what,
        "review": held.id,
        "state": held.state,
        "board": held.values.get("board", ""),
        "subject": held.values.get("subject", ""),
    }


def completeness(
    workspace: Workspace, *, as_name: Who, password: str | None = None
) -> tuple[Row, ...]:
    """How many reviews have each field: recorded, looked for and not stated, not recorded."""
    register = registered.opened(workspace, as_name, password=password, step="completeness")
    standing = [one for one in register.all().values() if one.state != State.WITHDRAWN]
    return tuple(
        {
            "field": one.field,
            "recorded": one.recorded,
            "not_stated": one.not_stated,
            "not_recorded": one.not_recorded,
            "of": one.of,
            "share": round(one.recorded / one.of, 3) if one.of else None,
        }
        for one in entry_gaps.shares([held.values for held in standing])
    )


# -- due -----------------------------------------------------------------------------------


def due(
    workspace: Workspace,
    *,
    on: str | None = None,
    within: int = A_LOOK_AHEAD,
    as_name: Who,
    password: str | None = None,
) -> tuple[Row, ...]:
    """What is overdue, and what falls due in the next days: overdue first, without a date last."""
    day_asked = _asked(on)
    register = registered.opened(workspace, as_name, password=password, step="due")
    held = register.all()
    every = [one for review, it in held.items() for one in _due_of(review, it)]
    every += [one for one in _actions_due(register) if one.review in held]
    last = day_asked + timedelta(days=within)
    found = [one for one in every if one.due is None or one.due <= last]
    return tuple(_due_row(one, held, day_asked) for one in sorted(found, key=entry_due.order))


def _asked(on: str | None) -> date:
    try:
        written = today() if on is None else day(on)
        return date.fromisoformat(written)
    except (ValueError, ValueRefusedError):
        raise UsageError(_NO_DATE) from None


def _due_of(review: str, held: Held) -> Iterator[Due]:
    row = held.row
    if row is not None and row.state is State.WITHDRAWN:
        return iter(())
    return entry_due.of(
        review,
        held.values,
        has_file=row is not None,
        published=row is not None and row.published is not None,
        hold=None if row is None or row.hold is None else row.hold.until,
    )


def _actions_due(register: Opened) -> Iterator[Due]:
    """The open actions that have a date."""
    for review, actions in register.entries.every_action().items():
        for id_, record in actions.items():
            when = entry_due.last_day(record.get("due"))
            if action.is_open(record) and when is not None:
                yield Due(review, entry_due.ACTION, when, id_)


def _due_row(one: Due, held: Mapping[str, Held], on: date) -> Row:
    values = held[one.review].values
    return {
        "review": one.review,
        "what": one.what,
        "due": None if one.due is None else one.due.isoformat(),
        "overdue": None if one.due is None else (on - one.due).days,
        "action": one.action,
        "state": held[one.review].state,
        "board": values.get("board", ""),
        "subject": values.get("subject", ""),
        "why": "the date of the judgement is not recorded" if one.due is None else "",
    }
