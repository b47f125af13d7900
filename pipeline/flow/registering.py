"""Registering: reviews are entered before their file comes, described, and joined with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pipeline.errors import StoreError, UsageError
from pipeline.flow import registered
from pipeline.flow.registered import Held, Opened
from pipeline.raw import entry, entry_gaps
from pipeline.raw.entry_match import folded
from pipeline.raw.field import Field, ValueRefusedError, named, value
from pipeline.raw.record import Record, Step, changed
from pipeline.store.accounts import Who
from pipeline.store.register import State
from pipeline.store.workspace import Workspace

Row = dict[str, object]
_REFUSED = "{field}: {why}. Nothing was changed. The other fields were not taken either."
_NO_BOARD = (
    "A review that is expected needs its board. Nothing was added. Give it with --board, and what "
    "else is known of it."
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
_CHANGED_MEANWHILE = (
    "Somebody else changed this entry while you looked at it. Nothing of yours was kept. Look at "
    "it again and repeat the change."
)
_NOT_EXPECTED = (
    "Only a review that is expected, whose id begins with e-, can be joined with a file or "
    "removed. Nothing was changed. A review with a file is taken back with `candour withdraw`."
)
_NOT_A_FILE = (
    "The second id is not that of a review with a file. Nothing was changed. Give the e- id of "
    "the review that was expected first, and the r- id of the file second."
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
    since: int | None = None,
    as_name: Who,
    password: str | None = None,
) -> tuple[str, ...]:
    """Record fields of a review, in the place of what stood there; the fields that changed.

    `since` is how many changes there were when somebody looked; StoreError if there are more:
    a form that was open meanwhile would undo them.
    """
    new = fields_of(given, cleared)
    if not new:
        raise UsageError(_NOTHING_TO_SET)
    register = registered.opened(workspace, as_name, password=password, step="set", looks=False)
    with registered.writing(register):
        held = register.changeable(review)
        if since not in (None, len(held.record.steps)):
            raise StoreError(_CHANGED_MEANWHILE, review=held.id)
        after = changed(held.record, new, register.stamp("set"))
        if after is held.record:
            return ()
        register.entries.keep(held.id, after)
        fields = after.steps[-1].fields
        told = {"fields": list(fields)}
        workspace.ledger.append(register.actor.id, "register-set", held.id, told)
    return fields


def join(
    workspace: Workspace, waiting: str, review: str, *, as_name: Who, password: str | None = None
) -> tuple[str, ...]:
    """The file of an expected review has come: both are one from now on.

    What is recorded of the file stands; the rest comes from the entry. The fields in which the
    two differ are given back, since somebody should look at them.
    """
    register = registered.opened(workspace, as_name, password=password, step="join", looks=False)
    with registered.writing(register):
        before = _waiting(register, waiting)
        held = register.changeable(review)
        if held.row is None:
            raise UsageError(_NOT_A_FILE)
        stands = dict(held.record.values)
        fills = {name: it for name, it in before.record.values if name not in stands}
        differ = tuple(n for n, it in before.record.values if stands.get(n, it) != it)
        stamp = register.stamp("join")
        steps = sorted((*before.record.steps, *held.record.steps), key=lambda step: step.time)
        steps.append(Step(stamp.time, stamp.by, stamp.how))
        values = tuple(sorted((stands | fills).items()))
        register.entries.keep(held.id, Record(values, tuple(steps), was=waiting))
        moved = register.entries.actions(waiting)
        if moved:
            all_actions = moved | register.entries.actions(held.id)
            register.entries.keep_actions(held.id, all_actions)
        register.entries.sealed.purge(waiting)
        register.expecting.became(waiting, held.id)
        told = {"entry": waiting, "fields": sorted(fills), "differ": list(differ)}
        workspace.ledger.append(register.actor.id, "register-join", held.id, told)
    return differ


def remove(
    workspace: Workspace, waiting: str, *, as_name: Who, password: str | None = None
) -> None:
    """Take out a review that is not expected any more; its key is destroyed."""
    register = registered.opened(workspace, as_name, password=password, step="remove", looks=False)
    with registered.writing(register):
        held = _waiting(register, waiting)
        if register.entries.actions(held.id):
            raise UsageError(_HAS_ACTIONS)
        register.entries.sealed.purge(held.id)
        register.expecting.drop(held.id)
        workspace.ledger.append(register.actor.id, "register-remove", held.id)


def _waiting(register: Opened, review: str) -> Held:
    held = register.one(review) if review.startswith("e-") else None
    if held is None or held.row is not None:
        raise UsageError(_NOT_EXPECTED)
    return held


def likely(
    workspace: Workspace, expected: str = "", *, as_name: Who, password: str | None = None
) -> tuple[Row, ...]:
    """Expected reviews, or one, beside files that may be theirs: one board, nothing against it."""
    register = registered.opened(workspace, as_name, password=password, step="likely")
    held = register.all().values()
    joined = {one.review for one in register.expecting.all()}
    came = [one for one in held if one.row is not None and one.row.state is not State.WITHDRAWN]
    rows: list[tuple[str, int, str, tuple[str, ...]]] = []
    for waiting in (one for one in held if one.row is None and expected in ("", one.id)):
        for one in came:
            agree = entry_gaps.agreeing(waiting.values, one.values)
            if one.id not in joined and agree is not None:
                rows.append((waiting.id, -len(agree), one.id, agree))
    return tuple(
        {"expected": waiting_id, "review": review, "agree": list(agree)}
        for waiting_id, _, review, agree in sorted(rows)
    )


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
