"""Joining: an expected review becomes its file, or another entry of the same review; and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.errors import UsageError
from pipeline.flow import registered
from pipeline.flow.registered import Held, Opened
from pipeline.raw import entry, entry_gaps
from pipeline.raw.entry_match import folded
from pipeline.raw.record import Record, Step
from pipeline.store.accounts import Who
from pipeline.store.entries import Joined
from pipeline.store.register import State
from pipeline.store.workspace import Workspace

Row = dict[str, object]
_SAME_ID = (
    "Both ids are of one review by now. Nothing was changed. Look at its entry, which says what "
    "it was expected as."
)
_NOTHING_JOINED = (
    "Nothing was joined with this review that could be taken back. Nothing was changed. Single "
    "changes are listed in its history."
)
_TWO_FILES = (
    "Both reviews have a file, and files are never made one. Nothing was changed. Withdraw the one "
    "that should not be here. If its report is a later version of the other one's, save it once "
    "more with any change, and take that file in with `candour version`."
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What joining two would give: field by field what stands, and what only the history keeps.

    `values` are the pairs (the entry's, the other's) by field; `stands` what counts afterwards;
    `differ` the fields in which both are recorded and differ, `odd` those in which only the
    report of the other says something else; `actions` how many actions move.
    """

    waiting: Held
    into: Held
    values: Mapping[str, tuple[str, str]]
    stands: Mapping[str, str]
    differ: tuple[str, ...]
    odd: tuple[str, ...]
    actions: int


def likely(
    workspace: Workspace, expected: str = "", *, as_name: Who, password: str | None = None
) -> tuple[Row, ...]:
    """Expected reviews, or one, beside files that may be theirs: one board, nothing against it."""
    register = registered.opened(workspace, as_name, password=password, step="likely")
    held = register.all().values()
    joined = set(register.expecting.turned().values())
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


def preview(
    workspace: Workspace, waiting: str, review: str, *, as_name: Who, password: str | None = None
) -> Outcome:
    """What `join` would do, without doing it."""
    register = registered.opened(workspace, as_name, password=password, step="join")
    return _outcome(register, waiting, review)


def _outcome(register: Opened, waiting: str, review: str) -> Outcome:
    if not waiting.startswith("e-") and not review.startswith("e-"):
        raise UsageError(_TWO_FILES)
    before, into = register.waiting(waiting), register.changeable(review)
    if before.id == into.id:
        raise UsageError(_SAME_ID)
    mine, stands = dict(before.record.values), dict(into.record.values)
    told = into.values  # with what its file says where nobody recorded it
    pairs = {
        field.name: (mine.get(field.name, ""), told.get(field.name, "")) for field in entry.FIELDS
    }
    return Outcome(
        waiting=before,
        into=into,
        values={name: pair for name, pair in pairs.items() if any(pair)},
        stands={**told, **mine, **stands},
        differ=tuple(name for name, held in mine.items() if stands.get(name, held) != held),
        odd=tuple(
            name
            for name, (here, there) in pairs.items()
            if here and there and name not in stands and folded(here) != folded(there)
        ),
        actions=len(register.entries.actions(before.id)),
    )


def join(
    workspace: Workspace,
    waiting: str,
    review: str,
    *,
    seen: tuple[str, str] | None = None,
    as_name: Who,
    password: str | None = None,
) -> tuple[str, ...]:
    """Make an expected review one with its file, or with another entry of the same review.

    What is recorded of the other stands; the rest comes from the entry. The fields in which the
    two differ are given back, since somebody should look at them. `seen` are the marks of both
    records as somebody looked at them.
    """
    register = registered.opened(workspace, as_name, password=password, step="join", looks=False)
    with registered.writing(register):
        made = _outcome(register, waiting, review)
        before, into = made.waiting, made.into
        for held, mark in zip((before, into), seen or (None, None), strict=True):
            registered.require_as_seen(held.record, mark, held.id)
        stamp = register.stamp("join")
        stands = dict(into.record.values)
        fills = {name: it for name, it in before.record.values if name not in stands}
        steps = sorted((*before.record.steps, *into.record.steps), key=lambda step: step.time)
        steps.append(Step(stamp.time, stamp.by, stamp.how))
        values = tuple(sorted((stands | fills).items()))
        _keep(register, before, into, Record(values, tuple(steps), was=before.id))
        told = {"entry": before.id, "fields": sorted(fills), "differ": list(made.differ)}
        workspace.ledger.append(register.actor.id, "register-join", into.id, told)
    return made.differ


def _keep(register: Opened, before: Held, into: Held, joined: Record) -> None:
    """Keep what became of two, with both as they were, and destroy the entry's own key."""
    entries = register.entries
    moved = entries.actions(before.id)
    was = Joined(
        before.id,
        before.added,
        before.record,
        into.record,
        tuple(sorted(moved)),
        entries.joined(before.id),
    )
    entries.keep_joined(into.id, (*entries.joined(into.id), was))
    entries.keep(into.id, joined)
    if moved:
        entries.keep_actions(into.id, moved | entries.actions(into.id))
    entries.sealed.purge(before.id)
    register.expecting.became(before.id, into.id)


def unjoin(
    workspace: Workspace, review: str, *, as_name: Who, password: str | None = None
) -> tuple[str, tuple[str, ...]]:
    """Take the last joining of a review back: the entry's id, and the fields that stay changed.

    The entry is as it was. What was recorded of the review since stays with the review.
    """
    register = registered.opened(workspace, as_name, password=password, step="unjoin", looks=False)
    with registered.writing(register):
        held = register.changeable(review)
        joined = register.entries.joined(held.id)
        if not joined:
            raise UsageError(_NOTHING_JOINED)
        last, entries = joined[-1], register.entries
        after, stayed = _parted(held.record, last, register.stamp("unjoin").time, register.actor.id)
        entries.keep(held.id, after)
        entries.keep_joined(held.id, joined[:-1])
        register.expecting.became(last.entry, None)
        entries.keep(last.entry, last.record)
        if last.before:
            entries.keep_joined(last.entry, last.before)
        actions = entries.actions(held.id)
        moved = {id_: actions[id_] for id_ in last.actions if id_ in actions}
        if moved:
            entries.keep_actions(last.entry, moved)
            left = {id_: record for id_, record in actions.items() if id_ not in moved}
            entries.keep_actions(held.id, left)
        told = {"entry": last.entry, "stayed": list(stayed)}
        workspace.ledger.append(register.actor.id, "register-unjoin", held.id, told)
    return last.entry, stayed


def _parted(record: Record, last: Joined, time: str, by: str) -> tuple[Record, tuple[str, ...]]:
    """A record without what it took from an entry, and the fields that were changed since."""
    into, values = dict(last.into.values), dict(record.values)
    fills = {name: held for name, held in last.record.values if name not in into}
    stayed = tuple(sorted(name for name, held in fills.items() if values.get(name) != held))
    kept = {name: held for name, held in values.items() if name in stayed or name not in fills}
    own = list(record.steps)
    for step in last.record.steps:
        if step in own:
            own.remove(step)
    own.append(Step(time, by, "unjoin"))
    return Record(tuple(sorted(kept.items())), tuple(own), was=last.into.was), stayed
