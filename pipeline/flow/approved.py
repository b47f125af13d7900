"""An approved review made ready to go out: the very files that were approved, or none.

Publishing and releasing both need it; the case file comes in from whoever may open the vault.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline import __version__
from pipeline.door import provenance, redact
from pipeline.door import verify as gate
from pipeline.door.redact import Redaction
from pipeline.errors import NotSettledError, StoreError
from pipeline.flow import editions, rendering
from pipeline.store import approval as approvals
from pipeline.store.approval import Approval
from pipeline.store.casefile import CaseFile, Handout, Publication
from pipeline.store.register import Row, State, today
from pipeline.store.workspace import Workspace

NOT_APPROVED = (
    "This review is not approved under that profile. Nothing was published. Have it settled and "
    "approved first."
)
HELD = (
    "A hold stands on this review. Nothing was published. Lift the hold first, if its reason has "
    "gone."
)
VOID = (
    "What would be published is not what was approved: decisions, profile, program or the "
    "record changed since. Nothing was published. Approve the review again."
)
NOT_WRITTEN = (
    "The folder for the publication could not be written. Nothing was published. Check the "
    "folder, its owner and the room on the disk."
)
MANIFEST = ".manifest.json"
# Requests to correct a review, as `rectifying` keeps them, and the outcome that is told of.
REQUESTS, STATEMENT = "rectification-", "statement"


@dataclass(frozen=True, slots=True)
class Ready:
    """One review that may go out, with its files by name."""

    row: Row
    approval: Approval
    redaction: Redaction
    files: Mapping[str, bytes]
    publication: Publication | None = None
    recipients: tuple[str, ...] = ()


def ready(workspace: Workspace, case: CaseFile, profile: str, *, as_kept: bool = False) -> Ready:
    """An approved review with the files that were approved, or NotSettledError.

    What is hidden is worked out anew, and so are the files: where the program makes other bytes
    by now, the approval is void. A release takes the files `as_kept` when they were approved, if
    their hashes are those of the approval: to set a dozen PDFs again takes minutes.
    """
    review = case.review
    row = editions.standing(workspace, review)
    if row.hold is not None:
        raise NotSettledError(HELD, review=review)
    record = workspace.register.approval(review, profile)
    if record is None or row.state not in (State.APPROVED, State.PUBLISHED):
        raise NotSettledError(NOT_APPROVED, review=review)
    approval = approvals.from_json(record)
    if not _in_ledger(workspace, approval, record):
        raise NotSettledError(VOID, review=review)
    redaction = editions.to_publish(case, case.document(row.edition), row.edition, profile)
    files = case.approved(profile) if as_kept else {}
    if approvals.hashes(files) != approval.bound.outputs:
        files = rendering.artefacts(redaction, approval.public_id)
    if rendering.bound(row, redaction, files) != approval.bound:
        raise NotSettledError(VOID, review=review)
    return _with_manifest(workspace, case, Ready(row, approval, redaction, files))


def _with_manifest(workspace: Workspace, case: CaseFile, one: Ready) -> Ready:
    """Sign both manifests: the public one joins the files, the private one stays."""
    approval, key = one.approval, workspace.keys.signing_key()
    private = provenance.private_manifest(
        one.redaction,
        public_id=approval.public_id,
        original_sha256=one.row.sha256,
        outputs=one.files,
        versions={"made": approval.bound.versions, "program": __version__},
        ledger_head=approval.ledger_head,
        approval=approvals.sha256(approvals.to_json(approval)),
        version=(case.version(one.row.edition), case.version()),
    )
    before = case.publication(approval.profile)
    salt = provenance.new_salt() if before is None else bytes.fromhex(before.salt)
    public = provenance.public_manifest(
        private,
        outputs=one.files,
        salt=salt,
        program=f"candour {__version__}",
        statements=_statements(case),
    )
    publication = Publication(
        edition=one.row.edition,
        salt=salt.hex(),
        manifest=provenance.signed(private, key).decode(),
        plan=redact.to_bytes(one.redaction.plan).decode(),
    )
    manifest = {f"{approval.public_id}{MANIFEST}": provenance.signed(public, key)}
    return replace(one, files={**one.files, **manifest}, publication=publication)


def requests(case: CaseFile) -> list[str]:
    """The names under which requests to correct a review are kept, in their order."""
    names = (name.removeprefix("note-") for name in case.blobs.names(case.review))
    return sorted(name for name in names if name.startswith(REQUESTS))


def _statements(case: CaseFile) -> int:
    """How many statements of people whom the report speaks of are kept with it."""
    kept = (json.loads(case.note(name) or "{}") for name in requests(case))
    return sum(one.get("outcome") == STATEMENT for one in kept)


def _in_ledger(workspace: Workspace, approval: Approval, record: str) -> bool:
    """Whether the ledger tells of this very record, with no decision after it."""
    if not workspace.ledger.holds(approval.ledger_head):
        return False
    hashed, stands = approvals.sha256(record), False
    for entry in workspace.ledger.rows(approval.review):
        if entry.action in ("decide", "version", "withdraw"):
            stands = False
        elif entry.action == "approve":
            stands = stands or json.loads(entry.detail).get("approval") == hashed
    return stands


def write_and_check(one: Ready, folder: Path) -> None:
    """Write a review's files, and let the gate judge what stands on the disk."""
    for name, content in one.files.items():
        (folder / name).write_bytes(content)
    written = {name: (folder / name).read_bytes() for name in one.files}
    gate.require_clean(written, one.redaction)
    if written != one.files:
        raise StoreError(NOT_WRITTEN, review=one.row.review)


def handout(one: Ready, out: Path) -> Handout:
    """What the vault keeps of where a review went."""
    return Handout(
        profile=one.approval.profile,
        public_id=one.approval.public_id,
        date=today(),
        files=tuple(sorted(one.files)),
        folder=str(out.resolve()),
        recipients=one.recipients,
    )


def require_still_approved(workspace: Workspace, one: Ready) -> None:
    """Look once more: a hold or a decision may have come while the files were made."""
    row = editions.standing(workspace, one.row.review)
    if row.hold is not None:
        raise NotSettledError(HELD, review=row.review)
    record = workspace.register.approval(row.review, one.approval.profile)
    if record != approvals.to_json(one.approval) or row.edition != one.row.edition:
        raise NotSettledError(VOID, review=row.review)
