"""Purging: the key of a review is destroyed, by two people, with a certificate that says so.

Of a withdrawn review everything goes. Of a published one the raw text goes, with what was
proposed, decided and noted; the publication, its proof and the list of who received it stay.
"""

from __future__ import annotations

import calendar
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from pipeline.door import provenance
from pipeline.door.provenance import Check, Statement
from pipeline.errors import CandourError, NotSettledError, StoreError, UsageError
from pipeline.flow import editions, taken_back
from pipeline.store.accounts import Actor, Duty, Who
from pipeline.store.casefile import CaseFile
from pipeline.store.ledger import Detail, Entry
from pipeline.store.register import Row, State, today
from pipeline.store.vault import Vault
from pipeline.store.workspace import Workspace

_NO_REASON = (
    "A purge has one of these reasons: retention, erasure, court-order, error, other. Nothing was "
    "destroyed. Name one of them."
)
_NOT_DONE = (
    "Only a review that was published or withdrawn can be purged. Nothing was destroyed. Withdraw "
    "it first, if nothing is to come of it."
)
_HELD = (
    "A hold stands on this review: what it holds may be wanted as evidence. Nothing was destroyed. "
    "Lift the hold first, if its reason has gone."
)
_GONE = "This review is purged already: there is no key of it left. Nothing was changed."
_NOT_ASKED = (
    "Nobody has asked for this review to be purged, or it was published or withdrawn since they "
    "did. Nothing was destroyed. Ask for it with `candour purge ID --reason CODE`; then a second "
    "person confirms it."
)
_SAME_PERSON = (
    "Whoever asked for a purge cannot confirm it. Nothing was destroyed. Ask a second person with "
    "the duty of an approver or an administrator."
)
_ASKED = (
    "Somebody has asked for this purge already. Nothing was changed. A second person confirms it "
    "with `candour purge ID --confirm`, or it is taken back with --cancel."
)
_NO_CERTIFICATE = (
    "That file is no certificate of a purge, or may not be opened. Nothing was checked. Check the "
    "path and who owns it."
)
_THERE = (
    "There is a file of the certificate's name already. Nothing was destroyed. Name another file."
)
_NOT_WRITTEN = (
    "The review is purged, but the certificate could not be written there. It also stands as a "
    "line of the list beside the master key: copy it from there."
)
_MAY = (Duty.APPROVER, Duty.ADMINISTRATOR)


class Reason(StrEnum):
    """Why a review is purged: a code for the ledger and the certificate."""

    RETENTION = "retention"
    ERASURE = "erasure"
    COURT_ORDER = "court-order"
    ERROR = "error"
    OTHER = "other"


class Scope(StrEnum):
    """What a purge takes: the raw text, or all that the vault holds of a review."""

    RAW = "raw"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Purged:
    """A review whose key was destroyed, and the signed certificate of it."""

    review: str
    scope: Scope
    blobs: int
    certificate: bytes


@dataclass(frozen=True, slots=True)
class _Request:
    by: str
    reason: str
    scope: str
    proven: bool


# -- what is due ---------------------------------------------------------------------------


def due(
    workspace: Workspace, on: str | None = None, *, every: bool = False
) -> Iterator[Mapping[str, object]]:
    """The reviews whose raw text is to be purged on a day (YYYY-MM-DD) or today, a row each.

    With `every`, also those that a rule speaks of and whose day has not come. Nothing is changed.
    """
    day = _day(on or today())
    vault = Vault.unlock(workspace)
    with_key = set(vault.reviews())
    settings = workspace.settings
    months = {
        State.PUBLISHED: settings.purge_months_after_publication,
        State.WITHDRAWN: settings.purge_months_after_withdrawal,
    }
    for row in workspace.register.rows():
        wait = months.get(row.state, 0)
        gone = row.review not in with_key or vault.is_purged(row.review)
        since = _since(workspace, row) if wait and not gone else None
        if since is None:
            continue
        last = _later(_day(since), wait)
        if last > day and not every:
            continue
        request = _request(workspace, row.review)
        yield {
            "review": row.review,
            "state": row.state.value,
            "since": since,
            "months": wait,
            "due": last.isoformat(),
            "overdue": last <= day,
            "hold": None if row.hold is None else row.hold.basis.value,
            "asked": request is not None,
        }


def _since(workspace: Workspace, row: Row) -> str | None:
    """The day from which a rule counts: of the last publication, or of the withdrawal."""
    if row.state is State.PUBLISHED:
        return row.published
    days = [e.time[:10] for e in workspace.ledger.rows(row.review) if e.action == "withdraw"]
    return days[0] if days else None


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise UsageError(
            "That is no date like 2026-12-31. Nothing was done. Write it so."
        ) from None


def _later(day: date, months: int) -> date:
    """A day so many months later, or the last one of that month.

    >>> _later(date(2024, 8, 31), 6), _later(date(2024, 2, 29), 12)
    (datetime.date(2025, 2, 28), datetime.date(2025, 2, 28))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


# -- two people ----------------------------------------------------------------------------


def ask(
    workspace: Workspace, review: str, reason: str, *, as_name: Who, password: str | None = None
) -> Scope:
    """Ask for a review to be purged: the first of two people. What would go."""
    if reason not in set(Reason):
        raise UsageError(_NO_REASON)
    actor = _actor(workspace, review, as_name, password)
    with workspace.writing():
        scope = _purgeable(workspace, Vault.unlock(workspace), review)
        if _stands(workspace, review, scope) is not None:
            raise NotSettledError(_ASKED, review=review)
        detail: Detail = {
            "reason": Reason(reason).value,
            "scope": scope.value,
            "proven": actor.proven,
        }
        workspace.ledger.append(actor.id, "purge-ask", review, detail)
    return scope


def cancel(workspace: Workspace, review: str, *, as_name: Who, password: str | None = None) -> None:
    """Take back what somebody asked for; NotSettledError where nobody did."""
    actor = _actor(workspace, review, as_name, password)
    with workspace.writing():
        if _request(workspace, review) is None:
            raise NotSettledError(_NOT_ASKED, review=review)
        workspace.ledger.append(actor.id, "purge-cancel", review)


def purge(
    workspace: Workspace, review: str, *, as_name: Who, password: str | None = None
) -> Purged:
    """Destroy the key of a review, as its second person; the certificate.

    The certificate is in the list beside the master key before anything is destroyed, so that no
    backup brings the review back. What is cut short can be done again.
    """
    actor = _actor(workspace, review, as_name, password)
    vault = Vault.unlock(workspace)
    with workspace.writing():
        scope = _purgeable(workspace, vault, review)
        request = _stands(workspace, review, scope)
        if request is None:
            raise NotSettledError(_NOT_ASKED, review=review)
        if request.by == actor.id:
            editions.refused(workspace, actor.id, review, "purge", "same-person")
        else:
            return _destroyed(workspace, vault, review, scope, request, actor)
    raise NotSettledError(_SAME_PERSON, review=review)


def _destroyed(
    workspace: Workspace,
    vault: Vault,
    review: str,
    scope: Scope,
    request: _Request,
    actor: Actor,
) -> Purged:
    salt = os.urandom(provenance.SALT_BYTES)
    key = vault.fingerprint(review, salt)
    told: Statement = {
        "workspace": workspace.id,
        "review": review,
        "date": today(),
        "asked": request.by,
        "confirmed": actor.id,
        "proven": request.proven and actor.proven,
        "reason": request.reason,
        "scope": scope.value,
        "salt": salt.hex(),
        "key": key,
        "ledger_head": workspace.ledger.head(),
    }
    content = taken_back.add(workspace, provenance.kept(provenance.PURGE, {}, told))
    keep = CaseFile(vault, review).proofs() if scope is Scope.RAW else ()
    blobs = len(vault.names(review)) - len(keep)
    vault.purge(review, keep)
    detail: Detail = {
        "blobs": blobs,
        "asked": request.by,
        "reason": request.reason,
        "scope": scope.value,
        "proven": request.proven and actor.proven,
        "key": key,
        "certificate": provenance.sha256(content),
    }
    workspace.ledger.append(actor.id, "purge", review, detail)
    return Purged(review, scope, blobs, content)


def _actor(workspace: Workspace, review: str, who: Who, password: str | None) -> Actor:
    return editions.allowed(workspace, who, *_MAY, password=password, review=review, step="purge")


def _purgeable(workspace: Workspace, vault: Vault, review: str) -> Scope:
    """What a purge of a review takes now; NotSettledError where none may be made."""
    row = workspace.register.row(review)
    if row.hold is not None:
        raise NotSettledError(_HELD, review=review)
    scopes = {State.WITHDRAWN: Scope.ALL, State.PUBLISHED: Scope.RAW}
    if row.state not in scopes:
        raise NotSettledError(_NOT_DONE, review=review)
    scope = scopes[row.state]
    if review not in vault.reviews() or (scope is Scope.RAW and vault.is_purged(review)):
        raise NotSettledError(_GONE, review=review)
    return scope


def _stands(workspace: Workspace, review: str, scope: Scope) -> _Request | None:
    request = _request(workspace, review)
    return request if request is not None and request.scope == scope.value else None


def _request(workspace: Workspace, review: str) -> _Request | None:
    """What somebody asked for and nobody took back or did."""
    last: Entry | None = None
    for entry in workspace.ledger.rows(review):
        if entry.action.startswith("purge"):
            last = entry
    if last is None or last.action != "purge-ask":
        return None
    told = json.loads(last.detail)
    return _Request(last.actor, told["reason"], told["scope"], told["proven"])


# -- the certificate -----------------------------------------------------------------------


def require_free(path: Path | None) -> None:
    """UsageError where a certificate cannot be written to that file, before anything is done."""
    if path is not None and (path.exists() or not path.parent.is_dir()):
        raise UsageError(_THERE)


def write(purged: Purged, path: Path) -> None:
    """Write a certificate into a file that is not there yet."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(purged.certificate)
    except OSError:
        # Not chained: the error holds a path.
        raise StoreError(_NOT_WRITTEN, review=purged.review) from None


def is_certificate(path: Path) -> bool:
    """Whether a file says of itself that it is a certificate of a purge."""
    try:
        statement = provenance.verify(path.read_bytes())
    except (OSError, CandourError):
        return False
    return statement["predicateType"] == provenance.PURGE


def verify(path: Path, home: Path | None = None) -> Iterator[dict[str, object]]:
    """Check a certificate: a row for each thing that it says, and whether it holds.

    With the workspace, also who signed it, whether its ledger says the same, and that no key of
    the review is there that the certificate says was destroyed.
    """
    try:
        content = path.read_bytes()
    except OSError:
        raise UsageError(_NO_CERTIFICATE) from None
    statement = provenance.verify(content)
    checks = [Check("signature", True), Check("purged", True)]
    if home is not None:
        checks += _workspace_holds(Workspace.open(home), content, statement)
    for check in checks:
        yield {"check": check.what, "holds": check.holds}


def _workspace_holds(workspace: Workspace, content: bytes, statement: Statement) -> Iterator[Check]:
    told = provenance.told(statement)
    review, key = str(told.get("review")), str(told.get("key"))
    trusted = provenance.key_id(workspace.keys.signing_key().public_key())
    signed = json.loads(content)["signatures"][0]["keyid"] == trusted
    yield Check("signed by this workspace", signed)
    yield Check("of this workspace", told.get("workspace") == workspace.id)
    yield Check("ledger", workspace.ledger.verify() is None)
    said = (json.loads(e.detail) for e in workspace.ledger.rows(review) if e.action == "purge")
    yield Check("the ledger says so", any(one.get("key") == key for one in said))
    now = Vault.unlock(workspace).fingerprint(review, bytes.fromhex(str(told.get("salt"))))
    yield Check("the key is gone", now != key)
