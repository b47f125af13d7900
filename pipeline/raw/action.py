"""An action: what a board does about a recommendation, who owns it, by when, and the proof.

An owner is a role or a person: an action is of the raw wing and is kept under a key.
"""

from __future__ import annotations

from datetime import date

from pipeline.raw.entry_due import last_day
from pipeline.raw.facts_nouns import NOT_STATED
from pipeline.raw.field import Field, Sort
from pipeline.raw.record import Record

NOT_STARTED, IN_PROGRESS, DONE = "not started", "in progress", "done"
NOT_ACCEPTED, SUPERSEDED = "not accepted", "superseded"
STATUSES = (NOT_STARTED, IN_PROGRESS, DONE, NOT_ACCEPTED, SUPERSEDED)
CLOSED = frozenset({DONE, NOT_ACCEPTED, SUPERSEDED})
_SHORT = (
    ("complete", DONE),
    ("completed", DONE),
    ("closed", DONE),
    ("ongoing", IN_PROGRESS),
    ("started", IN_PROGRESS),
    ("under way", IN_PROGRESS),
    ("rejected", NOT_ACCEPTED),
)
FIELDS = (
    Field("paragraph", also=("recommendation", "recommendation number", "number")),
    Field("place"),
    Field("board", also=("agency", "organisation", "body", "lscb", "partnership")),
    Field("task", Sort.NOTE, also=("what", "description", "what is to be done")),
    Field("owner", also=("lead", "responsible", "lead officer", "owned by")),
    Field("due", Sort.DAY, also=("deadline", "due date", "by when", "timescale", "target date")),
    Field("status", Sort.WORD, STATUSES, ("progress", "state"), _SHORT),
    Field("evidence", Sort.NOTE, also=("proof", "evidence of completion")),
    Field("evidence_on", Sort.DAY, also=("date of evidence", "evidence date", "completed on")),
    Field("note", Sort.NOTE, also=("notes", "comment", "comments")),
)
OWNERLESS, NO_DUE, OVERDUE, UNPROVEN = "ownerless", "no_due", "overdue", "done_without_evidence"


def is_open(record: Record) -> bool:
    """Whether something is still to be done."""
    return record.get("status") not in CLOSED


def late_by(record: Record, on: date) -> int | None:
    """How many days an open action is overdue, below nought if it is not; None without a date."""
    due = last_day(record.get("due"))
    return None if due is None or not is_open(record) else (on - due).days


def flags(record: Record, on: date) -> tuple[str, ...]:
    """What somebody should look at: no owner, no date, overdue, done without a proof.

    >>> flags(Record((("due", "2026-01-31"),)), date(2026, 2, 1))
    ('ownerless', 'overdue')
    >>> flags(Record((("owner", "head of service"), ("status", "done"))), date(2026, 2, 1))
    ('done_without_evidence',)
    """
    out = []
    if is_open(record):
        if record.get("owner") in ("", NOT_STATED):
            out.append(OWNERLESS)
        late = late_by(record, on)
        if late is None:
            out.append(NO_DUE)
        elif late > 0:
            out.append(OVERDUE)
    elif record.get("status") == DONE and record.get("evidence") in ("", NOT_STATED):
        out.append(UNPROVEN)
    return tuple(out)


def row(review: str, id_: str, record: Record, on: date) -> dict[str, object]:
    """An action as a row: its fields, how late it is, what to look at, when it last changed."""
    out: dict[str, object] = {"action": id_, "review": review}
    out |= {field.name: record.get(field.name) for field in FIELDS}
    out["status"] = record.get("status") or NOT_STARTED
    last = record.steps[-1].time[:10] if record.steps else ""
    return out | {
        "overdue": late_by(record, on), "flags": list(flags(record, on)), "changed": last,
    }  # fmt: skip
