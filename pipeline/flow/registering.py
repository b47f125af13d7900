"""Registering: reviews are entered before their file comes, described, listed, taken out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pipeline.errors import UsageError
from pipeline.flow import registered
from pipeline.flow.registered import Held
from pipeline.raw import entry, entry_gaps
from pipeline.raw.entry_match import folded
from pipeline.raw.field import Field, ValueRefusedError, named, value
from pipeline.raw.record import Record, changed
from pipeline.store.accounts import Who
from pipeline.store.workspace import Workspace

Row = dict[str, object]
_REFUSED = "{field}: {why}. Nothing was changed. The other fields were not taken either."
_NO_BOARD = (
    "A review that is expected needs its board. Nothing was added. Give the board, and what else "
    "is known of it."
)
_NOTHING_TO_SET = (
    "No field was named. Nothing was changed. Name one, such as --judgement good, or take one "
    "away with --clear judgement."
)
_NO_FIELD = (
    "There is no such field. Nothing was changed. The fields are: "
    + ", ".join(field.name for field in entry.FIELDS)
    + "."
)
_HAS_ACTIONS = (
    "Actions are recorded for this expected review. It was not removed. Remove or join them first."
)


def fields_of(given: Mapping[str, str], cleared: Sequence[str] = ()) -> dict[str, str]:
    """Values as the register keeps them; UsageError names the field that does not take its own."""
    fields = named(entry.FIELDS)
    if not set(cleared) <= set(fields) or not set(given) <= set(fields):
        raise UsageError(_NO_FIELD)
    return checked(fields, given) | dict.fromkeys(cleared, "")


def checked(fields: Mapping[str, Field], given: Mapping[str, str]) -> dict[str, str]:
    """Each value as its field keeps it; UsageError where one does not take it."""
    new = {}
    for name, written in given.items():
        try:
            new[name] = value(fields[name], written)
        except ValueRefusedError as error:
            raise UsageError(_REFUSED.format(field=name, why=error.why)) from None
    return new


def add(
    workspace: Workspace, given: Mapping[str, str], *, as_name: Who, password: str | None = None
) -> str:
    """Enter a review that was announced and has no file yet; its id."""
    new = fields_of(given)
    if not new.get("board"):
        raise UsageError(_NO_BOARD)
    register = registered.opened(workspace, as_name, password=password, step="add", looks=False)
    with registered.writing(register):
        (review,) = register.expecting.add()
        register.entries.keep(review, changed(Record(), new, register.stamp("add")))
        told = {"fields": sorted(name for name, held in new.items() if held)}
        workspace.ledger.append(register.actor.id, "register-add", review, told)
    return review


def change(
    workspace: Workspace,
    review: str,
    given: Mapping[str, str],
    cleared: Sequence[str] = (),
    *,
    since: str | None = None,
    as_name: Who,
    password: str | None = None,
) -> tuple[str, ...]:
    """Record fields of a review, in the place of what stood there; the fields that changed.

    `since` is the mark of the record that somebody looked at; ChangedMeanwhileError if it is
    another by now: a form that was open meanwhile would undo what others did.
    """
    new = fields_of(given, cleared)
    if not new:
        raise UsageError(_NOTHING_TO_SET)
    register = registered.opened(workspace, as_name, password=password, step="set", looks=False)
    with registered.writing(register):
        held = register.changeable(review)
        registered.require_as_seen(held.record, since, held.id)
        after = changed(held.record, new, register.stamp("set"))
        if after is held.record:
            return ()
        register.entries.keep(held.id, after)
        fields = after.steps[-1].fields
        told = {"fields": list(fields)}
        workspace.ledger.append(register.actor.id, "register-set", held.id, told)
    return fields


def remove(
    workspace: Workspace, waiting: str, *, as_name: Who, password: str | None = None
) -> None:
    """Take out a review that is not expected any more; its key is destroyed."""
    register = registered.opened(workspace, as_name, password=password, step="remove", looks=False)
    with registered.writing(register):
        held = register.waiting(waiting)
        if register.entries.actions(held.id):
            raise UsageError(_HAS_ACTIONS)
        register.entries.sealed.purge(held.id)
        register.expecting.drop(held.id)
        workspace.ledger.append(register.actor.id, "register-remove", held.id)


# -- looking -------------------------------------------------------------------------------


def listed(
    workspace: Workspace,
    *,
    state: str = "",
    words: str = "",
    as_name: Who,
    password: str | None = None,
) -> Iterator[Row]:
    """The register with everything that is recorded, a row a review (contracts: register).

    `words` are looked for in what is recorded, whatever their case.
    """
    register = registered.opened(workspace, as_name, password=password, step="list")
    wanted = folded(words).split()
    for held in register.all().values():
        said = folded(" ".join((held.id, *held.values.values())))
        if state in ("", held.state) and all(word in said for word in wanted):
            yield row_of(held)


def row_of(held: Held) -> Row:
    """A review as a row: the columns of the register first, then every field."""
    row, values = held.row, held.values
    hold = None if row is None else row.hold
    out: Row = {
        "review": held.id,
        "state": held.state,
        "kind": values.get("kind", ""),
        "board": values.get("board", ""),
        "subject": values.get("subject", ""),
        "received": None if row is None else row.received,
        "published": None if row is None else row.published,
        "hold": None if hold is None else hold.basis.value,
        "hold_until": None if hold is None else hold.until,
        "sha256": None if row is None else row.sha256,
        "text_sha256": None if row is None else row.text_sha256,
        "media": None if row is None else row.media,
        "edition": None if row is None else row.edition,
        "versions": None if row is None else row.versions,
        "entry": held.record.was or (held.id if row is None else ""),
        "added": held.added,
    }
    out |= {field.name: values.get(field.name, "") for field in entry.FIELDS}
    return out | {"missing": list(entry_gaps.missing(values))}


def seen(
    workspace: Workspace, review: str, *, as_name: Who, password: str | None = None
) -> tuple[Held, tuple[Row, ...]]:
    """One review with everything that is recorded of it, and its changes, the last first."""
    register = registered.opened(workspace, as_name, password=password, step="entry")
    held = register.one(review)
    names = {account.id: account.name for account in workspace.accounts.all()}
    return held, tuple(reversed(list(registered.history_rows(held.record, names))))


def history(
    workspace: Workspace, review: str, *, as_name: Who, password: str | None = None
) -> Iterator[Row]:
    """Every change of a review's entry, a row a field: when, who, before and after."""
    register = registered.opened(workspace, as_name, password=password, step="history")
    held = register.one(review)
    names = {account.id: account.name for account in workspace.accounts.all()}
    for row in registered.history_rows(held.record, names):
        yield {"review": held.id} | row
