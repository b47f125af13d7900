"""The files of a workspace as they were at one moment, while others go on working.

The write lock of all four databases is held while they are copied: nobody's half is in a copy,
and whoever writes waits. What is in clear goes into memory and never onto another disk; the
vault, which may be large and is encrypted, goes into a file of the folder that the caller names.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import StoreError
from pipeline.store import ledger, vault_tables
from pipeline.store.database import Database
from pipeline.store.migrations import NAMES
from pipeline.store.workspace import Workspace

_PIECE = 1 << 20
_DATABASES = tuple(f"{name}.db" for name in NAMES)
# What SQLite or Candour is in the middle of writing, and what is made anew without it.
_PASSING = ("-journal", "-wal", "-shm", ".part")
_NOT_COPIED = (
    "The workspace could not be copied. No backup was made. Check its files with `candour health` "
    "and the room on the disk, and try again."
)


@dataclass(frozen=True, slots=True)
class Copied:
    """One file of a workspace as it was: its bytes, or the file that they were copied to."""

    name: str
    size: int
    content: bytes | Path

    def pieces(self) -> Iterator[bytes]:
        """Its bytes, a piece at a time."""
        if isinstance(self.content, bytes):
            for at in range(0, len(self.content), _PIECE):
                yield self.content[at : at + _PIECE]
            return
        with self.content.open("rb") as stream:
            while piece := stream.read(_PIECE):
                yield piece


def take(workspace: Workspace, folder: Path) -> tuple[Copied, ...]:
    """Every file of a workspace, by name; `folder` is for the copy of the vault."""
    try:
        with workspace.writing():
            found = [_database(workspace.home, name, folder) for name in NAMES]
            for path in others(workspace.home):
                if path.resolve() in _keys(workspace):
                    continue  # they lie where they should not, and stay there
                content = path.read_bytes()
                name = path.relative_to(workspace.home).as_posix()
                found.append(Copied(name, len(content), content))
    except (OSError, sqlite3.Error):
        # Not chained: the error may hold a path.
        raise StoreError(_NOT_COPIED) from None
    return tuple(sorted(found, key=lambda copied: copied.name))


def _keys(workspace: Workspace) -> set[Path]:
    keys = workspace.keys
    return {path.resolve() for path in (keys.master, keys.signing, keys.taken_back)}


def others(home: Path) -> tuple[Path, ...]:
    """The files of a workspace that are no databases and not just being written."""
    return tuple(
        path
        for path in sorted(home.rglob("*"))
        if path.is_file()
        and not path.is_symlink()
        and path.name not in _DATABASES
        and not path.name.endswith(_PASSING)
    )


def _database(home: Path, name: str, folder: Path) -> Copied:
    # Through SQLite: whoever closes a plain file loses every lock that the process holds on it.
    uri = f"{(home / f'{name}.db').resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as source:
        if name != vault_tables.NAME:
            content = source.serialize()
            return Copied(f"{name}.db", len(content), content)
        path = folder / f"{name}.db"
        with closing(sqlite3.connect(path)) as target:
            source.backup(target)
    return Copied(f"{name}.db", path.stat().st_size, path)


def ledger_holds(content: bytes, head: str) -> bool:
    """Whether the chain of a ledger's file holds and ends with a hash; nothing is written."""

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        connection.execute(f"ATTACH DATABASE ':memory:' AS {ledger.NAME}")
        connection.deserialize(content, name=ledger.NAME)
        return connection

    book = ledger.Ledger(Database.made_by(connect))
    try:
        return book.verify() is None and book.head() == head
    except StoreError:
        return False
