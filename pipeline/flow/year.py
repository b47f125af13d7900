"""The year of the central body: the register, and what may not be published yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline.errors import UsageError
from pipeline.store.accounts import Duty, Who
from pipeline.store.entries import Expecting
from pipeline.store.register import Basis, Hold, Row, today
from pipeline.store.workspace import Workspace

_NO_BASIS = (
    "A hold has one of these bases: criminal, inquest, court-order, family, other. Nothing was "
    "changed. Name one of them."
)
_NO_DATE = (
    "The date until which the review is held is no date like 2026-12-31. Nothing was changed. "
    "Write it so, or leave it out."
)
_NO_HOLD = "No hold stands on this review. Nothing was changed."
_SEALED = dict.fromkeys(
    ("review", "state", "kind", "board", "subject", "received", "published", "hold", "hold_until",
     "hold_checked_by", "hold_date", "sha256", "text_sha256", "media", "edition", "versions")
)  # fmt: skip
_MAY_HOLD = (Duty.REVIEWER, Duty.APPROVER, Duty.ADMINISTRATOR)


def register(workspace: Workspace) -> Iterator[dict[str, object]]:
    """The rows of the register, in the order of receipt (contracts: register).

    No key is needed: what was recorded of a review is sealed and not shown. Reviews that are
    expected follow, their ids and no more.
    """
    for row in workspace.register.rows():
        yield _listed(row)
    for one in Expecting(workspace.database).waiting():
        yield _SEALED | {"review": one.entry, "state": "expected", "added": one.added}


def set_hold(
    workspace: Workspace,
    review: str,
    *,
    basis: str,
    until: str | None = None,
    as_name: Who,
    password: str | None = None,
) -> None:
    """Hold a review back from publication, in the place of a hold that stands.

    `until` (YYYY-MM-DD) is when somebody should look again: a hold ends only when it is lifted.
    """
    basis = basis.replace("-", "_")  # reasons of withdrawals are written with a hyphen
    if basis not in set(Basis):
        raise UsageError(_NO_BASIS)
    actor = workspace.accounts.act(as_name, *_MAY_HOLD, password=password)
    hold = Hold(Basis(basis), _day(until), actor.id, today())
    with workspace.writing():
        row = workspace.register.row(review)
        workspace.register.hold(row.review, hold)
        detail = {"basis": hold.basis.value, "until": hold.until}
        workspace.ledger.append(actor.id, "hold", row.review, detail)


def lift_hold(
    workspace: Workspace, review: str, *, as_name: Who, password: str | None = None
) -> None:
    """Lift the hold that stands on a review; UsageError where none does."""
    actor = workspace.accounts.act(as_name, *_MAY_HOLD, password=password)
    with workspace.writing():
        row = workspace.register.row(review)
        if row.hold is None:
            raise UsageError(_NO_HOLD)
        workspace.register.hold(row.review, None)
        workspace.ledger.append(actor.id, "lift-hold", row.review)


def _day(written: str | None) -> str | None:
    try:
        return None if written is None else date.fromisoformat(written).isoformat()
    except ValueError as error:
        raise UsageError(_NO_DATE) from error


def _listed(row: Row) -> dict[str, object]:
    hold = row.hold
    return {
        "review": row.review,
        "state": row.state.value,
        "kind": row.kind,
        "board": row.board,
        "subject": row.subject,
        "received": row.received,
        "published": row.published,
        "hold": None if hold is None else hold.basis.value,
        "hold_until": None if hold is None else hold.until,
        "hold_checked_by": None if hold is None else hold.checked_by,
        "hold_date": None if hold is None else hold.date,
        "sha256": row.sha256,
        "text_sha256": row.text_sha256,
        "media": row.media,
        "edition": row.edition,
        "versions": row.versions,
        "added": row.received,
    }
