"""The register by file: a sheet out, a sheet or the tables of a report in, and back again.

A sheet is taken in as a whole or not at all. What each row would do is said first; what the
last one did can be undone.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.flow import proposing, registered
from pipeline.flow.registered import Held, Opened
from pipeline.raw import entry, entry_gaps, entry_match, entry_tables, field, sheet
from pipeline.raw.entry_match import ADDED, CHANGED, LEFT, REFUSED, Planned
from pipeline.raw.entry_tables import Asked, Tables
from pipeline.raw.field import ValueRefusedError
from pipeline.raw.record import Record, changed, taken_back
from pipeline.raw.sheet import Given, Shape
from pipeline.store.accounts import Who
from pipeline.store.ledger import Detail, Entry
from pipeline.store.register import State, draw, today
from pipeline.store.workspace import Workspace

Row = dict[str, object]
WRONG_COLUMNS = (
    "The first row of the file does not hold the columns of a register. Nothing was changed. It "
    "needs `board` or `review`, and may hold: "
    + ", ".join(one.name for one in entry.FIELDS)
    + ". Rename the headings, or leave out the columns that are not known (--leave-out)."
)
NOTHING_TO_UNDO = (
    "No sheet was taken in that could be undone. Nothing was changed. Single changes are listed "
    "with `candour register history`."
)
_OTHER_SHEET = (
    "Another sheet was taken in, or taken back, since you looked. Nothing was changed. Look at "
    "which one is the last by now."
)
_OTHER_PLAN = (
    "The register was changed since you looked at what the file would do, and it would do "
    "something else now. Nothing was changed. Look at it again below."
)
_NO_KIND = (
    "There is no such kind of review: scr, lcspr, cpr, apr, sar, dhr, susr, or in full. Nothing "
    "was changed. Name one of them."
)
# What opens a formula, without what opens a list or a telephone number.
_RECKONED = ("=", "@")
SINCE = "changed since, or joined with its file: it stays"
# Columns that the program fills in: they are written, and passed over when a sheet comes back.
_SHOWN = (
    "state", "received", "published_here", "hold", "hold_until", "sha256", "text_sha256", "added",
)  # fmt: skip
# Those that a listing of `candour register` has besides.
_OF_LISTING = (
    "published", "media", "edition", "versions", "entry", "missing", "hold_checked_by", "hold_date",
)  # fmt: skip
SHAPE = Shape(
    entry.FIELDS, ("review",), (*_SHOWN, *_OF_LISTING), ("board", "review"), "text_sha256",
    WRONG_COLUMNS,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Taken:
    """What a sheet did, or would do: a row each, and how many of each kind.

    `kept` says whether anything was written. `changes` are the fields of each row with what
    stood there and what comes, `named` the board and the subject of its review: for the eyes of
    whoever may see names, and never for a list that goes further.
    """

    rows: tuple[Row, ...]
    counts: Mapping[str, int]
    kept: bool
    changes: tuple[tuple[tuple[str, str, str], ...], ...] = ()
    named: tuple[tuple[str, str], ...] = ()

    @property
    def plan(self) -> str:
        """A mark of what the sheet does, by which it is seen whether it still does that."""
        said = [(row["line"], row["what"], row["why"]) for row in self.rows]
        return hashlib.sha256(repr((said, self.changes)).encode()).hexdigest()


class OtherPlanError(UsageError):
    """What a sheet would do is not any more what somebody was shown."""


def read_in(
    workspace: Workspace,
    content: bytes,
    *,
    dry_run: bool = False,
    skip_bad: bool = False,
    leave_out: bool = False,
    plan: str = "",
    as_name: Who,
    password: str | None = None,
) -> Taken:
    """Take a sheet in: one row says what became of it, by its fields and never their values.

    Where a row is refused nothing is written, unless the bad ones are to be skipped. With the
    mark of a `plan` that somebody was shown, OtherPlanError where it would do something else.
    """
    register = registered.opened(workspace, as_name, password=password, step="import")
    given = sheet.read(content, SHAPE, leave_out=leave_out)
    with registered.writing(register):
        if plan and _take(register, given, "import", dry_run=True, skip_bad=False).plan != plan:
            raise OtherPlanError(_OTHER_PLAN)
        return _take(register, given, "import", dry_run=dry_run, skip_bad=skip_bad)


def asked(columns: str, kind: str, period: str, table: int | None) -> Asked:
    """What a user says of the tables of a report; UsageError where it cannot be meant."""
    try:
        word = field.value(field.named(entry.FIELDS)["kind"], kind) if kind else ""
    except ValueRefusedError:
        raise UsageError(_NO_KIND) from None
    return Asked(
        columns=entry_tables.asked_columns(columns) if columns else (),
        kind=word,
        period=entry_tables.asked_period(period) if period else None,
        table=table,
    )


def from_report(
    workspace: Workspace,
    path: Path,
    asked: Asked,
    *,
    dry_run: bool = False,
    skip_bad: bool = False,
    as_name: Who,
    password: str | None = None,
) -> Taken:
    """Take the tables of a report in as reviews of the register, as `read_in` takes a sheet.

    A table without a column that the register knows is no row of it, and is not told of.
    """
    register = registered.opened(workspace, as_name, password=password, step="from-report")
    found = entry_tables.rows(proposing.read(path, workspace.settings), asked)
    return _of_tables(register, found, dry_run=dry_run, skip_bad=skip_bad)


def from_report_bytes(
    workspace: Workspace,
    content: bytes,
    name: str,
    asked: Asked,
    *,
    dry_run: bool = False,
    skip_bad: bool = False,
    plan: str = "",
    as_name: Who,
) -> Taken:
    """As `from_report`, of a file's bytes; `name` is the file's.

    With the mark of a `plan` that somebody was shown, OtherPlanError where it would do something
    else.
    """
    register = registered.opened(workspace, as_name, step="from-report")
    found = entry_tables.rows(proposing.read_bytes(content, name, workspace.settings), asked)
    with registered.writing(register):
        if plan and _of_tables(register, found, dry_run=True, skip_bad=False).plan != plan:
            raise OtherPlanError(_OTHER_PLAN)
        return _of_tables(register, found, dry_run=dry_run, skip_bad=skip_bad)


def _of_tables(register: Opened, found: Tables, *, dry_run: bool, skip_bad: bool) -> Taken:
    given = tuple(one.given for one in found.rows)
    taken = _take(register, given, "from-report", dry_run=dry_run, skip_bad=skip_bad)
    told = [
        row | {"table": one.table, "row": one.row, "odd": [*_odd(row), *one.odd]}
        for row, one in zip(taken.rows, found.rows, strict=True)
    ]
    words = Counter(
        f"{name}: {held}" for one in found.rows for name, held in one.given.values
        if name in _COUNTED
    )  # fmt: skip
    odd = sum(bool(row["odd"]) for row in told)
    counts = {**taken.counts, **dict(sorted(words.items())), "odd": odd}
    return replace(taken, rows=tuple(told), counts=counts)


_COUNTED = ("judgement", "resubmitted", "independence", "kind")


def _odd(row: Row) -> list[str]:
    found = row["odd"]
    return [str(code) for code in found] if isinstance(found, list) else []


def _take(
    register: Opened, given: Sequence[Given], how: str, *, dry_run: bool, skip_bad: bool
) -> Taken:
    with registered.writing(register):
        held = register.all()
        known = {review: one.values for review, one in held.items()}
        became = register.expecting.turned()
        given = [replace(row, ids=(became.get(row.ids[0], row.ids[0]),)) for row in given]
        closed = frozenset(
            r for r, one in held.items() if one.row and one.row.state is State.WITHDRAWN
        )
        planned = entry_match.plan(given, known, closed)
        counts = Counter(one.what for one in planned)
        kept = not dry_run and (skip_bad or not counts[REFUSED])
        if kept:
            planned = _write(register, planned, held, how)
    counted = {what: counts[what] for what in (ADDED, CHANGED, LEFT, REFUSED)}
    return Taken(
        tuple(_told(one, held) for one in planned),
        counted,
        kept,
        tuple(_changes(one, held) for one in planned),
        tuple(_named(one, held) for one in planned),
    )


def _changes(one: Planned, held: Mapping[str, Held]) -> tuple[tuple[str, str, str], ...]:
    """Each field that changes, with what stood there and what comes."""
    now = held[one.id].values if one.id in held else {}
    return tuple((name, now.get(name, ""), new) for name, new in one.changes)


def _named(one: Planned, held: Mapping[str, Held]) -> tuple[str, str]:
    values = dict(held[one.id].values if one.id in held else {}) | dict(one.changes)
    return values.get("board", ""), values.get("subject", "")


def _write(
    register: Opened, planned: Sequence[Planned], held: Mapping[str, Held], how: str
) -> tuple[Planned, ...]:
    """Keep what a sheet says; every change is in the ledger by its fields."""
    batch = draw("b-", 8)
    stamp, ledger = register.stamp(how, batch), register.workspace.ledger
    news = iter(register.expecting.add(sum(one.what == ADDED for one in planned)) or ())
    done = []
    for one in planned:
        review = next(news) if one.what == ADDED else one.id
        if one.what in (ADDED, CHANGED):
            before = held[review].record if review in held else Record()
            register.entries.keep(review, changed(before, dict(one.changes), stamp))
            detail: Detail = {"batch": batch, "what": one.what, "fields": list(one.fields)}
            ledger.append(register.actor.id, "register-row", review, detail)
        done.append(replace(one, id=review))
    counts = Counter(one.what for one in planned)
    if counts[ADDED] or counts[CHANGED]:
        told = {what: counts[what] for what in (ADDED, CHANGED, LEFT, REFUSED)}
        ledger.append(register.actor.id, "register-import", None, {"batch": batch, **told})
    return tuple(done)


def _told(one: Planned, held: Mapping[str, Held]) -> Row:
    values = dict(held[one.id].values if one.id in held else {}) | dict(one.changes)
    return {
        "line": one.line,
        "review": one.id,
        "what": one.what,
        "fields": list(one.fields),
        "why": "; ".join(f"{name}: {why}" if name else why for name, why in one.why),
        "odd": _looked_at(values, dict(one.changes)) if one.what != REFUSED else [],
    }


def _looked_at(values: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    """What is odd in a row: dates that cannot be, and cells that look like a formula."""
    formula = any(held.startswith(_RECKONED) for held in new.values())
    return [*entry_gaps.odd(values, today()), *(["like_a_formula"] if formula else [])]


# -- back, and out -------------------------------------------------------------------------


def undo(
    workspace: Workspace, *, expected: str = "", as_name: Who, password: str | None = None
) -> tuple[Row, ...]:
    """Take back what the last sheet did, but for what was changed since: a row a review.

    `expected` is the sheet that somebody means; UsageError where another came after it.
    """
    register = registered.opened(workspace, as_name, password=password, step="undo", looks=False)
    with registered.writing(register):
        last_taken = _last(workspace)
        if last_taken is None:
            raise UsageError(NOTHING_TO_UNDO)
        batch = str(json.loads(last_taken.detail)["batch"])
        if expected and batch != expected:
            raise UsageError(_OTHER_SHEET)
        rows = []
        for review, held in register.all().items():
            if batch in held.record.batches:
                rows.append(_undone(register, held, review, batch))
        told = Counter(str(row["what"]) for row in rows)
        detail: Detail = {"batch": batch, **{word: told[word] for word in sorted(told)}}
        workspace.ledger.append(register.actor.id, "register-undo", None, detail)
    return tuple(rows)


def _undone(register: Opened, held: Held, review: str, batch: str) -> Row:
    after, stayed = taken_back(held.record, batch, register.stamp("undo"))
    row: Row = {"review": review, "what": "undone", "fields": [], "why": ""}
    began = held.record.steps[0].batch == batch and held.row is None
    fields: tuple[str, ...] = ()
    if began and not after.values and not register.entries.actions(review):
        register.entries.sealed.purge(review)
        register.expecting.drop(review)
        fields = held.record.steps[0].fields
        row |= {"what": "removed"}
    elif after is not held.record:
        register.entries.keep(review, after)
        fields = after.steps[-1].fields
        row |= {"why": SINCE if stayed else ""}
    else:
        row |= {"what": LEFT, "why": SINCE}
    told: Detail = {"batch": batch, "what": str(row["what"]), "fields": list(fields)}
    register.workspace.ledger.append(register.actor.id, "register-row", review, told)
    return row | {"fields": list(fields)}


def last(workspace: Workspace) -> Row | None:
    """The last sheet that was taken in and is not undone: when, by whom, what it did."""
    found = _last(workspace)
    if found is None:
        return None
    detail = json.loads(found.detail)
    names = {account.id: account.name for account in workspace.accounts.all()}
    return {"time": found.time, "by": names.get(found.actor, found.actor), **detail}


def _last(workspace: Workspace) -> Entry | None:
    undone: set[str] = set()
    before: int | None = None
    while page := workspace.ledger.latest(1000, before=before):
        for row in page:
            if row.action in ("register-undo", "register-import"):
                batch = str(json.loads(row.detail)["batch"])
                if row.action == "register-undo":
                    undone.add(batch)
                elif batch not in undone:
                    return row
        before = page[-1].seq
    return None


def written(workspace: Workspace, *, as_name: Who, password: str | None = None) -> bytes:
    """The register as a CSV file: every review and every field; it can be taken in again."""
    register = registered.opened(workspace, as_name, password=password, step="export")
    columns = ("review", *_SHOWN[:1], *(f.name for f in entry.FIELDS), *_SHOWN[1:])
    return sheet.write((_cells(held) for held in register.all().values()), columns)


def _cells(held: Held) -> dict[str, str]:
    row = held.row
    own = {"review": held.id, "state": held.state, "added": held.added}
    if row is not None:
        hold = row.hold
        own |= {
            "received": row.received,
            "published_here": row.published or "",
            "hold": "" if hold is None else hold.basis.value,
            "hold_until": "" if hold is None else hold.until or "",
            "sha256": row.sha256,
            "text_sha256": row.text_sha256,
        }
    return own | held.values
