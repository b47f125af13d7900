"""Actions: what boards do about recommendations, tracked over time with owner, date and proof."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.errors import UsageError
from pipeline.flow import registered
from pipeline.flow.registered import Held, Opened
from pipeline.raw import action
from pipeline.raw.action import FIELDS
from pipeline.raw.entry_match import folded
from pipeline.raw.field import ValueRefusedError, day, named, value
from pipeline.raw.record import Record, Stamp, changed
from pipeline.safe import recommendations, segment
from pipeline.safe.recommendations import Recommendation
from pipeline.store.accounts import Who
from pipeline.store.register import draw, today
from pipeline.store.workspace import Workspace

Row = dict[str, object]
_NO_ACTION = "There is no action of that id. Nothing was changed. List them with `candour actions`."
_NO_FIELD = (
    "There is no such field. Nothing was changed. The fields are: "
    + ", ".join(field.name for field in FIELDS)
    + "."
)
_NOTHING = (
    "No field was named. Nothing was changed. Name one, such as --owner or --status, or take one "
    "away with --clear owner."
)
_REFUSED = "{field}: {why}. Nothing was changed. The other fields were not taken either."
_NO_TEXT = (
    "The library holds no text of this review, or its text has no recommendations. Nothing was "
    "added. Add an action by hand, with --paragraph and --board."
)
_NO_DATE = (
    "The day for which it is asked is no date like 2026-12-31. Nothing was listed. Write it so, "
    "or leave it out for today."
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which actions are listed; everything empty means all."""

    review: str = ""
    board: str = ""
    flag: str = ""
    status: str = ""


def listed(
    workspace: Workspace,
    wanted: Wanted = Wanted(),
    *,
    on: str | None = None,
    as_name: Who,
    password: str | None = None,
) -> tuple[Row, ...]:
    """The actions, the longest overdue first, then by date; what has no date, then what is done."""
    at = _asked(on)
    register = registered.opened(workspace, as_name, password=password, step="actions")
    return _rows(register, wanted, at)


def _rows(register: Opened, wanted: Wanted, at: date) -> tuple[Row, ...]:
    found = []
    for review, id_, record in _each(register):
        if _fits(wanted, review, record, at):
            late = action.late_by(record, at)
            closed = not action.is_open(record)
            found.append(((closed, late is None, -(late or 0), review, id_), record))
    found.sort(key=lambda one: one[0])
    return tuple(action.row(key[3], key[4], record, at) for key, record in found)


def _asked(on: str | None) -> date:
    try:
        return date.fromisoformat(today() if on is None else day(on))
    except (ValueError, ValueRefusedError):
        raise UsageError(_NO_DATE) from None


def _each(register: Opened) -> Iterator[tuple[str, str, Record]]:
    for review, actions in sorted(register.entries.every_action().items()):
        for id_, record in sorted(actions.items()):
            yield review, id_, record


def _fits(wanted: Wanted, review: str, record: Record, at: date) -> bool:
    return (
        wanted.review in ("", review)
        and wanted.status in ("", record.get("status") or action.NOT_STARTED)
        and (not wanted.flag or wanted.flag in action.flags(record, at))
        and folded(wanted.board) in folded(record.get("board"))
    )


# -- changes -------------------------------------------------------------------------------


def add(
    workspace: Workspace,
    review: str,
    given: Mapping[str, str],
    *,
    as_name: Who,
    password: str | None = None,
) -> str:
    """Add an action to a review; its id."""
    new = {name: held for name, held in _values(given).items() if held}
    if not new:
        raise UsageError(_NOTHING)
    register = registered.opened(workspace, as_name, password=password, step="action", looks=False)
    with registered.writing(register):
        held = register.changeable(review)
        (id_,) = _keep_new(register, held.id, [new], register.stamp("add"))
    return id_


def from_recommendations(
    workspace: Workspace,
    review: str,
    *,
    board: str = "",
    as_name: Who,
    password: str | None = None,
) -> tuple[str, ...]:
    """Add an action for each recommendation of a review that this board has none for; their ids.

    Without a board it is for whomever the recommendation names, in the words of the safe text.
    """
    named_board = _values({"board": board}).get("board", "")
    register = registered.opened(workspace, as_name, password=password, step="action", looks=False)
    with registered.writing(register):
        held = register.changeable(review)
        made = _recommended(workspace, held.id)
        if not made:
            raise UsageError(_NO_TEXT)
        known = register.entries.actions(held.id).values()
        there = {(one.get("place"), folded(one.get("board"))) for one in known}
        there |= {(one.get("paragraph"), folded(one.get("board"))) for one in known}
        new = []
        for one in made:
            values = _of_recommendation(one, named_board)
            mine = folded(values.get("board", ""))
            again = (values["place"], mine) in there
            if not again and (not one.name or (one.name, mine) not in there):
                new.append(values)
        return _keep_new(register, held.id, new, register.stamp("recommendations"))


def _recommended(workspace: Workspace, review: str) -> tuple[Recommendation, ...]:
    documents = workspace.library.documents(include_drafts=True, prefer=workspace.settings.profile)
    for document in documents:
        if document.review == review:
            return tuple(recommendations.recommendations(document, segment.passages(document)))
    return ()


def _of_recommendation(one: Recommendation, board: str) -> dict[str, str]:
    fields = named(FIELDS)
    values = {
        "place": f"{one.span.start}-{one.span.end}",
        "paragraph": one.name,
        "board": board or " ".join((one.addressee or "").split())[:300],
        "task": value(fields["task"], one.action)[:4000],
    }
    return {name: held for name, held in values.items() if held}


def _keep_new(
    register: Opened, review: str, new: Sequence[Mapping[str, str]], stamp: Stamp
) -> tuple[str, ...]:
    actions = dict(register.entries.actions(review))
    taken = {id_ for _, id_, _ in _each(register)}
    made = []
    for values in new:
        while (id_ := draw("a-", 6)) in taken:
            pass
        taken.add(id_)
        actions[id_] = changed(Record(), values, stamp)
        made.append(id_)
        registered.write_action(register, "action-add", review, id_, actions[id_])
    if made:
        register.entries.keep_actions(review, actions)
    return tuple(made)


def change(
    workspace: Workspace,
    id_: str,
    given: Mapping[str, str],
    cleared: Sequence[str] = (),
    *,
    since: str | None = None,
    as_name: Who,
    password: str | None = None,
) -> tuple[str, ...]:
    """Record fields of an action, in the place of what stood there; the fields that changed.

    `since` is the mark of the action that somebody looked at, as in `registering.change`.
    """
    if not set(cleared) <= {field.name for field in FIELDS}:
        raise UsageError(_NO_FIELD)
    new = _values(given) | dict.fromkeys(cleared, "")
    if not new:
        raise UsageError(_NOTHING)
    register = registered.opened(workspace, as_name, password=password, step="action", looks=False)
    with registered.writing(register):
        review, before = _one(register, id_)
        register.changeable(review)
        registered.require_as_seen(before, since, review)
        after = changed(before, new, register.stamp("set"))
        if after is before:
            return ()
        register.entries.keep_actions(review, register.entries.actions(review) | {id_: after})
        registered.write_action(register, "action-set", review, id_, after)
    return after.steps[-1].fields


def remove(
    workspace: Workspace,
    id_: str,
    *,
    since: str | None = None,
    as_name: Who,
    password: str | None = None,
) -> str:
    """Take an action out, with its history; the id of its review."""
    register = registered.opened(workspace, as_name, password=password, step="action", looks=False)
    with registered.writing(register):
        review, record = _one(register, id_)
        register.changeable(review)
        registered.require_as_seen(record, since, review)
        actions = register.entries.actions(review)
        register.entries.keep_actions(review, {k: v for k, v in actions.items() if k != id_})
        workspace.ledger.append(register.actor.id, "action-remove", review, {"action": id_})
    return review


def _one(register: Opened, id_: str) -> tuple[str, Record]:
    for review, known, record in _each(register):
        if known == id_:
            return review, record
    raise UsageError(_NO_ACTION)


def _values(given: Mapping[str, str]) -> dict[str, str]:
    fields = named(FIELDS)
    out = {}
    for name, written in given.items():
        if name not in fields:
            raise UsageError(_NO_FIELD)
        try:
            out[name] = value(fields[name], written)
        except ValueRefusedError as error:
            raise UsageError(_REFUSED.format(field=name, why=error.why)) from None
    return out


@dataclass(frozen=True, slots=True)
class Seen:
    """One action as somebody looks at it, with its review and its changes, the last first."""

    id: str
    held: Held
    record: Record
    row: Row
    history: tuple[Row, ...]


def seen(workspace: Workspace, id_: str, *, as_name: Who, password: str | None = None) -> Seen:
    """One action with everything that is recorded of it."""
    register = registered.opened(workspace, as_name, password=password, step="action")
    review, record = _one(register, id_)
    names = {account.id: account.name for account in workspace.accounts.all()}
    changes = tuple(reversed(list(registered.history_rows(record, names))))
    row = action.row(review, id_, record, _asked(None))
    return Seen(id_, register.one(review), record, row, changes)


def of_review(
    workspace: Workspace, review: str, *, as_name: Who, password: str | None = None
) -> tuple[Held, tuple[Row, ...]]:
    """A review with its actions, as `listed` gives them."""
    register = registered.opened(workspace, as_name, password=password, step="actions")
    held = register.one(review)
    return held, _rows(register, Wanted(review=held.id), _asked(None))


def history(
    workspace: Workspace, id_: str, *, as_name: Who, password: str | None = None
) -> Iterator[Row]:
    """Every change of an action, a row a field: when, who, before and after."""
    register = registered.opened(workspace, as_name, password=password, step="history")
    _, record = _one(register, id_)
    names = {account.id: account.name for account in workspace.accounts.all()}
    for row in registered.history_rows(record, names):
        yield {"action": id_} | row


def answered(
    workspace: Workspace, *, on: str | None = None, as_name: Who, password: str | None = None
) -> Iterator[Row]:
    """Every recommendation with the boards that answer it: how many actions are open, done, late.

    Drafts are among them, and every row says so.
    """
    at = _asked(on)
    register = registered.opened(workspace, as_name, password=password, step="answered")
    every = register.entries.every_action()
    documents = workspace.library.documents(include_drafts=True, prefer=workspace.settings.profile)
    for document in documents:
        mine = [record for _, record in sorted(every.get(document.review, {}).items())]
        for one in recommendations.recommendations(document, segment.passages(document)):
            place = f"{one.span.start}-{one.span.end}"
            about = [
                r for r in mine
                if (one.name and r.get("paragraph") == one.name) or r.get("place") == place
            ]  # fmt: skip
            yield {
                "review": document.review,
                "paragraph": one.name or None,
                "addressee": one.addressee,
                "recommendation": one.action,
                "due": one.due,
                "boards": list(dict.fromkeys(r.get("board") for r in about if r.get("board"))),
                "actions": len(about),
                "done": sum(r.get("status") == action.DONE for r in about),
                "open": sum(action.is_open(r) for r in about),
                "overdue": sum(action.OVERDUE in action.flags(r, at) for r in about),
                "ownerless": sum(action.OWNERLESS in action.flags(r, at) for r in about),
                "draft": document.draft,
            }
