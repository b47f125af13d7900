"""The versions of a workspace's tables, and what brings an older workspace up to this one.

Every release so far has only added tables, so a step makes what is missing and changes nothing
that is there. All steps are one transaction over all four files: a run that is cut short leaves
the workspace as it was. No copy is made first, since a copy of the vault would outlive a purge.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, update

from pipeline.store import (
    accounts,
    apart,
    ledger,
    library_tables,
    passages_index,
    register,
    searches,
    sessions,
    vault_tables,
)

# 1: 0.1.0 to 0.5.0. 2: from 0.6.0 on; a program before it would lose what it does not know.
VERSION = 2
NAMES = ("register", vault_tables.NAME, library_tables.NAME, ledger.NAME)
META = MetaData()
workspaces = Table(
    "workspace",
    META,
    Column("workspace", String, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("made", String, nullable=False),
)


def make_tables(connection: Connection) -> None:
    """Make every table that is not there yet."""
    for tables in (META, register.META, accounts.META, vault_tables.META, library_tables.META):
        tables.create_all(connection)
    for tables in (sessions.META, passages_index.META, searches.META, ledger.META, apart.META):
        tables.create_all(connection)


# A step brings a workspace from the version that it is named by to the next.
STEPS: Mapping[int, Callable[[Connection], None]] = {1: make_tables}


def bring_up(connection: Connection, version: int) -> None:
    """Bring a workspace from a version to this one; the caller holds the transaction."""
    for step in range(version, VERSION):
        STEPS[step](connection)
    connection.execute(update(workspaces).values(version=VERSION))
    stamp(connection)


def stamp(connection: Connection) -> None:
    """Write the version into each of the four files."""
    for name in ("main", *NAMES[1:]):
        connection.exec_driver_sql(f"PRAGMA {name}.user_version = {VERSION}")
