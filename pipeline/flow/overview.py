"""Overview: what waits for whom, the register as it is looked through, one review at a glance."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.store import approval as approvals
from pipeline.store.accounts import Actor
from pipeline.store.approval import Approval
from pipeline.store.ledger import Entry
from pipeline.store.register import Row, State, today
from pipeline.store.workspace import Workspace

HELD = "held"
DUE = "due"
COLUMNS = ("review", "state", "board", "received", "hold")
_HISTORY = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many reviews wait for what. `mine` are settled, by this very account.

    A hold is due when the day on which somebody should look again has come.
    """

    reviews: int
    to_settle: int
    to_approve: int
    mine: int
    to_publish: int
    held: int
    due: int


@dataclass(frozen=True, slots=True)
class Glance:
    """One review as the register and the ledger have it: nothing of its text."""

    row: Row
    approvals: tuple[Approval, ...]
    history: tuple[Entry, ...]


def waiting(workspace: Workspace, actor: Actor) -> Waiting:
    """What waits, counted for one account."""
    rows = workspace.register.rows()
    settled = [row for row in rows if row.state is State.SETTLED]
    return Waiting(
        reviews=len(rows),
        to_settle=sum(row.state is State.PROPOSED for row in rows),
        to_approve=sum(row.editor != actor.id for row in settled),
        mine=sum(row.editor == actor.id for row in settled),
        to_publish=sum(row.state is State.APPROVED and row.hold is None for row in rows),
        held=sum(row.hold is not None for row in rows),
        due=sum(is_due(row) for row in rows),
    )


def is_due(row: Row) -> bool:
    """Whether somebody should look again at the hold of a review."""
    return row.hold is not None and row.hold.until is not None and row.hold.until <= today()


def listed(
    workspace: Workspace, *, state: str = "", words: str = "", sort: str = "received",
    down: bool = True,
) -> tuple[Row, ...]:  # fmt: skip
    """The reviews in a state (or held, or due) whose id or board has these words, sorted."""
    rows = (row for row in workspace.register.rows() if _is_in(row, state))
    wanted = words.casefold().split()
    found = [row for row in rows if all(word in _said(row) for word in wanted)]
    column = sort if sort in COLUMNS else "received"
    found.sort(key=lambda row: (_place(row, column), row.review), reverse=down)
    return tuple(found)


def glance(workspace: Workspace, review: str) -> Glance:
    """One review; UsageError where there is none."""
    row = workspace.register.row(review)
    records = (
        workspace.register.approval(review, profile)
        for profile in workspace.register.approved_profiles(review)
    )
    standing = tuple(approvals.from_json(record) for record in records if record is not None)
    return Glance(row, standing, workspace.ledger.latest(_HISTORY, review=review))


def names(workspace: Workspace) -> dict[str, str]:
    """The name of every account, by its id."""
    return {account.id: account.name for account in workspace.accounts.all()}


def _is_in(row: Row, state: str) -> bool:
    if state == HELD:
        return row.hold is not None
    if state == DUE:
        return is_due(row)
    return not state or row.state.value == state


def _said(row: Row) -> str:
    return f"{row.review} {row.board}".casefold()


def _place(row: Row, column: str) -> str | int:
    if column == "state":
        return list(State).index(row.state)
    if column == "hold":
        return "" if row.hold is None else row.hold.basis.value
    return str(getattr(row, column)).casefold()
