"""Rectification: somebody says that a report is wrong about them, and what came of it is kept.

What they wrote is kept in the vault, and goes when the raw text is purged. Where a correction is
due, every approval is void: the report goes out again only after a corrected version was taken
in, settled and approved. That there is a statement is told by the manifest of every later
publication; what it says is not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from enum import StrEnum

from pipeline.errors import NotSettledError, UsageError
from pipeline.flow import approved, editions
from pipeline.store.accounts import Duty, Who
from pipeline.store.casefile import CaseFile
from pipeline.store.ledger import Detail
from pipeline.store.register import State, today
from pipeline.store.vault import Vault
from pipeline.store.workspace import Workspace

_NO_OUTCOME = (
    "A request has one of these outcomes: correct, statement, refused. Nothing was kept. Name one "
    "of them."
)
_NO_TEXT = (
    "What the person wrote is empty or longer than 20,000 characters. Nothing was kept. Write "
    "what is wrong, and what it should say."
)
_LONGEST = 20_000
_MAY = (Duty.REVIEWER, Duty.APPROVER, Duty.ADMINISTRATOR)


class Outcome(StrEnum):
    """What came of a request: the text is to be corrected, it is noted, or it is refused."""

    CORRECT = "correct"
    STATEMENT = approved.STATEMENT
    REFUSED = "refused"


def rectify(
    workspace: Workspace,
    review: str,
    text: str,
    outcome: str,
    *,
    as_name: Who,
    password: str | None = None,
) -> int:
    """Keep a request and its outcome; how many approvals are void by it."""
    if outcome not in set(Outcome):
        raise UsageError(_NO_OUTCOME)
    if not 0 < len(text.strip()) <= _LONGEST:
        raise UsageError(_NO_TEXT)
    actor = editions.allowed(
        workspace, as_name, *_MAY, password=password, review=review, step="rectify"
    )
    case, voided = CaseFile(Vault.unlock(workspace), review), 0
    with workspace.writing():
        row = workspace.register.row(review)
        if row.state is State.WITHDRAWN:
            raise NotSettledError(editions.WITHDRAWN, review=review)
        case.original()  # a purged review has nothing that could be corrected
        number = len(approved.requests(case)) + 1
        kept = {"date": today(), "by": actor.id, "outcome": outcome, "text": text.strip()}
        case.keep_note(f"{approved.REQUESTS}{number:06d}", json.dumps(kept, ensure_ascii=False))
        if outcome == Outcome.CORRECT:
            voided = editions.void(workspace, review)
            if row.state in (State.APPROVED, State.PUBLISHED):
                workspace.register.change(row, state=State.SETTLED)
        detail: Detail = {"outcome": outcome, "number": number, "voided": voided}
        workspace.ledger.append(actor.id, "rectify", review, detail)
    return voided


def listed(
    workspace: Workspace, review: str, *, as_name: Who, password: str | None = None
) -> Iterator[dict[str, object]]:
    """The requests about a review, a row each; they are in the words of whoever made them."""
    actor = editions.allowed(
        workspace, as_name, *_MAY, password=password, review=review, step="rectify"
    )
    edition = workspace.register.row(review).edition
    case = CaseFile(Vault.unlock(workspace), review)
    workspace.ledger.append(actor.id, "view-raw", review, {"what": "rectify", "edition": edition})
    for name in approved.requests(case):
        yield json.loads(case.note(name) or "{}")
