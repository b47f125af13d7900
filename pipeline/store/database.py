"""The SQLite files of a workspace as one database: one transaction covers all of them.

The files keep a rollback journal, not a write-ahead log: only so does SQLite commit several
attached files as one (sqlite.org/lang_attach: "transactions involving multiple attached
databases are atomic ... if the journal_mode is not WAL"). A kill or a full disk in the middle
therefore leaves every file as it was, and the next process that opens them rolls back.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DatabaseError, DBAPIError
from sqlalchemy.pool import NullPool

from pipeline.errors import StoreError

WAIT_SECONDS = 20.0

_LOCKED = (
    "The workspace is in use by another run of Candour. Nothing was changed. Wait until it has "
    "ended and try again."
)
_FULL = (
    "The disk of the workspace is full. What was being written was taken back; nothing "
    "half-written is kept. Make room and try again."
)
_READ_ONLY = (
    "The workspace may not be written to. Nothing was changed. Check who owns the folder and "
    "its files."
)
_DISK = (
    "The disk of the workspace could not be read or written. What was being written was taken "
    "back. Check the disk and the room on it, and try again."
)
_DAMAGED = (
    "A file of the workspace is damaged, missing or not Candour's. Nothing was changed. Restore "
    "the whole workspace from one backup."
)
_REFUSED = (
    "The workspace refused a change that would break its own rules. Nothing was changed. Try "
    "again; if it happens again, report it."
)
# SQLite's primary result codes (sqlite.org/rescode).
_TEXTS = {5: _LOCKED, 6: _LOCKED, 8: _READ_ONLY, 10: _DISK, 13: _FULL, 19: _REFUSED}


def _text(error: DBAPIError) -> str:
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
    return _TEXTS.get(code, _DAMAGED)


class Database:
    """Several SQLite files behind one engine. The first file is the main one.

    `writing` and `reading` hand out a connection; inside a `writing` block both hand out the
    same one, so that what several stores write becomes one transaction.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._open = threading.local()

    @classmethod
    def attached(cls, files: Mapping[str, Path], *, read_only: bool = False) -> Database:
        """A database of the files, each under its name; they must exist.

        The first is SQLite's "main"; a single read-only file is attached to an empty memory.
        """
        names = list(files.items())
        mode = "ro" if read_only else "rw"

        def connect() -> sqlite3.Connection:
            main = ":memory:" if read_only else f"{names[0][1].resolve().as_uri()}?mode={mode}"
            connection = sqlite3.connect(
                main, timeout=WAIT_SECONDS, uri=True, isolation_level=None, check_same_thread=False
            )
            for name, path in names if read_only else names[1:]:
                uri = f"{path.resolve().as_uri()}?mode={mode}"
                connection.execute(f'ATTACH DATABASE ? AS "{name}"', (uri,))
            _prepare(connection, read_only=read_only)
            return connection

        return cls.made_by(connect)

    @classmethod
    def made_by(cls, connect: Callable[[], sqlite3.Connection]) -> Database:
        """A database whose connections somebody else makes."""
        engine = create_engine(
            "sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True
        )
        return cls(engine)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection that holds the workspace's one write lock until the block ends.

        Everything in the block is kept, or nothing is: an exception takes it all back.
        """
        inside: Connection | None = getattr(self._open, "connection", None)
        if inside is not None:
            yield inside
            return
        with self._connected() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            self._open.connection = connection
            try:
                yield connection
                connection.commit()
            finally:
                self._open.connection = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for reading; inside a `writing` block it sees what the block wrote."""
        inside: Connection | None = getattr(self._open, "connection", None)
        if inside is not None:
            yield inside
            return
        with self._connected() as connection:
            yield connection

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        """A connection whose errors are the store's own; an uncommitted change is taken back."""
        try:
            with self._engine.connect() as connection:
                yield connection
        except DatabaseError as error:
            raise StoreError(_text(error)) from error
        except sqlite3.DatabaseError as error:
            raise StoreError(_DAMAGED) from error


def _prepare(connection: sqlite3.Connection, *, read_only: bool) -> None:
    """Set what SQLite forgets between connections."""
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    if read_only:
        connection.execute("PRAGMA query_only = ON")
        return
    # What is deleted is overwritten, in every file: a purged text must not stay in free pages.
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA synchronous = FULL")
