"""Intake: workspaces and accounts are made, files are read, proposed on and locked away."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline import __version__
from pipeline.errors import CandourError, ReadError, UsageError
from pipeline.flow import editions, taking
from pipeline.raw.readers import reading
from pipeline.store import register
from pipeline.store.accounts import LOCAL, Account, Duty, Who
from pipeline.store.casefile import CaseFile
from pipeline.store.ledger import Detail
from pipeline.store.register import Row as Record
from pipeline.store.register import State
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
_ENDING = re.compile(r"[A-Za-z0-9]{1,8}")
# What file managers leave in folders.
_LITTER = frozenset({"thumbs.db", "desktop.ini"})

Progress = Callable[[str], None]


Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Intake:
    """An open intake: the workspace with its vault, who acts, and who sent the files.

    `sender` is free text, for the vault alone.
    """

    workspace: Workspace
    vault: Vault
    actor: str
    sender: str | None = None


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


def begin(
    workspace: Workspace,
    *,
    as_name: Who | None = None,
    password: str | None = None,
    sender: str | None = None,
) -> Intake:
    """Open the intake: an error, before any file is read, where key or account do not fit."""
    actor, sent = LOCAL, None if sender is None else editions.one_line(sender)
    if as_name is not None:
        actor = workspace.accounts.act(as_name, Duty.UPLOADER, password=password).id
    return Intake(workspace, Vault.unlock(workspace), actor, sent)


def ingest(
    workspace: Workspace,
    paths: Sequence[Path],
    *,
    as_name: Who | None = None,
    password: str | None = None,
    sender: str | None = None,
    progress: Progress | None = None,
) -> Iterator[Row]:
    """Take files in, and all files of folders: a row a file as it is done.

    A row has path, review, sha256, state, why (constant text, empty if nothing is to be said)
    and code (0, or the exit code of what went wrong). One review is one transaction; a file
    that fails leaves nothing behind and does not stop the others. `sender` is from whom they
    came: free text, for the vault alone.
    """
    intake = begin(workspace, as_name=as_name, password=password, sender=sender)
    found = files(paths, workspace.home)
    for number, path in enumerate(found, start=1):
        row, order = looked_at(intake, path)
        yield row if order is None else kept(intake, row, order, taking.answer(order))
        if progress is not None:
            progress(f"{number} of {len(found)} files done")


def looked_at(intake: Intake, path: Path) -> tuple[Row, taking.Order | None]:
    """The row of a file, and the order to read it; no order where all is said already.

    A file that was taken in before is known by the hash of its bytes: it is not read again.
    """
    row = _row(str(path))
    try:
        content = reading.bytes_of(path)
        row["sha256"] = hashlib.sha256(content).hexdigest()
        known = _known(intake.workspace, str(row["sha256"]))
        if known is not None:
            _note_sender(intake, known)
            return row | known, None
        return row, _order(intake.workspace, content, path.name)
    except CandourError as error:
        return row | {"why": str(error), "code": error.exit_code}, None


def kept(intake: Intake, row: Row, order: taking.Order, answer: taking.Answer) -> Row:
    """The row of a file once all of what came of it is kept, or nothing of it."""
    if isinstance(answer, taking.Refused):
        return row | {"why": answer.why, "code": answer.code}
    try:
        return row | _keep(intake, order, answer)
    except CandourError as error:
        return row | {"why": str(error), "code": error.exit_code}


def _order(workspace: Workspace, content: bytes, name: str) -> taking.Order:
    return taking.Order(workspace.register.new_id(), name, content, workspace.settings)


def _note_sender(intake: Intake, row: Row) -> None:
    """Keep from whom a first version came; what is written down already stays."""
    if intake.sender is None or row["state"] == State.WITHDRAWN:
        return
    case = CaseFile(intake.vault, str(row["review"]))
    if not case.versions() and case.note(editions.SENDER) is None:
        case.keep_note(editions.SENDER, intake.sender)


def _known(workspace: Workspace, sha256: str) -> Row | None:
    """What is to be said of a file that was taken in before, as any version of a review."""
    known, earlier = workspace.register.with_file(sha256), workspace.ledger.of_file(sha256)
    if known is None and earlier is None:
        return None
    row = known or workspace.register.row(str(earlier))
    why = EARLIER if known is None else KNOWN
    why = WITHDRAWN if row.state is State.WITHDRAWN else why
    return {"review": row.review, "state": row.state.value, "why": why}


def files(paths: Sequence[Path], home: Path) -> tuple[Path, ...]:
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


def ingest_bytes(workspace: Workspace, content: bytes, *, who: Who, ending: str = "") -> Row:
    """Take in a file that was sent; a row as `ingest` gives, without a path.

    Its name is not wanted: only its ending, which says what else than a PDF or a Word file it
    may be. What cannot be read is refused, and the refusal is in the ledger.
    """
    intake = begin(workspace, as_name=who)
    row = _row("")
    try:
        reading.require_some(content)
        row["sha256"] = hashlib.sha256(content).hexdigest()
        known = _known(workspace, str(row["sha256"]))
        if known is not None:
            row |= known
        else:
            name = f"file.{ending}" if _ENDING.fullmatch(ending) else "file"
            order = _order(workspace, content, name)
            row = kept(intake, row, order, taking.answer(order))
    except CandourError as error:
        row |= {"why": str(error), "code": error.exit_code}
    if row["review"] is None:
        refused = row["code"] == ReadError.exit_code
        detail: Detail = {
            "code": "hostile-or-unreadable" if refused else "not-taken-in",
            "file": hashlib.sha256(content).hexdigest(),
            "exit": int(str(row["code"])),
        }
        workspace.ledger.append(intake.actor, "refused", detail=detail)
    return row


def _row(path: str) -> Row:
    return {"path": path, "review": None, "sha256": None, "state": None, "why": "", "code": 0}


def _keep(intake: Intake, order: taking.Order, taken: taking.Taken) -> Row:
    """Keep all of one review or nothing of it."""
    workspace, document, review = intake.workspace, taken.document, order.review
    with workspace.writing():
        known = _known(workspace, document.source_sha256)
        if known is not None:  # another run was quicker
            return known
        twin = workspace.register.with_text(document.text_sha256)
        CaseFile(intake.vault, review).keep(order.content, document, taken.proposal)
        if taken.draft is not None:
            workspace.library.put_document(taken.draft)
        workspace.register.add(
            Record(
                review=review,
                state=State.PROPOSED,
                received=register.today(),
                published=None,
                sha256=document.source_sha256,
                kind=taken.listed["kind"],
                board=taken.listed["board"],
                subject=taken.listed["subject"],
                text_sha256=taken.listed["text_sha256"],
                media=taken.listed["media"],
                versions=taken.listed["versions"],
            )
        )
        row: Row = {"review": review, "state": State.PROPOSED.value}
        _note_sender(intake, row)
        workspace.ledger.append(intake.actor, "ingest", review, _counts(taken))
    if taken.leak is not None:
        return row | {"why": str(taken.leak), "code": taken.leak.exit_code}
    return row | {"why": "" if twin is None else SAME_TEXT}


def _counts(taken: taking.Taken) -> Detail:
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
