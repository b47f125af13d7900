"""Backups: a workspace in one sealed and signed file, made while others work, and checked.

A backup holds everything but the keys, and counts only once it was read back.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pipeline import __version__
from pipeline.door import provenance
from pipeline.door.provenance import Check, Statement
from pipeline.errors import StoreError, UsageError
from pipeline.store import archive, keys, snapshot
from pipeline.store.accounts import LOCAL, Duty, Who
from pipeline.store.archive import Parts
from pipeline.store.ledger import Detail
from pipeline.store.snapshot import Copied
from pipeline.store.vault import Vault
from pipeline.store.workspace import Workspace

ENDING = ".backup"
_WORKSPACE = re.compile(r"[0-9a-f]{16}")
_THERE = (
    "There is a file of that name already. No backup was made. Name another, or a folder: then "
    "its name is made from the time."
)
_INSIDE = (
    "A backup inside the workspace would be lost with it. No backup was made. Name a folder on "
    "another disk."
)
_NO_FOLDER = "The folder for the backup is not there. No backup was made. Make it, or name another."
_NO_ROOM = (
    "There is no room for a backup there. No backup was made, and the workspace is as it was. Make "
    "room, or name a folder on another disk."
)
_NOT_WRITTEN = (
    "The backup could not be written or read back. What was written of it is deleted, and the "
    "workspace is as it was. Check the folder, its owner and the room on its disk."
)
OTHER_HISTORY = (
    "The ledger in this backup does not hold: it was changed before the backup was made. Nothing "
    "was restored. Use an older backup, and find out who changed it."
)
_OTHER_PAST = (
    "The backup is whole, but the ledger of the workspace does not go on from it: rows are missing "
    "or were changed, or the workspace was restored from an older backup since. Make no "
    "publication until it is clear which. Nothing was changed."
)


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made: its file, its SHA-256, how large it is, and what it holds."""

    path: Path
    sha256: str
    size: int
    reviews: int
    ledger_rows: int


# -- making one ----------------------------------------------------------------------------


def backup(
    workspace: Workspace, to: Path, *, as_name: Who | None = None, password: str | None = None
) -> Backup:
    """Make a backup in a file that is not there yet, or in a folder under a name of its own.

    A name without an ending is a folder's. The workspace may be in use: whoever writes waits
    while it is copied. StoreError, with nothing left behind, where it cannot be written, or does
    not read back as it was written.
    """
    actor = _actor(workspace, as_name, password)
    made = datetime.now(UTC)
    path = _place(workspace, to, made)
    Vault.unlock(workspace)  # a key that does not fit would make a backup that nobody can open
    part = path.with_name(f"{path.name}.part")
    try:
        with tempfile.TemporaryDirectory(prefix=".candour-", dir=path.parent) as folder:
            # The head that the copies end with is in them: no row can come in between.
            with workspace.writing():
                copied = snapshot.take(workspace, Path(folder))
                told = _told(workspace, made)
            _require_room(path.parent, copied)
            hashed = _write(workspace, part, copied, told)
        _read_back(workspace, part)
        part.replace(path)
        sync(path.parent)
    except OSError:
        # Not chained: the error holds a path.
        raise StoreError(_NOT_WRITTEN) from None
    finally:
        part.unlink(missing_ok=True)
    detail: Detail = {"sha256": hashed, "ledger_rows": int(str(told["ledger_rows"]))}
    workspace.ledger.append(actor, "backup", detail=detail)
    return Backup(
        path=path,
        sha256=hashed,
        size=path.stat().st_size,
        reviews=int(str(told["reviews"])),
        ledger_rows=int(str(told["ledger_rows"])),
    )


def _actor(workspace: Workspace, who: Who | None, password: str | None) -> str:
    if who is None:
        return LOCAL
    return workspace.accounts.act(who, Duty.ADMINISTRATOR, password=password).id


def _place(workspace: Workspace, to: Path, made: datetime) -> Path:
    """Where a backup goes; UsageError where it may not."""
    if to.is_dir():
        to = to / f"candour-{workspace.id}-{made:%Y%m%dT%H%M%SZ}{ENDING}"
    elif not to.suffix:  # a folder that is not there, or a disk that is not mounted
        raise UsageError(_NO_FOLDER)
    if not to.parent.is_dir():
        raise UsageError(_NO_FOLDER)
    if to.resolve().is_relative_to(workspace.home.resolve()):
        raise UsageError(_INSIDE)
    if to.exists():
        raise UsageError(_THERE)
    return to


def _require_room(folder: Path, copied: Sequence[Copied]) -> None:
    """What is copied is there already; what is sealed takes a little more room once again."""
    if shutil.disk_usage(folder).free < archive.sealed_size(sum(c.size for c in copied)):
        raise StoreError(_NO_ROOM)


def _told(workspace: Workspace, made: datetime) -> Statement:
    last = workspace.ledger.latest(1)
    return {
        "workspace": workspace.id,
        "made": made.isoformat(timespec="seconds"),
        "program": __version__,
        "salt": os.urandom(archive.SALT_BYTES).hex(),
        "ledger_head": workspace.ledger.head(),
        "ledger_rows": last[0].seq if last else 0,
        "reviews": len(workspace.register.rows()),
    }


def _write(workspace: Workspace, part: Path, copied: Sequence[Copied], told: Statement) -> str:
    """Write a backup as a whole, flushed to the disk; its SHA-256."""
    salt = bytes.fromhex(str(told["salt"]))
    secret = archive.key(workspace.keys.master_key(), salt, workspace.id)
    hashes = {one.name: hashlib.sha256() for one in copied}

    def pieces() -> Iterator[bytes]:
        for one in copied:
            for piece in one.pieces():
                hashes[one.name].update(piece)
                yield piece

    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        body = archive.write_body(out, pieces(), sum(one.size for one in copied), secret)
    files = [[one.name, one.size] for one in copied]
    digests = {name: hashed.hexdigest() for name, hashed in hashes.items()}
    statement = provenance.kept(provenance.BACKUP, digests, {**told, "files": files, "body": body})
    return archive.write_end(part, provenance.signed(statement, workspace.keys.signing_key()))


def _read_back(workspace: Workspace, part: Path) -> None:
    """A backup counts only once it was read back from the disk, as whoever restores it does."""
    read = opened(part, workspace.keys)
    for _ in read.contents():
        pass


def sync(folder: Path) -> None:
    """Make the disk keep the name of a new file; only where a folder can be opened for that."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


# -- reading one ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Opened:
    """A backup whose bytes, signature and list of files hold, and the key that opens it."""

    path: Path
    parts: Parts
    told: Statement
    files: tuple[tuple[str, int], ...]
    digests: Mapping[str, str]
    secret: AESGCM

    def contents(self) -> Iterator[tuple[str, bytes]]:
        """Each file in pieces, with its name; StoreError at the end of one that was changed."""
        plain = archive.opened(self.path, self.parts, self.secret)
        held = b""
        for name, size in self.files:
            hashed, left = hashlib.sha256(), size
            while left:
                held = held or next(plain, b"")
                if not held:
                    raise StoreError(archive.DAMAGED)
                piece, held = held[:left], held[left:]
                left -= len(piece)
                hashed.update(piece)
                yield name, piece
            if hashed.hexdigest() != self.digests[name]:
                raise StoreError(archive.DAMAGED)
            yield name, b""
        if held or next(plain, b""):
            raise StoreError(archive.DAMAGED)


def opened(path: Path, own: keys.KeyFiles | None = None) -> Opened:
    """A backup once its bytes, its signature and its body hold; StoreError otherwise."""
    parts = archive.read(path)
    # Who made it says where the keys lie; only then can be told whether that is true.
    workspace = str(provenance.told(provenance.verify(parts.manifest)).get("workspace"))
    if not _WORKSPACE.fullmatch(workspace):
        raise StoreError(archive.NO_BACKUP)
    own = own or keys.files(workspace)
    statement = provenance.verify(parts.manifest, own.signing_key().public_key())
    told, digests = provenance.told(statement), provenance.subjects(statement)
    if statement["predicateType"] != provenance.BACKUP:
        raise StoreError(archive.NO_BACKUP)
    if archive.body_sha256(path, parts) != told.get("body"):
        raise StoreError(archive.DAMAGED)
    salt = bytes.fromhex(str(told["salt"]))
    secret = archive.key(own.master_key(), salt, workspace)
    return Opened(path, parts, told, files_of(told, digests), digests, secret)


def files_of(told: Statement, digests: Mapping[str, str]) -> tuple[tuple[str, int], ...]:
    """The names and sizes of the files, none of which leads out of the folder."""
    named = told.get("files")
    pairs = [(str(one[0]), int(one[1])) for one in named] if isinstance(named, list) else []
    plain = all(_is_plain(name) for name, _ in pairs)
    if not plain or sorted(digests) != sorted(name for name, _ in pairs):
        raise StoreError(archive.DAMAGED)
    return tuple(pairs)


def _is_plain(name: str) -> bool:
    r"""Whether a file's name stays in its folder.

    >>> [_is_plain(n) for n in ("vault.db", "frames/a.csv", "../a", "/a", "a\\b", "C:a", "")]
    [True, True, False, False, False, False, False]
    """
    parts = name.split("/")
    return not set(name) & set("\\:\0") and all(part not in ("", ".", "..") for part in parts)


def check(path: Path, home: Path | None = None) -> Iterator[Check]:
    """Whether a backup is whole, ours, and opens: each thing once it is known.

    With the workspace that it was made of, also whether its ledger goes on from the backup's: by
    that, rows that were taken off its end are missed, and a chain that was written anew is found.
    StoreError at the first that does not hold. Nothing is written anywhere.
    """
    archive.read(path)
    yield Check("every byte as it was written", True)
    read = opened(path)
    yield Check("signed by this workspace", True)
    ledger: list[bytes] = []
    yield Check("opens with the key", next(read.contents(), None) is not None)
    for name, piece in read.contents():
        if name == "ledger.db":
            ledger.append(piece)
        if not piece:
            yield Check(name, True)
    if not snapshot.ledger_holds(b"".join(ledger), str(read.told["ledger_head"])):
        raise StoreError(OTHER_HISTORY)
    yield Check("ledger", True)
    if home is not None:
        workspace = Workspace.open(home)
        if workspace.id == read.told["workspace"]:
            if not workspace.ledger.holds(str(read.told["ledger_head"])):
                raise StoreError(_OTHER_PAST)
            yield Check("the workspace goes on from it", workspace.ledger.verify() is None)


def described(path: Path) -> dict[str, object]:
    """What a backup says of itself: when and by which program it was made, and of how much."""
    told = opened(path).told
    return {key: told[key] for key in ("workspace", "made", "program", "reviews", "ledger_rows")}
