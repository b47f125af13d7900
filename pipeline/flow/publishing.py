"""Publishing: what was approved, and nothing else, leaves with a signed manifest."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from pipeline import __version__
from pipeline.door import policy as policies
from pipeline.door import provenance, redact
from pipeline.door.provenance import Check, Statement
from pipeline.errors import NotSettledError, StoreError, UsageError
from pipeline.flow import approved, editions, proposing, release_folder, rendering
from pipeline.flow.approved import Going
from pipeline.store.accounts import LOCAL, Duty, Who
from pipeline.store.casefile import CaseFile, Publication
from pipeline.store.ledger import Detail
from pipeline.store.register import State, today
from pipeline.store.vault import Vault
from pipeline.store.workspace import Workspace

_LEDGER_BROKEN = (
    "The ledger of this workspace was changed: its chain does not hold. Nothing was published. "
    "Restore the whole workspace from one backup."
)
_NO_HOME = (
    "To replay from the original, the workspace that published is needed. Nothing was checked. "
    "Add --home FOLDER."
)
_NO_MANIFEST = (
    "The manifest or a file beside it is not there or may not be opened. Nothing was checked. "
    "Check the path and who owns the files."
)
WITHDRAWN, STANDS, LATEST = "withdrawn", "not withdrawn", "latest publication"
_QUARANTINE = ".quarantine-"


def releasable() -> tuple[tuple[str, str], ...]:
    """The profiles under which a text may go out, each with what it is for."""
    every = (policies.load(name) for name in policies.names())
    return tuple((policy.name, policy.purpose) for policy in every if policy.release)


def publish(
    workspace: Workspace,
    reviews: Sequence[str],
    profile: str,
    out: Path,
    *,
    as_name: Who | None = None,
    password: str | None = None,
    recipients: Sequence[str] = (),
) -> list[dict[str, object]]:
    """Write approved reviews into a folder, each with a signed manifest; a row a review.

    `recipients` are those to whom it goes, so that they can be told if it is withdrawn: free
    text, for the vault alone. All of them or none: NotSettledError where one is not approved or
    is on hold, LeakError where the gate finds something in a finished file.
    """
    actor = LOCAL
    if as_name is not None:
        may = (Duty.APPROVER, Duty.ADMINISTRATOR)
        actor = workspace.accounts.act(as_name, *may, password=password).id
    policies.load(profile).require_release()
    told = tuple(dict.fromkeys(editions.one_line(named) for named in recipients))
    if workspace.ledger.verify() is not None:
        raise StoreError(_LEDGER_BROKEN)
    vault = Vault.unlock(workspace)
    cases = [CaseFile(vault, review) for review in dict.fromkeys(reviews)]
    ready = [approved.ready(workspace, case, profile) for case in cases]
    taken: set[str] = set()
    going = [
        approved.going(workspace, case, one, taken, recipients=told)
        for case, one in zip(cases, ready, strict=True)
    ]
    try:
        out.mkdir(parents=True, exist_ok=True)
        for left in out.glob(f"{_QUARANTINE}*"):  # by a run that was killed: never checked
            shutil.rmtree(left)
        quarantine = Path(tempfile.mkdtemp(prefix=_QUARANTINE, dir=out))
        try:
            for one in going:
                approved.write_and_check(one, quarantine)
            return [_hand_out(workspace, vault, one, quarantine, out, actor) for one in going]
        finally:
            shutil.rmtree(quarantine, ignore_errors=True)
    except OSError:
        # Not chained: the error holds a path.
        raise StoreError(approved.NOT_WRITTEN) from None


def _hand_out(
    workspace: Workspace, vault: Vault, one: Going, folder: Path, out: Path, actor: str
) -> dict[str, object]:
    """Write into the ledger that a review goes out, then let it out, the manifest last."""
    approval, manifest = one.approval, f"{one.public_id}{approved.MANIFEST}"
    with workspace.writing():
        approved.keep(workspace, CaseFile(vault, one.row.review), one, out)
        detail: Detail = {
            "recipients": len(one.recipients),
            "profile": approval.profile,
            "public_id": one.public_id,
            "manifest": provenance.sha256(one.files[manifest]),
        }
        workspace.ledger.append(actor, "publish", one.row.review, detail)
    for name in sorted(one.files, key=lambda name: name == manifest):
        (folder / name).replace(out / name)
    with workspace.writing():
        row = workspace.register.row(one.row.review)
        if row.edition == one.row.edition and row.state is not State.WITHDRAWN:
            workspace.register.change(row, state=State.PUBLISHED, published=today())
    if row.state is State.WITHDRAWN:  # while the files went out
        for name in one.files:
            (out / name).unlink(missing_ok=True)
        raise NotSettledError(editions.WITHDRAWN, review=row.review)
    return {
        "review": one.row.review,
        "public_id": one.public_id,
        "profile": approval.profile,
        "state": State.PUBLISHED.value,
        "proven": approval.proven,
        "demonstration": approval.demonstration,
        "checklist": bool(approval.checklist),
        "files": sorted(one.files),
        "manifest": str(out / manifest),
    }


def verify(
    manifest: Path, *, original: Path | None = None, home: Path | None = None
) -> Iterator[dict[str, object]]:
    """Check a publication: a row for each thing that its manifest says, and whether it holds.

    With the workspace, also who signed it, what it commits to, the ledger, and whether it was
    withdrawn. With the original too, every step is done again: file, canonical text, plan, safe
    text, each file. That something was withdrawn can be checked too: the row "withdrawn" says
    so. StoreError where the manifest is none or was changed.
    """
    if original is not None and home is None:
        raise UsageError(_NO_HOME)
    try:
        content = manifest.read_bytes()
        public = provenance.verify(content)
        if public["predicateType"] == provenance.RELEASE:
            files = release_folder.contents(manifest.parent)
            files.pop(manifest.name)
            checks = [Check("signature", True), *provenance.files_hold(public, files)]
        else:
            checks = [Check("signature", True), *_files_hold(public, manifest)]
    except OSError:
        raise UsageError(_NO_MANIFEST) from None
    workspace = None if home is None else Workspace.open(home)
    if public["predicateType"] == provenance.WITHDRAWAL:
        checks.append(Check(WITHDRAWN, True))
    if workspace is not None and public["predicateType"] == provenance.PUBLIC:
        checks += _workspace_holds(workspace, content, public, original)
    elif workspace is not None:
        key = workspace.keys.signing_key().public_key()
        checks.append(Check("signed by this workspace", _signed_with(content, key)))
        if public["predicateType"] == provenance.RELEASE:
            checks += _release_holds(workspace, public)
    for check in checks:
        yield {"check": check.what, "holds": check.holds}


def _release_holds(workspace: Workspace, public: Statement) -> Iterator[Check]:
    """What only the workspace can tell of a release: its ledger, and that all of it still stands.

    A copy that was made before one of its reviews was withdrawn is told from the one that counts.
    """
    told = public["predicate"]
    head = str(told.get("ledger_head")) if isinstance(told, dict) else ""
    yield Check("ledger", workspace.ledger.verify() is None and workspace.ledger.holds(head))
    standing = True
    for public_id in release_folder.public_ids(public):
        found = workspace.register.of_public_id(public_id)
        row = None if found is None else workspace.register.row(found[0])
        standing = standing and row is not None and row.state is not State.WITHDRAWN
    yield Check(STANDS, standing)


def _public_id(public: Statement) -> str:
    told = public["predicate"]
    return str(told.get("id")) if isinstance(told, dict) else ""


def _files_hold(public: Statement, manifest: Path) -> tuple[Check, ...]:
    """The files beside the manifest that bear its id, against what it says of them."""
    start = f"{_public_id(public)}."
    named = [path for path in manifest.parent.iterdir() if path.name.startswith(start)]
    beside = [path for path in named if path.is_file() and path.name != manifest.name]
    return provenance.files_hold(public, {path.name: path.read_bytes() for path in beside})


def _workspace_holds(
    workspace: Workspace, content: bytes, public: Statement, original: Path | None
) -> Iterator[Check]:
    """What only the workspace that published can tell."""
    key = workspace.keys.signing_key().public_key()
    yield Check("signed by this workspace", _signed_with(content, key))
    yield Check("ledger", workspace.ledger.verify() is None)
    found = workspace.register.of_public_id(_public_id(public))
    if found is not None:
        state = workspace.register.row(found[0]).state
        yield Check(STANDS, state is not State.WITHDRAWN)
    case = None if found is None else CaseFile(Vault.unlock(workspace), found[0])
    kept = () if found is None or case is None else case.publications(found[1])
    if case is None or found is None or not kept:
        yield Check("published by this workspace", False)
        return
    both = [(one, _commits(public, one, key)) for one in reversed(kept)]
    publication, commits = next((pair for pair in both if pair[1].holds), both[0])
    yield commits
    if commits.holds:
        yield Check(LATEST, publication == kept[-1])
    private = provenance.verify(publication.manifest.encode(), key)
    if original is not None:
        then, by = case.document(publication.edition), made_by(private)
        document = proposing.read(original, workspace.settings, view=then.view)
        if by != __version__ and document.text_sha256 != then.text_sha256:
            # Read in another way by now: the text that was kept then is what was approved.
            document = replace(then, source_sha256=document.source_sha256)
        plan = redact.from_bytes(publication.plan.encode())
        replayed = provenance.replay_holds(private, document, plan)
        yield from replayed
        # Another version of Candour sets the same safe text in other files.
        if all(check.holds for check in replayed) and by == __version__:
            redaction = editions.to_publish(
                case, document, publication.edition, found[1], again=True
            )
            yield Check("every decision", redaction.plan == plan)
            files = rendering.artefacts(redaction, _public_id(public))
            yield from (
                Check(f"{c.what} made again", c.holds) for c in provenance.files_hold(public, files)
            )


def made_by(private: Statement) -> str:
    """The version of Candour that made a publication."""
    versions = provenance.told(private).get("versions")
    return str(versions.get("program")) if isinstance(versions, dict) else ""


def _commits(public: Statement, one: Publication, key: Ed25519PublicKey) -> Check:
    private = provenance.verify(one.manifest.encode(), key)
    return provenance.commitment_holds(public, private, bytes.fromhex(one.salt))


def _signed_with(content: bytes, key: Ed25519PublicKey) -> bool:
    try:
        provenance.verify(content, key)
    except StoreError:
        return False
    return True
