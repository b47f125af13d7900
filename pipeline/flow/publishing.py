"""Publishing: what was approved, and nothing else, leaves with a signed manifest."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.door import policy as policies
from pipeline.door import verify as gate
from pipeline.door.redact import Redaction
from pipeline.errors import LeakError, NotSettledError, StoreError
from pipeline.flow import rendering
from pipeline.store import approval as approvals
from pipeline.store.accounts import LOCAL, Duty
from pipeline.store.approval import Approval
from pipeline.store.casefile import CaseFile
from pipeline.store.register import Row, State, today
from pipeline.store.vault import Vault
from pipeline.store.workspace import Workspace

_NOT_APPROVED = (
    "This review is not approved under that profile. Nothing was published. Have it settled and "
    "approved first."
)
_HELD = (
    "A hold stands on this review. Nothing was published. Lift the hold first, if its reason has "
    "gone."
)
_VOID = (
    "What would be published is not what was approved: decisions, profile, program or the "
    "record changed since. Nothing was published. Approve the review again."
)
_NOT_WRITTEN = (
    "The folder for the publication could not be written. Nothing was published. Check the "
    "folder, its owner and the room on the disk."
)


@dataclass(frozen=True, slots=True)
class _Ready:
    """One review that may go out, with its files by name."""

    row: Row
    approval: Approval
    redaction: Redaction
    files: Mapping[str, bytes]


def publish(
    workspace: Workspace,
    reviews: Sequence[str],
    profile: str,
    out: Path,
    *,
    as_name: str | None = None,
    password: str | None = None,
) -> list[dict[str, object]]:
    """Write approved reviews into a folder, each with a signed manifest; a row a review.

    All of them or none: NotSettledError where one is not approved or is on hold, LeakError
    where the gate finds something in a finished file.
    """
    actor = LOCAL
    if as_name is not None:
        may = (Duty.APPROVER, Duty.ADMINISTRATOR)
        actor = workspace.accounts.act(as_name, *may, password=password).id
    policies.load(profile).require_release()
    vault = Vault.unlock(workspace)
    ready = [_ready(workspace, vault, review, profile) for review in dict.fromkeys(reviews)]
    return [_hand_out(workspace, vault, one, out, actor) for one in ready]


def _ready(workspace: Workspace, vault: Vault, review: str, profile: str) -> _Ready:
    """Render an approved review again, and make sure that it is what was approved."""
    row = workspace.register.row(review)
    if row.hold is not None:
        raise NotSettledError(_HELD, review=review)
    record = workspace.register.approval(review, profile)
    if record is None or row.state not in (State.APPROVED, State.PUBLISHED):
        raise NotSettledError(_NOT_APPROVED, review=review)
    approval = approvals.from_json(record)
    if not _in_ledger(workspace, approval, record):
        raise NotSettledError(_VOID, review=review)
    case = CaseFile(vault, review)
    settled = rendering.settlement(case, case.decided(row.edition))
    redaction = rendering.redacted(case, settled, profile, draft=False)
    files = rendering.artefacts(redaction, approval.public_id)
    if rendering.bound(row, redaction, files) != approval.bound:
        raise NotSettledError(_VOID, review=review)
    return _Ready(row, approval, redaction, files)


def _in_ledger(workspace: Workspace, approval: Approval, record: str) -> bool:
    """Whether the ledger is whole and tells of this very record, with no decision after it."""
    if workspace.ledger.verify() is not None or not workspace.ledger.holds(approval.ledger_head):
        return False
    hashed, stands = approvals.sha256(record), False
    for entry in workspace.ledger.rows(approval.review):
        if entry.action == "decide":
            stands = False
        elif entry.action == "approve":
            stands = stands or json.loads(entry.detail).get("approval") == hashed
    return stands
