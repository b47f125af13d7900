"""The recipients of releases: bodies and offices, never people of a case.

The table is made with the first of them, so that older workspaces need no change.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import Column, MetaData, String, Table, delete, inspect, select
from sqlalchemy.dialects.sqlite import insert as put

from pipeline.store.database import Database

META = MetaData()
recipients = Table(
    "recipients",
    META,
    Column("name", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("profile", String, nullable=False),
    Column("agency", String, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Recipient:
    """A body or an office that receives releases. `agency`: whose digest it gets, "" for all."""

    name: str
    kind: str
    profile: str
    agency: str = ""


class Recipients:
    """The rows of a workspace's recipients."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, one: Recipient) -> None:
        """Add a recipient; one of the same name gives way to it."""
        row = asdict(one)
        with self._database.writing() as connection:
            META.create_all(connection)
            connection.execute(
                put(recipients).values(row).on_conflict_do_update(["name"], set_=row)
            )

    def remove(self, name: str) -> bool:
        """Remove a recipient; whether there was one of that name."""
        with self._database.writing() as connection:
            META.create_all(connection)
            gone = connection.execute(delete(recipients).where(recipients.c.name == name))
        return bool(gone.rowcount)

    def all(self) -> tuple[Recipient, ...]:
        """Every recipient, by name."""
        with self._database.reading() as connection:
            if not inspect(connection).has_table(recipients.name):
                return ()
            rows = connection.execute(select(recipients).order_by(recipients.c.name)).all()
        return tuple(Recipient(*row) for row in rows)
