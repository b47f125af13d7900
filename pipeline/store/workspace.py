"""A workspace: one folder with settings, register, vault, library and ledger."""

from __future__ import annotations

import os
import secrets
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, insert, inspect, select

from pipeline import __version__, config, installed
from pipeline.config import Settings
from pipeline.errors import StoreError
from pipeline.store import keys, ledger, migrations, register, vault_tables
from pipeline.store.accounts import LOCAL, Accounts
from pipeline.store.database import Database
from pipeline.store.keys import KeyFiles
from pipeline.store.ledger import Ledger
from pipeline.store.library import Library
from pipeline.store.migrations import NAMES, VERSION, workspaces
from pipeline.store.register import Register
from pipeline.store.sessions import Sessions

SETTINGS = "settings.toml"
_HOLDS_ONE = (
    "That folder holds a workspace already. Nothing was changed. Use it as it is, or name "
    "another folder."
)
_NOT_EMPTY = (
    "That folder holds other things. No workspace was made in it. Name a folder that is new or "
    "empty."
)
_NOT_ONE = (
    "That folder is not a workspace. Nothing was opened. Make one with `candour init --home "
    "FOLDER`, or name another folder."
)
_NEWER = (
    "That workspace was made by a newer version of Candour. Nothing was opened. Update Candour "
    "and try again."
)
_MIXED = (
    "The files of that workspace do not belong together, or one is missing. Nothing was opened. "
    "Restore the whole workspace from one backup."
)
_NOT_MADE = (
    "The workspace could not be written. Nothing of it may be used. Check the folder, its owner "
    "and the room on the disk, and try again."
)

_OLDER = (
    "That workspace was last used by an older version of Candour. Nothing was opened. Bring it up "
    "to this version with `candour migrate --home FOLDER`, where all of its files lie."
)


@dataclass(frozen=True, slots=True)
class Workspace:
    """An open workspace. What is done inside `writing` is kept as a whole or not at all.

    `came_from` is the version of its tables before it was opened.
    """

    id: str
    home: Path
    settings: Settings
    database: Database
    keys: KeyFiles
    register: Register
    ledger: Ledger
    library: Library
    accounts: Accounts
    sessions: Sessions
    came_from: int = VERSION

    @classmethod
    def create(cls, home: Path) -> Workspace:
        """Make a workspace in a folder that is new or empty, with keys outside it.

        StoreError where the folder holds a workspace or other things. A creation that was cut
        short left nothing that opens; it can be made again.
        """
        known = {SETTINGS, *(f"{name}.db" for name in NAMES)}
        try:
            found = {path.name.removesuffix("-journal") for path in home.glob("*")}
            if "register.db" in found and _finished(home):
                raise StoreError(_HOLDS_ONE)
            if found - known:
                raise StoreError(_NOT_EMPTY)
            home.mkdir(mode=0o700, parents=True, exist_ok=True)
            home.chmod(0o700)
            _touch(home / SETTINGS, installed.shipped("configs/default.toml").read_bytes())
            for name in NAMES:
                _touch(home / f"{name}.db", b"")
        except OSError as error:
            raise StoreError(_NOT_MADE) from error
        workspace = secrets.token_hex(8)
        keys.files(workspace).make()
        with _database(home).writing() as connection:
            _make_tables(connection, workspace)
        return cls.open(home)

    @classmethod
    def open(cls, home: Path, *, vault: bool = True) -> Workspace:
        """Open the workspace in a folder. No key is needed until the vault is.

        One that an older release made is brought up to this version first, in one transaction.
        Without `vault` its file is not opened and need not be there: nothing that is done with
        such a workspace reaches it. StoreError where the folder is no workspace, a newer one,
        or not of one piece.
        """
        if not (home / "register.db").is_file():
            raise StoreError(_NOT_ONE)
        names = tuple(name for name in NAMES if vault or name != vault_tables.NAME)
        if not all((home / f"{name}.db").is_file() for name in names):
            raise StoreError(_MIXED)
        database = _database(home, names)
        workspace, version = _identified(database, names)
        if version < VERSION:
            if names != NAMES:
                raise StoreError(_OLDER)
            _bring_up(database)
        return cls(
            came_from=version,
            id=workspace,
            home=home,
            settings=config.load(home / SETTINGS),
            database=database,
            keys=keys.files(workspace),
            register=Register(database),
            ledger=Ledger(database),
            library=Library(database),
            accounts=Accounts(database),
            sessions=Sessions(database),
        )

    @property
    def key_path(self) -> Path:
        """Where the master key lies."""
        return self.keys.master

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the user should know of this workspace, as constant texts."""
        return (keys.INSIDE_WARNING,) if self.keys.inside(self.home) else ()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A block whose changes to register, vault, library and ledger are one transaction."""
        with self.database.writing():
            yield


def _database(home: Path, names: tuple[str, ...] = NAMES) -> Database:
    return Database.attached({name: home / f"{name}.db" for name in names})


def _touch(path: Path, content: bytes) -> None:
    """Make a file that only its owner can read; one that is there stays as it is."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)


def _mark(workspace: str) -> int:
    """A number that the four files of one workspace share (SQLite's application id)."""
    return zlib.crc32(workspace.encode()) & 0x7FFFFFFF


def _make_tables(connection: Connection, workspace: str) -> None:
    migrations.make_tables(connection)
    for trigger in ledger.TRIGGERS:
        connection.exec_driver_sql(trigger)
    migrations.stamp(connection)
    for name in ("main", *NAMES[1:]):
        connection.exec_driver_sql(f"PRAGMA {name}.application_id = {_mark(workspace)}")
    connection.execute(
        insert(workspaces).values(workspace=workspace, version=VERSION, made=register.today())
    )


def _bring_up(database: Database) -> None:
    """Bring an older workspace up to this version, all of it or nothing."""
    with database.writing() as connection:
        # Another run may have been quicker.
        version = connection.execute(select(workspaces.c.version)).scalar_one()
        if version < VERSION:
            migrations.bring_up(connection, version)
            detail: ledger.Detail = {"from": version, "to": VERSION, "program": __version__}
            Ledger(database).append(LOCAL, "migrate", detail=detail)


def _finished(home: Path) -> bool:
    """Whether a workspace was made there to the end."""
    with Database.attached({"register": home / "register.db"}).reading() as connection:
        return inspect(connection).has_table(workspaces.name)


def _identified(database: Database, names: tuple[str, ...]) -> tuple[str, int]:
    try:
        with database.reading() as connection:
            return _identity(connection, names)
    except StoreError as error:
        if str(error) != _MIXED:
            raise
    # Another run may be bringing it up just now, file after file: look again when nobody writes.
    with database.writing() as connection:
        return _identity(connection, names)


def _identity(connection: Connection, names: tuple[str, ...]) -> tuple[str, int]:
    """The workspace's id and version; its files fit this program and each other."""
    if not inspect(connection).has_table(workspaces.name):
        raise StoreError(_NOT_ONE)
    row = connection.execute(select(workspaces.c.workspace, workspaces.c.version)).first()
    if row is None:
        raise StoreError(_NOT_ONE)
    if row.version > VERSION:
        raise StoreError(_NEWER)
    for name in ("main", *names[1:]):
        version = connection.exec_driver_sql(f"PRAGMA {name}.user_version").scalar_one()
        mark = connection.exec_driver_sql(f"PRAGMA {name}.application_id").scalar_one()
        if (version, mark) != (row.version, _mark(row.workspace)):
            raise StoreError(_MIXED)
    return str(row.workspace), int(row.version)
