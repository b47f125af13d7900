"""Intake: workspaces and accounts are made, files are read, proposed on and locked away."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline import __version__
from pipeline.door import policy as policies
from pipeline.door import redact
from pipeline.errors import CandourError, LeakError, ReadError, RecogniserError, UsageError
from pipeline.flow import editions, proposing, rendering
from pipeline.raw import settle
from pipeline.raw.document import Document, Proposal
from pipeline.raw.readers import reading
from pipeline.safe.lesson import SafeDocument
from pipeline.store import register
from pipeline.store.accounts import LOCAL, Account, Duty, Who
from pipeline.store.casefile import CaseFile
from pipeline.store.ledger import Detail
from pipeline.store.register import Row, State
from pipeline.store.vault import Vault
from pipeline.store.workspace import Workspace

KNOWN = "This file was taken in before. Nothing was changed."
EARLIER = "This file is an earlier version of a review that has a later one. Nothing was changed."
WITHDRAWN = (
    "This file belongs to a review that was withdrawn. Nothing was taken in. If it is to be "
    "published after all, save the report anew in its program and take that file in."
)
SAME_TEXT = "Another review has the very same text: see whether one of them should go."
_NO_SUCH_DUTY = (
    "There is no such duty: uploader, reviewer, approver, researcher, administrator. Nothing was "
    "done. Name one of them."
)
_NOT_UNDERSTOOD = (
    "The file has a shape that Candour does not understand. Nothing of it was taken in. Save it "
    "again in its program, as PDF or Word, and report it if that does not help."
)
_NOT_PROPOSED = (
    "What should be hidden in this file could not be worked out. Nothing of it was taken in. "
    "Report it: no draft of it is safe."
)
_ENDING = re.compile(r"[A-Za-z0-9]{1,8}")
# What file managers leave in folders.
_LITTER = frozenset({"thumbs.db", "desktop.ini"})

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Taken:
    """One file, read and proposed on, not yet kept. `leak` is why there is no draft of it."""

    review: str
    original: bytes
    document: Document
    proposal: Proposal
    draft: SafeDocument | None
    leak: LeakError | None = None


def init(home: Path) -> Workspace:
    """Make a workspace and lock its vault with its key; `warnings` of it are for the user."""
    workspace = Workspace.create(home)
    Vault.unlock(workspace)
    workspace.ledger.append(LOCAL, "init", detail={"program": __version__})
    return workspace


def add_user(
    workspace: Workspace,
    name: str,
    duty: str,
    *,
    password: str | None = None,
    demonstration: bool = False,
) -> Account:
    """Add an account, or a duty to one; UsageError for a duty that there is not."""
    if duty not in set(Duty):
        raise UsageError(_NO_SUCH_DUTY)
    with workspace.writing():
        account = workspace.accounts.add(name, Duty(duty), password, demonstration=demonstration)
        detail: Detail = {"account": account.id, "duty": duty, "password": account.has_password}
        workspace.ledger.append(LOCAL, "user-add", detail=detail)
    return account


def ingest(
    workspace: Workspace,
    paths: Sequence[Path],
    *,
    as_name: Who | None = None,
    password: str | None = None,
    sender: str | None = None,
    progress: Progress | None = None,
) -> Iterator[dict[str, object]]:
    """Take files in, and all files of folders: a row a file as it is done.

    A row has path, review, sha256, state, why (constant text, empty if nothing is to be said)
    and code (0, or the exit code of what went wrong). One review is one transaction; a file
    that fails leaves nothing behind and does not stop the others. `sender` is from whom they
    came: free text, for the vault alone.
    """
    actor, sent = LOCAL, None if sender is None else editions.one_line(sender)
    if as_name is not None:
        actor = workspace.accounts.act(as_name, Duty.UPLOADER, password=password).id
    vault = Vault.unlock(workspace)
    files = _files(paths, workspace.home)
    for number, path in enumerate(files, start=1):
        row = _ingest_one(workspace, vault, path, actor)
        if sent is not None:
            _note_sender(vault, row, sent)
        yield row
        if progress is not None:
            progress(f"{number} of {len(files)} files done")


def _note_sender(vault: Vault, row: Mapping[str, object], sender: str) -> None:
    """Keep from whom a first version came; what is written down already stays."""
    if row["review"] is None or row["state"] == State.WITHDRAWN:
        return
    case = CaseFile(vault, str(row["review"]))
    if not case.versions() and case.note(editions.SENDER) is None:
        case.keep_note(editions.SENDER, sender)


def _known(workspace: Workspace, sha256: str) -> dict[str, object] | None:
    """What is to be said of a file that was taken in before, as any version of a review."""
    known, earlier = workspace.register.with_file(sha256), workspace.ledger.of_file(sha256)
    if known is None and earlier is None:
        return None
    row = known or workspace.register.row(str(earlier))
    why = EARLIER if known is None else KNOWN
    why = WITHDRAWN if row.state is State.WITHDRAWN else why
    return {"review": row.review, "state": row.state.value, "why": why}


def _files(paths: Sequence[Path], home: Path) -> tuple[Path, ...]:
    """The files named, and those in folders named in the order of their names; each once.

    The workspace itself is no report, even where it lies in a folder that is named.
    """
    found: dict[Path, None] = {}
    for path in paths:
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        wanted = (one for one in inside if one == path or _wanted(one, path, home))
        found.update(dict.fromkeys(wanted))
    return tuple(found)


def _wanted(path: Path, folder: Path, home: Path) -> bool:
    """Whether a file in a folder is meant: not hidden, no lock file, no litter, not our own."""
    parts = path.relative_to(folder).parts
    hidden = any(part.startswith((".", "~$")) for part in parts)
    ours = path.resolve().is_relative_to(home.resolve())
    return path.is_file() and not (hidden or ours) and path.name.lower() not in _LITTER


def ingest_bytes(
    workspace: Workspace, content: bytes, *, who: Who, ending: str = ""
) -> dict[str, object]:
    """Take in a file that was sent; a row as `ingest` gives, without a path.

    Its name is not wanted: only its ending, which says what else than a PDF or a Word file it
    may be. What cannot be read is refused, and the refusal is in the ledger.
    """
    actor = workspace.accounts.act(who, Duty.UPLOADER).id
    name = f"file.{ending}" if _ENDING.fullmatch(ending) else "file"
    row = _row("")
    try:
        reading.require_some(content)
        row |= _taken_in(workspace, Vault.unlock(workspace), content, name, actor)
    except CandourError as error:
        row |= {"why": str(error), "code": error.exit_code}
    if row["review"] is None:
        refused = row["code"] == ReadError.exit_code
        detail: Detail = {
            "code": "hostile-or-unreadable" if refused else "not-taken-in",
            "file": hashlib.sha256(content).hexdigest(),
            "exit": int(str(row["code"])),
        }
        workspace.ledger.append(actor, "refused", detail=detail)
    return row


def _row(path: str) -> dict[str, object]:
    return {"path": path, "review": None, "sha256": None, "state": None, "why": "", "code": 0}


def _ingest_one(workspace: Workspace, vault: Vault, path: Path, actor: str) -> dict[str, object]:
    row = _row(str(path))
    try:
        return row | _taken_in(workspace, vault, reading.bytes_of(path), path.name, actor)
    except CandourError as error:
        return row | {"why": str(error), "code": error.exit_code}


def _taken_in(
    workspace: Workspace, vault: Vault, original: bytes, name: str, actor: str
) -> dict[str, object]:
    """What becomes of a file's bytes; an error that has it in hand says so of this file only."""
    sha256 = hashlib.sha256(original).hexdigest()
    known = _known(workspace, sha256)
    if known is not None:
        return {"sha256": sha256, **known}
    try:
        taken = _take(workspace, name, original, workspace.register.new_id())
        return {"sha256": sha256, **_keep(workspace, vault, taken, actor)}
    except CandourError as error:
        return {"sha256": sha256, "why": str(error), "code": error.exit_code}


@contextmanager
def _refused_as(error: CandourError) -> Iterator[None]:
    """Turn a noun's refusal of what does not fit together into an error of this one file.

    It is not chained: such an error may quote what it refused.
    """
    try:
        yield
    except (ValueError, LookupError, RecursionError):
        raise error from None


def _take(workspace: Workspace, name: str, original: bytes, review: str) -> _Taken:
    """Read, propose and draft: nothing is kept yet."""
    with _refused_as(ReadError(_NOT_UNDERSTOOD)):
        # The very bytes that are kept, whatever becomes of the file meanwhile.
        document = proposing.read_bytes(original, name, workspace.settings)
    with _refused_as(RecogniserError(_NOT_PROPOSED)):
        proposal = proposing.propose(document, workspace.settings)
    policy = policies.load(workspace.settings.profile)
    try:
        with _refused_as(RecogniserError(_NOT_PROPOSED)):
            draft = redact.redact(document, settle.accept_all(proposal), policy, review=review)
            rendering.require_clean_text(draft)
    except LeakError as leak:
        return _Taken(review, original, document, proposal, None, leak)
    return _Taken(review, original, document, proposal, draft.document)


def _keep(workspace: Workspace, vault: Vault, taken: _Taken, actor: str) -> dict[str, object]:
    """Keep all of one review or nothing of it."""
    document, review = taken.document, taken.review
    listed = proposing.registered(document, taken.proposal, workspace.settings)
    with workspace.writing():
        known = _known(workspace, document.source_sha256)
        if known is not None:  # another run was quicker
            return known
        twin = workspace.register.with_text(document.text_sha256)
        CaseFile(vault, review).keep(taken.original, document, taken.proposal)
        if taken.draft is not None:
            workspace.library.put_document(taken.draft)
        workspace.register.add(
            Row(
                review=review,
                state=State.PROPOSED,
                received=register.today(),
                published=None,
                sha256=document.source_sha256,
                kind=listed["kind"],
                board=listed["board"],
                subject=listed["subject"],
                text_sha256=listed["text_sha256"],
                media=listed["media"],
                versions=listed["versions"],
            )
        )
        workspace.ledger.append(actor, "ingest", review, _counts(taken))
    row: dict[str, object] = {"review": review, "state": State.PROPOSED.value}
    if taken.leak is not None:
        return row | {"why": str(taken.leak), "code": taken.leak.exit_code}
    return row | {"why": "" if twin is None else SAME_TEXT}


def _counts(taken: _Taken) -> Detail:
    document, proposal = taken.document, taken.proposal
    return {
        "file": document.source_sha256,
        "text": document.text_sha256,
        "pages": document.pages,
        "unread": len(document.unread),
        "findings": len(proposal.findings),
        "identities": len(proposal.identities),
        "leak": taken.leak is not None,
    }
