"""Actions by file: a sheet for a spreadsheet out, and one in again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from pipeline.flow import registered
from pipeline.raw import action, sheet
from pipeline.raw.action import FIELDS
from pipeline.raw.entry_match import ADDED, CHANGED, LEFT, REFUSED, folded
from pipeline.raw.record import Record, Stamp, changed
from pipeline.raw.sheet import Given, Shape
from pipeline.store.accounts import Who
from pipeline.store.register import State, draw, today
from pipeline.store.workspace import Workspace

Row = dict[str, object]
WRONG_COLUMNS = (
    "The first row of the file does not hold the columns of actions. Nothing was changed. It "
    "needs `action` or `review`, and may hold: "
    + ", ".join(field.name for field in FIELDS)
    + ". Rename the headings, or add --leave-out to leave out the columns that are not known."
)
_SHOWN = ("overdue", "flags", "changed")
SHAPE = Shape(FIELDS, ("action", "review"), _SHOWN, ("action", "review"), "flags", WRONG_COLUMNS)
_NO_REVIEW = "no review of the register has this id"
_WITHDRAWN = "the review was withdrawn: nothing is changed of it any more"
_UNKNOWN = "no action has this id: leave the cell empty for a new one"


def written(workspace: Workspace, *, as_name: Who, password: str | None = None) -> bytes:
    """All actions as a CSV file that can be taken in again."""
    register = registered.opened(workspace, as_name, password=password, step="actions")
    at = date.fromisoformat(today())
    columns = ("action", "review", *(field.name for field in FIELDS), *_SHOWN)
    rows = (
        action.row(review, id_, record, at) | {"status": record.get("status")}
        for review, actions in sorted(register.entries.every_action().items())
        for id_, record in sorted(actions.items())
    )
    return sheet.write(({name: _cell(row[name]) for name in columns} for row in rows), columns)


def _cell(held: object) -> str:
    if isinstance(held, list):
        return ", ".join(map(str, held))
    return "" if held is None else str(held)


def read_in(
    workspace: Workspace,
    content: bytes,
    *,
    dry_run: bool = False,
    skip_bad: bool = False,
    leave_out: bool = False,
    as_name: Who,
    password: str | None = None,
) -> tuple[tuple[Row, ...], bool]:
    """Take a sheet of actions in: a row each says what became of it; whether it was kept.

    A row without an action's id is the action of that review, paragraph and board, or a new one.
    """
    register = registered.opened(workspace, as_name, password=password, step="action-import")
    given = sheet.read(content, SHAPE, leave_out=leave_out)
    stamp = register.stamp("import", draw("b-", 8))
    with registered.writing(register):
        every = register.entries.every_action()
        held = register.all()
        closed = {r for r, one in held.items() if one.state == State.WITHDRAWN}
        became = register.expecting.turned()
        rows = []
        for row in given:
            one = replace(row, ids=(row.ids[0], became.get(row.ids[1], row.ids[1])))
            rows.append(_row_taken(one, every, set(held), closed, stamp))
        kept = not dry_run and (skip_bad or all(row["what"] != REFUSED for row in rows))
        if kept:
            for review in sorted({str(r["review"]) for r in rows if r["what"] in (ADDED, CHANGED)}):
                register.entries.keep_actions(review, every[review])
            for told in rows:
                if told["what"] in (ADDED, CHANGED):
                    review, id_ = str(told["review"]), str(told["action"])
                    registered.write_action(register, "action-row", review, id_, every[review][id_])
    return tuple(rows), kept


def _row_taken(
    row: Given,
    every: dict[str, dict[str, Record]],
    known: set[str],
    closed: set[str],
    stamp: Stamp,
) -> Row:
    """What becomes of one row; `every` is changed with it."""
    id_, review = row.ids
    values, why = dict(row.values), row.refused
    if id_:
        review = next((r for r, actions in every.items() if id_ in actions), "")
        why = why or (() if review else (("action", _UNKNOWN),))
    elif review not in known:
        why = why or (("review", _NO_REVIEW),)
    if review in closed:
        why = why or (("review", _WITHDRAWN),)
    told = "; ".join(f"{name}: {text}" if name else text for name, text in why)
    out: Row = {"line": row.line, "action": id_, "review": review, "what": REFUSED,
                "fields": [name for name, _ in why if name], "why": told}  # fmt: skip
    if why:
        return out
    actions = every.setdefault(review, {})
    id_ = id_ or _same(actions, values)
    what = CHANGED if id_ else ADDED
    while not id_ or (what == ADDED and any(id_ in held for held in every.values())):
        id_ = draw("a-", 6)
    before = actions.get(id_, Record())
    after = changed(before, values, stamp)
    if after is before:
        return out | {"action": id_ if what == CHANGED else "", "what": LEFT, "fields": []}
    actions[id_] = after
    return out | {"action": id_, "what": what, "fields": list(after.steps[-1].fields)}


def _same(actions: Mapping[str, Record], values: Mapping[str, str]) -> str:
    """The action of this paragraph and board, if there is just one; "" for none."""
    place = (values.get("paragraph", ""), folded(values.get("board", "")))
    found = [
        id_ for id_, one in actions.items()
        if (one.get("paragraph"), folded(one.get("board"))) == place
    ]  # fmt: skip
    if len(found) > 1:  # told apart by what is to be done
        found = [id_ for id_ in found if actions[id_].get("task") == values.get("task", "")]
    return found[0] if len(found) == 1 else ""
