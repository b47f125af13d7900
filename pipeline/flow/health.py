"""Health: whether a workspace is whole, told without a word of what it holds."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from pipeline import __version__
from pipeline.errors import CandourError
from pipeline.flow import taken_back
from pipeline.store import approval as approvals
from pipeline.store import snapshot
from pipeline.store.casefile import ORIGINAL, CaseFile
from pipeline.store.entries import Expecting
from pipeline.store.migrations import NAMES, VERSION
from pipeline.store.register import State
from pipeline.store.vault import Vault
from pipeline.store.workspace import Workspace

_LEAST_FREE = 1 << 30
_RESTORE = "Restore the whole workspace from one backup."


class Status(StrEnum):
    """How a thing is: as it should be, something to see to, or wrong."""

    OK = "ok"
    WARN = "warn"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: how many do not fit, and what to do (constant text).

    `reviews` are the ids of reviews that it is about, the first few.
    """

    check: str
    status: Status
    count: int = 0
    then: str = ""
    reviews: tuple[str, ...] = ()


def check(workspace: Workspace, *, deep: bool = False) -> Iterator[Finding]:
    """Look at everything of a workspace; `deep` also opens every blob of the vault.

    Nothing is changed, and nobody's raw text is shown. Whatever cannot be looked at is wrong.
    """
    yield Finding(f"program {__version__}, tables {VERSION}", Status.OK)
    yield from _databases(workspace)
    yield _counted("ledger", _ledger(workspace), f"Its chain does not hold. {_RESTORE}")
    yield from _keys(workspace)
    yield from _library(workspace)
    yield from _approvals(workspace)
    yield from _vault(workspace, deep=deep)
    yield from _around(workspace)


def _counted(check: str, wrong: Iterable[str], then: str, status: Status = Status.WRONG) -> Finding:
    found = sorted(wrong)
    if not found:
        return Finding(check, Status.OK)
    return Finding(check, status, len(found), then, tuple(found[:20]))


def _databases(workspace: Workspace) -> Iterator[Finding]:
    """SQLite's own checks of each file."""
    for name in NAMES:
        schema = "main" if name == NAMES[0] else name
        try:
            with workspace.database.reading() as connection:
                told = connection.exec_driver_sql(f"PRAGMA {schema}.integrity_check").all()
                loose = connection.exec_driver_sql(f"PRAGMA {schema}.foreign_key_check").all()
            wrong = len(loose) if told == [("ok",)] else len(told)
        except CandourError:
            wrong = 1
        status = Status.WRONG if wrong else Status.OK
        yield Finding(f"{name}.db", status, wrong, f"It is damaged. {_RESTORE}" if wrong else "")


def _ledger(workspace: Workspace) -> list[str]:
    at = workspace.ledger.verify()
    return [] if at is None else [f"row-{at}"]


def _keys(workspace: Workspace) -> Iterator[Finding]:
    """The keys: there, of this workspace, apart from it, and their owner's alone."""
    for name, path in (
        ("master key", workspace.keys.master),
        ("signing key", workspace.keys.signing),
    ):
        try:
            if path == workspace.keys.master:
                Vault.unlock(workspace)
            else:
                workspace.keys.signing_key()
        except CandourError as error:
            yield Finding(name, Status.WRONG, 1, str(error))
            continue
        yield Finding(name, Status.OK)
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            then = "Others on this computer can read it. Let only its owner read it (chmod 600)."
            yield Finding(f"{name}: who can read it", Status.WARN, 1, then)
    for warning in workspace.warnings:
        yield Finding("master key: where it lies", Status.WARN, 1, warning)


def _library(workspace: Workspace) -> Iterator[Finding]:
    """Every safe text is what its hash says, and belongs to a review that may have one."""
    known = {row.review: row.state for row in workspace.register.rows()}
    states = workspace.library.states()
    changed, stray = [], []
    for (review, profile), (_, draft) in states.items():
        try:
            workspace.library.document(review, profile)
        except CandourError:
            changed.append(review)
        if known.get(review, State.WITHDRAWN) is State.WITHDRAWN:
            stray.append(review)
        approved = profile in workspace.register.approved_profiles(review)
        if not draft and not approved:
            stray.append(review)
    yield _counted("safe texts: as they were kept", changed, f"They were changed. {_RESTORE}")
    then = "They belong to no approval that stands. Do not learn from them until it is clear why."
    yield _counted("safe texts: of reviews that stand", stray, then)


def _approvals(workspace: Workspace) -> Iterator[Finding]:
    """Every approval that stands is in the ledger, with the very record that is kept."""
    wrong = []
    for row in workspace.register.rows():
        said = {
            str(json.loads(e.detail).get("approval"))
            for e in workspace.ledger.rows(row.review)
            if e.action == "approve"
        }
        for profile in workspace.register.approved_profiles(row.review):
            record = workspace.register.approval(row.review, profile)
            known = record is not None and approvals.sha256(record) in said
            # The state of the ledger at which it was given: a chain written anew has it no more.
            if not known or not workspace.ledger.holds(_head(str(record))):
                wrong.append(row.review)
    then = "Their records were changed. They cannot be published: have them approved again."
    yield _counted("approvals", wrong, then)


def _head(record: str) -> str:
    return approvals.from_json(record).ledger_head


def _vault(workspace: Workspace, *, deep: bool) -> Iterator[Finding]:
    """Every review has its file, and every file its review."""
    try:
        vault = Vault.unlock(workspace)
        taken = taken_back.listed(workspace)
    except CandourError as error:
        yield Finding("vault", Status.WRONG, 1, str(error))
        return
    rows = {row.review: row for row in workspace.register.rows()}
    gone = [e for e in workspace.ledger.after(0, "purge") if e.review is not None]
    purged = {str(entry.review) for entry in gone}
    there = {review for review in vault.reviews() if ORIGINAL in vault.names(review)}
    lost = [review for review in rows if review not in there | purged]
    yield _counted("reviews: their raw text is there", lost, f"It is missing. {_RESTORE}")
    expected = {one.entry for one in Expecting(workspace.database).waiting()}
    stray = [review for review in vault.reviews() if review not in rows and review not in expected]
    yield _counted(
        "raw texts: of reviews in the register", stray, f"No review has them. {_RESTORE}"
    )
    back = [one.review for one in taken if one.purged and one.review in there]
    then = "The list beside the key says that they are purged, and they are here: purge them again."
    yield _counted("purged reviews: gone", back, then)
    stands = [
        one.review
        for one in taken
        if one.review in rows and rows[one.review].state is not State.WITHDRAWN and not one.purged
    ]
    then = "The list beside the key says that they are withdrawn: withdraw them again."
    yield _counted("withdrawn reviews: still withdrawn", stands, then)
    # What was purged before there were certificates was purged before there were backups.
    certified = {str(entry.review) for entry in gone if '"certificate"' in entry.detail}
    untold = certified - {one.review for one in taken if one.purged}
    then = (
        "The list beside the key does not tell of them, so an old backup would bring them back. "
        "Bring the newest list back; delete backups that are older than their purging."
    )
    yield _counted("purged reviews: in the list", untold & set(rows), then, Status.WARN)
    if deep:
        yield _counted("raw texts: open as kept", _closed(workspace, vault, there), _RESTORE)


def _closed(workspace: Workspace, vault: Vault, there: set[str]) -> Iterator[str]:
    """Reviews of which something does not open, or whose file is not the one taken in."""
    for review in sorted(there):
        try:
            for name in vault.names(review):
                vault.get(review, name)
            original = CaseFile(vault, review).original()
            known = workspace.register.row(review).sha256
        except CandourError:
            yield review
            continue
        if hashlib.sha256(original).hexdigest() != known:
            yield review


def _around(workspace: Workspace) -> Iterator[Finding]:
    """The folder, the disk and the backups."""
    free = shutil.disk_usage(workspace.home).free
    then = "Less than a gibibyte is free on the disk of the workspace. Make room."
    low = free < _LEAST_FREE
    yield Finding("disk", Status.WARN if low else Status.OK, int(low), then if low else "")
    passing = [p for p in workspace.home.rglob("*") if p.name.endswith((".part", "-wal"))]
    then = "Something was cut short and left its part. If nothing runs now, delete it."
    yield Finding(
        "files left half-written",
        Status.WARN if passing else Status.OK,
        len(passing),
        then if passing else "",
    )
    seen = sum(1 for p in snapshot.others(workspace.home) if _is_open_to_others(p))
    databases = [workspace.home / f"{name}.db" for name in NAMES]
    seen += sum(1 for p in (workspace.home, *databases) if _is_open_to_others(p))
    then = "Others on this computer can write or read the workspace. Let only its owner do so."
    yield Finding("who can read it", Status.WARN if seen else Status.OK, seen, then if seen else "")
    yield _backup(workspace)


def _is_open_to_others(path: Path) -> bool:
    wanted = 0o077 if path.suffix == ".db" or path.is_dir() else 0o022
    return os.name == "posix" and bool(stat.S_IMODE(path.stat().st_mode) & wanted)


def last_backup(workspace: Workspace) -> datetime | None:
    """When the last backup was made, by the ledger; None where none was."""
    made = workspace.ledger.tally().get("backup")
    return None if made is None else datetime.fromisoformat(made[1])


def _backup(workspace: Workspace) -> Finding:
    last, most = last_backup(workspace), workspace.settings.backup_days
    if most == 0:
        return Finding("last backup", Status.OK)
    if last is None:
        return Finding("last backup", Status.WARN, 1, "There is none. Make one: `candour backup`.")
    days = (datetime.now(UTC) - last).days
    if days <= most:
        return Finding("last backup", Status.OK, days)
    return Finding("last backup", Status.WARN, days, "It is so many days old. Make another.")
