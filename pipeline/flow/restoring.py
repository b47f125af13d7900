"""Restoring: a backup is brought back into an empty folder, once every byte of it was checked.

What was withdrawn or purged since the backup was made is withdrawn and purged again before
anybody can open the folder: the list beside the master key tells of it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline import __version__
from pipeline.door import provenance
from pipeline.errors import StoreError, UsageError
from pipeline.flow import backing_up, editions, learning, taken_back
from pipeline.flow.backing_up import OTHER_HISTORY, Opened
from pipeline.flow.taken_back import Taken
from pipeline.store.accounts import LOCAL
from pipeline.store.casefile import CaseFile
from pipeline.store.ledger import Detail
from pipeline.store.register import State
from pipeline.store.vault import Vault
from pipeline.store.workspace import Workspace

_NOT_EMPTY = (
    "A backup is restored into a folder that is new or empty. Nothing was restored. Name such a "
    "folder; move a workspace that lies there away, and keep it until the restored one is checked."
)
_NOT_RESTORED = (
    "The folder could not be written. Nothing was restored, and what was written is deleted. Check "
    "who owns the folder and the room on its disk."
)


@dataclass(frozen=True, slots=True)
class Restored:
    """A workspace that was restored. `withdrawn` and `purged` were taken back after the backup.

    `listed` counts the lines of the list that says so, `last` is the day of the last one, "" of
    none: somebody may know of later ones.
    """

    workspace: Workspace
    made: str
    reviews: int
    ledger_rows: int
    withdrawn: tuple[str, ...]
    purged: tuple[str, ...]
    listed: int
    last: str


def restore(path: Path, home: Path, *, progress: Callable[[str], None] | None = None) -> Restored:
    """Bring a backup back into a folder that is new or empty.

    Everything of the backup is checked before the first byte is written; the folder gets its
    name only once its ledger holds, its vault opens, and what was withdrawn or purged since the
    backup is withdrawn and purged in it. Whatever fails leaves nothing behind.
    """
    tell = progress or (lambda _: None)
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise UsageError(_NOT_EMPTY)
    for checked in backing_up.check(path):
        tell(f"Checked: {checked.what}")
    opened = backing_up.opened(path)
    part = home.with_name(f".{home.name}.restoring")
    try:
        shutil.rmtree(part, ignore_errors=True)  # of a run that was killed
        part.mkdir(mode=0o700, parents=True)
        _write_files(opened, part)
        made = _made_good(part, opened, hashlib.sha256(opened.parts.manifest).hexdigest())
        if home.exists():
            home.rmdir()
        part.replace(home)
        backing_up.sync(home.parent)
    except OSError:
        # Not chained: the error holds a path.
        raise StoreError(_NOT_RESTORED) from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    withdrawn, purged, taken = made
    return Restored(
        workspace=Workspace.open(home),
        made=str(opened.told["made"]),
        reviews=int(str(opened.told["reviews"])),
        ledger_rows=int(str(opened.told["ledger_rows"])),
        withdrawn=withdrawn,
        purged=purged,
        listed=len(taken),
        last=max((one.date for one in taken), default=""),
    )


def _write_files(opened: Opened, part: Path) -> None:
    for name, piece in opened.contents():
        target = part / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as out:
            out.write(piece)
            if not piece:  # the end of this file
                os.fsync(out.fileno())


def _made_good(
    part: Path, opened: Opened, manifest: str
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[Taken, ...]]:
    """Make sure that a workspace opens, and take back again what was taken back since."""
    workspace = Workspace.open(part)
    vault = Vault.unlock(workspace)
    if workspace.ledger.verify() is not None:
        raise StoreError(OTHER_HISTORY)
    withdrawn, purged = [], []
    taken = taken_back.listed(workspace)
    with workspace.writing():
        rows = int(str(opened.told["ledger_rows"]))
        detail: Detail = {"backup": manifest, "ledger_rows": rows, "program": __version__}
        workspace.ledger.append(LOCAL, "restore", detail=detail)
        known = {row.review for row in workspace.register.rows()}
        for one in taken:
            if one.review in known and one.whole and _withdraw(workspace, one):
                withdrawn.append(one.review)
            if one.review in known and one.purged and _purge(workspace, vault, one):
                purged.append(one.review)
    if withdrawn or purged:
        learning.forget_vectors(workspace)
    return tuple(dict.fromkeys(withdrawn)), tuple(dict.fromkeys(purged)), taken


def _withdraw(workspace: Workspace, one: Taken) -> bool:
    """Withdraw a review that the backup does not know as withdrawn."""
    row = workspace.register.row(one.review)
    if row.state is State.WITHDRAWN:
        return False
    editions.void(workspace, one.review)
    workspace.library.drop(one.review)
    workspace.register.change(row, state=State.WITHDRAWN)
    told: Detail = {"reason": "other", "was": row.state.value, "restored": True}
    workspace.ledger.append(LOCAL, "withdraw", one.review, told)
    return True


def _purge(workspace: Workspace, vault: Vault, one: Taken) -> bool:
    """Destroy a key that the backup still holds."""
    key = vault.fingerprint(one.review, bytes.fromhex(str(provenance.told(one.statement)["salt"])))
    if not key or (not one.whole and vault.is_purged(one.review)):
        return False
    keep = () if one.whole else CaseFile(vault, one.review).proofs()
    vault.purge(one.review, keep)
    told: Detail = {"restored": True, "key": key, "scope": one.scope}
    workspace.ledger.append(LOCAL, "purge", one.review, told)
    return True
