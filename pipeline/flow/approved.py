"""An approved review made ready to go out: the very files that were approved, or none.

They are approved under no id. It is drawn as they go out, and they are made again with it: so
nobody who worked on the review, or reads its approvals, has seen the id before.
Publishing and releasing both need it; the case file comes in from whoever may open the vault.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline import __version__
from pipeline.door import provenance, redact, renamed
from pipeline.door import verify as gate
from pipeline.door.redact import Redaction
from pipeline.errors import LeakError, NotSettledError, StoreError
from pipeline.flow import editions, rendering
from pipeline.store import approval as approvals
from pipeline.store.approval import Approval
from pipeline.store.casefile import CaseFile, Handout, Publication
from pipeline.store.register import Row, State, public_prefix, today
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
NO_ID = (
    "Every public id that was drawn for this review holds something that the review hides, which "
    "can only be a very short number or word. Nothing was published. Look at what was added by "
    "hand, hide it with the words beside it, and have the review approved again."
)
MANIFEST = ".manifest.json"
MOST_DRAWS = 20
# Requests to correct a review, as `rectifying` keeps them, and the outcome that is told of.
REQUESTS, STATEMENT = "rectification-", "statement"
Make = Callable[[Redaction, str], dict[str, bytes]]


@dataclass(frozen=True, slots=True)
class Ready:
    """One review that may go out, with its files by name, as they were approved."""

    row: Row
    approval: Approval
    redaction: Redaction
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Going:
    """One review that goes out under its id, with its files by name, the manifest among them."""

    row: Row
    approval: Approval
    redaction: Redaction
    public_id: str
    files: Mapping[str, bytes]
    publication: Publication
    recipients: tuple[str, ...] = ()


def ready(workspace: Workspace, case: CaseFile, profile: str, *, as_kept: bool = False) -> Ready:
    """An approved review with the files that were approved, or NotSettledError.

    What is hidden is worked out anew, and so are the files: where the program makes other bytes
    by now, the approval is void. A release takes the PDF `as_kept` when it was approved, if the
    hashes are those of the approval: to set a dozen of them again takes minutes.
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
    undrawn = rendering.undrawn(demonstration=approval.demonstration)
    files = case.approved(profile) if as_kept else {}
    if approvals.hashes(files) != approval.bound.outputs:
        files = rendering.artefacts(redaction, approval.public_id or undrawn)
    elif not approval.public_id:
        files = {**files, **rendering.quick(redaction.document, undrawn)}
    if rendering.bound(row, redaction, files) != approval.bound:
        raise NotSettledError(VOID, review=review)
    return Ready(row, approval, redaction, files)


def going(
    workspace: Workspace,
    case: CaseFile,
    one: Ready,
    taken: set[str],
    *,
    recipients: tuple[str, ...] = (),
    judged_later: bool = False,
) -> Going:
    """The review under the id by which it goes out, its manifest signed; nothing is kept yet.

    An id under which it went out before stays, and so does one that an older version drew with
    the approval. Else one is drawn, which is none of `taken` and joins them. NotSettledError
    where the files are not, but for the id, those that were approved; LeakError where the gate
    finds something in them, or objects to every id that is drawn. With `judged_later` the files
    are not judged here: a release judges its whole folder, and each of these files in it.
    """
    approval, review = one.approval, one.row.review
    public_id = (
        approval.public_id
        or standing_id(workspace, review, approval.profile, demonstration=approval.demonstration)
        or _drawn(workspace, one, taken)
    )
    taken.add(public_id)
    make = rendering.unjudged if judged_later else rendering.artefacts
    files = one.files if approval.public_id else _made_with(one, public_id, make)
    publication, manifest = _manifests(workspace, case, one, public_id, files)
    return Going(
        row=one.row,
        approval=approval,
        redaction=one.redaction,
        public_id=public_id,
        files={**files, f"{public_id}{MANIFEST}": manifest},
        publication=publication,
        recipients=recipients,
    )


def standing_id(
    workspace: Workspace, review: str, profile: str, *, demonstration: bool
) -> str | None:
    """The id under which a review went out under a profile, None where it never did.

    What an older version drew with an approval, and only the workspace saw, is none.
    """
    known = workspace.register.public_id(review, profile)
    if known is None or not known.startswith(public_prefix(demonstration=demonstration)):
        return None
    said = (json.loads(e.detail) for e in workspace.ledger.rows(review) if e.action == "publish")
    return known if any(detail.get("public_id") == known for detail in said) else None


def _drawn(workspace: Workspace, one: Ready, taken: set[str]) -> str:
    """A new id in which nothing stands that the review hides; drawn again for nothing else."""
    for _ in range(MOST_DRAWS):
        drawn = workspace.register.new_public_id(
            demonstration=one.approval.demonstration, taken=taken
        )
        if gate.fits(drawn, one.redaction):
            return drawn
    raise LeakError(NO_ID, review=one.row.review)


def _made_with(one: Ready, public_id: str, make: Make) -> dict[str, bytes]:
    """The files made again with the id, of which nothing else differs from what was approved."""
    files = make(one.redaction, public_id)
    text = one.redaction.document.text.value
    undrawn = rendering.undrawn(demonstration=one.approval.demonstration)
    if renamed.differing(one.files, files, text, undrawn=undrawn, drawn=public_id):
        raise NotSettledError(VOID, review=one.row.review)
    return files


def _manifests(
    workspace: Workspace, case: CaseFile, one: Ready, public_id: str, files: Mapping[str, bytes]
) -> tuple[Publication, bytes]:
    """Sign both manifests: the public one joins the files, the private one stays."""
    approval, key = one.approval, workspace.keys.signing_key()
    private = provenance.private_manifest(
        one.redaction,
        public_id=public_id,
        original_sha256=one.row.sha256,
        outputs=files,
        versions={"made": approval.bound.versions, "program": __version__},
        ledger_head=approval.ledger_head,
        approval=approvals.sha256(approvals.to_json(approval)),
        version=(case.version(one.row.edition), case.version()),
    )
    before = case.publication(approval.profile)
    salt = provenance.new_salt() if before is None else bytes.fromhex(before.salt)
    public = provenance.public_manifest(
        private,
        outputs=files,
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
    return publication, provenance.signed(public, key)


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


def write_and_check(one: Going, folder: Path) -> None:
    """Write a review's files, and let the gate judge what stands on the disk."""
    for name, content in one.files.items():
        (folder / name).write_bytes(content)
    written = {name: (folder / name).read_bytes() for name in one.files}
    gate.require_clean(written, one.redaction)
    if written != one.files:
        raise StoreError(NOT_WRITTEN, review=one.row.review)


def handout(one: Going, out: Path) -> Handout:
    """What the vault keeps of where a review went."""
    return Handout(
        profile=one.approval.profile,
        public_id=one.public_id,
        date=today(),
        files=tuple(sorted(one.files)),
        folder=str(out.resolve()),
        recipients=one.recipients,
    )


def keep(workspace: Workspace, case: CaseFile, one: Going, out: Path) -> None:
    """Write down that a review goes out into a folder, under which id and with what behind it.

    It is looked at once more: a hold, a decision or an id may have come while its files were made.
    """
    approval, review = one.approval, one.row.review
    _require_still_approved(workspace, one)
    standing = standing_id(
        workspace, review, approval.profile, demonstration=approval.demonstration
    )
    if standing not in (None, one.public_id):
        raise StoreError(editions.CHANGED_MEANWHILE, review=review)
    workspace.register.keep_public_id(review, approval.profile, one.public_id)
    case.publish(approval.profile, one.publication)
    case.hand_out(handout(one, out))


def _require_still_approved(workspace: Workspace, one: Going) -> None:
    row = editions.standing(workspace, one.row.review)
    if row.hold is not None:
        raise NotSettledError(HELD, review=row.review)
    record = workspace.register.approval(row.review, one.approval.profile)
    if record != approvals.to_json(one.approval) or row.edition != one.row.edition:
        raise NotSettledError(VOID, review=row.review)
